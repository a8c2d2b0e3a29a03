"""What a view is made of: sentences, and formulas with the rule that leads to each."""

from dataclasses import dataclass
from typing import TypeAlias

from tutor.text import Message


@dataclass(frozen=True, slots=True)
class Step:
    """A line of mathematics, and the rules by which it follows from the line above."""

    text: str
    by: tuple[Message, ...] = ()


View: TypeAlias = tuple[Step | Message, ...]
