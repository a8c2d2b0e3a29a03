"""Every gradient of a run against central differences: where do the rules and the slopes disagree?"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.random import Generator

from tutor.engine import Edge, Run
from tutor.engine.rounding_noise import NOISE, noisy_runs
from tutor.engine.unbroadcast import unbroadcast

Slope: TypeAlias = Callable[[Any, float], float]  # the value at a step along a direction
Finding: TypeAlias = Literal["wrong", "kink"]
Along: TypeAlias = Callable[[float], float]  # the same, with the direction chosen
_H = 1e-5
_SAME = 1e-5
_LEAST = 1e-3  # smaller gradients are compared as if they had this size
_FINER = 30
_FINER_STEPS = 5
_TINY = 1.37e-14  # no whole number of last digits
_ROUNDING = 4e-16
_RESTLESS = 1e-10  # of a value: no noise of last digits
_LARGEST = 1e-3
_NUDGES = 15  # each a quarter of the one before
_ENTRIES = 12  # larger arrays are moved along random directions
_DIRECTIONS = 3
_MOST_WORK = 20_000  # ops to run again for the total gradients of one run; beyond it inputs alone are moved
_SEED = 20_210_208


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A place where backward does not say what a nudge shows.

    `node` is the line or input, `slot` the op's input for a local rule (None: the node's total gradient). At a `kink`
    the slopes to both sides differ, and the gradient is a convention.
    """

    finding: Finding
    node: str
    slot: int | None
    backward: float
    nudge: float


@np.errstate(all="ignore")
def disagreements(run: Run) -> list[Disagreement]:
    """Where a run's gradients differ from differences: each op's rule by itself, then the total of every node."""
    found: list[Disagreement] = []
    stream = np.random.default_rng(_SEED)
    for node, op in enumerate(run.graph.ops):
        if op is not None:
            for k, j in enumerate(run.graph.arguments[node]):
                # Numbers written in a formula and labels carry no gradient.
                if k not in op.without_gradient and run.plan.tracked[j]:
                    found += _at_edge(run, (node, k), stream)
    for node in _movable(run):
        found += _at_node(run, node, stream)
    return found


def _at_edge(run: Run, edge: Edge, stream: Generator) -> Iterator[Disagreement]:
    """One rule: what it sends back for a random gradient, against how the op's value moves."""
    node, k = edge
    start = np.asarray(run.inputs_of(node)[k], dtype=np.float64)
    defined = np.isfinite(run.node_values[node])  # a branch that is not taken may hold what is no number
    up = np.where(defined, _direction(np.shape(defined), stream), 0.0)[()]

    def slope(direction: Any, step: float) -> float:
        return float(np.sum(np.where(defined, up * _changed(run, node, k, start + step * direction), 0.0)))

    def sent(direction: Any, step: float) -> float:
        value = start + step * direction
        inputs = [value if place == k else each for place, each in enumerate(run.inputs_of(node))]
        op = run.graph.ops[node]
        assert op is not None
        down = unbroadcast(op.vjp(k, up, _changed(run, node, k, value), *inputs), start.shape)
        return float(np.sum(np.where(np.isfinite(down), down, 0.0) * direction))

    def lost() -> float:
        return _ROUNDING * float(np.sum(np.abs(up * run.node_values[node]), where=defined))

    def unsure(direction: Any, size: float) -> float:
        return _noise(partial(sent, direction), size)

    yield from _compared(run, edge, run.vjp(edge, up), _Nudged(start, slope, lost, unsure), stream)


