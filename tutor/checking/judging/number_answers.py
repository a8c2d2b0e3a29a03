"""Answers that are numbers: conventions, shape, typed decimals, names that are right only here."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from tutor.checking.explaining.advice import advice_behind_edit
from tutor.checking.explaining.blame import blame
from tutor.checking.explaining.counterexample import counterexample
from tutor.checking.explaining.edit_search import find_edit
from tutor.checking.explaining.facts import gradient_fact, sign_or_value
from tutor.checking.explaining.mistake_search import search_mistake, search_slip
from tutor.checking.explaining.single_edits import SingleEdit
from tutor.checking.judging import shape_answers
from tutor.checking.judging.carried_answers import carried_numbers, places_of
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.symbolic_entries import symbolic_entries
from tutor.checking.reading.typed_entries import EXACT, Judgement, TypedAnswer, judge, places, typed_at_size
from tutor.checking.reading.typed_text import is_shape_error, parts_at, value_at
from tutor.checking.verdict import Verdict
from tutor.drill.question import GradientQuestion
from tutor.engine import Run
from tutor.expr import EvaluationError, PartValues, Tree
from tutor.mistakes.mistake_classes import agree_to_rounding
from tutor.mistakes.target import in_convention, in_variable_shape, right_answer
from tutor.text import Message, msg
from tutor.text.number_format import format_value


def check_numbers(scope: AnswerScope, tree: Tree, earlier: Mapping[str, str]) -> Verdict:
    """The verdict on a number, a vector or a matrix; raises EvaluationError for an expression without a value."""
    question, tolerance = scope.question, scope.drill.lesson.tolerance
    parts = parts_at(scope, scope.part.run)
    try:
        parts.remember(tree)
        value = value_at(scope, tree, scope.part.run)
    except EvaluationError as error:
        if is_shape_error(error):
            parts.remember_rest(tree)
            return shape_answers.shape_misfit(scope, error, _repair(scope, tree, parts))
        raise
    rights = also_right(question)
    answer = read_flat_list(question, typed_at_size(tree, value, {right.size for right in rights}))
    for right in rights:
        if right.shape == answer.value.shape and _accepted(judge(answer, right, tolerance)):
            return _right(scope, answer, right, tolerance, earlier)
    for right, mistake in right_but(scope):
        if right.shape == answer.value.shape and _accepted(judge(answer, right, tolerance)):
            return Verdict("right-but", in_the_other(question, mistake), mistake, question.line)
    diagonal = diagonal_of(question, answer.value)
    if diagonal is not None:
        answer = TypedAnswer(answer.tree, diagonal, answer.entries[:: question.expected.size + 1])
    if answer.value.shape != question.shape:
        return shape_answers.wrong_shape(scope, answer, tolerance)
    onward = _onward(scope, answer, earlier)
    if onward is not None:
        return onward
    judged = judge(answer, question.expected, tolerance)
    off = places(judged, question.shape, Judgement.WRONG)
    if diagonal is not None:
        off = tuple((place, place) for place, each in enumerate(judged) if each is Judgement.WRONG)
    accepted = carried_numbers(scope.drill, question, earlier).accepted
    blamed = blame(scope, answer, {id: text for id, text in earlier.items() if id not in accepted})
    if blamed is not None:
        return blamed
    moved = _at_near_runs(scope, tree)
    diagnosis = search_mistake(scope, answer, moved)
    edit = _repair(scope, tree, parts) if moved is not None else None
    shown = edit.shown if edit is not None else None
    if edit is not None and diagnosis is not None:
        # The factor that is left over is what the edit takes away.
        same = diagnosis.id == "scale" and edit.message.id == "checking.edit-division"
        led = (
            edit.message
            if same
            else msg("checking.edit-and-advice", edit=edit.message, advice=advice_behind_edit(diagnosis))
        )
        return Verdict("wrong", led, diagnosis.id, diagnosis.node, shown, wrong_entries=off)
    if diagnosis is not None:
        led = sign_or_value(scope, answer, diagnosis) if diagnosis.id == "sign" else diagnosis.message
        return Verdict("wrong", led, diagnosis.id, diagnosis.node, wrong_entries=off)
    if edit is not None:
        return Verdict("wrong", edit.message, edit=shown, wrong_entries=off)
    return Verdict("wrong", gradient_fact(scope, answer), wrong_entries=off)


def _onward(scope: AnswerScope, answer: TypedAnswer, earlier: Mapping[str, str]) -> Verdict | None:
    """The verdict on what the right rules give for the learner's own rounded answers, or for the values shown."""
    question = scope.question
    found, surely = _from_carried(scope, answer, earlier)
    if found is Judgement.WRONG:
        return None
    if not surely:
        # Digits that a mistake gives are that mistake's, not what mixed roundings could have left.
        diagnosis = search_mistake(scope, answer)
        if diagnosis is not None and diagnosis.id not in (None, "scale"):
            return None
    if found is Judgement.COARSE:
        return Verdict("wrong", msg("checking.coarse"), "coarse", question.line)
    said = msg("checking.right-carried", exact=format_value(question.expected))
    return Verdict("right", said, exact=question.expected)


