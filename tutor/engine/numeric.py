"""The slope measured by a nudge: numeric gradients, to check everything else by (CS224n 2024, lecture 4)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from tutor.engine.graph import Graph
from tutor.engine.ops.base import Array


def numeric_gradient(
    graph: Graph,
    numbers: Mapping[str, Any],
    wrt: str,
    h: float = 1e-4,
    upstream: Mapping[str, Any] | None = None,
    sided: str = "two",
) -> Array:
    """Central (`two`) or forward (`one`) difference of the output for every entry of an input; shape of the input.

    With several outputs, or one that is an array, the slope of their sum weighted by `upstream`.
    """
    start = {name: np.array(value, dtype=np.float64) for name, value in numbers.items()}
    base = _loss(graph, start, upstream) if sided == "one" else 0.0
    gradient = np.zeros(start[wrt].shape)
    for place in np.ndindex(*gradient.shape):
        original = start[wrt][place]
        start[wrt][place] = original + h
        above = _loss(graph, start, upstream)
        start[wrt][place] = original - h
        below = _loss(graph, start, upstream) if sided == "two" else base
        start[wrt][place] = original
        gradient[place] = (above - below) / (2 * h if sided == "two" else h)
    return gradient


def _loss(graph: Graph, numbers: Mapping[str, Any], upstream: Mapping[str, Any] | None) -> float:
    run = graph.run(numbers, upstream)
    return float(sum(np.sum(run.node_values[node] * seed) for node, seed in run.seeds.items()))
