"""The summary after a drill: how it went, and what comes next."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from tutor.text import Message, msg
from tutor.ui.keys import BACK, NEW_NUMBERS, OVERVIEW, Key, bindings
from tutor.ui.screens.base import TutorScreen
from tutor.ui.speech import Spoken, speak, the_app
from tutor.ui.widgets.key_bar import KeyBar, Press
from tutor.ui.widgets.lesson_bar import LessonBar
from tutor.ui.widgets.prose import Paragraph, Prose

if TYPE_CHECKING:
    from tutor.learner.session import Session

NEXT = Key("next", "enter", "⏎", msg("ui.key-next"), msg("ui.key-next"))
MEND = Key("mend", "s", "s", msg("ui.key-mend"), msg("ui.key-mend"))


class SummaryText(Prose):
    """How it went, in a few lines."""

    DEFAULT_CSS = """
    SummaryText { padding: 1 3; max-width: 90; }
    """

    def __init__(self, session: "Session", quiet: bool) -> None:
        super().__init__()
        self._session, self._quiet = session, quiet

    def paragraphs(self) -> Sequence[Paragraph]:
        """Result, time, hints, mistakes; after quiet feedback each question too."""
        summary = self._session.summary()
        said = [self._headline(), Paragraph("")]
        said.append(self._row(msg("ui.summary-time"), self._time(summary.seconds)))
        if summary.alone:
            said.append(self._row(msg("ui.summary-alone"), str(summary.alone)))
        said.append(self._row(msg("ui.summary-hints"), str(summary.hints)))
        if summary.shown:
            said.append(self._row(msg("ui.summary-shown"), str(summary.shown)))
        if summary.skipped:
            said.append(self._row(msg("ui.summary-skipped"), str(summary.skipped)))
        if summary.mistakes:
            said += [Paragraph(""), self._title(msg("ui.summary-mistakes"))]
            for mistake, times in summary.mistakes:
                text = self._mistake(mistake) + (f"  ×{times}" if times > 1 else "")
                said.append(Paragraph(text, mark="·", mark_style="$text-muted"))
        if self._quiet:
            said += [Paragraph(""), self._title(msg("ui.summary-answers")), *self._answers()]
        return said

    def _headline(self) -> Paragraph:
        summary = self._session.summary()
        if summary.right == summary.questions:
            text = speak(self, msg("ui.summary-all-right", count=summary.questions))
            return Paragraph(text, mark="✓", mark_style="bold $success", style="bold")
        text = speak(self, msg("ui.summary-some-right", right=summary.right, count=summary.questions))
        return Paragraph(text, mark="·", mark_style="bold $accent", style="bold")

    def _title(self, title: Message) -> Paragraph:
        return Paragraph(speak(self, title), style="bold $accent")

    def _row(self, label: Message, value: str) -> Paragraph:
        from rich.cells import cell_len

        name = speak(self, label)
        return Paragraph(value, mark=name + " " * max(22 - cell_len(name), 1), mark_style="$text-muted")

    def _time(self, seconds: float) -> str:
        minutes, rest = divmod(round(seconds), 60)
        if minutes:
            return speak(self, msg("ui.minutes", minutes=minutes, seconds=rest))
        return speak(self, msg("ui.seconds", seconds=rest))

    def _mistake(self, mistake: str) -> str:
        return mistake

    def _answers(self) -> Sequence[Paragraph]:
        rows = []
        for question, state in zip(self._session.drill.questions, self._session.states, strict=True):
            if question.worked:
                continue
            right = state.state == "right"
            text = f"{speak(self, question.prompt)}  {question.symbol} = {state.typed or '–'}"
            if not right:
                text += f"   {speak(self, msg('ui.right-is', answer=question.typed))}"
            sign, style = ("✓", "bold $success") if right else ("✗", "bold $error")
            rows.append(Paragraph(text, mark=sign, mark_style=style))
        return rows


class SummaryScreen(TutorScreen[None]):
    """Enter goes on to the next lesson; n does this one again with new numbers."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(NEXT, NEW_NUMBERS, MEND, OVERVIEW, BACK)]
    DEFAULT_CSS = """
    SummaryScreen VerticalScroll { scrollbar-size-vertical: 1; }
    """

    def __init__(self, session: "Session", unit: Spoken | None) -> None:
        super().__init__()
        self.session, self.unit = session, unit
        self._next = the_app(self).next_after(session.drill.lesson.id)

    def body(self) -> ComposeResult:
        """The text; the keys say what comes next."""
        yield LessonBar(self.session, self.unit)
        with VerticalScroll():
            yield SummaryText(self.session, the_app(self).quiet_feedback)
        yield KeyBar(self._presses())

    def _presses(self) -> tuple[Press, ...]:
        presses = [Press(NEXT, msg("ui.key-next-lesson", title=self._next.title) if self._next else None, rank=0)]
        if self.session.summary().skipped:
            presses.append(Press(MEND, rank=1))
        return (*presses, Press(NEW_NUMBERS, rank=2), Press(OVERVIEW, rank=3), Press(BACK, rank=1))

    def action_next(self) -> None:
        """The next lesson, or the course where there is none."""
        if self._next is not None:
            the_app(self).open_lesson(self._next.id, instead=True)
        else:
            self.dismiss(None)

    def action_new_numbers(self) -> None:
        """The same lesson again."""
        the_app(self).open_lesson(self.session.drill.lesson.id, afresh=True, instead=True)

    def action_mend(self) -> None:
        """Answer what was skipped."""
        states = self.session.states
        skipped = [place for place, state in enumerate(states) if state.state == "skipped"]
        if skipped:
            self._go_to(skipped[0])

    def action_overview(self) -> None:
        """All questions."""
        from tutor.ui.screens.overview import OverviewScreen

        self.app.push_screen(OverviewScreen(self.session, False), self._go_to)

    def action_back(self) -> None:
        """To the course."""
        self.dismiss(None)

    def _go_to(self, place: int | None) -> None:
        if place is not None and self.session.states[place].state in ("open", "skipped"):
            self.session.go_to(place)
            the_app(self).show_drill(self.session)
