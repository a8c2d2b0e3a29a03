"""Whether a formula gives the right array: to seven digits, or as far as rounding lets anybody tell."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from tutor.engine import Run
from tutor.engine.rounding_noise import NOISE, noisy_runs

CLOSE = 1e-7
_ROUNDING = 2.0**-52
_MARGIN = 16
_HOPELESS = 1e4  # so much further off than a first shake lets them be, no other will bring two arrays together

Value: TypeAlias = Callable[[Run], Any]  # an array at a run; None where there is none


def is_close(value: Any, right: Any) -> bool:
    """Are two arrays the same to 1e-7 of the largest entry?"""
    if value is None or np.shape(value) != np.shape(right):
        return False
    return bool(np.max(np.abs(value - right), initial=0.0) <= CLOSE * np.max(np.abs(right), initial=0.0))


def agree_at(run: Run, value: Value, right: Value) -> bool:
    """Are the two close at a run, or no further apart than rounding may have brought them?"""
    made, wanted = value(run), right(run)
    return is_close(made, wanted) or _within_rounding(run, value, right, made, wanted)


def close_at_every_run(value: Value, right: Value, runs: Sequence[Run]) -> bool:
    """Are the two close at every run, without a thought of rounding? For the many formulas that we try ourselves."""
    return all(is_close(value(run), right(run)) for run in runs)


def first_disagreement(value: Value, right: Value, runs: Sequence[Run]) -> Run | None:
    """The first of the runs at which a formula is not right; None where it is right at all of them.

    What rounding hides proves nothing: at half of the runs the two must be close, unless 0 is right.
    """
    hidden: list[Run] = []
    for run in runs:
        made, wanted = value(run), right(run)
        if is_close(made, wanted):
            continue
        if not _within_rounding(run, value, right, made, wanted):
            return run
        if np.any(wanted):
            hidden.append(run)
    return hidden[0] if 2 * len(hidden) > len(runs) else None


def _within_rounding(run: Run, value: Value, right: Value, made: Any, wanted: Any) -> bool:
    if made is None or np.shape(made) != np.shape(wanted):
        return False
    difference = made - wanted
    largest = allowed = np.zeros(np.shape(wanted))
    for each in noisy_runs(run):
        there = value(each)
        if there is None or np.shape(there) != np.shape(wanted):
            return False
        largest = np.maximum(largest, np.abs(there - right(each) - difference))
        allowed = _MARGIN * _ROUNDING / NOISE * largest
        if np.any(np.abs(difference) > _HOPELESS * allowed):
            return False
    return bool(np.all(np.abs(difference) <= allowed))
