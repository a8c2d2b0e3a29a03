"""Typed text becomes a tree of allowed names and a value, or an error that says where and why not."""

from math import prod
from typing import Any

from tutor.checking.reading.answer_scope import AnswerScope
from tutor.engine import Run, ShapeError
from tutor.engine.function_table import function_table
from tutor.engine.rounding_noise import functions_at, settled_value
from tutor.expr import (
    EvaluationError,
    ParseError,
    PartValues,
    Scope,
    Span,
    Tree,
    decimal_comma,
    decimal_commas,
    evaluate,
    parse_answer,
)
from tutor.expr.tree import ArrayLiteral


def read(scope: AnswerScope, text: str) -> Tree:
    """The tree of an answer; raises ParseError for what cannot be read or may not be used here."""
    tree = read_numbers(text, scope.parser_scope, scope.question.shape)
    scope.check(tree)
    return tree


def read_numbers(text: str, scope: Scope, shape: tuple[int, ...]) -> Tree:
    """The tree of an answer of this shape; raises ParseError, which speaks of decimal commas where it can."""
    try:
        tree = parse_answer(text, scope)
    except ParseError:
        commas = decimal_commas(text, prod(shape))
        if commas is None:
            raise
        raise ParseError(commas, Span(0, len(text))) from None
    comma = decimal_comma(text)
    if comma is not None and shape == () and isinstance(tree, ArrayLiteral):
        raise ParseError(comma, Span(0, len(text)))
    return tree


def value_at(scope: AnswerScope, tree: Tree, run: Run) -> Any:
    """The value of an answer at a run, 0 where rounding alone keeps it from that; raises EvaluationError."""
    return settled_value(run, lambda there: evaluate(tree, scope.values(there), functions_at(there)))


def parts_at(scope: AnswerScope, run: Run) -> PartValues:
    """For the values of an answer and its parts at a run, and of the many edits of it that are tried."""
    return PartValues(scope.values(run), function_table())


def is_shape_error(error: EvaluationError) -> bool:
    """Did the answer fail because arrays do not fit each other?"""
    return isinstance(error.__cause__, ShapeError) or error.message.id in ("expr.does-not-fit", "expr.items-differ")
