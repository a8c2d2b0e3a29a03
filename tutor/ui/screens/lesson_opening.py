"""Between the course and a drill: the lesson is read, its numbers are drawn; or what is wrong with it is said."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, getters, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from tutor.folders.locate import LessonNotFoundError, find
from tutor.learner.store import Store
from tutor.lesson.file.problem import LessonError
from tutor.text import Message, msg
from tutor.ui.base_app import Spoken
from tutor.ui.keys import BACK, bindings
from tutor.ui.problems import problem_paragraphs
from tutor.ui.progress_view import begun
from tutor.ui.screens.base import TutorScreen
from tutor.ui.widgets.key_bar import KeyBar, presses
from tutor.ui.widgets.prose import Paragraph, Prose
from tutor.ui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from tutor.learner.session import Session
    from tutor.lesson.file.problem import Problem

PATIENCE = 0.25  # seconds before "opening" is said at all: most lessons are there sooner


class OpeningText(Prose):
    """`Opening ...`, or the problems with file, line and column."""

    DEFAULT_CSS = """
    OpeningText { padding: 1 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._message: Message | None = None
        self._problems: Sequence[Problem] = ()

    def show(self, message: Message, problems: "Sequence[Problem]" = ()) -> None:
        """Say this, and list these."""
        self._message, self._problems = message, problems
        self.refresh(layout=True)

    def paragraphs(self) -> Sequence[Paragraph]:
        """Each problem with the line it is in and a caret."""
        if self._message is None:
            return ()
        said = Paragraph(self._message, style="bold" if self._problems else "$muted")
        return (said, *problem_paragraphs(self.app, self._problems))


class OpeningScreen(TutorScreen[None]):
    """Reads the lesson in a thread, then makes way for the drill."""

    text = getters.query_one(OpeningText)

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK)]

    def __init__(
        self,
        lesson: str,
        *,
        id: str | None = None,
        seed: int | None = None,
        afresh: bool = False,
        steps: Sequence[Spoken] = (),
    ) -> None:
        super().__init__()
        self._lesson, self._known_as, self._seed, self._afresh, self._steps = lesson, id, seed, afresh, steps
        self._typed = ""

    def body(self) -> ComposeResult:
        """Nothing yet but the name of the lesson."""
        yield TopBar(*(self._steps or (self._lesson,)))
        with VerticalScroll():
            yield OpeningText()
        yield KeyBar(presses(BACK))

    def on_mount(self) -> None:
        """Begin to read."""
        self.set_timer(PATIENCE, self._say_opening)
        self._read()

    def on_key(self, event: events.Key) -> None:
        """Who types already finds it in the box."""
        if event.is_printable and event.character is not None:
            self._typed += event.character

    @work(thread=True, exclusive=True)
    def _read(self) -> None:
        app = self.app
        outcome: Session | Sequence[Problem] | Message
        try:
            outcome = open_session(self._lesson, app.store, id=self._known_as, seed=self._seed, afresh=self._afresh)
        except Exception as error:  # one lesson that fails must not cost the learner the others
            outcome = app.explain(error)
        self.call_later(self._opened, outcome)

    def _opened(self, outcome: "Session | Sequence[Problem] | Message") -> None:
        if not self.is_current:
            return
        if isinstance(outcome, Message):
            self.text.show(outcome)
        elif isinstance(outcome, tuple):
            self.text.show(msg("ui.lesson-broken", count=len(outcome)), outcome)
        else:
            session = cast("Session", outcome)
            if (
                self._typed.strip()
                and session.current is not None
                and (begun(session) or session.drill.lesson.about is None)
            ):
                drafts, place = self.app.drafts, (session.record.id, session.current.id)
                drafts[place] = drafts.get(place, "") + self._typed.lstrip()
            self.app.show_drill(session)

    def _say_opening(self) -> None:
        if self.is_current and not self.text.paragraphs():
            self.text.show(msg("ui.opening"))


def open_session(
    lesson: str, store: Store, *, id: str | None = None, seed: int | None = None, afresh: bool = False
) -> "Session | tuple[Problem, ...] | Message":
    """The drill of a lesson (an id, or a path): where it was left, also at its end, or `afresh`; else what is wrong.

    `id` is by what the course that shows knows it, and under what its answers are kept.
    """
    from tutor.kinds import load
    from tutor.learner.session import Session

    try:
        loaded = load(find(lesson))
        known = replace(loaded, id=id or loaded.id)
        done = None if afresh else Session.look_back(store, known, seed)
        session = done if done is not None else Session.open(store, known, seed=seed, afresh=afresh)
    except LessonError as error:
        return error.problems
    except LessonNotFoundError as error:
        return error.message
    if session.current is not None:
        session.preview("1 + 1")  # the first reading loads the grammar, which the first key should not wait for
    return session
