"""Paragraphs that wrap as in print, each with a mark of its own before the first line."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import getters
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.ui.base_app import BaseApp
from tutor.ui.wrapping import wrap


class Paragraph(NamedTuple):
    """Some text, a mark such as `✓` in front of it, and how both look; `as_is` lines are never wrapped."""

    text: str
    mark: str = ""
    style: str = ""
    mark_style: str = ""
    as_is: bool = False
    ready: Content | None = None  # a line with styles of its own, in place of text

    def lines(self, width: int) -> list[Content]:
        """The paragraph set in `width` cells, following lines under the text and not under the mark."""
        indent = cell_len(self.mark) + 1 if self.mark else 0
        if self.ready is not None:
            return [Content.assemble(" " * indent, self.ready)]
        texts = self.text.split("\n") if self.as_is else wrap(self.text, width - indent)
        set_: list[Content] = []
        for number, text in enumerate(texts):
            mark = f"{self.mark} " if self.mark and number == 0 else " " * indent
            set_.append(Content.assemble((mark, self.mark_style), (text, self.style)))
        return set_


class Prose(Widget):
    """Text to read; a subclass says what in `paragraphs`, at the moment it is drawn."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    Prose { height: auto; }
    """

    def paragraphs(self) -> Sequence[Paragraph]:
        """What to say now."""
        return ()

    def render(self) -> Content:
        """The paragraphs set in the width there is."""
        return Content("\n").join(self._lines(self.content_size.width))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as the place."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the paragraphs need."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[Content]:
        return [line for paragraph in self.paragraphs() for line in self._spelled(paragraph).lines(width)]

    def _spelled(self, paragraph: Paragraph) -> Paragraph:
        # What is set as it is stays in its columns: the filter of `--ascii` replaces one for one.
        return (
            paragraph
            if paragraph.as_is
            else paragraph._replace(text=self.app.spell(paragraph.text), mark=self.app.spell(paragraph.mark))
        )
