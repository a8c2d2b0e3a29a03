"""`--ascii` on screen: whatever any widget draws goes through one filter."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tutor.text.ascii import to_ascii


class AsciiFilter(LineFilter):
    """Replaces characters of ambiguous width one for one, the frames and scrollbars of Textual's too."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments with other characters: columns never move."""
        return [Segment(to_ascii(text), style, control) for text, style, control in segments]
