"""What the plots of a lesson show: errors of measured slopes, sizes of gradients, counts and times of a run.

>>> from tutor.engine import Graph
>>> graph = Graph.parse({"h": "tanh(w * x)", "f": "h^2"})
>>> run = graph.run({"w": 2, "x": 3})
>>> [(each.line, f"{each.size:.1e}") for each in gradient_norms(run).lines]
[('f', '1.0e+00'), ('h', '2.0e+00')]
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite, prod
from statistics import median
from time import perf_counter
from typing import TypeAlias

import numpy as np

from tutor.engine.nudges import output_deltas
from tutor.engine.numeric_gradient import Errors, error_series
from tutor.engine.operation_counts import Cost, cost
from tutor.engine.ops.op import Array
from tutor.engine.run import Run
from tutor.engine.unbroadcast import unbroadcast

KINDS = ("gradient-check", "gradient-norms", "counts", "timing")
"""Plots that a lesson may ask for."""

PLANS = ("forward", "shared", "separate", "paths")
"""The plans that a plot of counts compares: values, then gradients once, input by input, path by path."""

EXACT = 1e-11
"""Relative error at h = 0.1 below which only rounding is left."""

_PROBE = 1e-2  # the nudge at which the entry with the clearest errors is looked for
_MOST_ENTRIES = 2_000  # of an input whose entries are all looked at
_LEAST_PASSES, _MOST_PASSES = 5, 201


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """How wrong the measured slope at one entry of an input is, for steps h from 1 down to where rounding rules."""

    wrt: str
    place: tuple[int, ...]
    series: tuple[Errors, ...]

    @property
    def best_one(self) -> float:
        """The h at which the one-sided difference is nearest to the slope."""
        return min(self.series, key=lambda each: _finite(each.one_sided)).h

    @property
    def best_two(self) -> float:
        """The h at which the two-sided difference is nearest to the slope."""
        return min(self.series, key=lambda each: _finite(each.two_sided)).h

    @property
    def is_linear(self) -> bool:
        """Whether even the one-sided difference is exact but for rounding."""
        return self._at_a_tenth.one_sided < EXACT

    @property
    def is_quadratic(self) -> bool:
        """Whether the two-sided difference is exact but for rounding."""
        return self._at_a_tenth.two_sided < EXACT

    @property
    def _at_a_tenth(self) -> Errors:
        return min(self.series, key=lambda each: abs(each.h - 0.1))


@dataclass(frozen=True, slots=True)
class GradientSize:
    """The Euclidean length of the total gradient at a line or an input."""

    line: str
    size: float


@dataclass(frozen=True, slots=True)
class GradientNorms:
    """The gradient on its way: lines from the output back, then what it comes to at the inputs."""

    lines: tuple[GradientSize, ...]
    inputs: tuple[GradientSize, ...]


@dataclass(frozen=True, slots=True)
class PlanCosts:
    """Multiplications and additions of each of PLANS, in that order."""

    plans: tuple[tuple[str, Cost], ...]


@dataclass(frozen=True, slots=True)
class LineTime:
    """Seconds that one line takes: its values forward, and what it sends back along its slots."""

    line: str
    forward: float
    backward: float


@dataclass(frozen=True)
class Timing:
    """What one pass forward and one backward take, line by line in the order of the graph, in seconds (medians)."""

    lines: tuple[LineTime, ...]

    @cached_property
    def forward(self) -> float:
        """All lines together."""
        return sum(each.forward for each in self.lines)

    @cached_property
    def backward(self) -> float:
        """All lines together."""
        return sum(each.backward for each in self.lines)


Study: TypeAlias = GradientCheck | GradientNorms | PlanCosts | Timing


def gradient_check(run: Run, wrt: Iterable[str] = ()) -> GradientCheck | None:
    """The error of measured slopes at the entry of an input where it shows best; None where nothing can be nudged.

    `wrt` are the inputs to choose from (none: all that carry a gradient).
    """
    graph = run.graph
    blind = graph.integer | graph.data
    wanted = [graph.find(name) for name in wrt] or [node for node in graph.given if node not in blind]
    found = max((_clearest(run, node) for node in wanted), key=lambda each: each[0], default=None)
    if found is None:
        return None
    _, node, place = found
    numbers = {graph.names[each]: run.node_values[each] for each in graph.given}
    upstream = {graph.names[each]: seed for each, seed in run.seeds.items() if graph.names[each]}
    name = graph.names[node]
    series = error_series(graph, numbers, name, place, upstream)
    return GradientCheck(name, place, series)


def _finite(error: float) -> float:
    """Where a nudge leads out of the domain, there is no slope."""
    return error if isfinite(error) else inf


def _clearest(run: Run, node: int) -> tuple[float, int, tuple[int, ...]]:
    """How clear the errors are at the best entry of an input, and which entry that is."""
    exact = np.asarray(run.total(node), dtype=np.float64)
    if prod(run.shapes[node]) > _MOST_ENTRIES:
        place = np.unravel_index(int(np.argmax(np.abs(exact))), exact.shape)
        return 0.0, node, tuple(int(each) for each in place)
    above, below = output_deltas(run, node, [_PROBE, -_PROBE])
    one, two = np.abs(above / _PROBE - exact), np.abs((above - below) / (2 * _PROBE) - exact)
    with np.errstate(all="ignore"):
        clear = np.where(np.abs(exact) > 1e-9, (one + two) / np.abs(exact), -1.0)
        # Noise of rounding must not choose among entries that have no error of their own.
        clear = np.where(np.isfinite(clear), np.where(clear < EXACT, np.minimum(clear, 0.0), clear), -1.0)
    place = np.unravel_index(int(np.argmax(clear)), exact.shape)
    return float(clear[place]), node, tuple(int(each) for each in place)


def gradient_norms(run: Run) -> GradientNorms:
    """The length of the gradient at every line from the output back, and at every input that carries one."""
    gradients = run.gradients

    def size(name: str) -> GradientSize:
        return GradientSize(name, _length(gradients[name]))

    lines = tuple(size(name) for name in reversed(run.graph.order))
    return GradientNorms(lines, tuple(size(name) for name in run.graph.inputs if name in gradients))


def _length(gradient: Array) -> float:
    """The Euclidean length, also where the squares of the entries are too small or too large for a float."""
    entries = np.abs(np.ravel(gradient))
    largest = float(entries.max(initial=0.0))
    if largest == 0 or not isfinite(largest):
        return largest
    return largest * float(np.linalg.norm(entries / largest))


def counts(run: Run, wrt: Iterable[str] = ()) -> PlanCosts:
    """What forward and the ways backward cost; `wrt` are the inputs whose gradients are wanted (none: all)."""
    wanted = tuple(wrt)
    return PlanCosts(tuple((plan, cost(run, plan, wanted)) for plan in PLANS))


def timing(run: Run, seconds: float = 0.3, clock: Callable[[], float] = perf_counter) -> Timing:
    """Measures the run's ops again and again for about so long, five times at least; the median for each line."""
    graph = run.graph
    _timed_pass(run, clock)  # the first finds nothing in the processor's caches
    passes: list[tuple[dict[int, float], dict[tuple[int, int], float]]] = []
    begun = clock()
    while len(passes) < _LEAST_PASSES or (len(passes) < _MOST_PASSES and clock() - begun < seconds):
        passes.append(_timed_pass(run, clock))
    forward: dict[str, float] = dict.fromkeys(graph.order, 0.0)
    backward = dict(forward)
    line_of = _lines_by_node(run)
    for node in passes[0][0]:
        forward[line_of[node]] += median(each[0][node] for each in passes)
    for edge in passes[0][1]:
        backward[line_of[edge[0]]] += median(each[1][edge] for each in passes)
    return Timing(tuple(LineTime(name, forward[name], backward[name]) for name in graph.order))


