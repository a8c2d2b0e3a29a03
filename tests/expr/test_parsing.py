"""What a text means: precedence, spellings, gradients, and where each part stands."""

import pytest

from tutor.expr import ParseError, Scope, Span, Tree, names_in, parse, parse_answer, to_text, walk
from tutor.expr.tree import (
    Binary,
    Boolean,
    Call,
    Gradient,
    Keyword,
    Name,
    Negation,
    Number,
    Subscript,
    Text,
    Transposed,
)

ANY = Scope(functions=frozenset({"f", "max", "sum", "σ"}))


def brackets(tree: Tree) -> str:
    """The tree with every operation in brackets, so that a table of cases shows what binds to what."""
    match tree:
        case Binary():
            return f"({brackets(tree.left)} {tree.op} {brackets(tree.right)})"
        case Negation():
            return f"(-{brackets(tree.operand)})"
        case Transposed():
            return f"{brackets(tree.operand)}'"
    return to_text(tree)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a + b * c", "(a + (b * c))"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b * c", "((a / b) * c)"),
        ("a @ b * c @ d", "(((a @ b) * c) @ d)"),
        ("a - (b - c)", "(a - (b - c))"),
        ("-x^2", "(-(x ^ 2))"),
        ("(-x)^2", "((-x) ^ 2)"),
        ("2^-1", "(2 ^ (-1))"),
        ("2^3^2", "(2 ^ (3 ^ 2))"),
        ("2**3**2", "(2 ^ (3 ^ 2))"),
        ("2^-x^2", "(2 ^ (-(x ^ 2)))"),
        ("-a * b", "((-a) * b)"),
        ("a * -b", "(a * (-b))"),
        ("--a", "(-(-a))"),
        ("+a", "a"),
        ("a @ b.T", "(a @ b')"),
        ("-W.T", "(-W')"),
        ("(a + b).T", "(a + b)'"),
        ("W.T.T", "W''"),
        ("x² + y", "((x ^ 2) + y)"),
        ("-x²", "(-(x ^ 2))"),
        ("2.²", "(2. ^ 2)"),
        ("x²ᵀ", "(x ^ 2)'"),
        ("x⁻¹²", "(x ^ (-12))"),
        ("a + b > c * d", "((a + b) > (c * d))"),
        ("½x^2".replace("x", "*x"), "(½ * (x ^ 2))"),
    ],
)
def test_operators_bind_as_in_mathematics(text: str, meant: str) -> None:
    assert brackets(parse(text, ANY)) == meant


@pytest.mark.parametrize(
    ("spelt", "plain"),
    [
        ("a ⊙ b", "a * b"),
        ("a · b", "a * b"),
        ("a × b", "a * b"),
        ("a ∘ b", "a * b"),
        ("a ** b", "a ^ b"),
        ("a ≤ b", "a <= b"),
        ("a ≠ b", "a != b"),
        ("Wᵀ", "W.T"),
        ("W^T", "W.T"),
        ("W . T", "W.T"),
        ("x³", "x^3"),
        ("a − b", "a - b"),
        ("（ａ＋１，２）".replace("，２", ""), "(a + 1)"),
        ("ｍａｘ（ｙ，ｚ）", "max(y, z)"),
        ("[1; 2]", "[[1], [2]]"),
        ("[1, 2; 3, 4;]", "[[1, 2], [3, 4]]"),
        ("[[1, 2]; [3, 4]]", "[[1, 2], [3, 4]]"),
        ("[1, 2,]", "[1, 2]"),
        ("x[0,]", "x[0]"),
        ("µ", "μ"),
    ],
)
def test_every_spelling_gives_the_same_tree(spelt: str, plain: str) -> None:
    assert parse(spelt, ANY) == parse(plain, ANY)


@pytest.mark.parametrize("name", ["x", "W_hh", "net1", "δ", "w₀", "_", "ŷ", "隐藏", "on", "y", "d", "e1"])
def test_letters_digits_and_underscores_make_a_name(name: str) -> None:
    assert parse(name, Scope(frozenset({name}))) == Name(name)


@pytest.mark.parametrize(
    ("digits", "value"), [("0.50", 0.5), (".5", 0.5), ("2.", 2.0), ("1e-3", 1e-3), ("2.e+00", 2.0), ("1E5", 1e5)]
)
def test_a_number_keeps_the_digits_that_were_typed(digits: str, value: float) -> None:
    assert parse(digits, ANY) == Number(digits, value)


def test_a_fraction_sign_is_a_number() -> None:
    assert parse("⅓", ANY) == Number("⅓", 1 / 3)


def test_calls_take_arguments_and_literal_options() -> None:
    tree = parse('f("ij->ji", x, axis=-1, keep=true, kind="none", over=[0, 2])', ANY)
    assert isinstance(tree, Call)
    assert tree.arguments == (Text("ij->ji"), Name("x"))
    assert [keyword.name for keyword in tree.keywords] == ["axis", "keep", "kind", "over"]
    assert tree.keywords[1].value == Boolean(True)


