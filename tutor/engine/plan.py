"""What holds for every run of a graph with the same input shapes: shapes, and the steps forward and backward."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import numpy as np

from tutor.engine.errors import EngineError, ShapeError
from tutor.engine.ops.op import Array, Op, Shape
from tutor.expr import to_text
from tutor.expr.tree import fault_span
from tutor.text import msg

if TYPE_CHECKING:
    from tutor.engine.graph import Graph

_FLOAT = np.dtype(np.float64)

Edge: TypeAlias = tuple[int, int]  # (index of an op, which of its inputs)
Method: TypeAlias = Callable[..., Any]


@dataclass(slots=True)
class Forward:
    """The steps forward, in order, one column each: long chains read columns faster than a record a step."""

    nodes: list[int] = field(default_factory=list)
    methods: list[Method] = field(default_factory=list)
    first: list[int] = field(default_factory=list)  # where the first input comes from
    second: list[int] = field(default_factory=list)  # and the second; -1 where there is none
    others: list[tuple[int, ...] | None] = field(default_factory=list)  # all of them, where there are more than two


@dataclass(slots=True)
class Backward:
    """The edges that a gradient takes, from the outputs down, one column each."""

    nodes: list[int] = field(default_factory=list)
    methods: list[Method] = field(default_factory=list)
    which: list[int] = field(default_factory=list)  # which input of the node
    source: list[int] = field(default_factory=list)  # the node it comes from
    inputs: list[tuple[int, ...] | None] = field(default_factory=list)  # all inputs, where there are several
    shapes: list[Shape | None] = field(default_factory=list)  # what to sum back to; None where it fits already


@dataclass(frozen=True, slots=True)
class Plan:
    """Shapes of all nodes, whether a gradient arrives there, and the steps forward and backward.

    What is computed from labels or from numbers alone has a gradient of its own: `s: 2 * y - 1`, `c: 4 / 2`.
    """

    key: tuple[Shape, ...]
    shapes: tuple[Shape, ...]
    tracked: tuple[bool, ...]
    forward: Forward
    backward: Backward
    cuts: bool  # whether a gate may cut off what has no local gradient: see `reachability`

    @property
    def edges(self) -> Iterator[Edge]:
        """The edges that a gradient takes, from the outputs down."""
        return zip(self.backward.nodes, self.backward.which, strict=True)

    def ops_backward(self) -> list[tuple[int, list[tuple[int, int]]]]:
        """Every op that a gradient goes through, from the outputs down, with (which input, the node it comes from)."""
        found: list[tuple[int, list[tuple[int, int]]]] = []
        for node, k, j in zip(self.backward.nodes, self.backward.which, self.backward.source, strict=True):
            if not found or found[-1][0] != node:
                found.append((node, []))
            found[-1][1].append((k, j))
        return found

    @classmethod
    def make(cls, graph: "Graph", key: tuple[Shape, ...]) -> Self:
        """Applies every op's shape rule; raises ShapeError with the name and place of the line."""
        shapes: list[Shape] = []
        given = dict(zip(graph.given, key, strict=True))
        blind = graph.integer | graph.data
        wanted: list[bool] = []  # whether anybody wants a gradient below: of what comes from `data` alone nobody does
        tracked: list[bool] = []
        numerals: set[int] = set()  # lines of numbers alone
        forward = Forward()
        methods: dict[int, tuple[Method, Method]] = {}
        for node, op in enumerate(graph.ops):
            if op is None:
                shapes.append(given[node] if node in given else np.shape(graph.constants[node]))
                tracked.append(node in given and node not in blind)
                wanted.append(node in given and node not in graph.data)
                continue
            arguments = graph.arguments[node]
            try:
                shapes.append(op.shape(*[shapes[j] for j in arguments]))
            except EngineError as error:
                raise located_error(graph, node, error) from None
            # One method an op, not one a node: long chains of few ops then stay in the processor's cache.
            method, _ = methods.get(id(op)) or methods.setdefault(id(op), _methods(op))
            forward.nodes.append(node)
            forward.methods.append(method)
            forward.first.append(arguments[0])
            forward.second.append(arguments[1] if len(arguments) > 1 else -1)
            forward.others.append(arguments if len(arguments) > 2 else None)
            # A line of numbers alone, `c: 4 / 2`, is differentiated like any other, unless they only choose: labels.
            if all(j in graph.constants for j in arguments):
                numerals.add(node)
            for k, j in enumerate(arguments):
                if j in numerals and op.choices(k, *[shapes[i] for i in arguments]) is not None:
                    tracked[j] = wanted[j] = False
            tracked.append(node in numerals or any(wanted[j] for j in arguments))
            wanted.append(tracked[node])
        backward = _backward(graph, shapes, tracked, methods)
        return cls(key, tuple(shapes), tuple(tracked), forward, backward, _cuts(graph, backward))


def _backward(
    graph: "Graph", shapes: list[Shape], tracked: list[bool], methods: dict[int, tuple[Method, Method]]
) -> Backward:
    backward = Backward()
    for node in range(len(shapes) - 1, -1, -1):
        op, arguments = graph.ops[node], graph.arguments[node]
        if op is None:
            continue
        for k, j in enumerate(arguments):
            if tracked[j] and k not in op.without_gradient:
                backward.nodes.append(node)
                backward.methods.append(methods[id(op)][1])
                backward.which.append(k)
                backward.source.append(j)
                backward.inputs.append(arguments if len(arguments) > 1 else None)
                backward.shapes.append(None if op.elementwise and shapes[j] == shapes[node] else shapes[j])
    return backward


def _cuts(graph: "Graph", backward: Backward) -> bool:
    """Whether below an op that may cut off an input there is one whose local gradient may be no number."""
    below: set[int] = set()
    for node, j in zip(backward.nodes, backward.source, strict=True):
        op = graph.ops[node]
        assert op is not None
        if node in below and op.singular:
            return True
        if node in below or op.cuts or op.masks:
            below.add(j)
    return False


def _methods(op: Op) -> tuple[Method, Method]:
    return (op.checked if op.checks else op.forward), op.vjp


def located_error(graph: "Graph", node: int, error: EngineError) -> EngineError:
    """The error with the line and the span of the op at which it came up, and the factor to transpose by name."""
    tree = graph.trees[node]
    error.node = graph.line_of(node)
    error.span = None if tree is None else fault_span(tree)
    if isinstance(error, ShapeError) and error.operand is not None:
        factor = to_text(graph.tree_of(graph.arguments[node][error.operand]))
        error.message = msg("engine.matmul-turn", **error.message.params, factor=factor)
    return error


def as_float64(value: Array) -> Array:
    """A number or nested list as float64; scalars as `np.float64`, which computes faster than a 0-d array.

    Raises OverflowError, TypeError or ValueError for what is no rectangular array of real numbers.
    """
    kind = type(value)
    if kind is np.ndarray and value.dtype is _FLOAT and value.ndim:
        return value
    if kind is np.float64 or kind is float or kind is int:
        return np.float64(value)
    array = np.asarray(value)
    if array.dtype.kind not in "fiubO":
        raise TypeError(kind)
    if array.dtype.kind == "O" and not all(isinstance(item, int | float) for item in array.flat):
        raise TypeError(kind)
    array = array.astype(np.float64, copy=False)
    return np.float64(array) if array.ndim == 0 else array
