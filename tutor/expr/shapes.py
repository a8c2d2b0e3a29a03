"""Shapes as people write them: `(3, 2)`, `3x2`, `3 × 2`, `3 2`, `(3,)`, `()`, `scalar`, `(n, 2*m)`."""

import re

from tutor.expr.errors import ParseError
from tutor.expr.letters import Spelling, spell
from tutor.expr.limits import check_length
from tutor.expr.reading import read
from tutor.expr.scope import Scope
from tutor.expr.tree import Call, Index, Name, Negate, Number, Span, Tree, walk
from tutor.text import msg

_SCALAR = {"scalar", "标量", "()", "[]"}
# Between sizes: `×`, an x after a digit or set off by spaces, or nothing but spaces.
_BETWEEN = re.compile(r"\s*×\s*|(?<=\d)\s*[xX]\s*(?=[\w(])|(?<=[\w)])\s+[xX]\s+(?=[\w(])|(?<=[\w)])\s+(?=[\w(])")


def parse_shape(text: str) -> tuple[int | str | Tree, ...]:
    """One entry an axis: a number, the name of a size, or a tree such as `2*m`; raises ParseError.

    Names are not checked, since the caller knows the sizes.
    """
    check_length(text)
    spelling = spell(text)
    inside = _inside(spelling.text)
    if inside is None:
        raise ParseError(msg("expr.shape-empty"), Span(0, len(text)))
    return tuple(_size(spelling, start, end) for start, end in inside)


def _inside(text: str) -> list[tuple[int, int]] | None:
    """Where each size stands, without the outer brackets and a last comma; None where nothing was typed."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if start >= end:
        return None
    if re.sub(r"\s", "", text).lower() in _SCALAR:
        return []
    if text[start] + text[end - 1] in ("()", "[]") and _closes_at_the_end(text[start:end]):
        start, end = start + 1, end - 1
    # Same length, so that places stay: every separator becomes a comma and spaces.
    commas = text[:start] + _BETWEEN.sub(lambda found: ",".ljust(len(found.group())), text[start:end])
    commas = commas.rstrip()
    last = len(commas) - commas.endswith(",")
    return _between_commas(commas, start, last)


def _closes_at_the_end(text: str) -> bool:
    level = 0
    for position, letter in enumerate(text):
        level += (letter in "([") - (letter in ")]")
        if level == 0:
            return position == len(text) - 1
    return False


def _between_commas(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces, level = [], 0
    for position in range(start, end):
        level += (text[position] in "([") - (text[position] in ")]")
        if text[position] == "," and level == 0:
            pieces.append((start, position))
            start = position + 1
    return [*pieces, (start, end)]


def _size(spelling: Spelling, start: int, end: int) -> int | str | Tree:
    piece = spelling.text[start:end]
    if not piece.strip(" xX×"):
        raise ParseError(
            msg("expr.shape-unreadable"), spelling.span(min(start, len(spelling.text) - 1), max(end, start + 1))
        )
    # Blanks in front keep the places of the whole text.
    alone = Spelling(" " * start + piece, spelling.typed, spelling.offsets)
    tree = read(alone, Scope(), "expression")
    for part in walk(tree):
        if isinstance(part, Call | Index):
            raise ParseError(msg("expr.shape-unreadable"), part.span)
    match tree:
        case Number() if tree.value.is_integer():
            return int(tree.value)
        case Number() | Negate():
            raise ParseError(msg("expr.shape-not-whole"), tree.span)
        case Name():
            return tree.name
    return tree
