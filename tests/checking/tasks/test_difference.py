"""`difference`: the measured slope, correctly rounded, and nothing else."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.checking.lessons import drill, judged, lesson, verdict
from tutor.lesson.file.problem import LessonError

CUBE = """
given: {x: 2}
graph: {f: x^3}
ask: [{difference: {of: f, wrt: x, h: 0.1, sided: one}}, {difference: {of: f, wrt: x, h: 0.1}}]
"""
ONE, TWO = "difference f x", "difference f x #2"  # 12.61 and 12.01; the exact slope is 12


@pytest.mark.parametrize(
    ("id", "typed", "expected"),
    [
        (ONE, "12.61", ("right", None)),
        (ONE, "13", ("right", None)),  # 2 digits tell it from 12
        (ONE, "(2.1^3 - 8) / 0.1", ("right", None)),
        (ONE, "12.6", ("right", None)),
        (ONE, "12.7", ("wrong", None)),  # within 1 %, but no rounding of 12.61
        (ONE, "12", ("wrong", "difference:two-sided | difference:exact")),  # 12.01 and 12, rounded
        (ONE, "12.00", ("wrong", "difference:exact")),
        (ONE, "1.261", ("wrong", "difference:not-divided")),
        (ONE, "12.01", ("wrong", "difference:two-sided")),
        (ONE, "11.41", ("wrong", "difference:backward")),
        (ONE, "-12.61", ("wrong", "sign")),
        (ONE, "0e999", ("wrong", "coarse")),
        (TWO, "12.01", ("right", None)),
        (TWO, "12.010", ("right", None)),
        (TWO, "12.0", ("wrong", "coarse")),  # right as far as it goes, but so is the exact slope
        (TWO, "12.00", ("wrong", "difference:exact")),
        (TWO, "2.402", ("wrong", "difference:not-divided")),
        (TWO, "12.61", ("wrong", "difference:one-sided")),
        (TWO, "11.41", ("wrong", "difference:one-sided")),
        (TWO, "24.02", ("wrong", "difference:half-the-distance")),
        (TWO, "3*x^2", ("wrong", "difference:exact")),
        (TWO, "[12.01]", ("wrong-shape", None)),
    ],
)
def test_slopes_of_a_cube(id: str, typed: str, expected: tuple[str, str | None]) -> None:
    assert judged(drill(CUBE), id, typed) == expected


def test_digits_are_asked_as_they_are_needed() -> None:
    made = drill(CUBE)
    assert [made.by_id[id].digits for id in (ONE, TWO)] == [2, 4]
    assert verdict(made, TWO, "12.0").free


CURVES: list[tuple[str, Callable[[float], float]]] = [
    ("x^3", lambda x: x**3),
    ("exp(x)", np.exp),
    ("1 / x", lambda x: 1 / x),
    ("tanh(x) * x", lambda x: np.tanh(x) * x),
]


@pytest.mark.parametrize(("formula", "curve"), CURVES)
@pytest.mark.parametrize("h", [0.5, 1.0])
def test_a_measured_slope_is_rise_over_run(formula: str, curve: Callable[[float], float], h: float) -> None:
    text = f"given: {{x: 1.5}}\ngraph: {{f: {formula}}}\nask:\n  - difference: {{of: f, wrt: x, h: {h}, sided: "
    one, two = drill(text + "one}"), drill(text + "two}")
    assert one.questions[0].answer == pytest.approx((curve(1.5 + h) - curve(1.5)) / h, rel=1e-9)
    assert two.questions[0].answer == pytest.approx((curve(1.5 + h) - curve(1.5 - h)) / (2 * h), rel=1e-9)


ARRAYS = """
given:
  x: {shape: [3], value: [0.5, -1, 2]}
graph: {a: tanh(x), b: a * a, s: sum(b)}
ask:
  - difference: {of: s, wrt: x, h: 0.5}
  - difference: {of: b, wrt: a, h: 0.5, sided: one}
  - difference: {of: a, wrt: x, h: 0.5}
"""


def test_every_entry_is_nudged_by_itself() -> None:
    made, x, h = drill(ARRAYS), np.array([0.5, -1.0, 2.0]), 0.5
    squared = (np.tanh(x + h) ** 2 - np.tanh(x - h) ** 2) / (2 * h)
    assert np.allclose(made.by_id["difference s x"].answer, squared)
    # a·a moves as a whole: an intermediate value may be nudged too, and both uses feel it
    assert np.allclose(np.diagonal(made.by_id["difference b a"].answer), ((np.tanh(x) + h) ** 2 - np.tanh(x) ** 2) / h)
    assert np.allclose(made.by_id["difference a x"].answer, (np.tanh(x + h) - np.tanh(x - h)) / (2 * h))
    wrong = np.round([2 * squared[0], *squared[1:]], 4).tolist()
    assert verdict(made, "difference s x", str(wrong)).wrong_entries == ((0,),)


@pytest.mark.parametrize(
    ("graph", "ask", "code"),
    [
        ("x * 3", "h: 0.1", "difference-is-exact"),  # a line has one slope
        ("x^2", "h: 0.1", "difference-is-exact"),  # both sides err alike
        ("x^3", "h: 0.0001", "difference-is-exact"),  # the first four digits agree
        ("log(x)", "h: 3", "difference-not-finite"),
    ],
)
def test_a_question_that_shows_no_difference_is_refused(graph: str, ask: str, code: str) -> None:
    with pytest.raises(LessonError) as refused:
        lesson(f"given: {{x: 2}}\ngraph: {{f: {graph}}}\nask:\n  - difference: {{of: f, wrt: x, {ask}}}")
    (problem,) = refused.value.problems
    assert (problem.code, problem.line, problem.column) == (code, 5, 17)


def test_what_does_not_depend_cannot_be_measured() -> None:
    with pytest.raises(LessonError) as refused:
        lesson("given: {x: 2, y: 1}\ngraph: {a: x^3, f: a * y}\nask:\n  - difference: {of: a, wrt: y, h: 1}")
    assert [problem.code for problem in refused.value.problems] == ["does-not-depend"]
