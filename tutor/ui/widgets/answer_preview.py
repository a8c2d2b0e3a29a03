"""The line under the answer box: what was understood so far, or a caret under what was not."""

from rich.cells import cell_len
from textual import getters
from textual.content import Content
from textual.widget import Widget

from tutor.text import Message, msg
from tutor.text.number_format import format_value
from tutor.ui.base_app import BaseApp
from tutor.ui.wrapping import wrap

LEAST_BESIDE = 24
"""Cells that a message needs beside the caret to be worth breaking."""


class AnswerPreview(Widget):
    """Two rows of fixed height, so that a key press never lays out the screen again."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    AnswerPreview { height: 2; padding: 0 1; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._message: Message | None = None
        self._caret: int | None = None
        self._text = ""
        self._indent = 0

    def clear(self, indent: int = 0) -> None:
        """Nothing is typed; answers start at column `indent`."""
        self._message, self._caret, self._text, self._indent = None, None, "", indent
        self.refresh()

    def show_reading(self, text: str, shape: tuple[object, ...] | None, value: object, note: Message | None) -> None:
        """What the typed text means: in maths notation, its shape, its value where it has one."""
        self._caret, self._message = None, note
        parts = [text]
        if shape is not None:
            parts.append(self.app.translate(msg("ui.a-number") if shape == () else msg("ui.of-shape", shape=shape)))
        if (
            value is not None
            and (shown := format_value(value)) != text.replace("−", "-")
            and not text.endswith(f"= {shown}")
        ):
            parts.append(f"= {shown}")
        self._text = " ∙ ".join(parts)
        self.refresh()

    def show_trouble(self, message: Message, column: int | None) -> None:
        """What was expected, with a caret at `column` of the answer."""
        self._text, self._message, self._caret = "", message, column
        self.refresh()

    def render(self) -> Content:
        """`understood: 1 ∙ a number`, or `^ a number, a name or (`."""
        width = self.content_size.width
        if self._caret is not None and self._message is not None:
            return self._with_caret(self._indent + max(self._caret, 0), self.app.translate(self._message), width)
        lines: list[Content] = []
        if self._text:
            line = Content.assemble(
                (self.app.translate(msg("ui.understood")), "$muted"), (self.app.spell(self._text), "")
            )
            room = self._indent + line.cell_length <= width
            lines.append(Content.assemble(" " * self._indent if room else "", line).truncate(width, ellipsis=True))
        if self._message is not None:
            lines += [Content.styled(line, "$muted") for line in wrap(self.app.translate(self._message), width)]
        return Content("\n").join(lines)

    def _with_caret(self, column: int, text: str, width: int) -> Content:
        column = min(column, width - 1)
        mark = ("▲", "$warning")
        if column + 2 + cell_len(text) <= width:
            return Content.assemble(" " * column, mark, (f" {text}", "$muted"))
        if cell_len(text) + 1 <= column:
            return Content.assemble(" " * (column - 1 - cell_len(text)), (f"{text} ", "$muted"), mark)
        # Beside the caret as much as there is room for, behind it or in front of it, the rest on the row below.
        behind = width - column - 2
        if behind < LEAST_BESIDE <= column - 1:
            before = wrap(text, column - 1)[0]
            start = column - 1 - cell_len(before)
            first = Content.assemble(" " * start, (f"{before} ", "$muted"), mark)
            return self._below(first, text.removeprefix(before), start, width)
        beside = wrap(text, behind)[0] if behind >= LEAST_BESIDE else ""
        first = Content.assemble(" " * column, mark, (f" {beside}", "$muted"))
        return self._below(first, text.removeprefix(beside), column + 2, width)

    def _below(self, first: Content, text: str, column: int, width: int) -> Content:
        """What is left of a message, under what stands beside the caret, as far as there is room."""
        rest = " ".join(wrap(text.strip(), width))
        under = Content.assemble(" " * max(min(column, width - cell_len(rest)), 0), (rest, "$muted"))
        return Content("\n").join([first, under.truncate(width, ellipsis=True)])
