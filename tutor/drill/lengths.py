"""The lengths of arrays by the lesson's names of sizes: `N` for what the engine writes as `sum(ones(x))`."""

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np

from tutor.drill.numbers import run_at
from tutor.engine import Run
from tutor.engine.formulas import replaced
from tutor.engine.functions import functions
from tutor.engine.simplifying import ONE
from tutor.expr import EvaluationError, evaluate
from tutor.expr.tree import Binary, Call, Keyword, Name, Number, Tree
from tutor.lesson.fresh import fresh_draws
from tutor.lesson.model import Draw, Part

_SAMPLES = 3  # sizes at which a name must have the length, the drill's own besides


class Lengths:
    """What stands for the number of entries of an array, at any sizes; without names of sizes, a number."""

    def __init__(self, part: Part, draw: Draw, run: Run) -> None:
        self.part, self.draw, self.run = part, draw, run

    def written(self, tree: Tree, needs: Callable[[Tree], bool]) -> Tree:
        """The tree with lengths for sums of ones, and with `ones(n, 1)` for the ones of what `needs` it."""

        def change(part: Tree) -> Tree | None:
            if not isinstance(part, Call) or part.function not in ("sum", "ones") or len(part.arguments) != 1:
                return None
            inner = part.arguments[0]
            if part.function == "ones":
                lengths = self.of(inner) if needs(inner) else None
                return None if lengths is None else Call("ones", lengths) if lengths else ONE
            if not isinstance(inner, Call) or inner.function != "ones" or len(inner.arguments) != 1:
                return None
            lengths = self.of(inner.arguments[0])
            return None if lengths is None else _counted(lengths, part.keywords)

        return replaced(tree, change)

    def of(self, tree: Tree) -> tuple[Tree, ...] | None:
        """The lengths of a formula's value along its axes; None where one has no name."""
        samples = [(sizes, _shape(tree, run, sizes)) for sizes, run in self._samples]
        shapes = [shape for _, shape in samples if shape is not None]
        if len(shapes) < len(samples) or len({len(shape) for shape in shapes}) != 1:
            return None
        lengths: list[Tree] = []
        for axis in range(len(shapes[0])):
            there = [shape[axis] for shape in shapes]
            names = [name for name in self.part.sizes if there == [sizes[name] for sizes, _ in samples]]
            if not names and len(set(there)) > 1:
                return None
            lengths.append(Name(names[0]) if names else Number(str(there[0]), float(there[0])))
        return tuple(lengths)

    @cached_property
    def _samples(self) -> list[tuple[Mapping[str, int], Run]]:
        here: list[tuple[Mapping[str, int], Run]] = [(self.draw.sizes, self.run)]
        if not self.part.sizes:
            return here
        others = fresh_draws(self.part, like=self.draw)[:_SAMPLES]
        return [*here, *((each.sizes, run_at(self.part, each)) for each in others)]


def _shape(tree: Tree, run: Run, sizes: Mapping[str, int]) -> tuple[int, ...] | None:
    try:
        return tuple(np.shape(evaluate(tree, {**run.values, **sizes}, functions())))
    except EvaluationError:
        return None


def _counted(lengths: tuple[Tree, ...], keywords: tuple[Keyword, ...]) -> Tree | None:
    """The product of the lengths, of those along one axis where that is asked for."""
    axis = next((keyword.value for keyword in keywords if keyword.name == "axis"), None)
    if axis is not None:
        place = int(axis.value) if isinstance(axis, Number) else None
        return lengths[place] if place is not None and place < len(lengths) else None
    total: Tree = ONE
    for length in lengths:
        total = length if total == ONE else Binary("*", total, length)
    return total