def _timed_pass(run: Run, clock: Callable[[], float]) -> tuple[dict[int, float], dict[tuple[int, int], float]]:
    """Seconds of every op forward, and of every edge that a gradient takes backward."""
    forward: dict[int, float] = {}
    backward: dict[tuple[int, int], float] = {}
    values, totals = run.node_values, run.node_totals
    with np.errstate(all="ignore"):
        for node, op in enumerate(run.graph.ops):
            if op is None:
                continue
            inputs = run.inputs_of(node)
            start = clock()
            op.forward(*inputs)
            forward[node] = clock() - start
        way = run.plan.backward
        for node, vjp, k, j in zip(way.nodes, way.methods, way.which, way.source, strict=True):
            up: Array = totals[node]
            if up is None:
                continue
            inputs = run.inputs_of(node)
            start = clock()
            unbroadcast(vjp(k, up, values[node], *inputs), run.shapes[j])
            backward[node, k] = clock() - start
    return forward, backward


def _lines_by_node(run: Run) -> dict[int, str]:
    """The line that every op belongs to: the next one in the order of evaluation whose root it is or comes before."""
    roots = sorted((line.root, name) for name, line in run.graph.lines.items())
    found: dict[int, str] = {}
    place = 0
    for node in range(len(run.graph.ops)):
        while place < len(roots) - 1 and roots[place][0] < node:
            place += 1
        if roots:
            found[node] = roots[place][1]
    return found


def study(kind: str, run: Run, wrt: Iterable[str] = ()) -> Study | None:
    """What a plot of one of KINDS shows of a run; None where it shows nothing."""
    made: dict[str, Callable[[], Study | None]] = {
        "gradient-check": lambda: gradient_check(run, wrt),
        "gradient-norms": lambda: gradient_norms(run),
        "counts": lambda: counts(run, wrt),
        "timing": lambda: timing(run),
    }
    return made[kind]()
