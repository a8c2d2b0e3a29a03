"""What the tutor says about the question at hand: the last verdict and the hints given so far."""

from collections.abc import Sequence

from textual.containers import VerticalScroll

from tutor.ui.widgets.prose import Paragraph, Prose


class Feedback(VerticalScroll, can_focus=False):
    """Grows with what there is to say, up to a third of the screen, then scrolls."""

    DEFAULT_CSS = """
    Feedback { height: auto; min-height: 2; max-height: 35%; padding: 0 1; scrollbar-size-vertical: 1; }
    """

    class Said(Prose):
        """The paragraphs."""

        def __init__(self) -> None:
            super().__init__()
            self.said: Sequence[Paragraph] = ()

        def paragraphs(self) -> Sequence[Paragraph]:
            """What was said."""
            return self.said

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._said = self.Said()

    def compose(self) -> "list[Prose]":
        """The text is the only child."""
        return [self._said]

    def say(self, *paragraphs: Paragraph) -> None:
        """Show these; the last of them is in view."""
        self._said.said = paragraphs
        self._said.refresh(layout=True)
        self.call_after_refresh(self.scroll_end, animate=False)
