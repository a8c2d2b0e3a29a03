"""The tour of a minute before a learner's first drill: what arrives, what is typed, where help is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from tutor.text import Message, msg
from tutor.ui.base_app import BaseApp
from tutor.ui.screens.base import TutorModal
from tutor.ui.widgets.prose import Paragraph, Prose


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the tour: what is said, and which part of the drill stays bright meanwhile."""

    title: Message
    texts: tuple[Message, ...]
    bright: tuple[str, ...]
    at_top: bool = False


STOPS = (
    Stop(msg("ui.tour-graph"), (msg("ui.tour-graph-values"), msg("ui.tour-graph-gradients")), ("#graph",)),
    Stop(msg("ui.tour-question"), (msg("ui.tour-question-arrives"),), ("#graph", "#rule")),
    Stop(
        msg("ui.tour-answer"),
        (msg("ui.tour-question-local"), msg("ui.tour-question-downstream")),
        ("#rule", "#answer"),
        at_top=True,
    ),
    Stop(
        msg("ui.tour-help"),
        (msg("ui.tour-help-hint"), msg("ui.tour-help-keys"), msg("ui.tour-help-saved")),
        ("#keys",),
        at_top=True,
    ),
)


class TourText(Prose):
    """What is said at this stop."""

    stop: Stop = STOPS[0]

    def paragraphs(self) -> Sequence[Paragraph]:
        """A line or two for each thing to know."""
        said: list[Paragraph] = []
        for text in self.stop.texts:
            if said:
                said.append(Paragraph(""))
            said.append(Paragraph(text))
        return said


class TourKeys(Widget):
    """How to go on."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    TourKeys { height: 1; margin-top: 1; }
    """

    def render(self) -> Content:
        """`⏎ next   esc skip the tour`."""
        tour = self.screen
        last = isinstance(tour, TourScreen) and tour.place == len(STOPS) - 1
        forward = self.app.translate(msg("ui.tour-begin") if last else msg("ui.tour-next"))
        keys = [(self.app.spell("⏎"), "bold $accent"), (f" {forward}", "$muted")]
        if not last:
            keys += [("   esc", "bold $accent"), (f" {self.app.translate(msg('ui.tour-skip'))}", "$muted")]
        return Content.assemble(*keys)


class TourScreen(TutorModal[None]):
    """A card beside the part of the drill that it explains; any of the usual keys goes on, Esc ends the tour."""

    text = getters.query_one(TourText)
    keys = getters.query_one(TourKeys)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space,right,down", "next", show=False),
        Binding("left,up,backspace", "before", show=False),
        Binding("escape", "back", show=False),
    ]
    DEFAULT_CSS = """
    TourScreen { background: $background 0%; align: center bottom; }
    TourScreen.-top { align: center top; }
    TourScreen > .card { margin: 0 2; padding: 0 2; }
    """

    def __init__(self, drill: Screen[None]) -> None:
        super().__init__()
        self.place = 0
        self._drill = drill

    def compose(self) -> ComposeResult:
        """The card."""
        with Vertical(classes="card"):
            yield TourText()
            yield TourKeys()

    def on_mount(self) -> None:
        """Begin at the graph."""
        self._go(0)

    def on_unmount(self) -> None:
        """The whole drill is bright again."""
        for widget in self._drill.query(".dimmed"):
            widget.remove_class("dimmed")

    def action_next(self) -> None:
        """To the next stop, after the last one to the drill."""
        if self.place + 1 < len(STOPS):
            self._go(self.place + 1)
        else:
            self.dismiss(None)

    def action_before(self) -> None:
        """To the stop before."""
        self._go(max(self.place - 1, 0))

    def on_click(self, event: events.Click) -> None:
        """The mouse goes on too."""
        self.action_next()

    def _go(self, place: int) -> None:
        self.place = place
        stop = STOPS[place]
        self.set_class(stop.at_top, "-top")
        card = self.query_one(".card")
        card.border_title = self.app.heading(stop.title)
        card.border_subtitle = f"{place + 1}/{len(STOPS)}"
        self.text.stop = stop
        self.text.refresh(layout=True)
        self.keys.refresh()
        for widget in self._drill.query(".part"):
            widget.set_class(f"#{widget.id}" not in stop.bright, "dimmed")
