"""`tutor` as a process in a real terminal: it leaves the terminal in order, and a killed one loses nothing."""

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

pty = pytest.importorskip("pty", reason="needs pseudo-terminals")

ROOT = Path(__file__).parents[2]
LEFT_ALTERNATE_SCREEN, CURSOR_SHOWN = b"\x1b[?1049l", b"\x1b[?25h"


class Terminal:
    """A terminal of 80x24 with `tutor` in it."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.ended = False
        environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", "TUTOR_HOME": str(home)}
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            for number in (signal.SIGHUP, signal.SIGINT):  # which the tests may ignore, in the background
                signal.signal(number, signal.SIG_DFL)
            os.execve(sys.executable, [sys.executable, "-m", "tutor", *arguments], environment)

    def read(self, seconds: float) -> bool:
        """Take in what is written within some time; False at the end."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.raw += data
        self._stream.feed(data.replace(b"\x1b[>1u", b"").replace(b"\x1b[<u", b""))
        return bool(data)

    def until(self, text: str) -> None:
        """Wait for a text on the screen."""
        end = time.monotonic() + 60
        while text not in "\n".join(self.screen.display):
            assert time.monotonic() < end, "\n".join(self.screen.display)
            self.read(0.2)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def end(self, number: signal.Signals) -> int:
        """Send a signal; the exit status, negative for the number of a signal that killed it."""
        os.kill(self.pid, number)
        while self.read(5):
            pass
        self.ended = True
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    """Those that a test opens; none stays behind."""
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        if not terminal.ended:
            terminal.end(signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_in_order(home: Path, terminals: list[Terminal], number: signal.Signals) -> None:
    terminals.append(terminal := Terminal(home))
    terminal.until("A first circuit")
    assert terminal.end(number) == 128 + number
    assert LEFT_ALTERNATE_SCREEN in terminal.raw
    assert CURSOR_SHOWN in terminal.raw


@pytest.mark.usefixtures("experienced")
def test_after_kill_9_the_next_start_is_at_the_same_question(home: Path, terminals: list[Terminal]) -> None:
    terminals.append(first := Terminal(home, "circuits/first-circuit"))
    first.until("⏎ begin")
    first.type("\r")
    first.until("∂f/∂a =")
    first.type("2\r")
    first.until("∂f/∂b =")
    first.type("7\r")
    first.until("✗")
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    terminals.append(second := Terminal(home, "circuits/first-circuit"))
    second.until("∂f/∂b =")
    second.until("1/13")
