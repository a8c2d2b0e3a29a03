"""The numeric check: nudge an entry up and down, all else held, and see that the slope is what was said."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from tutor.checking.why.step import Step
from tutor.drill.notation import entry_symbol, output_name
from tutor.drill.question import DrillPart
from tutor.engine.numeric_gradient import value_with_slot, values_with
from tutor.mistakes.target import Target
from tutor.text import Message, msg
from tutor.text.number_format import format_value

H = 1e-3
MOST = 6
"""Entries that are measured: enough to see, few enough to read."""
KINK = 1e-3
"""A measured slope further off than this, relative to the largest, has met a kink."""

_Moves = Callable[[float], float]


def total_measured(part: DrillPart, name: str) -> Iterator[Step | Message]:
    """How the output moves with a variable, along all branches."""
    run, node = part.run, part.graph.find(name)
    exact = np.asarray(run.total(node))

    def output(value: Any) -> float:
        moved = values_with(run, {node: value})
        return float(sum(np.sum(moved[each] * seed) for each, seed in run.seeds.items()))

    yield from _table(output_name(run) or "", name, run.node_values[node], output, exact)


def line_measured(part: DrillPart, target: Target) -> Iterator[Step | Message]:
    """How one line moves with one slot; for what flows back, weighted by what arrives."""
    run, graph = part.run, part.graph
    chain = target.chain(graph)
    bottom, k = chain[-1]
    value, of = run.node_values[graph.arguments[bottom][k]], target.of or ""
    if target.kind == "downstream":
        up = run.total(graph.find(of))
        exact = np.asarray(run.downstream_along(chain[-1]))
        shown = of if np.size(up) == 1 and float(np.ravel(up)[0]) == 1.0 else f"sum(d{of} · {of})"

        def weighted(moved: Any) -> float:
            return float(np.sum(up * value_with_slot(run, chain, moved)))

        yield from _table(shown, target.wrt[0], value, weighted, exact)
        return
    jacobian = run.jacobian_along(chain)
    yield from _entries(of, target.wrt[0], value, lambda moved: value_with_slot(run, chain, moved), jacobian)


def motion_measured(
    part: DrillPart, of: str, clock: str, along: Mapping[str, Any], exact: Any
) -> Iterator[Step | Message]:
    """How a line moves when all inputs move along their direction at once."""
    run, graph = part.run, part.graph

    def output(by: float) -> Any:
        moved = {graph.find(name): run.values[name] + by * way for name, way in along.items()}
        return np.asarray(values_with(run, moved)[graph.find(of)])

    above, below = output(H), output(-H)
    yield msg("checking.why-move", by=H)
    for place in list(np.ndindex(*exact.shape))[:MOST]:
        ends = (float(above[place]), float(below[place]))
        yield from _row(entry_symbol(of, place), clock, ends, float(exact[place]), float(np.max(np.abs(exact))))


def path_measured(part: DrillPart, names: tuple[str, ...]) -> Iterator[Step | Message]:
    """How the output moves with a variable when only the lines of one path carry it on."""
    run, graph, last = part.run, part.graph, names[-1]
    up = run.total(graph.find(last))

    def carried(moved: Any) -> float:
        for wrt, of in pairwise(names):
            moved = value_with_slot(run, graph.chain(of, wrt), moved)
        return float(np.sum(up * moved))

    value = run.node_values[graph.find(names[0].partition("#")[0])]
    yield from _table(output_name(run) or "", names[0], value, carried, np.asarray(run.path(names)))


def jacobian_measured(part: DrillPart, of: str, wrt: str) -> Iterator[Step | Message]:
    run, graph = part.run, part.graph
    node, top = graph.find(wrt.partition("#")[0]), graph.find(of)
    value = run.node_values[node]
    yield from _entries(of, wrt, value, lambda moved: values_with(run, {node: moved})[top], run.jacobian(of, wrt))


def _entries(of: str, wrt: str, value: Any, moves: Callable[[Any], Any], jacobian: Any) -> Iterator[Step | Message]:
    """Entry of a line by entry of a name: those that move at all first, in reading order."""
    columns = np.shape(value)
    shape = np.shape(moves(value))
    places = [(int(i), int(j)) for i, j in np.argwhere(jacobian != 0)] or [(0, 0)]
    largest = float(np.max(np.abs(jacobian), initial=0.0))
    yield msg("checking.why-nudge", by=H)
    for row, column in places[:MOST]:
        at = tuple(int(k) for k in np.unravel_index(row, shape)) if shape else ()
        inner = tuple(int(k) for k in np.unravel_index(column, columns)) if columns else ()
        above, below = (float(np.asarray(moves(_nudged(value, inner, by)))[at]) for by in (H, -H))
        yield from _row(
            entry_symbol(of, at), entry_symbol(wrt, inner), (above, below), float(jacobian[row, column]), largest
        )
    if len(places) > MOST:
        yield msg("checking.why-more", count=len(places) - MOST)


def _table(
    of: str, name: str, value: Any, moves: _Moves | Callable[[Any], float], exact: Any
) -> Iterator[Step | Message]:
    """The output by entry of a name."""
    places = list(np.ndindex(*np.shape(value)))
    largest = float(np.max(np.abs(exact), initial=0.0))
    yield msg("checking.why-nudge", by=H) if of else msg("checking.why-nudge-weighted", by=H)
    for place in places[:MOST]:
        above, below = (moves(_nudged(value, place, by)) for by in (H, -H))
        yield from _row(of or "Σ", entry_symbol(name, place), (above, below), float(np.asarray(exact)[place]), largest)
    if len(places) > MOST:
        yield msg("checking.why-more", count=len(places) - MOST)


def _row(of: str, name: str, ends: tuple[float, float], exact: float, largest: float) -> Iterator[Step | Message]:
    above, below = ends
    slope = (above - below) / (2 * H)
    slope = 0.0 if abs(slope) < 1e-9 * max(largest, 1.0) else slope
    text = f"Δ{of}/Δ{name} = ({_long(above)} − {_bracketed(_long(below))}) / {2 * H:g} = {_long(slope, 5)}"
    yield Step(text, (msg("checking.why-exact", value=format_value(exact)),))
    if abs(slope - exact) > KINK * max(largest, 1e-9):
        yield msg("checking.why-kink")


def _nudged(value: Any, place: tuple[int, ...], by: float) -> Any:
    moved = np.array(value, dtype=np.float64)
    moved[place] += by
    return moved if moved.shape else np.float64(moved)


def _long(number: float, digits: int = 7) -> str:
    """With enough digits to see a nudge."""
    return f"{number:.{digits}g}"


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text
