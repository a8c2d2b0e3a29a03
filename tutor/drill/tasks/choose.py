"""`choose: {question: .., options: [..], right: 2, why: [..]}`: an option's number, each with its own explanation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tutor.drill.question import TaskQuestion
from tutor.drill.tasks.asked import Asked
from tutor.text import Localised, msg
from tutor.text.numbers import show


@dataclass(frozen=True, slots=True)
class Choose:
    """The options, the number of the right one from 1, and an explanation for each, if the lesson has them."""

    options: tuple[Localised, ...]
    right: int
    why: tuple[Localised, ...]

    @property
    def answer(self) -> int:
        """The right option's number."""
        return self.right

    @property
    def terms(self) -> tuple[object, ...]:
        """How many options there are, and which is right."""
        return (len(self.options), self.right)


def build(asked: Asked) -> TaskQuestion:
    """The question and its options are details; what is typed is a number."""
    options = asked.ask.options
    task = Choose(
        tuple(_text(option) for option in options["options"]),
        options["right"],
        tuple(_text(why) for why in options["why"] or ()),
    )
    shown = [msg("drill.option", number=k, text=option) for k, option in enumerate(task.options, start=1)]
    return asked.question(
        str(asked.nth),
        task,
        symbol="#",
        prompt=msg("drill.prompt-choose"),
        typed=str(task.right),
        skills=(),
        details=(msg("drill.about-choose", question=_text(options["question"])), *shown),
    )


def _text(value: Any) -> Localised:
    """A text of the lesson in its languages; an option may be a number."""
    if isinstance(value, Mapping):
        return Localised(value["en"], value["zh"])
    return Localised(value if isinstance(value, str) else show(value))
