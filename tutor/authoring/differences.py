"""Every gradient of a run against central differences: where do the rules and the slopes disagree?"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from tutor.engine import Edge, Run
from tutor.lesson.samplers import Stream

Slope: TypeAlias = Callable[[Any, float], float]  # the value at a step along a direction
Finding: TypeAlias = Literal["wrong", "kink"]
_H = 1e-5
_SAME = 1e-5
_FINER = 30
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


def disagreements(run: Run) -> Iterator[Disagreement]:
    """Where a run's gradients differ from differences: each op's rule by itself, then the total of every node."""
    with np.errstate(all="ignore"):
        found = list(_disagreements(run))
    yield from found


def _disagreements(run: Run) -> Iterator[Disagreement]:
    stream = Stream(_SEED)
    for node, op in enumerate(run.graph.ops):
        if op is not None:
            for k, j in enumerate(run.graph.arguments[node]):
                # Numbers written in a formula and labels carry no gradient.
                if k not in op.without_gradient and run.plan.tracked[j]:
                    yield from _at_edge(run, (node, k), stream)
    for node in _movable(run):
        yield from _at_node(run, node, stream)


def _at_edge(run: Run, edge: Edge, stream: Stream) -> Iterator[Disagreement]:
    """One rule: what it sends back for a random gradient, against how the op's value moves."""
    node, k = edge
    start = np.asarray(run.inputs_of(node)[k], dtype=np.float64)
    up = _direction(np.shape(run.node_values[node]), stream)
    down = run.vjp(edge, up)

    def slope(direction: Any, step: float) -> float:
        return float(np.sum(up * _changed(run, node, k, start + step * direction)))

    yield from _compared(run, node, k, down, start, slope, stream)


def _at_node(run: Run, node: int, stream: Stream) -> Iterator[Disagreement]:
    """One node's total gradient, against how the outputs move when all that depends on the node follows."""
    start = np.asarray(run.node_values[node], dtype=np.float64)
    after, seeds, values = _after(run, node), _seeds(run), run.node_values

    def slope(direction: Any, step: float) -> float:
        moved = {node: start + step * direction}
        for later in after:
            moved[later] = _op_value(run, later, moved)
        return float(sum((seed * moved.get(output, values[output])).sum() for output, seed in seeds))

    yield from _compared(run, node, None, run.total(node), start, slope, stream)


def _compared(
    run: Run, node: int, slot: int | None, gradient: Any, start: Any, slope: Slope, stream: Stream
) -> Iterator[Disagreement]:
    gradient = np.broadcast_to(gradient, start.shape)
    here = slope(np.zeros(start.shape), 0.0)
    for direction in _directions(start.shape, stream):
        backward = float(np.sum(gradient * direction))
        h = _H * max(1.0, float(np.max(np.abs(start * (direction != 0)), initial=0.0)))
        right, left, noise = _one_sided(run, slope, here, direction, h)
        middle = (right + left) / 2
        if abs(right - left) > 1e-2 * max(abs(right), abs(left)) + 10 * noise:
            # A smooth curve straightens in a smaller nudge, a kink does not.
            closer, other, _ = _one_sided(run, slope, here, direction, h / _FINER)
            if abs(closer - other) > abs(right - left) / 2:
                yield Disagreement("kink", _name(run, node, slot), slot, backward, middle)
                return
        if abs(middle - backward) <= _SAME * max(abs(middle), abs(backward), 1e-3) + 10 * noise:
            continue
        right, left, noise = _one_sided(run, slope, here, direction, h / _FINER)
        middle = (right + left) / 2
        if abs(middle - backward) > 10 * _SAME * max(abs(middle), abs(backward), 1e-3) + 10 * noise:
            yield Disagreement("wrong", _name(run, node, slot), slot, backward, middle)
            return


def _one_sided(run: Run, slope: Slope, here: float, direction: Any, h: float) -> tuple[float, float, float]:
    """The slopes to both sides, and what rounding alone can do to them."""
    above, below = (slope(direction, step) for step in (h, -h))
    noise = 1e-15 * (abs(above) + abs(below) + _scale(run)) / h
    return (above - here) / h, (here - below) / h, noise


def _name(run: Run, node: int, slot: int | None) -> str:
    return run.graph.line_of(node) if slot is not None else run.graph.names[node].partition(".")[0]


def _directions(shape: tuple[int, ...], stream: Stream) -> Iterator[Any]:
    size = int(np.prod(shape))
    if size <= _ENTRIES:
        for k in range(size):
            unit = np.zeros(size)
            unit[k] = 1.0
            yield unit.reshape(shape)
    else:
        for _ in range(_DIRECTIONS):
            yield _direction(shape, stream)


def _direction(shape: tuple[int, ...], stream: Stream) -> Any:
    size = int(np.prod(shape))
    return np.array([stream.sign() * stream.between(0.5, 1.0) for _ in range(size)]).reshape(shape)


def _changed(run: Run, node: int, k: int, value: Any) -> Any:
    """An op's value with one input replaced, by the op's definition where its gradient is one."""
    op = run.graph.ops[node]
    assert op is not None
    inputs = [*run.inputs_of(node)]
    if op.name == "stop_gradient":
        return run.node_values[node]
    if op.name == "straight_through":
        return run.node_values[node] + (value - inputs[1] if k == 1 else 0.0)
    inputs[k] = value if np.ndim(value) else np.float64(value)
    return op.forward(*inputs)


def _op_value(run: Run, node: int, moved: Mapping[int, Any]) -> Any:
    """An op's value where some of its inputs have moved; those without a gradient stay."""
    op, arguments = run.graph.ops[node], run.graph.arguments[node]
    assert op is not None
    if op.name == "stop_gradient":
        return run.node_values[node]
    now = [
        run.node_values[j] if k in op.without_gradient else moved.get(j, run.node_values[j])
        for k, j in enumerate(arguments)
    ]
    if op.name == "straight_through":
        return run.node_values[node] + (now[1] - run.node_values[arguments[1]])
    return op.forward(*(each if np.ndim(each) else np.float64(each) for each in now))


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


def _seeds(run: Run) -> list[tuple[int, Any]]:
    return list(run.seeds.items())


def _scale(run: Run) -> float:
    """The size of what is added up at the outputs, whose last digits are lost in a difference."""
    return float(sum(np.sum(np.abs(seed * run.node_values[output])) for output, seed in run.seeds.items()))
