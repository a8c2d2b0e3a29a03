"""What `check` lets pass opens in `solve` and in the plain drill, and everything else is an error at its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz.hostile import KINDS
from tests.fuzz.made import lessons
from tests.fuzz.opening import Opened, opened
from tutor.course.worker_pool import Lost, WorkerPool, cores, shared

MOST_SECONDS = 10.0
MOST_MEMORY = 500.0
# Of every sort one, such as take no time to refuse or to open.
FEW = (
    *("diamonds-60-derive", "einsum-6", "axes-36", "uniform-1e308", "update-1e308", "rule-kron-100", "all-100x100"),
    *(
        "derive-broadcast",
        "subnormal",
        "derive-doubling-60",
        "million",
        "difference-300x300",
        "parts-500",
        "entry-doubling-60",
    ),
)


@dataclass
class Counts:
    """How a run went."""

    tries: int = 0
    accepted: int = 0
    slowest: float = 0.0
    memory: float = 0.0
    failures: list[str] = field(default_factory=list)

    def add(self, text: str, found: Opened | Lost) -> None:
        """One more lesson."""
        name = text[:2_000]
        self.tries += 1
        if isinstance(found, Lost):
            self.failures.append(f"{name}: {found}")
            return
        self.accepted += not found.errors
        self.slowest = max(self.slowest, found.seconds)
        self.memory = max(self.memory, found.memory)
        if found.failure is not None:
            self.failures.append(f"{name}: {found.failure}")
        if found.seconds > MOST_SECONDS:
            self.failures.append(f"{name}: {found.seconds:.1f} s")

    def __str__(self) -> str:
        return (
            f"{self.tries} lessons, {self.accepted} of them accepted, {len(self.failures)} failures, "
            f"slowest {self.slowest:.1f} s, most memory {self.memory:.0f} MB"
        )


@pytest.fixture
def counts(capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Iterator[Counts]:
    found = Counts()
    yield found
    with capsys.disabled():
        print(f"\n{request.node.name}: {found}")


def assert_opened_or_refused(texts: Sequence[str], folder: Path, counts: Counts) -> None:
    """In processes of their own, so that one lesson that hangs costs no more than itself."""
    paths = [folder / f"{k}.yaml" for k in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, "utf-8")
    with WorkerPool(cores(), seconds=60.0) as pool:
        for k, found in shared(opened, paths, pool):
            counts.add(texts[k], found)
    assert counts.failures == []
    assert counts.memory < MOST_MEMORY


def test_a_few_hostile_lessons_are_opened_or_refused_soon(tmp_path: Path, counts: Counts) -> None:
    assert_opened_or_refused([KINDS[name] for name in FEW], tmp_path, counts)


@pytest.mark.thorough
def test_hostile_lessons_are_opened_or_refused_soon(tmp_path: Path, counts: Counts) -> None:
    assert_opened_or_refused([*KINDS.values()], tmp_path, counts)


def made(count: int) -> list[str]:
    """So many lessons of the schema, all different; those that are like an earlier one are left out."""
    texts: dict[str, None] = {}

    @settings(max_examples=2 * count, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(lessons())
    def each(text: str) -> None:
        texts[text] = None

    each()
    return list(texts)[:count]


def test_what_check_lets_pass_opens_everywhere(tmp_path: Path, counts: Counts) -> None:
    assert_opened_or_refused(made(20), tmp_path, counts)


@pytest.mark.thorough
@pytest.mark.timeout(1_800)  # minutes on two quiet cores, many times that on busy ones
def test_thousands_that_check_lets_pass_open_everywhere(tmp_path: Path, counts: Counts) -> None:
    assert_opened_or_refused(made(2_000), tmp_path, counts)
    assert counts.tries == 2_000
