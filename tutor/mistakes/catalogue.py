"""The catalogue: which slips could be made on the way to an answer, each as plants for the engine to replay."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tutor.engine import Edge, Graph, Run
from tutor.engine.ordering import reached
from tutor.engine.replay import AtEdge, AtNode, AtOp, Plant, replay
from tutor.mistakes.broadcast_slips import broadcast_slips, is_broadcast
from tutor.mistakes.fork_slips import fork_slips
from tutor.mistakes.jacobian_mistakes import jacobian_mistakes, op_slips
from tutor.mistakes.mistake import Distance, Mistake, Rank
from tutor.mistakes.path_mistakes import factors_in, local_mistakes, path_mistakes, without_factor
from tutor.mistakes.target import Target, in_convention


def mistakes(run: Run, target: Target) -> list[Mistake]:
    """Every mistake that could be made on the way to `target`, in order of precedence; not all are computable."""
    if target.kind == "local":
        found = list(local_mistakes(run, target))
    elif target.kind == "jacobian":
        found = list(jacobian_mistakes(run, target))
    elif target.kind == "path":
        found = list(path_mistakes(run, target))
    else:
        found = [*_at_the_asked(run, target), *_above(run, target)]
    # At a fork the asked node's own mistakes go before those of the lines that use it.
    asked = {target.of} if target.of else set(target.wrt)
    return sorted(found, key=lambda each: (each.distance, each.node not in asked, each.rank))


def planted_mistake(
    id: str,
    node: str,
    rank: Rank,
    distance: Distance,
    target: Target,
    plant: Plant | tuple[Plant, ...],
    place: str = "",
    edge: Edge | None = None,
) -> Mistake:
    """A mistake that is slips planted in the graph."""
    plants = plant if isinstance(plant, tuple) else (plant,)

    def produce(run: Run) -> Any:
        if len(target.wrt) > 1:
            return np.concatenate([np.ravel(replay(run, plants, run.graph.find(name))) for name in target.wrt])
        return in_convention(replay(run, plants, target.place(run.graph)), target.convention)

    return Mistake(id, node, rank, distance, produce, place, plants, edge)


def _at_the_asked(run: Run, target: Target) -> Iterator[Mistake]:
    graph = run.graph
    if target.kind == "downstream":
        line = target.of or ""
        yield from _op_slips(run, line, target.chain(graph), target, Distance.ASKED)
        yield from _fork_slips(run, graph.find(line), target, Distance.ASKED)
        yield from _edge_slips(run, line, target.chain(graph), target, Distance.ASKED)
        yield from _stops(run, target)
        return
    for name in _names(graph, target):
        uses = graph.uses(name)
        for line, slot in uses:
            yield from _op_slips(run, line, slot.chain, target, Distance.ASKED)
        yield from _fork_slips(run, graph.find(name), target, Distance.ASKED)
        for line, slot in uses:
            yield from _edge_slips(run, line, slot.chain, target, Distance.ASKED)
    if len(target.wrt) == 1:
        yield from _stops(run, target)
    yield Mistake("value", target.wrt[0], Rank.GENERAL, Distance.ABOVE, _values(target))


def _above(run: Run, target: Target) -> Iterator[Mistake]:
    """Slips at the lines between the asked one and the output."""
    graph, distance = run.graph, Distance.ABOVE
    asked = {target.of} if target.kind == "downstream" else {line for line, _ in _uses(graph, target)}
    names = _names(graph, target)
    for line in _lines_above(graph, target):
        for slot in graph.lines[line].slots:
            if line not in asked:
                yield from _op_slips(run, line, slot.chain, target, distance)
                yield from _edge_slips(run, line, slot.chain, target, distance)
        if not (target.kind == "downstream" and line == target.of) and line not in names:
            yield from _fork_slips(run, graph.find(line), target, distance)
    for line in graph.order if len(names) == 1 else ():
        if line not in (target.of, *names):
            yield Mistake("neighbour", line, Rank.GENERAL, Distance.ABOVE, _gradient_of(line, target))


def _lines_above(graph: Graph, target: Target) -> list[str]:
    """Lines through which the gradient comes to the asked place, nearest first."""
    start = [target.of or ""] if target.kind == "downstream" else [line for line, _ in _uses(graph, target)]
    return list(reached(start, lambda name: (line for line, _ in graph.uses(name))))


def _op_slips(run: Run, line: str, chain: tuple[Edge, ...], target: Target, distance: Distance) -> Iterator[Mistake]:
    # With two uses their mean is also a split at `+`: the axis that was broadcast is the likelier place.
    for edge in chain:
        if is_broadcast(run, edge):
            for id, share in broadcast_slips(edge):
                yield planted_mistake(id, line, Rank.OP, distance, target, _shared(edge, share), edge=edge)
    for _, edge, id, rule in op_slips(run.graph, chain):
        yield planted_mistake(id, line, Rank.OP, distance, target, AtOp(edge[0], rule, edge[1]), edge=edge)


def _edge_slips(run: Run, line: str, chain: tuple[Edge, ...], target: Target, distance: Distance) -> Iterator[Mistake]:
    """The general slips at one slot: what arrives, what is local, and how they are combined."""
    top, edge = chain[0][0], chain[-1]

    def general(id: str, make: Callable[[Run, Any], Any]) -> Mistake:
        return planted_mistake(id, line, Rank.GENERAL, distance, target, _shared(edge, make, top), f"{edge}")

    ones = np.ones(run.shapes[top])
    yield general("upstream-forgotten", lambda run, up: run.vjp_along(chain, np.ones_like(up)))
    yield general("local-forgotten", lambda run, up: up)
    if run.is_elementwise(chain):
        yield general("added", lambda run, up: up + run.vjp_along(chain, np.broadcast_to(ones, np.shape(up))))
    if len(chain) > 1:
        yield general("one-short", lambda run, up: run.vjp_along(chain[:-1], up))
    if run.is_elementwise(chain):
        yield general("times-z", lambda run, up: run.vjp_along(chain, up) * _input_value(run, edge))
    # One factor of many in a line takes evidence, as what lies further up does.
    for _, (node, k) in factors_in(run, chain):
        plant = AtOp(node, without_factor, k)
        yield planted_mistake(
            "factor-forgotten", line, Rank.GENERAL, Distance.ABOVE, target, plant, f"{node}", (node, k)
        )


def _stops(run: Run, target: Target) -> Iterator[Mistake]:
    """A step too many: the gradient is carried on through the line that makes the asked variable.

    That line is another than the asked one, so that it takes evidence as slips far away do.
    """
    graph = run.graph
    name = _names(graph, target)[0]
    line = graph.lines.get(name)
    place = target.place(graph)
    for slot in line.slots if line is not None else ():

        def far(run: Run, chain: tuple[Edge, ...] = slot.chain) -> Any:
            here = run.total(place) if isinstance(place, int) else run.downstream_along(place)
            return in_convention(run.vjp_along(chain, here), target.convention)

        yield Mistake("one-far", target.of or name, Rank.GENERAL, Distance.ABOVE, far, slot.label)


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
    name = run.graph.names[node]
    for id, rank, combine, place in fork_slips(run, node):
        yield planted_mistake(id, name, rank, distance, target, AtNode(node, combine), place)


def _values(target: Target) -> Callable[[Run], Any]:
    def produce(run: Run) -> Any:
        if len(target.wrt) > 1:
            return np.concatenate([np.ravel(run.values[name]) for name in target.wrt])
        return in_convention(run.values[_names(run.graph, target)[0]], target.convention)

    return produce


def _gradient_of(name: str, target: Target) -> Callable[[Run], Any]:
    return lambda run: in_convention(run.gradients[name], target.convention)


def _names(graph: Graph, target: Target) -> list[str]:
    """The variables whose gradients are asked for; of a slot the one that it holds."""
    if len(target.wrt) > 1:
        return list(target.wrt)
    place = target.place(graph)
    return [graph.names[place if isinstance(place, int) else graph.arguments[place[0]][place[1]]]]


def _uses(graph: Graph, target: Target) -> list[tuple[str, Any]]:
    return [use for name in _names(graph, target) for use in graph.uses(name)]
