"""Typing a matrix cell by cell."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events, getters
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset, Size
from textual.message import Message
from textual.widget import Widget

from tutor.text import msg
from tutor.ui.base_app import BaseApp
from tutor.ui.wrapping import wrap

FIXED, GROWS = msg("ui.grid-fixed"), msg("ui.grid-grows")
MOST = 12  # rows or columns that a grid may grow to; longer answers are typed as text


class AnswerGrid(Widget, can_focus=True):
    """Cells for a matrix: of the asked shape where the learner may know it, else growing at the edge."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    AnswerGrid { height: auto; max-height: 14; padding: 0 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1, 0)", show=False),
        Binding("down", "move(1, 0)", show=False),
        Binding("left", "move(0, -1)", show=False),
        Binding("right", "move(0, 1)", show=False),
        Binding("tab,space", "next", show=False),
        Binding("shift+tab", "before", show=False),
        Binding("backspace", "erase", show=False),
        Binding("delete,ctrl+u", "clear", show=False),
        Binding("enter", "enter", show=False),
    ]

    @dataclass
    class Changed(Message):
        """A cell has changed; `text` is the whole as it would be typed, empty while cells are missing; bubbles."""

        text: str

    @dataclass
    class Submitted(Message):
        """Enter with every cell filled; bubbles."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._cells: list[list[str]] = [[""]]
        self._row = self._column = 0
        self._flat = False
        self._fixed = False
        self._wrong: Collection[tuple[int, ...]] = ()

    def begin(self, shape: tuple[int, ...] | None, typed: list[list[str]] | None = None) -> None:
        """An empty grid of `shape`, or one that grows (None), with what was typed already where it fits."""
        self._fixed, self._flat = shape is not None, shape is not None and len(shape) == 1
        rows, columns = (1, 1) if shape is None else (1, shape[0]) if self._flat else (shape[0], shape[1])
        if shape is None and typed:
            rows, columns = len(typed), max(map(len, typed))
        self._cells = [[""] * columns for _ in range(rows)]
        if typed and len(typed) == rows and all(len(row) == columns for row in typed):
            self._cells = [list(row) for row in typed]
        self._row = self._column = 0
        self._wrong = ()
        self.refresh(layout=True)

    def mark(self, wrong: Collection[tuple[int, ...]]) -> None:
        """Mark the entries that are off."""
        self._wrong = wrong
        self.refresh(layout=True)

    @property
    def text(self) -> str:
        """The matrix as it would be typed; empty while cells are missing."""
        if not all(cell for row in self._cells for cell in row):
            return ""
        rows = [", ".join(row) for row in self._cells]
        if self._flat or (not self._fixed and len(rows) == 1):
            return f"[{rows[0]}]"
        return "[" + ", ".join(f"[{row}]" for row in rows) + "]"

    # Drawing

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A row for each row, and below them what the keys do."""
        return len(self._cells) + len(self._how(width))

    def render(self) -> Content:
        """`⎡ 1.5 │ 2 ⎤`, the cell under the cursor reversed, wrong ones with a ✗."""
        lines = []
        for row, cells in enumerate(self._cells):
            parts: list[tuple[str, str]] = [("│ ", "$line")]
            for column, cell in enumerate(cells):
                here = (row, column) == (self._row, self._column)
                wrong = ((column,) if self._flat else (row, column)) in self._wrong
                text = (cell or self.app.spell("·")) + ("✗" if wrong else "")
                pad = " " * (self._width(column) - cell_len(text))
                style = "reverse" if here else "$error" if wrong else "" if cell else "$muted"
                parts += [(text + pad, style), ("  " if column + 1 < len(cells) else "", "")]
            lines.append(Content.assemble(*parts, (" │", "$line")))
        lines += [Content.styled(line, "$muted") for line in self._how(self.content_size.width)]
        return Content("\n").join(lines)

    def _how(self, width: int) -> list[str]:
        return wrap(self.app.translate(FIXED if self._fixed else GROWS), width)

    def _width(self, column: int) -> int:
        return max(6, *(cell_len(row[column]) + 1 for row in self._cells))

    # Typing and moving

    def on_key(self, event: events.Key) -> None:
        """Whatever prints goes into the cell."""
        if event.character is None or not event.is_printable or event.character in " [];":
            return
        if event.character == "?" and not any(cell for row in self._cells for cell in row):
            return
        event.stop()
        event.prevent_default()
        if event.character == ",":
            self.action_next()
            return
        self._cells[self._row][self._column] += event.character
        self._changed()

    def action_erase(self) -> None:
        """The last character; in an empty cell at the end of a grid that grows, its last row or column."""
        if self._cells[self._row][self._column]:
            self._cells[self._row][self._column] = self._cells[self._row][self._column][:-1]
        elif not self._fixed and self._row == len(self._cells) - 1 > 0 and not any(self._cells[-1]):
            self._cells.pop()
            self._row -= 1
        elif not self._fixed and self._column == len(self._cells[0]) - 1 > 0 and not any(r[-1] for r in self._cells):
            self._cells = [row[:-1] for row in self._cells]
            self._column -= 1
        self._changed()

    def action_clear(self) -> None:
        """Empty the cell."""
        self._cells[self._row][self._column] = ""
        self._changed()

    def action_move(self, rows: int, columns: int) -> None:
        """To a neighbour; over the edge of a grid that grows, to a new row or column."""
        row, column = self._row + rows, self._column + columns
        if not self._fixed and row == len(self._cells) < MOST:
            self._cells.append([""] * len(self._cells[0]))
            self._changed()
        if not self._fixed and column == len(self._cells[0]) < MOST:
            self._cells = [[*cells, ""] for cells in self._cells]
            self._changed()
        self._row = max(0, min(row, len(self._cells) - 1))
        self._column = max(0, min(column, len(self._cells[0]) - 1))
        self.refresh(layout=True)

    def action_next(self) -> None:
        """To the next cell in reading order."""
        self._step(1)

    def action_before(self) -> None:
        """To the cell before."""
        self._step(-1)

    def action_enter(self) -> None:
        """Check when everything is filled, else go to the next empty cell."""
        if self.text:
            self.post_message(self.Submitted())
            return
        columns = len(self._cells[0])
        places = [place for place, cell in enumerate(cell for row in self._cells for cell in row) if not cell]
        here = self._row * columns + self._column
        place = next((place for place in places if place > here), places[0])
        self._row, self._column = divmod(place, columns)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Point at a cell."""
        at = event.get_content_offset(self)
        if at is not None and at.y < len(self._cells):
            self._row, self._column = at.y, self._column_at(at)
            self.refresh()

    def _column_at(self, at: Offset) -> int:
        edge = 2
        for column in range(len(self._cells[0])):
            edge += self._width(column) + 2
            if at.x < edge:
                return column
        return len(self._cells[0]) - 1

    def _step(self, by: int) -> None:
        columns = len(self._cells[0])
        place = (self._row * columns + self._column + by) % (columns * len(self._cells))
        self._row, self._column = divmod(place, columns)
        self.refresh()

    def _changed(self) -> None:
        self._wrong = ()
        self.refresh(layout=True)
        self.post_message(self.Changed(self.text))


def cells_of(text: str) -> list[list[str]] | None:
    """The cells of a matrix that was typed as text, or None where it is not one of plain entries."""
    inner = text.strip()
    if not inner:
        return None
    body = inner.replace("],", "];").replace("[", "").replace("]", "")
    rows = [[cell.strip() for cell in row.split(",")] for row in body.split(";") if row.strip()]
    plain = all(cell and not set(cell) & set("()") for row in rows for cell in row)
    return rows if rows and plain and len({len(row) for row in rows}) == 1 else None
