"""What rounding may do: a run, and the functions of a formula, with every result off by a little of its size.

1 - tanh(x)^2 at x = 12 keeps five of sixteen digits: no formula can be told from it by more. How far a number moves
when all results on the way to it are shaken says how many it has (Parker, Monte Carlo arithmetic, 1997).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from tutor.engine.compile import ALIASES
from tutor.engine.function_table import function_table
from tutor.engine.ops import REGISTRY
from tutor.engine.ops.op import Array
from tutor.engine.run import Run

NOISE = 2.0**-46
TIMES = 4
_SMALL = 1e-9  # a gradient below may be what rounding left of 0
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
    """A run whose gradients are 0 where rounding alone keeps them from it, as those of a shift before a softmax."""

    @np.errstate(all="ignore")
    def _backward(self) -> list[Array]:
        totals = super()._backward()
        if any(_is_small(each) for each in totals):
            others = noisy_runs(self)
            self._shares = _settled(self._shares, [(each.node_totals, each._shares)[1] for each in others])
            return _settled(totals, [each.node_totals for each in others])
        return totals


def _settled(gradients: list[Array], shaken: list[list[Array]]) -> list[Array]:
    made = gradients.copy()
    for k, gradient in enumerate(gradients):
        if _is_small(gradient):
            moved = np.max([np.abs(each[k] - gradient) for each in shaken], axis=0)
            made[k] = np.where(np.abs(gradient) <= _LEFT * moved, 0.0, gradient)[()]
    return made


def _is_small(gradient: Array | None) -> bool:
    return gradient is not None and bool(np.any((gradient != 0.0) & (np.abs(gradient) < _SMALL)))


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


def _noisy(run: Run, seed: int) -> NoisyRun:
    rng, graph = np.random.default_rng(seed), run.graph
    values = list(run.node_values)
    with np.errstate(all="ignore"):
        for node, op in enumerate(graph.ops):
            if op is not None and run.plan.tracked[node]:
                inputs = [values[j] for j in graph.arguments[node]]
                values[node] = _noise(op.name, op.forward(*inputs), inputs, rng)
    made = NoisyRun(graph, values, run.plan, run.seeds)
    made.original, made.seed, made.rng = run, seed, rng
    return made


def _with_noise(name: str, function: Callable[..., Any], rng: np.random.Generator) -> Callable[..., Any]:
    def call(*arguments: Array, **keywords: Any) -> Array:
        return _noise(name, function(*arguments, **keywords), arguments, rng)

    return call if name in REGISTRY else function


def _noise(name: str, made: Array, inputs: Sequence[Array], rng: np.random.Generator) -> Array:
    op = REGISTRY[name]
    # Shaken, a gate would not know what it let through.
    if (
        op.cuts
        or op.exact == "always"
        or (op.exact == "whole" and all(np.all(np.equal(x, np.round(x))) for x in inputs))
    ):
        return made
    return _moved(made, rng)


def _moved(made: Array, rng: np.random.Generator) -> Array:
    return made * (1 + NOISE * rng.choice([-1.0, 1.0], np.shape(made)) * rng.uniform(0.5, 1.0, np.shape(made)))
