"""The row at the head of a screen: where one is on the left, how far one is on the right."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual import getters
from textual.content import Content
from textual.widget import Widget

from tutor.text import visible
from tutor.ui.base_app import BaseApp, Spoken


class TopBar(Widget):
    """One line with two ends, at the left the steps that led here; where both do not fit, the left one is cut."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    TopBar { dock: top; height: 1; padding: 0 1; }
    """
    ALLOW_SELECT = False

    def __init__(self, *steps: Spoken) -> None:
        super().__init__()
        self._steps: Sequence[Spoken] = steps

    def show(self, *steps: Spoken) -> None:
        """Other steps led here."""
        self._steps = steps
        self.refresh()

    def steps(self) -> Sequence[Spoken]:
        """Where one is: `Circuits › A first circuit`."""
        return self._steps

    def left(self) -> Content:
        """The steps, the last one in the foreground."""
        *before, last = (visible(self.app.translate(step).strip()) for step in self.steps())
        parts = [part for step in before for part in ((step, "$muted"), (" › ", "$muted"))]
        return Content.assemble(*parts, (last, "bold"))

    def right(self) -> Content:
        """How far one is."""
        return Content("")

    def render(self) -> Content:
        """Both ends, pushed apart."""
        width = self.content_size.width
        right = self.right()
        room = width - right.cell_length - 2
        left = self.left().truncate(max(room, 0), ellipsis=True)
        return Content.assemble(left, " " * (width - left.cell_length - right.cell_length), right)


def progress(done: int, total: int, width: int = 12) -> Content:
    """`━━━━━━━╸────  7/13`: a bar for the eye and the numbers for everybody."""
    halves = 0 if total == 0 else round(2 * width * done / total)
    full, half = divmod(halves, 2)
    bar = "━" * full + "╸" * half
    return Content.assemble((bar, "$accent"), ("─" * (width - cell_len(bar)), "$line"), (f"  {done}/{total}", ""))
