"""Every kind of question about every op: its typed answer is right, and its ladder of hints leads there."""

import re

import pytest

from tests.checking.every_op import drill_of, lines
from tutor.drill.question import Drill, GradientQuestion, Question
from tutor.engine.ops import REGISTRY
from tutor.kinds import KINDS, check, hints
from tutor.text import LANGUAGES, Language, say

# Ops that differ from each other in how they are asked about; all others only in the long run.
SPREAD = {
    "x * row", "tanh(x)", "x @ m", "softmax(x)", "x[picks]", "max(x, w)", "mean(x, axis=1)", "cross_entropy(x, k)",
    "concat(x, w, axis=0)", "dot(u, v)",
}  # fmt: skip
LINES = [pytest.param(line, marks=[] if line in SPREAD else [pytest.mark.thorough]) for _, line in lines()]
NUMBERS = {"local", "downstream", "upstream", "total", "path", "jacobian", "difference", "tangent", "update", "count"}
FORMULAS = {"formula", "entry", "rule", "derive", "decompose", "find-slip"}
NO_KINDS_OF_THEIR_OWN = {"all"}


def test_every_op_has_a_line_and_every_kind_is_asked() -> None:
    assert {op for op, _ in lines()} == set(REGISTRY)
    asked = {question.kind for line in SPREAD for question in drill_of(line).questions}
    assert asked == set(KINDS) - NO_KINDS_OF_THEIR_OWN


@pytest.mark.parametrize("line", LINES)
def test_what_is_typed_for_a_question_is_right(line: str) -> None:
    made = drill_of(line)
    for question in made.questions:
        if question.typed is not None:
            assert check(made, question, question.typed).kind == "right", (question.id, question.typed)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_five_rungs_that_differ_and_end_with_the_answer(line: str, language: Language) -> None:
    made = drill_of(line)
    for question in made.questions:
        rungs = [say(rung, language) for rung in hints(made, question)]
        assert len(rungs) == len(set(rungs)) == 5, question.id
        for text in rungs:
            assert not re.search(r"[{}]|  |\b(checking|engine|mistakes|drill)\.[a-z]", text), text
            assert text == text.strip()
        if question.typed is not None and not isinstance(question, GradientQuestion):
            assert question.typed in rungs[-1], question.id
        if question.kind not in ("order", "shape"):  # which are about names and shapes
            assert re.search(r"\d", rungs[3]), (question.id, rungs[3])


@pytest.mark.parametrize("line", LINES)
def test_no_rung_before_the_last_holds_the_answer(line: str) -> None:
    made = drill_of(line)
    for question in made.questions:
        for text in [say(rung, "en") for rung in hints(made, question)][:4]:
            told = tells(made, question, text)
            assert told is None, (question.id, told, text)


def tells(made: Drill, question: Question, text: str) -> str | None:
    """A piece of a hint that grades as right, if there is one: the answer given away."""
    if question.kind == "choose":
        return "that" if re.search(r"\bthat\b", text.replace("point on which", "")) and "“that”" in text else None
    if question.kind in ("predict", "saves", "order"):
        typed = str(question.typed)
        names = re.split(", ", typed)
        others = [each for each in ("x", "y", "f") if each not in names]
        whole = re.search(rf"(?<![\w\[]){re.escape(typed)}(?![\w,\]])", text)
        return typed if whole and len(names) > 1 and not any(f" {each}" in text for each in others) else None
    for piece in re.split(r": | = | with | and |, (?![^\[(]*[\])])|\. |\? ", text):
        answer = piece.strip().rstrip(".?").replace("·", "*").replace("−", "-").replace("ᵀ", ".T")
        if not 2 < len(answer) < 300 or (question.kind in NUMBERS and re.search("[a-zA-Z]", answer)):
            continue  # one digit stands there by chance, and an expression of names leaves something to do
        if question.kind == "shape" or answer.isidentifier() or "<" in answer:
            continue  # shapes of other names, and names and ranges that only say what may be used
        if check(made, question, answer).kind == "right":
            return piece
    return None
