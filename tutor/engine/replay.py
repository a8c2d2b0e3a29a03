"""Backward again with slips planted, from them to the asked place only: what would somebody who slips there get?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.engine.errors import NotComputableError
from tutor.engine.ops.base import Slip
from tutor.engine.plan import Edge
from tutor.engine.run import Run, summed_to
from tutor.text import msg


@dataclass(frozen=True, slots=True)
class AtOp:
    """A wrong rule at one op: `slip(op, i, up, out, *inputs)` in place of its vjp, for one input or for all."""

    node: int
    slip: Slip
    only: int | None = None


@dataclass(frozen=True, slots=True)
class AtEdge:
    """A wrong downstream gradient along one edge: `slip(run, total, right)`; `total(node)` is what arrives."""

    edge: Edge
    slip: Callable[[Run, Callable[[int], Any], Any], Any]


@dataclass(frozen=True, slots=True)
class AtNode:
    """A wrong way to combine the shares that arrive at a node: `slip([(edge, share), ..])`."""

    node: int
    slip: Callable[[list[tuple[Edge, Any]]], Any]


Plant = AtOp | AtEdge | AtNode


def replay(run: Run, plants: Sequence[Plant], asked: int | Edge) -> Any:
    """The gradient at `asked` (a node's total or an edge's share) with the slips planted, all else right.

    Only what lies between the slips and `asked` is computed. Raises NotComputableError where a slip makes no sense at
    these shapes.
    """
    graph = run.graph
    target = asked if isinstance(asked, int) else asked[0]
    ops = {plant.node: plant for plant in plants if isinstance(plant, AtOp)}
    edges = {plant.edge: plant for plant in plants if isinstance(plant, AtEdge)}
    nodes = {plant.node: plant for plant in plants if isinstance(plant, AtNode)}
    changed: dict[int, Any] = {}
    shares: dict[Edge, Any] = {}

    def total(node: int) -> Any:
        return changed[node] if node in changed else run.total(node)

    def arrive(node: int) -> None:
        arriving = [(edge, shares.get(edge, run.edge_down.get(edge))) for edge in graph.consumers[node]]
        present = [(edge, share) for edge, share in arriving if share is not None]
        if node in run.seeds:
            present = [((node, -1), run.seeds[node]), *present]
        if node in nodes:
            changed[node] = fitted(nodes[node].slip(present), run.shapes[node])
        elif any(edge in shares for edge, _ in present):
            changed[node] = _added([share for _, share in present])

    def leave(node: int) -> None:
        op = graph.ops[node]
        if op is None:
            return
        touched = node in changed or node in ops
        for k, j in enumerate(graph.arguments[node]):
            edge = (node, k)
            if edge not in run.edge_down or not (touched or edge in edges):
                continue
            if edge in edges:
                shares[edge] = fitted(edges[edge].slip(run, total, run.edge_down[edge]), run.shapes[j])
                continue
            planted = ops.get(node)
            if planted is not None and planted.only in (None, k):
                with np.errstate(all="ignore"):
                    made = planted.slip(op, k, total(node), run.node_values[node], *run.inputs_of(node))
                shares[edge] = fitted(made, run.shapes[j])
            elif node in changed:
                shares[edge] = run.vjp(edge, changed[node])

    start = max([*ops, *nodes, *(edge[0] for edge in edges)])
    between = _between(run, start, target)
    for node in between:
        arrive(node)
        if node != target or not isinstance(asked, int):
            leave(node)
    if isinstance(asked, int):
        return total(asked)
    return shares.get(asked, run.down(asked))


def fitted(gradient: Any, shape: tuple[int, ...]) -> Any:
    """A slip's result summed back to the input's shape; raises NotComputableError where it cannot be."""
    have = np.shape(gradient)
    if len(have) < len(shape) and have != ():
        raise NotComputableError(msg("engine.slip-sizes", op="-"))
    lead = len(have) - len(shape)
    if have and any(small not in (1, big) for big, small in zip(have[lead:], shape, strict=True)):
        raise NotComputableError(msg("engine.slip-sizes", op="-"))
    return summed_to(gradient, shape)


def _between(run: Run, start: int, target: int) -> list[int]:
    """Nodes from `start` down to `target`, in reverse order, that lie on the way to `target`."""
    graph = run.graph
    way = {target}
    for node in range(target, start + 1):
        if any(j in way for j in graph.arguments[node]):
            way.add(node)
    return sorted((node for node in way if node <= start), reverse=True)


def _added(shares: list[Any]) -> Any:
    total = shares[0]
    for share in shares[1:]:
        total = total + share
    return total
