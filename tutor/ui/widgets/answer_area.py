"""Where an answer is typed: the prompt, the box, a grid for matrices, and what was understood."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets.input import Selection

from tutor.checking import Preview
from tutor.drill.question import Question
from tutor.ui.widgets.answer_box import AnswerBox
from tutor.ui.widgets.answer_grid import AnswerGrid, cells_of
from tutor.ui.widgets.answer_preview import AnswerPreview
from tutor.ui.widgets.question_line import Prompt


class Reader(Protocol):
    """Says what a text that is being typed means."""

    def __call__(self, typed: str) -> Preview: ...


class AnswerArea(Vertical):
    """One question's answer. The box keeps the focus unless the grid is open; both hold the same answer."""

    box = getters.query_one(AnswerBox)
    preview = getters.query_one(AnswerPreview)
    grid = getters.query_one(AnswerGrid)
    prompt = getters.query_one(Prompt)

    DEFAULT_CSS = """
    AnswerArea { height: auto; }
    AnswerArea > Horizontal { height: 1; }
    AnswerArea > AnswerGrid { display: none; }
    .-tall AnswerArea > AnswerGrid { margin: 1 0; }
    AnswerArea.-grid > AnswerGrid { display: block; }
    """

    @dataclass
    class Edited(Message):
        """The text has changed under the learner's hands; bubbles."""

    def __init__(
        self, read: Reader, answer: Callable[[str], None], id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._read = read
        self._answer = answer
        self._question: Question | None = None

    def compose(self) -> ComposeResult:
        """Prompt and box on one row, the grid under them, then what was understood."""
        with Horizontal():
            yield Prompt()
            yield AnswerBox(self._answer)
        yield AnswerGrid()
        yield AnswerPreview()

    def on_mount(self) -> None:
        """Follow the box directly: a message would come a frame late."""
        for box in self.query(AnswerBox):  # none where the screen has already gone again
            self.watch(box, "value", self._typed, init=False)

    @property
    def has_grid(self) -> bool:
        """The grid is open."""
        return self.has_class("-grid")

    def ask(self, question: Question, draft: str = "") -> None:
        """An empty box (or a draft) for this question."""
        self._question = question
        self.remove_class("-grid")
        # Lines with names of their own are no answer "=" to a formula.
        symbol = "" if question.entered.names_itself else question.symbol
        self.prompt.show(question.prompt, symbol)
        self.box.disabled = False
        self.box.fill(draft)
        self._typed(draft)
        self.focus_here()

    def close(self) -> None:
        """Nothing is asked any more."""
        self._question = None
        self.remove_class("-grid")
        self.box.disabled = True
        self.display = False

    def focus_here(self) -> None:
        """Put the focus where the learner types."""
        (self.grid if self.has_grid else self.box).focus(scroll_visible=False)

    # While typing

    def _typed(self, text: str) -> None:
        column = self.prompt.render().cell_length - 1
        self.preview.clear(column)
        if self._question is not None and text.strip():
            self._understand(text)
        self.post_message(self.Edited())

    def _understand(self, text: str) -> None:
        read = self._read(text)
        if read.span is not None and read.message is not None:
            column = self.box.column_of(read.span.start)
            self.preview.show_trouble(read.message, None if self.has_grid else column)
        else:
            self.preview.show_reading(read.text, read.shape, read.value, read.message)

    def select(self, start: int = 0, end: int | None = None) -> None:
        """Typing replaces this part, arrows keep it for mending; without bounds the whole answer."""
        self.box.selection = Selection(start, len(self.box.value) if end is None else end)

    def select_word(self, start: int, end: int) -> None:
        """Typing replaces this part as far as words go, so that nothing of one is left over."""
        text = self.box.value
        while 0 < start <= len(text) and _in_word(text[start - 1]) and start < len(text) and _in_word(text[start]):
            start -= 1
        while 0 < end < len(text) and _in_word(text[end - 1]) and _in_word(text[end]):
            end += 1
        self.select(start, end)

    # The grid

    def open_grid(self, shape: tuple[int, ...] | None) -> None:
        """Cells of `shape`, or (None) a grid that the learner shapes, with what is in the box already."""
        self.grid.begin(shape, cells_of(self.box.value))
        self.add_class("-grid")
        self.grid.focus(scroll_visible=False)

    def close_grid(self) -> None:
        """Back to the box, which has the same answer."""
        self.remove_class("-grid")
        self.focus_here()

    def mark(self, wrong: Collection[tuple[int, ...]]) -> None:
        """Mark the entries of the grid that are off."""
        self.grid.mark(wrong)

    def on_answer_grid_changed(self, event: AnswerGrid.Changed) -> None:
        """The box holds what the grid holds."""
        event.stop()
        self.box.fill(event.text)

    def on_answer_grid_submitted(self, event: AnswerGrid.Submitted) -> None:
        """Enter in a full grid is Enter in the box."""
        event.stop()
        self._answer(self.box.value)


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"
