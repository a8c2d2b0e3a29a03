"""Formulas: right if they agree with the engine at the drill's numbers and at fresh ones, sizes and all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from tutor.checking.explaining.advice import advice_behind_edit
from tutor.checking.explaining.counterexample import counterexample, most_readable, where_it_fails
from tutor.checking.explaining.diagnosis import Diagnosis
from tutor.checking.explaining.edit_search import find_edit
from tutor.checking.explaining.mistake_search import search_mistake_of_formula
from tutor.checking.explaining.single_edits import SingleEdit
from tutor.checking.judging import shape_answers
from tutor.checking.judging.agreement import agree_at, close_at_every_run, first_disagreement, is_close
from tutor.checking.judging.number_answers import diagonal_of, in_the_other
from tutor.checking.judging.numbers_tried import numbers_tried
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.typed_entries import fits, typed_answer, typed_at_size
from tutor.checking.reading.typed_text import is_shape_error, parts_at, value_at
from tutor.checking.verdict import Verdict
from tutor.engine import Run
from tutor.expr import EvaluationError, PartValues, Tree, walk
from tutor.expr.tree import Gradient, Name
from tutor.mistakes.target import in_convention, in_variable_shape, right_answer
from tutor.text import Message, msg

# Mistakes of the whole answer, and the edits that say just this.
_THE_SAME = {
    "sign": ("checking.edit-sign", "checking.edit-swapped"),
    "transposed": ("checking.edit-transpose-added", "checking.edit-transpose-dropped"),
    "scale": ("checking.edit-division",),
}
# Entries made by one evaluation, of which nine are needed.
MOST_WORK = 100_000
MOST_WORK_PER_ENTRY = 50
PARTS_TRIED = 240  # of a long formula that is wrong, to find numbers that show it


def check_formula(scope: AnswerScope, tree: Tree) -> Verdict:
    """The verdict on a formula; raises EvaluationError for one without a value at the drill's numbers."""
    question = scope.question
    parts = parts_at(scope, scope.part.run)
    try:
        here = parts.remember(tree)
    except EvaluationError as error:
        if is_shape_error(error):
            parts.remember_rest(tree)
            return shape_answers.shape_misfit(scope, error, _repair(scope, tree, parts))
        raise
    if parts.work > MOST_WORK + MOST_WORK_PER_ENTRY * sum(map(np.size, scope.part.run.node_values)):
        raise EvaluationError(msg("expr.too-much-work"), tree.span)
    runs = scope.part.runs.resampled
    value = cache(lambda run: _value(scope, tree, run))
    for right in _right_forms(scope):
        if not agree_at(scope.part.run, value, right):
            continue
        fails = first_disagreement(value, right, (scope.part.run, *runs))
        if fails is None:
            return Verdict("right", msg("checking.right-formula", tried=numbers_tried(scope.part)))
        if fails is scope.part.run:
            continue
        fails = most_readable(_wrong_at(runs, value, right), value, right) or fails
        wanted = np.asarray(right(fails))
        said = counterexample(scope, tree, fails, value(fails), wanted, "checking.formula-differs-at")
        return Verdict("wrong", said, "coincidence", question.line)
    for right, mistake in _other_forms(scope):
        if is_close(here, right(scope.part.run)) and first_disagreement(value, right, runs) is None:
            return Verdict("right-but", in_the_other(question, mistake), mistake, question.line)
    if _are_the_numbers(scope, tree, here):
        names = list(question.using) if question.using else list(scope.graph.inputs)
        return Verdict("wrong", msg("checking.numbers-not-formula", names=names), "coincidence", question.line)
    edit = _repair(scope, tree, parts)
    shown = edit.shown if edit is not None else None
    diagonal = diagonal_of(question, here)
    here = here if diagonal is None else diagonal
    if here.shape != question.shape:
        verdict = shape_answers.wrong_shape(scope, typed_at_size(tree, here, {np.size(question.expected)}), 0.0)
        told = msg("checking.edit-and-advice", edit=edit.message, advice=verdict.message) if edit is not None else None
        return replace(verdict, edit=shown, told=told)
    diagnosis = search_mistake_of_formula(scope, cache(lambda run: _in_shape(scope, value(run))), here)
    if diagnosis is None:
        return Verdict("wrong", edit.message if edit is not None else _where_it_fails(scope, tree, value), edit=shown)
    return Verdict("wrong", _advice(edit, diagnosis), diagnosis.id, diagnosis.node, shown)


