"""A replay with planted slips gives what a whole backward pass with those slips would give."""

from typing import Any

import numpy as np
import pytest

from tutor.engine import Graph, NotComputableError, Run
from tutor.engine.replay import MOST_KEPT, AtEdge, AtNode, AtOp, Plant, replay, unbroadcast_slip
from tutor.engine.run import zeros

NUMBERS = np.random.default_rng(7)


def net() -> Run:
    """Broadcasting, forks, a name used twice, an op with the same input twice, inner ops."""
    graph = Graph.parse(
        {
            "z": "x @ W + b",
            "h": "tanh(z) * c",
            "q": "relu(h) + h * h",
            "p": "softmax(q @ V, axis=1)",
            "m": "max(p, 0.3)",
            "r": "mean(m * p, axis=0, keepdims=true)",
            "L": "sum(r - r^3) + c * sum(h[0])",
        }
    )
    shapes = {"x": (4, 3), "W": (3, 2), "b": (2,), "c": (), "V": (2, 5)}
    return graph.run({name: NUMBERS.normal(size=shape) for name, shape in shapes.items()})


def circuit() -> Run:
    graph = Graph.parse({"a": "x + y", "b": "max(y, z)", "c": "a * b + y", "d": "a / c - b", "f": "c * d + sigmoid(d)"})
    return graph.run({"x": 1.3, "y": -0.7, "z": 0.4})


def naive(run: Run, plants: list[Plant]) -> tuple[list[Any], dict[Any, Any]]:
    """The whole of backward with the slips in it, written out."""
    graph = run.graph
    tracked = run.plan.tracked
    totals: list[Any] = [None] * len(run.shapes)
    down: dict[Any, Any] = {}

    def total(node: int) -> Any:
        return zeros(run.shapes[node]) if totals[node] is None else totals[node]

    for node in range(len(run.shapes) - 1, -1, -1):
        shares = [(edge, down[edge]) for edge in graph.consumers[node] if edge in down]
        if node in run.seeds:
            shares.insert(0, ((node, -1), run.seeds[node]))
        at_node = [plant for plant in plants if isinstance(plant, AtNode) and plant.node == node]
        if at_node:
            totals[node] = unbroadcast_slip(at_node[0].slip(shares), run.shapes[node])
        elif shares:
            totals[node] = sum(share for _, share in shares)
        if graph.ops[node] is None or totals[node] is None:
            continue
        for k, j in enumerate(graph.arguments[node]):
            if not tracked[j] or k in graph.ops[node].without_gradient:
                continue
            right = run.vjp((node, k), totals[node])
            for plant in plants:
                if isinstance(plant, AtOp) and plant.node == node and plant.only in (None, k):
                    right = unbroadcast_slip(
                        plant.slip(graph.ops[node], k, totals[node], run.node_values[node], *run.inputs_of(node)),
                        run.shapes[j],
                    )
                elif isinstance(plant, AtEdge) and plant.edge == (node, k):
                    right = unbroadcast_slip(plant.slip(run, total, run.edge_downstream[node, k]), run.shapes[j])
            down[node, k] = right
    return totals, down


def op_slips(run: Run) -> list[AtOp]:
    return [
        AtOp(node, slip, only)
        for node, op in enumerate(run.graph.ops)
        if op is not None
        for slip in op.slips.values()
        for only in (None, *range(len(run.graph.arguments[node])))
    ]


def other_slips(run: Run) -> list[Plant]:
    forks = [node for node in range(len(run.shapes)) if len(run.graph.consumers[node]) > 1 and run.plan.tracked[node]]
    plants: list[Plant] = [AtNode(node, lambda shares: shares[-1][1]) for node in forks]
    plants += [AtNode(node, lambda shares: sum(share for _, share in shares) / len(shares)) for node in forks]
    for edge in run.edge_downstream:
        plants.append(AtEdge(edge, lambda run, total, right: -right))
        plants.append(AtEdge(edge, lambda run, total, right, node=edge[0]: np.sum(total(node))))
    return plants


@pytest.mark.parametrize("largest", [40_000, 0], ids=["by matrices", "step by step"])
@pytest.mark.parametrize("made", [net, circuit])
def test_a_replay_equals_a_whole_backward_pass_with_the_slip(
    made: Any, largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.engine.replay.LARGEST", largest)
    run = made()
    compared = 0
    for plant in [*op_slips(run), *other_slips(run)]:
        try:
            totals, down = naive(run, [plant])
        except NotComputableError:
            continue
        for asked in [*(node for node in range(len(totals)) if totals[node] is not None), *down]:
            wanted = totals[asked] if isinstance(asked, int) else down[asked]
            try:
                got = replay(run, [plant], asked)
            except NotComputableError:
                continue
            np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-14)
            compared += 1
    assert compared > 500


def test_two_slips_at_once() -> None:
    run = circuit()
    slips = op_slips(run)
    for first in slips[::3]:
        for second in slips[::4]:
            if first.node == second.node:
                continue
            try:
                totals, _ = naive(run, [first, second])
            except NotComputableError:
                continue
            for name in run.graph.inputs:
                node = run.graph.find(name)
                np.testing.assert_allclose(replay(run, [first, second], node), totals[node], rtol=1e-12)


def test_what_lies_above_the_slip_stays_right() -> None:
    run = circuit()
    node = run.graph.find("a")
    (slip, *_) = run.graph.ops[node].slips.values()
    assert replay(run, [AtOp(node, slip)], run.graph.find("c")) == run.gradients["c"]


def test_a_slip_that_does_not_fit_says_so() -> None:
    run = net()
    node = run.graph.find("z.1")
    with pytest.raises(NotComputableError):
        replay(run, [AtOp(node, run.graph.ops[node].slips["inverse"])], run.graph.find("x"))


def test_what_a_run_keeps_for_replays_has_a_bound_and_what_is_not_kept_is_walked() -> None:
    graph = Graph.parse({f"h{k}": f"tanh({f'h{k - 1}' if k else 'x'} * 0.9)" for k in range(30)} | {"L": "sum(h29)"})
    run = graph.run({"x": NUMBERS.normal(size=60)})
    plant = AtOp(graph.find("h29"), lambda op, i, up, out, *inputs: 2 * op.vjp(i, up, out, *inputs))
    for k in range(30):
        made = replay(run, [plant], graph.find(f"h{k}"))
        exact = run.total(graph.find(f"h{k}"))
        np.testing.assert_allclose(made, 2 * exact if k < 29 else exact)
    kept = sum(np.size(way) for ways in run.cotangent_maps.values() if ways for way in ways.values())
    assert 0 < kept < MOST_KEPT
    assert None in run.cotangent_maps.values()