def _at_node(run: Run, node: int, stream: Generator) -> Iterator[Disagreement]:
    """One node's total gradient, against how the outputs move when all that depends on the node follows."""
    start = np.asarray(run.node_values[node], dtype=np.float64)
    after, seeds, values = _after(run, node), [*run.seeds.items()], run.node_values
    gradient = run.total(node)

    def slope(direction: Any, step: float) -> float:
        moved = {node: start + step * direction}
        for later in after:
            moved[later] = _op_value(run, later, moved)
        return float(sum((seed * moved.get(output, values[output])).sum() for output, seed in seeds))

    def lost() -> float:
        made = [sum(np.sum(seed * (each.node_values[k] - values[k])) for k, seed in seeds) for each in noisy_runs(run)]
        return _ROUNDING / NOISE * float(np.max(np.abs(made)))

    def unsure(direction: Any, size: float) -> float:
        made = [np.sum(direction * (each.total(node) - gradient)) for each in noisy_runs(run)]
        return _ROUNDING / NOISE * float(np.max(np.abs(made)))

    yield from _compared(run, (node, None), gradient, _Nudged(start, slope, lost, unsure), stream)


@dataclass(frozen=True, slots=True)
class _Nudged:
    """What is moved from where it is, and how sure that can be: of the value, and of what backward says."""

    start: Any
    slope: Slope
    lost: Callable[[], float]
    unsure: Callable[[Any, float], float]


def _compared(
    run: Run, place: tuple[int, int | None], gradient: Any, nudged: _Nudged, stream: Generator
) -> Iterator[Disagreement]:
    (node, slot), start = place, nudged.start
    gradient = np.broadcast_to(gradient, start.shape)
    here = nudged.slope(np.zeros(start.shape), 0.0)
    for direction in _directions(start.shape, stream):
        backward = float(np.sum(gradient * direction))
        largest = float(np.max(np.abs(start), where=np.isfinite(start) & (direction != 0), initial=0.0))
        size = max(1.0, largest)
        along = partial(nudged.slope, direction)
        right, left = _one_sided(along, here, _H * size)
        middle = (right + left) / 2
        bends = abs(right - left) > 1e-2 * max(abs(right), abs(left))
        if not bends and abs(middle - backward) <= _SAME * max(abs(middle), abs(backward), _LEAST):
            continue
        # The place that a nudge leads to is rounded too.
        noise = _noise(along, size) + (_ROUNDING * largest * abs(middle) if math.isfinite(middle) else 0.0)
        if bends and _is_kink(along, here, size, noise):
            yield Disagreement("kink", _name(run, node, slot), slot, backward, middle)
            return
        measured, error = _measured(along, size, noise, noise + nudged.lost())
        # Where large shares cancel, backward loses digits too.
        error += nudged.unsure(direction, size)
        if abs(measured - backward) > 10 * _SAME * max(abs(measured), abs(backward), _LEAST) + 4 * error:
            yield Disagreement("wrong", _name(run, node, slot), slot, backward, measured)
            return


def _one_sided(along: Along, here: float, h: float) -> tuple[float, float]:
    """The slopes to both sides."""
    return (along(h) - here) / h, (here - along(-h)) / h


def _noise(along: Along, size: float) -> float:
    """What rounding does to a number: how unevenly it changes in steps in which every smooth curve is straight.

    More and Wild, Estimating computational noise, 2011.
    """
    values = np.array([along(k * _TINY * size) for k in range(-3, 4)])
    return float(np.max(np.abs(np.diff(values, 2)))) + _ROUNDING * float(np.max(np.abs(values)))


def _is_kink(along: Along, here: float, size: float, noise: float) -> bool:
    """Whether the slopes to both sides differ by as much however small the nudge: a smooth curve straightens."""
    nudges = [_H * size / _FINER**k for k in range(_FINER_STEPS)]
    jumps = [abs(right - left) for right, left in (_one_sided(along, here, h) for h in nudges)]
    heard = [jump for jump, h in zip(jumps, nudges, strict=True) if jump > 10 * noise / h]
    return len(heard) > 1 and all(fine > coarse / 2 for coarse, fine in pairwise(heard)) and heard[-1] < 3 * heard[0]


