"""The row at the head of a screen: where one is on the left, how far one is on the right."""

from rich.cells import cell_len
from textual import getters
from textual.content import Content
from textual.widget import Widget

from tutor.text import visible
from tutor.ui.base_app import BaseApp


class TopBar(Widget):
    """One line with two ends; where both do not fit, the left one is cut."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    TopBar { dock: top; height: 1; padding: 0 1; }
    """
    ALLOW_SELECT = False

    def left(self) -> Content:
        """Where one is."""
        return Content("tutor")

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


def breadcrumb(*steps: str) -> Content:
    """`Circuits › A first circuit`, the last step in the foreground."""
    parts: list[tuple[str, str]] = []
    for number, step in enumerate(steps):
        if parts:
            parts.append((" › ", "$muted"))
        parts.append((visible(step.strip()), "bold" if number == len(steps) - 1 else "$muted"))
    return Content.assemble(*parts)


def progress(done: int, total: int, width: int = 12) -> Content:
    """`━━━━━━━╸────  7/13`: a bar for the eye and the numbers for everybody."""
    halves = 0 if total == 0 else round(2 * width * done / total)
    full, half = divmod(halves, 2)
    bar = "━" * full + "╸" * half
    return Content.assemble((bar, "$accent"), ("─" * (width - cell_len(bar)), "$line"), (f"  {done}/{total}", ""))
