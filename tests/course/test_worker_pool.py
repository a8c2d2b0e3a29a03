"""Work shared among processes: every result arrives, who is killed is missed, and nobody is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.course import work
from tutor.course.worker_pool import SECONDS, Lost, WorkerPool, shared

ROOT = Path(__file__).parents[2]


def results(work: Any, items: Any, workers: int = 2, seconds: float = SECONDS) -> dict[int, Any]:
    with WorkerPool(workers, seconds=seconds) as pool:
        return dict(shared(work, items, pool))


def test_every_result_comes_with_its_place() -> None:
    assert results(work.square, range(20)) == {k: k * k for k in range(20)}


def test_what_a_worker_prints_does_not_get_among_the_results() -> None:
    assert results(work.noisy_square, range(5), 1) == {k: k * k for k in range(5)}


def test_an_item_that_fails_costs_no_other() -> None:
    assert results(work.fails_at_7, range(10)) == {k: k * k for k in range(10)} | {7: Lost("ZeroDivisionError")}


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_an_item_whose_worker_is_killed_is_missed_and_the_others_are_done() -> None:
    assert results(work.dies_at_7, range(20)) == {k: k * k for k in range(20)} | {7: Lost()}


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a clock of the processor's time")
def test_an_item_that_takes_too_long_is_stopped_and_the_others_are_done() -> None:
    assert results(work.toils_at_7, range(10), seconds=1.0) == {k: k * k for k in range(10)} | {7: Lost(late=True)}


def test_none_waits_behind_an_item_that_takes_long_and_who_listens_is_told_of_the_wait(tmp_path: Path) -> None:
    seen: list[int] = []

    def idle() -> None:
        if len(seen) == 19:
            (tmp_path / "5").touch()

    with WorkerPool(2) as pool:
        for place, _ in shared(work.waits_at_5, [tmp_path / str(k) for k in range(20)], pool, idle=idle):
            seen.append(place)
    assert seen[-1] == 5
    assert (tmp_path / "5").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory has no such limit")
def test_an_item_that_needs_too_much_memory_costs_no_other() -> None:
    assert results(work.fills_the_memory_at_7, range(10)) == {k: k * k for k in range(10)} | {7: Lost("MemoryError")}


def test_where_every_worker_ends_at_once_everything_is_missed() -> None:
    assert results(work.dies, range(30)) == {k: Lost() for k in range(30)}


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not (status.exists() and status.read_text("utf-8").rpartition(")")[2].split()[0] == "Z")


def gone_soon(process: int) -> bool:
    return any(not is_alive(process) or time.sleep(0.05) for _ in range(1200))


def appears(path: Path) -> int:
    for _ in range(1200):
        if path.exists() and path.read_text("utf-8"):
            return int(path.read_text("utf-8"))
        time.sleep(0.05)
    raise AssertionError(path)


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.usefixtures("hears_interrupts")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whoever_shares_out_work_and_ends_leaves_nobody_behind(end: int, tmp_path: Path) -> None:
    who = tmp_path / "who"
    code = (
        "import sys, pathlib\nfrom tests.course import work\nfrom tutor.course.worker_pool import WorkerPool, shared\n"
        "try:\n    with WorkerPool(1) as pool:\n"
        "        list(shared(work.says_who_and_sleeps, [pathlib.Path(sys.argv[1])], pool))\n"
        "except KeyboardInterrupt:\n    sys.exit(130)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    started = subprocess.Popen(
        [sys.executable, "-c", code, str(who)], cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )
    worker = appears(who)
    started.send_signal(end)
    _, told = started.communicate(timeout=60)
    assert told == b""
    assert started.returncode == (130 if end == signal.SIGINT else -end)
    assert gone_soon(worker)
