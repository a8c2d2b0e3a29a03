"""The lengths of arrays by the lesson's names of sizes: `N` for what the engine writes as `sum(ones(x))`."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import combinations_with_replacement, islice, product
from typing import Any

import numpy as np

from tutor.drill.runs import run_at
from tutor.engine import Run
from tutor.engine.function_table import function_table
from tutor.engine.gradient_formulas import replaced
from tutor.engine.simplifying import ONE
from tutor.expr import EvaluationError, evaluate, walk
from tutor.expr.tree import ArrayLiteral, Binary, Call, Gradient, Keyword, Name, Number, Slice, Subscript, Tree
from tutor.lesson.graph.named_sizes import SizeError, size_of
from tutor.lesson.model import Draw, Part
from tutor.lesson.numbers.fresh_draws import fresh_draws

_SAME = 1e-8
_A_LITTLE = 3
_MOST_TRIES = 200
_SAMPLES = 3  # sizes at which a name must have the length, the drill's own besides


class NamedLengths:
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
            known = [each for each in self._meanings(there[0]) if there == [_size_at(each, at) for at, _ in samples]]
            if not known:
                return None
            lengths.append(known[0])
        return tuple(lengths)

    def at_any_size(self, tree: Tree, wrt: str) -> Tree | None:
        """The formula of a gradient, in its variable's shape, with names for the sizes that stand there as numbers.

        `reshape(up, [3])` and `up[0:2]` are right at the drill's sizes alone. None where no names make it right.
        """
        numbers = list(dict.fromkeys(part.value for part in _sizes_in(tree)))
        if not numbers or self._holds(tree, wrt):
            return tree
        names = [self._meanings(int(number)) for number in numbers]
        for chosen in islice(product(*names), _MOST_TRIES):
            named = _renamed(tree, dict(zip(numbers, chosen, strict=True)))
            if self._holds(named, wrt):
                return named
        return None

    def _holds(self, tree: Tree, wrt: str) -> bool:
        """Is the formula the gradient, at other sizes too?"""
        lines = dict.fromkeys(line for line, _ in self.run.graph.uses(wrt))
        for sizes, run in self._samples:
            names: dict[str, Any] = {**run.values, **sizes}
            for part in walk(tree):
                if isinstance(part, Gradient) and part.of is None:
                    names[part.name] = run.gradients[part.wrt]
                elif part == Name("up") and len(lines) == 1:
                    names["up"] = run.gradients[next(iter(lines))]
            try:
                value = np.asarray(evaluate(tree, names, function_table()))
            except EvaluationError:
                return False
            right = np.asarray(run.gradients[wrt])
            if value.size == right.size == 1:
                value = value.reshape(right.shape)
            if value.shape != right.shape or not np.allclose(value, right, rtol=_SAME, atol=_SAME):
                return False
        return True

    def _meanings(self, number: int) -> list[Tree]:
        """What a size may be: a size of the lesson, the number, two sizes added or multiplied, one and a little."""
        own = self.part.sizes
        pairs = list(combinations_with_replacement(own, 2))
        found: list[Tree] = [Name(name) for name in own if own[name] == number]
        found.append(Number(str(number), float(number)))
        for op, made in (("+", int.__add__), ("*", int.__mul__)):
            found += [Binary(op, Name(a), Name(b)) for a, b in pairs if made(own[a], own[b]) == number]
        for name in own:
            if 0 < abs(more := number - own[name]) <= _A_LITTLE:
                found.append(Binary("+" if more > 0 else "-", Name(name), Number(str(abs(more)), float(abs(more)))))
        return found

    @cached_property
    def _samples(self) -> list[tuple[Mapping[str, int], Run]]:
        here: list[tuple[Mapping[str, int], Run]] = [(self.draw.sizes, self.run)]
        if not self.part.sizes:
            return here
        others = fresh_draws(self.part)[:_SAMPLES]
        return [*here, *((each.sizes, run_at(self.part, each)) for each in others)]


def _size_at(meaning: Tree, sizes: Mapping[str, int]) -> int | None:
    try:
        return size_of(meaning, sizes)
    except SizeError:
        return None


def _sizes_in(tree: Tree) -> Iterator[Number]:
    """The whole numbers that stand in the shapes of reshapes and at the ends of slices."""
    for part in walk(tree):
        match part:
            case Call(function="reshape", arguments=(_, ArrayLiteral(items=items))):
                yield from (each for each in items if isinstance(each, Number) and each.value != 1)
            case Slice():
                yield from (each for each in (part.start, part.stop) if isinstance(each, Number) and each.value)


def _renamed(tree: Tree, names: Mapping[float, Tree]) -> Tree:
    def size(part: Any) -> Any:
        return names.get(part.value, part) if isinstance(part, Number) else part

    def change(part: Tree) -> Tree | None:
        match part:
            case Call(function="reshape", arguments=(inner, ArrayLiteral(items=items))):
                return Call("reshape", (replaced(inner, change), ArrayLiteral(tuple(map(size, items)))))
            case Subscript(operand=inner, items=items):
                ends = (Slice(size(i.start), size(i.stop), i.step) if isinstance(i, Slice) else i for i in items)
                return Subscript(replaced(inner, change), tuple(ends))
        return None

    return replaced(tree, change)


def _shape(tree: Tree, run: Run, sizes: Mapping[str, int]) -> tuple[int, ...] | None:
    try:
        return tuple(np.shape(evaluate(tree, {**run.values, **sizes}, function_table())))
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
