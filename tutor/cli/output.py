"""Every line that a command prints, with nothing in it that a terminal would obey, and what programs read, in UTF-8."""

import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tutor.text import visible, visible_lines
from tutor.text.ascii import spelled_out
from tutor.text.columns import aligned_table, display_width
from tutor.text.visible import escaped

if TYPE_CHECKING:
    from tutor.cli.options import Options

__all__ = ["aligned_table", "complain", "display_width", "json_text", "printable", "write", "write_data", "write_json"]


def write(line: str, options: "Options") -> None:
    """One line on standard output."""
    print(printable(line, options))


def printable(line: str, options: "Options") -> str:
    """The line as it is printed."""
    line = visible(line)
    return spelled_out(line) if options.ascii else line


def complain(text: str, end: str = "\n") -> None:
    """A sentence, or a few lines of them, on standard error; where that is full or closed, nobody is told."""
    with suppress(OSError):
        print(visible_lines(text), end=end, file=sys.stderr, flush=True)


def write_json(plain: Any, options: "Options") -> None:
    """Plain data as JSON; what a terminal would obey is escaped in it."""
    write_data(json_text(plain, options).encode())


def json_text(plain: Any, options: "Options") -> str:
    """The text of that."""
    return f"{escaped(json.dumps(plain, ensure_ascii=options.ascii, indent=2))}\n"


def write_data(whole: bytes) -> None:
    """JSON, CSV or code: in UTF-8 wherever it goes but to a terminal, which has an encoding of its own."""
    if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        print(whole.decode(), end="")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(whole)
