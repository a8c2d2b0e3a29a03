"""What every test stands on: a home of its own, English, no colour, and the long runs only when asked for."""

import os
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import tutor.kinds  # noqa: F401  what lessons may ask
from tutor.course.index import index_file
from tutor.course.refresh import refresh_index
from tutor.course.worker_pool import cores

# Examples take as long as a busy machine makes them take; where a change is judged, the same ones every time.
settings.register_profile(
    "unhurried", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")

os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")

MOST_WORKERS = 8


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="run the long runs too (fuzz, thousands of drills)")


def is_measuring(config: pytest.Config) -> bool:
    return config.getoption("--benchmark-only") or "bench" in config.getoption("-m")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two workers a core, as the app under a pilot mostly waits for itself; none for tests picked by name, or measured.

    Those would wait for the workers to start, and be measured beside each other.
    """
    if is_measuring(config) or any("::" in picked for picked in config.args):
        return 0
    return min(2 * cores(), MOST_WORKERS)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    thorough, measuring = config.getoption("--thorough"), is_measuring(config)
    for item in items:
        if not thorough and item.get_closest_marker("thorough"):
            item.add_marker(pytest.mark.skip(reason="a long run: pytest --thorough"))
        if not measuring and ("benchmark" in getattr(item, "fixturenames", ()) or item.get_closest_marker("bench")):
            item.add_marker(pytest.mark.skip(reason="a measurement: pytest --benchmark-only"))


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty `TUTOR_HOME`, so that no test sees another's progress or the developer's."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("TUTOR_HOME", str(folder))
    monkeypatch.delenv("TUTOR_LESSONS", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    return folder


@pytest.fixture
def hears_interrupts() -> Iterator[None]:
    """What the test starts hears of Ctrl+C, even where the tests run in the background and do not themselves."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the bundled lessons, read once for all tests."""
    home = tmp_path_factory.mktemp("indexed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUTOR_HOME", str(home))
        refresh_index()
        return index_file()


@pytest.fixture
def indexed(home: Path, index: Path) -> None:
    """The course was looked through before, as at any start but the first."""
    index_file().parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(index, index_file())


class _Thread(ThreadPoolExecutor):
    """In place of a `WorkerPool`."""

    is_broken = False

    def __init__(self, workers: int, **_: object) -> None:
        super().__init__(1)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:
        super().shutdown(wait, cancel_futures=cancel_futures)


@pytest.fixture
def in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lessons are read in this process, where all is imported already: for claims that are not about processes."""
    monkeypatch.setattr("tutor.course.worker_pool.WorkerPool", _Thread)
