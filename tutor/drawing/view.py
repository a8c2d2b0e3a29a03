"""A computation graph as boxes and wires: what stands in each box, and how much of it a pane has room for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from tutor.drawing.box_list import is_too_large, list_boxes
from tutor.drawing.boxes_and_wires import Box, Layout, Wire
from tutor.drawing.channels import NARROWEST
from tutor.drawing.layout import lay_out
from tutor.drawing.raster import Line, Picture, cell_width, paint

STYLES = ("full", "stacked", "named", "short")
"""From wide to narrow: expression over `→ value   ← gradient` (an input is one line, its gradient written when it is
known); the three below each other; `name  → value` over `← gradient`; all on one line without the expression."""

PREVIEW_STYLES = ("formulas", "names")
"""Without numbers: `a = x + y`; the name alone."""


class DrawnSlot(Protocol):
    """One use of a source in a line."""

    @property
    def source(self) -> str: ...


class DrawnLine(Protocol):
    """A line of a lesson: what it uses, in reading order."""

    @property
    def slots(self) -> Sequence[DrawnSlot]: ...


class DrawnGraph(Protocol):
    """As much of an engine graph as a picture needs."""

    @property
    def inputs(self) -> Sequence[str]: ...

    @property
    def order(self) -> Sequence[str]: ...

    @property
    def lines(self) -> Mapping[str, DrawnLine]: ...


@dataclass(frozen=True, slots=True)
class Label:
    """All a node's box may ever have to show, so that room is kept for it from the start.

    `expression` is a line's right-hand side (empty for an input); `value` and `gradient` are the widest texts that
    will appear; a node whose `gradient` is None never shows one.
    """

    expression: str
    value: str
    gradient: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a node now; None is shown as `?`."""

    value: str | None = None
    gradient: str | None = None


@dataclass(frozen=True, slots=True)
class GraphView:
    """A laid out graph, ready to be painted again and again as answers arrive."""

    style: str
    layout: Layout
    labels: Mapping[str, Label]

    def paint(self, readings: Mapping[str, Reading], focus: str | None = None, lit: Collection[Wire] = ()) -> Picture:
        """The picture at this moment."""
        contents = {
            name: _lines(self.style, name, label, readings.get(name, Reading())) for name, label in self.labels.items()
        }
        return paint(self.layout, contents, focus, lit)


def graph_view(
    graph: DrawnGraph,
    labels: Mapping[str, Label],
    fit: tuple[int, int] | None = None,
    styles: Sequence[str] = STYLES,
) -> GraphView:
    """Lay a graph out in the first style that fits into `fit` columns and rows.

    If none fits, boxes move together; if that is not enough either, the picture is larger than the pane, in the first
    style. With `fit` None it has all the room it wants. A graph of very many wires is a list of boxes without them.
    """
    wires = graph_wires(graph)
    room = fit or (0, 0)
    first = _draft(graph, labels, styles[0])
    if is_too_large(first, wires):
        return GraphView(styles[0], list_boxes(first), labels)
    for apart in (1, 0):
        for style in styles:
            boxes = _draft(graph, labels, style)
            if _may_fit(boxes, wires, room):
                layout = lay_out(boxes, wires, apart)
                if layout.width <= room[0] and layout.height <= room[1]:
                    return GraphView(style, layout, labels)
    return GraphView(styles[0], lay_out(first, wires), labels)


def _draft(graph: DrawnGraph, labels: Mapping[str, Label], style: str) -> list[Box]:
    """The boxes of a style, each with room for all it may have to show."""
    boxes = []
    for name in _in_reading_order(graph):
        label = labels[name]
        lines = _lines(style, name, label, Reading(label.value, label.gradient))
        slots = len(graph.lines[name].slots) if name in graph.lines else 0
        width = max(sum(cell_width(text) for text, _ in line) for line in lines)
        boxes.append(Box(name, width + 4, max(len(lines), slots, 1) + 2))
    return boxes


def _may_fit(boxes: Sequence[Box], wires: Sequence[Wire], fit: tuple[int, int]) -> bool:
    """False where boxes alone are too large: all of them together, or those along one path with their wires.

    Boxes come in an order in which sources stand before targets.
    """
    if sum(box.width * box.height for box in boxes) > fit[0] * fit[1]:
        return False
    ends = {box.id: 0 for box in boxes}
    sources: dict[str, list[str]] = {box.id: [] for box in boxes}
    for wire in wires:
        sources[wire.target].append(wire.source)
    for box in boxes:
        ends[box.id] = box.width + max((ends[source] + NARROWEST for source in sources[box.id]), default=0)
    return max(ends.values(), default=0) <= fit[0]


def graph_wires(graph: DrawnGraph) -> tuple[Wire, ...]:
    """One wire for each slot of each line."""
    return tuple(
        Wire(slot.source, name, port) for name in graph.order for port, slot in enumerate(graph.lines[name].slots)
    )


def _in_reading_order(graph: DrawnGraph) -> list[str]:
    """Inputs in the order in which the lines use them, then unused inputs, then the lines."""
    used = (slot.source for name in graph.order for slot in graph.lines[name].slots)
    inputs = set(graph.inputs)
    return list(dict.fromkeys(chain((name for name in used if name in inputs), graph.inputs, graph.order)))


def _lines(style: str, name: str, label: Label, reading: Reading) -> list[Line]:
    """The rows of a box in a style."""
    title: Line = [(name, "name"), (f" = {label.expression}", "expression")] if label.expression else [(name, "name")]
    head: Line = [(name, "name"), ("  ", "")]
    value = _signed("→", reading.value, "value")
    gradient = [_signed("←", reading.gradient, "gradient")] if label.gradient is not None else []
    if style == "names":
        return [[(name, "name")]]
    if style == "formulas":
        return [title]
    if style == "short":
        return [[(name, "name"), (" ", ""), value, *_after(" ", gradient)]]
    if style == "full":
        room = cell_width(f"→ {label.value}") - cell_width(value[0])
        beside = [value, *_after(" " * (3 + max(room, 0)), gradient)]
        if label.expression:
            return [title, beside]
        return [[*head, *(beside if reading.gradient is not None else [value])]]
    if style == "stacked" and label.expression:
        return [title, [value], gradient] if gradient else [title, [value]]
    below: Line = [(" " * (cell_width(name) + 2), ""), *gradient]
    return [[*head, value], below] if gradient else [[*head, value]]


def _signed(arrow: str, text: str | None, role: str) -> tuple[str, str]:
    return (f"{arrow} ?", "unknown") if text is None else (f"{arrow} {text}", role)


def _after(gap: str, pieces: Line) -> Line:
    return [(gap, ""), *pieces] if pieces else []
