"""A picture as SVG: lines as paths, so that no font can break them, and texts cell by cell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from tutor.drawing.boxes_and_wires import DOWN, LEFT, RIGHT, UP
from tutor.drawing.raster import ARROW, GLYPHS, HEAVY, LIGHT, Picture, Role, cell_width

LIGHT_COLOURS: Mapping[Role, str] = {
    "background": "#ffffff",
    "border": "#8a8f98",
    "border-focus": "#b3541e",
    "name": "#1f2328",
    "expression": "#1f2328",
    "value": "#1f6feb",
    "gradient": "#b3541e",
    "unknown": "#8a8f98",
    "wire": "#8a8f98",
    "wire-lit": "#b3541e",
    "arrow": "#8a8f98",
    "arrow-lit": "#b3541e",
}
"""Colours by role, for a light page."""

_WIDTH, _HEIGHT, _MARGIN, _FONT = 9, 20, 10, 15
_ARMS = {glyph: mask for mask, glyph in enumerate(GLYPHS) if glyph not in " ?"}
_ARMS |= {heavy: _ARMS[light] for heavy, light in zip(HEAVY, LIGHT, strict=True)}
_CORNERS = {glyph for glyph in LIGHT if glyph not in "─│"}
_FORKS = set("├┤┬┴")
_THICK = {"border-focus": 2.4, "wire-lit": 2.4}


def to_svg(picture: Picture, colours: Mapping[Role, str] = LIGHT_COLOURS) -> str:
    """An SVG document; `colours` gives a CSS colour for each role and for `background`.

    A role without a colour takes that of the part before its `-`, else of `name`; without a background it is clear.
    """
    width, height = picture.width * _WIDTH + 2 * _MARGIN, picture.height * _HEIGHT + 2 * _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    ]
    if "background" in colours:
        parts.append(f'<rect width="100%" height="100%" fill="{escape(colours["background"])}"/>')
    parts += _lines(picture, colours)
    parts.append(
        f'<g font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="{_FONT}">'
    )
    parts += _texts(picture, colours)
    return "\n".join([*parts, "</g>", "</svg>"]) + "\n"


def _lines(picture: Picture, colours: Mapping[Role, str]) -> Iterable[str]:
    """One path for all lines of a role; forks get a dot, wire ends an arrowhead."""
    paths: dict[Role, list[str]] = defaultdict(list)
    solid: dict[Role, list[str]] = defaultdict(list)
    for row, (cells, roles) in enumerate(zip(picture.cells, picture.roles, strict=True)):
        for column, (glyph, role) in enumerate(zip(cells, roles, strict=True)):
            x, y = _MARGIN + column * _WIDTH, _MARGIN + row * _HEIGHT
            middle, centre = x + _WIDTH / 2, y + _HEIGHT / 2
            if not role.startswith(("border", "wire", "arrow")):
                continue
            if glyph == ARROW:
                tip = x + 1.5 * _WIDTH - 1  # at the border, which runs through the middle of the next cell
                solid[role].append(
                    f"M{tip - _WIDTH:g} {centre - 4:g}L{tip:g} {centre:g}L{tip - _WIDTH:g} {centre + 4:g}Z"
                )
                paths[role.replace("arrow", "wire")].append(f"M{x} {centre:g}h{_WIDTH / 2:g}")
            elif glyph in _CORNERS:
                mask = _ARMS[glyph]
                side, end = (x + _WIDTH if mask & RIGHT else x), (y + _HEIGHT if mask & DOWN else y)
                bend = _WIDTH / 2 * (1 if mask & DOWN else -1)
                paths[role].append(f"M{side} {centre:g}Q{middle:g} {centre:g} {middle:g} {centre + bend:g}V{end}")
            elif glyph in _ARMS:
                mask = _ARMS[glyph]
                left, right = (x if mask & LEFT else middle), (x + _WIDTH if mask & RIGHT else middle)
                top, bottom = (y if mask & UP else centre), (y + _HEIGHT if mask & DOWN else centre)
                if mask & (LEFT | RIGHT):
                    paths[role].append(f"M{left:g} {centre:g}H{right:g}")
                if mask & (UP | DOWN):
                    paths[role].append(f"M{middle:g} {top:g}V{bottom:g}")
                if glyph in _FORKS:
                    solid[role].append(f"M{middle - 2.5:g} {centre:g}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0Z")
    for column, row in dict.fromkeys(path[-1] for path in picture.paths.values()):
        role = picture.roles[row][column].replace("arrow", "wire")
        paths[role].append(f"M{_MARGIN + column * _WIDTH} {_MARGIN + (row + 0.5) * _HEIGHT:g}h{-_WIDTH / 2:g}")
    for role, pieces in paths.items():
        yield (
            f'<path fill="none" stroke="{_colour(colours, role)}" stroke-width="{_THICK.get(role, 1.3)}" '
            f'stroke-linecap="square" d="{"".join(pieces)}"/>'
        )
    for role, pieces in solid.items():
        yield f'<path fill="{_colour(colours, role)}" d="{"".join(pieces)}"/>'


def _texts(picture: Picture, colours: Mapping[Role, str]) -> Iterable[str]:
    for row in range(picture.height):
        column = 0
        for text, role in picture.runs(row):
            width = cell_width(text)
            if text.strip() and not role.startswith(("border", "wire", "arrow")):
                yield (
                    f'<text x="{_MARGIN + column * _WIDTH}" y="{_MARGIN + row * _HEIGHT + 15}" '
                    f'textLength="{width * _WIDTH}" lengthAdjust="spacingAndGlyphs" xml:space="preserve" '
                    f'fill="{_colour(colours, role)}">{escape(text)}</text>'
                )
            column += width


def _colour(colours: Mapping[Role, str], role: Role) -> str:
    fallback = colours.get(role.split("-")[0]) or colours.get("name") or "currentColor"
    return escape(colours.get(role, fallback), {'"': "&quot;"})