def _measured(along: Along, size: float, noise: float, lost: float) -> tuple[float, float]:
    """The slope from the nudge that tells it best, of eight decades, and how far off it may be.

    The difference to a quarter of that nudge tells the error, if all smaller nudges agree as far as the noise that is
    heard lets them. Where none does, as with sin(10^12 x), or where that noise is all there is, as with sin(10^20 x),
    the slope is not known at all: the error is infinite. What may be `lost` unheard, as a nudge in 1 + 1e-20, is part
    of the error.
    """
    nudges = _LARGEST * size / 4.0 ** np.arange(_NUDGES)
    above, below = (np.array([along(sign * h) for h in nudges]) for sign in (1, -1))
    if noise > max(np.max(np.abs(above - below)) / 10, _RESTLESS * np.max(np.abs(above))):
        return 0.0, math.inf
    slopes = (above - below) / (2 * nudges)
    heard, rounding = 2 * noise / nudges, 2 * lost / nudges
    best = 0.0, math.inf
    for k in range(_NUDGES - 2):
        change = abs(slopes[k] - slopes[k + 1])
        error = float(change + rounding[k])
        settled = change <= max(abs(slopes[k]) / 10, 2 * heard[k])
        agreed = np.abs(slopes[k + 1 :] - slopes[k]) <= 2 * (change + heard[k]) + 2 * heard[k + 1 :]
        if settled and error < best[1] and np.all(agreed):
            best = float(slopes[k]), error
    return best


def _name(run: Run, node: int, slot: int | None) -> str:
    return run.graph.line_of(node) if slot is not None else run.graph.names[node].partition(".")[0]


def _directions(shape: tuple[int, ...], stream: Generator) -> Iterator[Any]:
    size = int(np.prod(shape))
    if size <= _ENTRIES:
        yield from np.eye(size).reshape(size, *shape)
    else:
        for _ in range(_DIRECTIONS):
            yield _direction(shape, stream)


def _direction(shape: tuple[int, ...], stream: Generator) -> Any:
    return stream.choice((-1.0, 1.0), shape) * stream.uniform(0.5, 1.0, shape)


def _changed(run: Run, node: int, k: int, value: Any) -> Any:
    """An op's value with one input replaced, by the op's definition where its gradient is one."""
    op = run.graph.ops[node]
    assert op is not None
    inputs = run.inputs_of(node)
    moved = [*inputs]
    moved[k] = value if np.ndim(value) else np.float64(value)
    return op.nudged(run.node_values[node], inputs, moved)


def _op_value(run: Run, node: int, moved: Mapping[int, Any]) -> Any:
    """An op's value where some of its inputs have moved; those without a gradient stay."""
    op, arguments = run.graph.ops[node], run.graph.arguments[node]
    assert op is not None
    now = [
        run.node_values[j] if k in op.without_gradient else moved.get(j, run.node_values[j])
        for k, j in enumerate(arguments)
    ]
    now = [each if np.ndim(each) else np.float64(each) for each in now]
    return op.nudged(run.node_values[node], run.inputs_of(node), now)


def _after(run: Run, node: int) -> list[int]:
    """The ops that depend on a node, in the order of evaluation."""
    touched = {node}
    for later in range(node + 1, len(run.graph.ops)):
        if any(j in touched for j in run.graph.arguments[later]):
            touched.add(later)
    return sorted(touched - {node})


def _movable(run: Run) -> list[int]:
    """Inputs and lines whose totals are compared; of a long graph the inputs, since each rule was checked already."""
    graph = run.graph
    inputs = [node for node in graph.given if run.plan.tracked[node]]
    lines = [node for node in (graph.index[name] for name in graph.order) if run.plan.tracked[node]]
    moves = [min(int(np.prod(run.shapes[node])), _ENTRIES) * 3 for node in (*inputs, *lines)]
    return [*inputs, *lines] if sum(moves) * len(graph.ops) <= _MOST_WORK else inputs[: _MOST_WORK // len(graph.ops)]
