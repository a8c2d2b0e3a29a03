"""Does a wrong array give the typed answer: to the digits typed, or as far as rounded numbers carried along may stray?

An answer with evidence, three distinct nonzero entries, may be off by 0.5 % in each; a single number, or an answer of
fewer, typed with three digits, by 0.2 %. Whole numbers, fractions and names are not rounded, and zeros stay zeros.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.checking.reading.typed_entries import (
    COARSEST,
    EXACT,
    LOOSE_MATCH,
    Precision,
    TypedAnswer,
    significant_digits,
)
from tutor.drill.carried_rounding import CARRIED, CARRIED_ALONE

DISTINCT_ENTRIES = 3
DIGITS = 3
STATED_DIGITS = 4  # of one number: a tenth of a percent of all numbers with three look like some slip's
FAR = 3.0
STRAYED = 4.0
STRAYED_AT_MOST = 0.1  # of the largest entry
_MOST_DIGITS = 6


def enough_evidence(answer: TypedAnswer) -> bool:
    """Can a slip far away be told from chance? Three distinct nonzero entries, or a scalar of three digits."""
    if len(answer.entries) == 1:
        return significant_digits(answer) >= DIGITS
    return len({entry.value for entry in answer.entries if entry.value}) >= DISTINCT_ENTRIES


class Reproduction:
    """Wrong arrays held against one typed answer; `carried=False` goes by the digits typed alone."""

    def __init__(self, answer: TypedAnswer, *, carried: bool = True) -> None:
        entries = answer.entries
        self.shape = np.shape(answer.value)
        self.values = np.array([each.value for each in entries])
        self._exact = np.array([each.precision is Precision.EXACT for each in entries], dtype=bool)
        self._loose = np.array([each.precision is Precision.LOOSE for each in entries], dtype=bool)
        self._whole = np.array([each.whole for each in entries], dtype=bool)
        self._units = np.array([each.unit for each in entries])
        self.carried = carried
        self.digits = min(max([DIGITS, *(each.digits for each in entries)]), _MOST_DIGITS)
        self._slack = _slack(answer) if carried else 0.0

    def gives(self, wrong: Any) -> bool:
        """Is the answer what somebody has who gets this wrong array?"""
        return np.shape(wrong) == self.shape and bool(np.all(self.same(wrong)))

    def same(self, wrong: Any) -> NDArray[np.bool_]:
        """Entry by entry, for an array of the answer's size."""
        return np.asarray(self.fitting(np.reshape(wrong, (1, -1)))[0])

    def fitting(self, rows: NDArray[np.float64], strayed: NDArray[np.float64] | float = 0.0) -> NDArray[np.bool_]:
        """The same for many arrays of the answer's size at once: (arrays, entries).

        `strayed` is how far rounding leads from each of their entries on average; four times as far it hardly does.
        """
        with np.errstate(all="ignore"):
            size = np.abs(rows)
            largest = np.max(size, axis=1, initial=0.0, keepdims=True)
            off = np.abs(rows - self.values)
            # A whole number is meant exactly where the mistake gives one.
            told = EXACT * np.maximum(largest, 1.0)
            whole = self._whole & (np.abs(rows - np.round(rows)) <= told) & (told < 0.5)
            half = np.where(self._units <= COARSEST * largest * (1 + EXACT), self._units / 2 * (1 + EXACT), 0.0)
            half = np.where(self._loose, LOOSE_MATCH * largest, half + EXACT * largest)
            rounded = off <= np.maximum(self._slack * size, half + np.where(rows == 0, 0.0, STRAYED * strayed))
            exact = off <= EXACT * np.maximum(largest, np.abs(self.values))
            return np.asarray(np.isfinite(rows) & (exact | (rounded & ~whole & ~self._exact)))

    def near(self, rows: NDArray[np.float64]) -> list[int]:
        """Which of these arrays are so near that rounding may have led from one to the other, be it far."""
        with np.errstate(all="ignore"):
            most = STRAYED_AT_MOST * np.max(np.abs(rows), axis=1, initial=0.0)
            return [int(k) for k in np.flatnonzero(np.max(np.abs(rows - self.values), axis=1, initial=0.0) <= most)]

    def closest(self, rows: NDArray[np.float64], strayed: NDArray[np.float64] | float = 0.0) -> list[int]:
        """Which of these arrays give the answer, without those another of which is closer by far.

        Far is three times as far, by the largest deviation of an entry; and farther than the half unit typed and than
        rounding leads on average, below which no distance means anything.
        """
        found = [int(k) for k in np.flatnonzero(np.all(self.fitting(rows, strayed), axis=1))]
        if len(found) < 2:
            return found
        off = np.max(np.abs(rows[found] - self.values), axis=1, initial=0.0)
        least = max(np.max(self._units) / 2, EXACT * np.max(np.abs(self.values)), np.min(off))
        most = FAR * np.maximum(least, np.max(np.broadcast_to(strayed, rows.shape)[found], axis=1, initial=0.0))
        return [k for k, each, far in zip(found, off, most, strict=True) if each <= far]


def _slack(answer: TypedAnswer) -> float:
    if len(answer.entries) > 1 and enough_evidence(answer):
        return CARRIED
    return CARRIED_ALONE if any(each.digits >= DIGITS for each in answer.entries) else 0.0
