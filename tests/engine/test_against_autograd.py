"""Values and gradients agree with HIPS autograd: every op, and graphs put together at random."""

from collections.abc import Callable
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine import oracle
from tests.engine.cases import CASES, NAMES, PAIRS, number, seeds
from tutor.engine import REGISTRY, Graph
from tutor.engine.replay import cotangent_maps
from tutor.engine.unbroadcast import unbroadcast

LEFT_OUT = {
    **dict.fromkeys(("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"), "flat"),
    **dict.fromkeys(("stop_gradient", "straight_through"), "by design"),
}


def test_only_flat_ops_and_those_that_cheat_by_design_are_left_out() -> None:
    assert oracle.ORACLE.keys() | LEFT_OUT.keys() == REGISTRY.keys()


@pytest.mark.parametrize(
    ("name", "cases"),
    [pytest.param(name, case, id=id) for id, (name, case) in zip(NAMES, PAIRS, strict=True) if name not in LEFT_OUT],
)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_an_op_agrees_with_autograd(name: str, cases: Any, data: Any) -> None:
    case = data.draw(cases)
    inputs = [np.asarray(x) for x in case.inputs]
    up = number(case.rng.normal(size=np.shape(case.out)))
    np.testing.assert_allclose(case.out, oracle.value(case.op, inputs), rtol=1e-9, atol=1e-12)
    for i in case.differentiable():
        theirs = oracle.gradient(case.op, inputs, i, up)
        ours = unbroadcast(case.op.vjp(i, up, case.out, *case.inputs), np.shape(case.inputs[i]))
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
        whole = autograd.jacobian(lambda x, i=i: oracle.value(case.op, [*inputs[:i], x, *inputs[i + 1 :]]))(inputs[i])
        rows = np.reshape(whole, (np.size(case.out), inputs[i].size))
        np.testing.assert_allclose(case.op.jacobian(i, case.out, *case.inputs), rows, rtol=1e-9, atol=1e-9)


UNARY = ("tanh", "sigmoid", "relu", "softplus", "sin", "square", "neg", "gelu", "elu", "cos")
BINARY = ("add", "sub", "mul", "max", "min")
SHAPING = ("sum", "mean", "softmax", "log_softmax", "transpose", "matmul", "var", "cumsum", "stack", "dot")


class RandomGraph:
    """A graph of mixed shapes, and the same steps for autograd."""

    def __init__(self, seed: int, nodes: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.graph = Graph()
        self.numbers: dict[str, Any] = {}
        self.steps: list[tuple[Any, tuple[int, ...]]] = []
        self.shapes: list[tuple[int, ...]] = []
        n, m = (int(size) for size in self.rng.integers(2, 4, 2))
        for k, shape in enumerate([(), (n,), (m,), (n, m), (n, 1), (m, n)]):
            self.graph.input(f"x{k}")
            self.numbers[f"x{k}"] = number(self.rng.normal(size=shape))
            self.steps.append((None, ()))
            self.shapes.append(shape)
        while len(self.steps) < 6 + nodes:
            self.grow()
        self.close()

    def grow(self) -> None:
        pool = [UNARY, BINARY, SHAPING][self.rng.integers(3)]
        name = str(self.rng.choice(pool))
        count = {"matmul": 2, "dot": 2, "stack": 2}.get(name, 2 if name in BINARY else 1)
        # Recent nodes are likelier, and the same one may come twice.
        picked = tuple(int(max(len(self.steps) - 1 - self.rng.geometric(0.15), 0)) for _ in range(count))
        attributes: dict[str, Any] = {}
        if name in ("sum", "mean", "var") and self.shapes[picked[0]] and self.rng.random() < 0.5:
            attributes = {"axis": -1, "keepdims": bool(self.rng.random() < 0.5)}
        self.add(name, picked, attributes)

    def add(self, name: str, picked: tuple[int, ...], attributes: dict[str, Any]) -> None:
        from tutor.engine import ShapeError
        from tutor.engine.ops.op import operation

        op = operation(name, **attributes)
        try:
            shape = op.shape(*(self.shapes[j] for j in picked))
        except ShapeError:
            return
        if len(shape) <= 3 and np.prod(shape) <= 60:
            self.graph.apply(op, *picked, name=f"n{len(self.steps)}")
            self.steps.append((op, picked))
            self.shapes.append(shape)

    def close(self) -> None:
        used = {j for _, picked in self.steps for j in picked}
        ends = [j for j in range(6, len(self.steps)) if j not in used]
        self.upstream = {
            self.graph.names[j]: number(self.rng.normal(size=self.shapes[j])) for j in (ends or [len(self.steps) - 1])
        }
        self.ends = ends or [len(self.steps) - 1]

    def loss(self, *inputs: Any) -> Any:
        values: list[Any] = list(inputs)
        for op, picked in self.steps[6:]:
            values.append(oracle.value(op, [values[j] for j in picked]))
        return sum(anp.sum(self.upstream[self.graph.names[j]] * values[j]) for j in self.ends)

    def jacobian(self, of: int, wrt: int, values: list[Any]) -> Any:
        """(entries of one node, entries of an earlier one), all paths between them together."""

        def value(x: Any) -> Any:
            moved = [*values[:wrt], x, *values[wrt + 1 :]]
            for k, (op, picked) in enumerate(self.steps[wrt + 1 : of + 1], wrt + 1):
                moved[k] = values[k] if op is None else oracle.value(op, [moved[j] for j in picked])
            return moved[of]

        sizes = np.size(values[of]), np.size(values[wrt])
        return np.eye(*sizes) if of == wrt else np.reshape(autograd.jacobian(value)(np.asarray(values[wrt])), sizes)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=seeds, nodes=st.integers(5, 60))
