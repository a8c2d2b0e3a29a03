"""Wrong answers as people get them who write so many digits down at every step and go on from there.

The numbers on the screen are the right ones, rounded: every value of a node, and every gradient that arrives, to so
many significant digits. From these each step is taken: what an op or a slip sends along an edge is rounded, what
arrives at a node is added up and rounded, down to the asked place. Whole numbers stay whole, as on paper.
"""

from typing import Any
from unittest import mock

import numpy as np

from tutor.engine import Edge, Run, replay
from tutor.mistakes import path_mistakes
from tutor.mistakes.mistake import Mistake
from tutor.mistakes.mistake_classes import produced


def written_down(array: Any, digits: int) -> Any:
    """An array with each entry rounded to so many significant digits; whole numbers stay."""
    array = np.asarray(array, dtype=float)
    size = np.abs(np.where((array == 0) | ~np.isfinite(array), 1.0, array))
    unit = 10.0 ** (np.floor(np.log10(size)) - digits + 1)
    return np.where(array == np.round(array), array, np.round(array / unit) * unit)[()]


class CarriedRun(Run):
    """A run of rounded numbers: each share that is sent and each sum that arrives is written down before it goes on."""

    digits: int

    def _backward(self) -> list[Any]:
        super()._backward()
        totals, self._shares = self._by_edges()
        return [None if total is None else self.passed_on(total) for total in totals]

    def passed_on(self, gradient: Any) -> Any:
        """As written down."""
        return written_down(gradient, self.digits)

    def _sent(self, edge: Edge, up: Any, cut: Any) -> Any:
        return written_down(super()._sent(edge, up, cut), self.digits)

    def local_jacobian(self, edge: Edge) -> Any:
        """As written down."""
        return written_down(super().local_jacobian(edge), self.digits)


def carried_to(run: Run, digits: int, kind: str) -> CarriedRun:
    """The run as somebody has it who reads its values to so many digits and works the gradients out from these."""
    values = [np.float64(each) if np.ndim(each) == 0 else each for each in run.node_values]
    made = CarriedRun(run.graph, [written_down(each, digits) for each in values], run.plan, run.seeds)
    made.digits = digits
    if kind != "jacobian":
        # Nobody carries a change down through one matrix: step by step, as a graph too large for that is walked.
        made.cotangent_maps.update(dict.fromkeys(range(len(values))))
    return made


def carrying(mistake: Mistake, run: CarriedRun) -> Any:
    """What a mistake gives whose every step is written down; None where it cannot be computed."""

    def rounded(gradient: Any, shape: tuple[int, ...]) -> Any:
        return written_down(unbroadcast(gradient, shape), run.digits)

    def added(shares: list[Any]) -> Any:
        return written_down(sum(shares), run.digits)

    unbroadcast = replay.unbroadcast_slip
    with (
        mock.patch.object(replay, "unbroadcast_slip", rounded),
        mock.patch.object(path_mistakes, "unbroadcast_slip", rounded),
        mock.patch.object(replay, "_added", added),
    ):
        return produced(mistake, run)
