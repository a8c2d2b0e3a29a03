"""Convention and shape come before value: what is right in the other one, read as a column, turned, or squeezed.

The oracle is NumPy, written out for s = uᵀ tanh(W x + b): δ = u ∘ (1 - h²), ds/db = δ, ds/dW = δ xᵀ, ds/dx = Wᵀ δ.
"""

from typing import Any

import numpy as np
import pytest

from tests.checking.every_kind import CONVENTIONS, every_kind
from tests.checking.lessons import NET, drill, judged, verdict
from tutor.drill.question import Drill, GradientQuestion
from tutor.text import say

x = np.array([[2.0], [-1.0]])
W = np.array([[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]])
b = np.array([[0.1], [-0.3], [0.2]])
u = np.array([[2.0], [-3.0], [1.0]])
h = np.tanh(W @ x + b)
slope = 1 - h**2
delta = u * slope
to_w = delta @ x.T
to_x = W.T @ delta


def typed(array: Any) -> str:
    """An array as a learner types it, to four decimals."""
    array = np.asarray(array)
    return "[" + ", ".join(typed(item) for item in array) + "]" if array.ndim else f"{array:.4f}"


SHAPE = drill(NET + "ask: [total: [b], total: [W], total: [x], local: {of: h, wrt: z}, local: {of: s, wrt: h}]")
JACOBIAN = drill(NET + "convention: jacobian\nask: [total: b, total: W, downstream: {of: s, wrt: h}]")
RIGHT = ("right", None)


def test_a_gradient_has_the_shape_of_its_variable() -> None:
    assert judged(SHAPE, "total b", typed(delta)) == RIGHT
    assert judged(SHAPE, "total W", typed(to_w)) == RIGHT
    assert judged(SHAPE, "total x", typed(to_x)) == RIGHT


@pytest.mark.parametrize(("id", "array"), [("total b", delta), ("total W", to_w), ("total x", to_x)])
def test_the_row_of_the_jacobian_is_right_but_in_the_other_convention(id: str, array: Any) -> None:
    found = verdict(SHAPE, id, typed(array.reshape(1, -1)))
    assert (found.kind, found.mistake, found.free) == ("right-but", "jacobian-form", True)


def test_in_jacobian_form_it_is_the_other_way_round() -> None:
    assert judged(JACOBIAN, "total b", typed(delta.T)) == RIGHT
    assert judged(JACOBIAN, "total W", typed(to_w.reshape(1, 6))) == RIGHT
    assert judged(JACOBIAN, "downstream s h", typed(u.T)) == RIGHT
    assert judged(JACOBIAN, "total b", typed(delta)) == ("right-but", "shape-form")
    assert judged(JACOBIAN, "total W", typed(to_w)) == ("right-but", "shape-form")
    assert judged(JACOBIAN, "downstream s h", typed(u)) == ("right-but", "shape-form")


def test_wrong_numbers_in_the_other_convention_are_no_more_than_a_wrong_shape() -> None:
    assert judged(SHAPE, "total b", typed(2 * delta.T)) == ("wrong-shape", None)
    assert judged(JACOBIAN, "total W", typed(2 * to_w)) == ("wrong-shape", None)


def test_an_elementwise_local_gradient_is_a_vector_or_its_diagonal_matrix() -> None:
    assert judged(SHAPE, "local h z", typed(slope)) == RIGHT
    assert judged(SHAPE, "local h z", typed(np.diag(slope.ravel()))) == RIGHT
    assert judged(SHAPE, "local h z", typed(np.diag(slope.ravel()) + 0.1)) == ("wrong-shape", None)
    assert judged(SHAPE, "local h z", "1 - h^2") == RIGHT
    assert judged(SHAPE, "local h z", "diag(1 - h^2)") == RIGHT


