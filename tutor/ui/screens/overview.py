"""The overview: every question of the drill with its mark; Enter goes to one that is open."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import getters
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tutor.drill.question import Question
from tutor.learner.session import QuestionState, Session
from tutor.learner.why_allowed import is_revealed
from tutor.text import msg
from tutor.ui.keys import BACK, bindings
from tutor.ui.screens.base import TutorModal
from tutor.ui.screens.why import WhyScreen
from tutor.ui.widgets.prose import Paragraph, Prose
from tutor.ui.wrapping import flowed

MARKS = {"open": "·", "right": "✓", "shown": "i", "skipped": "–", "answered": "•"}
COLOURS = {"open": "$muted", "right": "$success", "shown": "$secondary", "skipped": "$warning", "answered": ""}
MEANINGS = {
    "open": msg("ui.mark-open"),
    "right": msg("ui.mark-right"),
    "shown": msg("ui.mark-shown"),
    "skipped": msg("ui.mark-skipped"),
    "answered": msg("ui.mark-answered"),
}
LEGEND = ("open", "right", "shown", "skipped")
QUIET_LEGEND = ("open", "answered", "skipped")

WIDEST = 34
"""Cells for the kind of question, beyond which the columns are no longer kept."""


class Legend(Prose):
    """What the marks mean."""

    DEFAULT_CSS = """
    Legend { margin-top: 1; }
    """

    def __init__(self, quiet: bool) -> None:
        super().__init__()
        self._quiet = quiet

    def paragraphs(self) -> Sequence[Paragraph]:
        """On one line where there is room."""
        marks = QUIET_LEGEND if self._quiet else LEGEND
        items = [f"{self.app.spell(MARKS[state])} {self.app.translate(MEANINGS[state])}" for state in marks]
        return [Paragraph(flowed(items, self.content_size.width or 60), style="$muted", as_is=True)]


class OverviewScreen(TutorModal[int | None]):
    """Gives the place of the question to go to, or None."""

    options = getters.query_one(OptionList)

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK)]
    DEFAULT_CSS = """
    OverviewScreen .card { height: auto; }
    OverviewScreen OptionList, OverviewScreen OptionList:focus {
        background: $surface; background-tint: $surface 0%; border: none;
        height: auto; max-height: 1fr; padding: 0; scrollbar-size-vertical: 1;
    }
    OverviewScreen OptionList > .option-list--option-highlighted,
    OverviewScreen OptionList:focus > .option-list--option-highlighted {
        background: $accent 18%; color: $foreground; text-style: bold;
    }
    """

    def __init__(self, session: Session, quiet: bool) -> None:
        super().__init__()
        self._session = session
        self._quiet = quiet
        self._column = 0

    def compose(self) -> ComposeResult:
        """One row for each question."""
        session = self._session
        rows = zip(session.drill.questions, session.states, strict=True)
        self._column = min(max(cell_len(self.app.translate(each.prompt)) for each in session.drill.questions), WIDEST)
        options = [Option(self._row(number, *row)) for number, row in enumerate(rows)]
        with Vertical(classes="card") as card:
            card.border_title = self.app.heading(msg("ui.overview-title"))
            card.border_subtitle = self.app.heading(msg("ui.overview-keys"))
            yield OptionList(*options, markup=False)
            yield Legend(self._quiet)

    def on_mount(self) -> None:
        """Begin at the question that is asked."""
        self.options.highlighted = min(self._session.position, len(self._session.states) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go there; of a question whose answer is known, see why it is so."""
        question = self._session.drill.questions[event.option_index]
        if not self._quiet and not self._session.asks_again and is_revealed(self._session, question):
            self.app.push_screen(WhyScreen(self._session, question))
        else:
            self.dismiss(event.option_index)

    def _row(self, number: int, question: Question, state: QuestionState) -> Content:
        here = number == self._session.position
        mark, colour = MARKS[state.state], COLOURS[state.state]
        if self._quiet and state.state == "right":
            mark, colour = MARKS["answered"], COLOURS["answered"]
        kind = self.app.translate(question.prompt)
        symbol = question.symbol
        answer = f" = {state.typed}" if state.state == "right" or (self._quiet and state.typed) else ""
        note = f"◀ {self.app.translate(msg('ui.now'))}" if here else ""
        gap = " " * max(self._column - cell_len(kind) + 2, 2)
        return Content.assemble(
            (f"{number + 1:3} ", "$muted"),
            (f"{self.app.spell(mark)} ", colour),
            (kind + gap, "$muted"),
            symbol,
            answer,
            (f"   {note}", "bold $accent"),
        )
