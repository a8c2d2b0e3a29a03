"""Mistakes in whole Jacobians: an op's slip in every row, as somebody gets who pulls back one output at a time."""

from collections.abc import Callable, Iterable, Iterator
from math import prod
from typing import Any, TypeAlias

import numpy as np

from tutor.engine import Edge, Graph, NotComputableError, Run
from tutor.engine.replay import cotangent_maps, sent_by_slip
from tutor.mistakes.mistake import Distance, Mistake, Rank
from tutor.mistakes.target import Target
from tutor.text import msg

Rule: TypeAlias = Callable[..., Any]
MOST_ENTRIES = 400


def op_slips(graph: Graph, edges: Iterable[Edge]) -> Iterator[tuple[int, Edge, str, Rule]]:
    """Every slip of the ops along some edges: at which of them, the edge, the id, the rule."""
    for place, (node, k) in enumerate(edges):
        op = graph.ops[node]
        assert op is not None
        for slip, rule in op.slips_at(k).items():
            yield place, (node, k), f"{op.name}:{slip}", rule


def jacobian_mistakes(run: Run, target: Target) -> Iterator[Mistake]:
    """The slips of every op between the two nodes, in a Jacobian of at most 400 entries."""
    graph, of, wrt = run.graph, target.of or "", target.wrt[0]
    top, bottom = graph.find(of), graph.find(wrt)
    if prod(run.shapes[top]) * prod(run.shapes[bottom]) > MOST_ENTRIES:
        return
    for node in range(top, bottom, -1):
        line = graph.line_of(node)
        near = Distance.ASKED if line == of else Distance.ABOVE
        for _, edge, id, rule in op_slips(graph, ((node, k) for k, _ in enumerate(graph.arguments[node]))):
            yield Mistake(id, line, Rank.OP, near, _between(top, bottom, edge, rule), edge=edge)


def chain_jacobian(chain: tuple[Edge, ...], place: int, rule: Rule) -> Callable[[Run], Any]:
    """The Jacobian along the ops of a line with a wrong rule at one of them."""

    def produce(run: Run) -> Any:
        (bottom, slot), top = chain[-1], chain[0][0]
        inner = run.shapes[run.graph.arguments[bottom][slot]]
        if prod(run.shapes[top]) * prod(inner) > MOST_ENTRIES:
            raise NotComputableError(msg("engine.slip-sizes", op="-"))
        above, below = chain[:place], chain[place + 1 :]
        rows = []
        for unit in _units(run.shapes[top]):
            up = sent_by_slip(run, chain[place], rule, run.vjp_along(above, unit))
            rows.append(np.ravel(run.vjp_along(below, up)))
        return np.array(rows)

    return produce


def _between(top: int, bottom: int, edge: Edge, rule: Rule) -> Callable[[Run], Any]:
    """The Jacobian of any node with respect to an earlier one: what the slip changes in each row, carried down."""

    def produce(run: Run) -> Any:
        node, k = edge
        source = run.graph.arguments[node][k]
        down, here = cotangent_maps(run, bottom), cotangent_maps(run, node)
        if down is None or here is None or source not in down or top not in here:
            raise NotComputableError(msg("engine.slip-sizes", op="-"))
        sizes = prod(run.shapes[top]), prod(run.shapes[bottom])
        # Behind a stop_gradient nothing is right but 0, and the slip lets something through.
        rows = np.reshape(np.transpose(down[top]), sizes).copy() if top in down else np.zeros(sizes)
        arriving = np.reshape(here[top], (prod(run.shapes[node]), sizes[0]))
        onward = np.reshape(down[source], (sizes[1], prod(run.shapes[source])))
        for row in range(sizes[0]):
            up = np.reshape(arriving[:, row], run.shapes[node])[()]
            change = sent_by_slip(run, edge, rule, up) - run.vjp(edge, up)
            rows[row] += onward @ np.ravel(change)
        return rows

    return produce


def _units(shape: tuple[int, ...]) -> Iterator[Any]:
    for k in range(prod(shape)):
        unit = np.zeros(prod(shape))
        unit[k] = 1.0
        yield unit.reshape(shape) if shape else np.float64(1.0)
