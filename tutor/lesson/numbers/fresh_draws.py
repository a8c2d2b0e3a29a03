"""Fresh numbers and sizes, on which a formula must hold as it does on the lesson's own."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.engine.errors import EngineError
from tutor.engine.graph import Graph
from tutor.engine.ops.products import Dot, MatMul
from tutor.engine.ops.rearranging import Transpose
from tutor.expr import Tree
from tutor.lesson.graph.lines import MOST_ELEMENTS, shapes_at
from tutor.lesson.graph.named_sizes import SizeError, shape_of, size_names, size_of
from tutor.lesson.graph.workload import is_workable
from tutor.lesson.model import Draw, Given, Part
from tutor.lesson.numbers.draws import TRIES, draw, is_finite, perturbed_array, run_of
from tutor.lesson.numbers.kinks import kink_distance, movable_nodes
from tutor.lesson.numbers.samplers import RandomStream, generic_numbers, lesson_numbers, sample

_SEED = 20_210_207
_WITHIN_REACH = 1e-3  # a kink nearer than this could hide a wrong formula behind rounding
_NUMBER_TRIES = 200
_TRIES_AFTER_FAILURE = 10
_SAMPLER_TRIES = 500  # of a constant that is to be distinct: at other sizes there may not be numbers enough
_DIFFERENT_TRIES = 50
_SIZE_DRAWS = 8
_LARGEST = 1e6
_NEARER = (0.5, 0.1, 1e-2, 1e-3)  # how far from the lesson's own numbers, where no others will do
# Bounds on the whole search, in ops run, and in ops whose shapes are worked out; large arrays count as several ops.
_MOST_RUN = 20_000
_MOST_PLANNED = 20_000
_ENTRIES_OF_AN_OP = 1_000
_OPS_OF_A_DRAW = 10


@lru_cache(maxsize=32)  # every drill of a lesson is checked at the same ones
def fresh_draws(part: Part, count: int = 8) -> tuple[Draw, ...]:
    """Numbers and sizes for checking formulas, no two the same; fewer, or none, where so many cannot be found.

    Of the constants, those that drills draw are drawn again by their own samplers, others keep their numbers: at other
    sizes they are what the lesson says of them, and where it says nothing the sizes that they use stay.
    """
    stream = RandomStream(_SEED + part.number)
    sizes = _Sizes(part, stream)
    search = _Search(part, stream)
    for _ in range(count):
        search.find(sizes.another())
    return tuple(search.found)


def same_numbers(one: Draw, other: Draw) -> bool:
    """Whether two draws of a part are the same, sizes and all."""
    pairs = [(one.numbers, other.numbers), (one.upstream, other.upstream)]
    return all(np.array_equal(a[name], b[name]) for a, b in pairs for name in a)


def sizes_can_change(part: Part) -> bool:
    """Whether other sizes fit the graph; where they do not, formulas are checked at the lesson's own."""
    sizes = _Sizes(part, RandomStream(_SEED))
    # One draw may be the lesson's own sizes by chance: one in six where there is a single name.
    return not part.sizes or any(sizes.another() != dict(part.sizes) for _ in range(_SIZE_DRAWS))


