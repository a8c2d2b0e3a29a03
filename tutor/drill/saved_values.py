"""Which values of a line must be kept for its backward: the smallest sets from which a slot's gradient follows."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np

from tutor.engine import Edge, EngineError, Op, Run

OUT = -1  # the place of an op's own output among the values that its rule may read
Places: TypeAlias = frozenset[int]
_TRIALS = 24
_LEAST_TRIALS = 3  # so many must be computable before anything is concluded
_MOST_INPUTS = 6
_GRID = np.linspace(-6.0, 6.0, 2401) + 1e-4  # shifted off 0, 1 and other round numbers


class SavedValues:
    """The values of a line by name, and which sets of them are enough for one of its slots.

    A set is enough if the gradient along the slot is a function of what arrives and of the set: found by changing the
    other values, not by looking at a formula, so that every way to write the rule counts.
    """

    def __init__(self, run: Run, of: str, wrt: str) -> None:
        self.run, self.graph = run, run.graph
        self._nodes = self._inside(self.graph.find(of))
        self._needs = [(edge, BackwardRule(run, edge).needs()) for edge in self.graph.chain(of, wrt)]
        named = [self.graph.names[node] for node in self._nodes if self.graph.names[node]]
        line = self.graph.lines[of if of in self.graph.lines else of.partition(".")[0]]
        used = dict.fromkeys(slot.source for slot in line.slots if slot.source in named)
        self.names = tuple(dict.fromkeys([*used, *named]))

    @cached_property
    def smallest(self) -> tuple[tuple[str, ...], ...]:
        """All sets of the smallest size that are enough."""
        sizes = range(len(self.names) + 1)
        enough = ([names for names in combinations(self.names, size) if self.suffices(names)] for size in sizes)
        return tuple(next(found for found in enough if found))

    def suffices(self, names: Iterable[str]) -> bool:
        """Can the gradient along the slot be computed from these values?"""
        known = self._known({self.graph.index[name] for name in names})
        return all(
            any(all(self._at(edge, place) in known for place in places) for places in enough)
            for edge, enough in self._needs
        )

    def _at(self, edge: Edge, place: int) -> int:
        return edge[0] if place == OUT else self.graph.arguments[edge[0]][place]

    def _known(self, known: set[int]) -> set[int]:
        """With the constants, and with every value that others determine: forward, and back where that is one way."""
        known |= {node for node in self._nodes if node in self.graph.constants}
        before = -1
        while len(known) > before:
            before = len(known)
            for node in self._nodes:
                arguments = self.graph.arguments[node]
                unknown = {j for j in arguments if j not in known}
                if self.graph.ops[node] is None or node in self._leaves:
                    continue
                if not unknown:
                    known.add(node)
                elif node in known and len(unknown) == 1 and self._goes_back(node, arguments.index(min(unknown))):
                    known |= unknown
        return known

    def _goes_back(self, node: int, place: int) -> bool:
        """Does the output of an op determine this input, the others given?"""
        op, arguments = self.graph.ops[node], self.graph.arguments[node]
        assert op is not None
        if op.reversible:
            return True
        if not op.elementwise or arguments.count(arguments[place]) > 1:
            return False
        others = frozenset(range(len(arguments))) - {place}
        return BackwardRule(self.run, (node, place)).same_on_level(others, lambda numbers, out: numbers[place])

    def _inside(self, root: int) -> list[int]:
        """The nodes of the line up to `root`, and those that it uses, in topological order."""
        found, left = set(), [root]
        self._leaves: set[int] = set()
        while left:
            node = left.pop()
            found.add(node)
            if node != root and (self.graph.names[node] in self.graph.lines or self.graph.ops[node] is None):
                self._leaves.add(node)
            else:
                left.extend(self.graph.arguments[node])
        return sorted(found)


class BackwardRule:
    """The backward rule of one op for one input, tried out at random values of the shapes that a run has."""

    def __init__(self, run: Run, edge: Edge) -> None:
        graph, (node, self.k) = run.graph, edge
        op = graph.ops[node]
        assert op is not None
        self.op: Op = op
        self.arguments = graph.arguments[node]
        self.constants = {j: graph.constants[a] for j, a in enumerate(self.arguments) if a in graph.constants}
        self.shapes = [run.shapes[argument] for argument in self.arguments]
        self.whole = {j for j, argument in enumerate(self.arguments) if argument in graph.integer}
        self.masks = op.without_gradient - self.whole
        self.random = np.random.default_rng(20_240_404)

    def needs(self) -> list[Places]:
        """The sets of values, none within another, each enough for the rule: places of inputs, and `OUT`."""
        places = [j for j in range(len(self.arguments)) if j not in self.constants]
        if self.k in self.op.without_gradient:
            return [frozenset()]
        if len(places) > _MOST_INPUTS:
            return [frozenset(places)]
        found: list[Places] = []
        for size in range(len(places) + 1):
            for kept in map(frozenset, combinations([*places, OUT], size)):
                if not any(smaller <= kept for smaller in found) and self.is_enough(kept):
                    found.append(kept)
        return found

    def is_enough(self, kept: Places) -> bool:
        """Is the rule's result the same whenever what arrives and the kept values are?"""
        if kept >= set(range(len(self.arguments))) - set(self.constants):
            return True
        if OUT not in kept:
            return self._same_for_others(kept, stale=False)
        if self._same_for_others(kept, stale=True):
            return True  # it reads nothing else
        return self.op.elementwise and self.same_on_level(kept - {OUT}, self._slope)

    def same_on_level(self, kept: Places, what: Callable[[list[Any], Any], Any]) -> bool:
        """For one entry of an elementwise op: is `what` the same at all inputs that share the kept ones and the output?

        All inputs but one of the others are drawn again; the last is solved for on a grid.
        """
        free = [j for j in range(len(self.arguments)) if j not in kept and j not in self.constants]
        solved = 0
        for trial in range(_TRIALS):
            numbers = self._draw(trial, scalar=True)
            out = self._at(numbers)
            wanted = np.nan if out is None else what(numbers, out)
            if not np.isfinite(wanted):
                continue
            for j in free[1:]:
                numbers[j] = self._draw(trial, scalar=True)[j]
            for root in self._roots(numbers, free[0], out) if free else ():
                solved += 1
                numbers[free[0]] = root
                # The output once more: a root is the number sought but for its last digit, and max compares exactly.
                if abs(what(numbers, self._at(numbers)) - wanted) > 1e-6 * max(1.0, abs(wanted)):
                    return False
        return solved >= _LEAST_TRIALS

    def _slope(self, numbers: list[Any], out: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.float64(self.op.vjp(self.k, np.float64(1.0), out, *numbers))

    def _same_for_others(self, kept: Places, *, stale: bool) -> bool:
        """Does the result stay when the values not kept are drawn again, the output with them or (`stale`) not?"""
        tried = 0
        for trial in range(_TRIALS):
            first, second = self._draw(trial), self._draw(trial)
            second = [first[j] if j in kept else number for j, number in enumerate(second)]
            out = self._at(first)
            other = out if stale else self._at(second)
            if out is None or other is None:
                continue
            up = self.random.normal(size=np.shape(out))
            result, again = self._vjp(up, out, first), self._vjp(up, other, second)
            if result is None or (again is None and not stale):
                continue
            tried += 1
            if again is None or not np.allclose(result, again, rtol=1e-9, atol=1e-12):
                return False
        return tried >= _LEAST_TRIALS

    def _at(self, numbers: list[Any]) -> Any:
        """The op's value; None where it cannot take these numbers."""
        try:
            with np.errstate(all="ignore"):
                value = self.op.checked(*numbers)
        except (EngineError, IndexError, ValueError):
            return None
        return value if np.all(np.isfinite(value)) else None

    def _vjp(self, up: Any, out: Any, numbers: list[Any]) -> Any:
        try:
            with np.errstate(all="ignore"):
                down = np.asarray(self.op.vjp(self.k, up, out, *numbers))
        except IndexError:  # rows drawn for an array that has not so many
            return None
        return down if np.all(np.isfinite(down)) else None

    def _draw(self, trial: int, *, scalar: bool = False) -> list[Any]:
        """Inputs: of both signs in every second trial, between 0.2 and 0.9 in the others."""
        return [
            self.constants[j] if j in self.constants else self._input(j, () if scalar else shape, positive=trial % 2)
            for j, shape in enumerate(self.shapes)
        ]

    def _input(self, j: int, shape: tuple[int, ...], *, positive: int) -> Any:
        if j in self.whole:
            bound = self.random.choice([size for other in self.shapes for size in other] or [2])
            return self.random.integers(0, bound, shape).astype(np.float64)
        if j in self.masks:
            return self.random.integers(0, 2, shape).astype(np.float64)
        drawn = self.random.uniform(0.2, 0.9, shape) if positive else self.random.normal(0.0, 1.5, shape)
        return drawn if shape else np.float64(drawn)

    def _roots(self, numbers: list[Any], free: int, out: Any) -> Iterator[Any]:
        """Values of one input, on the grid's range, at which the op gives `out`."""

        def gap(x: Any) -> Any:
            with np.errstate(all="ignore"):
                return self.op.forward(*(x if j == free else number for j, number in enumerate(numbers))) - out

        gaps = gap(_GRID)
        flat = np.flatnonzero(np.abs(gaps) <= 1e-12)
        yield from (np.float64(_GRID[place]) for place in flat[:: max(1, len(flat) // 8)])
        for place in np.flatnonzero(gaps[:-1] * gaps[1:] < 0):
            low, high = _GRID[place], _GRID[place + 1]
            for _ in range(60):
                middle = (low + high) / 2
                low, high = (middle, high) if gap(middle) * gaps[place] > 0 else (low, middle)
            if abs(gap(middle)) < 1e-9:  # not a jump
                yield np.float64(middle)
