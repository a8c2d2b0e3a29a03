"""Typed text becomes a tree of allowed names and a value, or an error that says where and why not."""

from dataclasses import replace
from math import prod
from typing import Any

from tutor.checking.reading.answer_scope import AnswerScope
from tutor.drill.notation import output_name
from tutor.drill.question import DrillPart, Entered
from tutor.engine import Run, ShapeError
from tutor.engine.function_table import function_table
from tutor.engine.gradient_formulas import replaced
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
    walk,
)
from tutor.expr.tree import ArrayLiteral, Gradient, Transposed
from tutor.text import msg


def read(scope: AnswerScope, text: str) -> Tree:
    """The tree of an answer; raises ParseError for what cannot be read or may not be used here."""
    typed = read_numbers(text, scope.parser_scope, scope.question.shape)
    tree = of_output(scope.part, typed)
    if tree is not typed and scope.question.entered is Entered.FORMULA:
        try:
            value_at(scope, tree, scope.part.run)
        except EvaluationError:  # meant as the row of a Jacobian
            tree = typed
    check_typed(scope, tree, text)
    return tree


def of_output(part: DrillPart, tree: Tree) -> Tree:
    """`ds/dz` of the output s as the gradient at z.

    Among factors `dh/dz`, and turned into a column as `(ds/dz).T`, it stays the row of a Jacobian.
    """
    top = output_name(part.run)
    if top is None or {each.of for each in walk(tree) if isinstance(each, Gradient) and each.of} != {top}:
        return tree
    turned = [each.operand for each in walk(tree) if isinstance(each, Transposed)]
    if any(isinstance(each, Gradient) and part.run.shapes[part.graph.find(each.wrt)][1:] == (1,) for each in turned):
        return tree
    return replaced(tree, lambda each: replace(each, of=None) if isinstance(each, Gradient) and each.of else None)


def check_typed(scope: AnswerScope, tree: Tree, text: str) -> None:
    """Refuse names that may not be used; raises ParseError, which for `δx` asks whether δ times x was meant."""
    try:
        scope.check(tree)
    except ParseError as error:
        name = text[slice(*error.span)]
        wrt = name.removeprefix("δ")
        if wrt in scope.graph.index and wrt != name and error.message.id != "checking.gradient-unknown-yet":
            raise ParseError(msg("checking.delta-times", wrt=wrt), error.span) from None
        raise


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
