"""What goes over every character that any widget draws: nothing a terminal obeys, and with `--ascii` plain signs."""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tutor.text import visible
from tutor.text.ascii import to_ascii


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


class AsciiFilter(LineFilter):
    """Replaces characters of ambiguous width one for one, the frames and scrollbars of Textual's too."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments with other characters: columns never move."""
        return [Segment(to_ascii(text), style, control) for text, style, control in segments]
