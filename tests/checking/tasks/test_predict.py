"""`predict`: names before numbers; against slopes measured by nudges."""

import numpy as np
import pytest

from tests.checking.lessons import drill, judged, lesson, verdict
from tutor.engine.numeric_gradient import numeric_gradient
from tutor.lesson.file.problem import LessonError
from tutor.text import say

CIRCUIT = "given: {x: 1, y: 2, z: 0}\ngraph: {a: x + y, b: 'max(y, z)', f: a * b}\n"  # gradients 2, 5, 0
ASKS = CIRCUIT + "ask: [{predict: {largest: [x, y, z]}}, {predict: {zero: [x, y, z]}}, {predict: {zero: [x, y]}}]"


@pytest.mark.parametrize(
    ("id", "typed", "kind"),
    [
        ("predict 1", "y", "right"),
        ("predict 1", " Y ", "unreadable"),
        ("predict 1", "x", "wrong"),
        ("predict 1", "x, y", "wrong"),
        ("predict 1", "none", "wrong"),
        ("predict 1", "a", "unreadable"),  # not among the names
        ("predict 1", "y, y", "unreadable"),
        ("predict 2", "z", "right"),
        ("predict 2", "none", "wrong"),
        ("predict 2", "x z", "wrong"),
        ("predict 3", "none", "right"),
        ("predict 3", "无", "right"),
        ("predict 3", "-", "right"),
        ("predict 3", "y", "wrong"),
        ("predict 3", "", "unreadable"),
    ],
)
def test_names_are_judged(id: str, typed: str, kind: str) -> None:
    assert judged(drill(ASKS), id, typed) == (kind, None)


def test_of_equally_large_ones_any_will_do() -> None:
    made = drill("given: {x: 3, y: 3, z: 1}\ngraph: {f: x * y + z}\nask: [{predict: {largest: [x, y, z]}}]")
    assert [judged(made, "predict 1", typed)[0] for typed in ("x", "y", "y, x", "z", "x, z")] == [
        "right", "right", "right", "wrong", "wrong",
    ]  # fmt: skip


def test_a_wrong_name_is_told_without_the_right_one() -> None:
    assert verdict(drill(ASKS), "predict 2", "none").message.id == "checking.predict-not-none"
    assert verdict(drill(ASKS), "predict 2", "x").message.params == {"name": "x"}


RELU = """
given:
  x: {shape: [3], uniform: [-2, 2], decimals: 1, nonzero: true}
  w: {shape: [3], integers: [-3, 3]}
  c: {uniform: [-2, 2], decimals: 1}
graph: {h: relu(x), s: "dot(w, h)", f: s * c}
ask: [{predict: {largest: [x, w, c]}}, {predict: {zero: [x, w, c, h]}}]
"""


@pytest.mark.parametrize("seed", range(12))
def test_the_right_names_are_those_of_measured_slopes(seed: int) -> None:
    made = drill(RELU, seed)
    part = made.parts[0]
    slopes = {name: numeric_gradient(part.graph, part.draw.numbers, name) for name in part.graph.inputs}
    lengths = {name: float(np.linalg.norm(slope)) for name, slope in slopes.items()}
    largest = max(lengths, key=lengths.__getitem__)
    assert judged(made, "predict 1", largest)[0] == "right"
    dead = [name for name, length in lengths.items() if length < 1e-6]
    right = set(made.by_id["predict 2"].right)
    assert right - {"h"} == set(dead)


@pytest.mark.parametrize(
    ("ask", "code", "column"),
    [
        ("{largest: [x, q]}", "unknown-name", 31),
        ("{largest: [x, x]}", "listed-twice", 31),
        ("{largest: [x]}", "too-few", 27),
        ("{zero: [k]}", "unknown-name", 25),  # labels have no gradient
    ],
)
def test_names_are_checked_when_the_lesson_is_read(ask: str, code: str, column: int) -> None:
    text = f"given: {{x: [1, 2], k: {{labels: 2}}}}\ngraph: {{f: 'x[k]'}}\nask: [{{predict: {ask}}}]"
    with pytest.raises(LessonError) as refused:
        lesson(text)
    (problem,) = refused.value.problems
    assert problem.code == code
    assert (problem.line, problem.column) == (4, column)


def test_a_gradient_that_is_no_number_is_beyond_all_others() -> None:
    """`check` refuses such numbers; the drill opens even so."""
    made = drill("given: {x: -3, y: 2}\ngraph: {f: sqrt(x) + y}\nask: [{predict: {largest: [x, y]}}]")
    assert judged(made, "predict 1", "x") == ("right", None)


def test_it_is_said_which_names_are_wanted() -> None:
    largest, zero, _ = drill(ASKS).questions
    assert say(largest.prompt, "en") == "the name with the largest gradient"
    assert say(zero.prompt, "en") == "the names whose gradient is 0"
