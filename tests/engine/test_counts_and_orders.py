"""Operation counts by plan, orders of evaluation, forward mode and gradient norms."""

from typing import Any

import numpy as np
import pytest

from tests.engine.test_against_autograd import RandomGraph
from tests.engine.test_replay import net
from tutor.engine import EngineError, Graph
from tutor.engine.operation_counts import PLANS, Cost, cost, operation_count, plan_costs


def circuit() -> Any:
    return Graph.parse({"a": "x + y", "b": "max(y, z)", "f": "a * b"}).run({"x": 1, "y": 2, "z": 0})


def layer() -> Any:
    graph = Graph.parse({"z": "W @ x + b", "h": "tanh(z)", "s": "u.T @ h"}, inputs=["W", "x", "b", "u"])
    return graph.run({"W": np.ones((3, 2)), "x": np.ones((2, 1)), "b": np.ones((3, 1)), "u": np.ones((3, 1))})


@pytest.mark.parametrize(
    ("plan", "wanted"),
    [
        ("forward", Cost(multiply=1, add=1, passes=1)),
        # Four slots below the output, one fork at y.
        ("shared", Cost(multiply=4, add=1, passes=1)),
        ("separate", Cost(multiply=1 + 2 + 1, add=1, passes=3)),
        ("paths", Cost(multiply=4, add=1, passes=4)),
        ("one-sided", Cost(multiply=4, add=4, passes=4)),
        ("two-sided", Cost(multiply=6, add=6, passes=6)),
        # x moves a, then f; y moves a and b, then f by both; z moves b, then f.
        ("tangents", Cost(multiply=1 + 2 + 1, add=1, passes=3)),
    ],
)
def test_counts_of_the_first_circuit(plan: str, wanted: Cost) -> None:
    assert cost(circuit(), plan) == wanted


def test_counts_of_a_layer_by_hand() -> None:
    run = layer()
    # W @ x: 3·2·1 products, one addition for each of three entries; + b: 3; u.T @ h: 3 products, 2 additions.
    assert cost(run, "forward") == Cost(multiply=6 + 3, add=3 + 3 + 2, passes=1)
    # The 1 at s is free; tanh: 3; the sum's two slots: 3 each; dz @ x.T and W.T @ dz: 6 each, 2·(3 − 1) additions in
    # the second.
    assert cost(run, "shared") == Cost(multiply=3 + 6 + 6 + 6, add=4, passes=1)
    assert cost(run, "separate", ["W", "b"]) == Cost(multiply=(3 + 3 + 6) + (3 + 3), add=0, passes=2)
    assert cost(run, "shared", ["W", "b"]) == Cost(multiply=3 + 3 + 3 + 6, add=0, passes=1)


@pytest.mark.parametrize(
    ("subscripts", "shapes", "forward", "backward"),
    [
        # A loop over i, j, k: one product each; each of 2·4 entries adds up three of them. Backward adds up to 2·3
        # entries and to 3·4.
        ("ij,jk->ik", [(2, 3), (3, 4)], (24, 24 - 8), (2 * 24, (24 - 6) + (24 - 12))),
        # Three factors are two multiplications.
        ("i,ij,j->", [(2,), (2, 3), (3,)], (2 * 6, 6 - 1), (3 * 2 * 6, (6 - 2) + (6 - 6) + (6 - 3))),
        ("ij->j", [(2, 3)], (0, 6 - 3), (0, 0)),
        ("ii->", [(3, 3)], (0, 3 - 1), (0, 0)),
    ],
)
def test_counts_of_a_contraction_are_those_of_its_loops(
    subscripts: str, shapes: list[tuple[int, ...]], forward: tuple[int, int], backward: tuple[int, int]
) -> None:
    names = "xyz"[: len(shapes)]
    # The products with c keep what arrives from being the 1 at the output, which is free.
    line = f'einsum("{subscripts}", {", ".join(names)})'
    run = Graph.parse({"e": line, "f": "sum(c * e)"}, inputs=[*names, "c"]).run(
        {name: np.ones(shape) for name, shape in zip(names, shapes, strict=True)} | {"c": 2.0}
    )
    entries = int(np.size(run.values["e"]))
    assert cost(run, "forward") == Cost(forward[0] + entries, forward[1] + entries - 1, 1)
    found = cost(run, "shared", names)
    assert found.multiply == backward[0] + entries
    assert found.add == backward[1]


def test_paths_grow_where_sharing_does_not() -> None:
    lines = {"x1": "x0 * x0"} | {f"x{k}": f"x{k - 1} * x{k - 1}" for k in range(2, 9)}
    run = Graph.parse(lines).run({"x0": 1.01})
    assert operation_count(run, "pass", "paths") == 2**8
    assert operation_count(run, "multiply", "shared") == 2 * 7
    assert operation_count(run, "multiply", "paths") == 7 * 2**8
    assert operation_count(run, "add", "paths") == 2**8 - 1


def test_every_plan_has_its_cost_and_others_are_refused() -> None:
    assert set(plan_costs(net())) == set(PLANS)
    with pytest.raises(EngineError):
        operation_count(circuit(), "multiply", "backward")
    with pytest.raises(EngineError):
        operation_count(circuit(), "divide", "shared")


@pytest.mark.parametrize("seed", range(6))
def test_forward_mode_agrees_with_backward(seed: int) -> None:
    made = RandomGraph(seed, 25)
    run = made.graph.run(made.numbers, made.upstream)
    rng = np.random.default_rng(seed)
    along = {name: rng.normal(size=np.shape(value)) for name, value in made.numbers.items()}
    moved = run.tangents(along)
    forward = sum(np.sum(up * moved[name]) for name, up in made.upstream.items())
    backward = sum(np.sum(direction * run.gradients[name]) for name, direction in along.items())
    assert forward == pytest.approx(backward, rel=1e-9)


def test_a_direction_has_the_shape_of_its_input() -> None:
    assert circuit().tangents({"x": 1})["f"] == 2
    assert circuit().tangents({"y": 1})["a"] == 1
    assert circuit().tangents({"z": 1})["a"] == 0
    with pytest.raises(EngineError):
        circuit().tangents({"x": [1.0]})
