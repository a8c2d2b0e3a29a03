"""Before the app is left with answers that are not saved: how many, why, and what can be done."""

from collections.abc import Sequence
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from tutor.learner.store import Store
from tutor.text import msg
from tutor.ui.keys import LEAVE, SAVE_AGAIN, STAY, bindings
from tutor.ui.screens.base import TutorModal
from tutor.ui.widgets.key_bar import KeyBar, Press
from tutor.ui.widgets.prose import Paragraph, Prose


class Unsaved(Prose):
    """How much is not saved, and why."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.count = store.unsaved()

    def paragraphs(self) -> Sequence[Paragraph]:
        """The number, the reason, and what becomes of the answers."""
        said = [Paragraph(msg("ui.unsaved", count=self.count), style="bold")]
        if (warning := self._store.warning) is not None:
            said += [Paragraph(""), Paragraph(warning, mark="!", mark_style="bold $warning")]
        return [*said, Paragraph(""), Paragraph(msg("ui.unsaved-leaving"))]


class LeavingScreen(TutorModal[None]):
    """Asks whether to try once more, to leave all the same, or to stay."""

    text = getters.query_one(Unsaved)

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SAVE_AGAIN, LEAVE, STAY)]

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def compose(self) -> ComposeResult:
        """The card."""
        with Vertical(classes="card") as card:
            card.border_title = self.app.translate(msg("ui.unsaved-title"))
            yield Unsaved(self._store)
            yield KeyBar((Press(SAVE_AGAIN, rank=0), Press(LEAVE, rank=0), Press(STAY, rank=0)))

    def action_save_again(self) -> None:
        """Leave if everything is saved now; else say why not."""
        self.text.count = self._store.unsaved()
        if self.text.count:
            self.text.refresh(layout=True)
        else:
            self.app.exit()

    def action_leave(self) -> None:
        """Leave; what is not saved goes into a rescue file."""
        self.app.exit()
