"""The lesson's own text: the idea before the drill, and on demand."""

import re
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from tutor.learner.session import Session
from tutor.lesson.model import Lesson
from tutor.text import msg, visible
from tutor.ui.keys import BACK, BEGIN, TEXT, bindings
from tutor.ui.screens.base import TutorScreen
from tutor.ui.widgets.key_bar import KeyBar, presses
from tutor.ui.widgets.lesson_markdown import LessonMarkdown
from tutor.ui.widgets.top_bar import TopBar


class LessonTextScreen(TutorScreen[None]):
    """Markdown with maths in Unicode, on demand or `before` a drill."""

    top_bar = getters.query_one(TopBar)
    markdown = getters.query_one(LessonMarkdown)

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK), Binding(f"{TEXT.bound},enter,space", "begin", show=False)]
    DEFAULT_CSS = """
    LessonTextScreen VerticalScroll { padding: 1 2; }
    LessonTextScreen.-narrow VerticalScroll { padding: 1 1; }
    LessonTextScreen.-narrow MarkdownFence > * { padding: 0; }
    LessonTextScreen Markdown { max-width: 84; background: $background; padding: 0; }
    """

    def __init__(self, lesson: Lesson, *, before: Session | None = None) -> None:
        super().__init__()
        self._title, self._about, self._source = lesson.title, lesson.about, lesson.source
        self._before = before

    def body(self) -> ComposeResult:
        """The text, and where the idea is taught."""
        yield TopBar(self._title, msg("ui.text-title"))
        with VerticalScroll():
            yield LessonMarkdown(self._markdown(), open_links=False)
        yield KeyBar(presses(BEGIN, BACK) if self._before is not None else presses(BACK))

    def action_begin(self) -> None:
        """To the drill."""
        if self._before is not None:
            self.app.begin(self._before)
        else:
            self.dismiss(None)

    async def show(self, lesson: Lesson) -> None:
        """The text of another version of the lesson."""
        self._title, self._about, self._source = lesson.title, lesson.about, lesson.source
        self.top_bar.show(lesson.title, msg("ui.text-title"))
        await self.relabel()

    async def relabel(self) -> None:
        """The text in the other language."""

        await self.markdown.update(self._markdown())

    def _markdown(self) -> str:
        text = self.app.translate(self._about) if self._about is not None else self.app.translate(msg("ui.text-none"))
        if self._source:
            text += f"\n\n---\n\n*{_as_typed(self.app.translate(msg('ui.text-source', source=self._source)))}*\n"
        return text


def _as_typed(text: str) -> str:
    """A line in which Markdown finds nothing of its own."""
    return re.sub(r"([!-/:-@[-`{-~])", r"\\\1", visible(text.strip()))
