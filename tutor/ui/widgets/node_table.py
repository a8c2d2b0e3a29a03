"""The graph as a table: one line per node in topological order, for deep graphs, narrow terminals, screen readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events, getters
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tutor.text import msg
from tutor.ui.base_app import BaseApp

HEADS = (
    msg("ui.table-name"),
    msg("ui.table-expression"),
    msg("ui.table-shape"),
    msg("ui.table-value"),
    msg("ui.table-gradient"),
)
GAP = 2


@dataclass(frozen=True, slots=True)
class NodeRow:
    """What the table says of one node; the gradient is empty where none will ever be shown."""

    name: str
    expression: str
    shape: str
    value: str
    gradient: str


class NodeTable(ScrollView, can_focus=False):
    """Name, expression, shape, value →, gradient ←; `▶` marks the node asked about, `◇` the one looked at.

    `✗` marks the node at which an answer went wrong.
    """

    app = getters.app(BaseApp)

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--head",
        "table--name",
        "table--value",
        "table--gradient",
        "table--unknown",
        "table--mark",
        "table--blamed",
    }
    DEFAULT_CSS = """
    NodeTable {
        height: 1fr; min-height: 3; padding: 0 1; scrollbar-size: 1 1;
        .table--head { color: $muted; }
        .table--name { text-style: bold; }
        .table--value { color: $value; }
        .table--gradient { color: $gradient; text-style: bold; }
        .table--unknown { color: $muted; }
        .table--mark { color: $accent; text-style: bold; }
        .table--blamed { color: $error; text-style: bold; }
    }
    """
    ALLOW_SELECT = False

    @dataclass
    class Clicked(Message):
        """A node was clicked; bubbles."""

        node: str

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: Sequence[NodeRow] = ()
        self._asked: str | None = None
        self._looked: str | None = None
        self._blamed: str | None = None
        self._widths: list[int] = []

    def show(self, rows: Sequence[NodeRow], asked: str | None, looked: str | None, blamed: str | None = None) -> None:
        """List these nodes and bring the one that matters into view."""
        self._rows, self._asked, self._looked, self._blamed = rows, asked, looked, blamed
        self._measure()
        names = [row.name for row in rows]
        if (target := looked or blamed or asked) in names:
            region = Region(0, names.index(target) + 1, 1, 1)
            self.call_after_refresh(self.scroll_to_region, region, animate=False, force=True)

    def _measure(self) -> None:
        heads = [self.app.translate(head) for head in HEADS]
        cells = [heads, *(_cells(row) for row in self._rows)]
        self._widths = [max(cell_len(row[column]) for row in cells) for column in range(len(HEADS))]
        self.virtual_size = Size(sum(self._widths) + GAP * len(HEADS) + 2, len(self._rows) + 1)
        self.styles.max_height = len(self._rows) + 2
        self.refresh()

    def relabel(self) -> None:
        """Heads in another language may be wider."""
        self._measure()

    def render_line(self, y: int) -> Strip:
        """The heads, or one node."""
        number = y + int(self.scroll_offset.y)
        width = self.scrollable_content_region.width
        if number > len(self._rows) or not self._widths:
            return Strip.blank(width, self.rich_style)
        if number == 0:
            pieces = [("  ", "")] + [(self.app.translate(head), "table--head") for head in HEADS]
        else:
            row = self._rows[number - 1]
            name, expression, shape, value, gradient = _cells(row)
            blamed = row.name == self._blamed
            unknown = "table--unknown" if row.gradient == "?" else "table--gradient"
            pieces = [
                (self._mark(row.name), "table--blamed" if blamed else "table--mark"),
                (name, "table--blamed" if blamed else "table--name"),
                (expression, ""),
                (shape, "table--head"),
                (value, "table--value"),
                (gradient, unknown),
            ]
        segments = []
        for column, (text, style) in enumerate(pieces):
            cell = text if column == 0 else set_cell_size(text, self._widths[column - 1]) + " " * GAP
            segments.append(Segment(cell, self.get_component_rich_style(style) if style else self.rich_style))
        start = int(self.scroll_offset.x)
        return Strip(segments).crop_extend(start, start + width, self.rich_style)

    def _mark(self, name: str) -> str:
        if name == self._blamed:
            return "✗ "
        return "▶ " if name == self._asked else "◇ " if name == self._looked else "  "

    def on_click(self, event: events.Click) -> None:
        """Look at the node of this row."""
        at = event.get_content_offset(self)
        if at is None:
            return
        number = at.y + int(self.scroll_offset.y) - 1
        if 0 <= number < len(self._rows):
            self.post_message(self.Clicked(self._rows[number].name))


def _cells(row: NodeRow) -> tuple[str, str, str, str, str]:
    gradient = f"← {row.gradient}" if row.gradient else ""
    return row.name, row.expression, row.shape, f"→ {row.value}", gradient
