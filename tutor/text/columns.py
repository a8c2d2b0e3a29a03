"""Rows of text with their columns aligned, for terminals: Chinese characters take two cells."""

from collections.abc import Sequence
from unicodedata import east_asian_width


def aligned_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows with their columns aligned by width on screen; the last column runs free."""
    columns = list(zip(*(row[:-1] for row in rows), strict=True))
    widths = [max(map(display_width, column)) for column in columns]
    return [
        "  ".join(
            [*(cell + " " * (w - display_width(cell)) for cell, w in zip(row, widths, strict=False)), row[-1]]
        ).rstrip()
        for row in rows
    ]


def display_width(text: str) -> int:
    """Cells that a text takes on screen."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
