"""How far a run is from the kinks of its ops, and on which side of them it lies."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.engine.graph import Graph
from tutor.engine.run import Run
from tutor.lesson.model import Part

_STILL = frozenset({"labels", "onehot", "mask"})


@dataclass(frozen=True, slots=True)
class Kink:
    """One op's kink, entry by entry: the distance to it, and a number for the side on which the run lies."""

    distance: NDArray[np.float64]
    side: NDArray[Any]


def kinks(run: Run, nodes: Container[int] | None = None) -> list[Kink]:
    """Every kink of a run, or those at some of its ops, in topological order."""
    found: list[Kink] = []
    for node, op in enumerate(run.graph.ops):
        if op is not None and (nodes is None or node in nodes):
            found.extend(_between(each) for each in op.kink_operands(*run.inputs_of(node)))
    return found


def kink_distance(run: Run, nodes: Container[int] | None = None) -> float:
    """The distance of a run to its nearest kink, or to that of some of its ops; infinite where there is none."""
    return min((float(kink.distance.min()) for kink in kinks(run, nodes) if kink.distance.size), default=float("inf"))


@lru_cache(maxsize=64)  # every draw of a part is looked at
def movable_nodes(part: Part, graph: Graph) -> frozenset[int]:
    """The nodes that a nudge can move: no mask, label or constant, and nothing computed from such alone."""
    still = {graph.index[name] for name, given in part.given.items() if given.constant or given.domain in _STILL}
    found = set(graph.given) - still
    for node, arguments in enumerate(graph.arguments):
        if not found.isdisjoint(arguments):
            found.add(node)
    return frozenset(found)


def same_sides(one: Sequence[Kink], other: Sequence[Kink]) -> bool:
    """Whether two runs lie on the same side of every kink; where the first lies on a kink, any side will do."""
    return len(one) == len(other) and all(
        bool(np.all((a.side == b.side) | (a.distance == 0))) for a, b in zip(one, other, strict=True)
    )


def largest_saturating_input(run: Run) -> float:
    """The largest |z| in front of what flattens out."""
    return max(
        (
            float(np.max(np.abs(run.inputs_of(node)[0])))
            for node, op in enumerate(run.graph.ops)
            if op is not None and op.saturates
        ),
        default=0.0,
    )


def _between(inputs: Sequence[Any]) -> Kink:
    """Which input is largest, and by how much."""
    stacked = np.stack(np.broadcast_arrays(*inputs))
    if len(stacked) < 2:
        return Kink(np.zeros(0), np.zeros(0))
    ordered = np.sort(stacked, axis=0)
    with np.errstate(invalid="ignore"):
        distance = ordered[-1] - ordered[-2]
    # Where a value is undefined, or both are infinite, there is no kink to come near.
    return Kink(np.where(np.isnan(distance), np.inf, distance), np.argmax(stacked, axis=0))
