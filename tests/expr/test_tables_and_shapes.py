"""Tables of numbers and shapes, which have rules of their own."""

import pytest

from tutor.expr import ParseError, Scope, parse, parse_answer, parse_shape, to_text

ANY = Scope()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 -2; 3 4", "[[1, -2], [3, 4]]"),
        ("1 -2", "1 - 2"),
        ("[1 -2]", "[1, -2]"),
        ("[1 - 2]", "[1 - 2]"),
        ("[1 2 3]", "[1, 2, 3]"),
        ("[1 2; 3 4]", "[[1, 2], [3, 4]]"),
        ("1 2; 3 4;", "[[1, 2], [3, 4]]"),
        ("1 2;\n3 4", "[[1, 2], [3, 4]]"),
        ("[1 2\n 3 4]", "[[1, 2], [3, 4]]"),
        ("1 -2\n3 4", "[[1, -2], [3, 4]]"),
        ("1, -2\n3, 4\n", "[[1, -2], [3, 4]]"),
        ("1\n-2", "[[1], [-2]]"),
        ("1,\n-2", "[1, -2]"),
        ("[1, 2,\n 3, 4]", "[1, 2, 3, 4]"),
        ("[[1, -2],\n [3, 4]]", "[[1, -2], [3, 4]]"),
        ("[1 -2, 3]", "[1 - 2, 3]"),
        ("a\n-2", "a - 2"),
        ("(1, 2)", "[1, 2]"),
        ("（1，2）", "[1, 2]"),
        ("(1; 2)", "[[1], [2]]"),
        ("((1, a), (3, 4))", "[[1, a], [3, 4]]"),
        ("(1, 2).T", "[1, 2].T"),
        ("-2 * (1, 2)", "-2 * [1, 2]"),
        ("0.5。", "0.5"),
        ("0。5", "0.5"),
        ("[[1. 2.5]\n [3. -4.e-01]]", "[[1., 2.5], [3., -4.e-01]]"),
        ("[[1 2]]", "[[1, 2]]"),
        ("1; 2", "[[1], [2]]"),
        ("1 2;", "[1, 2]"),
        ("[5]", "[5]"),
        ("5;", "5"),
        ("1, 2; 3, 4", "[[1, 2], [3, 4]]"),
        ("1, 2", "[1, 2]"),
        ("[1, 2]; [3, 4]", "[[1, 2], [3, 4]]"),
        ("1 -2; 3", "[[1 - 2], [3]]"),
        ("1-2; 3", "[[1 - 2], [3]]"),
        ("a - 2; 3", "[[a - 2], [3]]"),
        ("（１ －２；３ ４）".replace("（", "").replace("）", ""), "[[1, -2], [3, 4]]"),
    ],
)
def test_an_answer_may_be_a_table(text: str, meant: str) -> None:
    tree = parse_answer(text, ANY)
    assert to_text(tree) == meant
    assert tree == parse(meant, ANY)


def test_entries_of_a_table_know_where_they_stand() -> None:
    text = " 1 -2; 3 4"
    rows = parse_answer(text, ANY).items  # type: ignore[union-attr]
    assert [[text[slice(*entry.span)] for entry in row.items] for row in rows] == [["1", "-2"], ["3", "4"]]


@pytest.mark.parametrize(
    "text", ["1 2; 3 x", "1,, 2\n3, 4", "[1 2", "1 2]", "[[1 2] 3]", "[1 2] [3 4]", "1 2;; 3 4", "1..2;"]
)
def test_what_is_no_table_goes_to_the_parser(text: str) -> None:
    with pytest.raises(ParseError):
        parse_answer(text, ANY)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("(3, 2)", (3, 2)),
        ("3x2", (3, 2)),
        ("3X2", (3, 2)),
        ("3×2", (3, 2)),
        ("3 x 2", (3, 2)),
        ("3, 2", (3, 2)),
        ("3 2", (3, 2)),
        ("[3, 2]", (3, 2)),
        ("（3，2）", (3, 2)),
        ("2x3x4", (2, 3, 4)),
        ("(3,)", (3,)),
        ("3", (3,)),
        ("()", ()),
        ("( )", ()),
        ("scalar", ()),
        ("Scalar", ()),
        ("标量", ()),
        ("(n, m)", ("n", "m")),
        ("n x m", ("n", "m")),
        ("n × m", ("n", "m")),
        ("n m", ("n", "m")),
        ("3xn", (3, "n")),
        ("x, y", ("x", "y")),
        ("3✕2", (3, 2)),
        ("3⨯2", (3, 2)),
    ],
)
def test_a_shape_is_read_however_it_is_written(text: str, shape: tuple[int | str, ...]) -> None:
    assert parse_shape(text) == shape


@pytest.mark.parametrize("text", ["(n, 2*m)", "n 2*m", "n x 2*m", "(n, (2*m))", "(n, 2×m)", "n, 2 x m"])
def test_a_size_may_be_computed(text: str) -> None:
    assert parse_shape(text) == ("n", parse("2*m", ANY))


def test_a_product_of_sizes_is_one_axis() -> None:
    assert parse_shape("2 * m") == (parse("2*m", ANY),)


@pytest.mark.parametrize(
    ("text", "id", "under"),
    [
        ("", "expr.shape-empty", ""),
        ("(3,,2)", "expr.shape-unreadable", ","),
        ("(3, 2", "expr.shape-unreadable", "(3, 2"),
        ("(-1, 2)", "expr.shape-not-whole", "-1"),
        ("(2.5, 2)", "expr.shape-not-whole", "2.5"),
        ("(3, W.T)", "expr.shape-unreadable", "W.T"),
        ("3)", "expr.unopened", ")"),
        ("(n, 2m)", "expr.missing-times", "m"),
        ("3 " * 1_000, "expr.shape-unreadable", "3 " * 1_000),
        ("(1, 2 *)", "expr.value-expected-at-end", ""),
    ],
    ids=lambda value: value[:20],
)
def test_what_is_no_shape_says_why(text: str, id: str, under: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_shape(text)
    assert (caught.value.message.id, text[slice(*caught.value.span)]) == (id, under)
