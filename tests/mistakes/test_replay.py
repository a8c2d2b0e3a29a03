"""A slip replayed is what a whole backward pass with that slip gives, at every place that can be asked about."""

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from tutor.engine import REGISTRY, EngineError, Graph, Run
from tutor.engine.replay import AtNode, AtOp, replay

Rule = Callable[..., Any]
Edge = tuple[int, int]


def column(*entries: float) -> Any:
    return np.array(entries)[:, None]


NUMBERS = {
    "x": column(1.3, -0.7),
    "W": np.array([[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]]),
    "b": column(0.1, -0.3, 0.2),
    "u": column(2.0, -3.0, 1.0),
    "c": np.float64(1.7),
}
# Forks, a name used twice in a line, broadcasting, lines of several ops, and a kink.
LINES = {
    "z": "W @ x + b",
    "h": "tanh(z) * c + relu(z)",
    "q": "h * h - z / (1 + exp(b))",
    "s": "u.T @ q",
    "t": "sum(max(q, h)) * c",
    "f": "sum(s) + t * t / 2",
}


def in_autograd(x: Any, W: Any, b: Any, u: Any, c: Any) -> Any:
    z = anp.dot(W, x) + b
    h = anp.tanh(z) * c + anp.maximum(z, 0.0)
    q = h * h - z / (1 + anp.exp(b))
    s = anp.sum(anp.dot(u.T, q))
    t = anp.sum(anp.maximum(q, h)) * c
    return s + t * t / 2


@pytest.fixture(scope="module")
def run() -> Run:
    return Graph.parse(LINES).run(NUMBERS)


def fold(gradient: Any, shape: tuple[int, ...]) -> Any:
    """Sum back what broadcasting has stretched."""
    gradient = np.asarray(gradient, dtype=float)
    if gradient.ndim == 0:
        return np.broadcast_to(gradient, shape)
    if gradient.ndim < len(shape):
        raise ValueError(gradient.shape)
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    if gradient.shape != shape:
        raise ValueError(gradient.shape)
    return gradient


def backward(run: Run, slips: dict[Edge, Rule]) -> tuple[list[Any], dict[Edge, Any]]:
    """The whole backward pass, node by node from the last, with wrong rules at some edges."""
    graph = run.graph
    totals: list[Any] = [np.zeros(np.shape(value)) for value in run.node_values]
    shares: dict[Edge, Any] = {}
    totals[graph.find("f")] = np.float64(1.0)
    for node in reversed(range(len(graph.ops))):
        op = graph.ops[node]
        if op is None:
            continue
        inputs = [run.node_values[j] for j in graph.arguments[node]]
        for k, j in enumerate(graph.arguments[node]):
            rule = slips.get((node, k), lambda op, *rest: op.vjp(*rest))
            made = rule(op, k, totals[node], run.node_values[node], *inputs)
            shares[node, k] = fold(made, np.shape(run.node_values[j]))
            totals[j] = totals[j] + shares[node, k]
    return totals, shares


def test_backward_without_a_slip_is_autograds(run: Run) -> None:
    totals, _ = backward(run, {})
    for place, name in enumerate(("x", "W", "b", "u", "c")):
        expected = grad(in_autograd, place)(*(np.asarray(NUMBERS[n], dtype=float) for n in ("x", "W", "b", "u", "c")))
        np.testing.assert_allclose(totals[run.graph.find(name)], expected, rtol=1e-10)
        np.testing.assert_allclose(run.gradients[name], expected, rtol=1e-10)


def planted(run: Run) -> list[tuple[str, Edge, Rule]]:
    return [
        (f"{op.name}:{slip}", (node, k), rule)
        for node, op in enumerate(run.graph.ops)
        if op is not None
        for k in range(len(run.graph.arguments[node]))
        for slip, rule in op.slips.items()
    ]


@pytest.mark.parametrize("walked", [False, True], ids=["by matrices", "walked"])
def test_a_replayed_slip_is_that_of_a_whole_backward_pass(
    run: Run, walked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every slip of every op at every edge, seen from every node and every edge below or beside it."""
    if walked:  # as where the matrices would be large
        monkeypatch.setattr("tutor.engine.replay.cotangent_maps", lambda run, target: None)
    compared = changed = 0
    for id, edge, rule in planted(run):
        plants = [AtOp(edge[0], rule, edge[1])]
        if edge not in run.edge_downstream:
            continue
        try:
            totals, shares = backward(run, {edge: rule})
        except (EngineError, ValueError):
            with pytest.raises(EngineError):
                replay(run, plants, run.graph.arguments[edge[0]][edge[1]])
            continue
        for name in (*run.graph.inputs, *run.graph.lines):
            node = run.graph.find(name)
            np.testing.assert_allclose(replay(run, plants, node), totals[node], rtol=1e-9, atol=1e-12, err_msg=id)
            changed += not np.allclose(totals[node], run.total(node))
            compared += 1
        for asked in run.edge_downstream:
            np.testing.assert_allclose(replay(run, plants, asked), shares[asked], rtol=1e-9, atol=1e-12, err_msg=id)
            compared += 1
    assert compared > 1000
    assert changed > 100


def test_two_slips_replayed_together(run: Run) -> None:
    found = [each for each in planted(run) if each[1] in run.edge_downstream]
    for first, second in zip(found, found[7:], strict=False):
        if first[1] == second[1]:
            continue
        slips = {first[1]: first[2], second[1]: second[2]}
        try:
            totals, _ = backward(run, slips)
        except (EngineError, ValueError):
            continue
        plants = [AtOp(edge[0], rule, edge[1]) for edge, rule in slips.items()]
        for name in run.graph.inputs:
            node = run.graph.find(name)
            np.testing.assert_allclose(replay(run, plants, node), totals[node], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("walked", [False, True], ids=["by matrices", "walked"])
def test_a_slip_at_a_fork_is_made_before_one_at_the_op_below_it(walked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """h is used twice; who averages what comes back from both sends 1 - h for 1 - h² of that, not of the sum."""
    if walked:
        monkeypatch.setattr("tutor.engine.replay.cotangent_maps", lambda run, target: None)
    z = column(0.7, -1.1)
    run = Graph.parse({"h": "tanh(z)", "f": "sum(h * h * h + 3 * h)"}).run({"z": z})
    h = np.tanh(z)
    node = run.graph.find("h")
    averaged = AtNode(node, lambda shares: sum(share for _, share in shares) / len(shares))
    forgotten = AtOp(node, REGISTRY["tanh"].slips["square-forgotten"], 0)
    uses = len(run.graph.consumers[node])
    wrong = (3 * h**2 + 3) / uses * (1 - h)
    for plants in ([averaged, forgotten], [forgotten, averaged]):
        np.testing.assert_allclose(replay(run, plants, run.graph.find("z")), wrong, rtol=1e-12)
