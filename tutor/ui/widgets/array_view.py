"""The arrays that a question is about, with all their numbers, where the boxes of the graph show only shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from textual import getters
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.text import msg
from tutor.text.number_format import format_block
from tutor.ui.base_app import BaseApp

MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class Named:
    """An array with its name; `gradient` ones come back, the others go forward."""

    name: str
    value: Any
    gradient: bool = False


class ArrayView(Widget):
    """`W = [[1, 2],   x = [[0.5],` side by side, rows below each other, as many as there is room for."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    ArrayView { height: auto; padding: 0 1; }
    """

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._arrays: Sequence[Named] = ()
        self._most = MOST_ROWS

    def show(self, arrays: Sequence[Named], most: int = MOST_ROWS) -> None:
        """Show these arrays in at most `most` rows."""
        self._arrays, self._most = arrays, most
        self.display = bool(arrays)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the arrays need."""
        return len(self._lines(width))

    def render(self) -> Content:
        """All arrays, from left to right and then below."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        lines: list[Content] = []
        row: list[Content] = []
        for array in self._arrays:
            made = _block(array)
            gap = 3 if row else 0
            used = max((line.cell_length for line in row), default=0)
            if row and used + gap + made[0].cell_length > width:
                lines += row
                row, used, gap = [], 0, 0
            height = max(len(row), len(made))
            beside = [*made, *[Content("")] * (height - len(made))]
            row = [
                Content.assemble(line, " " * (used + gap - line.cell_length), right)
                for line, right in zip([*row, *[Content("")] * (height - len(row))], beside, strict=True)
            ]
        lines += row
        if len(lines) > self._most:
            more = Content.styled(self.app.translate(msg("ui.numbers-more")), "$muted")
            lines = [*lines[: self._most - 1], more]
        return [line.truncate(width, ellipsis=True) for line in lines]


def _block(array: Named) -> list[Content]:
    """One array: its name before the first row, the other rows under the first."""
    rows = format_block(array.value, rows=6, columns=8)
    lead = f"{'← ' if array.gradient else ''}{array.name} = "
    colour = "$gradient" if array.gradient else "$value"
    widest = max(map(cell_len, rows))
    return [
        Content.assemble(
            (lead if number == 0 else " " * cell_len(lead), "bold" if number == 0 else ""),
            (row + " " * (widest - cell_len(row)), colour),
        )
        for number, row in enumerate(rows)
    ]
