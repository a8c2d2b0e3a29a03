"""A lesson checked, and opened in every way: what each took, and how it ended."""

import contextlib
import io
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from tutor.authoring.lesson_check import check_file
from tutor.cli.main import main


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of a lesson: its errors in `check`, the status of `solve` and of the plain drill, the slowest step.

    And the most megabytes that the process which opened it, and others before, has held.
    """

    errors: tuple[str, ...]
    solve: int
    plain: int
    seconds: float
    memory: float

    @property
    def failure(self) -> str | None:
        """What is wrong with how the lesson was met, if something is."""
        if "our-fault" in self.errors:
            return "check met a fault of ours"
        if 70 in (self.solve, self.plain):
            return "it ended in exit 70"
        if not self.errors and not {self.solve, self.plain} <= {0, 1}:
            return f"check passed, solve ended in {self.solve}, plain in {self.plain}"
        return None


def opened(path: Path) -> Opened:
    """Check a lesson file, then open it as `tutor solve` and `tutor --plain` do, with nobody who types.

    A warning, which would stand in the terminal, counts as an error.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        return _opened(path)


def _opened(path: Path) -> Opened:
    took = []
    started = time.process_time()
    errors = tuple(each.code for each in check_file(path) if each.severity == "error")
    took.append(time.process_time() - started)
    status = []
    for command in (["solve", str(path)], ["--plain", str(path)]):
        started = time.process_time()
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            patch.object(sys, "stdin", io.StringIO()),
        ):
            status.append(main(command))
        took.append(time.process_time() - started)
    return Opened(errors, status[0], status[1], max(took), memory())


def memory() -> float:
    """The most memory that this program has held since it began, in megabytes; 0 where the system does not say.

    Not `getrusage`, whose count a new program takes over from the one that started it.
    """
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0.0)
