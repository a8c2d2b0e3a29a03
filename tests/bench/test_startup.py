"""How long `tutor` takes to its first screen, against a bare Textual app in the same run."""

import os
import select
import signal
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pty = pytest.importorskip("pty", reason="needs pseudo-terminals")

ROOT = Path(__file__).parents[2]
BARE = [sys.executable, str(Path(__file__).with_name("bare_app.py"))]
TUTOR = [sys.executable, "-m", "tutor"]
ROUNDS = 15
MOST = 1.3

pytestmark = pytest.mark.bench


def seconds_to(marker: str, command: list[str], home: Path) -> float:
    """Seconds from the start of a command in a terminal of 80x24 until it has painted `marker`."""
    # Compiled once for both, as an installed program is, also where the tests leave no bytecode beside the source.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | {
        "PYTHONPYCACHEPREFIX": str(home / "bytecode"),
        "TERM": "xterm-256color",
        "COLUMNS": "80",
        "LINES": "24",
        "TUTOR_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "LANG": "en_US.UTF-8",
    }
    started = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(command[0], command, environment)
    try:
        painted = b""
        while marker.encode() not in painted:
            ready, _, _ = select.select([terminal], [], [], 30)
            assert ready, f"{command} painted no {marker!r}:\n{painted.decode(errors='replace')}"
            painted += os.read(terminal, 65536)
        return time.perf_counter() - started
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def test_the_first_screen_is_nearly_as_quick_as_a_bare_app(benchmark: Any, tmp_path: Path) -> None:
    times: dict[str, list[float]] = {"bare": [], "tutor": []}

    def both() -> None:
        times["bare"].append(seconds_to("First screen", BARE, tmp_path))
        times["tutor"].append(seconds_to("first circuit", TUTOR, tmp_path))

    both()  # compiles what is not compiled and writes the index of the course
    times = {"bare": [], "tutor": []}
    benchmark.pedantic(both, rounds=ROUNDS, iterations=1)
    bare, tutor = (statistics.median(times[name]) for name in ("bare", "tutor"))
    ratio = tutor / bare
    benchmark.extra_info.update(bare=bare, tutor=tutor, ratio=ratio)
    print(f"\nto the first screen: bare {1000 * bare:.0f} ms, tutor {1000 * tutor:.0f} ms, ratio {ratio:.2f}")
    assert ratio <= MOST
