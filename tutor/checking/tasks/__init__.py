"""Question kinds that do not ask for a gradient: one module each judges answers, previews them and gives hints."""

from collections.abc import Mapping
from typing import Protocol

from tutor.checking.tasks import order
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, TaskQuestion
from tutor.text import Message


class Kind(Protocol):
    """What a module of a kind offers; `check` and `preview` may raise ParseError and EvaluationError."""

    def check(self, drill: Drill, question: TaskQuestion, text: str) -> Verdict:
        """The verdict on a typed answer."""

    def preview(self, drill: Drill, question: TaskQuestion, text: str) -> Preview:
        """What was understood of a text so far."""

    def hints(self, drill: Drill, question: TaskQuestion) -> list[Message]:
        """The five rungs; the last is the answer."""


KINDS: Mapping[str, Kind] = {
    "order": order,
}
