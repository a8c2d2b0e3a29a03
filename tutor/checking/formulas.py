"""Formulas: right if they agree with the engine at the drill's numbers and at fresh ones, sizes and all."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from tutor.checking import shapes
from tutor.checking.advice import behind_edit
from tutor.checking.agreement import agree_at, close, close_at_all, failing
from tutor.checking.counterexample import counterexample
from tutor.checking.diagnosis import explain_formula
from tutor.checking.edits import Edit
from tutor.checking.found import Found
from tutor.checking.numbers import diagonal_of, in_the_other
from tutor.checking.reading import is_shape_error, parts_at, value_at
from tutor.checking.repair import repair
from tutor.checking.tried import tried
from tutor.checking.typed import fits, typed, typed_at_size
from tutor.checking.verdict import Verdict
from tutor.checking.vocabulary import Vocabulary
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


def check_formula(words: Vocabulary, tree: Tree) -> Verdict:
    """The verdict on a formula; raises EvaluationError for one without a value at the drill's numbers."""
    question = words.question
    parts = parts_at(words, words.part.run)
    try:
        here = parts.remember(tree)
    except EvaluationError as error:
        if is_shape_error(error):
            parts.remember_rest(tree)
            return shapes.misfit(words, error, _repair(words, tree, parts))
        raise
    if parts.work > MOST_WORK + MOST_WORK_PER_ENTRY * sum(map(np.size, words.part.run.node_values)):
        raise EvaluationError(msg("expr.too-much-work"), tree.span)
    runs = words.part.runs.resampled
    value = cache(lambda run: _value(words, tree, run))
    for right in _right_forms(words):
        if not agree_at(words.part.run, value, right):
            continue
        fails = failing(value, right, (words.part.run, *runs))
        if fails is None:
            return Verdict("right", msg("checking.right-formula", tried=tried(words.part)))
        if fails is words.part.run:
            continue
        wanted = np.asarray(right(fails))
        said = counterexample(words, tree, fails, value(fails), wanted, "checking.formula-differs-at")
        return Verdict("wrong", said, "coincidence", question.line)
    for right, mistake in _other_forms(words):
        if close(here, right(words.part.run)) and failing(value, right, runs) is None:
            return Verdict("right-but", in_the_other(question, mistake), mistake, question.line)
    if _are_the_numbers(words, tree, here):
        names = list(question.using) if question.using else list(words.graph.inputs)
        return Verdict("wrong", msg("checking.numbers-not-formula", names=names), "coincidence", question.line)
    edit = _repair(words, tree, parts)
    shown = edit.shown if edit is not None else None
    diagonal = diagonal_of(question, here)
    here = here if diagonal is None else diagonal
    if here.shape != question.shape:
        verdict = shapes.wrong_shape(words, typed_at_size(tree, here, {np.size(question.expected)}), 0.0)
        told = msg("checking.edit-and-advice", edit=edit.message, advice=verdict.message) if edit is not None else None
        return replace(verdict, edit=shown, told=told)
    found = explain_formula(words, cache(lambda run: _in_shape(words, value(run))), here)
    advice = _advice(edit, found)
    if found is None:
        return Verdict("wrong", advice, edit=shown)
    return Verdict("wrong", advice, found.id, found.node, shown)


def _are_the_numbers(words: Vocabulary, tree: Tree, here: Any) -> bool:
    """Does the answer give this drill's numbers, to the digits typed, in place of a formula for them?"""
    question = words.question
    if any(isinstance(part, Name | Gradient) for part in walk(tree)) or here.size != np.size(question.expected):
        return False
    return fits(typed(tree, here), question.expected, words.drill.lesson.tolerance)


def _in_shape(words: Vocabulary, value: Any) -> Any:
    """The value, of a diagonal matrix its entries in the shape that is asked at these sizes."""
    if words.question.elementwise and value is not None and value.ndim == 2 and value.shape[0] == value.shape[1]:
        diagonal = np.diag(value)
        if value.size > 1 and np.array_equal(value, np.diag(diagonal)):
            return diagonal.reshape([-1 if size != 1 else 1 for size in words.question.shape])
    return value


def _right_forms(words: Vocabulary) -> Iterator[Callable[[Run], Any]]:
    target = words.question.target
    yield lambda run: np.asarray(right_answer(run, target))
    if words.question.elementwise and words.question.shape != ():
        yield lambda run: np.diag(np.ravel(right_answer(run, target)))


def _other_forms(words: Vocabulary) -> list[tuple[Callable[[Run], Any], str]]:
    question = words.question
    if question.target.kind == "local":
        if len(question.shape) != 2 or question.elementwise:
            return []
        target = question.target
        turned = (lambda run: np.transpose(right_answer(run, target)), "jacobian:transposed")
        one_output = in_variable_shape(words.part.run, target) is not None
        return [turned, (lambda run: in_variable_shape(run, target), "shape-form")] if one_output else [turned]
    if question.shape == ():
        return []
    name = question.wrt[0].partition("#")[0]
    if question.convention == "shape":
        return [(lambda run: np.asarray(in_convention(run.gradients[name], "jacobian")), "jacobian-form")]
    return [(lambda run: np.asarray(run.gradients[name]), "shape-form")]


def _value(words: Vocabulary, tree: Tree, run: Run) -> Any:
    try:
        return value_at(words, tree, run)
    except EvaluationError:
        return None


def _repair(words: Vocabulary, tree: Tree, parts: PartValues) -> Edit | None:
    """The single edit that makes the formula right, here and at all fresh numbers."""
    forms, fresh = list(_right_forms(words)), words.part.runs.resampled
    rights = [right(words.part.run) for right in forms]
    return repair(
        tree,
        parts,
        lambda value: any(close(value, right) for right in rights),
        lambda edited: any(close_at_all(lambda run: _value(words, edited, run), right, fresh) for right in forms),
    )


def _advice(edit: Edit | None, found: Found | None) -> Message:
    if edit is not None and found is not None and edit.message.id not in _THE_SAME.get(found.id or "", ()):
        return msg("checking.edit-and-advice", edit=edit.message, advice=behind_edit(found))
    if edit is not None:
        return edit.message
    return found.message if found is not None else msg("checking.wrong-formula")
