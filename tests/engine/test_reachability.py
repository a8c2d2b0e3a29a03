"""What a gate has cut off sends nothing back, whatever stands there: against autograd with a harmless number inside."""

from collections.abc import Callable
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from tutor.engine import Graph, Run
from tutor.engine.code import as_code
from tutor.engine.function_table import function_table
from tutor.engine.gradient_formulas import downstream_formula
from tutor.engine.numeric_gradient import numeric_gradient
from tutor.engine.replay import AtOp, replay
from tutor.expr import EvaluationError, evaluate
from tutor.expr.tree import Gradient

Value = Callable[[Any], Any]


def safe(x: Any, taken: Any, f: Value, otherwise: Any = 0.0, harmless: float = 1.0) -> Any:
    """`f(x)` where taken, and f is never shown another x: the "double where"."""
    return anp.where(taken, f(anp.where(taken, x, harmless)), otherwise)


# The formula of y, an x with entries beyond what it is defined for, and the same for autograd.
CASES: list[tuple[str, list[float], Value]] = [
    ("where(x > 0, sqrt(x), 0)", [4.0, -1.0, 0.0, 2.0], lambda x: safe(x, x > 0, anp.sqrt)),
    ("where(x <= 0, 3 * x, log(x))", [4.0, -1.0, 0.0], lambda x: safe(x, x > 0, anp.log, 3 * x)),
    ("where(x != 0, sin(x) / x, 1)", [0.5, 0.0], lambda x: safe(x, x != 0, lambda v: anp.sin(v) / v, 1.0)),
    ("where(x > 0, x * log(x), x^2)", [0.5, 0.0, -2.0], lambda x: safe(x, x > 0, lambda v: v * anp.log(v), x**2)),
    ("where(x > 0, where(x > 2, sqrt(x - 2), 1 / x), 0)", [4.0, 1.0, 0.0, -1.0, 2.0], None),
    ("max(log(x), -1)", [4.0, 0.0], lambda x: safe(x, x > 0, anp.log, -1.0)),
    ("min(1 / x, 2)", [0.0, 3.0], lambda x: safe(x, x > 0, lambda v: 1 / v, 2.0)),
    ("clip(log(x), -5, 5)", [4.0, 0.0], lambda x: safe(x, x > 0, anp.log, -5.0)),
    ("relu(sqrt(x) - 1)", [4.0, 0.0], lambda x: safe(x, x > 1, lambda v: anp.sqrt(v) - 1)),
    ("relu(log(x))^2", [4.0, 0.0, 0.5], lambda x: safe(x, x > 1, anp.log) ** 2),
    ("(x > 0) * sqrt(x)", [4.0, 0.0], lambda x: safe(x, x > 0, anp.sqrt)),
    ("dropout(sqrt(x), [1, 0], keep=0.5)", [4.0, 0.0], lambda x: safe(x, x > 0, anp.sqrt) * 2),
    ("stop_gradient(sqrt(x)) + x", [4.0, 0.0], lambda x: x),
    ("sqrt(x)[1:]", [0.0, 4.0, 9.0], lambda x: anp.sqrt(x[1:])),
    ("amax(log(x))", [0.0, 4.0, 2.0], lambda x: anp.log(x[1])),
    ("where([1, 0, 1], cumsum(where(x > 0, log(x), 0)), 0)", [2.0, -1.0, 3.0], None),
    ("where(x > 0, exp(x) / exp(x - 1), 1)", [-1000.0, 2.0], None),
    ("where(x > 0, softmax(log(x)), 0) + where(x > 0, x^x, 0)", [2.0, 3.0], None),
]


def _nested(x: Any) -> Any:
    return safe(x, x > 0, lambda v: safe(v, v > 2, lambda w: anp.sqrt(w - 2), 1 / v, 3.0))


def _summed(x: Any) -> Any:
    return anp.array([1.0, 0.0, 1.0]) * anp.cumsum(safe(x, x > 0, anp.log))


