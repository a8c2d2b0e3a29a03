"""A derivation that is finished, to read once more, to copy and to save."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll

from tutor.learner.derivation_export import FinishedDerivation
from tutor.learner.session import Session
from tutor.text import Message, msg
from tutor.ui.export import copy, save
from tutor.ui.keys import BACK, COPY_LATEX, COPY_TEXT, GO_ON, OTHER, SAVE, bindings
from tutor.ui.screens.base import TutorModal
from tutor.ui.widgets.key_bar import KeyBar, Press
from tutor.ui.widgets.prose import Paragraph, Prose


class DerivationText(Prose):
    """The lines, each behind its sign, and under them what was done with it last."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: FinishedDerivation | None = None
        self.note: Message | None = None

    def show(self, kept: FinishedDerivation, note: Message | None = None) -> None:
        """This derivation, and a note on it."""
        self.kept, self.note = kept, note
        self.refresh(layout=True)

    def paragraphs(self) -> Sequence[Paragraph]:
        """`∂s/∂b`, then `= ...`."""
        if self.kept is None:
            return ()
        head, *lines = self.kept.text.split("\n")
        said = [Paragraph(head, style="bold")]
        for line in lines:
            sign, _, rest = line.strip().partition(" ")
            said.append(Paragraph(rest, mark=f"  {sign}", mark_style="bold $accent"))
        if self.note is not None:
            said += [Paragraph(""), Paragraph(self.note, mark="✓", mark_style="bold $success")]
        return said


class DerivationsScreen(TutorModal[None]):
    """The derivations of a drill, one at a time, from the one given on; `then` is called when it closes."""

    scroller = getters.query_one(VerticalScroll)
    derivation = getters.query_one(DerivationText)

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(COPY_TEXT, COPY_LATEX, SAVE, OTHER),
        # At once: else the card would still have what is typed right behind, and nothing to do with it.
        *(replace(key.binding(), priority=True) for key in (GO_ON, BACK)),
        Binding("up,pageup", "scroll(-3)", show=False),
        Binding("down,pagedown", "scroll(3)", show=False),
    ]
    DEFAULT_CSS = """
    DerivationsScreen VerticalScroll { height: auto; max-height: 14; }
    """

    def __init__(
        self,
        session: Session,
        all_: Sequence[FinishedDerivation],
        place: int = -1,
        then: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._then = then
        self.session = session
        self._all, self._place = all_, place % len(all_)

    def compose(self) -> ComposeResult:
        """The card."""
        other = [Press(OTHER, rank=1)] if len(self._all) > 1 else []
        keys = (Press(GO_ON, rank=0), Press(COPY_TEXT), Press(COPY_LATEX), Press(SAVE), *other)
        with Vertical(classes="card") as card:
            card.border_title = self.app.heading(msg("ui.keep-title"))
            with VerticalScroll(can_focus=False):
                yield DerivationText()
            yield KeyBar(keys)

    def on_mount(self) -> None:
        """Show the one that was asked for."""
        self._show()

    def _show(self, note: Message | None = None) -> None:
        self.derivation.show(self._all[self._place], note)
        self.scroller.scroll_end(animate=False)

    def action_scroll(self, rows: int) -> None:
        """A long derivation is read piece by piece."""
        self.scroller.scroll_to(y=self.scroller.scroll_y + rows, animate=False)

    def action_copy_text(self) -> None:
        """To the clipboard, as it stands there."""
        self._show(copy(self.app, self._all[self._place], "text"))

    def action_copy_latex(self) -> None:
        """To the clipboard, for a paper."""
        self._show(copy(self.app, self._all[self._place], "latex"))

    def action_save(self) -> None:
        """Into files."""
        self._show(save(self._all[self._place]))

    def action_other(self) -> None:
        """The next derivation of this drill."""
        self._place = (self._place + 1) % len(self._all)
        self._show()

    def action_go_on(self) -> None:
        """Back to the drill, and on with it before the next key is read."""
        self.dismiss(None)
        if self._then is not None:
            self._then()

    def action_back(self) -> None:
        """The same."""
        self.action_go_on()
