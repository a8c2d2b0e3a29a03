"""A hint for a local gradient speaks of the op's own slope, never of a gradient that arrives."""

import re
from collections.abc import Iterator

import pytest

from tests.checking.every_op import graph_of, lines
from tests.checking.lessons import BUNDLED, bundled, drill
from tutor.drill.question import Drill, GradientQuestion, Question
from tutor.engine.ops import REGISTRY, Op
from tutor.kinds import hints
from tutor.lesson.file.problem import LessonError
from tutor.text import say

# Ops whose rule says nothing but their slope. Of any other the rule is about what arrives.
SLOPE_IS_THE_RULE = {
    *("mul", "div", "pow", "dot", "prod", "exp", "log", "log1p", "sqrt", "square", "abs", "sin", "cos", "tan", "sinh"),
    *("cosh", "tanh", "sigmoid", "softplus", "silu", "gelu", "elu", "mse", "bce_with_logits", "cross_entropy", "hinge"),
    *("logsumexp", "var", "std", "norm"),
}
OF_WHAT_ARRIVES = {op.rule for name, op in REGISTRY.items() if name not in SLOPE_IS_THE_RULE}
ARRIVING = re.compile(
    r"arriv|error signal|upstream|gradient (through|back|to)|hands|passes|sends|收到|误差信号|上游|梯度传|分给"
)
LOCAL = ("local", "jacobian")


def about_slopes(made: Drill) -> Iterator[Question]:
    for question in made.all_questions:
        local = isinstance(question, GradientQuestion) and question.target.kind in LOCAL
        if local or question.kind == "entry":
            yield question


def asked_locally(line: str) -> Drill:
    """A drill with every question about the slopes of a line that can be asked."""
    graph = graph_of(line)
    run = drill(graph).parts[0].run
    kept = ["all: [y]"]
    for name in run.graph.inputs:
        for ask in (f"formula: {{of: y, wrt: {name}}}", f"jacobian: {{of: y, wrt: {name}}}"):
            try:
                drill(f"{graph}ask: [{{{ask}}}]")
            except LessonError:
                continue
            kept.append(ask)
    return drill(f"{graph}ask: [{', '.join(f'{{{ask}}}' for ask in kept)}]")


def drills() -> Iterator[Drill]:
    yield from (asked_locally(line) for _, line in lines())
    yield from (bundled(id) for id in BUNDLED)


def test_no_hint_about_a_slope_speaks_of_what_arrives() -> None:
    seen: set[str] = set()
    for made in drills():
        for question in about_slopes(made):
            for hint in list(hints(made, question))[-5:]:  # without the lesson's own
                assert hint.id not in OF_WHAT_ARRIVES, (question.id, say(hint, "en"))
                for language in ("en", "zh"):
                    assert not ARRIVING.search(say(hint, language)), (question.id, say(hint, language))  # type: ignore[arg-type]
                seen.add(hint.id)
    told = {op.slope_rule for op in REGISTRY.values() if op.without_gradient != frozenset(range(len(op.inputs)))}
    assert told <= seen


def test_what_flows_back_is_still_told_by_the_rule_of_what_arrives() -> None:
    made = drill("given: {x: 3, y: 2}\ngraph: {b: 'max(x, y)', f: b * 2}\nask: [all: [b]]")
    told = {question.id: hints(made, question)[1].id for question in made.all_questions}
    assert told["local b x"] == "engine.slope-max"
    assert told["downstream b x"] == "engine.rule-max"


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_op_here_says_its_slope_itself(name: str) -> None:
    op = REGISTRY[name]
    assert op.slope_rule != Op.slope_rule
    assert (op.slope_rule == op.rule) == (name in SLOPE_IS_THE_RULE)
