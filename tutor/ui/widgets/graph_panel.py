"""The graph of a drill, as a picture or as a table, and the node that is looked at."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from textual import getters, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tutor.drawing import NoPictureError, Wire
from tutor.drill.question import DrillPart
from tutor.text import msg
from tutor.ui.base_app import BaseApp
from tutor.ui.looking import neighbour, shape_text, title_of
from tutor.ui.picture import MANY, ROOMS, Drawn, compact, drawn_to_fit, integers_of, names_of, waves
from tutor.ui.widgets.graph_pane import GraphPane
from tutor.ui.widgets.node_table import NodeRow, NodeTable

BELOW = 9  # rows that bars, question, answer and a verdict need at least


@dataclass(frozen=True, slots=True, eq=False)
class Purpose:
    """What a layout was made for; the same graph in another room, or with other gradients given, needs another."""

    part: DrillPart
    fit: tuple[int, int]
    given: Mapping[str, Any] | None

    def __eq__(self, other: object) -> bool:
        """The same graph and gradients, not equal ones: arrays have no one truth."""
        if not isinstance(other, Purpose):
            return NotImplemented
        return self.part is other.part and self.fit == other.fit and self.given is other.given

    def drawn(self) -> Drawn:
        """The layout."""
        return drawn_to_fit(self.part, self.fit, self.given)


class GraphPanel(Vertical):
    """Shows one part of a drill. As high as the graph where there is room, so that the question stands close by."""

    app = getters.app(BaseApp)
    pane = getters.query_one(GraphPane)
    table = getters.query_one(NodeTable)

    DEFAULT_CSS = """
    GraphPanel { height: 1fr; min-height: 4; }
    GraphPanel.-table > GraphPane, GraphPanel > NodeTable { display: none; }
    GraphPanel.-table > NodeTable { display: block; }
    GraphPanel > #lacking { display: none; height: auto; padding: 0 1; color: $muted; }
    GraphPanel.-lacking > #lacking { display: block; }
    """

    @dataclass
    class Pointed(Message):
        """A node was clicked; bubbles."""

        node: str

    @dataclass
    class Looked(Message):
        """Another node is looked at, or none any more; bubbles."""

        node: str | None

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._part: DrillPart | None = None
        self._gradients: Mapping[str, Any] = {}
        self._asked: str | None = None
        self._lit: Collection[Wire] = ()
        self._given: Mapping[str, Any] | None = None
        self._blamed: str | None = None
        self._drawn: Drawn | None = None
        self._drawn_for: Purpose | None = None
        self._underway: Purpose | None = None
        self._lacking: str | None = None  # why there can be no picture
        self.looked: str | None = None

    def compose(self) -> ComposeResult:
        """The picture and the table; one of them shows."""
        yield Static(id="lacking")
        yield GraphPane()
        yield NodeTable()

    def show(
        self,
        part: DrillPart,
        gradients: Mapping[str, Any],
        asked: str | None,
        lit: Collection[Wire] = (),
        *,
        given: bool = False,
    ) -> None:
        """Show these gradients, the node asked about framed, the wires of what arrives there lit.

        `given` gradients are the question's own, which may be wrong and longer than the right ones.
        """
        if asked != self._asked or part is not self._part:
            self.looked = None
        self._part, self._gradients, self._asked, self._lit = part, gradients, asked, lit
        self._given, self._blamed = gradients if given else None, None
        self._draw()

    def ask_at(self, asked: str | None, lit: Collection[Wire] = ()) -> None:
        """Frame another node, all else as it is."""
        if asked != self._asked:
            self._asked, self._lit = asked, lit
            self._draw()

    def blame(self, node: str | None) -> None:
        """Mark the node at which an answer went wrong, and bring it into view; None: none any more."""
        if node != self._blamed:
            self._blamed = node
            self._draw()

    def follow_question(self) -> None:
        """Bring the node asked about into view again, where the view had gone to another."""
        if self._blamed is not None and not self.as_table and self._asked is not None:
            self.pane.bring_into_view(self._asked)

    def on_resize(self) -> None:
        """More room may hold a fuller picture."""
        self._draw()

    def relabel(self) -> None:
        """The heads of the table in the language on screen."""
        self.table.relabel()
        if self._lacking is not None:
            self._do_without(self._lacking)

    @property
    def room(self) -> int:
        """How long a value in a box may be; what is longer is shown by its shape."""
        return ROOMS[-1] if self._drawn is None else self._drawn.room

    @property
    def asked(self) -> str | None:
        """The node with the heavy frame."""
        return self._asked

    # Looking at nodes

    def look(self, direction: str) -> None:
        """Look at the next node in a direction, from the one looked at or asked about."""
        if self._part is None:
            return
        names = names_of(self._part)
        here = self.looked or self._asked
        if here is None:
            self.look_at(names[-1])  # a backward pass is read from the output
        elif self.as_table:
            place = names.index(here) + (1 if direction in ("down", "right") else -1)
            self.look_at(names[max(0, min(place, len(names) - 1))])
        elif self._drawn is None:
            return
        elif (found := neighbour(self._drawn.view.layout.regions, here, direction)) is not None:
            self.look_at(found)
        elif self.looked is None:
            self.look_at(here)

    def look_at(self, node: str | None) -> None:
        """Look at a node, or (None) at the question again."""
        if node != self.looked:
            self.looked = node
            self._draw()
            self.post_message(self.Looked(node))

    def on_graph_pane_clicked(self, event: GraphPane.Clicked) -> None:
        """The mouse looks too."""
        event.stop()
        self.look_at(event.node)
        self.post_message(self.Pointed(event.node))

    def on_node_table_clicked(self, event: NodeTable.Clicked) -> None:
        """Also in the table."""
        event.stop()
        self.look_at(event.node)
        self.post_message(self.Pointed(event.node))

    # Picture or table, panning, playing

    @property
    def as_table(self) -> bool:
        """The table shows in place of the picture."""
        return self.has_class("-table")

    def toggle_table(self) -> None:
        """The table for the picture, or back where there is a picture."""
        if self._lacking is None:
            self.toggle_class("-table")
        self._draw()

    def pan(self, columns: int, rows: int) -> None:
        """Move the view."""
        shown = self.table if self.as_table else self.pane
        shown.scroll_to(shown.scroll_x + columns, shown.scroll_y + rows, animate=False)

    def page(self, pages: int) -> None:
        """Move the view by what is in view."""
        self.pan(0, pages * max(self.size.height - 2, 1))

    def play(self) -> None:
        """Let the gradients flow back once more, from the output to the inputs; `GraphPane.Played` follows."""
        if self._part is not None and self._lacking is None and self.pane.picture is not None:
            self.remove_class("-table")
            self.pane.play(waves(self._part, self.pane.picture.paths))

    @property
    def playing(self) -> bool:
        """Gradients are on their way."""
        return self.pane.playing

    def skip_flow(self) -> None:
        """Enough of the flow."""
        self.pane.skip()

    def _draw(self) -> None:
        part = self._part
        if part is None or not self.is_mounted:
            return
        size = self.screen.size
        fit = (max(size.width - 3, 1), max(size.height - BELOW, 4))
        purpose = Purpose(part, fit, self._given)
        if self._lacking is None and (self._drawn is None or self._drawn_for != purpose):
            if len(names_of(part)) > MANY:
                if self._underway != purpose:
                    self._underway = purpose
                    self._lay_out(purpose)
                return
            try:
                self._drawn, self._drawn_for = purpose.drawn(), purpose
            except NoPictureError as error:
                self._do_without(error.reason)
        if self.as_table:
            rows = [_row(part, self._gradients, name) for name in names_of(part)]
            self._settle(len(rows) + 2 + (self._lacking is not None), fit[1])
            self.table.show(rows, self._asked, self.looked, self._blamed)
            return
        assert self._drawn is not None
        picture = self._drawn.picture(self._gradients, self._asked, self._lit)
        self._settle(picture.height + 2, fit[1])
        self.pane.show(picture, follow=self._asked, looked=self.looked, blamed=self._blamed)

    @work(thread=True, exclusive=True)
    def _lay_out(self, purpose: Purpose) -> None:
        """A large graph takes longer than a key press may."""
        try:
            drawn = purpose.drawn()
        except NoPictureError as error:
            self.call_later(self._do_without, error.reason)
        else:
            self.call_later(self._laid_out, drawn, purpose)

    def _laid_out(self, drawn: Drawn, drawn_for: Purpose) -> None:
        if drawn_for == self._underway:
            self._drawn, self._drawn_for = drawn, drawn_for
            self._draw()

    def _do_without(self, reason: str) -> None:
        """The table in place of a picture that cannot be made, with a line that says so."""
        known, self._lacking = self._lacking, reason
        self.add_class("-table", "-lacking")
        self.query_one("#lacking", Static).update(Content(self.app.translate(msg("ui.no-picture", reason=reason))))
        if known is None:
            self._draw()

    def _settle(self, height: int, most: int) -> None:
        """As high as what is shown; on a tall screen a little lower, so that it does not cling to the top."""
        above = min(max(most - height, 0) // 4, 5)
        self.styles.padding = (above, 0, 0, 0)
        self.styles.max_height = height + above


def _row(part: DrillPart, gradients: Mapping[str, Any], name: str) -> NodeRow:
    value = part.run.values[name]
    unknown = "" if name in integers_of(part) else "?"
    gradient = compact(gradients[name]) if name in gradients else unknown
    expression = title_of(part, name).partition(" = ")[2]
    shape = shape_text(tuple(getattr(value, "shape", ())))
    return NodeRow(name, expression, shape, compact(value), gradient)
