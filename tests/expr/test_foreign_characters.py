"""A text that cannot be read says what was expected, and where."""

import pytest

from tutor.expr import ParseError, Scope, decimal_comma, decimal_commas, parse, parse_answer
from tutor.expr.limits import MAX_DEPTH, MAX_LENGTH, MAX_NESTING, MAX_TOKENS
from tutor.expr.scope import Borrowed
from tutor.text import LANGUAGES, say

NAMES = frozenset({"x", "y", "z", "W", "up", "b1", "δ"})
SCOPE = Scope(NAMES, frozenset({"max", "tanh", "sum"}), frozenset({"z"}), borrowed={"t": Borrowed("transpose")})


def refused(text: str, scope: Scope = SCOPE, read=parse_answer) -> ParseError:
    with pytest.raises(ParseError) as caught:
        read(text, scope)
    return caught.value


@pytest.mark.parametrize(
    ("text", "id", "under"),
    [
        ("", "expr.empty", ""),
        (" \t ", "expr.empty", " \t "),
        ("2 *", "expr.value-expected-at-end", ""),
        ("max(x,", "expr.value-expected-at-end", ""),
        ("* 2", "expr.value-expected-first", "*"),
        ("2 * / 3", "expr.value-expected", "/"),
        ("[1,,2]", "expr.value-expected", ","),
        ("(2 *)", "expr.value-expected", ")"),
        ("x y", "expr.missing-operator", "y"),
        ("W.T x", "expr.missing-matmul", "x"),
        ("(x + y) max(x, z)", "expr.missing-operator", "max"),
        ("2x", "expr.missing-times", "x"),
        ("2(x + 1)", "expr.missing-times", "("),
        ("W T", "expr.missing-transpose", "T"),
        ("1 2", "expr.two-numbers", "2"),
        ("()", "expr.empty-brackets", "()"),
        ("x[ ]", "expr.empty-brackets", "[ ]"),
        ("(x + 1", "expr.unclosed", "("),
        ("[1, (2]", "expr.mismatched", "]"),
        ("x + 1)", "expr.unopened", ")"),
        (")", "expr.unopened", ")"),
        ("x + (1, 2", "expr.comma-in-parentheses", ","),
        ("tanh²(z)", "expr.function-power", "("),
        ("2 * tanh^2(z)", "expr.function-power", "("),
        ("matmul(W, x)", "expr.function-operator", "matmul"),
        ("np.tahn(z)", "expr.unknown-function-near", "np.tahn"),
        ("ln x", "expr.function-operator", "x"),
        ("sech^2(x)", "expr.function-operator", "("),
        ("1½", "expr.mixed-fraction", "½"),
        ("max(x; y)", "expr.semicolon", ";"),
        ("x : y", "expr.colon", ":"),
        ("dW = up", "expr.assignment", "="),
        ("(x = 1)", "expr.equals-in-brackets", "="),
        ("x < y < z", "expr.chained-comparison", "<"),
        ("'mean'", "expr.text-not-argument", "'mean'"),
        ("x[... + 1]", "expr.unexpected", "+"),
        ("sum(x, axis=0, y)", "expr.positional-after-keyword", "y"),
        ("sum(x, axis=0, axis=1)", "expr.keyword-twice", "axis=1"),
        ("sum(x, axis=y)", "expr.keyword-not-literal", "y"),
        ("x^2.T", "expr.transposed-number", "2.T"),
        ("[[1, 2], [3]]", "expr.ragged", "[[1, 2], [3]]"),
        ("[[1, 2], 3]", "expr.ragged-single", "3"),
        ("1, 2; 3", "expr.ragged", "1, 2; 3"),
        ("1 2; 3", "expr.ragged", "1 2; 3"),
        ("50%", "expr.percent", "%"),
        ("50％", "expr.percent", "％"),
        ("W'", "expr.prime", "'"),
        ("W' @ x'", "expr.prime", "'"),
        ("W ⊗ x", "expr.outer-sign", "⊗"),
        ("i", "expr.unknown-name-among", "i"),
        ("dx * z", "expr.no-gradients", "dx"),
        ("W’", "expr.prime", "’"),
        ("|x|", "expr.bars", "|"),
        ("√x", "expr.root", "√"),
        ("{x}", "expr.braces", "{"),
        (r"\frac{1}{2}", "expr.latex", "\\"),
        ("∑x", "expr.symbol", "∑"),
        ("∞", "expr.infinity", "∞"),
        ('sum("abc)', "expr.unclosed-text", '"'),
        ("x ? y", "expr.unreadable-character", "?"),
        ("x\x00", "expr.unreadable-character", "\x00"),
        ("W.t", "expr.attribute-transpose", ".t"),
        ("x.sum", "expr.attribute-function", ".sum"),
        ("sum(x, dtype=int)", "expr.option-elsewhere", "dtype=int"),
        ("x.frob(2)", "expr.attribute", ".frob(2)"),
        ("x.__class__", "expr.attribute", ".__class__"),
        ("nan", "expr.infinity", "nan"),
        ("-Inf", "expr.infinity", "Inf"),
        ("1e999", "expr.number-too-large", "1e999"),
        ("1 1e999;", "expr.number-too-large", "1e999"),
        ("9**9**9", "expr.exponent-too-large", "9**9"),
        ("x^-1001", "expr.exponent-too-large", "-1001"),
        ("tahn(x)", "expr.unknown-function-near", "tahn"),
        ("__import__('os')", "expr.unknown-function", "__import__"),
        ("W(x)", "expr.name-called", "W"),
        ("max", "expr.function-as-name", "max"),
        ("tanh x", "expr.function-as-name", "x"),
        ("q", "expr.unknown-name-among", "q"),
        ("upp", "expr.unknown-name-near", "upp"),
        ("__import__", "expr.unknown-name-among", "__import__"),
    ],
)
def test_the_message_names_the_trouble_and_the_caret_its_place(text: str, id: str, under: str) -> None:
    error = refused(text)
    assert (error.message.id, text[slice(*error.span)]) == (id, under)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2 *", "Expected a number, a name or ( after *."),
        ("W T", "Something is missing between W and T: W.T is the transpose, W @ T the matrix product with a T."),
        ("tahn(x)", "There is no function “tahn” here. Nearest: tanh."),
        ("1 2; 3", "The rows have different lengths: 2, 1."),
        ("(x]", "Expected ) to close the (, not ]."),
    ],
)
def test_the_sentence_reads_like_advice(text: str, sentence: str) -> None:
    assert say(refused(text).message, "en") == sentence


