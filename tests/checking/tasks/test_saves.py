"""`saves`: any smallest set of values that backward needs."""

import pytest

from tests.checking.lessons import NET, drill, judged, lesson, verdict
from tutor.lesson.file.problem import LessonError
from tutor.text import say

GATES = """
given: {x: 1, y: 2, z: 0.5}
graph: {a: x + y, b: "max(y, z)", c: a * b, d: c / z, f: tanh(d)}
ask:
  - saves: [{of: a, wrt: x}, {of: b, wrt: z}, {of: c, wrt: a}, {of: d, wrt: z}, {of: f, wrt: d}]
"""


@pytest.mark.parametrize(
    ("id", "typed", "kind", "message"),
    [
        ("saves f d", "f", "right", "right-saves"),
        ("saves f d", "d", "right", "right-saves"),
        ("saves f d", "f, d", "wrong", "saves-spare"),
        ("saves f d", "none", "wrong", "saves-nothing"),
        ("saves f d", "c", "unreadable", "unknown-choice"),  # the node does not know it
        ("saves c a", "b", "right", "right"),
        ("saves c a", "a", "wrong", "saves-too-little"),
        ("saves c a", "a, b", "wrong", "saves-spare"),
        ("saves c a", "a, c", "wrong", "saves-smaller"),  # b = c / a: enough, but one would do
        ("saves a x", "none", "right", "right"),
        ("saves a x", "无", "right", "right"),
        ("saves a x", "y", "wrong", "saves-spare"),
        ("saves b z", "y z", "right", "right-saves"),
        ("saves b z", "z, b", "right", "right-saves"),
        ("saves b z", "z", "wrong", "saves-too-little"),
        ("saves d z", "c, z", "right", "right-saves"),
        ("saves d z", "z, d", "right", "right-saves"),
        ("saves d z", "z", "wrong", "saves-too-little"),
    ],
)
def test_sets_of_values_are_judged(id: str, typed: str, kind: str, message: str) -> None:
    found = verdict(drill(GATES), id, typed)
    assert (found.kind, found.message.id) == (kind, f"checking.{message}")


def test_another_set_that_would_do_is_told() -> None:
    found = verdict(drill(GATES), "saves f d", "d")
    assert say(found.message, "en") == "Right. It would work with f just as well."
    assert verdict(drill(GATES), "saves d z", "d z").message.params["other"] == ["c", "z"]


@pytest.mark.parametrize("typed", ["{b}", "[b]", "(b)", "｛b｝", " { b } ", "b.", "{b}。"])
def test_a_set_may_stand_in_brackets(typed: str) -> None:
    gate = drill("given: {a: 2, b: 3}\ngraph: {f: a * b}\nask: [saves: {of: f, wrt: a}]")
    assert verdict(gate, "saves f a", typed).kind == "right"


def test_a_layer_saves_the_other_factor() -> None:
    made = drill(NET + "ask: [{saves: [{of: z, wrt: W}, {of: z, wrt: x}, {of: z, wrt: b}, {of: h, wrt: z}]}]")
    assert [question.typed for question in made.questions] == ["x", "W", "none", "z"]
    assert judged(made, "saves h z", "h") == ("right", None)


def test_the_slot_must_be_one_of_the_line() -> None:
    with pytest.raises(LessonError) as refused:
        lesson("given: {x: 1}\ngraph: {a: 2 * x, f: a * x}\nask: [{saves: {of: f, wrt: y}}]")
    assert [problem.code for problem in refused.value.problems] == ["no-such-slot"]


def test_what_is_practised_is_the_saves_of_the_op() -> None:
    assert drill(GATES).questions[0].skills == ("saves:add",)