def test_random_graphs_agree_with_autograd(seed: int, nodes: int) -> None:
    made = RandomGraph(seed, nodes)
    run = made.graph.run(made.numbers, made.upstream)
    inputs = [np.asarray(value) for value in made.numbers.values()]
    theirs = autograd.grad(made.loss, tuple(range(6)))(*inputs)
    for name, gradient in zip(made.numbers, theirs, strict=True):
        scale = max(1.0, float(np.max(np.abs(gradient))))
        np.testing.assert_allclose(run.gradients[name] / scale, gradient / scale, rtol=0, atol=1e-9)


@pytest.mark.filterwarnings("ignore:Output seems independent of input")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=seeds, nodes=st.integers(5, 25))
def test_jacobians_between_nodes_and_the_ways_of_replays_agree_with_autograd(seed: int, nodes: int) -> None:
    made = RandomGraph(seed, nodes)
    run = made.graph.run(made.numbers, made.upstream)
    wrt = int(made.rng.integers(len(made.steps)))
    ways = cotangent_maps(run, wrt)
    assert ways is not None
    for of in range(wrt, len(made.steps)):
        theirs = made.jacobian(of, wrt, run.node_values)
        scale = max(1.0, float(np.max(np.abs(theirs))))
        ours = run.jacobian(made.graph.names[of], made.graph.names[wrt])
        np.testing.assert_allclose(ours / scale, theirs / scale, rtol=0, atol=1e-9)
        if of in ways:
            way = ways[of] * np.eye(*theirs.T.shape) if np.ndim(ways[of]) == 0 else ways[of]
            np.testing.assert_allclose(way / scale, theirs.T / scale, rtol=0, atol=1e-9)


SHAPES = {"x": (3,), "y": (4,), "A": (4, 3), "B": (3, 3), "c": ()}
LINES: list[tuple[str, Callable[..., Any]]] = [
    ("tanh(A @ x + y)", lambda A, x, y: anp.tanh(anp.dot(A, x) + y)),
    ("sum(tanh(A) @ B)", lambda A, B: anp.sum(anp.dot(anp.tanh(A), B))),
    ("(x.T @ B) * x", lambda a, B, b: anp.dot(a, B) * b),
    ("c * (A - mean(A, axis=0))", lambda c, a, b: c * (a - anp.mean(b, axis=0))),
    ("outer(y, x)^2 / (1 + A * A)", lambda y, x, a, b: anp.outer(y, x) ** 2 / (1 + a * b)),
    ("exp(c) * softmax(x)[1:]", lambda c, x: anp.exp(c) * (anp.exp(x) / anp.sum(anp.exp(x)))[1:]),
    ("x - sum(y) * c", lambda x, y, c: x - anp.sum(y) * c),
    ("mean(A, axis=1) @ (A @ B)", lambda a, b, B: anp.dot(anp.mean(a, axis=1), anp.dot(b, B))),
]


@pytest.mark.parametrize(("formula", "function"), LINES, ids=[formula for formula, _ in LINES])
def test_the_jacobian_of_a_line_for_each_slot_agrees_with_autograd(formula: str, function: Callable[..., Any]) -> None:
    rng = np.random.default_rng(5)
    graph = Graph.parse({"h": formula})
    numbers = {name: number(rng.normal(size=SHAPES[name])) for name in graph.inputs}
    shape = np.shape(function(*(numbers[slot.source] for slot in graph.lines["h"].slots)))
    run = graph.run(numbers, {"h": number(rng.normal(size=shape))})
    values = [np.asarray(numbers[slot.source]) for slot in graph.lines["h"].slots]
    for k, slot in enumerate(graph.lines["h"].slots):
        theirs = autograd.jacobian(function, k)(*values).reshape(-1, values[k].size)
        np.testing.assert_allclose(run.jacobian_along(slot.chain), theirs, rtol=1e-9, atol=1e-12)


def test_no_case_is_forgotten() -> None:
    assert {name for name, _ in PAIRS} == set(CASES)