def test_an_index_takes_numbers_slices_dots_and_names() -> None:
    assert to_text(parse("x[ 0 , 1 :3, ::2, ..., rows, -1 ]", ANY)) == "x[0, 1:3, ::2, ..., rows, -1]"


def test_names_come_in_reading_order_and_as_often_as_they_are_used() -> None:
    scope = Scope(functions=frozenset({"max", "sum"}), gradients=frozenset({"h"}))
    assert names_in(parse("x * max(y, W[i, 1:n]) + x - dh", scope)) == ["x", "y", "W", "i", "n", "x"]


# Gradients: the names in scope decide.

NODES = frozenset({"h", "z", "L", "ot", "elta"})


def scope(*names: str) -> Scope:
    return Scope(frozenset({"a", "h", "z", *names}), frozenset({"dot"}), NODES)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("dz", Gradient(None, "z")),
        ("∂z", Gradient(None, "z")),
        ("dh/dz", Gradient("h", "z")),
        ("∂h/∂z", Gradient("h", "z")),
        ("dh/dz.T", Transposed(Gradient("h", "z"))),
        ("a*dh/dz", Binary("*", Name("a"), Gradient("h", "z"))),
        ("dL/dh@dh/dz", Binary("@", Gradient("L", "h"), Gradient("h", "z"))),
        ("dh / dz", Binary("/", Gradient(None, "h"), Gradient(None, "z"))),
        ("dh/dz^2", Binary("^", Gradient("h", "z"), Number("2", 2.0))),
        ("dh[0]", Subscript(Gradient(None, "h"), (Number("0", 0.0),))),
    ],
)
def test_gradients_of_known_nodes_are_one_name(text: str, tree: Tree) -> None:
    assert parse(text, scope()) == tree


@pytest.mark.parametrize(
    ("text", "names", "meant"),
    [
        ("dh/dz", ("dh",), "(dh / dz)"),
        ("dh/dz", ("dz",), "(dh / dz)"),
        ("delta/dz", ("delta",), "(delta / dz)"),
        ("a/dist", ("dist",), "(a / dist)"),
        ("dz", ("dz",), "dz"),
    ],
)
def test_a_name_of_its_own_is_never_a_gradient(text: str, names: tuple[str, ...], meant: str) -> None:
    tree = parse(text, scope(*names))
    assert brackets(tree) == meant
    assert not any(isinstance(part, Gradient) and part.of for part in walk(tree))
    assert set(names) <= set(names_in(tree))


def test_a_function_is_never_a_gradient() -> None:
    assert parse("dot(a, a)", scope()) == Call("dot", (Name("a"), Name("a")))


def test_t_is_a_power_where_it_is_a_name() -> None:
    assert parse("x^T", Scope(frozenset({"x", "T"}))) == Binary("^", Name("x"), Name("T"))
    assert parse("x.T", Scope(frozenset({"x", "T"}))) == Transposed(Name("x"))


# Places: a caret must point into what was typed.


def test_every_part_knows_where_it_was_typed() -> None:
    text = "（x + ŷ）* f(W.T, axis=0)[1:2]".replace("ŷ", "y\u0302")
    found = {text[slice(*part.span)] for part in walk(parse(text, ANY))}
    parts = {"（x + ŷ）", "x", "ŷ", "W.T", "W", "axis=0", "0", "1:2", "1", "2", "f(W.T, axis=0)"}
    assert {part.replace("ŷ", "y\u0302") for part in parts} <= found


def test_spans_do_not_count_when_trees_are_compared() -> None:
    assert parse("a+b", ANY) == parse("  a   +  b ", ANY)
    assert hash(parse("a+b", ANY)) == hash(parse("(a + b)", ANY))
    assert parse("a", ANY).span == Span(0, 1)
    assert parse("a+b", ANY) != parse("b+a", ANY)


def test_an_option_stands_where_it_was_typed() -> None:
    text = "sum(x, axis=1)"
    keyword = next(part for part in walk(parse(text, ANY)) if isinstance(part, Keyword))
    assert text[slice(*keyword.span)] == "axis=1"


@pytest.mark.parametrize("read", [parse, parse_answer])
def test_long_sums_and_deep_brackets_within_the_limits_are_read(read) -> None:
    long, deep = "+".join(["x"] * 200), "(" * 50 + "x" + ")" * 50
    assert len(names_in(read(long, ANY))) == 200
    assert read(long, ANY) == read(long.replace("+", " + "), ANY)
    assert read(deep, ANY) == Name("x")


def test_an_answer_that_is_no_list_reads_like_a_line_of_a_lesson() -> None:
    assert parse_answer("W.T @ x", ANY) == parse("W.T @ x", ANY)
    with pytest.raises(ParseError):
        parse("1, 2", ANY)
