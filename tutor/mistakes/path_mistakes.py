"""Mistakes in answers that are a walk from step to step: a line's local gradient, and what one path contributes."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from tutor.engine import Edge, Run
from tutor.engine.replay import sent_by_slip, unbroadcast_slip
from tutor.mistakes.jacobian_mistakes import Rule, chain_jacobian, op_slips
from tutor.mistakes.mistake import Distance, Mistake, Rank
from tutor.mistakes.target import Target, in_convention, right_answer


def factors_in(run: Run, chain: tuple[Edge, ...]) -> Iterator[tuple[int, Edge]]:
    """The places in a line of several ops at which something else is a factor, or divides."""
    for place, (node, k) in enumerate(chain) if len(chain) > 1 else ():
        op = run.graph.ops[node]
        if op is not None and k in op.factors:
            yield place, (node, k)


def without_factor(op: Any, i: int, up: Any, out: Any, *xs: Any) -> Any:
    """The rule of who forgets the factor: what arrives goes on as it is."""
    return up


def local_mistakes(run: Run, target: Target) -> Iterator[Mistake]:
    """Wrong local gradients: entry by entry where the line is elementwise, otherwise whole Jacobians."""
    graph, chain, name = run.graph, target.chain(run.graph), target.of or ""
    elementwise = run.is_elementwise(chain)
    with_rule = partial(_local_with, target) if elementwise else partial(chain_jacobian, chain)
    for place, edge, id, rule in op_slips(graph, chain):
        yield Mistake(id, name, Rank.OP, Distance.ASKED, with_rule(place, rule), edge=edge)
    for place, edge in factors_in(run, chain):
        make = with_rule(place, without_factor)
        yield Mistake("factor-forgotten", name, Rank.GENERAL, Distance.ABOVE, make, f"{edge}", edge=edge)
    if not elementwise:
        return
    yield Mistake("upstream-included", name, Rank.GENERAL, Distance.ASKED, _with_upstream(target))
    if len(chain) > 1:
        yield Mistake("one-short", name, Rank.GENERAL, Distance.ASKED, _short(target))
    source = graph.lines.get(graph.names[graph.arguments[chain[-1][0]][chain[-1][1]]])
    for slot in source.slots if source is not None else ():
        if run.is_elementwise(slot.chain):
            yield Mistake("one-far", name, Rank.GENERAL, Distance.ABOVE, _far(target, slot.chain), slot.label)
    yield Mistake("value", name, Rank.GENERAL, Distance.ABOVE, lambda run: np.asarray(run.values[name]))


def path_mistakes(run: Run, target: Target) -> Iterator[Mistake]:
    """Wrong shares of one path: all paths together, a step left out or taken wrongly on the way."""
    graph, name = run.graph, target.wrt[0]
    whole = Target("total", None, target.wrt, convention=target.convention)
    yield Mistake("all-paths", name, Rank.FORK, Distance.ASKED, lambda run: right_answer(run, whole))
    names = (*target.wrt, *target.path)
    steps = [(of, graph.chain(of, wrt)) for of, wrt in zip(reversed(names), reversed(names[:-1]), strict=False)]
    edges = tuple(edge for _, chain in steps for edge in chain)
    start = 0
    for line, chain in steps:
        for place, edge, id, rule in op_slips(graph, chain):
            yield Mistake(id, line, Rank.OP, Distance.ASKED, _path_with(target, edges, start + place, rule), edge=edge)
        for place, edge in factors_in(run, chain):
            make = _path_with(target, edges, start + place, without_factor)
            yield Mistake("factor-forgotten", line, Rank.GENERAL, Distance.ABOVE, make, f"{edge}", edge=edge)
        yield Mistake("local-forgotten", line, Rank.GENERAL, Distance.ASKED, _path_without(target, edges, chain))
        start += len(chain)
    if len(target.path) > 1:
        top = names[-1]
        yield Mistake("upstream-forgotten", top, Rank.GENERAL, Distance.ASKED, _path_of_ones(target, edges))
        lowest, chain = steps[-1]
        yield Mistake("upstream-forgotten", lowest, Rank.GENERAL, Distance.ASKED, _step_of_ones(target, lowest, chain))


def _walk(run: Run, up: Any, edges: tuple[Edge, ...], place: int, rule: Rule) -> Any:
    """Backward along edges with a wrong rule at one of them."""
    for step, edge in enumerate(edges):
        up = sent_by_slip(run, edge, rule, up) if step == place else run.vjp(edge, up)
    return up


def _local_with(target: Target, place: int, rule: Rule) -> Callable[[Run], Any]:
    def produce(run: Run) -> Any:
        chain = target.chain(run.graph)
        return np.asarray(_walk(run, np.ones_like(run.node_values[chain[0][0]]), chain, place, rule))

    return produce


def _with_upstream(target: Target) -> Callable[[Run], Any]:
    return lambda run: np.asarray(run.downstream_along(target.chain(run.graph)[-1]))


def _short(target: Target) -> Callable[[Run], Any]:
    """The last step left out: of (3x + 1)² the inner derivative."""

    def produce(run: Run) -> Any:
        chain = target.chain(run.graph)
        return np.asarray(run.vjp_along(chain[:-1], np.ones_like(run.node_values[chain[0][0]])))

    return produce


def _far(target: Target, beyond: tuple[Edge, ...]) -> Callable[[Run], Any]:
    return lambda run: np.asarray(run.vjp_along(beyond, right_answer(run, target)))


def _path_with(target: Target, edges: tuple[Edge, ...], place: int, rule: Rule) -> Callable[[Run], Any]:
    return lambda run: in_convention(_walk(run, _top(run, target), edges, place, rule), target.convention)


def _path_without(target: Target, edges: tuple[Edge, ...], left_out: tuple[Edge, ...]) -> Callable[[Run], Any]:
    kept = tuple(edge for edge in edges if edge not in left_out)

    def produce(run: Run) -> Any:
        up = _top(run, target)
        for edge in kept:
            # Without the step that changes the shape the next one may not fit.
            up = run.vjp(edge, unbroadcast_slip(up, run.shapes[edge[0]]))
        node, k = edges[-1]
        return in_convention(unbroadcast_slip(up, run.shapes[run.graph.arguments[node][k]]), target.convention)

    return produce


def _path_of_ones(target: Target, edges: tuple[Edge, ...]) -> Callable[[Run], Any]:
    return lambda run: in_convention(run.vjp_along(edges, np.ones_like(_top(run, target))), target.convention)


def _step_of_ones(target: Target, line: str, chain: tuple[Edge, ...]) -> Callable[[Run], Any]:
    """The lowest step alone, as if nothing lay above it."""

    def produce(run: Run) -> Any:
        return in_convention(run.vjp_along(chain, np.ones_like(run.total(run.graph.find(line)))), target.convention)

    return produce


def _top(run: Run, target: Target) -> Any:
    return run.total(run.graph.find(target.path[-1]))
