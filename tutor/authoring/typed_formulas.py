"""What an author types behind `--from`: one or more formulas with `;` between them, with or without a name."""

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.authoring.declarations import UnclearError
from tutor.authoring.line_splitting import free_name
from tutor.engine.compile import callables
from tutor.expr import ParseError, Scope, Tree, names_in, one_spelling, parse
from tutor.text import msg


@dataclass(frozen=True, slots=True)
class _Piece:
    """One formula and the offsets at which its name and its right side begin."""

    name: str
    start: int
    text: str
    offset: int


def formulas(text: str) -> list[tuple[str, Tree]]:
    """The formulas by name, in order; one without a name is called f. Raises UnclearError."""
    found: list[tuple[str, Tree]] = []
    for piece in _pieces(one_spelling(text)):
        try:
            tree = parse(piece.text, Scope(None, callables({piece.name}), frozenset()))
        except ParseError as error:
            raise UnclearError(error.message, text, piece.offset + error.span.start) from None
        found.append((piece.name, tree))
        if piece.name and sum(name == piece.name for name, _ in found) > 1:
            raise UnclearError(msg("authoring.formula-twice", name=piece.name), text, piece.start)
    if not found:
        raise UnclearError(msg("authoring.no-formula"), text)
    taken = {name for each, tree in found for name in (each, *names_in(tree)) if name}
    named = []
    for name, tree in found:
        called = name or free_name("f", taken)
        taken.add(called)
        named.append((called, tree))
    return named


def _pieces(text: str) -> Iterator[_Piece]:
    start = depth = 0
    equals = -1
    for k, character in enumerate(text + ";"):
        depth += (character in "([") - (character in ")]")
        if (
            character == "="
            and depth == 0
            and equals < 0
            and text[k + 1 : k + 2] != "="
            and text[k - 1 : k] not in "<>!="
        ):
            equals = k
        elif character in ";\n" and (depth <= 0 or k == len(text)):
            if text[start:k].strip():
                yield _piece(text, start, k, equals)
            start, equals, depth = k + 1, -1, 0


def _piece(text: str, start: int, end: int, equals: int) -> _Piece:
    if equals < 0:
        return _Piece("", start, text[start:end], start)
    name = text[start:equals].strip()
    if not name.isidentifier():
        raise UnclearError(msg("authoring.not-a-line-name", name=name), text, start)
    if not text[equals + 1 : end].strip():
        raise UnclearError(msg("authoring.no-formula"), text, equals)
    return _Piece(name, start, text[equals + 1 : end], equals + 1)
