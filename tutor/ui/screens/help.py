"""The help: every key, and how answers are typed."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen

from tutor.text import Message, msg
from tutor.ui.keys import BACK, EVERYWHERE, IN_DRILL, ON_COURSE, PALETTE, Key, bindings
from tutor.ui.screens.base import TutorScreen
from tutor.ui.widgets.key_bar import KeyBar, presses
from tutor.ui.widgets.prose import Paragraph, Prose
from tutor.ui.widgets.top_bar import TopBar

EXAMPLES: tuple[tuple[str, Message], ...] = (
    ("0.25   1/4   exp(-1)   1.4×10^2", msg("ui.help-numbers")),
    ("[1, 2, 3]", msg("ui.help-vectors")),
    ("[[1, 2], [3, 4]]   1, 2; 3, 4", msg("ui.help-matrices")),
    ("(3, 2)   3x2   (3,)   ()", msg("ui.help-shapes")),
    ("up   δ", msg("ui.help-up")),
    ("dz   δz   grad_z   z.grad   ds/dz", msg("ui.help-gradients")),
    ("dh/dz", msg("ui.help-jacobian")),
    ("up @ x.T   a * b   x^2   z > 0", msg("ui.help-formulas")),
    ("np.sum(up, axis=0)   up.sum(0)   x.t()", msg("ui.help-libraries")),
    ("diag(z)   ones(n, 1)   eye(n)", msg("ui.help-functions")),
)


class HelpText(Prose):
    """Keys first, those of the screen one comes from at the top; then answers, signs, terminals."""

    DEFAULT_CSS = """
    HelpText { padding: 1 2; max-width: 90; }
    """

    def __init__(self, groups: Sequence[tuple[Message, Sequence[Key]]]) -> None:
        super().__init__()
        self._groups = groups

    def paragraphs(self) -> Sequence[Paragraph]:
        """The whole help."""
        return tuple(self._all())

    def _all(self) -> Iterator[Paragraph]:
        for title, keys in self._groups:
            yield self._title(title)
            yield from self._table([(self._keys(key), key.help) for key in keys])
            yield Paragraph("")
        yield self._title(msg("ui.help-answers"))
        yield from self._table(EXAMPLES)
        yield Paragraph("")
        for title, *texts in _SECTIONS:
            yield self._title(title)
            for text in texts:
                yield Paragraph(text)
            yield Paragraph("")

    def _title(self, title: Message) -> Paragraph:
        return Paragraph(title, style="bold $accent")

    def _keys(self, key: Key) -> str:
        return self.app.spell(f"{key.shown}   {key.also}" if key.also else key.shown)

    def _table(self, rows: Sequence[tuple[str, Message]]) -> Iterator[Paragraph]:
        # Two columns where there is room for both, else one under the other.
        room = self.content_size.width or self.size.width
        column = max(cell_len(left) for left, _ in rows) + 2
        for left, right in rows:
            if column <= room // 2:
                mark = left + " " * (column - 1 - cell_len(left))
                yield Paragraph(right, mark=mark, mark_style="bold")
            else:
                yield Paragraph(left, style="bold")
                yield Paragraph(right, mark=" ")


_SECTIONS = (
    (msg("ui.help-signs"), msg("ui.help-signs-graph"), msg("ui.help-signs-verdicts"), msg("ui.help-signs-lists")),
    (msg("ui.help-saved"), msg("ui.help-saved-text")),
    (msg("ui.help-terminal"), msg("ui.help-terminal-ascii"), msg("ui.help-terminal-keys")),
)


class HelpScreen(TutorScreen[None]):
    """What can be done on the screen one comes from, and everything else there is to know."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK)]

    def __init__(self, about: Screen[Any]) -> None:
        super().__init__()
        here: list[tuple[Message, Sequence[Key]]] = [
            (msg("ui.help-keys-course"), ON_COURSE),
            (msg("ui.help-keys-drill"), IN_DRILL),
        ]
        # A stranger looks for the keys of the screen that was just left.
        if not getattr(about, "is_course", False):
            here.reverse()
        if own := getattr(about, "own_keys", ()):
            here.insert(0, (msg("ui.help-keys-preview"), own))
        self._groups = [*here, (msg("ui.help-keys-everywhere"), EVERYWHERE)]

    def body(self) -> ComposeResult:
        """One long text."""
        yield TopBar("tutor", msg("ui.help-title"))
        with VerticalScroll():
            yield HelpText(self._groups)
        yield KeyBar(presses(BACK, PALETTE))

    def action_help(self) -> None:
        """F1 again closes what F1 opened."""
        self.dismiss(None)
