"""The catalogue: which slips could be made on the way to an answer, each as plants for the engine to replay."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations
from typing import Any

import numpy as np

from tutor.engine import Edge, Graph, Run
from tutor.engine.replay import AtEdge, AtNode, AtOp, Plant, fitted, replay
from tutor.mistakes.broadcasting import broadcast_slips, is_broadcast
from tutor.mistakes.target import Target, converted, truth

MOST_BRANCHES = 6


class Rank(IntEnum):
    """Which name a class of mistakes that look alike goes by: the lowest first."""

    OP = 0
    FORK = 1
    GENERAL = 2
    WHOLE = 3


class Distance(IntEnum):
    """How far from the asked place a slip lies."""

    ASKED = 0
    ABOVE = 1


@dataclass(frozen=True, slots=True)
class Mistake:
    """One way to get a question wrong: `produce(run)` is the answer it gives at any run of the same graph.

    `node` is the line it happens at, `place` what distinguishes several at one line (a slot, a set of paths).
    """

    id: str
    node: str
    rank: Rank
    distance: Distance
    produce: Callable[[Run], Any]
    place: str = ""
    plants: tuple[Plant, ...] = ()


def mistakes(run: Run, target: Target) -> list[Mistake]:
    """Every mistake that could be made on the way to `target`, in order of precedence; not all are computable."""
    if target.kind == "local":
        found = list(_local(run, target))
    elif target.kind in ("downstream", "upstream", "total") and len(target.wrt) <= 1:
        found = [*_at_the_asked(run, target), *_above(run, target)]
    elif target.kind == "path":
        found = list(_of_a_path(run, target))
    else:
        found = []
    # At a fork the asked node's own mistakes go before those of the lines that use it.
    asked = target.of or target.wrt[0]
    return sorted(found, key=lambda each: (each.distance, each.node != asked, each.rank))


def planted(
    id: str, node: str, rank: Rank, distance: Distance, target: Target, plant: Plant | tuple[Plant, ...], place: str
) -> Mistake:
    """A mistake that is slips planted in the graph."""
    plants = plant if isinstance(plant, tuple) else (plant,)

    def produce(run: Run) -> Any:
        return converted(replay(run, plants, target.place(run.graph)), target.convention)

    return Mistake(id, node, rank, distance, produce, place, plants)


def _local(run: Run, target: Target) -> Iterator[Mistake]:
    graph, chain, name = run.graph, target.chain(run.graph), target.of or ""
    if not run.is_elementwise(chain):
        return
    for place, (node, k) in enumerate(chain):
        op = graph.ops[node]
        assert op is not None
        for slip, rule in op.slips.items():
            made = _local_with(target, place, rule, k)
            yield Mistake(f"{op.name}:{slip}", name, Rank.OP, Distance.ASKED, made)
    yield Mistake("upstream-included", name, Rank.GENERAL, Distance.ASKED, _with_upstream(target))
    yield Mistake("value", name, Rank.GENERAL, Distance.ABOVE, lambda run: np.asarray(run.values[name]))


def _local_with(target: Target, place: int, rule: Callable[..., Any], k: int) -> Callable[[Run], Any]:
    def produce(run: Run) -> Any:
        chain = target.chain(run.graph)
        up: Any = np.ones_like(run.node_values[chain[0][0]])
        for step, edge in enumerate(chain):
            if step != place:
                up = run.vjp(edge, up)
                continue
            node = edge[0]
            with np.errstate(all="ignore"):
                made = rule(run.graph.ops[node], k, up, run.node_values[node], *run.inputs_of(node))
            up = fitted(made, run.shapes[run.graph.arguments[node][k]])
        return np.asarray(up)

    return produce


def _with_upstream(target: Target) -> Callable[[Run], Any]:
    return lambda run: np.asarray(run.down(target.chain(run.graph)[-1]))


def _at_the_asked(run: Run, target: Target) -> Iterator[Mistake]:
    graph = run.graph
    if target.kind == "downstream":
        line = target.of or ""
        yield from _op_slips(run, line, target.chain(graph), target, Distance.ASKED)
        yield from _fork_slips(run, graph.find(line), target, Distance.ASKED)
        yield from _edge_slips(run, line, target.chain(graph), target, Distance.ASKED)
        return
    name = graph.names[_node(graph, target)]
    uses = graph.uses(name)
    for line, slot in uses:
        yield from _op_slips(run, line, slot.chain, target, Distance.ASKED)
    yield from _fork_slips(run, graph.find(name), target, Distance.ASKED)
    for line, slot in uses:
        yield from _edge_slips(run, line, slot.chain, target, Distance.ASKED)
    yield Mistake("value", name, Rank.GENERAL, Distance.ABOVE, _value_of(name, target))


def _above(run: Run, target: Target) -> Iterator[Mistake]:
    """Slips at the lines between the asked one and the output."""
    graph = run.graph
    asked = {target.of} if target.kind == "downstream" else {line for line, _ in graph.uses(_name(graph, target))}
    for line in _lines_above(graph, target):
        distance = Distance.ABOVE
        for slot in graph.lines[line].slots:
            if line not in asked:
                yield from _op_slips(run, line, slot.chain, target, distance)
                yield from _edge_slips(run, line, slot.chain, target, distance)
        if not (target.kind == "downstream" and line == target.of):
            yield from _fork_slips(run, graph.find(line), target, distance)
    for line in graph.order:
        if line not in (target.of, _name(graph, target)):
            yield Mistake("neighbour", line, Rank.GENERAL, Distance.ABOVE, _gradient_of(line, target))


def _lines_above(graph: Graph, target: Target) -> list[str]:
    """Lines through which the gradient comes to the asked place, nearest first."""
    start = target.of if target.kind == "downstream" else None
    seen: dict[str, None] = {start: None} if start else {}
    queue = [start] if start else [line for line, _ in graph.uses(_name(graph, target))]
    while queue:
        name = queue.pop(0)
        if name in seen and name != start:
            continue
        seen[name] = None
        queue.extend(line for line, _ in graph.uses(name))
    return list(seen)


def _op_slips(run: Run, line: str, chain: tuple[Edge, ...], target: Target, distance: Distance) -> Iterator[Mistake]:
    for node, k in chain:
        op = run.graph.ops[node]
        assert op is not None
        for slip, rule in op.slips.items():
            yield planted(f"{op.name}:{slip}", line, Rank.OP, distance, target, AtOp(node, rule, k), f"{node}.{k}")
        if is_broadcast(run, (node, k)):
            for id, share in broadcast_slips((node, k)):
                yield planted(id, line, Rank.OP, distance, target, _shared((node, k), share), f"{node}.{k}")


def _edge_slips(run: Run, line: str, chain: tuple[Edge, ...], target: Target, distance: Distance) -> Iterator[Mistake]:
    """The general slips at one slot: what arrives, what is local, and how they are combined."""
    top, edge = chain[0][0], chain[-1]

    def general(id: str, make: Callable[[Run, Any], Any]) -> Mistake:
        return planted(id, line, Rank.GENERAL, distance, target, _shared(edge, make, top), f"{edge}")

    ones = np.ones(run.shapes[top])
    yield general("upstream-forgotten", lambda run, up: run.vjp_along(chain, np.ones_like(up)))
    yield general("local-forgotten", lambda run, up: up)
    if run.is_elementwise(chain):
        yield general("added", lambda run, up: up + run.vjp_along(chain, np.broadcast_to(ones, np.shape(up))))
        yield general("times-z", lambda run, up: run.vjp_along(chain, up) * _input_value(run, edge))


def _shared(edge: Edge, make: Callable[[Run, Any], Any], top: int | None = None) -> AtEdge:
    """A share that is made from what arrives at `top`, the line's last op (None: at the edge's own op)."""
    node = edge[0] if top is None else top

    def slip(here: Run, total: Callable[[int], Any], right: Any) -> Any:
        with np.errstate(all="ignore"):
            return make(here, total(node))

    return AtEdge(edge, slip)


def _input_value(run: Run, edge: Edge) -> Any:
    return run.node_values[run.graph.arguments[edge[0]][edge[1]]]


def _fork_slips(run: Run, node: int, target: Target, distance: Distance) -> Iterator[Mistake]:
    graph = run.graph
    arriving = [edge for edge in graph.consumers[node] if edge in run.edge_down]
    if len(arriving) < 2:
        return
    name = graph.names[node]

    def at(id: str, combine: Callable[[list[tuple[Edge, Any]]], Any], place: str = "") -> Mistake:
        return planted(id, name, Rank.FORK, distance, target, AtNode(node, combine), place)

    if len(arriving) <= MOST_BRANCHES:
        for size in range(len(arriving) - 1, 0, -1):
            for kept in combinations(arriving, size):
                lines = ", ".join(dict.fromkeys(graph.line_of(edge[0]) for edge in kept))
                yield at("one-branch", _only(kept), lines)
    for edge in arriving:
        yield at("path-twice", _twice(edge), graph.line_of(edge[0]))
    yield at("branches-multiplied", lambda shares: _multiplied([share for _, share in shares]))
    yield at("branches-averaged", lambda shares: sum(share for _, share in shares) / len(shares))


def _only(kept: tuple[Edge, ...]) -> Callable[[list[tuple[Edge, Any]]], Any]:
    return lambda shares: sum(share for edge, share in shares if edge in kept)


def _twice(twice: Edge) -> Callable[[list[tuple[Edge, Any]]], Any]:
    return lambda shares: sum(share * (2.0 if edge == twice else 1.0) for edge, share in shares)


def _multiplied(shares: list[Any]) -> Any:
    product = shares[0]
    for share in shares[1:]:
        product = product * share
    return product


def _of_a_path(run: Run, target: Target) -> Iterator[Mistake]:
    name = target.wrt[0]
    whole = Target("total", None, target.wrt, convention=target.convention)
    yield Mistake("all-paths", name, Rank.FORK, Distance.ASKED, lambda run: truth(run, whole))


def _value_of(name: str, target: Target) -> Callable[[Run], Any]:
    return lambda run: converted(run.values[name], target.convention)


def _gradient_of(name: str, target: Target) -> Callable[[Run], Any]:
    return lambda run: converted(run.gradients[name], target.convention)


def _name(graph: Graph, target: Target) -> str:
    return graph.names[_node(graph, target)]


def _node(graph: Graph, target: Target) -> int:
    place = target.place(graph)
    return place if isinstance(place, int) else graph.arguments[place[0]][place[1]]
