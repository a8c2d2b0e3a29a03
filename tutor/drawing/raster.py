"""Painting a layout: texts, boxes and wires become character cells, each with a role."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from unicodedata import combining, east_asian_width

from tutor.drawing.boxes_and_wires import Cell, Layout, Region, Wire

Role = str
"""What a cell is part of: `border`, `border-focus`, `name`, `expression`, `value`, `gradient`, `unknown`, `wire`,
`wire-lit`, `arrow`, `arrow-lit`; empty for blank cells."""

Line = Sequence[tuple[str, Role]]
"""A row of text in a box: pieces with their roles."""

GLYPHS = " ??│?╯╮┤?╰╭├─┴┬┼"
"""By mask (1 up, 2 down, 4 left, 8 right); no wire ends in the middle of nowhere, hence no half lines."""

ARROW = "▶"
LIGHT, HEAVY = tuple("╭─╮│╰╯"), tuple("┏━┓┃┗┛")


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows of cells with their roles; a wide character is followed by an empty cell.

    `regions` says where each box stands, `paths` which cells each wire takes, from its target back to its source.
    """

    width: int
    height: int
    cells: tuple[tuple[str, ...], ...]
    roles: tuple[tuple[Role, ...], ...]
    regions: Mapping[str, Region] = field(default_factory=dict)
    paths: Mapping[Wire, tuple[Cell, ...]] = field(default_factory=dict)

    def text(self) -> str:
        """The picture as lines of text without trailing blanks."""
        return "\n".join("".join(row).rstrip() for row in self.cells)

    def runs(self, row: int, start: int = 0, end: int | None = None) -> list[tuple[str, Role]]:
        """Columns `start` to `end` of a row as pieces of one role; half a wide character becomes a blank."""
        cells, roles = list(self.cells[row][start:end]), self.roles[row][start:end]
        if cells and cells[0] == "":
            cells[0] = " "
        if cells and cell_width(cells[-1]) == 2:
            cells[-1] = " "
        return [
            ("".join(cell for cell, _ in run), role)
            for role, run in groupby(zip(cells, roles, strict=True), key=lambda pair: pair[1])
        ]


def paint(
    layout: Layout,
    contents: Mapping[str, Sequence[Line]],
    focus: str | None = None,
    lit: Collection[Wire] = (),
) -> Picture:
    """Draw wires, then boxes over them; the focused box gets a heavy frame, lit wires their own role."""
    cells = [[" "] * layout.width for _ in range(layout.height)]
    roles = [[""] * layout.width for _ in range(layout.height)]
    glowing = {cell for wire in lit for cell in layout.paths.get(wire, ())}
    for (x, y), mask in layout.wiring.items():
        cells[y][x], roles[y][x] = GLYPHS[mask], "wire"
    for x, y in layout.arrows:
        cells[y][x], roles[y][x] = ARROW, "arrow"
    for x, y in glowing:
        roles[y][x] += "-lit"
    for name, region in layout.regions.items():
        _frame(cells, roles, region, name == focus)
        for offset, line in enumerate(contents.get(name, ())[: region.height - 2]):
            _write(cells[region.y + 1 + offset], roles[region.y + 1 + offset], region, line)
    return Picture(
        layout.width,
        layout.height,
        tuple(map(tuple, cells)),
        tuple(map(tuple, roles)),
        layout.regions,
        layout.paths,
    )


def cell_width(text: str) -> int:
    """Cells a terminal uses for a text; characters of ambiguous width count one."""
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def _frame(cells: list[list[str]], roles: list[list[Role]], region: Region, focused: bool) -> None:
    corner, across, other_corner, down, low_corner, last_corner = HEAVY if focused else LIGHT
    role = "border-focus" if focused else "border"
    x, y, width, height = region
    inner = width - 2
    cells[y][x : x + width] = [corner, *across * inner, other_corner]
    cells[y + height - 1][x : x + width] = [low_corner, *across * inner, last_corner]
    for row in range(y, y + height):
        roles[row][x : x + width] = [role] * width
    for row in range(y + 1, y + height - 1):
        cells[row][x : x + width] = [down, *" " * inner, down]
        roles[row][x + 1 : x + width - 1] = [""] * inner


def _write(cells: list[str], roles: list[Role], region: Region, line: Line) -> None:
    """Write a line into a box, one blank from its border; what does not fit ends in an ellipsis."""
    x, end = region.x + 2, region.x + region.width - 2
    characters = [(char, role) for text, role in line for char in text]
    if sum(cell_width(char) for char, _ in characters) > end - x:
        while characters and sum(cell_width(char) for char, _ in characters) > end - x - 1:
            characters.pop()
        characters.append(("…", characters[-1][1] if characters else "name"))
    for char, role in characters:
        width = cell_width(char)
        if width == 0:
            cells[x - 1] += char
            continue
        if x + width > end:
            return
        cells[x], roles[x] = char, role
        if width == 2:
            cells[x + 1], roles[x + 1] = "", role
        x += width
