"""The line between graph and answer, and the words in front of the answer box."""

from rich.cells import cell_len
from textual import getters
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.text import Message
from tutor.ui.base_app import BaseApp


class QuestionRule(Widget):
    """`── b = max(y, z) ∙ upstream ← 3 ─────`: where the question is asked and what arrives there."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    QuestionRule { height: 1; }
    """

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._line = ""
        self._note: Message | None = None
        self._gradient = ""

    def show(self, line: str, note: Message | None, gradient: str = "") -> None:
        """A line of the graph, a note on it, and the gradient at the end of the note."""
        self._line, self._note, self._gradient = line, note, gradient
        self.refresh()

    def render(self) -> Content:
        """The rule, as wide as the screen."""
        width = self.content_size.width
        parts: list[tuple[str, str]] = [("── ", "$line"), (self._line, "bold")]
        if self._note is not None:
            parts.append((" ∙ ", "$line"))
            parts.append((self.app.translate(self._note), "$muted"))
            if self._gradient:
                parts.append((f" ← {self._gradient}", "bold $gradient"))
        content = Content.assemble(*parts, (" ", "")).truncate(width, ellipsis=True)
        return Content.assemble(content, ("─" * (width - content.cell_length), "$line"))


class Prompt(Widget):
    """` local gradient   ∂b/∂z = `: what is asked, right before the place where it is typed."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    Prompt { width: auto; height: 1; }
    """
    ALLOW_SELECT = False

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._kind: Message | None = None
        self._symbol = ""

    def show(self, kind: Message, symbol: str) -> None:
        """The kind of question in words, and the symbol that stands for the answer."""
        self._kind, self._symbol = kind, symbol
        self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as its text."""
        return self.render().cell_length

    def has_room_for(self, kind: Message, symbol: str) -> bool:
        """Does the kind fit before the symbol, with room left to type in? Else it has to be said elsewhere."""
        return cell_len(self.app.translate(kind)) + cell_len(f"{symbol} = ") <= self.app.size.width * 0.6

    def render(self) -> Content:
        """Kind and symbol; on a narrow screen the symbol alone."""
        kind = self.app.translate(self._kind) if self._kind is not None else ""
        blank = not self._symbol or self._symbol.startswith(("…", "#"))
        equals = "› " if blank else f"{self._symbol} = "
        if self._kind is not None and not self.has_room_for(self._kind, self._symbol):
            kind = ""
        lead = f" {kind}   " if kind else " "
        return Content.assemble((lead, "$muted"), (equals, "bold"))
