"""`tangent`: directional derivatives, against autograd's forward mode."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd.differential_operators import make_jvp

from tests.checking.lessons import drill, judged, lesson, verdict
from tutor.lesson.file.problem import LessonError

PRODUCT = """
given: {x: 2, y: 3, z: 5}
graph: {a: x * y, f: a * z + x}
ask: [{tangent: {along: {x: 1, y: 2}}}, {tangent: {along: {y: 1}}}]
"""  # df/dx = 16, df/dy = 10: along (1, 2) 36


@pytest.mark.parametrize(
    ("id", "typed", "expected"),
    [
        ("tangent 1", "36", ("right", None)),
        ("tangent 1", "16 + 2*10", ("right", None)),
        ("tangent 1", "y*z + 1 + 2*x*z", ("right", None)),
        ("tangent 1", "12*y", ("right", None)),  # a number of another kind
        ("tangent 1", "[16, 10]", ("wrong-shape", "tangent:reverse")),
        ("tangent 1", "26", ("wrong", "tangent:reverse")),  # both at speed 1
        ("tangent 1", "16", ("wrong", "tangent:one-input")),
        ("tangent 1", "20", ("wrong", "tangent:one-input")),
        ("tangent 1", "10", ("wrong", "tangent:reverse")),
        ("tangent 1", "-36", ("wrong", "sign")),
        ("tangent 1", "35", ("wrong", None)),
        ("tangent 1", "x*y*(y + y)", ("right-but", "coincidence")),
        ("tangent 2", "10", ("right", None)),  # along one input alone a gradient is the answer
        ("tangent 2", "x*z", ("right", None)),
        ("tangent 2", "dy", ("unreadable", None)),
    ],
)
def test_directions_of_a_product(id: str, typed: str, expected: tuple[str, str | None]) -> None:
    assert judged(drill(PRODUCT), id, typed) == expected


def test_a_short_number_is_named_as_a_question() -> None:
    assert verdict(drill(PRODUCT), "tangent 1", "26").message.id == "checking.asked"
    assert verdict(drill(PRODUCT), "tangent 1", "26.0").message.id == "checking.named"


ARRAYS = """
sizes: {n: 3, m: 2}
given:
  W: {shape: [n, m], value: [[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]]}
  x: {shape: [m, 1], value: [[2], [-1]]}
graph: {z: W @ x, h: tanh(z)}
upstream: {h: [[1], [1], [1]]}
ask: [{tangent: {along: {x: [[1], [-2]], W: [[1, 0], [0, 1], [2, -1]]}}}]
"""


def test_an_array_moves_as_autograd_says() -> None:
    made = drill(ARRAYS)
    x, W = np.array([[2.0], [-1.0]]), np.array([[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]])
    dx, dW = np.array([[1.0], [-2.0]]), np.array([[1.0, 0.0], [0.0, 1.0], [2.0, -1.0]])
    path = make_jvp(lambda t: anp.tanh(anp.dot(W + t * dW, x + t * dx)))
    _, moves = path(0.0)(1.0)
    assert np.allclose(made.by_id["tangent 1"].answer, moves, rtol=1e-12)
    assert judged(made, "tangent 1", str(np.round(moves, 3).tolist())) == ("right", None)
    assert judged(made, "tangent 1", str(np.round(moves, 3).ravel().tolist())) == ("right", None)  # a flat list
    off = np.round(moves, 3)
    off[1, 0] += 1
    assert verdict(made, "tangent 1", str(off.tolist())).wrong_entries == ((1, 0),)
    assert judged(made, "tangent 1", "1")[0] == "wrong-shape"


GATES = "given: {x: 1, y: 2, z: 0}\ngraph: {a: x + y, b: 'max(y, z)', f: a * b}\n"


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        ("along: {x: [1]}", "direction-shape"),
        ("along: {x: 0}", "direction-zero"),
        ("along: {b: 1}", "unknown-name"),  # a line moves because its inputs do
        ("along: {q: 1}", "unknown-name"),
    ],
)
def test_a_direction_fits_its_input(ask: str, code: str) -> None:
    with pytest.raises(LessonError) as refused:
        lesson(f"{GATES}ask: [{{tangent: {{{ask}}}}}]")
    assert [problem.code for problem in refused.value.problems] == [code]


def test_one_output_is_asked_about() -> None:
    with pytest.raises(LessonError) as refused:
        lesson("given: {x: 1}\ngraph: {a: x^2, b: 2 * x}\nupstream: {a: 1, b: 1}\nask: [{tangent: {along: {x: 1}}}]")
    assert [problem.code for problem in refused.value.problems] == ["tangent-one-output"]
