"""What must be read before a question can be answered: options to choose from, a given backward pass."""

from collections.abc import Sequence

from textual.containers import VerticalScroll

from tutor.text import Message
from tutor.text.message import render
from tutor.ui.widgets.prose import Paragraph, Prose
from tutor.ui.wrapping import flowed

NUMBERED = {"drill.option": "text", "ui.standing-line": "line"}
"""Details that begin with a number, and the field with the text that stands behind it."""


class Details(VerticalScroll, can_focus=False):
    """The details of the question, each on lines of its own; takes no room where there are none, scrolls where many."""

    DEFAULT_CSS = """
    Details { height: auto; padding: 0 1; max-height: 50%; scrollbar-size-vertical: 1; }
    """

    class Said(Prose):
        """The paragraphs."""

        def __init__(self) -> None:
            super().__init__()
            self.details: Sequence[Message] = ()
            self.items: Sequence[str] = ()
            self.how: Message | None = None

        def paragraphs(self) -> Sequence[Paragraph]:
            """One for each detail, the items side by side, and what to press."""
            said = [self._paragraph(detail) for detail in self.details]
            if self.items:
                width = self.content_size.width or self.app.size.width - 2
                said.append(Paragraph(flowed(self.items, width), style="$gradient", as_is=True))
            if self.how is not None:
                said.append(Paragraph(self.how, style="$muted"))
            return said

        def _paragraph(self, detail: Message) -> Paragraph:
            text = detail.params.get(NUMBERED.get(detail.id, ""))
            if text is None:
                return Paragraph(detail)
            mark = f"{detail.params['number']}."
            return Paragraph(render(text, self.app.language), mark=mark, mark_style="bold")

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._said = self.Said()
        self.display = False

    def compose(self) -> "list[Prose]":
        """The text is the only child."""
        return [self._said]

    def show(
        self,
        details: Sequence[Message],
        items: Sequence[str] = (),
        how: Message | None = None,
        *,
        last: bool = False,
    ) -> None:
        """Show these, `items` side by side, and `how` to answer; with `last` the end of them is in view."""
        self._said.details, self._said.items, self._said.how = details, items, how
        self.display = bool(details or items) or how is not None
        self._said.refresh(layout=True)
        self.call_after_refresh(self.scroll_end if last else self.scroll_home, animate=False)

    def say_how(self, how: Message | None) -> None:
        """Say what to press, or make room for what matters by then."""
        if how != self._said.how:
            self._said.how = how
            self.display = bool(self._said.details or self._said.items) or how is not None
            self._said.refresh(layout=True)

    @property
    def overflows(self) -> bool:
        """There is more than shows at once."""
        return bool(self.display and self.show_vertical_scrollbar)

    def page(self, pages: int) -> None:
        """Move by what is in view."""
        self.scroll_to(y=self.scroll_y + pages * max(self.size.height - 1, 1), animate=False)
