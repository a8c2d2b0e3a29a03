"""The box in which answers are typed: it always has the focus and keeps no key that it does not need."""

from collections.abc import Callable
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.widgets import Input

from tutor.checking.reading.typed_lines import goes_on


class AnswerBox(Input):
    """One line of text. Empty, it hands on `?` (help) and the arrows (look at a node)."""

    DEFAULT_CSS = """
    AnswerBox, AnswerBox:focus {
        height: 1; width: 1fr; padding: 0; border: none; background: $background; background-tint: $background 0%;
        text-style: bold;
    }
    """

    @dataclass
    class HelpWanted(Message):
        """`?` was typed into the empty box; bubbles."""

        box: "AnswerBox"

        @property
        def control(self) -> "AnswerBox":
            """The box."""
            return self.box

    def __init__(self, entered: Callable[[str], None], id: str | None = None) -> None:
        super().__init__(id=id, compact=True, select_on_focus=False, max_length=20_000)
        self._entered = entered

    async def action_submit(self) -> None:
        """Enter: the text is judged before the next key is read, so that keys may come in bursts."""
        self._entered(self.value)

    def action_delete_left_all(self) -> None:
        """Ctrl+U empties the box, wherever the cursor is."""
        self.value = ""

    def action_copy(self) -> None:
        """Ctrl+C copies what is selected; a wrong answer is, without the learner's doing, who may want to leave."""
        super().action_copy()
        self.app.action_help_quit()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One line has no pages and no rows, and an empty box nothing to move in: these keys go on to the screen."""
        if action in ("page_up", "page_down", "scroll_up", "scroll_down"):
            return False
        return not (action in ("cursor_left", "cursor_right") and not self.value)

    async def _on_key(self, event: events.Key) -> None:
        if event.character == "?" and not self.value:
            event.stop()
            event.prevent_default()
            self.post_message(self.HelpWanted(self))
            return
        for key in () if event.is_printable else event.aliases:
            active = self.screen.active_bindings.get(key)
            # At once: a binding waits by itself until its key has bubbled, and what is typed behind overtakes it.
            # One that has nothing to do (Ctrl+C copies, and no text is selected) leaves its key to the next.
            if active is not None and active.enabled and await self.app.run_action(active.binding.action, active.node):
                event.stop()
                event.prevent_default()
                return
        await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        # What is copied from elsewhere comes as lines: rows and steps of a derivation are set apart by `;` here, but a
        # formula or a matrix in brackets that is broken off goes on.
        pasted = ""
        for line in filter(None, map(str.strip, event.text.splitlines())):
            pasted += line if not pasted else f" {line}" if goes_on(pasted) else f"; {line}"
        event.stop()
        event.prevent_default()
        if pasted:
            self.replace(pasted, *sorted(self.selection))

    def column_of(self, position: int) -> int:
        """The column of the box, as it is scrolled now, at which the character at `position` stands."""
        return self._position_to_cell(position) - int(self.scroll_offset.x)

    def fill(self, text: str) -> None:
        """Put in a text, the cursor behind it."""
        self.value = text
        self.cursor_position = len(text)
