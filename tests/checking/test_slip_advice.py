"""What is said of a slip speaks of this drill, fits on a line or two, and leaves the answer to the learner."""

import re
from collections.abc import Iterator
from itertools import product

import pytest

from tests.checking.every_op import drill_of, lines
from tests.checking.lessons import drill
from tests.checking.test_every_op import SPREAD, tells
from tutor.checking.explaining.advice import advice
from tutor.checking.explaining.mistake_search import question_classes
from tutor.checking.explaining.op_wording import op_wording
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.drill.question import Drill, GradientQuestion
from tutor.engine.ops import REGISTRY
from tutor.mistakes.mistake import Mistake
from tutor.mistakes.slip_texts import is_op_slip
from tutor.text import LANGUAGES, Language, Message, say

KINDS = ("local", "downstream", "upstream", "total", "path", "jacobian", "formula")
LONGEST = {"en": 220, "zh": 110}
LINES = [pytest.param(line, marks=[] if line in SPREAD else [pytest.mark.thorough]) for _, line in lines()]
# Slips that take other shapes or sizes than the line that asks every kind of question about the op has.
SQUARE = "{shape: [3, 3], uniform: [-1.9, 1.9], decimals: 2, distinct: true, nonzero: true}"
OTHERWISE = {
    **{name: (f"{{x: {SQUARE}}}", f"{name}(x)") for name in ("relu", "tanh", "sigmoid")},
    "transpose": (f"{{x: {SQUARE}}}", "x.T"),
    "matmul": (f"{{x: {SQUARE}, w: {SQUARE}}}", "x @ w"),
    "einsum": (f"{{x: {SQUARE}, w: {SQUARE}}}", "einsum('ij,ij->i', x, w)"),
    "hinge": (f"{{x: {SQUARE}, k: {{shape: [3], labels: 3}}}}", "hinge(x, k, margin=2)"),
}
SLIPPING = [pytest.param(name, id=name) for name, op in REGISTRY.items() if op.slips]


def drills_of(name: str) -> Iterator[Drill]:
    """Drills in which each slip of an op can be made."""
    yield from (drill_of(line) for op, line in lines() if op == name)
    if name in OTHERWISE:
        given, line = OTHERWISE[name]
        yield drill(f'given: {given}\ngraph: {{y: "{line}", f: sum(sin(y + 1))}}\nask: [all]\nsaturated: true')


def planted(made: Drill) -> Iterator[tuple[GradientQuestion, Mistake]]:
    """Every mistake that may be named in a drill, with the question it may be named at."""
    for question in made.questions:
        if isinstance(question, GradientQuestion) and question.kind in KINDS:
            for each in question_classes(made.part_of(question), question):
                for member in each.members:
                    yield question, member


def told(made: Drill, question: GradientQuestion, mistake: Mistake, language: Language) -> str:
    return say(advice(AnswerScope(made, question), mistake, sure=True), language)


@pytest.mark.parametrize("name", SLIPPING)
def test_each_slip_is_told_with_the_names_of_the_drill(name: str) -> None:
    seen = set()
    for made in drills_of(name):
        names = {*made.parts[0].run.graph.inputs, "y"}
        for question, mistake in planted(made):
            if mistake.id in seen or not mistake.id.startswith(f"{name}:") or not is_op_slip(mistake.id):
                continue
            seen.add(mistake.id)
            for language in LANGUAGES:
                text = told(made, question, mistake, language)
                assert not re.search(r"[{}]|  |\b(slips|mistakes|engine)\.[a-z]", text), text
                assert len(text) <= LONGEST[language], (len(text), text)
                assert names & set(re.findall(r"[a-z]+", text.replace("dy", "y"))), text
    assert seen == {f"{name}:{slip}" for slip in REGISTRY[name].slips}


@pytest.mark.parametrize("line", LINES)
def test_what_is_said_of_a_mistake_does_not_hold_the_answer(line: str) -> None:
    assert_does_not_tell(drill_of(line))


@pytest.mark.parametrize("name", OTHERWISE)
def test_nor_does_it_where_sizes_are_equal(name: str) -> None:
    for made in drills_of(name):
        assert_does_not_tell(made)


def assert_does_not_tell(made: Drill) -> None:
    heard = set()
    for (question, mistake), language in product(planted(made), LANGUAGES):
        text = told(made, question, mistake, language)
        if (question.id, text) not in heard:
            heard.add((question.id, text))
            given_away = tells(made, question, re.sub("[。，；？]", ". ", text).replace("：", ": "))
            assert given_away is None, (mistake.id, question.id, given_away, text)


def test_a_long_formula_is_told_by_what_it_does_last() -> None:
    long = "tanh(first + second) * tanh(first - second) + tanh(first * second)"
    made = drill(
        f"given: {{first: 0.37, second: 0.61}}\ngraph: {{y: 'exp({long})', f: y * y}}\n"
        "ask: [downstream: {of: y, wrt: 'first#0'}]"
    )
    run = made.parts[0].run
    top = run.graph.lines["y"].root
    inner = run.graph.arguments[top][0]
    words = op_wording(run, (top, 0))
    assert (words["where"], words["out"], words["input"], words["up"]) == ("y", "y", "… + …", "dy")
    words = op_wording(run, (run.graph.arguments[inner][1], 0))
    assert (words["where"], words["input"]) == ("tanh(first · second)", "first · second")
    arriving = words["up"]
    assert isinstance(arriving, Message)
    assert say(arriving, "en") == "what arrives at tanh(first · second)"
