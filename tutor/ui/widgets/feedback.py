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

        def start_in(self, rows: int) -> int:
            """The row at which so many begin with a whole paragraph and hold the last one, its beginning at least.

            Rows that stay empty below it are added, so that this row can be the first.
            """
            width = self.content_size.width
            heights = [len(self.lines_of(paragraph, width)) for paragraph in self.said]
            starts = [sum(heights[:k]) for k in range(len(heights))]
            whole = [start for start in starts if sum(heights) - start <= rows]
            start = min(whole) if whole else max(starts, default=0)
            self.styles.padding = (0, 0, max(start + rows - sum(heights), 0) if start else 0, 0)
            return start

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._said = self.Said()

    def compose(self) -> "list[Prose]":
        """The text is the only child."""
        return [self._said]

    def say(self, *paragraphs: Paragraph, from_top: bool = False) -> None:
        """Show these; the last of them is in view, or (`from_top`) the first."""
        self._said.said = paragraphs
        self._said.styles.padding = 0
        self._said.refresh(layout=True)
        self.call_after_refresh(self.scroll_home if from_top else self._to_the_last, animate=False)

    @property
    def more(self) -> int:
        """Where there is more than shows at once: 1 below what is in view, else -1 above it; 0 where there is not."""
        if not self.show_vertical_scrollbar or self.max_scroll_y <= 0:
            return 0
        return 1 if self.scroll_y < self.max_scroll_y else -1

    def page(self, pages: int) -> None:
        """Move by what is in view."""
        self.scroll_to(y=self.scroll_y + pages * max(self.size.height - 1, 1), animate=False)

    def _to_the_last(self, *, animate: bool) -> None:
        start = self._said.start_in(self.size.height)
        self.call_after_refresh(self.scroll_to, y=start, animate=animate)
