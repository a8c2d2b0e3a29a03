"""The drill: the graph, the question under it, and the answer box that always has the focus."""

import time
from typing import ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import BindingType

from tutor.checking import Verdict
from tutor.drill.question import Question
from tutor.learner.derivation_export import derivation_of
from tutor.learner.session import Session
from tutor.learner.why_allowed import last_answer_is_wrong, last_revealed, nudge_evidence_of
from tutor.text import msg
from tutor.ui.key_bar_items import key_bar_items
from tutor.ui.keys import (
    CHECK,
    IN_DRILL,
    bindings,
)
from tutor.ui.picture import gradients_in, integers_of, names_of, wires_from
from tutor.ui.pointing import takes_a_pick
from tutor.ui.questions import (
    arrays_of,
    asked_node,
    behind_lines,
    blamed_node,
    may_know_shape,
    own_gradients,
    takes_grid,
)
from tutor.ui.screens.derivations import DerivationsScreen
from tutor.ui.screens.lesson_text import LessonTextScreen
from tutor.ui.screens.looking_around import LookingAround
from tutor.ui.screens.overview import OverviewScreen
from tutor.ui.screens.summary import SummaryScreen
from tutor.ui.screens.why import WhyScreen
from tutor.ui.widgets.answer_area import AnswerArea
from tutor.ui.widgets.array_view import ArrayView
from tutor.ui.widgets.details import Details
from tutor.ui.widgets.feedback import Feedback
from tutor.ui.widgets.graph_panel import GraphPanel
from tutor.ui.widgets.key_bar import KeyBar, Press
from tutor.ui.widgets.lesson_bar import LessonBar
from tutor.ui.widgets.question_line import QuestionRule

SHORT = 20
"""Characters of an answer that is sooner typed anew than mended."""

CALM = 1.0  # seconds after the last hint in which the same key does not yet ask for one to the next question


