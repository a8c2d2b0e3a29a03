"""Lines and tables on standard output, in the characters that the learner's terminal has."""

import os
import sys

from tutor.cli.options import Options
from tutor.text.ascii import spelled
from tutor.text.tables import table, width

__all__ = ["table", "width", "write"]


def write(line: str, options: Options) -> None:
    """One line on standard output."""
    print(spelled(line) if options.ascii else line)


def write_bytes(whole: bytes, options: Options) -> None:
    """Many lines in UTF-8 on standard output; where that speaks UTF-8 too, they need not become text for it."""
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if options.ascii or encoding != "utf8" or os.linesep != "\n" or not hasattr(sys.stdout, "buffer"):
        text = whole.decode()
        print(spelled(text) if options.ascii else text, end="")
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(whole)
