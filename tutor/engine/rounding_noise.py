"""What rounding may do: a run, and the functions of a formula, with every result off by a little of its size.

1 - tanh(x)^2 at x = 12 keeps five of sixteen digits: no formula can be told from it by more. How far a number moves
when all results on the way to it are shaken says how many it has (Parker, Monte Carlo arithmetic, 1997).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from tutor.engine.compile import ALIASES
from tutor.engine.function_table import function_table
from tutor.engine.ops import REGISTRY
from tutor.engine.ops.op import Array, Multilinear
from tutor.engine.ops.reductions import Mean, Sum
from tutor.engine.ordering import CONSTANTS
from tutor.engine.run import Run

if TYPE_CHECKING:
    from tutor.engine.graph import Graph

NOISE = 2.0**-46
TIMES = 4
_SMALL = 1e-9  # beside the largest, a number below may be what rounding left of 0
_TIE = 2.0**-46  # numbers that differ by less are one number
_SHAKEN_CONSTANTS = {name: number * (1 + NOISE) for name, number in CONSTANTS.items()}
_ADDING = (Multilinear, Sum, Mean)
_LEFT = 16 * 2.0**-52 / NOISE  # how much of what shaking does rounding does at most


class NoisyRun(Run):
    """The values and gradients of another run as rounding might have left them; inputs stay."""

    original: Run
    seed: int
    rng: np.random.Generator

    @np.errstate(all="ignore")
    def _backward(self) -> list[Array]:
        super()._backward()
        totals, self._shares = self._by_edges()
        return totals

    def passed_on(self, gradient: Array) -> Array:
        """Off by a little of its size."""
        return _moved(gradient, self.rng)


class Settled(Run):
    """A run whose values and gradients are 0, or a tie, where rounding alone keeps them from it.

    0.1 + 0.2 - 0.3 is 0, 0.1 + 0.2 and 0.3 are a tie, and so is the gradient of a shift before a softmax 0.
    """

    @classmethod
    def start(cls, graph: "Graph", numbers: Mapping[str, Any], upstream: Mapping[str, Any] | None) -> Self:
        """As that of any run, with its values settled."""
        run = super().start(graph, numbers, upstream)
        with np.errstate(all="ignore"):
            run._settle_values()
        return run

    def _settle_values(self) -> None:
        values, graph = self.node_values, self.graph
        shaken: tuple[NoisyRun, ...] = ()
        changed: set[int] = set()
        for node, op in enumerate(graph.ops):
            if op is None:
                continue
            arguments, inputs, before = graph.arguments[node], self.inputs_of(node), values[node]
            made = before if changed.isdisjoint(arguments) else op.forward(*inputs)
            compared = op.kink_operands(*inputs)
            if any(map(_is_near_tie, compared)):
                places = [end for _, end in compared] if len(inputs) == 1 and op.elementwise else []
                for j, even in zip(arguments, _tied([*inputs, *places]), strict=False):
                    values[j] = even
                made = op.forward(*self.inputs_of(node))
            if _is_small(made, _largest(inputs)):
                shaken = shaken or tuple(_noisy(self, seed) for seed in range(TIMES))
                made = settled(made, [each.node_values[node] for each in shaken])
            if made is not before:
                values[node] = made
                changed.add(node)

    @np.errstate(all="ignore")
    def _backward(self) -> list[Array]:
        totals = super()._backward()
        largest = _largest(totals)
        if any(_is_small(each, largest) for each in totals):
            others = noisy_runs(self)
            self._shares = _settled(self._shares, [(each.node_totals, each._shares)[1] for each in others], largest)
            return _settled(totals, [each.node_totals for each in others], largest)
        return totals


def settled(made: Array, shaken: Sequence[Array]) -> Array:
    """The array with a 0 for every entry that shaking moves as far as it is from 0."""
    moved = np.max([np.abs(each - made) for each in shaken], axis=0)
    return np.where(np.abs(made) <= _LEFT * moved, 0.0, made)[()]


def settled_value(run: Run, value: Callable[[Run], Array]) -> Array:
    """What a formula gives at a run, with a 0 where rounding alone keeps it from that."""
    made = value(run)
    if isinstance(run, NoisyRun) or not _is_small(made, 1.0):
        return made
    return settled(made, [value(each) for each in noisy_runs(run)])


def _settled(gradients: list[Array], shaken: list[list[Array]], largest: float) -> list[Array]:
    made = gradients.copy()
    for k, gradient in enumerate(gradients):
        if _is_small(gradient, largest):
            made[k] = settled(gradient, [each[k] for each in shaken])
    return made


def _largest(arrays: Iterable[Array | None]) -> float:
    finite = (float(np.max(np.abs(each), initial=0.0)) for each in arrays if each is not None)
    return max((each for each in finite if each < np.inf), default=0.0)


def _is_small(array: Array | None, largest: float) -> bool:
    return array is not None and bool(np.any((array != 0.0) & (np.abs(array) < _SMALL * max(largest, 1.0))))


def _is_near_tie(operands: Sequence[Array]) -> bool:
    """Are two of what a gate compares as good as equal, and not equal?"""
    stacked = np.sort(np.stack(np.broadcast_arrays(*operands)), axis=0)
    gaps = np.diff(stacked, axis=0)
    return bool(np.any((gaps > 0.0) & (gaps <= _TIE * np.abs(stacked[1:]))))


def _tied(arrays: Sequence[Array]) -> list[Array]:
    """The arrays with one number for all that are as good as equal, the shortest of them."""
    every = np.unique(np.concatenate([np.ravel(each) for each in arrays]))
    groups = np.split(every, np.flatnonzero(np.diff(every) > _TIE * np.abs(every[1:])) + 1)
    one = np.concatenate([np.full(len(each), min(each.tolist(), key=lambda x: len(repr(x)))) for each in groups])
    return [one[np.searchsorted(every, each)] for each in arrays]


@lru_cache(maxsize=16)
def noisy_runs(run: Run) -> tuple[NoisyRun, ...]:
    """Four such runs."""
    return tuple(_noisy(run, seed) for seed in range(TIMES))


def functions_at(run: Run) -> Mapping[str, Callable[..., Any]]:
    """The functions that formulas call at a run: at a shaken one shaken too."""
    if not isinstance(run, NoisyRun):
        return function_table()
    rng = np.random.default_rng(run.seed)
    return {name: _with_noise(ALIASES.get(name, name), function, rng) for name, function in function_table().items()}


def constants_at(run: Run) -> Mapping[str, float]:
    """The constants that formulas name at a run: at a shaken one off by what a float leaves out of them."""
    return _SHAKEN_CONSTANTS if isinstance(run, NoisyRun) else CONSTANTS


def _noisy(run: Run, seed: int) -> NoisyRun:
    rng, graph = np.random.default_rng(seed), run.graph
    values = list(run.node_values)
    for node, number in graph.constants.items():
        if np.ndim(number) == 0 and float(number) in CONSTANTS.values():
            values[node] = _moved(values[node], rng)
    with np.errstate(all="ignore"):
        for node, op in enumerate(graph.ops):
            if op is not None and run.plan.tracked[node]:
                inputs = [values[j] for j in graph.arguments[node]]
                values[node] = _noise(op.name, op.forward, inputs, rng)
    made = NoisyRun(graph, values, run.plan, run.seeds)
    made.original, made.seed, made.rng = run, seed, rng
    return made


def _with_noise(name: str, function: Callable[..., Any], rng: np.random.Generator) -> Callable[..., Any]:
    def call(*arguments: Array, **keywords: Any) -> Array:
        return _noise(name, partial(function, **keywords), arguments, rng)

    return call if name in REGISTRY else function


def _noise(name: str, apply: Callable[..., Array], inputs: Sequence[Array], rng: np.random.Generator) -> Array:
    op = REGISTRY[name]
    # Shaken, a gate would not know what it let through.
    if (
        op.cuts
        or op.exact == "always"
        or (op.exact == "whole" and all(np.all(np.equal(x, np.round(x))) for x in inputs))
    ):
        return apply(*inputs)
    if issubclass(op, _ADDING):  # rounded at every term, which may cancel
        return apply(*(_moved(x, rng) for x in inputs))
    return _moved(apply(*inputs), rng)


def _moved(made: Array, rng: np.random.Generator) -> Array:
    by = rng.uniform(-1.0, 1.0, np.shape(made))
    return made * (1 + NOISE / 2 * (by + np.sign(by)))  # by half of NOISE at least
