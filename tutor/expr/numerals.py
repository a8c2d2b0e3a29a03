"""Digits to numbers."""

from math import isinf

from tutor.expr.errors import ParseError
from tutor.expr.tree import Number, Span
from tutor.text import msg


def numeral(digits: str, span: Span) -> Number:
    """The number that `digits` spell; raises ParseError where it is too large for a float."""
    value = float(digits)
    if isinf(value):
        raise ParseError(msg("expr.number-too-large"), span)
    return Number(digits, value, span=span)
