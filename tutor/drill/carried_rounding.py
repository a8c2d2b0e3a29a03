"""What rounding does to numbers that people carry along, and which answers can be told apart in spite of it."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.engine import Run
from tutor.lesson.numbers.measured_slopes import LEAST_UNIT

CARRIED = 0.005  # of each of several entries: three or four digits written down at every step
CARRIED_ALONE = 0.002  # of one number, which no others bear out
_AT_ONCE = 200_000
_TIMES = 8


class RoundedRun(Run):
    """A run as it looks to somebody who reads so many digits: each value, and each gradient that arrives, a bit off."""

    most: float  # relative: half a unit of the last digit of 1.00
    rng: np.random.Generator

    @np.errstate(all="ignore")
    def _backward(self) -> list[Any]:
        super()._backward()
        totals, self._shares = self._by_edges()
        return totals

    def passed_on(self, gradient: Any) -> Any:
        """As rounding might leave it; whole numbers, which nobody rounds, stay."""
        off = gradient * (1 + self.rng.uniform(-self.most, self.most, np.shape(gradient)))
        return np.where(gradient == np.round(gradient), gradient, off)[()]


def rounded_runs(run: Run, digits: int) -> tuple[RoundedRun, ...]:
    """Eight such runs: how far an answer strays among them is what carried rounding can do to it."""
    return tuple(_rounded(run, digits, seed) for seed in range(_TIMES))


def _rounded(run: Run, digits: int, seed: int) -> RoundedRun:
    made = RoundedRun(run.graph, list(run.node_values), run.plan, run.seeds)
    made.most, made.rng = 0.5 * 10.0 ** (1 - digits), np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        made.node_values = [
            made.passed_on(value) if tracked else value
            for value, tracked in zip(run.node_values, run.plan.tracked, strict=True)
        ]
    return made


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