def _from_carried(scope: AnswerScope, answer: TypedAnswer, earlier: Mapping[str, str]) -> tuple[Judgement, bool]:
    question = scope.question
    return carried_numbers(scope.drill, question, earlier).judge(
        answer,
        lambda run: right_answer(run, question.target),
        places_of(scope.part.run, question),
        scope.drill.lesson.tolerance,
    )


def _repair(scope: AnswerScope, tree: Tree, parts: PartValues) -> SingleEdit | None:
    """The single edit that makes a formula of names right, here and near by."""
    target = scope.question.target
    right = np.asarray(right_answer(scope.part.run, target))

    def holds(edited: Tree) -> bool:
        try:
            return all(
                agree_to_rounding(value_at(scope, edited, run), right_answer(run, target))
                for run in scope.part.runs.perturbed
            )
        except EvaluationError:
            return False

    return find_edit(tree, parts, lambda value: agree_to_rounding(value, right), holds)


def read_flat_list(question: GradientQuestion, answer: TypedAnswer) -> TypedAnswer:
    """A flat list read as the column or row asked for, and a number as the one entry of an array."""
    shape = question.shape
    if answer.value.shape == () and shape and int(np.prod(shape)) == 1:
        return answer.reshaped(shape)
    flat = answer.value.ndim == 1 and answer.literal and not question.strict
    if flat and len(shape) == 2 and 1 in shape and answer.value.size == int(np.prod(shape)):
        return answer.reshaped(shape)
    return answer


def diagonal_of(question: GradientQuestion, value: Any) -> Any:
    """The entries of a diagonal matrix typed for an elementwise local gradient, in its shape; None for others."""
    size = int(np.prod(question.shape))
    if not question.elementwise or size < 2 or np.shape(value) != (size, size):
        return None
    diagonal = np.diag(value)
    return np.reshape(diagonal, question.shape) if np.array_equal(value, np.diag(diagonal)) else None


def also_right(question: GradientQuestion) -> list[Any]:
    """The right arrays: the expected one, and for an elementwise local gradient its diagonal matrix."""
    expected = np.asarray(question.expected)
    if expected.ndim and question.elementwise:
        return [expected, np.diag(expected.ravel())]
    return [expected]


def right_but(scope: AnswerScope) -> list[tuple[Any, str]]:
    """Arrays that are right in another convention, with what to call that."""
    question, run = scope.question, scope.part.run
    expected = np.asarray(question.expected)
    if question.target.kind in ("local", "jacobian"):
        if expected.ndim != 2 or question.elementwise:
            return []
        alike = in_variable_shape(run, question.target)
        turned = (expected.T, "jacobian:transposed")
        return [turned] if alike is None else [turned, (alike, "shape-form")]
    if len(question.wrt) > 1 or expected.ndim == 0:
        return []
    if question.convention == "shape":
        return [(np.asarray(in_convention(expected, "jacobian")), "jacobian-form")]
    variable = run.shapes[scope.graph.find(question.wrt[0].partition("#")[0])]
    return [(expected.reshape(variable), "shape-form")]