class _Search:
    """Draws until runs are finite and off the kinks: generic numbers, the lesson's own ways, then nearer its own."""

    def __init__(self, part: Part, stream: RandomStream) -> None:
        self.part, self.stream = part, stream
        self.found: list[Draw] = []
        own_ways = [self._sampled] if any(each.drawn and not each.constant for each in part.given.values()) else []
        self.ways = [self._generic, *own_ways, *(self._near(r) for r in _NEARER)]
        self.first_way = 0  # those before it have failed once
        self.tries = _NUMBER_TRIES
        self.work = 0

    def find(self, sizes: Mapping[str, int]) -> None:
        """Adds a draw at these sizes, or at the lesson's own where none is found."""
        for at in (sizes, self.part.sizes) if sizes != self.part.sizes else (sizes,):
            made = self._found_at(at)
            if made is not None:
                self.found.append(made)
                return

    def _found_at(self, sizes: Mapping[str, int]) -> Draw | None:
        scales = _scales(self.part, sizes)
        second_best: Draw | None = None
        for number, way in enumerate(self.ways[self.first_way :], self.first_way):
            for attempt in range(self.tries):
                if attempt and self.work > _MOST_RUN:
                    break
                made = self._drawn(way, sizes, scales)
                run = run_of(self.part, made)
                self.work += _OPS_OF_A_DRAW + len(self.part.graph.ops) + _entries(made) // _ENTRIES_OF_AN_OP
                # Numbers as large as the lesson's own are no overflow on the way.
                largest = _LARGEST if way in (self._generic, self._sampled) else math.inf
                if run is None or not is_finite(run) or any(abs(each).max() > largest for each in run.node_values):
                    continue
                if any(same_numbers(made, each) for each in self.found if each.sizes == made.sizes):
                    continue
                if kink_distance(run, movable_nodes(self.part, run.graph)) > _WITHIN_REACH:
                    self.first_way = number
                    return made
                second_best = second_best or made
                if self.tries < _NUMBER_TRIES:
                    return second_best
        self.tries = min(self.tries, _TRIES_AFTER_FAILURE)
        return second_best

    def _drawn(self, way: "_Way", sizes: Mapping[str, int], scales: Mapping[str, float]) -> Draw:
        numbers = {
            name: self._constant(given, sizes) if given.constant else way(given, sizes, scales.get(name, 1.0))
            for name, given in self.part.given.items()
        }
        upstream = {name: generic_numbers(given, sizes, self.stream) for name, given in self.part.upstream.items()}
        return Draw(sizes, numbers, upstream)

    def _constant(self, given: Given, sizes: Mapping[str, int]) -> NDArray[Any]:
        if given.kind != "fixed":
            before = self.found[0].numbers[given.name] if len(self.found) == 1 and given.drawn else None
            for _ in range(_DIFFERENT_TRIES):
                made = sample(given, sizes, self.stream, _SAMPLER_TRIES)
                # At least two of the draws differ: one of them from the drill's own.
                if before is None or not np.array_equal(made, before):
                    break
            return made
        if given.follows is None or all(_stays(dim, sizes, self.part.sizes) for dim in (*given.dims, given.classes)):
            return lesson_numbers(given)
        return sample(replace(given, kind=given.follows), sizes, self.stream)

    def _generic(self, given: Given, sizes: Mapping[str, int], scale: float) -> NDArray[Any]:
        return generic_numbers(given, sizes, self.stream, scale)

    def _sampled(self, given: Given, sizes: Mapping[str, int], scale: float) -> NDArray[Any]:
        if given.drawn:
            return sample(given, sizes, self.stream, _SAMPLER_TRIES)
        return generic_numbers(given, sizes, self.stream, scale)

    def _near(self, r: float) -> "_Way":
        """Entries of the lesson's own numbers, each a little moved."""

        def way(given: Given, sizes: Mapping[str, int], scale: float) -> NDArray[Any]:
            own, shape = self._own.numbers[given.name], shape_of(given, sizes)
            if given.domain in ("labels", "mask", "onehot", "shares"):
                return generic_numbers(given, sizes, self.stream, scale)
            if own.shape != shape:
                places = [self.stream.integer(0, own.size - 1) for _ in range(math.prod(shape))]
                own = own.ravel()[places].reshape(shape)
            return perturbed_array(given, own, r, self.stream)

        return way

    @cached_property
    def _own(self) -> Draw:
        return draw(self.part, 0)


_Way: TypeAlias = Callable[[Given, Mapping[str, int], float], NDArray[Any]]


def _stays(dim: "int | Tree | None", sizes: Mapping[str, int], own: Mapping[str, int]) -> bool:
    return dim is None or size_of(dim, sizes) == size_of(dim, own)


def _entries(drawn: Draw) -> int:
    return sum(each.size for each in drawn.numbers.values())