def test_of_a_diagonal_matrix_the_wrong_entries_are_marked_on_the_diagonal() -> None:
    found = verdict(SHAPE, "local h z", typed(np.diag([slope[0, 0], slope[1, 0], 0.1])))
    assert (found.kind, found.wrong_entries) == ("wrong", ((2, 2),))
    assert judged(SHAPE, "local h z", "diag(1 - h)") == ("wrong", "tanh:square-forgotten")


def test_another_local_gradient_is_the_jacobian_and_its_transpose_right_but() -> None:
    assert judged(SHAPE, "local s h", typed(u.T)) == RIGHT
    assert judged(SHAPE, "local s h", typed(u)) == ("right-but", "jacobian:transposed")


def test_a_whole_jacobian_turned_is_right_but() -> None:
    net = drill(NET + "ask: [jacobian: {of: z, wrt: x}, jacobian: {of: h, wrt: x}, jacobian: {of: z, wrt: W}]")
    assert judged(net, "jacobian z x", typed(W)) == RIGHT
    assert judged(net, "jacobian z x", "W") == RIGHT
    assert judged(net, "jacobian z x", typed(W.T)) == ("right-but", "jacobian:transposed")
    assert judged(net, "jacobian h x", typed(slope * W)) == RIGHT
    assert judged(net, "jacobian h x", typed((slope * W).T)) == ("right-but", "jacobian:transposed")
    # z_i depends on row i of W alone: the Jacobian is block-diagonal, xᵀ in each block
    assert judged(net, "jacobian z W", typed(np.kron(np.eye(3), x.T))) == RIGHT


def test_a_flat_list_is_read_as_the_column_asked_for() -> None:
    found = verdict(SHAPE, "total b", typed(delta.ravel()))
    assert (found.kind, found.message.id) == ("right", "checking.right-read-as")
    assert judged(SHAPE, "local h z", typed(slope.ravel())) == RIGHT
    assert judged(JACOBIAN, "total b", typed(delta.ravel())) == RIGHT
    wrong = verdict(SHAPE, "total b", typed(delta.ravel() * np.array([1, 1, 1.2])))
    assert (wrong.kind, wrong.wrong_entries) == ("wrong", ((2, 0),))


def test_a_flat_list_is_not_read_as_a_matrix() -> None:
    assert verdict(SHAPE, "total W", typed(to_w.ravel())).kind == "wrong-shape"


def test_a_flat_list_is_refused_where_shapes_are_the_point() -> None:
    strict = drill(NET + "strict: true\nask: [total: b]")
    assert judged(strict, "total b", typed(delta.ravel())) == ("wrong-shape", "keepdims")
    own = drill(NET + "ask: [total: {wrt: b, convention: shape}]")
    assert judged(own, "total b", typed(delta.ravel())) == ("wrong-shape", "keepdims")
    assert judged(own, "total b", typed(delta)) == RIGHT


def test_a_formula_that_gives_a_flat_array_is_not_read_as_a_column() -> None:
    vector = drill("given: {x: [1.5, 2.5], w: [[2], [3]]}\ngraph: {f: sum(w * w) + sum(x)}\nask: [total: w]")
    assert verdict(vector, "total w", "4 * x - 2").kind == "wrong-shape"


def test_a_number_will_do_for_an_array_of_one_entry() -> None:
    one = drill("given: {w: [[1.7]], v: [0.3]}\ngraph: {f: sum(w * w) + sum(v * v)}\nask: [total: w, total: v]")
    for id, number in (("total w", "3.4"), ("total v", "0.6")):
        assert judged(one, id, number) == RIGHT
        assert judged(one, id, f"[{number}]") == RIGHT


def test_a_list_of_one_is_an_axis_too_many_for_a_number() -> None:
    circuit = drill("given: {x: 1.3, y: 2.7}\ngraph: {f: x * y}")
    found = verdict(circuit, "local f x", "[2.7]")
    assert (found.kind, found.mistake, found.free) == ("wrong-shape", "keepdims", True)
    assert judged(circuit, "local f x", "[2.9]") == ("wrong-shape", None)
    assert judged(circuit, "local f x", "[2.7, 1]") == ("wrong-shape", None)


