"""What `check` lets pass opens in `solve` and in the plain drill, and everything else is an error at its place."""

import tempfile
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.hostile import KINDS
from tests.fuzz.made import lessons
from tests.fuzz.opening import Opened, memory, opened
from tutor.lesson.crew import Lost, cores, shared

MOST_SECONDS = 10.0
MOST_MEMORY = 500.0
# Of every sort one, such as take no time to refuse or to open.
FEW = (
    *("diamonds-60-derive", "einsum-6", "axes-36", "uniform-1e308", "update-1e308", "rule-kron-100", "all-100x100"),
    *("derive-doubling-60", "million", "difference-300x300", "parts-500", "entry-doubling-60"),
)


@dataclass
class Counts:
    """How a run went."""

    tries: int = 0
    accepted: int = 0
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def add(self, name: str, found: Opened | Lost) -> None:
        """One more lesson."""
        self.tries += 1
        if isinstance(found, Lost):
            self.failures.append(f"{name}: {found}")
            return
        self.accepted += not found.errors
        self.slowest = max(self.slowest, found.seconds)
        if found.failure is not None:
            self.failures.append(f"{name}: {found.failure}")
        if found.seconds > MOST_SECONDS:
            self.failures.append(f"{name}: {found.seconds:.1f} s")

    def __str__(self) -> str:
        return (
            f"{self.tries} lessons, {self.accepted} of them accepted, {len(self.failures)} failures, "
            f"slowest {self.slowest:.1f} s, most memory {memory():.0f} MB"
        )


@pytest.fixture
def counts(capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Iterator[Counts]:
    found = Counts()
    yield found
    with capsys.disabled():
        print(f"\n{request.node.name}: {found}")


def attempt(names: Iterable[str], folder: Path, counts: Counts) -> None:
    """In processes of their own, so that one lesson that hangs costs no more than itself."""
    names = list(names)
    paths = [folder / f"{name}.yaml" for name in names]
    for name, path in zip(names, paths, strict=True):
        path.write_text(KINDS[name], "utf-8")
    for k, found in shared(opened, paths, cores(), seconds=60.0):
        counts.add(names[k], found)
    assert counts.failures == []
    assert memory() < MOST_MEMORY


def test_a_few_hostile_lessons_are_opened_or_refused_soon(tmp_path: Path, counts: Counts) -> None:
    attempt(FEW, tmp_path, counts)


@pytest.mark.thorough
def test_hostile_lessons_are_opened_or_refused_soon(tmp_path: Path, counts: Counts) -> None:
    attempt(KINDS, tmp_path, counts)


def fuzz(counts: Counts, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(lessons())
    def each(text: str) -> None:
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)  # it would stand in the terminal
            path = Path(folder, "lesson.yaml")
            path.write_text(text, "utf-8")
            found = opened(path)
        counts.add(text, found)
        assert found.failure is None, text
        assert found.seconds < MOST_SECONDS, text

    each()


def test_what_check_lets_pass_opens_everywhere(counts: Counts) -> None:
    fuzz(counts, 20)


@pytest.mark.thorough
def test_thousands_that_check_lets_pass_open_everywhere(counts: Counts) -> None:
    fuzz(counts, 2_000)
