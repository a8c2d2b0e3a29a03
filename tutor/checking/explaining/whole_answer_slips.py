"""Mistakes that concern the whole answer and need no place in the graph: the sign, a transpose, a factor, one entry."""

import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.checking.explaining import advice
from tutor.checking.explaining.diagnosis import Diagnosis
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.drill.notation import place_from_1
from tutor.engine import Run
from tutor.mistakes.mistake_classes import SAME, agree_to_rounding
from tutor.mistakes.target import right_answer

SCALE_ENTRIES = 3
ONE_ENTRY_ENTRIES = 4
# Factors that people really bring in or lose; the digits typed leave room for others beside them.
_LIKELY = tuple(sign * factor for k in range(2, 13) for factor in (k, 1 / k) for sign in (1, -1))

Same = Callable[[Any], NDArray[np.bool_]]
Elsewhere = Callable[[], Iterable[tuple[Run, Any]]]


def explain_whole_answer(scope: AnswerScope, same: Same, value: Any, elsewhere: Elsewhere) -> Diagnosis | None:
    """The mistake of the whole answer that gives it, if there is one.

    `same(wrong)` says which entries of the answer are those of a wrong array, `value` is the answer's value;
    `elsewhere()` are runs with the values that a formula has there, worked out when needed: the mistake must give
    these too.
    """
    target = scope.question.target
    right = np.asarray(scope.question.expected)
    if np.shape(value) != right.shape or not np.any(right):
        return None

    def whole(id: str, **known: object) -> Diagnosis:
        # One number with its sign turned may be any slip's: only several entries are evidence enough.
        return Diagnosis(
            id, scope.question.line, advice.whole_answer_advice(id, scope, sure=np.size(value) > 1, **known)
        )

    def gives(rule: Callable[[Any], Any]) -> bool:
        return bool(np.all(same(rule(right)))) and all(
            other is not None and agree_to_rounding(other, rule(np.asarray(right_answer(run, target))))
            for run, other in elsewhere()
        )

    if gives(lambda array: -array):
        return whole("sign")
    # A diagonal matrix turned is itself: what is right, but for rounding, has not been turned.
    square = right.ndim == 2 and right.shape[0] == right.shape[1]
    if square and not np.all(same(right)) and gives(lambda array: array.T):
        return whole("transposed")
    for factor in _factors(np.asarray(value), right):
        if gives(partial(np.multiply, factor)):
            return whole("scale", factor=factor)
    off = np.argwhere(~same(right).reshape(right.shape))
    one = len(off) == 1 and all(_one_off(other, right_answer(run, target)) for run, other in elsewhere())
    if right.size >= ONE_ENTRY_ENTRIES and one:
        return whole("one-entry", place=place_from_1(off[0].tolist()))
    return None


def same_entries(value: Any, wrong: Any) -> NDArray[np.bool_]:
    """Which entries of two arrays of one shape are equal, to rounding, relative to the largest."""
    largest = float(np.max(np.abs(wrong), initial=0.0))
    return np.asarray(np.abs(np.ravel(value) - np.ravel(wrong)) <= SAME * largest)


def _factors(value: Any, right: Any) -> list[float]:
    """Constant factors that could lie between the two, likely ones first; none where evidence is thin."""
    nonzero = right != 0
    if np.count_nonzero(nonzero) < SCALE_ENTRIES or not np.any(value[nonzero]):
        return []
    # The largest entry is the one typed to the most digits.
    place = np.argmax(np.abs(np.where(nonzero, value, 0.0)))
    measured = float(value.flat[place]) / float(right.flat[place])
    if not math.isfinite(measured):
        return []
    near = [factor for factor in _LIKELY if abs(factor - measured) <= 0.05 * abs(measured)]
    return [*sorted(near, key=lambda factor: abs(factor - measured)), measured]


def _one_off(value: Any, right: Any) -> bool:
    if value is None or np.shape(value) != np.shape(right):
        return False  # a formula need not have a value everywhere
    return int(np.count_nonzero(~same_entries(value, right))) == 1