@pytest.mark.parametrize(
    ("id", "array", "mistake"),
    [
        ("total W", to_w.T, "transposed"),
        ("total W", 2 * to_w.T, None),
        ("total b", delta.reshape(1, 3, 1), "keepdims"),
        ("total W", to_w.reshape(3, 2, 1), "keepdims"),
        ("total b", delta.ravel()[:2], None),
        ("total W", to_w[:, :1], None),
        ("total b", np.float64(0.5), None),
    ],
)
def test_a_wrong_shape_is_named_and_costs_nothing(id: str, array: Any, mistake: str | None) -> None:
    found = verdict(SHAPE, id, typed(array))
    assert (found.kind, found.mistake, found.free) == ("wrong-shape", mistake, True)


def test_broadcasting_makes_no_wrong_shape_right() -> None:
    """ds/dx of a sum is one 1 for every entry; a single 1, or a row of them, would broadcast to it."""
    ones = drill("given: {x: [[1.5], [2.5], [4.5]]}\ngraph: {s: sum(x)}\nask: [total: x]")
    assert judged(ones, "total x", "[[1], [1], [1]]") == RIGHT
    assert judged(ones, "total x", "ones(x)") == RIGHT
    for number in ("1", "[[1]]", "[1]"):
        assert verdict(ones, "total x", number).kind == "wrong-shape"


@pytest.mark.parametrize(
    ("formula", "edit", "asked"),
    [
        ("dz @ x", "x -> x.T", "checking.misfit"),
        ("dz * x", "x -> x.T", "checking.misfit"),
        ("x.T @ dz", "x.T @ dz -> dz @ x.T", "checking.misfit-order"),
        ("dz.T @ x.T", "dz.T -> dz", "checking.misfit"),
        ("x @ dz", None, "checking.misfit"),
        ("W @ dz", None, "checking.misfit"),
    ],
)
def test_parts_that_do_not_fit_are_a_wrong_shape_and_cost_nothing(formula: str, edit: str | None, asked: str) -> None:
    """The message asks for the turn that helps, with the actual sizes; what to say next time tells it."""
    net = drill(NET + "ask: [total: z, total: W]")
    found = verdict(net, "total W", formula)
    assert (found.kind, found.free, found.message.id, found.edit) == ("wrong-shape", True, asked, edit)
    assert found.span is not None
    assert "(3, 2)" in say(found.message, "en")
    assert (found.told is None) == (edit is None)


def test_the_sizes_that_differ_are_said_and_which_factor_to_turn_is_not() -> None:
    net = drill(NET + "ask: [total: z, total: W]")
    found = verdict(net, "total W", "dz @ x")
    assert say(found.message, "en") == (
        "(3, 1) @ (2, 1): inner sizes 1 and 2 differ. ∂s/∂W must be (3, 2): which of them needs a transpose?"
    )
    assert found.told is not None
    assert say(found.told, "en") == "One .T away, on x. (3, 1) @ (2, 1): inner sizes 1 and 2 differ."


LOSS = drill(
    "sizes: {N: 3, C: 2}\n"
    "given: {s: {shape: [N, C], value: [[0.5, -1.2], [2.1, 0.3], [-0.7, 1.4]]}, y: {shape: [N], labels: C}}\n"
    "graph: {L: 'cross_entropy(s, y)'}\n"
    "ask: [local: {of: L, wrt: s}, jacobian: {of: L, wrt: s}, formula: {of: L, wrt: s}]"
)