class DrillScreen(LookingAround):
    """Everything that happens goes through the session, which writes it down before it returns."""

    area = getters.query_one(AnswerArea)
    key_bar = getters.query_one(KeyBar)
    lesson_bar = getters.query_one(LessonBar)

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*IN_DRILL)]
    DEFAULT_CSS = """
    DrillScreen .dimmed { opacity: 35%; }
    DrillScreen.-tall ArrayView { margin: 1 0; }
    DrillScreen.-tall AnswerArea { margin-top: 1; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._over = self._hurried = False
        self._calm_until = 0.0

    def body(self) -> ComposeResult:
        """From top to bottom as in the design."""
        yield LessonBar(self.session)
        yield GraphPanel(id="graph", classes="part")
        yield QuestionRule(id="rule", classes="part")
        yield Details(classes="part")
        yield ArrayView(id="numbers", classes="part")
        yield AnswerArea(self.session.preview, self.answer, id="answer", classes="part")
        yield Feedback(id="feedback")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Ask the question at which the learner is."""
        # How much of what must be read shows at once is known when it is laid out.
        self.watch(self.details, "show_vertical_scrollbar", self._show_keys, init=False)
        for what in ("show_vertical_scrollbar", "scroll_y"):
            self.watch(self.feedback, what, self._show_keys, init=False)
        self._ask()

    def on_screen_resume(self) -> None:
        """Back from another screen: the focus is where answers are typed."""
        if not self._over:
            self.area.focus_here()

    # Asking

    def _ask(self, *, silently: bool = False) -> None:
        """Show the current question; `silently` without a word on the one before."""
        question = self.session.current
        if question is None:
            self._finish()
            return
        self._talk.turn_to(question, silently=silently)
        draft = self.app.drafts.pop((self.session.record.id, question.id), "")
        self.area.ask(question, draft)
        self._show()
        self._say()

    def _show(self) -> None:
        """Draw graph, question line and bars as they are now."""
        question = self.session.current
        if question is None:
            return
        part = self.session.drill.parts[question.part]
        known = self._known(question)
        node = asked_node(part, question)
        self.graph.display = question.on_graph  # a gate of its own: the graph would only mislead
        given = question.shown_gradients
        if given is not None:
            self.graph.show(part, given, node, given=True)
        else:
            own = own_gradients(self.session, question.part) if self.quiet else {}
            self.graph.show(part, gradients_in(part, known) | own, node, wires_from(part, node))
        self._show_rule(question)
        self._show_details(question)
        self._show_numbers(arrays_of(part, question, known, self.graph.room))
        self.lesson_bar.refresh()
        self._show_keys()
        self.point_from_text()

    @on(events.Resize)
    def _make_room(self) -> None:
        """What fits before the answer depends on the width."""
        question = self.session.current
        if question is not None:
            self._show_details(question)

    def _show_keys(self) -> None:
        self.key_bar.presses = key_bar_items(
            self.session,
            quiet=self.quiet,
            picking=self.picking,
            as_table=self.graph.as_table,
            has_why=self._can_say_why(),
            more=1 if self.details.overflows else self.feedback.more,
        )

    # Answering

    def answer(self, text: str) -> None:
        """Check, say what there is to say, and go on after a right answer."""
        question = self.session.current
        if question is None:
            return
        text = text.strip()
        if not text and self.graph.looked is not None and takes_a_pick(question):
            self.pick(self.graph.looked)
            return
        self.graph.look_at(None)
        self.graph.blame(None)
        if not text and not self.session.may_end:
            self._talk.nothing_typed()
            self._say()
            return
        stood = self.session.lines
        verdict = self.session.answer(text, final=self.quiet)
        if self.quiet and verdict.kind in ("right", "wrong"):
            self._talk.noted()
            self._ask()
        elif verdict.kind == "right":
            self._talk.right(question, verdict, text or stood[-1])
            self._keep_or_ask(question)
        else:
            self._talk.wrong(question, verdict, text, in_grid=self.area.has_grid)
            if self.session.lines != stood:
                self._next_line(question, behind_lines(text, len(self.session.lines) - len(stood)))
            else:
                self._mend(verdict)
                self.graph.blame(blamed_node(self.session.drill.part_of(question), question, verdict))

    def _keep_or_ask(self, question: Question) -> None:
        """A derivation that is finished shows once more, to keep it; then, or else at once, the next question."""
        kept = derivation_of(self.session, question)
        if kept is None:
            self._ask()
            return
        self._show_details(question)
        self._say()
        self.box.fill("")
        self.lesson_bar.refresh()
        self.app.push_screen(DerivationsScreen(self.session, (kept,), then=self._ask))

    def _next_line(self, question: Question, rest: str) -> None:
        """A line stands: it moves up, and the box is free for the next, or holds what was typed behind it."""
        self.area.ask(question, rest)
        self.area.select()
        self._show()
        self._say()

    def _mend(self, verdict: Verdict) -> None:
        """The answer stays, selected, so that typing replaces it; of a long one the word that could not be read."""
        if verdict.span is not None and len(self.box.value) > SHORT:
            self.area.select_word(verdict.span.start, verdict.span.end)
        else:
            self.area.select()
        self.area.mark(verdict.wrong_entries)
        self._show_keys()
        self._say()

    # The other keys

    @on(GraphPanel.Looked)
    def _relabel_enter(self) -> None:
        """What Enter does may be another thing now."""
        self._show_keys()

    def action_table(self) -> None:
        """The graph as a table, or the table as a graph; the bar says how to come back."""
        super().action_table()
        self._show_keys()

    async def action_check(self) -> None:
        """The mouse on the key bar; the Enter key is handled where it is typed."""
        self.answer(self.box.value)

    def action_hint(self) -> None:
        """The next rung of the ladder."""
        question = self.session.current
        if question is None:
            return
        if self.quiet:
            self.app.say(msg("ui.no-hints"))
            return
        if time.monotonic() < self._calm_until:
            return
        self.graph.look_at(None)
        self._talk.hint(question, *self.session.hint())
        if self.session.current is question:
            self._show_keys()
            self._say()
        else:
            self._calm_until = time.monotonic() + CALM
            self._ask()

    def _can_say_why(self) -> bool:
        """A wrong answer stands, or the answer to a question is known."""
        return not self.quiet and (last_answer_is_wrong(self.session) or last_revealed(self.session) is not None)

    def action_why(self) -> None:
        """While a wrong answer stands, what a nudge shows; else the reason of the answer that became known last."""
        told = last_revealed(self.session)
        if self.quiet:
            self.app.say(msg("ui.no-hints"))
        elif last_answer_is_wrong(self.session):
            self._talk.witness(nudge_evidence_of(self.session) or msg("ui.no-witness"))
            self._say()
        elif told is None:
            self.app.say(msg("ui.no-why-yet"))
        else:
            self.app.push_screen(WhyScreen(self.session, told))

    def action_text(self) -> None:
        """The lesson's text."""
        self.app.push_screen(LessonTextScreen(self.session.drill.lesson))

    def action_grid(self) -> None:
        """Open or close the grid."""
        question = self.session.current
        if question is None:
            return
        if self.area.has_grid:
            self.area.close_grid()
        elif takes_grid(question):
            self.area.open_grid(question.shape if may_know_shape(self.session, question) else None)
        else:
            self.app.say(msg("ui.no-grid"))

    def action_skip(self) -> None:
        """Leave this question for later."""
        if self.session.current is not None:
            self.session.skip()
            self._ask(silently=True)

    def action_overview(self) -> None:
        """All questions; go to an open one."""
        self._keep_draft()
        self.app.push_screen(OverviewScreen(self.session, self.quiet), self._go_to)

    def action_back(self) -> None:
        """Leave what was opened last: a look at a node, the grid, the drill."""
        if self.graph.looked is not None:
            self.graph.look_at(None)
        elif self.area.has_grid:
            self.area.close_grid()
        else:
            self._keep_draft()
            self.dismiss(None)

    async def on_answer_box_help_wanted(self) -> None:
        """`?` in an empty box."""
        await self.run_action("app.help")

    def on_click(self) -> None:
        """Wherever the mouse was, what is typed next is an answer."""
        if not self._over:
            self.area.focus_here()

    def relabel(self) -> None:
        """What was said is said again, in the language on screen."""
        self.graph.relabel()
        self._show()
        self._say()

    def _go_to(self, place: int | None) -> None:
        if place is not None:
            self.session.go_to(place)
            self._ask(silently=True)

    def _keep_draft(self) -> None:
        question, text = self.session.current, self.box.value
        if question is not None and text:
            self.app.drafts[self.session.record.id, question.id] = text

    # The end

    def _finish(self) -> None:
        """Nothing is asked any more: the backward pass plays once, then the summary."""
        self._over = True
        self._talk.end()
        self.area.close()
        self.details.show(())
        self.arrays.show(())
        self.lesson_bar.refresh()
        part = self.session.drill.parts[-1]
        self.graph.display = True
        self.graph.show(
            part, {name: part.run.gradients[name] for name in names_of(part) if name not in integers_of(part)}, None
        )
        self.rule.show(self.app.translate(msg("ui.backward-pass")), None)
        self.key_bar.presses = (Press(CHECK, msg("ui.key-go-on"), rank=0),)
        self._say()
        if self.quiet:
            self.on_graph_pane_played()
        else:
            self.call_after_refresh(self.graph.play)

    def on_graph_pane_played(self) -> None:
        """On to the summary."""
        if self.is_current:
            next_ = self.app.next_after(self.session.drill.lesson.id)
            by_itself = not self._hurried and not self.quiet and self.app.animation_level != "none"
            self.app.switch_screen(SummaryScreen(self.session, next_, by_itself=by_itself))

    def on_key(self, event: events.Key) -> None:
        """Any key cuts the flow short; one that comes before the box has the focus is not lost."""
        if self._over:
            event.stop()
            self._hurried = True
            self.graph.skip_flow()
        elif self.focused is None and event.is_printable and event.character is not None:
            event.stop()
            self.box.insert_text_at_cursor(event.character)
