"""The app as screens and widgets know it: language, signs, drafts, the course. Of screens it knows nothing."""

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from textual.app import App
from textual.content import Content
from textual.reactive import reactive

from tutor.course.refresh import course_from_index
from tutor.course.units import CourseEntry, Unit
from tutor.learner.settings import remember
from tutor.learner.store import Mark, Store
from tutor.places import places
from tutor.text import LANGUAGES, Language, Localised, Message, msg, say, visible, visible_lines
from tutor.text.ascii import spelled_out
from tutor.ui.progress_view import lesson_after

if TYPE_CHECKING:
    from tutor.learner.session import Session

Spoken: TypeAlias = Message | Localised | str
"""What the app can translate: a message, a text of a lesson, or a text that is the same in every language."""

_NEWS = 30.0  # seconds for which it shows what has happened to the learner's file


class BaseApp(App[int]):
    """What a screen or widget asks of the app, which it reaches as `app = getters.app(BaseApp)`."""

    language: reactive[Language] = reactive("en", init=False)
    """The language on screen; every widget asks for it when it draws."""

    def __init__(
        self,
        *,
        folder: Path | None = None,
        language: Language = "en",
        ascii: bool = False,
        quiet_feedback: bool = False,
    ) -> None:
        super().__init__()
        self.quiet_feedback = quiet_feedback
        self.ascii_only = ascii
        self.folder = folder
        """The folder of lessons that was opened, in place of the course."""
        self.course = course_from_index(folder)
        self.reading: tuple[int, int] | None = None
        """How many of how many lessons are read, while that takes long."""
        self.looking = False
        """The files of the course are being looked through: titles may be missing that come in yet."""
        self.left: str | None = None
        """The lesson that was practised last in this sitting."""
        self.drafts: dict[tuple[str, str], str] = {}
        """What stood in the answer box, not yet checked, when a drill was left: by drill and question."""
        self.store = self.open_store()
        """The learner's answers on disk."""
        self.refresh_marks()
        self.set_reactive(BaseApp.language, language)

    # What is said

    def translate(self, message: Spoken) -> str:
        """The text of a message in the language on screen."""
        if isinstance(message, Message):
            return self.spell(say(message, self.language))
        return self.spell(message if isinstance(message, str) else message.in_(self.language))

    def spell(self, text: str) -> str:
        """A text with nothing for a terminal to obey; with `--ascii`, what no one sign says is written out."""
        text = visible_lines(text)
        return spelled_out(text) if self.ascii_only else text

    def heading(self, title: Spoken) -> Content:
        """The title of a frame: Textual reads markup in a text, and brackets are mathematics here."""
        return Content(visible(self.translate(title).strip()))

    def say(self, message: Message, seconds: float | None = None) -> None:
        """A short notice in a corner."""
        self.notify(self.translate(message), markup=False, timeout=seconds)

    def explain(self, error: BaseException | None) -> Message:
        """One line on an error of ours; the file that it names is for a report."""
        from tutor.learner.error_log import log

        error = error or RuntimeError()
        name, file = type(error).__name__, log(error)
        if file is None:
            return msg("ui.stopped-by-error", error=name)
        return msg("ui.stopped-by-error-see", error=name, file=str(file))

    def watch_language(self) -> None:
        """Draw everything again; sizes may change, since Chinese is shorter and its characters wider."""
        for screen in self.screen_stack:
            for widget in screen.walk_children(with_self=True):
                widget.refresh(layout=True)
            if (relabel := getattr(screen, "relabel", None)) is not None:
                screen.call_next(relabel)

    def action_language(self) -> None:
        """Go on in the other language, also at the next start."""
        self.change_language()
        remember(language=self.language)

    def change_language(self) -> None:
        """Go on in the other language until the program ends."""
        self.language = LANGUAGES[(LANGUAGES.index(self.language) + 1) % len(LANGUAGES)]

    def use_theme(self, theme: str) -> None:
        """These colours, now and at the next start."""
        self.theme = theme
        remember(theme=theme)

    # The learner

    def open_store(self) -> Store:
        """The file with the learner's answers."""
        return Store(places().progress)

    def refresh_marks(self) -> None:
        """Ask again how far the learner is; without a file there is nothing to ask."""
        self.marks: Mapping[str, Mark] = self.store.marks()
        if self.is_running:
            self._tell_news()

    def _tell_news(self) -> None:
        for news in self.store.news():
            self.say(news, seconds=_NEWS)

    # Lessons

    def unit_of(self, lesson: str) -> Unit | None:
        """The unit that a lesson belongs to, where the course has it."""
        return self.course.unit_of(lesson) if self.course is not None else None

    def next_after(self, lesson: str) -> CourseEntry | None:
        """The lesson that comes after this one."""
        self.refresh_marks()
        return lesson_after(self.course, lesson, self.marks) if self.course is not None else None

    @abstractmethod
    def open_entry(self, entry: CourseEntry, *, afresh: bool = False) -> None:
        """Open a lesson of the course."""

    @abstractmethod
    def open_lesson(self, lesson: str, *, seed: int | None = None, afresh: bool = False, instead: bool = False) -> None:
        """Open a lesson by id or path: where it was left, or `afresh`; `instead` of the screen that shows now."""

    @abstractmethod
    def show_drill(self, session: "Session") -> None:
        """Go on with a drill in place of the screen that shows now; a new one begins with the lesson's text.

        One that is through is looked back at.
        """

    @abstractmethod
    def begin(self, session: "Session") -> None:
        """The drill itself, in place of the screen that shows now; for a newcomer with the tour."""

    @abstractmethod
    def tour(self) -> None:
        """The tour of a minute over the drill that shows."""