@pytest.mark.parametrize("id", ["local L s", "jacobian L s"])
def test_the_jacobian_of_one_output_is_understood_in_the_shape_of_its_variable(id: str) -> None:
    run = LOSS.parts[0].run
    s, y = np.asarray(run.values["s"]), np.asarray(run.values["y"]).astype(int)
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    slope = (p - np.eye(2)[y]) / 3
    assert judged(LOSS, id, typed(slope.reshape(1, 6))) == RIGHT
    assert judged(LOSS, id, typed(slope)) == ("right-but", "shape-form")
    assert judged(LOSS, id, typed(slope.reshape(6, 1))) == ("right-but", "jacobian:transposed")
    assert judged(LOSS, id, typed(slope.reshape(2, 3)))[0] == "wrong-shape"


def test_as_a_formula_too() -> None:
    p = "(softmax(s) - onehot(y, C)) / N"
    assert judged(LOSS, "formula L s", p) == ("right-but", "shape-form")
    assert judged(LOSS, "formula L s", f"reshape({p}, [1, N * C])") == RIGHT
    assert judged(LOSS, "formula L s", "softmax(s) / N")[0] == "wrong-shape"


@pytest.mark.parametrize(("formula", "advice"), [("Wᵀ · dz", "matrix product is written @"), ("dz * dz @ x.T", None)])
def test_where_a_matrix_product_would_fit_it_is_said_how_it_is_written(formula: str, advice: str | None) -> None:
    net = drill(NET + "ask: [total: z, formula: {wrt: x}]")
    found = verdict(net, "formula x", formula)
    assert (found.kind, found.free) == ("wrong-shape", True)
    assert (advice or "which of them") in say(found.message, "en") or advice is None


def test_an_answer_of_a_thousand_numbers_is_read() -> None:
    wide = drill(
        "sizes: {n: 25, m: 40}\ngiven: {W: {shape: [n, m], normal: 1}, T: {shape: [n, m], normal: 1}}\n"
        "graph: {f: sum(W * T * T)}\nask: [total: W]"
    )
    assert len(wide.by_id["total W"].typed or "") > 4_500
    assert judged(wide, "total W", wide.by_id["total W"].typed or "") == RIGHT


def gradients(made: Drill) -> list[GradientQuestion]:
    """The questions that are answered with the numbers of a gradient."""
    asked = [each for each in made.questions if isinstance(each, GradientQuestion)]
    return [each for each in asked if each.kind not in ("shape", "formula")]


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_whatever_gradient_is_asked_the_other_convention_is_understood(convention: str) -> None:
    made = every_kind(convention)
    other = every_kind(next(each for each in CONVENTIONS if each != convention))
    mistake = "jacobian-form" if convention == "shape" else "shape-form"
    seen = 0
    for question in gradients(made):
        expected = np.asarray(other.by_id[question.id].expected)  # type: ignore[attr-defined]
        # In Jacobian form the gradient of a vector, typed as one, is a row that was typed flat.
        if expected.shape == question.shape or (convention == "jacobian" and expected.ndim == 1):
            continue
        seen += 1
        exactly = np.array2string(expected, separator=", ", precision=12, threshold=10_000)
        assert judged(made, question.id, exactly) == ("right-but", mistake), question.id
    assert seen >= 8


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_whatever_gradient_is_asked_a_flat_list_is_read_as_its_row_or_column(convention: str) -> None:
    made = every_kind(convention)
    for question in gradients(made):
        flat = "[" + ", ".join(f"{entry:.12g}" for entry in np.ravel(question.expected)) + "]"
        if question.shape != ():
            line = len(question.shape) == 1 or 1 in question.shape
            assert verdict(made, question.id, flat).kind == ("right" if line else "wrong-shape"), question.id


def test_several_variables_in_one_list_are_not_said_to_be_like_one_of_them() -> None:
    several = drill(NET + "ask: [{total: {wrt: [x, b]}}]")
    said = say(verdict(several, "total x b", "[1, 2]").message, "en")
    assert "must be (5,), with the entries of x, b one after another, and yours is (2,)" in said