@pytest.mark.parametrize(("name", "near"), [("upp", "up"), ("w", "W"), ("delta", "δ"), ("dZ", "dz"), ("B1", "b1")])
def test_the_nearest_name_is_suggested(name: str, near: str) -> None:
    assert refused(name).message.params["near"] == near


def test_without_names_to_check_any_name_is_read() -> None:
    assert parse("anything + nan", Scope()) is not None


def test_a_node_may_be_called_inf() -> None:
    assert parse("inf + 1", Scope(frozenset({"inf"}))) is not None


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("x" * (MAX_LENGTH + 1), "expr.too-long"),
        ("9" * 13_000, "expr.too-long"),
        ("1 " * 3_000 + "x", "expr.too-many-parts"),
        ("1, " * 2_001 + "1;", "expr.too-many-parts"),
        ("(" * 1_000, "expr.too-nested"),
        ("(" * (MAX_NESTING + 1) + "x" + ")" * (MAX_NESTING + 1), "expr.too-nested"),
        ("[" * 900 + "1" + "]" * 900, "expr.too-nested"),
        ("+".join("x" * (MAX_DEPTH + 1)), "expr.too-deep"),
        ("-" * 1_000 + "x", "expr.too-deep"),
        ("^".join("x" * 500), "expr.too-deep"),
        ("x" + ".T" * 900, "expr.too-deep"),
        ("[" + "x," * (MAX_TOKENS // 2), "expr.too-many-parts"),
        ("x;" * (MAX_TOKENS // 2 + 1), "expr.too-many-parts"),
        ("9" * 3_999, "expr.number-too-large"),
        ("q" * 3_999, "expr.unknown-name-among"),
    ],
    ids=lambda value: value[:12],
)
def test_what_is_too_large_is_refused_in_one_short_sentence(text: str, id: str) -> None:
    error = refused(text)
    assert error.message.id == id
    assert all(len(say(error.message, language)) < 160 for language in LANGUAGES)


@pytest.mark.parametrize(
    ("typed", "meant"), [("0,42", "0.42"), (" -3,5 ", "-3.5"), ("１，５", "1.5"), ("0,042", "0.042")]
)
def test_a_decimal_comma_is_recognised(typed: str, meant: str) -> None:
    message = decimal_comma(typed)
    assert message is not None
    assert message.params["meant"] == meant
    assert refused(typed, read=parse).message == message
    assert parse_answer(typed, SCOPE) is not None  # two numbers may be what is asked for


@pytest.mark.parametrize(
    ("typed", "count", "meant"),
    [
        ("[0,5 1,5]", 2, "[0.5 1.5]"),
        ("[0,5, -1,5]", 2, "[0.5, -1.5]"),
        ("0,5 1,5", 2, "[0.5 1.5]"),
        ("0,5; 1,5", 2, "0.5; 1.5"),
        ("[[0,5], [1]]", 2, "[[0.5], [1]]"),
        ("［０，５ １，５］", 2, "[0.5 1.5]"),
        ("0,5 1\n-2,25 3", 4, "0.5 1\n-2.25 3"),
        ("0,5, 1,5", 2, "0.5, 1.5"),
    ],
)
def test_decimal_commas_in_an_array_are_recognised_by_its_count(typed: str, count: int, meant: str) -> None:
    message = decimal_commas(typed, count)
    assert message is not None
    assert message.params["meant"] == meant
    assert parse_answer(meant, SCOPE) is not None
    assert decimal_commas(typed, count + 1) is None


@pytest.mark.parametrize(("typed", "count"), [("[1,2,3]", 2), ("1, 2", 1), ("[x,5 1]", 2), ("0.5 1.5", 2), ("", 0)])
def test_commas_that_set_entries_apart_are_left_alone(typed: str, count: int) -> None:
    assert decimal_commas(typed, count) is None


@pytest.mark.parametrize("typed", ["0, 42", "[0,42]", "1,2,3", "x,y", "0.42", "1,2;3,4", ""])
def test_a_list_is_not_a_decimal_comma(typed: str) -> None:
    assert decimal_comma(typed) is None


def test_an_identity_is_written_eye() -> None:
    scope = Scope(frozenset({"z", "pi"}), frozenset({"eye", "diag"}))
    assert "eye(n)" in say(refused("I - diag(z^2)", scope).message, "en")
    assert refused("I - z").message.id == "expr.unknown-name-among"


def test_brackets_that_follow_without_a_sign_are_shown_closed() -> None:
    assert "(1-z) * (...) multiplies" in say(refused("(1-z)(1+z)", Scope(frozenset({"z"}), frozenset())).message, "en")


def test_what_is_known_is_listed_once_a_name() -> None:
    scope = Scope(frozenset({"x", "pi", "π"}), frozenset())
    assert say(refused("q", scope).message, "en").endswith("Known here: pi, x.")
