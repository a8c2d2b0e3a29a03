"""Tables of numbers, read before the parser: in `1 -2; 3 4` the spaces set entries apart, they do not subtract."""

import re
from dataclasses import dataclass

from tutor.expr.errors import ParseError
from tutor.expr.limits import MAX_NUMBERS, check_count
from tutor.expr.numerals import numeral
from tutor.expr.spelling import Spelling, first_few, spell
from tutor.expr.tree import ArrayLiteral, Negation, Span, Tree
from tutor.text import Message, msg

_PIECE = re.compile(
    r"(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)(?=[\s;,\[\]]|$)"
    r"|(?P<end>;|\n)|(?P<comma>,)|(?P<open>\[)|(?P<close>\])|(?P<space>[^\S\n]+)"
)
_COMMA_WITHIN = re.compile(r"(?<![0-9.,])([0-9]+),([0-9]+)(?![0-9.]|,[0-9])")
_THOUSANDS = re.compile(r"\s*[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?\s*")
_DECIMAL_COMMA = re.compile(r"\s*([+-]?)([0-9]+),([0-9]+)\s*")


def read_table(spelling: Spelling) -> Tree | ParseError | None:
    """The array, if the whole text is a table of signed decimals: in brackets, with a `;` or on several lines.

    None if it is not; the error to raise, if the text means nothing else either, where rows differ in length.
    """
    pieces = _pieces(spelling)
    if pieces is None:
        return None
    bracketed = bool(pieces) and pieces[0][0] == "open"
    if not bracketed and not any(kind == "end" for kind, _, _ in pieces):
        return None
    if bracketed and pieces[-1][0] != "close":
        return None
    rows = _rows(pieces[1:-1] if bracketed else pieces)
    flat = not any(kind == "open" for kind, _, _ in pieces[1:])
    return None if not rows else _array(rows, bracketed, flat, Span(pieces[0][2].start, pieces[-1][2].end))


def decimal_comma(text: str) -> Message | None:
    """What to say about `0,42`, which is read as two numbers; None if the text is nothing of the kind."""
    spelt = spell(text).text
    found, grouped = _DECIMAL_COMMA.fullmatch(spelt), _THOUSANDS.fullmatch(spelt)
    if found is None:
        return None if grouped is None else msg("expr.thousands", typed=text.strip(), plain=_without_commas(spelt))
    sign, whole, decimals = found.groups()
    if grouped is not None:
        known = {"typed": text.strip(), "plain": _without_commas(spelt), "meant": f"{sign}{whole}.{decimals}"}
        return msg("expr.thousands-or-decimals", **known)
    return msg("expr.decimal-comma", typed=text.strip(), meant=f"{sign}{whole}.{decimals}")


def _without_commas(text: str) -> str:
    return text.strip().replace(",", "")


def decimal_commas(text: str, count: int) -> Message | None:
    """What to say about `[0,5 1,5]` where `count` numbers are asked: None unless it is as many with points for commas.

    Only a comma between two digits can be meant as a point, and of `1,2,3` none can.
    """
    pointed, found = _COMMA_WITHIN.subn(r"\1.\2", spell(text).text.strip())
    pieces = _pieces(spell(pointed)) if found else None
    if pieces is None or sum(kind == "number" for kind, _, _ in pieces) != count:
        return None
    if not any(kind in ("open", "end", "comma") for kind, _, _ in pieces):
        pointed = f"[{pointed}]"  # spaces set entries apart in brackets alone
    return msg("expr.decimal-commas", meant=pointed)


_Piece = tuple[str, str, Span]


def _pieces(spelling: Spelling) -> list[_Piece] | None:
    found: list[_Piece] = []
    numbers = 0
    position, end = 0, len(spelling.text.rstrip())
    while position < end:
        match = _PIECE.match(spelling.text, position, end)
        if match is None:
            return None
        if match.lastgroup != "space":
            found.append((match.lastgroup or "", match.group(), spelling.span(*match.span())))
            numbers += match.lastgroup == "number"
            check_count(numbers, found[-1][2], MAX_NUMBERS)
        position = match.end()
    while found and found[0][1] == "\n":
        found.pop(0)
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    """The entries of a row, and where it stands: with its brackets, if it has its own."""

    entries: list[Tree]
    span: Span


def _rows(pieces: list[_Piece]) -> list[_Row] | None:
    """Rows between `;` and line ends, or each in brackets of its own as NumPy prints them; None for anything else."""
    nested = any(kind == "open" for kind, _, _ in pieces)
    commas = any(kind == "comma" for kind, _, _ in pieces)
    rows: list[_Row] = []
    entries: list[Tree] = []
    level, start, before = 0, 0, ""
    for kind, text, span in pieces:
        level += (kind == "open") - (kind == "close")
        continued = kind == "end" and text == "\n" and before == "comma"
        if kind == "comma" and before not in ("number", "close"):
            return None
        if commas and (before, kind) in (("number", "number"), ("close", "open")):
            return None  # `1 -2, 3` subtracts
        if not continued:
            before = kind
        if kind == "comma" or continued:
            continue
        if kind == "open":
            start = span.start
        if kind == "number" and level == nested:
            entries.append(_number(text, span))
        elif kind == "number" or level not in (0, 1) or (kind == "end" and text == ";" and (nested or not entries)):
            return None
        elif kind in ("end", "close") and entries and level == 0:
            rows.append(_Row(entries, Span(start, span.end) if nested else _across(entries)))
            entries = []
    if entries:
        rows.append(_Row(entries, _across(entries)))
    return rows if level == 0 else None


def _array(rows: list[_Row], bracketed: bool, flat: bool, span: Span) -> Tree | ParseError:
    lengths = [len(row.entries) for row in rows]
    if len(set(lengths)) > 1:
        return ParseError(msg("expr.ragged", lengths=first_few([str(length) for length in lengths])), span)
    first = rows[0].entries
    if len(rows) == 1 and not bracketed and len(first) == 1:
        return first[0]
    if len(rows) == 1 and flat:
        return ArrayLiteral(tuple(first), span=span)
    return ArrayLiteral(tuple(ArrayLiteral(tuple(row.entries), span=row.span) for row in rows), span=span)


def _number(text: str, span: Span) -> Tree:
    digits = text.lstrip("+-")
    if text.startswith("-"):
        return Negation(numeral(digits, Span(span.end - len(digits), span.end)), span=span)
    return numeral(digits, span)


def _across(row: list[Tree]) -> Span:
    return Span(row[0].span.start, row[-1].span.end)
