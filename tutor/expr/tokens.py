"""The typed text as tokens, each with its place in the text; the names in scope decide what is a gradient."""

from lark import Token
from lark.exceptions import UnexpectedCharacters

from tutor.expr.foreign_characters import foreign_character
from tutor.expr.grammar import parser
from tutor.expr.limits import check_count, check_nesting
from tutor.expr.scope import Scope
from tutor.expr.spelling import Spelling
from tutor.expr.tree import Span

OPENING = {"LPAR": "RPAR", "LSQB": "RSQB"}
# What a value may end with, so that a bracket behind it is a call or an index.
_COMPLETE = frozenset({"NUMBER", "FRACTION", "NAME", "GRADIENT", "TRANSPOSE", "SUPERSCRIPT", "RPAR", "RSQB", "TEXT"})


def tokens_of(spelling: Spelling, scope: Scope) -> list[Token]:
    """Tokens whose positions are offsets in the text as typed; raises ParseError at a character with no meaning."""
    read: list[Token] = []
    level = 0
    try:
        for token in parser().lex(spelling.text):
            span = spelling.span(token.start_pos or 0, token.end_pos or 0)
            read.append(_token(token.type, str(token), span))
            level += (token.type in OPENING) - (token.type in OPENING.values())
            check_nesting(level, span)
            check_count(len(read), span)
    except UnexpectedCharacters as error:
        raise foreign_character(spelling, error.pos_in_stream or 0, scope) from None
    return _combined(read, scope)


def _combined(read: list[Token], scope: Scope) -> list[Token]:
    """`dh/dz`, `dz` and `^T`, which only the names in scope tell from a quotient, a name and a power."""
    found: list[Token] = []
    position = 0
    while position < len(read):
        token, rest = read[position], read[position : position + 4]
        if token.type == "NAME" and _is_quotient(rest, scope):
            found.append(_merged("GRADIENT", rest[:3]))
            position += 3
        elif token.type == "NAME" and _is_gradient(rest, scope):
            found.append(_merged("GRADIENT", rest[:1]))
            position += 1
        elif token.type == "POWER" and len(rest) > 1 and _is_turn(rest[1], scope):
            found.append(_merged("TRANSPOSE", rest[:2]))
            position += 2
        else:
            found.append(token)
            position += 1
    return found


def _is_quotient(rest: list[Token], scope: Scope) -> bool:
    if len(rest) < 3 or rest[1].type != "DIVIDE" or rest[2].type != "NAME":
        return False
    touching = rest[0].end_pos == rest[1].start_pos and rest[1].end_pos == rest[2].start_pos
    return touching and _is_gradient(rest, scope) and _is_gradient(rest[2:], scope)


def _is_gradient(rest: list[Token], scope: Scope) -> bool:
    name, follows = str(rest[0]), rest[1].type if len(rest) > 1 else ""
    if name[0] not in "d∂" or name[1:] not in scope.gradients or scope.knows(name):
        return False
    # `dot(a, b)` with a node `ot`, and the keyword of a call, stay what they are.
    return not (follows == "EQUALS" or (follows == "LPAR" and name in scope.functions))


def _is_turn(token: Token, scope: Scope) -> bool:
    """Is what stands behind a `^` a T for transpose?"""
    return token == "ᵀ" or (token == "T" and not scope.knows("T"))


def with_lists(tokens: list[Token]) -> list[Token]:
    """The tokens with `(1, 2)` as `[1, 2]`: in an answer a comma in round brackets can mean nothing but a list."""
    found = list(tokens)
    opened: list[tuple[int, bool]] = []  # where a bracket was opened, and whether it is round and groups a value
    several: set[int] = set()
    for place, token in enumerate(tokens):
        if token.type in OPENING:
            behind_value = place > 0 and tokens[place - 1].type in _COMPLETE
            opened.append((place, token.type == "LPAR" and not behind_value))
        elif token.type in ("COMMA", "SEMICOLON") and opened:
            several.add(opened[-1][0])
        elif token.type in OPENING.values() and opened:
            start, groups = opened.pop()
            if groups and start in several and token.type == "RPAR":
                found[start], found[place] = _retyped("LSQB", tokens[start]), _retyped("RSQB", token)
    return found


def _retyped(type: str, token: Token) -> Token:
    return _token(type, str(token), Span(token.start_pos or 0, token.end_pos or 0))


def _merged(type: str, pieces: list[Token]) -> Token:
    span = Span(pieces[0].start_pos or 0, pieces[-1].end_pos or 0)
    return _token(type, "".join(pieces), span)


def _token(type: str, text: str, span: Span) -> Token:
    return Token(type, text, start_pos=span.start, end_pos=span.end)
