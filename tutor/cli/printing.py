"""Lines and tables on standard output, in the characters that the learner's terminal has."""

import os
import sys
from collections.abc import Sequence
from unicodedata import east_asian_width

from tutor.cli.options import Options
from tutor.text.ascii import to_ascii


def write(line: str, options: Options) -> None:
    """One line on standard output."""
    print(to_ascii(line) if options.ascii else line)


def write_bytes(whole: bytes, options: Options) -> None:
    """Many lines in UTF-8 on standard output; where that speaks UTF-8 too, they need not become text for it."""
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if options.ascii or encoding != "utf8" or os.linesep != "\n" or not hasattr(sys.stdout, "buffer"):
        text = whole.decode()
        print(to_ascii(text) if options.ascii else text, end="")
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(whole)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows with their columns aligned by width on screen; the last column runs free."""
    columns = list(zip(*(row[:-1] for row in rows), strict=True))
    widths = [max(map(width, column)) for column in columns]
    return [
        "  ".join([*(cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in rows
    ]


def width(text: str) -> int:
    """Cells that a text takes on screen: Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
