"""Whatever is typed, a verdict comes back: short, said in both languages, soon, and free unless it is an answer."""

import string
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.checking.lessons import BUNDLED, bundled, drill, verdict
from tutor.drill.question import Drill, GradientQuestion
from tutor.kinds import build, check, load, preview
from tutor.text import LANGUAGES, say

NET = bundled("one-layer/score-gradient")
FIRST = bundled("circuits/first-circuit")

UNREADABLE = {
    "nothing": ["", " ", "\n\n", ";"],
    "no number": ["nan", "inf", "-inf", "NaN", "∞", "1e999", "1/0", "0/0", "log(0)", "sqrt(-1)", "(-8)^(1/3)"],
    "towers": ["9**9**9", "9^9^9", "-9**9**9", "2^10000", "10^308*10", "e^e^e^e", "exp(exp(exp(10)))"],
    "long": ["1" * 10_000, "1+" * 5_000 + "1", "x" * 10_000, "." * 10_000],
    "deep": ["(" * 1_000 + "1" + ")" * 1_000, "[" * 1_000 + "1" + "]" * 1_000, "-" * 1_000 + "1", "x" + ".T" * 1_000],
    "ragged": ["[[1, 2], [3]]", "[1, [2]]", "[[1], 2]"],
    "Python": [
        "__import__('os')",
        "__import__",
        "x.__class__",
        "lambda: 1",
        "import os",
        "eval('1')",
        "f'{x}'",
        "{1: 2}",
    ],
    "unfinished": ["((((", "{1: 2}", "2 *", "* 2", "1 +", "max(", "sum(1, axis=", "x[", "a = 1", "not x", "1 = = 1"],
    "letters": ["\x00", "💥", "\ud800", "\u202e1", "٣x", "q", "W T"],
    "calls": ["tanh()", "tanh(1, 2, 3)", "nosuch(1)", "sum(1, axis=7)", "reshape(1, [0, 3])", "onehot([1, 2], 1e9)"],
    "huge": [
        "ones(1000000, 1000000)",
        "eye(100000)",
        "ones(1000,1000) @ ones(1000,1000)",
        "kron(ones(999,999), ones(999,999))",
    ],
}
HEAVY = [
    "eye(1000)",
    "ones(1000000)",
    "cumsum(ones(1000000))",
    "outer(ones(1000), ones(1000))",
    "ones(1000000) * 0.5",
    "norm(ones(1000, 1000))",
    "0 * sum(ones(1000, 1000)) + 1",
    "conv2d(ones(1, 1, 1, 1), ones(1, 1, 30, 30), padding=500)",
    "conv2d(ones(1, 10, 100, 100), ones(10, 10, 20, 20))",
    "max(" + "1, " * 400 + "1)",
]
EVERYTHING = [text for texts in UNREADABLE.values() for text in texts] + HEAVY


def questions() -> list[tuple[Drill, GradientQuestion]]:
    """One question of each kind."""
    found = {}
    for id in BUNDLED:
        made = bundled(id)
        for question in made.all_questions:
            if isinstance(question, GradientQuestion):
                found[question.kind, question.shape == (), question.convention] = made, question
    return list(found.values())


KINDS = questions()
NAMES = [f"{made.lesson.id} {question.id}" for made, question in KINDS]


@pytest.mark.parametrize(("made", "question"), KINDS, ids=NAMES)
@pytest.mark.parametrize("kind", UNREADABLE)
def test_nothing_typed_raises_or_counts_as_an_attempt(kind: str, made: Drill, question: GradientQuestion) -> None:
    for text in UNREADABLE[kind]:
        found, shown = check(made, question, text), preview(made, question, text)
        assert found.kind in ("unreadable", "wrong-shape"), text[:60]
        assert found.free
        for language in LANGUAGES:
            said = say(found.message, language)
            assert 0 < len(said) < 300, (text[:60], said)
            if shown.message is not None:
                assert len(say(shown.message, language)) < 300
        if found.span is not None:
            assert 0 <= found.span.start <= found.span.end <= max(len(text), 1) + 1


@pytest.mark.parametrize(("typed", "at"), [("2 *", 3), ("b + q", 4), ("b + + )", 6), ("max(y z)", 6), ("b @@ a", 3)])
def test_the_caret_stands_where_reading_stopped(typed: str, at: int) -> None:
    found = verdict(FIRST, "local f a", typed)
    assert found.kind == "unreadable"
    assert found.span is not None
    assert abs(found.span.start - at) <= 1


def test_a_decimal_comma_is_pointed_out() -> None:
    found = verdict(FIRST, "local f a", "2,5")
    assert (found.kind, found.free) == ("unreadable", True)
    assert "2.5" in say(found.message, "en")


@pytest.mark.parametrize(
    ("typed", "kind"), [("[0,5 1,5]", "unreadable"), ("[0,5; 1]", "unreadable"), ("0,5; 1,5", "wrong-shape")]
)
def test_decimal_commas_are_pointed_out_in_an_array(typed: str, kind: str) -> None:
    column = drill("given: {x: [[1], [2]], u: [[3], [4]]}\ngraph: {f: u.T @ x}\nask: [total: x]")
    found = verdict(column, "total x", typed)
    assert (found.kind, found.free) == (kind, True)
    assert typed.replace(",", ".") in say(found.message, "en")


