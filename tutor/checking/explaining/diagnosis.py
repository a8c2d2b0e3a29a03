"""A mistake that explains a wrong answer."""

from dataclasses import dataclass

from tutor.text import Message


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A mistake that may be named: its id (`"a | b"` for two that fit equally), the line, and what to say.

    Without an id it is what can be said where more mistakes fit than may be offered.
    """

    id: str | None
    node: str | None
    message: Message
