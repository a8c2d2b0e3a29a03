"""Markdown whose Chinese paragraphs break as in print: Textual's own lines may begin with a comma."""

from textual.content import Content
from textual.css.styles import RulesMap
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Markdown
from textual.widgets._markdown import MarkdownParagraph  # for a block of our own there is no other name
from textual.widgets.markdown import MarkdownBlock

from tutor.ui.wrapping import has_wide, rows


class Printed(Visual):
    """A text that is set anew for every width."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._set: tuple[int, Content] = (-1, content)

    def at(self, width: int) -> Content:
        """The text with its lines broken for this width."""
        if self._set[0] != width:
            lines = [
                line[start:end].rstrip()
                for line in self._content.split(allow_blank=True)
                for start, end in rows(line.plain, max(width, 1))
            ]
            self._set = (width, Content("\n").join(lines))
        return self._set[1]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """As wide as the text is on one line."""
        return self._content.get_optimal_width(rules, container_width)

    def get_minimal_width(self, rules: RulesMap) -> int:
        """As wide as the widest word."""
        return self._content.get_minimal_width(rules)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """As many rows as there are lines."""
        return self.at(width).get_height(rules, width)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The lines as they are drawn."""
        return self.at(width).render_strips(width, height, style, options)


class PrintedParagraph(MarkdownParagraph):
    """A paragraph, or what stands in an item of a list."""

    def set_content(self, content: Content) -> None:
        """The text; without a Chinese character it is left to Textual."""
        self._content = content
        self.update(Printed(content) if has_wide(content.plain) else content)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What of it was selected with the mouse."""
        if isinstance(self.visual, Printed):
            return selection.extract(self.visual.at(self.content_size.width).plain), "\n"
        return super().get_selection(selection)


class LessonMarkdown(Markdown):
    """The text of a lesson."""

    def get_block_class(self, block_name: str) -> type[MarkdownBlock]:
        """Paragraphs of our own, and all else as Textual has it."""
        return PrintedParagraph if block_name == "paragraph_open" else super().get_block_class(block_name)
