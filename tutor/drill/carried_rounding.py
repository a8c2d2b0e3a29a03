"""What rounding does to numbers that people carry along, and which answers can be told apart in spite of it."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.lesson.numbers.measured_slopes import LEAST_UNIT

CARRIED = 0.005  # of each of several entries: three or four digits written down at every step
CARRIED_ALONE = 0.002  # of one number, which no others bear out
_AT_ONCE = 200_000


def alike_pairs(rows: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Which rows nobody can tell apart: typed alike with two digits, or within what carried rounding can do.

    `rows` is (answers, entries); of every pair the earlier row, and the unit of its last digit, comes first.
    """
    size = np.abs(rows)
    largest = np.max(size, axis=1, initial=0.0)
    # An answer of zeros looks like nothing but zeros.
    units = np.where(largest > 0, 10.0 ** (np.floor(np.log10(np.where(largest > 0, largest, 1.0))) - 1), 1e-300)
    units = np.maximum(units, LEAST_UNIT)
    carried = size * (CARRIED if rows.shape[1] > 1 else CARRIED_ALONE)
    little = rows.size * len(rows) <= _AT_ONCE
    for i in [0] if little else range(len(rows) - 1):
        # Every pair at once where that is little, else row by row.
        upper = len(rows) if little else i + 1
        with np.errstate(all="ignore"):
            typed = np.round(rows[None, :, :] / units[i:upper, None, None])
            near = np.abs(rows[None, :, :] - rows[i:upper, None, :]) <= carried[i:upper, None, :]
        own = typed[np.arange(upper - i), np.arange(i, upper)]
        same = np.all(typed == own[:, None, :], axis=2) | np.all(near, axis=2)
        yield from ((i + a, b) for a, b in np.argwhere(same).tolist() if b > i + a)


def alike_answers(right: Any, answers: Sequence[Any]) -> list[tuple[int, int]]:
    """The pairs among wrong answers of the right one's shape that look alike; -1 stands for the right answer."""
    of_shape = [k for k, answer in enumerate(answers) if answer is not None and answer.shape == np.shape(right)]
    numbers = [-1, *of_shape]
    rows = np.array([np.ravel(right), *(np.ravel(answers[k]) for k in of_shape)])
    return [(numbers[a], numbers[b]) for a, b in alike_pairs(rows)]
