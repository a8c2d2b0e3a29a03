"""Slopes measured by nudges: many at once give what one after the other gives."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.cases import seeds
from tests.engine.test_against_autograd import RandomGraph
from tutor.engine import EngineError, Graph
from tutor.engine.numeric_gradient import error_series, numeric_gradient


def one_by_one(
    graph: Graph, numbers: dict[str, Any], wrt: str, h: float, upstream: Any = None, sided: str = "two"
) -> Any:
    """The definition: every entry by itself, two whole forward passes each."""

    def value(moved: Any) -> Any:
        run = graph.run({**numbers, wrt: moved}, upstream)
        return sum(np.sum(run.node_values[node] * seed) for node, seed in run.seeds.items())

    start = np.array(numbers[wrt], dtype=float)
    slopes = np.zeros(start.shape)
    for place in np.ndindex(*start.shape):
        above, below = start.copy(), start.copy()
        above[place] += h
        below[place] -= h if sided == "two" else 0
        slopes[place] = (value(above) - value(below)) / (2 * h if sided == "two" else h)
    return slopes


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=seeds, nodes=st.integers(3, 40))
def test_many_nudges_at_once_equal_one_after_the_other(seed: int, nodes: int) -> None:
    made = RandomGraph(seed, nodes)
    for wrt in made.numbers:
        for sided in ("one", "two"):
            ours = numeric_gradient(made.graph, made.numbers, wrt, 1e-2, made.upstream, sided)
            theirs = one_by_one(made.graph, made.numbers, wrt, 1e-2, made.upstream, sided)
            scale = max(1.0, float(np.max(np.abs(theirs))))
            np.testing.assert_allclose(ours / scale, theirs / scale, rtol=0, atol=1e-8)


RNG = np.random.default_rng(2)
NETS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "rows": ({"z": "W @ x + b", "h": "tanh(z)", "s": "u.T @ h"}, {"W": (3, 2), "x": (2, 1), "b": (3, 1), "u": (3, 1)}),
    "vectors": ({"z": "W @ x + b", "s": "u @ relu(z)"}, {"W": (3, 2), "x": (2,), "b": (3,), "u": (3,)}),
    "batch": (
        {"h": "tanh(X @ W + b)", "o": "h @ V + c", "p": "softmax(o)", "L": "mse(p, t) + sum(mean(h, axis=0)^2)"},
        {"X": (5, 3), "W": (3, 4), "b": (4,), "V": (4, 2), "c": (2,), "t": (5, 2)},
    ),
    "gram": ({"G": "X.T @ X", "K": "X @ X.T", "L": "sum(G^2) + sum(sin(K))"}, {"X": (3, 2)}),
    "sums": (
        {
            "a": "sum(X, axis=0, keepdims=true) * X",
            "b": "cumsum(a, axis=1)",
            "L": "sum(amax(b, axis=1)) + logsumexp(b)",
        },
        {"X": (3, 4)},
    ),
    "columns": ({"a": "X * c", "b": "var(a, axis=1) @ mean(X, axis=1)", "L": "b * sum(c)"}, {"X": (3, 4), "c": (3, 1)}),
    "others": ({"a": "concat(X, X, axis=1)[:, 1:5]", "L": "sum(layer_norm(a, g, g)^3)"}, {"X": (2, 3), "g": (4,)}),
}


@pytest.mark.parametrize("name", NETS)
def test_nets_by_nudges(name: str) -> None:
    lines, shapes = NETS[name]
    graph = Graph.parse(lines, inputs=shapes)
    numbers = {each: RNG.normal(size=shape) for each, shape in shapes.items()}
    run = graph.run(numbers)
    for wrt in shapes:
        ours = numeric_gradient(graph, numbers, wrt, 1e-3)
        np.testing.assert_allclose(ours, one_by_one(graph, numbers, wrt, 1e-3), rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(numeric_gradient(graph, numbers, wrt), run.gradients[wrt], rtol=1e-4, atol=1e-6)


def test_labels_are_left_alone() -> None:
    graph = Graph.parse({"z": "X @ W", "L": "cross_entropy(z, y)"}, inputs=["X", "W", "y"], integer=["y"])
    numbers = {"X": RNG.normal(size=(4, 3)), "W": RNG.normal(size=(3, 2)), "y": [0, 1, 1, 0]}
    np.testing.assert_allclose(
        numeric_gradient(graph, numbers, "W", 1e-3), one_by_one(graph, numbers, "W", 1e-3), rtol=1e-8, atol=1e-10
    )
    for wrt in ("y", "q"):
        with pytest.raises(EngineError):
            numeric_gradient(graph, numbers, wrt)


def test_a_coarse_nudge_measures_another_slope() -> None:
    graph = Graph.parse({"f": "x^2"})
    assert numeric_gradient(graph, {"x": 3.0}, "x", h=0.5, sided="one") == pytest.approx(6.5)
    assert numeric_gradient(graph, {"x": 3.0}, "x", h=0.5) == pytest.approx(6)


def test_the_error_falls_with_h_until_rounding_takes_over() -> None:
    series = {round(np.log10(each.h)): each for each in error_series(Graph.parse({"f": "exp(x)"}), {"x": 1.0}, "x")}
    assert series[-2].one_sided == pytest.approx(0.5e-2, rel=0.02)
    assert series[-2].two_sided == pytest.approx(1e-4 / 6, rel=0.02)
    assert series[-3].two_sided < series[-2].two_sided / 50
    assert series[-12].two_sided > series[-5].two_sided