def _right(
    scope: AnswerScope, answer: TypedAnswer, right: Any, tolerance: float, earlier: Mapping[str, str]
) -> Verdict:
    question = scope.question
    judged = judge(answer, right, tolerance)
    if Judgement.COARSE in judged:
        # A 0 among many digits may be meant: relu's 0 for the small slope of leaky_relu.
        diagnosis = search_slip(scope, answer)
        if diagnosis is not None:
            off = places(judged, right.shape, Judgement.COARSE)
            return Verdict("wrong", diagnosis.message, diagnosis.id, diagnosis.node, wrong_entries=off)
        return Verdict("wrong", msg("checking.coarse"), "coarse", question.line)
    if Judgement.CLOSE in judged:
        diagnosis = search_mistake(scope, answer, carried=False)
        # A factor next to 1 is what a number that was rounded on the way leaves behind.
        if (
            diagnosis is not None
            and diagnosis.id not in (None, "scale")
            and not _from_carried(scope, answer, earlier)[1]
        ):
            return Verdict(
                "wrong",
                diagnosis.message,
                diagnosis.id,
                diagnosis.node,
                wrong_entries=places(judged, right.shape, Judgement.CLOSE),
            )
        return Verdict("right", msg("checking.right-rounded", exact=format_value(right)), exact=right)
    run = _runs_otherwise(scope, answer.tree)
    if run is not None:
        value, wanted = np.asarray(value_at(scope, answer.tree, run)), np.asarray(right_answer(run, question.target))
        wanted = np.diag(wanted.ravel()) if value.shape == 2 * (wanted.size,) and value.size > 1 else wanted
        alike = np.reshape(value, wanted.shape)
        said = counterexample(scope, answer.tree, run, alike, wanted, "checking.coincidence-differs-at")
        return Verdict("right-but", said, "coincidence", question.line)
    if answer.value.shape != np.shape(value_at(scope, answer.tree, scope.part.run)):
        return Verdict("right", msg("checking.right-read-as", shape=answer.value.shape))
    return Verdict("right", msg("checking.right"))


def _accepted(judged: list[Judgement]) -> bool:
    return Judgement.WRONG not in judged


def in_the_other(question: GradientQuestion, mistake: str) -> Message:
    """What to say of an answer that is right in the other convention: both are named."""
    known: dict[str, object] = {"wrt": question.wrt[0].partition("#")[0], "right": question.shape}
    if mistake == "jacobian-form":
        return msg("checking.jacobian-form", **known)
    if mistake == "shape-form":
        return msg("checking.shape-form", **known)
    return msg("checking.jacobian-transposed", of=question.of, **known)


def _runs_otherwise(scope: AnswerScope, tree: Tree) -> Run | None:
    """A run at which an expression of names is no longer right; None if it holds, or has no names."""
    moving = symbolic_entries(scope.graph, tree, np.size(value_at(scope, tree, scope.part.run)))
    if not np.any(moving):
        return None
    for run in scope.part.runs.validation(scope.question.target):
        right = np.asarray(right_answer(run, scope.question.target))
        try:
            value = np.asarray(value_at(scope, tree, run))
        except EvaluationError:
            continue
        if not np.all(np.isfinite(value)):
            continue
        forms = [right, np.diag(right.ravel())] if scope.question.elementwise else [right]
        scale = float(np.max(np.abs(right), initial=0.0))
        if not any(
            value.size == form.size == len(moving)
            and np.max(np.abs(value.ravel() - form.ravel())[moving], initial=0.0) <= 100 * EXACT * scale
            for form in forms
        ):
            return run
    return None


def _at_near_runs(scope: AnswerScope, tree: Tree) -> list[Any] | None:
    """The values of an expression of names at the near runs; None for numbers, which do not move along."""
    value = np.ravel(value_at(scope, tree, scope.part.run))
    moving = symbolic_entries(scope.graph, tree, value.size)
    # A 0 may stand among names for what is 0 everywhere; another number says that the answer is one of numbers.
    if not np.any(moving) or np.any(value[~moving] != 0.0):
        return None
    try:
        moved = [np.asarray(value_at(scope, tree, run)) for run in scope.part.runs.perturbed]
    except EvaluationError:
        return None
    diagonals = [diagonal_of(scope.question, each) for each in moved]
    return [each if diagonal is None else diagonal for each, diagonal in zip(moved, diagonals, strict=True)]
