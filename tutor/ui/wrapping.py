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
    return [line for paragraph in text.split("\n") for line in _lines(paragraph, width)]


def _lines(paragraph: str, width: int) -> list[str]:
    return [paragraph[start:end].rstrip() for start, end in rows(paragraph, width)]


def has_wide(text: str) -> bool:
    """Whether Chinese characters stand in it, between which a line may end anywhere."""
    return re.search(f"[{_WIDE}]", text) is not None


def rows(paragraph: str, width: int) -> list[tuple[int, int]]:
    """Where the lines of a text without line breaks begin and end, so that each has at most `width` cells."""
    if cell_len(paragraph) <= width:
        return [(0, len(paragraph))]
    found: list[tuple[int, int]] = []
    start = at = used = 0
    for piece in _piece().findall(paragraph):
        size = cell_len(piece)
        if used + size <= width:
            at, used = at + len(piece), used + size
            continue
        if paragraph[start:at].strip() or piece.isspace():
            found.append((start, at))
        start, used = at, 0
        if piece.isspace():
            start = at = at + len(piece)
            continue
        *full, last = _cut(piece, width)
        for each in full:
            found.append((start, start + len(each)))
            start += len(each)
        at, used = start + len(last), cell_len(last)
    return [*found, (start, at)]


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
