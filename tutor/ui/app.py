"""The app: what stays the same on every screen: language, themes, palette, signals, errors."""

import asyncio
import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import CommandPalette, Provider
from textual.driver import Driver
from textual.screen import Screen

from tutor.course.refresh import MANY, refresh_index
from tutor.course.units import Course, CourseEntry
from tutor.learner.settings import settings
from tutor.text import Language, Message, msg
from tutor.ui.base_app import BaseApp
from tutor.ui.filters import AsciiFilter, VisibleFilter
from tutor.ui.keys import EVERYWHERE, KEEP, bindings
from tutor.ui.progress_view import begun
from tutor.ui.screens.course import CourseScreen
from tutor.ui.themes import OURS, with_our_colours
from tutor.ui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from tutor.learner.session import Session


_TELLING = 0.1  # seconds between two pieces of news of how far reading has come


def _commands() -> type[Provider]:
    from tutor.ui.commands import Commands

    return Commands


class TutorApp(BaseApp):
    """The course, and on top of it whatever the learner has opened."""

    TITLE = "tutor"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(*EVERYWHERE, KEEP),
        Binding("ctrl+z", "suspend_process", show=False),
    ]

    def __init__(
        self,
        start: str | None = None,
        *,
        folder: Path | None = None,
        seed: int | None = None,
        language: Language = "en",
        ascii: bool = False,
        quiet_feedback: bool = False,
    ) -> None:
        super().__init__(folder=folder, language=language, ascii=ascii, quiet_feedback=quiet_feedback)
        self.start = start
        self.seed = seed
        self._toured = False
        self._told_at = 0.0
        self._paths: dict[str, Path] = {}
        """Where the lessons are that were practised in this sitting."""
        self._filters.append(VisibleFilter())
        if ascii:
            self._filters.append(AsciiFilter())
        for theme in OURS:
            self.register_theme(theme)
        # Textual read the variable before it knew our themes; without a change it would not look again.
        self.set_reactive(App.theme, "textual-dark")
        self.theme = OURS[0].name
        for wanted in (os.environ.get("TEXTUAL_THEME"), settings().theme):
            if wanted in self.available_themes:
                self.theme = wanted
                break

    def get_css_variables(self) -> dict[str, str]:
        """The variables of the theme and the colours of values and gradients."""
        return with_our_colours(super().get_css_variables())

    def get_driver_class(self) -> type[Driver]:
        """The driver of the system; where that is Textual's for a terminal, one that takes any byte."""
        found = super().get_driver_class()
        if found.__name__ == "LinuxDriver":
            from tutor.ui.keyboard import Keyboard

            return Keyboard
        return found

    def get_default_screen(self) -> Screen[Any]:
        """The course is under everything else."""
        return CourseScreen()

    def on_mount(self) -> None:
        """Leave the terminal in order when told to stop; load what the first screen went without."""
        loop = asyncio.get_running_loop()
        if os.name == "posix":
            for number in (signal.SIGTERM, signal.SIGHUP):
                if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` means it
                    loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))
        self._tell_news()
        self.call_after_refresh(threading.Thread(target=self._load_the_rest, daemon=True).start)
        if self.start is not None:
            self.open_lesson(self.start, seed=self.seed)

    def on_unmount(self) -> None:
        """Let go of the learner's file; what could not be saved is said where the shell shows it."""
        if (message := self.store.close().message) is not None:
            self._print_at_the_end(message)

    def rescue(self) -> None:
        """Put what is not saved into a rescue file; from any thread, whatever else goes on."""
        self.store.rescue()

    # Lessons

    def open_entry(self, entry: CourseEntry, *, afresh: bool = False) -> None:
        """Open a lesson of the course."""
        from tutor.ui.screens.lesson_opening import OpeningScreen

        unit = self.unit_of(entry.id)
        steps = (unit.title, entry.title) if unit is not None else (entry.title,)
        seed = self.seed if afresh else None
        self.push_screen(OpeningScreen(str(entry.path), id=entry.id, seed=seed, afresh=afresh, steps=steps))

    def open_lesson(self, lesson: str, *, seed: int | None = None, afresh: bool = False, instead: bool = False) -> None:
        """Open a lesson by id or path: where it was left, or `afresh`; `instead` of the screen that shows now."""
        from tutor.ui.screens.lesson_opening import OpeningScreen

        entry = self.course.entry(lesson) if self.course is not None else None
        known = entry.path if entry is not None else self._paths.get(lesson)
        unit = self.unit_of(lesson)
        screen = OpeningScreen(
            lesson if known is None else str(known),
            id=None if known is None else lesson,
            seed=seed,
            afresh=afresh,
            steps=(unit.title, entry.title) if unit is not None and entry is not None else (),
        )
        if instead:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def show_drill(self, session: "Session") -> None:
        """Go on with a drill in place of the screen that shows now; a new one begins with the lesson's text.

        One that is through is looked back at.
        """
        from tutor.ui.screens.lesson_text import LessonTextScreen

        self.left = session.drill.lesson.id
        self._paths[self.left] = session.drill.lesson.path
        if session.current is None:
            from tutor.ui.screens.summary import SummaryScreen

            self.switch_screen(SummaryScreen(session, self.next_after(self.left)))
        elif session.drill.lesson.about is not None and not begun(session):
            self.switch_screen(LessonTextScreen(session.drill.lesson, before=session))
        else:
            self.begin(session)

    def begin(self, session: "Session") -> None:
        """The drill itself, in place of the screen that shows now; for a newcomer with the tour."""
        from tutor.ui.screens.drill import DrillScreen

        self.switch_screen(DrillScreen(session))
        self.refresh_marks()
        if not self.marks and not self._toured:
            self.call_after_refresh(self.tour)

    def tour(self) -> None:
        """The tour of a minute over the drill that shows."""
        from tutor.ui.screens.drill import DrillScreen
        from tutor.ui.screens.tour import TourScreen

        if isinstance(self.screen, DrillScreen):
            self._toured = True
            self.push_screen(TourScreen(self.screen))

    # Behind the first screen

    def _load_the_rest(self) -> None:
        """In a thread: import what opening a lesson needs, then look through the lessons' files."""
        self.looking = True
        import tutor.kinds
        import tutor.lesson.loading
        import tutor.ui.screens.drill  # noqa: F401

        try:
            course = refresh_index(self._read_so_far, opened=self.folder, partly=self._partly_listed)
            self._tell(self._listed, course, None)
        finally:
            self._tell(self._looked)

    def _looked(self) -> None:
        self.looking = False

    def _read_so_far(self, done: int, of: int) -> None:
        now = time.monotonic()
        if of >= MANY and now - self._told_at > _TELLING:
            self._told_at = now
            self._tell(self._listed, None, (done, of))

    def _partly_listed(self, course: Course) -> None:
        self._tell(self._listed, course, self.reading)

    def _tell(self, what: Callable[..., object], *news: object) -> None:
        with contextlib.suppress(RuntimeError):  # the app has gone meanwhile
            self.call_later(what, *news)

    def _listed(self, course: Course | None, reading: tuple[int, int] | None) -> None:
        """News of the lessons' files: what is known of them (None: as before), and how many are read."""
        if course is None or course == self.course:
            course = self.course
        if course is self.course and reading == self.reading:
            return
        is_new = course is not self.course
        self.course, self.reading = course, reading
        for screen in self.screen_stack:
            if isinstance(screen, CourseScreen) and is_new:
                screen.show()
            for bar in screen.query(TopBar):
                bar.refresh()

    # Help, palette, quitting

    def action_help(self) -> None:
        """Open the help, unless it is open."""
        from tutor.ui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_command_palette(self) -> None:
        """Open the palette, which asks in the language on screen."""
        if not any(isinstance(screen, CommandPalette) for screen in self.screen_stack):
            self.push_screen(CommandPalette(placeholder=self.translate(msg("ui.palette-find")), id="--command-palette"))

    def action_keep(self) -> None:
        """The derivations of the drill that shows, the last one first."""
        from tutor.learner.derivation_export import derivations
        from tutor.ui.screens.derivations import DerivationsScreen

        session = getattr(self.screen, "session", None)
        kept = derivations(session) if session is not None else ()
        if session is None or not kept:
            self.say(msg("ui.nothing-to-keep"))
        elif not isinstance(self.screen, DerivationsScreen):
            self.push_screen(DerivationsScreen(session, kept))

    def action_help_quit(self) -> None:
        """Ctrl+C: say how to leave, since nothing was asked to stop."""
        unsaved = self.store.unsaved()
        self.say(msg("ui.how-to-quit-unsaved", count=unsaved) if unsaved else msg("ui.how-to-quit"))

    async def action_quit(self) -> None:
        """Leave, unless answers are not saved: that is asked about."""
        from tutor.ui.screens.leaving import LeavingScreen

        if self.store.unsaved():
            if not isinstance(self.screen, LeavingScreen):
                self.push_screen(LeavingScreen(self.store))
        else:
            self.exit()

    # Errors of our own

    def _fatal_error(self) -> None:
        """Leave with one line for the learner; what a developer needs goes into a file, without values."""
        self.bell()
        self._print_at_the_end(self.explain(self._exception))
        self._close_messages_no_wait()

    def _print_at_the_end(self, message: Message) -> None:
        self.error_console.soft_wrap = True  # so that the name of a file, broken by the terminal itself, can be copied
        self._exit_renderables.append(Text(self.translate(message)))
