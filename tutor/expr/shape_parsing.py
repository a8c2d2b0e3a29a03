"""Shapes as people write them: `(3, 2)`, `3x2`, `3 × 2`, `3 2`, `(3,)`, `()`, `scalar`, `(n, 2*m)`."""

import re

from tutor.expr.errors import ParseError
from tutor.expr.limits import check_length
from tutor.expr.parsing import read
from tutor.expr.scope import Scope
from tutor.expr.spelling import Spelling, spell
from tutor.expr.tree import Binary, Name, Negation, Number, Span, Tree, walk
from tutor.text import msg

_SCALAR = {"scalar", "标量", "()", "[]"}
_MAX_AXES = 16
# Between sizes: `×`, an x after a digit or set off by spaces, or nothing but spaces.
_BETWEEN = re.compile(r"(?<!\s)\s*×\s*|(?<=\d)\s*[xX]\s*(?=[\w(])|(?<=[\w)])\s+[xX]\s+(?=[\w(])|(?<=[\w)])\s+(?=[\w(])")


def parse_shape(text: str) -> tuple[int | str | Tree, ...]:
    """One entry an axis: a number, the name of a size, or a tree such as `2*m`; raises ParseError.

    Names are not checked, since the caller knows the sizes.
    """
    check_length(text)
    spelling = spell(text)
    if not spelling.text.strip():
        raise ParseError(msg("expr.shape-empty"), Span(0, len(text)))
    if re.sub(r"\s", "", spelling.text).lower() in _SCALAR:
        return ()
    pieces = _pieces(spelling.text)
    if len(pieces) > _MAX_AXES:
        raise ParseError(msg("expr.shape-unreadable"), Span(0, len(text)))
    return tuple(_size(piece, start, spelling) for start, piece in pieces)


def _pieces(text: str) -> list[tuple[int, str]]:
    """What stands between outer brackets and separators, each with its place; a last comma is ignored."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if text[start] + text[end - 1] in ("()", "[]") and _closes_at_the_end(text[start:end]):
        start, end = start + 1, end - 1
    # Every separator becomes a comma and blanks, of the same length, so that places stay.
    # Where there are commas, a × multiplies.
    sign = "*" if _has_comma(text[start:end]) else ","
    inside = _BETWEEN.sub(lambda found: _separator(found.group(), sign), text[start:end])
    pieces, level = [(start, "")], 0
    for position, letter in enumerate(inside, start):
        level += (letter in "([") - (letter in ")]")
        if letter == "," and level == 0:
            pieces.append((position + 1, ""))
        else:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + letter)
    return pieces[:-1] if len(pieces) > 1 and not pieces[-1][1].strip() else pieces


def _has_comma(text: str) -> bool:
    """Is there a comma outside brackets, with a size behind it?"""
    level = 0
    for letter in text.rstrip(" ,"):
        level += (letter in "([") - (letter in ")]")
        if letter == "," and level == 0:
            return True
    return False


def _separator(found: str, sign: str) -> str:
    return ("," if not found.strip() else sign).ljust(len(found))


def _closes_at_the_end(text: str) -> bool:
    level = 0
    for position, letter in enumerate(text):
        level += (letter in "([") - (letter in ")]")
        if level == 0:
            return position == len(text) - 1
    return False


def _size(piece: str, start: int, spelling: Spelling) -> int | str | Tree:
    if not piece.strip() or "," in piece:
        raise ParseError(msg("expr.shape-unreadable"), spelling.span(max(start - (not piece), 0), start + len(piece)))
    # Blanks in front keep the places of the whole text.
    tree = read(Spelling(" " * start + piece, spelling.typed, spelling.offsets), Scope(), "expression")
    for part in walk(tree):
        if not isinstance(part, Number | Name | Negation | Binary):
            raise ParseError(msg("expr.shape-unreadable"), part.span)
    match tree:
        case Number() if tree.value.is_integer():
            return int(tree.value)
        case Number() | Negation():
            raise ParseError(msg("expr.shape-not-whole"), tree.span)
        case Name():
            return tree.name
    return tree
