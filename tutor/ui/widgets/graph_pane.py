"""The graph on screen: a picture that scrolls, that a mouse can point at, and along whose wires gradients flow."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from tutor.drawing import Picture

Cell = tuple[int, int]

ROLES = (
    "border",
    "border-focus",
    "border-blamed",
    "name",
    "expression",
    "value",
    "gradient",
    "unknown",
    "wire",
    "wire-lit",
    "arrow",
    "arrow-lit",
    "flow",
)
_DOUBLE = str.maketrans("╭─╮│╰╯", "╔═╗║╚╝")
_BROKEN = str.maketrans("╭─╮│╰╯┏━┓┃┗┛", "✗╌╮┆╰╯✗╍┓┇┗┛")
_WAVE_TICKS = 7  # frames in which a wave of gradients crosses its wires


class GraphPane(ScrollView, can_focus=False):
    """The drawn graph. The node asked about has a heavy frame, the node looked at a double one.

    The node at which an answer went wrong has a broken frame with a ✗.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"graph--{role}" for role in ROLES}
    """One for each role of `tutor.drawing`, and `graph--flow` for a gradient on its way."""

    DEFAULT_CSS = """
    GraphPane {
        height: 1fr; min-height: 3; scrollbar-size: 1 1;
        .graph--border { color: $line; }
        .graph--border-focus { color: $accent; text-style: bold; }
        .graph--border-blamed { color: $error; text-style: bold; }
        .graph--name { text-style: bold; }
        .graph--value { color: $value; }
        .graph--gradient { color: $gradient; text-style: bold; }
        .graph--unknown { color: $muted; }
        .graph--wire, .graph--arrow { color: $line; }
        .graph--wire-lit, .graph--arrow-lit { color: $gradient; text-style: bold; }
        .graph--flow { color: $background; background: $gradient; text-style: bold; }
    }
    """
    ALLOW_SELECT = False

    @dataclass
    class Clicked(Message):
        """A node was clicked; bubbles."""

        node: str

    @dataclass
    class Played(Message):
        """The backward pass has been shown, or skipped; bubbles."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.picture: Picture | None = None
        self._looked = self._blamed = ""
        self._dragged_from: Offset | None = None
        self._dragged = False
        self._waves: list[list[Sequence[Cell]]] = []
        self._tick = 0
        self._timer: Timer | None = None
        self._flowing: set[Cell] = set()
        self._flowed: set[Cell] = set()

    # What is shown

    def show(
        self, picture: Picture, *, follow: str | None = None, looked: str | None = None, blamed: str | None = None
    ) -> None:
        """Draw this picture, bring `follow` into view, frame `looked` double, mark `blamed`."""
        self.picture, self._looked, self._blamed = picture, looked or "", blamed or ""
        # A row above the picture and two below keep it apart from what surrounds it, and end the pane there.
        self.virtual_size = Size(picture.width + 2, picture.height + 1)
        self.styles.max_height = picture.height + 2
        self.refresh()
        target = looked or blamed or follow
        if target is not None and target in picture.regions:
            self.call_after_refresh(self.bring_into_view, target)

    def bring_into_view(self, node: str) -> None:
        """Scroll as little as needed to show a node with its frame."""
        if self.picture is None or node not in self.picture.regions:
            return
        region = Region(*self.picture.regions[node]).translate(self._margin).grow((1, 2, 1, 2))
        self.scroll_to_region(region, animate=False, force=True)

    def pan(self, columns: int, rows: int) -> None:
        """Move the view over the picture."""
        self.scroll_to(self.scroll_x + columns, self.scroll_y + rows, animate=False)

    @property
    def _margin(self) -> Offset:
        """Where the picture begins: in the middle of a pane that is wider."""
        if self.picture is None:
            return Offset(1, 0)
        pane = self.scrollable_content_region
        return Offset(max((pane.width - self.picture.width) // 2, 1), int(pane.height > self.picture.height))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One row of the pane: only the columns in view are made."""
        width = self.scrollable_content_region.width
        picture, margin = self.picture, self._margin
        row = y + int(self.scroll_offset.y) - margin.y
        if picture is None or not 0 <= row < picture.height:
            return Strip.blank(width, self.rich_style)
        start = int(self.scroll_offset.x) - margin.x
        left = max(-start, 0)
        pieces = self._pieces(picture, row, max(start, 0), max(start + width, 0))
        segments = [Segment(" " * left, self.rich_style)]
        for text, role in pieces:
            style = self.get_component_rich_style(f"graph--{role}") if role else self.rich_style
            segments.append(Segment(text, style))
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _pieces(self, picture: Picture, row: int, start: int, end: int) -> list[tuple[str, str]]:
        marked = {x: "wire-lit" for x, y in self._flowed if y == row}
        marked |= {x: "flow" for x, y in self._flowing if y == row}
        looked, blamed = (
            Region(*picture.regions[node]) if node in picture.regions else Region()
            for node in (self._looked, self._blamed)
        )
        if not marked and not any(region.y <= row < region.bottom for region in (looked, blamed)):
            return picture.runs(row, start, end)
        pieces: list[tuple[str, str]] = []
        x = start
        for text, role in picture.runs(row, start, end):
            for character in text:
                drawn, style = character, role
                if role == "border" and looked.contains(x, row):
                    drawn = character.translate(_DOUBLE)
                elif role in ("border", "border-focus") and blamed.contains(x, row):
                    drawn, style = character.translate(_BROKEN), "border-blamed"
                pieces.append((drawn, marked.get(x, style)))
                x += cell_len(character)
        return pieces

    # The mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A drag may begin."""
        self._dragged_from, self._dragged = event.screen_offset, False
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Pan with the mouse held down."""
        if self._dragged_from is not None and event.screen_offset != self._dragged_from:
            by = self._dragged_from - event.screen_offset
            self._dragged_from, self._dragged = event.screen_offset, True
            self.pan(by.x, by.y)

    def on_mouse_up(self) -> None:
        """The drag ends."""
        self._dragged_from = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Look at the node under the mouse, unless this was a drag."""
        at = event.get_content_offset(self)
        if at is None or self._dragged:
            return
        if (node := self.node_at(at)) is not None:
            self.post_message(self.Clicked(node))

    def node_at(self, at: Offset) -> str | None:
        """The node at a place of the pane."""
        if self.picture is None:
            return None
        x, y = at + self.scroll_offset - self._margin
        regions = self.picture.regions.items()
        return next((name for name, region in regions if Region(*region).contains(int(x), int(y))), None)

    # Gradients flowing back

    def play(self, waves: Sequence[Collection[Sequence[Cell]]]) -> None:
        """Let gradients flow along these paths, one wave after another; `Played` is posted at the end."""
        self.stop()
        self._waves = [list(wave) for wave in waves if wave]
        self._tick = 0
        if not self._waves or self.app.animation_level == "none":
            self.post_message(self.Played())
            return
        self._timer = self.set_interval(1 / 30, self._advance)

    @property
    def playing(self) -> bool:
        """Gradients are on their way."""
        return self._timer is not None

    def skip(self) -> None:
        """Enough of the flow."""
        if self.playing:
            self.stop()
            self.post_message(self.Played())

    def stop(self) -> None:
        """No flow any more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._flowing, self._flowed = set(), set()
        self.refresh()

    def _advance(self) -> None:
        wave, tick = divmod(self._tick, _WAVE_TICKS + 2)
        if wave >= len(self._waves):
            self.skip()
            return
        before = self._flowing | self._flowed
        self._flowing = set()
        for path in self._waves[wave]:
            reached = min(len(path) * (tick + 1) // _WAVE_TICKS, len(path))
            self._flowed |= set(path[:reached])
            self._flowing |= set(path[max(reached - 1, 0) : reached])
        self._tick += 1
        for x, y in (self._flowing | self._flowed) ^ before | self._flowing:
            self._refresh_cell(x, y)
        for x, y in before:
            self._refresh_cell(x, y)

    def _refresh_cell(self, x: int, y: int) -> None:
        at = Offset(x, y) + self._margin - self.scroll_offset
        self.refresh(Region(int(at.x), int(at.y), 1, 1))
