"""Paragraphs that wrap as in print, each with a mark of its own before the first line."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import getters
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.ui.base_app import BaseApp, Spoken
from tutor.ui.wrapping import wrap


class Paragraph(NamedTuple):
    """Some text (pieces are joined), a mark such as `✓` in front of it, and how both look.

    It is said in the language on screen when it is drawn; lines that are set `as_is` are text already, never wrapped.
    """

    text: Spoken | tuple[Spoken, ...]
    mark: Spoken = ""
    style: str = ""
    mark_style: str = ""
    as_is: bool = False
    ready: Content | None = None  # a line with styles of its own, in place of text


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
        return [line for paragraph in self.paragraphs() for line in self.lines_of(paragraph, width)]

    def lines_of(self, paragraph: Paragraph, width: int) -> list[Content]:
        """A paragraph set in `width` cells, following lines under the text and not under the mark."""
        # What is set as it is stays in its columns: the filter of `--ascii` replaces one for one.
        said = str if paragraph.as_is else self.app.translate
        mark = said(paragraph.mark)
        indent = cell_len(mark) + 1 if mark else 0
        if paragraph.ready is not None:
            return [Content.assemble(" " * indent, paragraph.ready)]
        pieces = paragraph.text if isinstance(paragraph.text, tuple) else (paragraph.text,)
        text = "".join(map(said, pieces))
        lines = text.split("\n") if paragraph.as_is else wrap(text, width - indent)
        first = (f"{mark} " if mark else "", paragraph.mark_style)
        return [
            Content.assemble((" " * indent, paragraph.mark_style) if number else first, (line, paragraph.style))
            for number, line in enumerate(lines)
        ]