def _are_the_numbers(scope: AnswerScope, tree: Tree, here: Any) -> bool:
    """Does the answer give this drill's numbers, to the digits typed, in place of a formula for them?"""
    question = scope.question
    if any(isinstance(part, Name | Gradient) for part in walk(tree)) or here.size != np.size(question.expected):
        return False
    return fits(typed_answer(tree, here), question.expected, scope.drill.lesson.tolerance)


def _in_shape(scope: AnswerScope, value: Any) -> Any:
    """The value, of a diagonal matrix its entries in the shape that is asked at these sizes."""
    if scope.question.elementwise and value is not None and value.ndim == 2 and value.shape[0] == value.shape[1]:
        diagonal = np.diag(value)
        if value.size > 1 and np.array_equal(value, np.diag(diagonal)):
            return diagonal.reshape([-1 if size != 1 else 1 for size in scope.question.shape])
    return value


def _right_forms(scope: AnswerScope) -> Iterator[Callable[[Run], Any]]:
    target = scope.question.target
    yield lambda run: np.asarray(right_answer(run, target))
    if scope.question.elementwise and scope.question.shape != ():
        yield lambda run: np.diag(np.ravel(right_answer(run, target)))


def _other_forms(scope: AnswerScope) -> list[tuple[Callable[[Run], Any], str]]:
    question = scope.question
    if question.target.kind == "local":
        if len(question.shape) != 2 or question.elementwise:
            return []
        target = question.target
        turned = (lambda run: np.transpose(right_answer(run, target)), "jacobian:transposed")
        one_output = in_variable_shape(scope.part.run, target) is not None
        return [turned, (lambda run: in_variable_shape(run, target), "shape-form")] if one_output else [turned]
    if question.shape == ():
        return []
    name = question.wrt[0].partition("#")[0]
    if question.convention == "shape":
        return [(lambda run: np.asarray(in_convention(run.gradients[name], "jacobian")), "jacobian-form")]
    return [(lambda run: np.asarray(run.gradients[name]), "shape-form")]


def _value(scope: AnswerScope, tree: Tree, run: Run) -> Any:
    try:
        return value_at(scope, tree, run)
    except EvaluationError:
        return None


def _repair(scope: AnswerScope, tree: Tree, parts: PartValues) -> SingleEdit | None:
    """The single edit that makes the formula right, here and at all fresh numbers."""
    forms, fresh = list(_right_forms(scope)), scope.part.runs.resampled
    rights = [right(scope.part.run) for right in forms]
    return find_edit(
        tree,
        parts,
        lambda value: any(is_close(value, right) for right in rights),
        lambda edited: any(close_at_every_run(lambda run: _value(scope, edited, run), right, fresh) for right in forms),
    )


def _where_it_fails(scope: AnswerScope, tree: Tree, value: Callable[[Run], Any]) -> Message:
    """Fresh numbers at which a formula is wrong: at the drill's own they would tell another question's answer."""
    right = next(iter(_right_forms(scope)))
    runs = scope.part.runs.resampled[: max(1, PARTS_TRIED // sum(1 for _ in walk(tree)))]
    run = most_readable(_wrong_at(runs, value, right), value, right) or scope.part.run
    return where_it_fails(scope, tree, run, value(run), np.asarray(right(run)))


def _wrong_at(runs: Sequence[Run], value: Callable[[Run], Any], right: Callable[[Run], Any]) -> list[Run]:
    return [run for run in runs if not is_close(value(run), right(run))]


def _advice(edit: SingleEdit | None, diagnosis: Diagnosis) -> Message:
    if edit is None:
        return diagnosis.message
    if edit.message.id in _THE_SAME.get(diagnosis.id or "", ()):
        return edit.message
    return msg("checking.edit-and-advice", edit=edit.message, advice=advice_behind_edit(diagnosis))
