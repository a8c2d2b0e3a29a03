"""Slips in summing a gradient back to the shape of an input that was broadcast."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from tutor.engine import Edge, NotComputableError, Run
from tutor.mistakes.mistake import Distance, Mistake, Rank
from tutor.mistakes.target import Target
from tutor.text import msg

Share = Callable[[Any, tuple[int, ...], tuple[int, ...]], Any]


def is_broadcast(run: Run, edge: Edge) -> bool:
    """Was the input of this edge stretched to meet the others?"""
    node, k = edge
    op = run.graph.ops[node]
    return op is not None and op.elementwise and run.shapes[run.graph.arguments[node][k]] != run.shapes[node]


def broadcast_slips(edge: Edge) -> Iterator[tuple[str, Callable[[Run, Any], Any]]]:
    """For each slip its id and the share it sends along `edge`, from the run and what arrives at the edge's op."""
    for id, rule in RULES.items():
        yield id, _share(edge, rule)


def unsummed(run: Run, target: Target) -> list[Mistake]:
    """Mistakes that leave the gradient of a broadcast input in a shape that never fits the input."""
    graph = run.graph
    if target.kind not in ("downstream", "upstream", "total") or len(target.wrt) != 1 or target.convention != "shape":
        return []
    place = target.place(graph)
    edges = [place] if isinstance(place, tuple) else graph.consumers[place]
    if len(edges) != 1 or not is_broadcast(run, edges[0]):
        return []
    node, line = edges[0][0], graph.line_of(edges[0][0])

    def left(id: str, rule: Share) -> Mistake:
        share = _share(edges[0], rule)
        return Mistake(id, line, Rank.OP, Distance.ASKED, lambda run: share(run, run.total(node)), edge=edges[0])

    found = [left("broadcast:not-summed", lambda whole, small, big: whole), left("broadcast:stretched", _stretched)]
    small, big = run.shapes[graph.arguments[node][edges[0][1]]], run.shapes[node]
    others = _kept_axes(small, big)
    if others:
        for kept in (False, True):
            found.append(left("broadcast:wrong-axis", partial(_added, others, kept)))
        if small != ():
            found.append(left("broadcast:over-summed", partial(_added, tuple(range(len(big))), False)))
    return found


def _added(axes: tuple[int, ...], kept: bool, whole: Any, small: tuple[int, ...], big: tuple[int, ...]) -> Any:
    return np.sum(whole, axis=axes, keepdims=kept)


def _share(edge: Edge, rule: Share) -> Callable[[Run, Any], Any]:
    node, k = edge

    def share(run: Run, up: Any) -> Any:
        op = run.graph.ops[node]
        assert op is not None
        whole = op.vjp(k, up, run.node_values[node], *run.inputs_of(node))
        whole = np.broadcast_to(whole, run.shapes[node])
        return rule(whole, run.shapes[run.graph.arguments[node][k]], run.shapes[node])

    return share


def _stretched(whole: Any, small: tuple[int, ...], big: tuple[int, ...]) -> Any:
    return np.broadcast_to(np.sum(whole, axis=_summed_axes(small, big), keepdims=True), big)


def _averaged(whole: Any, small: tuple[int, ...], big: tuple[int, ...]) -> Any:
    return np.mean(whole, axis=_summed_axes(small, big), keepdims=True).reshape(small)


def _over_summed(whole: Any, small: tuple[int, ...], big: tuple[int, ...]) -> Any:
    if small == () or len(_summed_axes(small, big)) == len(big):
        raise NotComputableError(msg("engine.slip-sizes", op="sum"))
    return np.full(small, np.sum(whole))


def _wrong_axis(whole: Any, small: tuple[int, ...], big: tuple[int, ...]) -> Any:
    others = _kept_axes(small, big)
    if not others:
        raise NotComputableError(msg("engine.slip-sizes", op="sum"))
    added = np.sum(whole, axis=others)
    if added.size != int(np.prod(small)):
        raise NotComputableError(msg("engine.slip-sizes", op="sum"))
    return added.reshape(small)


RULES: Mapping[str, Share] = {
    "broadcast:averaged": _averaged,
    "broadcast:over-summed": _over_summed,
    "broadcast:wrong-axis": _wrong_axis,
}


def _summed_axes(small: tuple[int, ...], big: tuple[int, ...]) -> tuple[int, ...]:
    lead = len(big) - len(small)
    return (*range(lead), *(lead + k for k, size in enumerate(small) if size == 1 and big[lead + k] != 1))


def _kept_axes(small: tuple[int, ...], big: tuple[int, ...]) -> tuple[int, ...]:
    axes = _summed_axes(small, big)
    return tuple(axis for axis in range(len(big)) if axis not in axes)
