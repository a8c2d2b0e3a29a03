"""Fresh numbers and sizes, on which a formula must hold as it does on the lesson's own."""

import math
from collections.abc import Mapping
from functools import lru_cache

from tutor.engine.errors import EngineError
from tutor.engine.graph import Graph
from tutor.lesson.draws import TRIES, draw, is_finite, run_of
from tutor.lesson.kinks import distance, moving
from tutor.lesson.lines import MOST_ELEMENTS, shapes_at
from tutor.lesson.model import Draw, Part
from tutor.lesson.samplers import Stream, fixed, fresh, sample
from tutor.lesson.sizes import SizeError, shape_of
from tutor.lesson.workload import fits

_SEED = 20_210_207
_WITHIN_REACH = 1e-3  # a kink nearer than this could hide a wrong formula behind rounding
_NUMBER_TRIES = 200
_SIZE_DRAWS = 8
_LARGEST = 1e6
# Ops along whose axis two entries are too few to tell a formula from a special case.
_NORMALISES = frozenset(
    {"softmax", "log_softmax", "logsumexp", "cross_entropy", "var", "std", "layer_norm", "batch_norm"}
)


def fresh_draws(part: Part, count: int = 8, like: Draw | None = None) -> tuple[Draw, ...]:
    """Numbers and sizes for checking formulas; constants keep the numbers they have in `like` (seed 0 if None)."""
    has_constants = any(given.constant for given in part.given.values())
    return _fresh_draws(part, count, like if has_constants else None)


@lru_cache(maxsize=32)  # every drill of a lesson without constants is checked at the same ones
def _fresh_draws(part: Part, count: int, like: Draw | None) -> tuple[Draw, ...]:
    stream = Stream(_SEED + part.number)
    like = like or draw(part, 0)
    sizes = _Sizes(part, stream)
    return tuple(_fresh_draw(part, sizes.another(), like, stream) for _ in range(count))


def sizes_can_change(part: Part) -> bool:
    """Whether other sizes fit the graph; where they do not, formulas are checked at the lesson's own."""
    sizes = _Sizes(part, Stream(_SEED))
    # One draw may be the lesson's own sizes by chance: one in six where there is a single name.
    return not part.sizes or any(sizes.another() != dict(part.sizes) for _ in range(_SIZE_DRAWS))


def _fresh_draw(part: Part, sizes: Mapping[str, int], like: Draw, stream: Stream) -> Draw:
    scales = _scales(part, sizes)
    finite: Draw | None = None
    for attempt in range(2 * _NUMBER_TRIES):
        # Where generic numbers never give a finite run, the lesson's own ways to draw them will.
        generic = attempt < _NUMBER_TRIES
        numbers = {}
        for name, given in part.given.items():
            if given.constant:
                shape = shape_of(given, sizes)
                numbers[name] = like.numbers[name] if like.numbers[name].shape == shape else fixed(given, shape)
            elif generic or not given.drawn:
                numbers[name] = fresh(given, sizes, stream, scales.get(name, 1.0))
            else:
                numbers[name] = sample(given, sizes, stream)
        upstream = {name: fresh(given, sizes, stream) for name, given in part.upstream.items()}
        made = Draw(sizes, numbers, upstream)
        run = run_of(part, made)
        if run is None or not is_finite(run) or any(abs(value).max() > _LARGEST for value in run.node_values):
            continue
        finite = made
        if distance(run, moving(part, run.graph)) > _WITHIN_REACH:
            return made
    return finite or like


class _Sizes:
    """Finds sizes that fit the graph: all different if that can be, and as they are if nothing else can."""

    def __init__(self, part: Part, stream: Stream) -> None:
        self.part, self.stream = part, stream
        self.names = list(part.sizes)
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
                    self.judged[chosen] = self._fits(chosen)
                if self.judged[chosen]:
                    return dict(zip(self.names, chosen, strict=True))
            self.fixed, self.different = not self.different, False
        return self.part.sizes

    def _drawn(self) -> tuple[int, ...]:
        chosen: list[int] = []
        while len(chosen) < len(self.names):
            size = self.stream.whole(2, self.largest)
            if not self.different or size not in chosen or len(chosen) > self.largest - 2:
                chosen.append(size)
        return tuple(chosen)

    def _fits(self, chosen: tuple[int, ...]) -> bool:
        sizes = dict(zip(self.names, chosen, strict=True))
        try:
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
        if not fits(graph, plan.shapes):
            return False
        outputs = [name for name in graph.outputs if name not in self.part.upstream]
        return all(math.prod(shapes[name]) == 1 for name in outputs) and _long_enough(graph, plan.shapes)


def _long_enough(graph: Graph, shapes: tuple[tuple[int, ...], ...]) -> bool:
    for node, op in enumerate(graph.ops):
        if op is not None and op.name in _NORMALISES:
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
        if op is None or op.name not in ("matmul", "dot"):
            continue
        left, right = graph.arguments[node]
        fan_in = (plan.shapes[left] or (1,))[-1]
        for factor in (left, right):
            inner = graph.ops[factor]
            source = graph.arguments[factor][0] if inner is not None and inner.name == "transpose" else factor
            if source in inputs:
                name = graph.names[source]
                scales[name] = min(scales.get(name, 1.0), fan_in**-0.5)
    return scales
