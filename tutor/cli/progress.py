"""How far something long has come, on standard error where that is a terminal."""

import sys

from tutor.cli.options import Options
from tutor.text import Message, say

_WIDTH = 30


class _Line:
    """One line, drawn over itself; nothing where nobody sees it."""

    def __init__(self) -> None:
        self._wanted, self._shown = sys.stderr.isatty(), False

    def _draw(self, text: str) -> None:
        if self._wanted:
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
            self._shown = True

    def clear(self) -> None:
        """Leave no trace."""
        if self._shown:
            self._draw("")
            self._shown = False


class ProgressBar(_Line):
    """`━━━━━━──── 120/200`."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.full, self.empty = ("#", ".") if options.ascii else ("━", "─")

    def show(self, done: int, of: int) -> None:
        """So many of so many are done."""
        if of > 1:
            filled = _WIDTH * done // of
            self._draw(f"{self.full * filled}{self.empty * (_WIDTH - filled)} {done}/{of}")


class ProgressLine(_Line):
    """A sentence on what is being done."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.language = options.language

    def show(self, message: Message) -> None:
        """This is being done now."""
        self._draw(say(message, self.language))
