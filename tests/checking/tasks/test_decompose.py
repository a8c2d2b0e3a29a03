"""A formula taken apart: one op a line, any names, and together it is the formula at any numbers."""

import pytest

from tests.checking.lessons import NET, drill, judged, verdict
from tutor.kinds import hints, preview
from tutor.text import say

NETS = drill(NET + 'ask: [{decompose: "u.T @ tanh(W @ x + b)"}, {decompose: "(W @ x).T @ -b * 2 / n"}]')
ONE = "decompose 1"


@pytest.mark.parametrize(
    "typed",
    [
        "z1 = W @ x; z2 = z1 + b; z3 = tanh(z2); z4 = u.T @ z3",
        "p = W @ x\nq = b + p\nh = tanh(q)\ns = u.T @ h",  # names of the graph may be used anew
        "a = W@x; c = a+b; d = tanh(c); t = u.T; e = t @ d",  # a transpose by itself
        "a = x.T @ W.T; c = a + b.T; d = tanh(c); e = d @ u",  # another way round
        "a = W@x; c = a+b; g = 2*c; d = sigmoid(g); k = 2*d; l = k - 1; e = u.T @ l",  # tanh(x) = 2σ(2x) − 1
        "z1 = W @ x；z2 ＝ z1 + b；z3 = tanh(z2)；z4 = u.T @ z3；",
    ],
)
def test_every_way_of_one_op_a_line_is_right(typed: str) -> None:
    assert judged(NETS, ONE, typed) == ("right", None)


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("a = W @ x + b; c = tanh(a); d = u.T @ c", "wrong", "Line 1: a holds 2 ops (@, +); one line, one op."),
        ("s = u.T @ tanh(W @ x + b)", "wrong", "Line 1: s holds 4 ops"),
        ("a = W @ x; c = a; d = c + b; e = tanh(d); f = u.T @ e", "wrong", "Line 2: c computes nothing"),
        ("a = W @ x; c = a - b; d = tanh(c); e = u.T @ d", "wrong", "c = a − b is no piece"),
        ("a = x @ W", "wrong-shape", "Line 1: "),
        ("a = W@x; c = a+b; d = tanh(c); e = u.T @ d; f = 2*e", "right-but", "e already is"),
        ("a = W@x; q = x.T@x; c = a+b; d = tanh(c); e = u.T @ d", "right-but", "Right, but q is not used"),
        ("W @ x", "unreadable", "Each line is a new name"),
        ("a = W @ x; a = a + b", "unreadable", "a has a meaning already"),
        ("W = W @ x", "unreadable", "W has a meaning already"),
        ("tanh = W @ x", "unreadable", "tanh has a meaning already"),
        ("a = z + 1", "unreadable", ""),  # z is no name of the formula
        (";", "unreadable", "A line is wanted"),
    ],
)
def test_what_is_off_is_said_at_its_line(typed: str, kind: str, text: str) -> None:
    found = verdict(NETS, ONE, typed)
    assert (found.kind, found.mistake) == (kind, None)
    assert say(found.message, "en").startswith(text)


@pytest.mark.parametrize(
    ("typed", "stand"),
    [
        ("a = W @ x", ["a = W @ x"]),
        ("a = W@x;  c = a + b ;", ["a = W@x", "c = a + b"]),
        ("a = x.T @ W.T\nc = a + b.T", ["a = x.T @ W.T", "c = a + b.T"]),
    ],
)
def test_pieces_stand_before_the_formula_is_whole(typed: str, stand: list[str]) -> None:
    found = verdict(NETS, ONE, typed)
    assert (found.kind, found.mistake) == ("right-but", "unfinished")
    assert found.free
    assert list(found.lines) == stand


@pytest.mark.parametrize(
    "bad", ["c = a - b", "c = a + b + b", "c = a", "c = W @ a", "a = W @ x", "c = q + b", "c = ", "a + b"]
)
def test_a_line_that_is_off_leaves_those_before_it(bad: str) -> None:
    found = verdict(NETS, ONE, f"a = W @ x\n{bad}")
    assert found.kind in ("wrong", "wrong-shape", "unreadable")
    assert found.lines == ("a = W @ x",)


def test_a_line_that_nothing_uses_goes_by_itself() -> None:
    found = verdict(NETS, ONE, "a = W@x; t = u.T; c = a+b; d = tanh(c); e = u.T @ d")
    assert found.kind == "right-but"
    assert found.lines == ("a = W@x", "c = a+b", "d = tanh(c)")
    assert judged(NETS, ONE, "\n".join((*found.lines, "e = u.T @ d"))) == ("right", None)


def test_lines_that_are_the_formula_here_only_are_a_coincidence() -> None:
    one = drill("given: {x: 2, y: 2}\ngraph: {f: x * y}\nask: [{decompose: 'x * y'}]")
    assert judged(one, ONE, "a = x + y") == ("wrong", "coincidence")
    assert judged(one, ONE, "a = y * x") == ("right", None)


def test_a_sign_is_an_op_and_a_literal_none() -> None:
    assert NETS.by_id["decompose 2"].typed == "z1 = W @ x; z2 = -b; z3 = z1.T @ z2; z4 = z3 * 2; z5 = z4 / n"
    assert judged(NETS, "decompose 2", NETS.by_id["decompose 2"].typed or "") == ("right", None)
    doubled = drill("given: {x: 2}\ngraph: {f: x * x}\nask: [{decompose: 'x * -2'}]")
    assert judged(doubled, ONE, "a = x * -2") == ("right", None)


def test_the_preview_shows_the_lines_and_the_last_shape() -> None:
    found = preview(NETS, NETS.by_id[ONE], "a = W @ x; c = a + b")
    assert (found.text, found.shape) == ("a = W @ x; c = a + b", (3, 1))
    found = preview(NETS, NETS.by_id[ONE], "a = W @ x\nc = a + b")
    assert (found.text, found.shape) == ("c = a + b", (3, 1))  # the line before stands
    found = preview(NETS, NETS.by_id[ONE], "a = x @ W")
    assert found.span is not None


def test_the_ladder_gives_the_lines_last() -> None:
    for question in NETS.questions:
        for language in ("en", "zh"):
            rungs = [say(each, language) for each in hints(NETS, question)]  # type: ignore[arg-type]
            assert len(set(rungs)) == 5
            assert question.typed is not None
            assert question.typed in rungs[4]
            assert "[[" in rungs[3]
            assert not any("z1" in rung for rung in rungs[:4])
