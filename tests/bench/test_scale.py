"""Ten thousand lessons open and are listed in about the time of seventy, and a thousand checked within a minute."""

import os
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pty", reason="needs pseudo-terminals")

from tests.bench.many_lessons import write
from tests.bench.test_startup import ROOT, TUTOR, seconds_to

ROUNDS = 15
MOST = 1.5
SECONDS_FOR_A_THOUSAND = 60

pytestmark = pytest.mark.bench


def run(home: Path, *arguments: str) -> float:
    """Seconds that a command takes with the lessons of a home."""
    environment = os.environ | {"TUTOR_HOME": str(home), "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    subprocess.run([*TUTOR, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two homes, one with 70 lessons and one with 10,000, each looked through once."""
    made = []
    for units, lessons in ((7, 10), (100, 100)):
        home = tmp_path_factory.mktemp("home")
        write(home / "lessons", units, lessons)
        run(home, "list")
        run(home, "list", "--json")
        made.append(home)
    return made[0], made[1]


def compare(benchmark: Any, what: str, few: Any, many: Any, most: float = MOST) -> None:
    """The ratio of two measurements, taken in turn."""
    times: dict[str, list[float]] = {"few": [], "many": []}

    def both() -> None:
        times["few"].append(few())
        times["many"].append(many())

    both()
    times = {"few": [], "many": []}
    benchmark.pedantic(both, rounds=ROUNDS, iterations=1)
    seventy, thousands = (statistics.median(times[name]) for name in ("few", "many"))
    ratio = thousands / seventy
    benchmark.extra_info.update(few=seventy, many=thousands, ratio=ratio)
    print(f"\n{what}: 70 lessons {1000 * seventy:.0f} ms, 10,000 {1000 * thousands:.0f} ms, ratio {ratio:.2f}")
    assert ratio <= most


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_the_list_of_ten_thousand_takes_little_longer(
    benchmark: Any, homes: tuple[Path, Path], form: tuple[str, ...]
) -> None:
    few, many = homes
    compare(
        benchmark,
        f"tutor list {' '.join(form)}",
        lambda: run(few, "list", *form),
        lambda: run(many, "list", *form),
    )


def test_the_course_screen_of_ten_thousand_takes_little_longer(benchmark: Any, homes: tuple[Path, Path]) -> None:
    few, many = homes
    marker = "first circuit"
    compare(benchmark, "tutor", lambda: seconds_to(marker, TUTOR, few), lambda: seconds_to(marker, TUTOR, many))


def test_a_thousand_lessons_are_checked_within_a_minute(benchmark: Any, tmp_path: Path) -> None:
    write(tmp_path / "lessons", 20, 50)
    seconds: list[float] = []
    benchmark.pedantic(lambda: seconds.append(run(tmp_path, "check", str(tmp_path / "lessons"))), rounds=1)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    print(f"\ntutor check, 1,000 lessons on {cores} cores: {seconds[0]:.0f} s")
    assert seconds[0] * min(cores, 2) / 2 <= SECONDS_FOR_A_THOUSAND
