"""What all our screens have in common: on a terminal that is too small they say so, in one line."""

from typing import ClassVar, Generic, TypeVar

from textual import events, getters
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from tutor.text import msg
from tutor.ui.base_app import BaseApp
from tutor.ui.keys import QUIT, bindings

SMALLEST = (60, 20)
TALL = 30
NARROW = 70

Result = TypeVar("Result")


class TooSmall(Widget):
    """Covers the screen while it is too small; what is under it keeps the focus and loses nothing."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    TooSmall { layer: cover; display: none; width: 100%; height: 100%; background: $background; padding: 0 1; }
    """

    def render(self) -> Content:
        """The one line."""
        columns, rows = SMALLEST
        width, height = self.app.size
        return Content(self.app.translate(msg("ui.too-small", columns=columns, rows=rows, width=width, height=height)))


class TutorScreen(Screen[Result], Generic[Result]):
    """A screen of ours; `body` composes what is on it."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    TutorScreen { layers: base cover; background: $background; overflow: hidden; }
    TutorScreen.-small > TooSmall { display: block; }
    TutorScreen VerticalScroll { scrollbar-size-vertical: 1; }
    """

    def body(self) -> ComposeResult:
        """The widgets of this screen."""
        yield from ()

    def compose(self) -> ComposeResult:
        """The body, and the cover over it."""
        yield from self.body()
        yield TooSmall()

    def action_back(self) -> None:
        """To where one came from."""
        self.dismiss(None)

    def on_resize(self, event: events.Resize) -> None:
        """Cover or uncover; on a tall screen things stand further apart, on a narrow one closer to its sides."""
        self.set_class(_small(event), "-small")
        self.set_class(event.size.height >= TALL, "-tall")
        self.set_class(event.size.width < NARROW, "-narrow")


class TutorModal(ModalScreen[Result], Generic[Result]):
    """A card over the screen that it is about; Esc closes it, and the app can be left from it as from anywhere."""

    app = getters.app(BaseApp)

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(QUIT)]  # Textual keeps the app's own keys from modal screens
    DEFAULT_CSS = """
    TutorModal { align: center middle; background: $background 70%; }
    TutorModal VerticalScroll { scrollbar-size-vertical: 1; }
    TutorModal KeyBar { dock: none; margin-top: 1; padding: 0; }
    TutorModal > .card {
        width: 72; max-width: 94%; height: auto; max-height: 94%; padding: 1 2;
        background: $surface; border: round $line;
        border-title-color: $accent; border-subtitle-color: $muted;
    }
    """

    def action_back(self) -> None:
        """Close."""
        self.dismiss(None)


def _small(event: events.Resize) -> bool:
    return event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