OTHERS: dict[int, Value] = {
    4: _nested,
    15: _summed,
    16: lambda x: safe(x, x > 0, lambda v: anp.exp(v) / anp.exp(v - 1), 1.0),
    17: lambda x: x / anp.sum(x) + x**x,
}
EVERY = pytest.mark.parametrize(
    ("formula", "x", "other"),
    [(formula, x, other or OTHERS[k]) for k, (formula, x, other) in enumerate(CASES)],
    ids=[formula for formula, _, _ in CASES],
)


def made(formula: str, x: list[float]) -> tuple[Run, Any]:
    graph = Graph.parse({"y": formula}, inputs=["x"])
    shape = np.shape(Graph.parse({"y": formula, "s": "sum(y)"}, inputs=["x"]).run({"x": x}).values["y"])
    up = np.random.default_rng(3).uniform(0.5, 1.5, shape)[()]
    return graph.run({"x": x}, {"y": up}), up


@EVERY
def test_gradients_and_values_are_those_of_a_double_where(formula: str, x: list[float], other: Value) -> None:
    run, up = made(formula, x)
    if "stop_gradient" not in formula:
        np.testing.assert_allclose(run.values["y"], other(np.array(x)), rtol=1e-12)
    theirs = autograd.grad(lambda v: anp.sum(up * other(v)))(np.array(x))
    np.testing.assert_allclose(run.gradients["x"], theirs, rtol=1e-9, atol=1e-12)
    for edge, share in run.edge_downstream.items():
        seen = run.reachable_entries(run.graph.arguments[edge[0]][edge[1]])
        assert np.all(np.where(seen, np.isfinite(share), share == 0)), edge


@EVERY
def test_jacobians_tangents_and_replays_agree_with_the_gradients(formula: str, x: list[float], other: Value) -> None:
    run, up = made(formula, x)
    gradient = run.gradients["x"]
    np.testing.assert_allclose(np.ravel(up) @ run.jacobian("y", "x"), gradient, rtol=1e-9, atol=1e-12)
    along_line = sum(np.ravel(up) @ run.jacobian_along(slot.chain)[:, : len(x)] for slot in run.graph.lines["y"].slots)
    np.testing.assert_allclose(along_line, gradient, rtol=1e-9, atol=1e-12)
    for k in range(len(x)):
        unit = np.eye(len(x))[k]
        np.testing.assert_allclose(np.sum(up * run.tangents({"x": unit})["y"]), gradient[k], rtol=1e-9, atol=1e-12)
    # A slip that is none changes nothing.
    for node, op in enumerate(run.graph.ops):
        if op is not None:
            right = AtOp(node, lambda op, *each: op.vjp(*each))
            np.testing.assert_allclose(replay(run, [right], run.graph.index["x"]), gradient, rtol=1e-9, atol=1e-12)


def test_what_a_line_leaves_undefined_stays_so_where_it_is_asked_about_alone() -> None:
    run = Graph.parse({"s": "sqrt(x)", "y": "where(x > 0, s, 0)", "f": "sum(y)"}).run({"x": [4.0, -1.0]})
    assert run.gradients["x"].tolist() == [0.25, 0]
    assert run.gradients["s"].tolist() == [1, 0]
    assert run.local["s", "x"][0] == 0.25
    assert np.isnan(run.local["s", "x"][1])
    assert run.reachable_entries(run.graph.index["s"]).tolist() == [True, False]


def test_rows_that_a_mask_hides_reach_neither_weights_nor_inputs() -> None:
    lines = {"h": "log(X) @ W", "f": "sum(where(m, h, 0))"}
    numbers = {"X": [[1.0, 2.0], [-1.0, 3.0]], "W": [[1.0, 2.0], [3.0, 4.0]], "m": [[1.0, 1.0], [0.0, 0.0]]}
    run = Graph.parse(lines).run(numbers)
    np.testing.assert_allclose(run.gradients["W"], np.outer(np.log([1.0, 2.0]), [1, 1]), atol=1e-12)
    np.testing.assert_allclose(run.gradients["X"], [[3, 3.5], [0, 0]])


