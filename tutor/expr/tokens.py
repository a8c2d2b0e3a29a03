"""The typed text as tokens, each with its place in the text; the names in scope decide what is a gradient."""

from lark import Token
from lark.exceptions import UnexpectedCharacters

from tutor.expr.foreign_characters import foreign_character
from tutor.expr.grammar import parser
from tutor.expr.library_calls import LIBRARIES
from tutor.expr.limits import check_count, check_nesting
from tutor.expr.scope import Scope
from tutor.expr.spelling import Spelling
from tutor.expr.tree import Span

OPENING = {"LPAR": "RPAR", "LSQB": "RSQB"}
# What a value may end with, so that a bracket behind it is a call or an index.
_POSTFIXES = frozenset({"TRANSPOSE", "SUPERSCRIPT", "ATTRIBUTE"})
_COMPLETE = _POSTFIXES | {"NUMBER", "FRACTION", "NAME", "GRADIENT", "RPAR", "RSQB", "TEXT"}
# What stands in front of a node's name where its gradient is meant, besides `d` and `∂`, and for a loss without a name.
_GRADIENT_OF = ("d_", "∂_", "δ_", "δ", "delta_", "grad_", "∇", "∇_", "up_", "upstream_")
_GRADIENT_WORDS = frozenset({"grad", "nabla", "gradient"})
_A_LOSS = frozenset({"L", "J", "E", "C", "loss", "Loss", "cost"})


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
        raise foreign_character(spelling, error.pos_in_stream or 0) from None
    return _combined(read, scope)


def _combined(read: list[Token], scope: Scope) -> list[Token]:
    """`dh/dz`, `δz`, `z.grad`, `np.sum` and `^T`, which only the names in scope tell from what else they might be."""
    found: list[Token] = []
    position = 0
    while position < len(read):
        token, rest = read[position], read[position : position + 4]
        taken, made = 1, token
        if token.type == "NAME":
            taken, made = _named(rest, scope) or (1, token)
            if made is token and (dots := _dots_of_library(read, position, scope)):
                taken, made = dots, _merged("NAME", read[position : position + dots])
        elif token.type == "POWER" and len(rest) > 1 and _is_turn(rest[1], scope):
            taken, made = 2, _merged("TRANSPOSE", rest[:2])
        found.append(made)
        position += taken
    return found


def _named(rest: list[Token], scope: Scope) -> tuple[int, Token] | None:
    """A gradient that begins here, by the name under which it is known, and how many tokens spell it."""
    wrt = _wrt(rest, scope)
    if _touching(rest) and (below := _wrt(rest[2:], scope, plain=True)):
        if of := _wrt(rest, scope, plain=True):
            return 3, _gradient(f"d{of}/d{below}", rest[:3])
        letters = str(rest[0])
        if letters[0] in "d∂" and letters[1:] in _A_LOSS and not scope.knows(letters):
            return 3, _gradient(f"d{scope.loss}/d{below}" if scope.loss else f"d{below}", rest[:3])
    if wrt:
        return 1, _gradient(f"d{wrt}", rest[:1])
    if rest[0] in _GRADIENT_WORDS and not scope.knows(str(rest[0])) and len(rest) > 1 and rest[1] in scope.gradients:
        return 2, _gradient(f"d{rest[1]}", rest[:2])
    if len(rest) > 1 and rest[1].type == "ATTRIBUTE" and _after_dot(rest[1]) == "grad" and rest[0] in scope.gradients:
        return 2, _gradient(f"d{rest[0]}", rest[:2])
    return None


def _touching(rest: list[Token]) -> bool:
    if len(rest) < 3 or rest[1].type != "DIVIDE" or rest[2].type != "NAME":
        return False
    return rest[0].end_pos == rest[1].start_pos and rest[1].end_pos == rest[2].start_pos


def _wrt(rest: list[Token], scope: Scope, plain: bool = False) -> str | None:
    """The node whose gradient a name stands for, `plain` as `dz` or `∂z` only; None for any other name."""
    name, follows = str(rest[0]), rest[1].type if len(rest) > 1 else ""
    # `dot(a, b)` with a node `ot`, and the keyword of a call, stay what they are.
    if scope.knows(name) or follows == "EQUALS" or (follows == "LPAR" and name in scope.functions):
        return None
    if name[0] in "d∂" and name[1:] in scope.gradients:
        return name[1:]
    if plain:
        return None
    for before in _GRADIENT_OF:
        node = name.removeprefix(before)
        # Beside a node δ, δz is no gradient.
        if node != name and node in scope.gradients and before not in scope.gradients:
            return node
    return None


def _dots_of_library(read: list[Token], position: int, scope: Scope) -> int:
    """How many tokens spell a function with its library, as `np.sum` and `torch.nn.functional.relu`; else 0."""
    if read[position] not in LIBRARIES or scope.knows(str(read[position])):
        return 0
    end = position + 1
    while end < len(read) and read[end].type == "ATTRIBUTE":
        end += 1
    return end - position if end > position + 1 else 0


def _after_dot(token: Token) -> str:
    return str(token)[1:].strip()


def _gradient(name: str, pieces: list[Token]) -> Token:
    return _token("GRADIENT", name, Span(pieces[0].start_pos or 0, pieces[-1].end_pos or 0))


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
