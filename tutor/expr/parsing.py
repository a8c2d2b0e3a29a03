"""From typed text to a tree: of a lesson's line, of an answer."""

from typing import TYPE_CHECKING

from tutor.expr.errors import ParseError
from tutor.expr.known_names import check_names
from tutor.expr.library_calls import translated
from tutor.expr.limits import MAX_LENGTH, MAX_TABLE, check_length, check_tree
from tutor.expr.number_tables import read_table
from tutor.expr.scope import Scope
from tutor.expr.spelling import Spelling, spell
from tutor.expr.tree import Span, Tree
from tutor.text import msg

if TYPE_CHECKING:
    from lark import Token


def parse(text: str, scope: Scope) -> Tree:
    """The tree of one expression, with spans in `text` as typed; raises ParseError."""
    return read(_spelled(text), scope, "expression")


def parse_answer(text: str, scope: Scope) -> Tree:
    """The tree of an answer: an expression, rows without brackets (`1, 2; 3, 4`), a table (`1 -2; 3 4`).

    A list may stand in round brackets, too. Raises ParseError.
    """
    spelling = _spelled(text, MAX_TABLE)
    table = read_table(spelling)
    if table is not None and not isinstance(table, ParseError):
        return table
    try:
        check_length(text)
        return read(spelling, scope, "answer")
    except ParseError as error:
        raise table or error from None


def read(spelling: Spelling, scope: Scope, start: str) -> Tree:
    """The tree of a text in the grammar's letters, by one of the grammar's start rules; raises ParseError."""
    from tutor.expr.tokens import tokens_of, with_lists

    tokens = tokens_of(spelling, scope)
    if start == "answer":
        tokens = with_lists(tokens)
    tree = _parsed(tokens, scope, start, spelling.typed)
    check_tree(tree, spelling.typed)
    tree = translated(tree, scope)
    check_names(tree, scope, spelling.typed)
    return tree


def _parsed(tokens: "list[Token]", scope: Scope, start: str, typed: str) -> Tree:
    from lark import Token
    from lark.exceptions import UnexpectedToken

    from tutor.expr.grammar import parser
    from tutor.expr.syntax_messages import syntax_message

    state = parser().parse_interactive("", start=start)
    position = 0
    try:
        for position, token in enumerate(tokens):  # noqa: B007
            state.feed_token(token)
        position = len(tokens)
        tree: Tree = state.feed_token(Token("$END", ""))
    except UnexpectedToken:
        raise syntax_message(tokens, position, scope, start, typed) from None
    return tree


def _spelled(text: str, limit: int = MAX_LENGTH) -> Spelling:
    check_length(text, limit)
    spelling = spell(text)
    if not spelling.text.strip():
        raise ParseError(msg("expr.empty"), Span(0, len(text)))
    return spelling
