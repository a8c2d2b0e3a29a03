"""The grammar at work: lark's lexer and parser, and the tree they build (import it late: lark takes 60 ms)."""

from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import pairwise

from lark import Lark, Token, Transformer, v_args
from lark.lexer import BasicLexer

from tutor.expr.errors import ParseError
from tutor.expr.numerals import numeral
from tutor.expr.spelling import FRACTIONS, SUPERSCRIPTS, first_few
from tutor.expr.tree import (
    DTYPE,
    ArrayLiteral,
    Binary,
    Boolean,
    Call,
    EllipsisIndex,
    Gradient,
    Keyword,
    Name,
    Negation,
    Number,
    Part,
    Slice,
    Span,
    Subscript,
    Text,
    Transposed,
    Tree,
)
from tutor.text import msg

_OPERATORS = {"**": "^", **dict.fromkeys("⊙∘·×", "*"), "≤": "<=", "≥": ">=", "≠": "!="}


@cache
def parser() -> Lark:
    """The parser, built once: 20 ms."""
    grammar = files("tutor.expr").joinpath("grammar.lark").read_text("utf-8")
    start = ["expression", "answer"]
    made = Lark(grammar, parser="lalr", lexer="basic", start=start, transformer=_Builder(), maybe_placeholders=True)
    made.lexer = BasicLexer(made.lexer_conf)  # else `lex` builds one for every text
    return made


def span_of(piece: Token | Part) -> Span:
    """Where a token or a part of the tree stands in the typed text."""
    return Span(piece.start_pos or 0, piece.end_pos or 0) if isinstance(piece, Token) else piece.span


@v_args(inline=True)
class _Builder(Transformer[Token, Tree]):
    """One method a rule of the grammar, called as soon as the rule has been read."""

    def expression(self, value: Tree) -> Tree:
        return value

    def answer(self, rows: list[list[Tree]]) -> Tree:
        if len(rows) == 1 and len(rows[0]) == 1:
            return rows[0][0]
        return array_of(rows, Span(rows[0][0].span.start, rows[-1][-1].span.end))

    def binary(self, left: Tree, operator: Token, right: Tree) -> Tree:
        return Binary(_OPERATORS.get(operator, str(operator)), left, right, span=_across(left, right))

    def sign(self, sign: Token, operand: Tree) -> Tree:
        span = _across(sign, operand)
        return Negation(operand, span=span) if sign == "-" else replace(operand, span=span)

    def transpose(self, operand: Tree, mark: Token) -> Tree:
        span = _across(operand, mark)
        if isinstance(operand, Number):
            raise ParseError(msg("expr.transposed-number", number=operand.text), span)
        return Transposed(operand, span=span)

    def superscript(self, base: Tree, raised: Token) -> Tree:
        digits = "".join(SUPERSCRIPTS[letter] for letter in raised)
        exponent: Tree = numeral(digits.lstrip("+-"), span_of(raised))
        if digits.startswith("-"):
            exponent = Negation(exponent, span=span_of(raised))
        return Binary("^", base, exponent, span=_across(base, raised))

    def index(self, operand: Tree, *rest: Token | Tree | Slice | EllipsisIndex) -> Tree:
        items = tuple(item for item in rest if not isinstance(item, Token))
        return Subscript(operand, items, span=_across(operand, rest[-1]))

    def slice(self, start: Tree | None, colon: Token, stop: Tree | None, *step: Token | Tree | None) -> Slice:
        pieces = [piece for piece in (start, colon, stop, *step) if piece is not None]
        last = step[-1] if step else None
        by = None if isinstance(last, Token) else last
        return Slice(start, stop, by, span=_across(pieces[0], pieces[-1]))

    def dots(self, dots: Token) -> EllipsisIndex:
        return EllipsisIndex(span=span_of(dots))

    def number(self, digits: Token) -> Tree:
        return numeral(str(digits), span_of(digits))

    def fraction(self, sign: Token) -> Tree:
        over, under = FRACTIONS[str(sign)]
        return Number(str(sign), over / under, span=span_of(sign))

    def name(self, name: Token) -> Tree:
        return Name(str(name), span=span_of(name))

    def gradient(self, token: Token) -> Tree:
        of, _, wrt = str(token).rpartition("/")
        return Gradient(of[1:] or None, wrt[1:], span=span_of(token))

    def group(self, opening: Token, value: Tree, closing: Token) -> Tree:
        return replace(value, span=_across(opening, closing))

    def array(self, opening: Token, rows: list[list[Tree]], closing: Token) -> Tree:
        return array_of(rows, _across(opening, closing))

    def rows(self, *rows: Token | list[Tree]) -> list[list[Tree]]:
        return [row for row in rows if not isinstance(row, Token)]

    def row(self, *values: Token | Tree) -> list[Tree]:
        return [value for value in values if not isinstance(value, Token)]

    def call(self, function: Token, *rest: Token | Tree | Keyword) -> Tree:
        given = [part for part in rest if not isinstance(part, Token)]
        keywords = tuple(part for part in given if isinstance(part, Keyword))
        for before, after in pairwise(given):
            if isinstance(before, Keyword) and not isinstance(after, Keyword):
                raise ParseError(msg("expr.positional-after-keyword", keyword=before.name), after.span)
        for position, keyword in enumerate(keywords):
            if keyword.name in {earlier.name for earlier in keywords[:position]}:
                raise ParseError(msg("expr.keyword-twice", keyword=keyword.name), keyword.span)
        arguments = tuple(part for part in given if not isinstance(part, Keyword))
        return Call(str(function), arguments, keywords, span=_across(function, rest[-1]))

    def attribute(self, operand: Tree, name: Token) -> Tree:
        return Call(f"..{str(name)[1:].strip()}", (operand,), span=_across(operand, name))

    def method(self, operand: Tree, name: Token, *rest: Token | Tree | Keyword) -> Tree:
        return self.call(Token("NAME", f".{str(name)[1:].strip()}", start_pos=span_of(operand).start), operand, *rest)

    def keyword(self, name: Token, equals: Token, value: Tree) -> Keyword:
        if isinstance(value, Name) and value.name.lower() in {"true", "false"}:
            value = Boolean(value.name.lower() == "true", span=value.span)
        if not _literal(value) and not (name == DTYPE and isinstance(value, Name)):
            raise ParseError(msg("expr.keyword-not-literal", keyword=str(name)), value.span)
        return Keyword(str(name), value, span=_across(name, value))

    def text(self, quoted: Token) -> Tree:
        return Text(str(quoted)[1:-1], span=span_of(quoted))


