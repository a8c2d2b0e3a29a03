"""`update`: one step of gradient descent, judged by the change; against autograd."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from tests.checking.lessons import drill, judged, verdict

# L = (w·x + b − t)² at 1.5, 2, 0.5, 1: dw = 2·2.5·2 = 10, and w' = 1.5 − 0.1·10 = 0.5
LINE = """
given: {w: 1.5, x: {value: 2, constant: true}, b: 0.5, t: {value: 1, constant: true}}
graph: {y: w * x + b, e: y - t, L: e^2}
ask: [{total: w}, {update: {of: w, rate: 0.1}}, {update: {of: b, rate: 0.01}}]
"""
FAR = """
given: {w: 100, x: 3}
graph: {f: w * x}
ask: [{total: w}, {update: {of: w, rate: 0.01}}]
"""
MATRIX = """
sizes: {n: 3, m: 2}
given:
  W: {shape: [n, m], value: [[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]]}
  x: {shape: [m, 1], value: [[2], [-1]]}
graph: {h: tanh(W @ x), s: sum(h)}
ask: [{update: {of: W, rate: 0.5}}]
"""


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0.5", ("right", None)),
        ("1/2", ("right", None)),
        ("w - 0.1*dw", ("right", None)),  # 0.1 is no free numeral: judged by its value
        ("1.5 - 0.1*10", ("right", None)),
        ("0.505", ("right", None)),  # 0.5 % of the change of 1
        ("0.52", ("wrong", None)),  # 2 %
        ("2.50", ("wrong", "update:ascent")),
        ("-8.50", ("wrong", "update:rate-forgotten")),
        ("-1.00", ("wrong", "update:step-alone")),
        ("1.40", ("wrong", "update:rate-alone")),
        ("1.5", ("wrong", None)),  # not moved at all
        ("dw", ("wrong", None)),
        ("dL", ("wrong", None)),
        ("db", ("unreadable", None)),  # not known yet
        ("0,5", ("unreadable", None)),
    ],
)
def test_a_step_is_judged_by_how_far_it_went(typed: str, expected: tuple[str, str | None]) -> None:
    assert judged(drill(LINE), "update w", typed) == expected


def test_a_short_number_is_named_as_a_question() -> None:
    assert verdict(drill(LINE), "update w", "2.50").message.id == "checking.named"
    assert verdict(drill(LINE), "update w", "2.5").message.id == "checking.asked"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("99.97", ("right", None)),
        ("99.9701", ("right", None)),  # 0.3 % of the change
        ("99.96", ("wrong", None)),  # a third more than the change, 0.01 % of the value
        ("100", ("wrong", "coarse")),  # that could be the old value as well
        ("100.0", ("wrong", "coarse")),
        ("100.00", ("wrong", None)),
        ("100.03", ("wrong", "update:ascent")),
        ("97", ("wrong", "update:rate-forgotten")),
    ],
)
def test_tolerance_is_relative_to_the_change(typed: str, expected: tuple[str, str | None]) -> None:
    assert judged(drill(FAR), "update w", typed) == expected


def test_the_new_matrix_is_autograds() -> None:
    made = drill(MATRIX)
    x, W = np.array([[2.0], [-1.0]]), np.array([[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]])
    after = W - 0.5 * grad(lambda W: anp.sum(anp.tanh(anp.dot(W, x))))(W)
    assert np.allclose(made.by_id["update W"].answer, after, rtol=1e-12)
    assert judged(made, "update W", str(np.round(after, 3).tolist())) == ("right", None)
    assert judged(made, "update W", str(np.round(2 * W - after, 3).tolist())) == ("wrong", "update:ascent")
    off = after.copy()
    off[2, 1] += 0.3
    assert verdict(made, "update W", str(np.round(off, 3).tolist())).wrong_entries == ((2, 1),)
    assert judged(made, "update W", str(np.round(after.T, 3).tolist())) == ("wrong-shape", "transposed")
    assert judged(made, "update W", "0.5")[0] == "wrong-shape"


def test_a_name_that_is_right_by_chance_is_a_coincidence() -> None:
    # b' = 0.5 − 0.01·5 = 0.45, and dw once more: w' = 0.5 happens to be b.
    assert judged(drill(LINE), "update w", "b") == ("right-but", "coincidence")


def test_whole_numbers_are_exact_where_the_new_value_is_whole() -> None:
    made = drill("given: {w: 1000, x: 4}\ngraph: {f: w * x}\nask: [{update: {of: w, rate: 50}}]")
    assert judged(made, "update w", "800") == ("right", None)
    assert judged(made, "update w", "801")[0] == "wrong"  # half a percent of the change, but miscounted
    assert judged(made, "update w", "801.0")[0] == "right"


def test_what_is_typed_shows_a_change_however_small() -> None:
    made = drill("given: {w: 1000, x: 3}\ngraph: {f: w * x}\nask: [{update: {of: w, rate: 0.000001}}]")
    assert made.questions[0].typed == "999.999997"
    assert judged(made, "update w", "999.999997") == ("right", None)
    assert judged(made, "update w", "1000.000003") == ("wrong", "update:ascent")
