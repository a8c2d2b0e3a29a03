"""`tutor` as a process in a real terminal: it leaves the terminal in order, and a killed one loses nothing."""

import fcntl
import os
import select
import shutil
import signal
import struct
import sys
import termios
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

    def __init__(self, home: Path, *arguments: str, shell: str | None = None) -> None:
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.ended = False
        environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        environment |= {"TERM": "xterm-256color", "TUTOR_HOME": str(home), "PS1": "shell$ "}
        tutor = [sys.executable, "-m", "tutor", *arguments]
        command = tutor if shell is None else [shell, "--norc", "--noprofile", "-i"]
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            for number in (signal.SIGHUP, signal.SIGINT):  # which the tests may ignore, in the background
                signal.signal(number, signal.SIG_DFL)
            while os.get_terminal_size(0) != (80, 24):
                time.sleep(0.01)
            os.execve(command[0], command, environment)
        self.resize(80, 24)
        if shell is not None:
            self.until("shell$")
            self.type(" ".join(tutor) + "\n")

    def resize(self, columns: int, rows: int) -> None:
        """Another size."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

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

    def type(self, keys: str | bytes) -> None:
        """Press keys."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def close(self) -> int:
        """Close it; the exit status, as of `end`."""
        os.close(self._master)
        self.ended = True
        for _ in range(600):
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.1)
        os.kill(self.pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

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


@pytest.mark.usefixtures("experienced")
def test_a_byte_that_is_no_text_is_skipped_and_said_once(home: Path, terminals: list[Terminal]) -> None:
    terminals.append(terminal := Terminal(home, "circuits/first-circuit"))
    terminal.until("⏎ begin")
    terminal.type("\r")
    terminal.until("∂f/∂a =")
    terminal.type(b"\xff")
    terminal.until("They are skipped.")
    terminal.type(b"\x1b[1114112u\x1b[97;;97:9999999u")  # keys of numbers that no character has
    terminal.type(b"\x1b[48;0;0;0;0t\x1b[<64;1;1M\x1b[48;24;80;0;0t")  # a terminal of no size, and a mouse in it
    terminal.type(b"\xe2\x28\xfe2\xc3\r")  # cut-off characters around a bracket and the answer
    terminal.until("(2")
    assert "\n".join(terminal.screen.display).count("They are skipped.") <= 1


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell that stops and continues jobs")
def test_ctrl_z_leaves_the_screen_and_fg_brings_it_back_whole_at_any_size(
    home: Path, terminals: list[Terminal]
) -> None:
    terminals.append(terminal := Terminal(home, shell=shutil.which("bash")))
    for columns, rows in ((80, 24), (100, 30)):
        terminal.until("A first circuit")
        terminal.raw = b""
        terminal.type("\x1a")
        terminal.until("Stopped")
        assert LEFT_ALTERNATE_SCREEN in terminal.raw
        assert CURSOR_SHOWN in terminal.raw
        terminal.resize(columns, rows)
        terminal.screen.reset()
        terminal.type("fg\n")
    terminal.until("A first circuit")
    terminal.until("q quit")
    assert terminal.screen.display[0].rstrip().endswith("done")
    assert len(terminal.screen.display[0].rstrip()) > 90
    terminal.type("q")
    terminal.until("shell$")
    terminal.type("exit\n")


@pytest.mark.usefixtures("experienced")
def test_a_closed_terminal_ends_the_program(home: Path, terminals: list[Terminal]) -> None:
    terminals.append(terminal := Terminal(home, "circuits/first-circuit"))
    terminal.until("⏎ begin")
    assert terminal.close() in (128 + signal.SIGHUP, -signal.SIGHUP)


@pytest.mark.parametrize("after", [0.02, 0.06, 0.12])
def test_a_terminal_that_is_closed_while_ctrl_z_leaves_the_screen_ends_the_program(
    home: Path, terminals: list[Terminal], after: float
) -> None:
    terminals.append(terminal := Terminal(home))
    terminal.until("A first circuit")
    terminal.until("q quit")
    terminal.type("\x1a")
    time.sleep(after)
    assert terminal.close() in (128 + signal.SIGHUP, -signal.SIGHUP)
