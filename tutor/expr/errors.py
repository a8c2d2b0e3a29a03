"""What can go wrong between typed text and a value, and where in the text."""

from tutor.expr.tree import Span
from tutor.text import Message


class ParseError(ValueError):
    """A text that cannot be read; `message` says what was expected, `span` where."""

    def __init__(self, message: Message, span: Span) -> None:
        super().__init__(message.id, dict(message.params), span)
        self.message = message
        self.span = span


class EvaluationError(ValueError):
    """An expression without a value; `message` says why, `span` which part of it."""

    def __init__(self, message: Message, span: Span) -> None:
        super().__init__(message.id, dict(message.params), span)
        self.message = message
        self.span = span
