"""Backward again with slips planted, from them to the asked place only: what would somebody who slips there get?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from tutor.engine.errors import NotComputableError
from tutor.engine.ops.op import Array, Slip
from tutor.engine.plan import Edge
from tutor.engine.run import Run
from tutor.engine.unbroadcast import unbroadcast
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
    slip: Callable[[Run, Callable[[int], Array], Array], Array]


@dataclass(frozen=True, slots=True)
class AtNode:
    """A wrong way to combine the shares that arrive at a node: `slip([(edge, share), ..])`."""

    node: int
    slip: Callable[[list[tuple[Edge, Array]]], Array]


Plant = AtOp | AtEdge | AtNode

LARGEST = 40_000  # entries of a matrix that is kept
MOST_KEPT = 2_000_000  # entries of all that are kept with a run
MOST_ENTRIES = 400  # of a node to which ways are kept: the first of them is the identity


def replay(run: Run, plants: Sequence[Plant], asked: int | Edge) -> Array:
    """The gradient at `asked` (a node's total or an edge's share) with the slips planted, all else right.

    Backward is linear in what arrives, so what a slip changes reaches `asked` through one matrix, kept with the run:
    nothing between the two is computed again. Raises NotComputableError where a slip makes no sense at these shapes.
    """
    target = asked if isinstance(asked, int) else asked[0]
    top_down = sorted(plants, key=lambda plant: (-_place(plant), not isinstance(plant, AtNode)))
    # One slip changes nothing that arrives at its own place, so that only the way to the target matters.
    ways = {
        node: cotangent_maps(run, node) for node in ({target, *map(_place, plants)} if len(plants) > 1 else {target})
    }
    if any(way is None for way in ways.values()):
        return _walked(run, plants, asked)
    shifts: list[tuple[int, Array]] = []  # by how much the total gradient of a node was changed, from the top down
    planted: dict[Edge, Array] = {}

    def total(node: int) -> Array:
        gradient = run.total(node)
        above = [shift for shift in shifts if shift[0] >= node]
        if above:
            way = ways.get(node)
            way = cotangent_maps(run, node) if way is None else way
            for at, change in above:
                if way is not None and at in way:
                    gradient = gradient + _through(way[at], change, run.shapes[node])
        return gradient

    def share(edge: Edge) -> Array:
        if edge in planted:
            return planted[edge]
        return run.vjp(edge, total(edge[0])) if shifts else run.edge_downstream[edge]

    reached = ways[target] or {}
    with np.errstate(all="ignore"):
        for plant in top_down:
            node = _place(plant)
            if isinstance(plant, AtNode):
                if node in reached:
                    shares = [(edge, share(edge)) for edge in run.graph.consumers[node] if edge in run.edge_downstream]
                    if node in run.seeds:
                        shares.insert(0, ((node, -1), run.seeds[node]))
                    made = run.passed_on(unbroadcast_slip(plant.slip(shares), run.shapes[node]))
                    shifts.append((node, made - total(node)))
                continue
            arguments = run.graph.arguments[node]
            for k, j in enumerate(arguments):
                edge = (node, k)
                if edge not in run.edge_downstream or not (j in reached or edge == asked):
                    continue
                if isinstance(plant, AtEdge):
                    if plant.edge != edge:
                        continue
                    given = plant.slip(run, total, run.edge_downstream[edge])
                    made = run.passed_on(unbroadcast_slip(given, run.shapes[j]))
                elif plant.only in (None, k):
                    made = sent_by_slip(run, edge, plant.slip, total(node))
                else:
                    continue
                change = made - share(edge)
                planted[edge] = made
                shifts.append((j, change))
        if isinstance(asked, int):
            return total(asked)
        # What was changed at the asked edge is its share itself; its own shift lies below what arrives there.
        return share(asked) if asked in planted or asked in run.edge_downstream else run.downstream_along(asked)


def sent_by_slip(run: Run, edge: Edge, slip: Slip, up: Array) -> Array:
    """What a slip sends along one edge, in the shape of the node that it goes to."""
    node, k = edge
    with np.errstate(all="ignore"):
        if run.reachable is not None and run.reachable.alive[node] is not None:
            made = run.reachable.sent_by_rule(edge, slip, up, run.reachable.alive[node])
        else:
            made = slip(run.graph.ops[node], k, up, run.node_values[node], *run.inputs_of(node))
    return run.passed_on(unbroadcast_slip(made, run.shapes[run.graph.arguments[node][k]]))


def cotangent_maps(run: Run, target: int) -> dict[int, Array] | None:
    """For every node from which a gradient flows to `target`, the matrix that carries it: (target.size, node.size).

    None where a matrix would be large or is not finite, or where too much is kept already.
    """
    if target not in run.cotangent_maps:
        with np.errstate(all="ignore"):
            run.cotangent_maps[target] = _cotangent_maps(run, target)
    return run.cotangent_maps[target]


def _cotangent_maps(run: Run, target: int) -> dict[int, Array] | None:
    size = prod(run.shapes[target])
    if size > MOST_ENTRIES:
        return None
    ways: dict[int, Array] = {target: np.float64(1.0) if size == 1 else np.eye(size)}
    for node, branches in reversed(run.plan.ops_backward()):
        matrix: Array = None
        for k, j in branches:
            edge = (node, k)
            if j not in ways or edge not in run.edge_downstream:
                continue
            if size * prod(run.shapes[node]) > LARGEST or prod(run.shapes[node]) * prod(run.shapes[j]) > LARGEST:
                return None
            run.kept += size * prod(run.shapes[node]) + prod(run.shapes[node]) * prod(run.shapes[j])
            if run.kept > MOST_KEPT:
                return None
            local = run.local_jacobian(edge)
            step = ways[j] @ local.T if np.ndim(ways[j]) and np.ndim(local) else ways[j] * local.T
            matrix = step if matrix is None else matrix + step
        if matrix is not None:
            if not np.isfinite(matrix).all():
                return None
            ways[node] = matrix
    return ways


def _through(way: Array, change: Array, shape: tuple[int, ...]) -> Array:
    if np.ndim(way) == 0:
        return way * np.reshape(change, shape)[()]
    return (way @ np.ravel(change)).reshape(shape)[()]


def _place(plant: Plant) -> int:
    return plant.edge[0] if isinstance(plant, AtEdge) else plant.node


def _walked(run: Run, plants: Sequence[Plant], asked: int | Edge) -> Array:
    """`replay` step by step, for graphs whose local Jacobians are too large to keep."""
    graph = run.graph
    target = asked if isinstance(asked, int) else asked[0]
    ops = {plant.node: plant for plant in plants if isinstance(plant, AtOp)}
    edges = {plant.edge: plant for plant in plants if isinstance(plant, AtEdge)}
    nodes = {plant.node: plant for plant in plants if isinstance(plant, AtNode)}
    changed: dict[int, Array] = {}
    shares: dict[Edge, Array] = {}

    def total(node: int) -> Array:
        return changed[node] if node in changed else run.total(node)

    def arrive(node: int) -> None:
        arriving = [(edge, shares.get(edge, run.edge_downstream.get(edge))) for edge in graph.consumers[node]]
        present = [(edge, share) for edge, share in arriving if share is not None]
        if node in run.seeds:
            present = [((node, -1), run.seeds[node]), *present]
        if node in nodes:
            changed[node] = unbroadcast_slip(nodes[node].slip(present), run.shapes[node])
        elif any(edge in shares for edge, _ in present):
            changed[node] = _added([share for _, share in present])

    def leave(node: int) -> None:
        op = graph.ops[node]
        if op is None:
            return
        touched = node in changed or node in ops
        for k, j in enumerate(graph.arguments[node]):
            edge = (node, k)
            if edge not in run.edge_downstream or not (touched or edge in edges):
                continue
            if edge in edges:
                shares[edge] = unbroadcast_slip(edges[edge].slip(run, total, run.edge_downstream[edge]), run.shapes[j])
                continue
            planted = ops.get(node)
            if planted is not None and planted.only in (None, k):
                shares[edge] = sent_by_slip(run, edge, planted.slip, total(node))
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
    return shares.get(asked, run.downstream_along(asked))


def unbroadcast_slip(gradient: Array, shape: tuple[int, ...]) -> Array:
    """A slip's result summed back to the input's shape; raises NotComputableError where it cannot be."""
    have = np.shape(gradient)
    if len(have) < len(shape) and have != ():
        raise NotComputableError(msg("engine.slip-sizes", op="-"))
    lead = len(have) - len(shape)
    if have and any(small not in (1, big) for big, small in zip(have[lead:], shape, strict=True)):
        raise NotComputableError(msg("engine.slip-sizes", op="-"))
    return unbroadcast(gradient, shape)


def _between(run: Run, start: int, target: int) -> list[int]:
    """Nodes from `start` down to `target`, in reverse order, that lie on the way to `target`."""
    graph = run.graph
    way = {target}
    for node in range(target, start + 1):
        if any(j in way for j in graph.arguments[node]):
            way.add(node)
    return sorted((node for node in way if node <= start), reverse=True)


def _added(shares: list[Array]) -> Array:
    total = shares[0]
    for share in shares[1:]:
        total = total + share
    return total
