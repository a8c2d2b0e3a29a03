"""The app under a pilot: a learner's home, the screen as text, answers as typed keys."""

import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import OptionList

from tutor.folders.locate import find
from tutor.kinds import load
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.places import places
from tutor.ui.app import TutorApp
from tutor.ui.screens.drill import DrillScreen
from tutor.ui.screens.lesson_opening import OpeningScreen, OpeningText, open_session
from tutor.ui.screens.lesson_text import LessonTextScreen
from tutor.ui.widgets.answer_box import AnswerBox

PATIENCE = 60
"""Seconds to wait for what must come, on however busy a machine."""


class StraightApp(TutorApp):
    """Goes from its start to the drill: the screens between have tests of their own, and cost as much again."""

    def open_lesson(self, lesson: str, *, seed: int | None = None, afresh: bool = False, instead: bool = False) -> None:
        """At the start at once; a lesson that is broken, and any later one, as learners open it."""
        at_start = lesson == self.start and len(self.screen_stack) == 1
        session = open_session(lesson, self.store, seed=seed) if at_start else None
        if isinstance(session, Session):
            self.push_screen(Screen())  # whose place the drill takes
            self.show_drill(session)
        else:
            super().open_lesson(lesson, seed=seed, afresh=afresh, instead=instead)

    def show_drill(self, session: Session) -> None:
        """Without the lesson's text."""
        if session.current is None:
            super().show_drill(session)
        else:
            self.left = session.drill.lesson.id
            self._paths[self.left] = session.drill.lesson.path
            self.begin(session)


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

    async def until(self, there: Callable[[], object]) -> None:
        """Until something is there that comes by itself."""
        end = time.monotonic() + PATIENCE
        while not there():
            assert time.monotonic() < end, self.text()
            await self.pilot.pause(0.01)
        await self.settle()

    async def shows(self, text: str) -> None:
        """Until a text is on the screen."""
        await self.until(lambda: text in self.text())

    async def find(self, text: str) -> None:
        """Ask the palette for a text, and wait until it is the first thing that it offers."""
        await self.type(text)
        offered = self.app.screen.query_one(OptionList)
        await self.until(lambda: offered.option_count and text in str(offered.get_option_at_index(0).prompt))

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


@pytest.fixture(autouse=True)
def quick_start(indexed: None, in_a_thread: None) -> None:
    """The course was looked through before, and no process begins to read what else there is."""


@pytest.fixture
def opened() -> Opened:
    """The app at work: `async with opened("circuits/first-circuit", size=(80, 24)) as hand`.

    With `text` all screens on the way show, the lesson's text last; `held`: reading the lessons may not end.
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
        app = (TutorApp if text else StraightApp)(start, **options)
        app.animation_level = "none"
        async with app.run_test(size=size, notifications=True) as pilot:
            hand = Hand(app, pilot)
            while start is None and app.course is None:
                await pilot.pause(0.01)  # the first look through the lessons
            await hand.settle()
            while start is None and app.looking and not held:
                await pilot.pause(0.01)  # those of other folders are read by other processes
            yield hand

    return open_


@pytest.fixture(scope="session")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The progress of a learner who has skipped one question, made once for all tests."""
    path = tmp_path_factory.mktemp("worked") / "progress.sqlite"
    store = Store(path)
    Session.open(store, load(find("circuits/one-gate"))).skip()
    store.close()
    return path


@pytest.fixture
def experienced(home: Path, worked: Path) -> None:
    """A learner who has worked before: no tour."""
    shutil.copy(worked, places().progress)
