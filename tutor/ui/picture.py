"""From a drill to a picture: what each box says now, which wires are lit, how gradients flow back at the end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.drawing import (
    PREVIEW_STYLES,
    STYLES,
    GraphView,
    Label,
    NoPictureError,
    Picture,
    Reading,
    Wire,
    graph_view,
    graph_wires,
)
from tutor.drill.question import DrillPart
from tutor.drill.runs import run_at
from tutor.engine import Graph, Run
from tutor.expr import to_unicode
from tutor.kinds import load
from tutor.learner.known_gradients import KnownGradients
from tutor.lesson.file.problem import LessonError
from tutor.lesson.numbers.draws import draw
from tutor.text.message import render
from tutor.text.number_format import format_value

MANY = 40
"""Nodes from which on a graph will fit into no pane, and takes longer to lay out than a key press may."""

ROOMS = (40, 24, 14)
"""Cells that a value may take in a box, the widest that fits first; what is longer is shown by its shape."""


SHAPES = 8
"""Room for a number; of arrays the shape."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A part's graph laid out for a pane; `room` is how long a value in a box may be."""

    part: DrillPart
    view: GraphView
    room: int

    def picture(self, gradients: Mapping[str, Any], asked: str | None, lit: Collection[Wire]) -> Picture:
        """The picture at this moment: these gradients (a text as it is), `?` for the others."""
        values = self.part.run.values
        readings = {
            name: Reading(
                brief(values[name], self.room), brief(gradients[name], self.room) if name in gradients else None
            )
            for name in names_of(self.part)
        }
        return self.view.paint(readings, asked, lit)


def drawn_to_fit(part: DrillPart, fit: tuple[int, int], given: Mapping[str, Any] | None = None) -> Drawn:
    """The graph with as much in its boxes as a pane of `fit` columns and rows holds; larger graphs pan.

    Raises NoPictureError. `given` are gradients that the boxes must have room for in place of the right ones.
    """
    many = len(names_of(part)) > MANY
    for room in () if many else ROOMS:
        view = graph_view(part.graph, _labels(part, room, given), fit)
        if view.style == "full" and _fits(view, fit):
            return Drawn(part, view, room)
    # Rather shapes than a graph that is cut off, and rather move up and down than left and right.
    for place in () if many else (fit, (fit[0], 10_000)):
        for room in (ROOMS[-1], SHAPES):
            view = graph_view(part.graph, _labels(part, room, given), place)
            if _fits(view, place):
                return Drawn(part, view, room)
    return Drawn(part, graph_view(part.graph, _labels(part, ROOMS[-1], given)), ROOMS[-1])


def names_of(part: DrillPart) -> tuple[str, ...]:
    """Inputs, then lines in topological order."""
    return (*part.graph.inputs, *part.graph.order)


def integers_of(part: DrillPart) -> set[str]:
    """The inputs that hold labels and carry no gradient."""
    return {part.graph.names[node] for node in part.graph.integer}


def gradients_in(part: DrillPart, known: KnownGradients) -> dict[str, Any]:
    """The gradients that are known."""
    return {name: part.run.gradients[name] for name in names_of(part) if name in known.gradients}


def wires_from(part: DrillPart, node: str | None) -> tuple[Wire, ...]:
    """The wires along which the gradient comes back to a node: those of its uses."""
    return tuple(wire for wire in graph_wires(part.graph) if wire.source == node)


def waves(part: DrillPart, paths: Mapping[Wire, Sequence[tuple[int, int]]]) -> list[list[Sequence[tuple[int, int]]]]:
    """The paths of the backward pass, line by line from the output."""
    without = integers_of(part)
    return [
        [path for wire, path in paths.items() if wire.target == line and wire.source not in without]
        for line in reversed(part.graph.order)
    ]


def brief(value: Any, room: int) -> str:
    """A value for a box: the number, a short array as it may be typed, a long one as its shape."""
    if isinstance(value, str):
        return value
    if getattr(value, "size", 1) == 1:
        return format_value(value.item() if hasattr(value, "item") else value)
    text = compact(value)
    return text if len(text) <= room else render(tuple(value.shape), "en")


def compact(value: Any) -> str:
    """An array on one line, rows set apart by `;` as they may be typed: `[1, 2; 3, 4]`; a text as it is."""
    if isinstance(value, str):
        return value
    text = format_value(value)
    if getattr(value, "ndim", 0) != 2:
        return text
    return "[" + text[2:-2].replace("], [", "; ") + "]"


def picture_of_lesson(path: Path, fit: tuple[int, int]) -> Picture | None:
    """The first graph of a lesson with its values and no gradients; None where it does not fit or cannot be read."""
    try:
        part = load(path).parts[0]
    except LessonError:
        return None
    run = run_at(part, draw(part, 0))
    names = (*run.graph.inputs, *run.graph.order)
    labels = {name: Label(_expression(run.graph, name), brief(run.values[name], ROOMS[-1])) for name in names}
    try:
        view = graph_view(run.graph, labels, fit, (*STYLES, *PREVIEW_STYLES))
    except NoPictureError:
        return None
    return view.paint({name: Reading(labels[name].value) for name in names}) if _fits(view, fit) else None


def _labels(part: DrillPart, room: int, given: Mapping[str, Any] | None = None) -> dict[str, Label]:
    without = integers_of(part)
    gradients = part.run.gradients if given is None else given
    return {
        name: _label(part.graph, part.run, name, room, None if name in without else gradients[name])
        for name in names_of(part)
    }


def _label(graph: Graph, run: Run, name: str, room: int, gradient: Any) -> Label:
    shown = None if gradient is None else brief(gradient, room)
    return Label(_expression(graph, name), brief(run.values[name], room), shown)


def _expression(graph: Graph, name: str) -> str:
    line = graph.lines.get(name)
    return to_unicode(line.tree) if line is not None and line.tree is not None else ""


def _fits(view: GraphView, fit: tuple[int, int]) -> bool:
    return view.layout.width <= fit[0] and view.layout.height <= fit[1]