def array_of(rows: list[list[Tree]], span: Span) -> ArrayLiteral:
    """`1, 2` as a vector, `1, 2; 3, 4` as a matrix; raises ParseError where rows differ in length."""
    if len(rows) == 1:
        array = ArrayLiteral(tuple(rows[0]), span=span)
    elif all(len(row) == 1 and isinstance(row[0], ArrayLiteral) for row in rows):  # [1, 2]; [3, 4]
        array = ArrayLiteral(tuple(row[0] for row in rows), span=span)
    else:
        made = (ArrayLiteral(tuple(row), span=_across(row[0], row[-1])) for row in rows)
        array = ArrayLiteral(tuple(made), span=span)
    check_rows(array)
    return array


def check_rows(array: ArrayLiteral) -> None:
    """Refuse rows of different lengths, by the numbers of their entries; raises ParseError."""
    lengths = [len(row.items) if isinstance(row, ArrayLiteral) else None for row in array.items]
    written = [length for length in lengths if length is not None]
    if len(set(written)) > 1:
        raise ParseError(msg("expr.ragged", lengths=first_few([str(length) for length in written])), array.span)
    single = next((row for row in array.items if isinstance(row, Number | Negation)), None)
    if written and single is not None:
        raise ParseError(msg("expr.ragged-single"), single.span)


def _literal(value: Part) -> bool:
    if isinstance(value, Negation):
        return isinstance(value.operand, Number)
    if isinstance(value, ArrayLiteral):
        return all(_literal(item) for item in value.items)
    return isinstance(value, Number | Text | Boolean)


def _across(first: Token | Part, last: Token | Part) -> Span:
    return Span(span_of(first).start, span_of(last).end)
