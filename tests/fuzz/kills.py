"""Tutors in terminals that are closed, and tutors that are killed: none stays, and no answer is lost that was noted.

`python -m tests.fuzz.kills 100 [SEED]` runs so many and prints the counts.
"""

import os
import pty
import random
import resource
import select
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tutor.learner.store import Store
from tutor.places import bundled_lessons

ROOT = Path(__file__).parents[2]
LESSON = "circuits/first-circuit"
ANSWERS = ("2", "3", "1", "1", "1", "1")
"""To the first questions of the lesson; right ones and wrong ones alike are to be kept."""
GRACE = 2.0
"""Seconds by which a tutor may outlive its terminal."""


@dataclass
class Counts:
    """What a run found."""

    tries: int = 0
    closed: int = 0
    killed: int = 0
    answers: int = 0
    slowest: float = 0.0
    late: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        return (
            f"{self.tries} tutors: {self.closed} terminals closed, {self.killed} killed, "
            f"{len(self.failures)} failures, "
            f"{self.answers} answers kept, slowest end {self.slowest:.2f} s, {len(self.late)} later than {GRACE} s, "
            f"worst memory {memory:.0f} MB"
        )


class Tutor:
    """`tutor` in a pseudo-terminal of its own."""

    def __init__(self, home: Path, *arguments: str) -> None:
        environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", "TUTOR_HOME": str(home)}
        self.said = b""
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            for number in (signal.SIGHUP, signal.SIGINT):  # which the tests may ignore, in the background
                signal.signal(number, signal.SIG_DFL)
            os.execve(sys.executable, [sys.executable, "-m", "tutor", *arguments], environment)

    def read(self, seconds: float, until: bytes | None = None, times: int = 1) -> bool:
        """Take in what is written, for some time or until a text was written so often; whether it was."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if until is not None and self.said.count(until) >= times:
                return True
            if select.select([self._master], [], [], left)[0]:
                try:
                    data = os.read(self._master, 65536)
                except OSError:
                    return False
                self.said += data
        return False

    def type(self, text: str) -> None:
        """Press keys."""
        with suppress(OSError):
            os.write(self._master, text.encode())

    def close(self) -> None:
        """Close the terminal."""
        os.close(self._master)
        self._master = -1

    def gone_after(self, most: float) -> float | None:
        """Seconds until it has ended; None where it has not, so that it had to be killed."""
        began = time.monotonic()
        while time.monotonic() - began < most:
            if self._master >= 0 and select.select([self._master], [], [], 0)[0]:
                with suppress(OSError):
                    os.read(self._master, 65536)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return time.monotonic() - began
            time.sleep(0.01)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return None

    def drop(self) -> None:
        """Let go of the terminal."""
        if self._master >= 0:
            self.close()


# Where a tutor is when its terminal goes: the command, and what is done before.
PLACES = ("starting", "course", "drill", "checking", "preview", "plain", "plain checking", "check", "list", "stopped")


def bring_to(place: str, home: Path, chance: random.Random) -> Tutor:
    """A tutor that is there, or on its way."""
    file = str(bundled_lessons() / f"{LESSON}.yaml")
    commands: dict[str, Sequence[str]] = {
        "preview": ("preview", file),
        "plain": ("--plain", LESSON),
        "plain checking": ("--plain", LESSON),
        "check": ("check", str(bundled_lessons())),
        "list": ("list",),
        "starting": chance.choice([(), (LESSON,), ("--plain", LESSON)]),
        "course": (),
    }
    tutor = Tutor(home, *commands.get(place, (LESSON,)))
    if place in ("starting", "check", "list"):
        tutor.read(chance.random() * 2)
        return tutor
    if place.startswith("plain"):
        tutor.read(60, b"> ")
        tutor.type(f"{chance.choice(ANSWERS)}\n")
    else:
        tutor.read(60, b"?1049h")
        tutor.read(1 + chance.random())
        if place in ("drill", "checking", "stopped", "preview"):
            tutor.type("\r")
            tutor.read(0.5)
            tutor.type("\x1b")  # past the tour
            tutor.read(0.3)
    if place in ("checking", "plain checking"):
        tutor.type("(1 + 2) * 3 ^ 2 - x * y\r")
    elif place == "stopped":
        tutor.type("\x1a")
        tutor.read(chance.random() * 0.3)  # it takes a moment to leave the screen
    elif place != "preview":
        tutor.read(chance.random() * 0.5)
    return tutor


def close_terminal(place: str, home: Path, chance: random.Random, counts: Counts) -> None:
    """It must end soon after its terminal."""
    tutor = bring_to(place, home, chance)
    counts.closed += 1
    tutor.close()
    took = tutor.gone_after(20)
    if took is None:
        counts.failures.append(f"{place}: still there 20 s after its terminal")
        return
    counts.slowest = max(counts.slowest, took)
    if took > GRACE:
        counts.late.append(f"{place}: {took:.1f} s")


def kill(home: Path, chance: random.Random, counts: Counts) -> None:
    """What was noted before it was killed is in the store."""
    number = chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
    answered = chance.randrange(1, 6)
    tutor = Tutor(home, "--plain", LESSON)
    for place in range(answered):
        if not tutor.read(60, b"\n> ", place + 1):
            counts.failures.append(f"no question {place}: {tutor.said[-300:]!r}")
        tutor.type(f"{100 + place}\n")
    said = tutor.read(60, b"\n> ", answered + 1)
    tutor.type("7\n")  # one more, at which it may be killed
    tutor.read(chance.random() * 0.05)
    os.kill(tutor.pid, number)
    counts.killed += 1
    took = tutor.gone_after(20)
    tutor.drop()
    if took is None:
        counts.failures.append(f"still there 20 s after {number.name}")
    store = Store(home / "progress.sqlite")
    record = store.latest(LESSON)
    kept = [event.typed for event in store.events(record.id) if event.kind == "attempt"] if record else []
    store.close()
    counts.answers += len(kept)
    if said and kept[:answered] != [str(100 + place) for place in range(answered)]:
        counts.failures.append(f"{number.name}: {answered} answers were noted, {kept} are there")


def run(tries: int, folder: Path, seed: int = 0) -> Counts:
    """So many tutors, one after the other; three of four have their terminal closed."""
    chance = random.Random(seed)
    counts = Counts()
    for number in range(tries):
        home = folder / f"home-{number}"
        home.mkdir()
        counts.tries += 1
        if number % 4 == 3:
            kill(home, chance, counts)
        else:
            close_terminal(PLACES[(number - number // 4) % len(PLACES)], home, chance, counts)
    return counts


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        found = run(int(sys.argv[1]), Path(scratch), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(found)
    for failure in (*found.failures, *found.late):
        print(failure)
    sys.exit(bool(found.failures))
