"""A character that has no meaning here: what the learner probably meant, and how to write it."""

import re

from tutor.expr.errors import ParseError
from tutor.expr.scope import Scope
from tutor.expr.spelling import Spelling, shortened
from tutor.expr.tree import Span
from tutor.text import Message, msg

_BEFORE = re.compile(r"[^\W\d]\w*$")
_LIBRARIES = frozenset({"np", "numpy", "jnp", "jax", "torch", "tf", "math", "sp", "sympy", "F", "nn"})
_ATTRIBUTE = re.compile(r"\.\s*([^\W\d]\w*)(\s*\()?")


def foreign_character(spelling: Spelling, position: int, scope: Scope) -> ParseError:
    """The error for the character at `position` of the text in the grammar's letters."""
    letter = spelling.text[position]
    if letter == "." and (found := _ATTRIBUTE.match(spelling.text, position)):
        library = _BEFORE.search(spelling.text, 0, position)
        if library is not None and library.group() in _LIBRARIES and not scope.knows(library.group()):
            known = {"library": library.group(), "name": found.group(1)}
            return ParseError(msg("expr.attribute-library", **known), spelling.span(library.start(), position + 1))
        return ParseError(_attribute(found, scope), spelling.span(position, found.end(1)))
    span = spelling.span(position, position + 1)
    return ParseError(_message(letter, spelling.typed[slice(*span)]), Span(span.start, max(span.end, span.start + 1)))


def _attribute(found: re.Match[str], scope: Scope) -> Message:
    name = found.group(1)
    if name in {"t", "transpose"}:
        return msg("expr.attribute-transpose", name=name)
    if name in scope.functions:
        return msg("expr.attribute-function", name=name)
    return msg("expr.attribute", name=shortened(name))


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
