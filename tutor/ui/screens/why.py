"""Why an answer is what it is: derived, with this drill's numbers, measured; opened once the answer is known."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events, getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from tutor.drill.question import Question
from tutor.kinds.why_views import Name, View, is_empty
from tutor.learner.session import Session
from tutor.learner.why_allowed import why_view
from tutor.text import Message, msg
from tutor.ui.base_app import BaseApp
from tutor.ui.keys import BACK, VIEW, bindings
from tutor.ui.screens.base import TutorScreen
from tutor.ui.widgets.key_bar import KeyBar, presses
from tutor.ui.widgets.prose import Paragraph, Prose
from tutor.ui.widgets.question_line import QuestionRule
from tutor.ui.widgets.top_bar import TopBar

TABS: tuple[tuple[Name, Message], ...] = (
    ("derivation", msg("ui.why-derivation")),
    ("numbers", msg("ui.why-numbers")),
    ("check", msg("ui.why-check")),
)


class Tabs(Widget):
    """`1 derivation   2 with numbers   3 measured`, the open one underlined; a click opens another."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    Tabs { height: 1; margin: 1 0; padding: 0 2; }
    """
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self.open = 0

    def render(self) -> Content:
        """One after the other."""
        parts: list[tuple[str, str]] = []
        for number, label in enumerate(self._labels()):
            style = "bold $accent underline" if number == self.open else "$muted"
            parts += [(label, style), ("   ", "")]
        return Content.assemble(*parts)

    def _labels(self) -> list[str]:
        return [f"{number} {self.app.translate(title)}" for number, (_, title) in enumerate(TABS, start=1)]

    async def on_click(self, event: events.Click) -> None:
        """Open the one under the mouse."""
        column = event.get_content_offset_capture(self).x
        for number, label in enumerate(self._labels()):
            if 0 <= column < cell_len(label):
                await self.screen.run_action(f"view({number})")
                return
            column -= cell_len(label) + 3


class WhyText(Prose):
    """The view that is open, or that it will be there in a moment."""

    DEFAULT_CSS = """
    WhyText { padding: 0 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.view: View | None = None

    def show(self, view: View | None) -> None:
        """Show this; None: not yet."""
        self.view = view
        self.refresh(layout=True)

    def paragraphs(self) -> Sequence[Paragraph]:
        """Sentences as they are, formulas set in, the rules behind them or below them."""
        if self.view is None:
            return [Paragraph(msg("ui.one-moment"), style="$muted")]
        said: list[Paragraph] = []
        for each in self.view:
            if isinstance(each, Message):
                said.append(Paragraph(each))
                continue
            by = ", ".join(self.app.translate(rule) for rule in each.by)
            width = self.content_size.width or self.app.size.width - 4
            if by and cell_len(each.text) + cell_len(by) + 6 <= width:
                ready = Content.assemble((each.text, "$value"), "   ", (by, "$muted"))
                said.append(Paragraph("", mark=" ", ready=ready))
            else:
                said.append(Paragraph(each.text, mark=" ", style="$value"))
                said += [Paragraph(by, mark="   ", style="$muted")] if by else []
        return said


class WhyScreen(TutorScreen[None]):
    """The three views of one question; each is made in a thread, since SymPy takes its time."""

    tabs = getters.query_one(Tabs)
    rule = getters.query_one(QuestionRule)
    scroller = getters.query_one(VerticalScroll)
    text = getters.query_one(WhyText)

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(BACK),
        *(Binding(str(number), f"view({number - 1})", show=False) for number in (1, 2, 3)),
        Binding("right,tab", "turn(1)", show=False),
        Binding("left,shift+tab", "turn(-1)", show=False),
    ]

    def __init__(self, session: Session, question: Question) -> None:
        super().__init__()
        self.session, self._question = session, question
        self._views: dict[Name, View] = {}
        self._open = 0
        self._chosen = False

    def body(self) -> ComposeResult:
        """The question with its answer, the tabs, the open view."""
        yield TopBar(msg("ui.why-title"), self._question.prompt)
        yield QuestionRule()
        yield Tabs()
        with VerticalScroll():
            yield WhyText()
        yield KeyBar(presses(BACK, VIEW))

    def on_mount(self) -> None:
        """Begin with the derivation; where nothing is derived, the numbers are opened instead."""
        question = self._question
        answer = question.typed if question.typed is not None else ""
        self.rule.show(f"{question.symbol} = {answer}" if question.has_symbol else answer, None)
        self.scroller.focus()
        self._show(0)

    def action_view(self, number: int) -> None:
        """Open a view."""
        self._chosen = True
        self._show(number)

    def _show(self, number: int) -> None:
        self._open = number
        self.tabs.open = number
        self.tabs.refresh()
        name = TABS[number][0]
        self.text.show(self._views.get(name))
        self.scroller.scroll_home(animate=False)
        if name not in self._views:
            self._make(name)

    def action_turn(self, by: int) -> None:
        """To the next view."""
        self.action_view((self._open + by) % len(TABS))

    @work(thread=True, exit_on_error=False)
    def _make(self, name: Name) -> None:
        app = self.app
        view: View
        try:
            view = why_view(self.session, self._question, name)
        except Exception as error:  # a view that fails must not cost the learner the drill
            view = (app.explain(error),)
        self.call_later(self._made, name, view)

    def _made(self, name: Name, view: View) -> None:
        self._views[name] = view
        if not self._chosen and self._open == 0 and is_empty(view):
            self._show(1)
        if TABS[self._open][0] == name:
            self.text.show(view)
