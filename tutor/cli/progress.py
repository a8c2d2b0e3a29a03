"""How far something long has come, on standard error where that is a terminal."""

import sys

from tutor.cli.options import Options
from tutor.text import Message, say

_WIDTH = 30


class Bar:
    """`━━━━━━──── 120/200`, drawn over itself; nothing where nobody sees it."""

    def __init__(self, options: Options) -> None:
        self.wanted = sys.stderr.isatty()
        self.full, self.empty = ("#", ".") if options.ascii else ("━", "─")
        self.shown = False

    def show(self, done: int, of: int) -> None:
        """So many of so many are done."""
        if self.wanted and of > 1:
            filled = _WIDTH * done // of
            bar = self.full * filled + self.empty * (_WIDTH - filled)
            print(f"\r{bar} {done}/{of}", end="", file=sys.stderr, flush=True)
            self.shown = True

    def clear(self) -> None:
        """Leave no trace."""
        if self.shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self.shown = False


class Saying:
    """A line that says what is being done, each over the one before; nothing where nobody sees it."""

    def __init__(self, options: Options) -> None:
        self.options, self.wanted = options, sys.stderr.isatty()

    def show(self, message: Message) -> None:
        """This is being done now."""
        if self.wanted:
            print(f"\r\x1b[K{say(message, self.options.language)}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Leave no trace."""
        if self.wanted:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