def test_an_empty_preview_is_empty_and_says_nothing() -> None:
    shown = preview(FIRST, FIRST.questions[0], "  ")
    assert (shown.text, shown.shape, shown.message) == ("", None, None)


def test_a_preview_says_what_was_understood_and_not_whether_it_is_right() -> None:
    net = NET.by_id["formula W"]
    shown = preview(NET, net, "up@x^T")
    assert (shown.text, shown.shape, shown.message) == ("up @ xᵀ", (3, 2), None)
    wrong = preview(NET, net, "up @ x.T * 2")
    assert (wrong.shape, wrong.message) == ((3, 2), None)
    assert preview(FIRST, FIRST.questions[0], "1/2 + b").value == 2.5
    assert preview(NET, NET.by_id["shape b"], "n, 1").shape == (3, 1)
    assert preview(FIRST, FIRST.questions[0], "2 *").message == verdict(FIRST, FIRST.questions[0].id, "2 *").message


NAMES_AND_NUMBERS = "1 0.5 2 x y z a b f W h u s n m up dz ds/dh "
SIGNS = ".T + - * / @ ^ ( ) [ ] , ; sum( tanh( max( ones( axis=0 == > ᵀ ²"
typed_texts = st.one_of(
    st.text(max_size=30),
    st.text(alphabet=string.digits + "+-*/@^()[].,; xyzabWuhδnm.T=<>!e_'\"", max_size=40),
    st.lists(
        st.sampled_from((NAMES_AND_NUMBERS + SIGNS).split()),
        max_size=12,
    ).map(" ".join),
)
_any_question = st.sampled_from(KINDS)


@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(_any_question, typed_texts)
def test_no_text_raises(where: tuple[Drill, GradientQuestion], text: str) -> None:
    check_any(where, text)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[tuple[Drill, GradientQuestion], str]:
    """A right answer with up to three characters changed, dropped or doubled."""
    where = draw(_any_question)
    text = where[1].typed or "1"
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(len(text) - 1, 0)))
        new = draw(st.sampled_from(["", *"0123456789.-+*/@^()[],; xWuhbyza"]))
        text = text[:at] + new + text[at + draw(st.integers(0, 1)) :]
    return where, text


@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_no_mutated_right_answer_raises(case: tuple[tuple[Drill, GradientQuestion], str]) -> None:
    check_any(*case)


@pytest.mark.thorough
@settings(deadline=None, max_examples=10_000, suppress_health_check=list(HealthCheck))
@given(st.one_of(mutated(), st.tuples(_any_question, typed_texts)))
def test_no_text_raises_long(case: tuple[tuple[Drill, GradientQuestion], str]) -> None:
    check_any(*case)


def check_any(where: tuple[Drill, GradientQuestion], text: str) -> None:
    found, shown = check(*where, text), preview(*where, text)
    for language in LANGUAGES:
        assert say(found.message, language)
    if found.kind == "unreadable":
        assert shown.message is not None or not text.strip() or shown.text
    if found.kind == "right":
        assert shown.message is None
        assert found.mistake is None
    assert found.free == (found.kind in ("right-but", "wrong-shape", "unreadable") or found.mistake == "coarse")


@pytest.mark.thorough
@pytest.mark.parametrize(("made", "question"), KINDS, ids=NAMES)
def test_no_text_hangs_or_fills_the_memory(made: Drill, question: GradientQuestion) -> None:
    """The bound is 50 ms; a second is allowed here, for slow machines. Some of these once took twenty."""
    check(made, question, question.typed or "1")
    for text in EVERYTHING:
        tracemalloc.start()
        check(made, question, text)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 100_000_000, text[:60]
        started = time.perf_counter()
        check(made, question, text)
        preview(made, question, text)
        assert time.perf_counter() - started < 1, text[:60]


ODD_NUMBERS = [
    *("5e-324", "-5e-324", "1e-320", "1e-400", "2e-308", "1e308", "-1e308", "0." + "0" * 400 + "1", "1e00000001"),
    *("9" * 5_000, "0" * 5_000 + "1", "(" + "9" * 5_000 + ")", "0." + "9" * 5_000, "1e" + "9" * 5_000, "٣", "²"),
]
EVERY_KIND = build(load(Path(__file__).parents[1] / "ui" / "all_kinds.yaml"), 0)


@pytest.mark.parametrize("question", EVERY_KIND.all_questions, ids=lambda question: str(question.id))
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_numbers_at_the_edge_of_floats_get_a_verdict_in_every_kind(question: GradientQuestion) -> None:
    for number in ODD_NUMBERS:
        rows = np.full(question.shape or (), number, dtype=object)
        for text in {number, str(rows.tolist()).replace("'", "")}:
            assert say(check(EVERY_KIND, question, text).message, "en")
            preview(EVERY_KIND, question, text)
