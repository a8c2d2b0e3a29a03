"""Rules of the catalogue against their own arithmetic: what somebody who makes the mistake writes down, by hand."""

from typing import Any

import numpy as np
import pytest

from tests.checking.lessons import NET, drill, verdict
from tutor.drill.question import Drill
from tutor.text import say

X, Y, G = 1.37, 2.61, 1.73
SQUARE = drill(
    f"given: {{x: {X}, y: {Y}}}\ngraph: {{a: x * y, f: (3 * a + 1)^2}}\nupstream: {{f: {G}}}\n"
    "ask: [local: {of: f, wrt: a}, downstream: {of: f, wrt: a}, total: x, local: {of: a, wrt: x},"
    " path: {wrt: x, through: [a, f]}]"
)
A = X * Y

x = np.array([[2.0], [-1.0]])
W = np.array([[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]])
b = np.array([[0.1], [-0.3], [0.2]])
u = np.array([[2.0], [-3.0], [1.0]])
z = W @ x + b
h = np.tanh(z)


def text(value: Any) -> str:
    value = np.asarray(value)
    return "[" + ", ".join(text(item) for item in value) + "]" if value.ndim else f"{float(value):.6g}"


def named(made: Drill, id: str, wrong: Any) -> tuple[str, str | None, str | None]:
    found = verdict(made, id, text(wrong))
    return found.kind, found.mistake, found.node


@pytest.mark.parametrize(
    ("id", "wrong", "mistake"),
    [
        # (3a + 1)² without its inner derivative
        ("local f a", 2 * (3 * A + 1), "one-short"),
        ("downstream f a", G * 2 * (3 * A + 1), "one-short"),
        # on through a = x·y, though asked is da
        ("downstream f a", G * 6 * (3 * A + 1) * Y, "one-far"),
        ("local f a", 6 * (3 * A + 1) * X, "one-far"),
        ("path x a f", G * 6 * (3 * A + 1) * X, "mul:own-input"),
        ("path x a f", G * 6 * (3 * A + 1), "local-forgotten"),
        ("path x a f", 6 * (3 * A + 1) * Y, "upstream-forgotten"),
        ("path x a f", G * Y, "local-forgotten"),
        ("path x a f", Y, "upstream-forgotten"),  # the lowest step alone
    ],
)
def test_a_step_too_few_or_too_many(id: str, wrong: float, mistake: str) -> None:
    kind, found, _ = named(SQUARE, id, wrong)
    assert kind == "wrong"
    assert mistake in str(found).split(" | "), found


def test_a_step_left_out_far_above_is_found_at_its_line() -> None:
    assert named(SQUARE, "total x", G * 2 * (3 * A + 1) * Y) == ("wrong", "one-short", "f")


QUADRATIC = drill(
    "given: {v: {shape: [3, 1], value: [[1.3], [-0.7], [2.1]]}, A: {shape: [3, 3],"
    " value: [[1.1, 0.4, -0.6], [2.3, -0.9, 1.7], [0.8, 3.1, -1.2]]}}\n"
    "graph: {f: v.T @ A @ v}\nask: [total: v]"
)
v = np.array([[1.3], [-0.7], [2.1]])
M = np.array([[1.1, 0.4, -0.6], [2.3, -0.9, 1.7], [0.8, 3.1, -1.2]])


@pytest.mark.parametrize("wrong", [2 * M @ v, 2 * M.T @ v], ids=["2Ax", "2Aᵀx"])
def test_a_quadratic_form_as_if_its_matrix_were_symmetric(wrong: Any) -> None:
    assert verdict(QUADRATIC, "total v", text((M + M.T) @ v)).kind == "right"
    assert named(QUADRATIC, "total v", wrong) == ("wrong", "matmul:symmetric", "v")


def test_one_side_of_a_quadratic_form_alone_is_a_branch() -> None:
    assert named(QUADRATIC, "total v", M @ v)[1] == "one-branch"


def test_two_uses_that_do_not_meet_in_a_product_are_no_quadratic_form() -> None:
    made = drill(
        "given: {v: {shape: [2, 1], value: [[1.3], [-0.7]]}, A: {shape: [3, 2], value: [[1, 2], [3, 4], [5, 7]]},"
        " B: {shape: [3, 2], value: [[2, 1], [1, 3], [2, 5]]}}\n"
        "graph: {f: sum(A @ v + tanh(B @ v))}\nask: [total: v]"
    )
    wrong = 2 * np.array([[9.0], [13.0]])
    assert "symmetric" not in str(named(made, "total v", wrong)[1])


