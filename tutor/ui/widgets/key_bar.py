"""The row at the foot of a screen that says which key does what, and that a mouse can press."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import events, getters
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tutor.text import Message
from tutor.ui.base_app import BaseApp
from tutor.ui.keys import Key


class Press(NamedTuple):
    """One entry of the bar: a key, what it is called here, and how soon it gives way when room is short."""

    key: Key
    label: Message | None = None
    rank: int = 1
    note: str = ""


class KeyBar(Widget):
    """Keys and what they do, the least important left out where the screen is narrow."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; padding: 0 1; }
    """
    ALLOW_SELECT = False

    presses: reactive[tuple[Press, ...]] = reactive((), layout=False)
    """What can be pressed here, in the order of the bar."""
    pointed: reactive[int] = reactive(-1)
    """The entry under the mouse."""

    def __init__(self, presses: Iterable[Press] = (), id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(KeyBar.presses, tuple(presses))

    def render(self) -> Content:
        """`⏎ check  F2 hint 1/5  ...` on one line."""
        parts: list[tuple[str, str]] = []
        for number, (press, text, _start) in enumerate(self._shown()):
            if parts:
                parts.append(("  ", ""))
            style = "$accent reverse" if number == self.pointed else "bold $accent"
            parts.append((self.app.spell(press.key.shown), style))
            parts.append((f" {text}", "$muted"))
        return Content.assemble(*parts)

    def _shown(self) -> list[tuple[Press, str, int]]:
        """The entries that fit, each with its text and the column at which it starts."""
        entries = [(press, self.app.translate(press.label or press.key.label) + press.note) for press in self.presses]
        while len(entries) > 1 and self._width(entries) > self.content_size.width:
            entries.remove(max(entries, key=lambda entry: (entry[0].rank, entries.index(entry))))
        placed, column = [], 0
        for press, text in entries:
            placed.append((press, text, column))
            column += self._entry_width(press, text) + 2
        return placed

    def _entry_at(self, column: int) -> int:
        for number, (press, text, start) in enumerate(self._shown()):
            if start <= column < start + self._entry_width(press, text):
                return number
        return -1

    def _entry_width(self, press: Press, text: str) -> int:
        return cell_len(self.app.spell(press.key.shown)) + 1 + cell_len(text)

    def _width(self, entries: Sequence[tuple[Press, str]]) -> int:
        return sum(self._entry_width(press, text) + 2 for press, text in entries) - 2

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show which entry a click would press."""
        self.pointed = self._entry_at(event.get_content_offset_capture(self).x)

    def on_leave(self) -> None:
        """The mouse has gone."""
        self.pointed = -1

    async def on_click(self, event: events.Click) -> None:
        """Do what the key would."""
        number = self._entry_at(event.get_content_offset_capture(self).x)
        if number >= 0:
            event.stop()
            await self.screen.run_action(self._shown()[number][0].key.action)


def presses(*keys: Key) -> tuple[Press, ...]:
    """Entries with the usual labels, the first and the last of them the last to give way."""
    return tuple(Press(key, rank=0 if number in (0, len(keys) - 1) else number) for number, key in enumerate(keys))
