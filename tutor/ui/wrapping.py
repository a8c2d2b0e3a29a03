"""Line breaks as in print: between words, and between Chinese characters but never before a comma."""

import re
from collections.abc import Sequence
from functools import cache

from rich.cells import cell_len

# A piece that stays together: one wide character with the marks that may not begin a line, or a run without blanks.
_WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u3000-\u303f"
_CLOSING = ",.;:!?)%\u2026\u201d\u2019\u3001\u3002\u300b\u300d\u300f\u3011\uff09\uff0c\uff1a\uff1b\uff01\uff1f"
_OPENING = "(\u201c\u2018\u300a\u300c\u300e\u3010\uff08"


@cache
def _piece() -> re.Pattern[str]:
    """The pattern of a piece, made for the first line that is too long: that takes milliseconds."""
    return re.compile(
        rf"\s+|[{re.escape(_OPENING)}]*[{_WIDE}][{re.escape(_CLOSING)}]*|[^\s{_WIDE}]+[{re.escape(_CLOSING)}]*|."
    )


def wrap(text: str, width: int) -> list[str]:
    """`text` as lines of at most `width` cells; a word that is wider by itself is cut."""
    width = max(width, 1)
    return [line for paragraph in text.split("\n") for line in _wrapped(paragraph, width)]


def _wrapped(paragraph: str, width: int) -> list[str]:
    if cell_len(paragraph) <= width:
        return [paragraph.rstrip()]
    lines: list[str] = []
    line, used = "", 0
    for piece in _piece().findall(paragraph):
        size = cell_len(piece)
        if used + size <= width:
            line, used = line + piece, used + size
            continue
        if piece.isspace():
            lines.append(line.rstrip())
            line, used = "", 0
            continue
        if line.strip():
            lines.append(line.rstrip())
            line, used = "", 0
        *full, line = _cut(piece, width)
        lines.extend(full)
        used = cell_len(line)
    lines.append(line.rstrip())
    return lines


def _cut(piece: str, width: int) -> list[str]:
    lines, line, used = [], "", 0
    for character in piece:
        size = cell_len(character)
        if used + size > width and line:
            lines.append(line)
            line, used = "", 0
        line, used = line + character, used + size
    return [*lines, line]


def flowed(items: Sequence[str], width: int) -> str:
    """Items side by side in rows of `width` cells, none of them broken unless it is wider than a row by itself."""
    rows: list[str] = []
    for item in items:
        beside = f"{rows[-1]}  {item}" if rows else item
        if rows and cell_len(beside) <= width:
            rows[-1] = beside
        else:
            rows += wrap(item, width)
    return "\n".join(rows)