# x goes into three lines, into the last of them twice: to a learner these are three branches, or four.
SQUARED = drill(
    "given: {x: {shape: [3], value: [0.7, -1.2, 0.4]}, c: {shape: [3], value: [1.5, -0.8, 2.1]}}\n"
    "graph: {p: x * c, q: tanh(x), r: x * x, f: sum(exp(p) * q * r)}\nask: [total: x]"
)
_x, _c = np.array([0.7, -1.2, 0.4]), np.array([1.5, -0.8, 2.1])
_p, _q, _r = np.exp(_x * _c), np.tanh(_x), _x * _x
P, Q, R = _c * _p * _q * _r, _p * _r * (1 - _q**2), 2 * _x * _p * _q


@pytest.mark.parametrize(
    ("wrong", "id"),
    [
        (P * Q * R, "branches-multiplied"),
        (P * Q * (R / 2) ** 2, "branches-multiplied"),
        ((P + Q + R) / 4, "branches-averaged"),
        (P + Q + 2 * R, "path-twice"),
        (P + Q + 1.5 * R, "path-twice"),
        (P + Q, "one-branch"),
        (P + Q + R / 2, "one-branch"),
    ],
)
def test_a_line_that_uses_a_value_twice_is_one_branch_or_two(wrong: Any, id: str) -> None:
    assert verdict(SQUARED, "total x", text(P + Q + R)).kind == "right"
    assert named(SQUARED, "total x", wrong) == ("wrong", id, "x")


def test_which_uses_were_left_out_is_said() -> None:
    said = say(verdict(SQUARED, "total x", text(P + Q + R / 2)).message, "en")
    assert said == (
        "Only what came through p, q, r (1×) counted. x is used in p, q, r (2×); add what comes back from every use."
    )


STRETCHED = drill(
    "sizes: {N: 2, M: 3}\n"
    "given: {X: {shape: [N, M], value: [[1.5, -0.5, 2.5], [0.7, 1.9, -1.1]]}, c: {shape: [M], value: [0.3, -0.4, 0.9]},"
    " t: 0.7}\n"
    "graph: {y: X * c + t, f: sum(exp(y))}\nask: [total: c, total: t, downstream: {of: y, wrt: c}]"
)
rows = np.array([[1.5, -0.5, 2.5], [0.7, 1.9, -1.1]])
c = np.array([0.3, -0.4, 0.9])
up = np.exp(rows * c + 0.7)


@pytest.mark.parametrize(
    ("id", "wrong", "mistake"),
    [
        ("total c", up * rows, "broadcast:not-summed"),
        ("downstream y c", up * rows, "broadcast:not-summed"),
        ("total t", up, "broadcast:not-summed"),
        ("total c", np.broadcast_to((up * rows).sum(axis=0), (2, 3)), "broadcast:stretched"),
        ("total t", np.full((2, 3), up.sum()), "broadcast:stretched"),
        ("total t", [[up.sum()]], "keepdims"),
        ("total c", up * rows + 1, None),
    ],
)
def test_what_keeps_the_shape_of_the_line_is_named_and_costs_nothing(id: str, wrong: Any, mistake: str | None) -> None:
    found = verdict(STRETCHED, id, text(wrong))
    assert (found.kind, found.mistake, found.free) == ("wrong-shape", mistake, True)


@pytest.mark.parametrize(
    ("id", "wrong", "mistake"),
    [
        ("total c", (up * rows).mean(axis=0), "broadcast:averaged"),
        ("total c", np.full(3, (up * rows).sum()), "broadcast:over-summed"),
    ],
)
def test_what_is_summed_wrongly_is_wrong(id: str, wrong: Any, mistake: str) -> None:
    kind, found, node = named(STRETCHED, id, wrong)
    assert (kind, node) == ("wrong", "y")
    assert mistake in str(found).split(" | ")


JACOBIANS = drill(
    NET + "ask: [jacobian: {of: h, wrt: z}, jacobian: {of: h, wrt: x}, jacobian: {of: s, wrt: z}, total: {wrt: [b, u]}]"
)


@pytest.mark.parametrize(
    ("id", "wrong", "mistake", "node"),
    [
        ("jacobian h z", np.diag((1 - h).ravel()), "tanh:square-forgotten", "h"),
        ("jacobian h z", np.diag((1 - z**2).ravel()), "tanh:pre-activation", "h"),
        ("jacobian h x", np.diag((1 - z**2).ravel()) @ W, "tanh:pre-activation", "h"),
        ("jacobian h x", -np.diag((1 - h**2).ravel()) @ W, "sign", "h"),
        ("jacobian s z", (u * (1 - h)).T, "tanh:square-forgotten", "h"),
    ],
)
def test_a_slip_in_every_row_of_a_jacobian(id: str, wrong: Any, mistake: str, node: str) -> None:
    assert named(JACOBIANS, id, wrong) == ("wrong", mistake, node)


