"""What can go wrong in the engine, as one family of exceptions."""

from tutor.expr.tree import Span
from tutor.text import Message


class EngineError(ValueError):
    """A graph that cannot be built or run.

    `message` says why; `node` names the place (None: the whole graph) and `span` where in its formula the fault lies.
    """

    def __init__(self, message: Message, node: str | None = None, span: Span | None = None) -> None:
        super().__init__(message.id, dict(message.params))
        self.message = message
        self.node = node
        self.span = span


class ShapeError(EngineError):
    """Shapes that an op cannot take; the message names the op, the shapes and the rule broken.

    `operand` is the number of the input that fits once it is transposed, where one does.
    """

    operand: int | None = None


class NotComputableError(EngineError):
    """A slip that makes no sense at the shapes or values at hand (a product whose inner sizes differ)."""