class _Sizes:
    """Finds sizes that fit the graph: all different if that can be, and as they are if nothing else can.

    Sizes of constants that stay do not move.
    """

    def __init__(self, part: Part, stream: RandomStream) -> None:
        self.part, self.stream = part, stream
        self.staying = [given for given in part.given.values() if given.stays]
        held = size_names(dim for given in self.staying for dim in given.dims)
        self.names = [name for name in part.sizes if name not in held]
        self.held = [size for name, size in part.sizes.items() if name in held]
        self.work = 0
        self.largest = 7 if len(self.names) <= 5 else 12
        self.judged: dict[tuple[int, ...], bool] = {}
        self.different = True
        self.fixed = not self.names

    def another(self) -> Mapping[str, int]:
        """Sizes for one more draw."""
        while not self.fixed:
            for _ in range(TRIES):
                chosen = self._drawn()
                if chosen not in self.judged:
                    if self.work > _MOST_PLANNED:
                        continue
                    self.judged[chosen] = self._fits(self._sizes(chosen))
                if self.judged[chosen]:
                    return self._sizes(chosen)
            self.fixed, self.different = not self.different, False
        return self.part.sizes

    def _sizes(self, chosen: tuple[int, ...]) -> Mapping[str, int]:
        return {**self.part.sizes, **dict(zip(self.names, chosen, strict=True))}

    def _drawn(self) -> tuple[int, ...]:
        chosen: list[int] = []
        while len(chosen) < len(self.names):
            size = self.stream.integer(2, self.largest)
            taken = [*self.held, *chosen]
            if not self.different or size not in taken or len(taken) > self.largest - 2:
                chosen.append(size)
        return tuple(chosen)

    def _fits(self, sizes: Mapping[str, int]) -> bool:
        self.work += len(self.part.graph.ops)
        try:
            if not all(_choose(given, sizes) for given in self.staying):
                return False
            if any(math.prod(shape_of(given, sizes)) > MOST_ELEMENTS for given in self.part.given.values()):
                return False
            graph = self.part.graph_for(sizes)
            shapes = shapes_at(graph, self.part.given, sizes)
            for name, given in self.part.upstream.items():
                if shape_of(given, sizes) != shapes[name]:
                    return False
            plan = graph.plan({graph.index[name]: shapes[name] for name in graph.inputs})
        except (EngineError, SizeError):
            return False
        if not is_workable(graph, plan.shapes):
            return False
        outputs = [name for name in graph.outputs if name not in self.part.upstream]
        return all(math.prod(shapes[name]) == 1 for name in outputs) and _long_enough(graph, plan.shapes)


def _choose(given: Given, sizes: Mapping[str, int]) -> bool:
    """Whether labels that stay have a class to choose at these sizes."""
    return given.classes is None or bool(np.max(lesson_numbers(given)) < size_of(given.classes, sizes))


def _long_enough(graph: Graph, shapes: tuple[tuple[int, ...], ...]) -> bool:
    for node, op in enumerate(graph.ops):
        if op is not None and op.normalises:
            shape = shapes[graph.arguments[node][0]]
            axis = getattr(op, "axis", -1)
            axes = range(len(shape)) if axis is None else (axis,) if isinstance(axis, int) else axis
            if any(shape[each] < 3 for each in axes):
                return False
    return True


def _scales(part: Part, sizes: Mapping[str, int]) -> dict[str, float]:
    """1/√fan-in for every input that is a factor of a product."""
    graph = part.graph_for(sizes)
    shapes = shapes_at(graph, part.given, sizes)
    plan = graph.plan({graph.index[name]: shapes[name] for name in graph.inputs})
    inputs = set(graph.given)
    scales: dict[str, float] = {}
    for node, op in enumerate(graph.ops):
        if not isinstance(op, MatMul | Dot):
            continue
        left, right = graph.arguments[node]
        fan_in = (plan.shapes[left] or (1,))[-1]
        for factor in (left, right):
            inner = graph.ops[factor]
            source = graph.arguments[factor][0] if isinstance(inner, Transpose) else factor
            if source in inputs:
                name = graph.names[source]
                scales[name] = min(scales.get(name, 1.0), fan_in**-0.5)
    return scales
