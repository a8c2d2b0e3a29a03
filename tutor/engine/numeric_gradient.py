"""The slope measured by a nudge: numeric gradients, to check everything else by (CS224n 2024, lecture 4).

>>> from tutor.engine import Graph
>>> graph = Graph.parse({"f": "x^3"})
>>> [round(float(numeric_gradient(graph, {"x": 2.0}, "x", h)), 6) for h in (1e-4, 0.1)]
[12.0, 12.01]
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.engine.errors import EngineError
from tutor.engine.graph import Graph
from tutor.engine.nudges import output_deltas
from tutor.engine.ops.op import Array
from tutor.engine.plan import Edge
from tutor.engine.run import Run
from tutor.text import msg

STEPS = tuple(10.0**-digits for digits in range(13))


def numeric_gradient(
    graph: Graph,
    numbers: Mapping[str, Any],
    wrt: str,
    h: float = 1e-4,
    upstream: Mapping[str, Any] | None = None,
    sided: str = "two",
) -> Array:
    """Central (`two`) or forward (`one`) difference of the output for every entry of an input; shape of the input.

    With several outputs, or one that is an array, the slope of their sum weighted by `upstream`. Raises EngineError
    for labels, which cannot be nudged.
    """
    run = graph.run(numbers, upstream)
    node = _nudged(graph, wrt)
    if sided == "one":
        (above,) = output_deltas(run, node, [h])
        return np.asarray(above / h)
    above, below = output_deltas(run, node, [h, -h])
    return np.asarray((above - below) / (2 * h))


@dataclass(frozen=True, slots=True)
class Errors:
    """How far one-sided and two-sided differences with this h are from the exact slope, relative to it."""

    h: float
    one_sided: float
    two_sided: float


def error_series(
    graph: Graph,
    numbers: Mapping[str, Any],
    wrt: str,
    place: Sequence[int] = (),
    upstream: Mapping[str, Any] | None = None,
    steps: Sequence[float] = STEPS,
) -> tuple[Errors, ...]:
    """The error of the measured slope at one entry of an input, for every h: first it falls, then rounding takes over.

    Relative to the exact slope, absolute where that is 0.
    """
    run = graph.run(numbers, upstream)
    node = _nudged(graph, wrt)
    exact = float(np.asarray(run.total(node))[tuple(place)])
    scale = abs(exact) or 1.0
    start = np.array(numbers[wrt], dtype=np.float64)

    def value(step: float) -> float:
        moved = start.copy()
        moved[tuple(place)] += step
        made = graph.run({**numbers, wrt: moved}, upstream)
        return float(sum(np.sum(made.node_values[each] * seed) for each, seed in made.seeds.items()))

    base = value(0.0)
    series = []
    for h in steps:
        above, below = value(h), value(-h)
        one, two = (above - base) / h, (above - below) / (2 * h)
        series.append(Errors(h, abs(one - exact) / scale, abs(two - exact) / scale))
    return tuple(series)


def values_with(run: Run, changed: Mapping[int, Array]) -> dict[int, Array]:
    """The values of all nodes where some have been set to others; only what these reach is computed again."""
    graph = run.graph
    values = dict(enumerate(run.node_values)) | dict(changed)
    moved = set(changed)
    with np.errstate(all="ignore"):
        for node, op in enumerate(graph.ops):
            arguments = graph.arguments[node]
            if op is not None and node not in changed and any(j in moved for j in arguments):
                values[node] = op.checked(*(values[j] for j in arguments))
                moved.add(node)
    return values


def value_with_slot(run: Run, chain: Sequence[Edge], value: Array) -> Array:
    """The value of a line when one of its slots alone is set to another: other uses of the same name stay."""
    with np.errstate(all="ignore"):
        for node, k in reversed(chain):
            op = run.graph.ops[node]
            assert op is not None
            inputs = run.inputs_of(node)
            value = op.checked(*(value if place == k else each for place, each in enumerate(inputs)))
    return value


def _nudged(graph: Graph, wrt: str) -> int:
    if wrt not in graph.inputs:
        raise EngineError(msg("engine.not-an-input", name=wrt, near=", ".join(graph.inputs)), wrt)
    if graph.index[wrt] in graph.integer:
        raise EngineError(msg("engine.labels-not-nudged", name=wrt), wrt)
    return graph.index[wrt]
