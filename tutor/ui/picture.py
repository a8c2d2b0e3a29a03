"""From a drill to a picture: what each box says now, which wires are lit, how gradients flow back at the end."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tutor.drawing import GraphView, Label, Picture, Reading, Wire, graph_view, graph_wires
from tutor.text.message import render
from tutor.text.numbers import show

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.drill.question import DrillPart
    from tutor.engine import Graph
    from tutor.learner.known import Known

ROOM = 14  # cells that a value may take in a box; what is longer is shown by its shape


def graph_of(part: "DrillPart", fit: tuple[int, int] | None) -> GraphView:
    """The part's graph laid out for a pane of `fit` columns and rows, with room for all that will ever be shown."""
    return graph_view(part.graph, {name: _label(part, name) for name in _names(part)}, fit)


def picture_of(part: "DrillPart", view: GraphView, known: "Known", asked: str | None, lit: Collection[Wire]) -> Picture:
    """The picture at this moment."""
    return view.paint({name: _reading(part, known, name) for name in _names(part)}, asked, lit)


def wires_into_gradient(part: "DrillPart", of: str | None) -> tuple[Wire, ...]:
    """The wires along which the gradient arrives at a line: those of its uses."""
    return tuple(wire for wire in graph_wires(part.graph) if wire.source == of)


def waves(part: "DrillPart", paths: Mapping[Wire, Sequence[tuple[int, int]]]) -> list[list[Sequence[tuple[int, int]]]]:
    """The paths of the backward pass, line by line from the output."""
    return [
        [path for wire, path in paths.items() if wire.target == line and wire.source not in _integers(part)]
        for line in reversed(part.graph.order)
    ]


def brief(value: Any) -> str:
    """A value for a box: the number, a short array as it is typed, a long one as its shape."""
    shape = tuple(getattr(value, "shape", ()))
    if not shape:
        return show(value)
    text = compact(value)
    return text if len(text) <= ROOM else render(shape, "en")


def compact(value: Any) -> str:
    """An array on one line, rows set apart by `;` as they may be typed: `[1, 2; 3, 4]`."""
    text = show(value)
    if getattr(value, "ndim", 0) != 2:
        return text
    return "[" + text[2:-2].replace("], [", "; ") + "]"


def _names(part: "DrillPart") -> tuple[str, ...]:
    return (*part.graph.inputs, *part.graph.order)


def _integers(part: "DrillPart") -> set[str]:
    return {part.graph.names[node] for node in part.graph.integer}


def _label(part: "DrillPart", name: str) -> Label:
    gradient = None if name in _integers(part) else brief(part.run.gradients[name])
    return Label(_expression(part.graph, name), brief(part.run.values[name]), gradient)


def _expression(graph: "Graph", name: str) -> str:
    from tutor.expr import to_unicode

    line = graph.lines.get(name)
    return to_unicode(line.tree) if line is not None and line.tree is not None else ""


def _reading(part: "DrillPart", known: "Known", name: str) -> Reading:
    gradient = brief(part.run.gradients[name]) if name in known.gradients else None
    return Reading(brief(part.run.values[name]), gradient)


def picture_of_lesson(path: "Path", fit: tuple[int, int]) -> Picture | None:
    """The first graph of a lesson with its values and no gradients; None where it does not fit or cannot be read."""
    from tutor.drill.numbers import run_at
    from tutor.lesson.draws import draw
    from tutor.lesson.loading import load
    from tutor.lesson.problem import LessonError

    try:
        part = load(path).parts[0]
    except LessonError:
        return None
    run = run_at(part, draw(part, 0))
    names = (*run.graph.inputs, *run.graph.order)
    labels = {name: Label(_expression(run.graph, name), brief(run.values[name])) for name in names}
    view = graph_view(run.graph, labels, fit)
    if view.layout.width > fit[0] or view.layout.height > fit[1]:
        return None
    return view.paint({name: Reading(labels[name].value) for name in names})
