"""Leaving with answers that are not saved is asked about; what is left then is rescued, and that is said."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.ui.conftest import Opened
from tutor.learner import rescue
from tutor.learner.store import Store
from tutor.places import places
from tutor.ui.screens.leaving import LeavingScreen

pytestmark = pytest.mark.usefixtures("experienced")


@contextmanager
def held() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(places().progress, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield other


async def test_leaving_with_everything_saved_asks_nothing(opened: Opened) -> None:
    async with opened("circuits/first-circuit") as hand:
        await hand.answer("2")
        await hand.pilot.press("ctrl+q")
        assert not isinstance(hand.app.screen, LeavingScreen)
    assert hand.app.return_code == 0


async def test_leaving_with_unsaved_answers_is_asked_about(opened: Opened) -> None:
    async with opened("circuits/first-circuit") as hand:
        with held() as other:
            await hand.answer("2")
            await hand.press("ctrl+q")
            assert isinstance(hand.app.screen, LeavingScreen)
            assert "1 answer or hint is not saved" in hand.text()
            assert "another program holds" in hand.text().replace("\n", " ")
            await hand.press("escape")
            assert hand.in_drill
            await hand.press("ctrl+q")
            await hand.press("enter")
            assert isinstance(hand.app.screen, LeavingScreen)
            other.execute("COMMIT")
        await hand.pilot.press("enter")
    assert hand.app.return_code == 0
    assert rescue.waiting_files(places().progress) == []


async def test_what_is_unsaved_at_the_end_is_rescued_and_said(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Store.close, "__defaults__", (0.1,))
    with held():
        async with opened("circuits/first-circuit") as hand:
            await hand.answer("2")
            await hand.press("ctrl+q")
            await hand.pilot.press("q")
    (file,) = rescue.waiting_files(places().progress)
    assert str(file) in capsys.readouterr().err  # in one piece, however narrow the terminal


async def test_a_damaged_store_is_said_on_the_screen(opened: Opened, home: Path) -> None:
    places().progress.write_bytes(b"no database" * 500)
    for ending in ("-wal", "-shm"):
        Path(f"{places().progress}{ending}").unlink(missing_ok=True)
    async with opened(size=(110, 30)) as hand:
        assert "was damaged" in hand.text()
