"""The app under a pilot: a learner's home, the screen as text, answers as typed keys."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tutor.learner.counting import describe
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.lesson.course import find, refresh_index
from tutor.lesson.index import index_file
from tutor.lesson.loading import load
from tutor.places import places
from tutor.ui.app import TutorApp
from tutor.ui.screens.drill import DrillScreen
from tutor.ui.screens.lesson_opening import OpeningScreen, OpeningText
from tutor.ui.screens.lesson_text import LessonTextScreen
from tutor.ui.widgets.answer_box import AnswerBox


class Hand:
    """A learner at the keyboard, who can also read the screen."""

    def __init__(self, app: TutorApp, pilot: Pilot[Any]) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other, and wait until nothing moves."""
        await self.pilot.press(*keys)
        await self.settle()

    async def past_the_text(self) -> None:
        """From the lesson's text, if that shows, to the first question."""
        if isinstance(self.app.screen, LessonTextScreen):
            await self.press("enter")

    async def type(self, text: str) -> None:
        """Type a text."""
        for character in text:
            # As the driver does it; Pilot's own `press` waits after each key, which is long for a matrix.
            self.app.post_message(Key(_character_to_key(character), character))
        await self.settle()

    async def answer(self, text: str) -> None:
        """Type a text and Enter."""
        await self.type(text)
        await self.press("enter")

    async def settle(self) -> None:
        """Until threads are done and everything is drawn."""
        await self.pilot.pause()
        await self.app.workers.wait_for_complete()
        while not self.app.screen.is_mounted or (
            isinstance(self.app.screen, OpeningScreen) and not self.app.screen.query_one(OpeningText).paragraphs()
        ):
            await self.pilot.pause(0.01)
        await self.pilot.pause()
        await self.pilot.pause()

    @property
    def session(self) -> Session:
        """The drill that shows, or whose summary shows."""
        session = self.app.screen.session  # type: ignore[attr-defined]
        assert isinstance(session, Session)
        return session

    @property
    def lesson(self) -> str:
        """The lesson that is practised, under the tour or whatever else shows."""
        drill = next(screen for screen in self.app.screen_stack if isinstance(screen, DrillScreen))
        return drill.session.drill.lesson.id

    @property
    def box(self) -> AnswerBox:
        """Where answers are typed."""
        return self.app.screen.query_one(AnswerBox)

    @property
    def in_drill(self) -> bool:
        """The drill shows."""
        return isinstance(self.app.screen, DrillScreen)

    def lines(self) -> list[str]:
        """The screen as lines of text."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips(self.app.size)
        assert len(strips) == height
        assert all(strip.cell_length == width for strip in strips)
        return [strip.text.rstrip() for strip in strips]

    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines())


Opened: TypeAlias = Callable[..., AbstractAsyncContextManager[Hand]]


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the bundled lessons, read once for all tests."""
    home = tmp_path_factory.mktemp("indexed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUTOR_HOME", str(home))
        refresh_index(describe)
        return index_file()


@pytest.fixture(autouse=True)
def indexed(home: Path, index: Path) -> None:
    """The course was looked through before, as at any start but the first."""
    index_file().parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(index, index_file())


@pytest.fixture
def opened() -> Opened:
    """The app at work: `async with opened("circuits/first-circuit", size=(80, 24)) as hand`.

    With `text` a new drill still shows the lesson's text, which comes first; `held`: reading the lessons may not end.
    """

    @asynccontextmanager
    async def open_(
        start: str | None = None,
        *,
        size: tuple[int, int] = (80, 24),
        text: bool = False,
        held: bool = False,
        **options: Any,
    ) -> AsyncIterator[Hand]:
        app = TutorApp(start, **options)
        app.animation_level = "none"
        async with app.run_test(size=size, notifications=True) as pilot:
            hand = Hand(app, pilot)
            while start is None and app.course is None:
                await pilot.pause(0.01)  # the first look through the lessons
            await hand.settle()
            while start is None and app.looking and not held:
                await pilot.pause(0.01)  # those of other folders are read by other processes
            if not text:
                await hand.past_the_text()
            yield hand

    return open_


@pytest.fixture
def experienced() -> None:
    """A learner who has worked before: no tour."""
    store = Store(places().progress)
    Session.open(store, load(find("circuits/one-gate"))).skip()
    store.close()
