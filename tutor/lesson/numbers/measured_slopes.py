"""The slope that a nudge measures, anywhere in a graph, and how many digits tell it from the exact one."""

import math
from typing import Any, Literal, TypeAlias

import numpy as np

from tutor.engine.errors import EngineError
from tutor.engine.run import Run

Sides: TypeAlias = Literal["one", "two"]
FEWEST_DIGITS = 2  # that many always suffice for an answer
MOST_DIGITS = 4  # and nobody is asked for more by hand
LEAST_UNIT = math.ulp(0.0)  # of the last digit of a number at the edge of 0, where a tenth of it is 0


@np.errstate(all="ignore")  # infinity less infinity is no number, which is told where the question is
def measured_slope(run: Run, of: str, wrt: str, h: float, sides: Sides) -> Any:
    """The difference quotient of `of` for a nudge of `h` at `wrt`, every entry of `wrt` nudged by itself.

    The shape of `wrt` where `of` is one number, that of `of` where `wrt` is one, that of both where `of` works entry by
    entry on `wrt`, otherwise a Jacobian with a row for every entry of `of`.
    """
    start = np.asarray(run.values[wrt], dtype=np.float64)
    columns = []
    for place in np.ndindex(*start.shape):
        above = np.ravel(nudged(run, of, wrt, place, h))
        below = np.ravel(nudged(run, of, wrt, place, -h if sides == "two" else 0.0))
        columns.append((above - below) / (2 * h if sides == "two" else h))
    return _arranged(np.stack(columns, axis=1), run, of, wrt)


def exact_slope(run: Run, of: str, wrt: str) -> Any:
    """The derivative in the arrangement of `measured_slope`."""
    return _arranged(run.jacobian(of, wrt), run, of, wrt)


def nudged(run: Run, of: str, wrt: str, place: tuple[int, ...], by: float) -> Any:
    """The value of `of` when one entry of `wrt` has moved by `by` and all that depends on it follows."""
    graph, start, end = run.graph, run.graph.find(wrt), run.graph.find(of)
    moved = np.array(run.node_values[start], dtype=np.float64)
    moved[place] += by
    values = list(run.node_values)
    values[start] = moved if moved.ndim else np.float64(moved)
    with np.errstate(all="ignore"):
        for node in range(start + 1, end + 1):
            op = graph.ops[node]
            if op is not None:
                values[node] = op.forward(*(values[j] for j in graph.arguments[node]))
    return values[end]


def digits_apart(measured: Any, exact: Any) -> int | None:
    """The fewest significant digits, 2 to 4, in which the two differ, counted at the largest entry; None if in none."""
    largest = max(float(np.max(np.abs(measured), initial=0.0)), float(np.max(np.abs(exact), initial=0.0)))
    if largest == 0.0:
        return None
    for digits in range(FEWEST_DIGITS, MOST_DIGITS + 1):
        unit = unit_of(largest, digits)
        if np.any(np.round(measured / unit) != np.round(exact / unit)):
            return digits
    return None


def unit_of(largest: float, digits: int) -> float:
    """The unit of the last of so many significant digits of a number."""
    # A hair up, so that 0.1 computed as 0.09999999999999999 counts as 0.1.
    return max(float(10.0 ** (math.floor(math.log10(abs(largest) * (1 + 1e-12))) - digits + 1)), LEAST_UNIT)


def _arranged(matrix: Any, run: Run, of: str, wrt: str) -> Any:
    rows, columns = np.shape(run.values[of]), np.shape(run.values[wrt])
    if math.prod(rows) == 1:
        return matrix.reshape(columns)
    if math.prod(columns) == 1:
        return matrix.reshape(rows)
    return np.diagonal(matrix).reshape(columns) if _is_elementwise(run, of, wrt) else matrix


def _is_elementwise(run: Run, of: str, wrt: str) -> bool:
    try:
        return run.is_elementwise(run.graph.chain(of, wrt))
    except EngineError:  # no slot of the line, or one of several
        return False
