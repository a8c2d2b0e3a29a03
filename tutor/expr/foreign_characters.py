"""A character that has no meaning here: what the learner probably meant, and how to write it."""

from tutor.expr.errors import ParseError
from tutor.expr.spelling import Spelling
from tutor.expr.tree import Span
from tutor.text import Message, msg


def foreign_character(spelling: Spelling, position: int) -> ParseError:
    """The error for the character at `position` of the text in the grammar's letters."""
    letter = spelling.text[position]
    span = spelling.span(position, position + 1)
    return ParseError(_message(letter, spelling.typed[slice(*span)]), Span(span.start, max(span.end, span.start + 1)))


def _message(letter: str, typed: str) -> Message:
    match letter:
        case "%" | "٪" | "‰":
            return msg("expr.percent")
        case "'":
            return msg("expr.prime")
        case '"':
            return msg("expr.unclosed-text")
        case "|" | "‖":
            return msg("expr.bars")
        case "√":
            return msg("expr.root")
        case "∞":
            return msg("expr.infinity", name=typed)
        case "{" | "}":
            return msg("expr.braces")
        case "$" | "\\":
            return msg("expr.latex")
        case "⊗":
            return msg("expr.outer-sign", symbol=typed)
        case "∑" | "∏" | "∇" | "∫":
            return msg("expr.symbol", symbol=typed)
    return msg("expr.unreadable-character", character=typed if typed.isprintable() else f"U+{ord(letter):04X}")
