"""A mistake that explains a wrong answer."""

from dataclasses import dataclass

from tutor.text import Message


@dataclass(frozen=True, slots=True)
class Found:
    """A mistake that may be named: its id (`"a | b"` for two that fit equally), the line, and what to say."""

    id: str
    node: str
    message: Message
