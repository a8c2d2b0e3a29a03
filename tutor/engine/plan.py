"""What holds for every run of a graph with the same input shapes: shapes, and the steps forward and backward."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import numpy as np

from tutor.engine.errors import EngineError, ShapeError
from tutor.engine.ops.base import Shape
from tutor.expr import to_text
from tutor.text import msg

if TYPE_CHECKING:
    from tutor.engine.graph import Graph

_FLOAT = np.dtype(np.float64)

Edge: TypeAlias = tuple[int, int]  # (index of an op, which of its inputs)
# (op, what computes its value, where its inputs come from)
Step: TypeAlias = tuple[int, Callable[..., Any], tuple[int, ...]]
# (which input, the node it comes from, the edge, the shape to sum back to or None where it fits already)
Branch: TypeAlias = tuple[int, int, Edge, Shape | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """Shapes of all nodes, the forward steps in order, and for each op on the way back the edges a gradient takes."""

    key: tuple[Shape, ...]
    shapes: tuple[Shape, ...]
    steps: tuple[Step, ...]
    tracked: tuple[bool, ...]  # does a gradient arrive here?
    back: tuple[tuple[int, Callable[..., Any], tuple[int, ...], tuple[Branch, ...]], ...]

    @classmethod
    def make(cls, graph: "Graph", key: tuple[Shape, ...]) -> Self:
        """Applies every op's shape rule; raises ShapeError with the name and place of the line."""
        shapes: list[Shape] = []
        given = dict(zip(graph.given, key, strict=True))
        tracked: list[bool] = []
        steps = []
        back = []
        for node, op in enumerate(graph.ops):
            if op is None:
                shapes.append(given[node] if node in given else np.shape(graph.constants[node]))
                tracked.append(node in given and node not in graph.integer and node not in graph.data)
                continue
            arguments = graph.arguments[node]
            try:
                shapes.append(op.shape(*[shapes[j] for j in arguments]))
            except EngineError as error:
                raise placed(graph, node, error) from None
            steps.append((node, op.checked if op.checks else op.forward, arguments))
            blind = op.without_gradient
            branches = tuple(
                (k, j, (node, k), None if op.elementwise and shapes[j] == shapes[node] else shapes[j])
                for k, j in enumerate(arguments)
                if tracked[j] and k not in blind
            )
            tracked.append(bool(branches))
            if branches:
                back.append((node, op.vjp, arguments, branches))
        return cls(key, tuple(shapes), tuple(steps), tuple(tracked), tuple(reversed(back)))


def placed(graph: "Graph", node: int, error: EngineError) -> EngineError:
    """The error with the line and the span of the op at which it came up, and the factor to transpose by name."""
    tree = graph.trees[node]
    error.node = graph.line_of(node)
    error.span = None if tree is None else tree.span
    if isinstance(error, ShapeError) and error.operand is not None:
        factor = to_text(graph.tree_of(graph.arguments[node][error.operand]))
        error.message = msg("engine.matmul-turn", **error.message.params, factor=factor)
    return error


def number(value: Any) -> Any:
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