def test_a_slip_in_the_gradient_of_several_variables_at_once() -> None:
    """Only the part that the slip reaches is wrong: db goes through tanh, du does not."""
    wrong = np.concatenate([(u * (1 - h)).ravel(), h.ravel()])
    assert named(JACOBIANS, "total b u", wrong) == ("wrong", "tanh:square-forgotten", "h")


def test_a_product_taken_with_the_other_operand_in_a_local_jacobian() -> None:
    made = drill(
        "given: {p: {shape: [3], value: [1.2, -0.7, 2.3]}}\ngraph: {q: softmax(p), f: sum(q * q)}\n"
        "ask: [local: {of: q, wrt: p}]"
    )
    p = np.array([1.2, -0.7, 2.3])
    q = np.exp(p) / np.exp(p).sum()
    assert named(made, "local q p", np.diag(q) - np.outer(q, q))[0] == "right"
    assert named(made, "local q p", np.diag(q * (1 - q))) == ("wrong", "softmax:diagonal", "q")


def test_in_a_jacobian_that_is_0_what_a_stop_lets_through_is_named() -> None:
    made = drill(
        "given: {p: {shape: [3], value: [1.2, -0.7, 2.3]}, c: {shape: [3], value: [0.6, 1.9, -1.4]}}\n"
        "graph: {q: stop_gradient(p) * c, f: sum(q * q)}\nask: [jacobian: {of: q, wrt: p}]"
    )
    assert named(made, "jacobian q p", np.zeros((3, 3)))[0] == "right"
    assert named(made, "jacobian q p", np.diag([0.6, 1.9, -1.4])) == ("wrong", "stop_gradient:passes", "q")


def test_no_slip_is_made_where_no_gradient_goes() -> None:
    made = drill(
        "given: {p: {shape: [5], uniform: [1, 2], decimals: 2}, c: {shape: [5], uniform: [3, 4], decimals: 2},"
        " m: {shape: [5], mask: 0.5}}\n"
        "graph: {q: 'where(m, p, c)', f: sum(q * q)}\nask: [jacobian: {of: q, wrt: m}, jacobian: {of: q, wrt: p}]"
    )
    assert named(made, "jacobian q p", np.eye(5)) == ("wrong", "where:both-branches", "q")
    assert named(made, "jacobian q m", np.eye(5))[:2] == ("wrong", None)


def test_its_own_column_in_place_of_the_other_one() -> None:
    """s = u.T @ h: ∂s/∂h is u, and h itself has the same shape."""
    made = drill(NET + "ask: [downstream: {of: s, wrt: h}, total: u, formula: {wrt: u, using: [u, h]}]")
    assert named(made, "downstream s h", h) == ("wrong", "matmul:own-input", "s")
    assert named(made, "total u", u) == ("wrong", "matmul:own-input", "s")
    assert verdict(made, "formula u", "u").mistake == "matmul:own-input"


def test_the_value_of_a_max_for_its_slope() -> None:
    made = drill("given: {y: 2.37, z: 0.41}\ngraph: {b: 'max(y, z)', f: b * 1.5}\nask: [local: {of: b, wrt: y}]")
    assert named(made, "local b y", 2.37) == ("wrong", "max:value-as-slope", "b")


def test_a_square_gradient_summed_over_its_rows_in_place_of_its_columns() -> None:
    made = drill(
        "given: {X: {shape: [3, 3], value: [[1.5, -0.5, 2.5], [0.7, 1.9, -1.1], [0.2, -1.3, 0.6]]},"
        " c: {shape: [3], value: [0.3, -0.4, 0.9]}}\n"
        "graph: {y: X * c, f: sum(exp(y))}\nask: [total: c]"
    )
    X, c = np.array([[1.5, -0.5, 2.5], [0.7, 1.9, -1.1], [0.2, -1.3, 0.6]]), np.array([0.3, -0.4, 0.9])
    shares = np.exp(X * c) * X
    assert named(made, "total c", shares.sum(axis=0))[0] == "right"
    assert named(made, "total c", shares.sum(axis=1)) == ("wrong", "broadcast:wrong-axis", "y")