@pytest.mark.parametrize(
    ("formula", "x"),
    [("sqrt(x)^2", 0.0), ("where(x >= 0, sqrt(x)^2, 0)", 0.0), ("sqrt(x) * x", 0.0), ("where(x < 0, 1, sqrt(x))", 0.0)],
)
def test_zero_by_chance_times_infinity_is_still_no_number(formula: str, x: float) -> None:
    """Of sqrt(x)^2 the slope at 0 is 1, not the 0 that 0 times infinity would be if it were 0 everywhere."""
    assert not np.isfinite(Graph.parse({"f": formula}).run({"x": x}).gradients["x"]) or formula == "sqrt(x) * x"


def test_the_formula_holds_where_the_branch_is_not_taken() -> None:
    run, up = made("where(x > 0, sqrt(x), 0)", [4.0, -1.0])
    (slot,) = [slot for slot in run.graph.lines["y"].slots if slot.label == "x#1"]
    tree = downstream_formula(run, slot.chain, Gradient(None, "y"))
    assert tree is not None
    names = {"x": run.values["x"], "dy": up}
    np.testing.assert_allclose(evaluate(tree, names, function_table()), run.gradients["x"])


def test_a_branch_that_is_not_taken_may_be_undefined_in_an_answer() -> None:
    from tutor.expr import Scope, parse

    scope = Scope(functions=frozenset({"where", "sqrt", "log"}))
    names = {"x": np.array([4.0, -1.0])}
    assert evaluate(parse("where(x > 0, sqrt(x), 0)", scope), names, function_table()).tolist() == [2, 0]
    for text in ("where(x > -2, sqrt(x), 0)", "sqrt(x) * (x > 0)", "where(log(x) > 0, x, 0)"):
        with pytest.raises(EvaluationError):
            evaluate(parse(text, scope), names, function_table())


def test_nudges_agree_where_nothing_is_defined_beside_the_branch() -> None:
    graph = Graph.parse({"f": "sum(where(x > 0, sqrt(x), 0))"})
    numbers = {"x": [4.0, -1.0, 0.25]}
    np.testing.assert_allclose(numeric_gradient(graph, numbers, "x"), graph.run(numbers).gradients["x"], rtol=1e-6)


@pytest.mark.parametrize(
    ("formula", "x"),
    [
        ("where(x > 0, log(x), 0)", [4.0, -3.0]),
        ("where(x > 0, x * log(x), x)", -2.0),
        ("where(x < 1, x, log(-x))", 0.5),
    ],
)
def test_a_value_that_is_undefined_is_cut_off_though_its_slope_is_a_number(formula: str, x: Any) -> None:
    """1/x of log(x) is finite at -3, where the logarithm is not defined."""
    run = Graph.parse({"y": formula, "f": "sum(y * y)"}).run({"x": x})
    undefined = [node for node, value in enumerate(run.node_values) if not np.all(np.isfinite(value))]
    assert undefined
    for node in undefined:
        np.testing.assert_array_equal(run.reachable_entries(node), np.isfinite(run.node_values[node]))
        assert np.all(np.isfinite(run.without_unreachable(node)))
    assert np.all(np.isfinite(run.gradients["x"]))


@pytest.mark.parametrize(("x", "noted"), [([4.0, -1.0], True), ([4.0, 1.0], False)])
def test_code_that_makes_nan_of_what_is_cut_off_says_so(x: list[float], noted: bool) -> None:
    source = as_code(Graph.parse({"r": "sqrt(x)", "y": "where(x > 0, r, 0)", "f": "sum(y)"}).run({"x": x}))
    made: dict[str, Any] = {}
    exec(source, made)
    with np.errstate(all="ignore"):
        _, found = made["forward_backward"](np.array(x))
    assert bool(np.isnan(found["x"]).any()) is noted
    assert ("a gate looks away" in source) is noted
