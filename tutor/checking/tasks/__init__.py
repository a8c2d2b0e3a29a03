"""Question kinds that do not ask for a gradient: one module each judges answers, previews them and gives hints."""

from collections.abc import Mapping
from typing import Protocol

from tutor.checking.tasks import (
    choose,
    count,
    decompose,
    derive,
    difference,
    entry,
    find_slip,
    order,
    predict,
    rule,
    saves,
    tangent,
    update,
)
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
    "choose": choose,
    "count": count,
    "difference": difference,
    "predict": predict,
    "saves": saves,
    "tangent": tangent,
    "update": update,
    "decompose": decompose,
    "derive": derive,
    "entry": entry,
    "find-slip": find_slip,
    "rule": rule,
}
