"""What rounding may do: a run, and the functions of a formula, with every result off by a little of its size.

1 - tanh(x)^2 at x = 12 keeps five of sixteen digits: no formula can be told from it by more. How far a number moves
when all results on the way to it are shaken says how many it has (Parker, Monte Carlo arithmetic, 1997).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from tutor.engine.compile import ALIASES
from tutor.engine.functions import functions
from tutor.engine.ops import REGISTRY
from tutor.engine.ops.base import Array
from tutor.engine.run import Run

SHAKE = 2.0**-46
TIMES = 4


class Shaken(Run):
    """The values and gradients of another run as rounding might have left them; inputs stay."""

    original: Run
    seed: int


@lru_cache(maxsize=16)
def shaken(run: Run) -> tuple[Shaken, ...]:
    """Four such runs."""
    return tuple(_shaken(run, seed) for seed in range(TIMES))


def functions_at(run: Run) -> Mapping[str, Callable[..., Any]]:
    """The functions that formulas call at a run: at a shaken one shaken too."""
    if not isinstance(run, Shaken):
        return functions()
    rng = np.random.default_rng(run.seed)
    return {name: _with_shakes(ALIASES.get(name, name), function, rng) for name, function in functions().items()}


def _shaken(run: Run, seed: int) -> Shaken:
    rng, graph = np.random.default_rng(seed), run.graph
    values = list(run.node_values)
    with np.errstate(all="ignore"):
        for node, op in enumerate(graph.ops):
            if op is not None and run.plan.tracked[node]:
                inputs = [values[j] for j in graph.arguments[node]]
                values[node] = _shake(op.name, op.forward(*inputs), inputs, rng)
    made = Shaken(graph, values, run.plan, run.seeds)
    made.original, made.seed = run, seed
    return made


def _with_shakes(name: str, function: Callable[..., Any], rng: np.random.Generator) -> Callable[..., Any]:
    def call(*arguments: Array, **keywords: Any) -> Array:
        return _shake(name, function(*arguments, **keywords), arguments, rng)

    return call if name in REGISTRY else function


def _shake(name: str, made: Array, inputs: Sequence[Array], rng: np.random.Generator) -> Array:
    op = REGISTRY[name]
    # Shaken, a gate would not know what it let through.
    if (
        op.cuts
        or op.exact == "always"
        or (op.exact == "whole" and all(np.all(np.equal(x, np.round(x))) for x in inputs))
    ):
        return made
    return made * (1 + SHAKE * rng.choice([-1.0, 1.0], np.shape(made)) * rng.uniform(0.5, 1.0, np.shape(made)))
