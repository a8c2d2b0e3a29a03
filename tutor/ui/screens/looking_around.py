"""The half of the drill in which nothing is answered: what is to be read, looking at nodes, moving the view."""

from collections.abc import Sequence
from typing import ClassVar

from textual import getters
from textual.binding import Binding, BindingType

from tutor.drill.question import Question
from tutor.learner.known_gradients import KnownGradients
from tutor.learner.session import Session
from tutor.text import Message, msg
from tutor.ui.conversation import Conversation
from tutor.ui.looking import seen, title_of
from tutor.ui.picture import brief, compact, wires_from
from tutor.ui.pointing import how_to_pick, picked, pointed_at, takes_a_pick
from tutor.ui.questions import arrays_given, asked_node, nothing_known, places_of
from tutor.ui.screens.base import TutorScreen
from tutor.ui.widgets.answer_box import AnswerBox
from tutor.ui.widgets.array_view import ArrayView, Named
from tutor.ui.widgets.details import Details
from tutor.ui.widgets.feedback import Feedback
from tutor.ui.widgets.graph_panel import GraphPanel
from tutor.ui.widgets.question_line import Prompt, QuestionRule

LONGEST = 1_000
"""Characters that a given gradient may take where it is listed."""


class LookingAround(TutorScreen[None]):
    """What arrows, mouse and page keys do beside the answer box; where a question asks for it, they answer too."""

    details = getters.query_one(Details)
    feedback = getters.query_one(Feedback)
    graph = getters.query_one(GraphPanel)
    box = getters.query_one(AnswerBox)
    rule = getters.query_one(QuestionRule)
    arrays = getters.query_one(ArrayView)
    prompt = getters.query_one(Prompt)

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"look('{key}')", show=False) for key in ("left", "right", "up", "down")),
        Binding("alt+left,shift+left", "pan(-8, 0)", show=False),
        Binding("alt+right,shift+right", "pan(8, 0)", show=False),
        Binding("alt+up,shift+up", "pan(0, -3)", show=False),
        Binding("alt+down,shift+down", "pan(0, 3)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._talk = Conversation(session)

    @property
    def quiet(self) -> bool:
        """Nothing is said of right and wrong before the summary."""
        return self.app.quiet_feedback

    def _known(self, question: Question) -> KnownGradients:
        """What may be shown; while nothing is said of right and wrong, only what was given."""
        return nothing_known(self.session.drill.parts[question.part]) if self.quiet else self.session.known

    def _say(self) -> None:
        """Show what was said."""
        self.feedback.say(*self._talk.paragraphs(), from_top=self._talk.looks_back)

    # What stands between graph and answer

    def _show_details(self, question: Question) -> None:
        """What must be read before answering; gradients that stand in the graph with all their numbers need not."""
        standing = self._standing()
        details = question.details
        if asked_node(self.session.drill.part_of(question), question) is not None:
            # The rule names a node; a kind that has no room before the symbol must stand somewhere.
            roomy = self.prompt.has_room_for(question.prompt, question.symbol)
            details = details if roomy else (question.prompt, *details)
        items: list[str] = []
        if (given := question.shown_gradients) is not None:
            room = self.graph.room
            hidden = any(len(compact(value)) > room for value in given.values())
            details = ()
            items = [f"d{name} = {brief(value, LONGEST)}" for name, value in given.items() if hidden]
        self.details.show((*details, *standing), items, how_to_pick(question), last=bool(standing))

    def _standing(self) -> list[Message]:
        """The lines that stand so far, of an answer of several."""
        return [msg("ui.standing-line", number=k, line=line) for k, line in enumerate(self.session.lines, 1)]

    def _show_rule(self, question: Question) -> None:
        """The line asked about and what arrives there; of an input, the lines that use it."""
        part, known = self.session.drill.parts[question.part], self._known(question)
        node = asked_node(part, question)
        if node is None:
            self.rule.show(self.app.translate(question.prompt), None)
            return
        places = places_of(part, node)
        titles = ", ".join(title_of(part, place) for place in places)
        title = titles if node in part.graph.lines else f"{node} → {titles}"
        gradient = brief(part.run.gradients[places[0]], 40) if places and places[0] in known.gradients else "?"
        note = msg("ui.upstream") if len(places) == 1 else None
        self.rule.show(title, note, gradient)

    # Looking

    def on_graph_panel_looked(self, event: GraphPanel.Looked) -> None:
        """Say what there is to know of the node; afterwards what was said before."""
        question = self.session.current
        if question is None:
            return
        if event.node is None:
            self._say()
        else:
            part = self.session.drill.parts[question.part]
            given = question.shown_gradients
            about = seen(part, self._known(question), event.node, self.app.language, given)
            self.feedback.say(*about)

    def action_look(self, direction: str) -> None:
        """From an empty box, the arrows look at nodes."""
        if not self.box.value:
            self.graph.look(direction)

    def action_table(self) -> None:
        """The graph as a table, or the table as a graph."""
        self.graph.toggle_table()

    def action_pan(self, columns: int, rows: int) -> None:
        """Move the view over a large graph."""
        self.graph.pan(columns, rows)

    def action_page(self, pages: int) -> None:
        """Move what is too long to show at once by a screenful: what is to be read, what was said, else the graph."""
        if self.details.overflows:
            self.details.page(pages)
        elif self.feedback.more:
            self.feedback.page(pages)
        else:
            self.graph.page(pages)

    # Pointing

    @property
    def picking(self) -> bool:
        """Enter would put the node that is looked at into the answer."""
        question = self.session.current
        looked = self.graph.looked
        return question is not None and takes_a_pick(question) and looked is not None

    def pick(self, node: str) -> None:
        """Put a node into the answer, as if it had been typed."""
        question = self.session.current
        if question is not None:
            self.box.fill(picked(question, self.box.value, node))

    def on_graph_panel_pointed(self, event: GraphPanel.Pointed) -> None:
        """A click picks at once."""
        question = self.session.current
        if question is not None and takes_a_pick(question):
            self.pick(event.node)

    def on_answer_area_edited(self) -> None:
        """Typing looks at the question again."""
        typed = self.box.value
        if typed:
            self.graph.look_at(None)
            self.graph.follow_question()
        if self._talk.edited(typed.strip()):
            self._say()
        self.point_from_text()

    def point_from_text(self) -> None:
        """Frame the node that the answer names, however it came there, and show what its gradient is made of."""
        question = self.session.current
        given = question.shown_gradients if question is not None else None
        if question is None or given is None:
            return
        part = self.session.drill.parts[question.part]
        node = pointed_at(part, question, self.box.value)
        if node == self.graph.asked:
            return  # a key press lays nothing out again
        self.graph.ask_at(node, wires_from(part, node))
        self.details.say_how(how_to_pick(question) if node is None else None)
        self._show_numbers(arrays_given(part, node, given, self.graph.room) if node is not None else ())

    def _show_numbers(self, arrays: Sequence[Named]) -> None:
        self.arrays.show(arrays, 8 if self.has_class("-tall") else 4)
