"""`tutor preview`: the app over one lesson file, which it reads again at every save, and whose answers nobody keeps."""

import contextlib
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from textual.command import CommandPalette
from textual.screen import Screen

from tutor.authoring.author_session import AuthorSession
from tutor.authoring.watch import Version, Watch
from tutor.course.units import CourseEntry
from tutor.kinds import preview
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.text import Language, msg
from tutor.ui.app import TutorApp
from tutor.ui.screens.drill_plots import PlotsScreen
from tutor.ui.screens.help import HelpScreen
from tutor.ui.screens.lesson_preview import LessonFile, PreviewDrill, PreviewSummary, ReportScreen
from tutor.ui.screens.lesson_text import LessonTextScreen

_BASES = (ReportScreen, PreviewDrill, PreviewSummary)
"""Screens that a new version of the lesson is shown on; others lie over them for a moment."""


class PreviewApp(TutorApp):
    """The report on the file, and on top of it the drill while the file holds a lesson.

    The file is looked at, read and drawn numbers for in a thread; a new version arrives as a message.
    """

    def __init__(
        self,
        path: Path,
        *,
        seed: int | None = None,
        language: Language = "en",
        ascii: bool = False,
        quiet_feedback: bool = False,
    ) -> None:
        super().__init__(language=language, ascii=ascii, quiet_feedback=quiet_feedback)
        self.course = None
        self.file = LessonFile(path)
        self.versions = 0
        """How many were shown."""
        self.trial: AuthorSession | None = None
        """The drill as far as it has come, kept while the file is broken."""
        self._wanted_seed = seed or 0
        self._watch: Watch | None = None

    def get_default_screen(self) -> Screen[Any]:
        """The report is under everything else."""
        return ReportScreen(self.file)

    def on_unmount(self) -> None:
        """No more looks at the file."""
        if self._watch is not None:
            self._watch.stop()

    # The learner: there is none

    def open_store(self) -> Store:
        """A store in memory: an author's typing is no learner's progress."""
        return Store.in_memory()

    def refresh_marks(self) -> None:
        """Nothing was ever practised here."""
        self.marks = {}

    def next_after(self, lesson: str) -> CourseEntry | None:
        """No lesson comes after this one."""
        return None

    # The file

    def _load_the_rest(self) -> None:
        """In a thread: look at the file for as long as the app lives."""

        def tell(version: Version) -> None:
            if version.drill is not None and version.drill.questions and self.file.version is None:
                preview(version.drill, version.drill.questions[0], "1 + 1")  # the first key need not wait for it
            with contextlib.suppress(RuntimeError):  # the app has gone meanwhile
                self.call_later(self._arrived, version)

        self._watch = Watch(self.file.path, self._wanted_seed)
        if self.is_running:
            self._watch.run(tell)

    async def _arrived(self, version: Version) -> None:
        """A version of the lesson takes the place of the one before, at the same question where that is still there."""
        before, self.file.version = self.file.version, version
        note = "ui.watch-read-again" if before is not None else "ui.watch-read"
        self.file.note = msg(note, time=f"{datetime.now():%H:%M:%S}")
        self._keep_draft()
        if version.drill is None:
            await self._drop_to_report()
        else:
            trial = AuthorSession.begin(version.drill, self.trial)
            self._take_drafts_along(trial)
            self.trial = trial
            await self._show(trial, afresh=before is None, mended=before is None or before.drill is None)
        for screen in self.screen_stack:
            if isinstance(screen, ReportScreen):
                screen.show()
        self.versions += 1

    async def _show(self, trial: AuthorSession, *, afresh: bool, mended: bool) -> None:
        plots = any(isinstance(screen, PlotsScreen) for screen in self.screen_stack)
        above = list(takewhile(lambda screen: not isinstance(screen, _BASES), reversed(self.screen_stack)))
        base = self.screen_stack[-1 - len(above)]
        lasting = all(isinstance(screen, HelpScreen | LessonTextScreen | CommandPalette) for screen in above)
        if mended or not lasting or isinstance(base, PreviewSummary):
            for _ in above:
                await self.pop_screen()  # what shows questions of the version before
        if isinstance(base, PreviewSummary):
            through = trial.current is None
            await self.switch_screen(PreviewSummary(trial, None) if through else PreviewDrill(trial, self.file))
        elif isinstance(base, PreviewDrill):
            await base.show_version(trial)
        elif mended:
            await self.push_screen(PreviewDrill(trial, self.file))
        for screen in self.screen_stack:
            if isinstance(screen, LessonTextScreen):
                await screen.show(trial.drill.lesson)
        if afresh and trial.drill.lesson.about is not None:
            await self.push_screen(LessonTextScreen(trial.drill.lesson, before=trial))
        if plots:
            await self.push_screen(PlotsScreen(trial.drill))

    async def _drop_to_report(self) -> None:
        while len(self.screen_stack) > 1:
            await self.pop_screen()

    def _keep_draft(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, PreviewDrill):
                screen.keep_draft()

    def _take_drafts_along(self, trial: AuthorSession) -> None:
        """What was being typed goes along to the same question."""
        old = self.trial.record.id if self.trial is not None else None
        for record, question in [key for key in self.drafts if key[0] == old]:
            self.drafts[trial.record.id, question] = self.drafts.pop((record, question))

    # What the author does

    def action_language(self) -> None:
        """Show the other language's texts; what the author speaks elsewhere stays as it is."""
        self.change_language()

    def action_next_numbers(self) -> None:
        """Ask for the numbers of the next seed."""
        if self._watch is not None:
            self._wanted_seed += 1
            self._watch.draw(self._wanted_seed)

    def action_go_on(self) -> None:
        """To the drill, where it was left."""
        if self.trial is not None and self.file.drill is not None:
            self.push_screen(PreviewDrill(self.trial, self.file))

    def show_drill(self, session: Session) -> None:
        """From the summary back to a question."""
        self.switch_screen(PreviewDrill(session, self.file))

    def begin(self, session: Session) -> None:
        """From the lesson's text to the drill, which lies under it."""
        self.pop_screen()

    def open_lesson(self, lesson: str, *, seed: int | None = None, afresh: bool = False, instead: bool = False) -> None:
        """The summary asks for new numbers."""
        self.action_next_numbers()
