"""Numbers for drills: drawn from a seed, fit for hand work; fresh ones for formulas; near ones for names."""

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.engine.errors import EngineError
from tutor.engine.rounding_noise import Settled
from tutor.engine.run import Run, all_finite
from tutor.lesson.graph.named_sizes import shape_of
from tutor.lesson.model import Draw, Given, Part
from tutor.lesson.numbers.kinks import kink_distance, kinks, largest_saturating_input, movable_nodes, same_sides
from tutor.lesson.numbers.samplers import RandomStream, sample

GENERATOR = 1  # goes up when the same seed would give other numbers; share codes carry it
TRIES = 500
_TRIES_AFTER_FAILURE = 20  # whoever wants fifty draws need not wait for 25,000 tries
_SATURATED = 2.0
_DIGITS = 4
_BY_HAND = 1_000
_MOST_NUMBERS = 100_000
_MOST_OPS = 50_000
_MOST_OPS_AFTER_FAILURE = 2_000
_PART_STRIDE = 1_000_003
_NEAR_SEED = 20_210_206
_NEAREST = 1e-9


@lru_cache(maxsize=16)  # who reads a lesson draws from its first seeds, who checks it draws from them again
def draw(part: Part, seed: int) -> Draw:
    """The numbers of a drill: the first fit ones that the seed gives."""
    return next(draws(part, seed))


def draws(part: Part, seed: int) -> Iterator[Draw]:
    """One fit draw after the other from one seed, without end, for who wants to choose among them.

    Where 500 tries find none that is fit, the last finite one is taken: the lesson's numbers may be meant so.
    """
    stream = RandomStream(seed + _PART_STRIDE * part.number)
    everything = [*part.given.values(), *part.upstream.values()]
    tries = _tries(part) if any(each.drawn for each in everything) else 1
    after_failure = min(tries, _TRIES_AFTER_FAILURE, max(1, _MOST_OPS_AFTER_FAILURE // len(part.graph.ops)))
    while True:
        best: Draw | None = None
        for _ in range(tries):
            made = _drawn(part, part.sizes, stream)
            run = _tried(part, made)
            if run is not None and is_finite(run):
                best = made
                if is_fit(part, run):
                    break
        else:
            tries = min(tries, after_failure)
        yield best if best is not None else made


def perturbed_draws(part: Part, drawn: Draw, count: int = 3) -> tuple[Draw, ...]:
    """The drill's own numbers, each a little moved; sizes, constants, labels, masks and sides of kinks stay.

    An entry is multiplied by 1 + U(-r, r), a 0 gets U(-r, r) added, r from 0.1 halved until no kink changes side.
    """
    stream = RandomStream(_NEAR_SEED)
    start = run_of(part, drawn)
    found = []
    for _ in range(count):
        r = 0.1
        while True:
            made = Draw(
                drawn.sizes,
                {name: perturbed_array(part.given[name], value, r, stream) for name, value in drawn.numbers.items()},
                {
                    name: perturbed_array(part.upstream[name], value, r, stream)
                    for name, value in drawn.upstream.items()
                },
            )
            run = run_of(part, made)
            if r < 1e-6 or start is None:
                break
            if run is not None and (is_finite(run) or not is_finite(start)) and same_sides(kinks(start), kinks(run)):
                break
            r /= 2
        found.append(made)
    return tuple(found)


def run_of(part: Part, drawn: Draw) -> Run | None:
    """The part's graph run on a draw; None where the numbers do not fit the graph."""
    try:
        return Settled.start(part.graph_for(drawn.sizes), drawn.numbers, drawn.upstream or None)
    except EngineError:
        return None


def _tried(part: Part, drawn: Draw) -> Run | None:
    """As `run_of`, without a thought of rounding: of many draws most are dropped."""
    try:
        return part.graph_for(drawn.sizes).run(drawn.numbers, drawn.upstream or None)
    except EngineError:
        return None


def _all_numbers(value: Any) -> bool:
    return math.isfinite(value) if type(value) is np.float64 else all_finite(value)


def is_finite(run: Run) -> bool:
    """Whether every gradient is a number, and every value but for entries that a gate keeps from the outputs."""
    return all(map(_all_numbers, _gradients(run))) and all(
        _all_numbers(value) or bool(np.all(np.isfinite(value) | ~run.reachable_entries(node)))
        for node, value in enumerate(run.node_values)
    )


def is_fit(part: Part, run: Run) -> bool:
    """Whether a learner can work with these numbers: off the kinks, not saturated, answers of few digits."""
    away = max((each.away for each in part.given.values()), default=0.0)
    gap = kink_distance(run, movable_nodes(part, run.graph))
    if gap < max(away, _NEAREST):  # nearer, rounding says on which side
        return False
    if not part.saturated and largest_saturating_input(run) > _SATURATED:
        return False
    exact = all(op is None or op.exact != "none" for op in run.graph.ops)
    return not exact or all(_is_short(value) for value in (*run.node_values, *_gradients(run)))


def _tries(part: Part) -> int:
    """As many as 500, fewer where a draw has so many entries, or a graph so many ops, that nobody does them by hand."""
    entries = sum(math.prod(shape_of(given, part.sizes)) for given in part.given.values())
    return max(1, min(TRIES, _MOST_NUMBERS // max(entries, 1), _MOST_OPS // max(len(part.graph.ops), 1)))


def _gradients(run: Run) -> list[Any]:
    return [total for total in run.node_totals if total is not None]


def _is_short(value: Any) -> bool:
    """Whether every entry has at most four significant digits."""
    return np.size(value) > _BY_HAND or all(
        abs(float(f"{entry:.{_DIGITS}g}") - entry) <= 1e-9 * max(1.0, abs(entry)) for entry in np.ravel(value).tolist()
    )


def _drawn(part: Part, sizes: Mapping[str, int], stream: RandomStream) -> Draw:
    return Draw(
        sizes,
        {name: sample(given, sizes, stream) for name, given in part.given.items()},
        {name: sample(given, sizes, stream) for name, given in part.upstream.items()},
    )


def perturbed_array(given: Given, value: NDArray[Any], r: float, stream: RandomStream) -> NDArray[Any]:
    """Each entry times 1 + U(-r, r), a 0 plus U(-r, r); what is no free number stays."""
    if given.constant or given.domain in ("labels", "mask", "onehot", "shares"):
        return value
    entries = [
        entry * (1.0 + stream.uniform(-r, r)) if entry != 0 else stream.uniform(-r, r)
        for entry in np.ravel(value).tolist()
    ]
    if given.domain == "probability":
        entries = [min(max(entry, 0.0), 1.0) for entry in entries]
    elif given.domain == "positive":
        entries = [abs(entry) for entry in entries]
    return np.array(entries, dtype=np.float64).reshape(np.shape(value))
