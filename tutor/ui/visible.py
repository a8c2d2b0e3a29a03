"""What a terminal would obey never reaches it: whatever any widget draws goes through one filter."""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tutor.text import visible


class VisibleFilter(LineFilter):
    """Draws escapes, line breaks and marks that turn text around as `visible` writes them."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, each as wide as before it had anything to show: columns never move."""
        return [
            segment
            if segment.control or segment.text.isprintable()
            else Segment(set_cell_size(visible(segment.text), cell_len(segment.text)), segment.style)
            for segment in segments
        ]
