"""The summary after a drill: how it went, and what comes next."""

import time
from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from tutor.course.units import CourseEntry
from tutor.learner.named_mistakes import NamedMistake, named_mistakes
from tutor.learner.session import Session
from tutor.text import Message, msg
from tutor.ui.keys import BACK, NEW_NUMBERS, OVERVIEW, PLOTS, Key, bindings
from tutor.ui.screens.base import TutorScreen
from tutor.ui.screens.drill_plots import PlotsScreen
from tutor.ui.screens.overview import OverviewScreen
from tutor.ui.widgets.key_bar import KeyBar, Press
from tutor.ui.widgets.lesson_bar import LessonBar
from tutor.ui.widgets.prose import Paragraph, Prose

MOST_SLIPS = 8
PAUSE = 1.5  # seconds in which an Enter is still meant for the screen before, from which this one came by itself

NEXT = Key("next", "enter", "⏎", msg("ui.key-next"), msg("ui.key-next"))
MEND = Key("mend", "s", "s", msg("ui.key-mend"), msg("ui.key-mend"))


class SummaryText(Prose):
    """How it went, in a few lines, and what comes next."""

    DEFAULT_CSS = """
    SummaryText { padding: 1 3; max-width: 90; }
    """

    def __init__(self, session: Session, quiet: bool, ways: Sequence[tuple[Key, Message]]) -> None:
        super().__init__()
        self._session, self._quiet, self._ways = session, quiet, ways
        self._slips = named_mistakes(session)[:MOST_SLIPS]

    def paragraphs(self) -> Sequence[Paragraph]:
        """Result, time, hints, what comes next, mistakes; after quiet feedback each question too."""
        summary = self._session.summary()
        counts = [
            (msg("ui.summary-alone"), summary.alone),
            (msg("ui.summary-hints"), summary.hints),
            (msg("ui.summary-shown"), summary.shown),
            (msg("ui.summary-skipped"), 0 if self._quiet else summary.skipped),
        ]
        said = [self._headline(), Paragraph(""), self._row(msg("ui.summary-time"), self._time(summary.seconds))]
        said += [self._row(label, str(count)) for label, count in counts if count]
        said += [Paragraph(""), self._title(msg("ui.summary-next"))]
        said += [Paragraph(way, mark=f"{key.shown:3}", mark_style="bold $accent") for key, way in self._ways]
        if self._slips:
            said += [Paragraph(""), self._title(msg("ui.summary-mistakes"))]
            said += [paragraph for slip in self._slips for paragraph in self._slip(slip)]
        if self._quiet:
            said += [Paragraph(""), self._title(msg("ui.summary-answers")), *self._answers()]
        return said

    def _headline(self) -> Paragraph:
        summary = self._session.summary()
        if summary.right == summary.questions:
            text = self.app.translate(msg("ui.summary-all-right", count=summary.questions))
            return Paragraph(text, mark="✓", mark_style="bold $success", style="bold")
        text = self.app.translate(msg("ui.summary-some-right", right=summary.right, count=summary.questions))
        return Paragraph(text, mark="·", mark_style="bold $accent", style="bold")

    def _title(self, title: Message) -> Paragraph:
        return Paragraph(title, style="bold $accent")

    def _row(self, label: Message, value: str) -> Paragraph:
        name = self.app.translate(label)
        return Paragraph(value, mark=name + " " * max(22 - cell_len(name), 1), mark_style="$muted")

    def _time(self, seconds: float) -> str:
        minutes, rest = divmod(round(seconds), 60)
        if minutes:
            return self.app.translate(msg("ui.minutes", minutes=minutes, seconds=rest))
        return self.app.translate(msg("ui.seconds", seconds=rest))

    def _slip(self, slip: NamedMistake) -> Sequence[Paragraph]:
        times = f"   ×{slip.times}" if slip.times > 1 else ""
        return [
            Paragraph(f"{slip.question.symbol} = {slip.typed}{times}", mark="✗", mark_style="bold $error"),
            Paragraph(slip.message, mark=" ", style="$muted"),
        ]

    def _answers(self) -> Sequence[Paragraph]:
        rows = []
        for question, state in zip(self._session.drill.questions, self._session.states, strict=True):
            right = state.state == "right"
            text = f"{self.app.translate(question.prompt)}   {question.symbol} = {state.typed or '–'}"
            if not right and question.typed is not None:
                text += f"   {self.app.translate(msg('ui.right-is', answer=question.typed))}"
            sign, style = ("✓", "bold $success") if right else ("✗", "bold $error")
            rows.append(Paragraph(text, mark=sign, mark_style=style))
        return rows


class SummaryScreen(TutorScreen[None]):
    """Enter goes on to the next lesson; n does this one again with new numbers."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(NEXT, NEW_NUMBERS, MEND, PLOTS, OVERVIEW, BACK)]

    def __init__(self, session: Session, next_: CourseEntry | None, *, by_itself: bool = False) -> None:
        super().__init__()
        self.session, self._next = session, next_
        self._ready = time.monotonic() + (PAUSE if by_itself else 0.0)

    def body(self) -> ComposeResult:
        """The text says what comes next, and so do the keys."""
        quiet = self.app.quiet_feedback
        yield LessonBar(self.session)
        with VerticalScroll():
            yield SummaryText(self.session, quiet, self._ways())
        mend = [Press(MEND, rank=1)] if self.session.summary().skipped and not quiet else []
        forward = Press(NEXT, msg("ui.key-next-lesson") if self._next is not None else None, rank=0)
        plots = [Press(PLOTS, rank=1)] if self.session.drill.lesson.plots else []
        yield KeyBar((forward, *mend, *plots, Press(NEW_NUMBERS, rank=2), Press(OVERVIEW, rank=3), Press(BACK, rank=1)))

    def _ways(self) -> Sequence[tuple[Key, Message]]:
        ways = []
        if self._next is not None:
            ways.append((NEXT, msg("ui.way-next", title=self._next.title)))
        if self.session.summary().skipped and not self.app.quiet_feedback:
            ways.append((MEND, msg("ui.way-mend", count=self.session.summary().skipped)))
        if self.session.drill.lesson.plots:
            ways.append((PLOTS, msg("ui.way-plots")))
        return (*ways, (NEW_NUMBERS, msg("ui.way-new-numbers")), (BACK, msg("ui.key-next")))

    def action_next(self) -> None:
        """The next lesson, or the course where there is none."""
        if time.monotonic() < self._ready:
            return
        if self._next is not None:
            self.app.open_lesson(self._next.id, instead=True)
        else:
            self.dismiss(None)

    def action_new_numbers(self) -> None:
        """The same lesson again."""
        self.app.open_lesson(self.session.drill.lesson.id, afresh=True, instead=True)

    def action_mend(self) -> None:
        """Answer what was skipped."""
        states = self.session.states
        skipped = [place for place, state in enumerate(states) if state.state == "skipped"]
        if skipped:
            self._go_to(skipped[0])

    def action_plots(self) -> None:
        """What the lesson shows at its end."""
        if self.session.drill.lesson.plots:
            self.app.push_screen(PlotsScreen(self.session.drill))
        else:
            self.app.say(msg("ui.no-plots"))

    def action_overview(self) -> None:
        """All questions."""
        self.app.push_screen(OverviewScreen(self.session, False), self._go_to)

    def _go_to(self, place: int | None) -> None:
        if place is None:
            return
        self.session.go_to(place)
        if self.session.current is not None:
            self.app.show_drill(self.session)
