"""Ops that add up along axes: sum and mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from tutor.engine.errors import ShapeError
from tutor.engine.ops.base import Multilinear, Shape
from tutor.text import msg


@dataclass(frozen=True)
class _Reduction(Multilinear):
    """Reduces over `axis` (None: all axes; a list is allowed); `keepdims` leaves them with size 1."""

    axis: int | tuple[int, ...] | None = None
    keepdims: bool = False

    def axes(self, ndim: int) -> tuple[int, ...]:
        """The reduced axes, counted from 0; raises ShapeError for one that is not there."""
        if self.axis is None:
            return tuple(range(ndim))
        asked = (self.axis,) if isinstance(self.axis, int) else self.axis
        if any(not -ndim <= axis < ndim for axis in asked) or len({axis % ndim for axis in asked}) != len(asked):
            raise ShapeError(msg("engine.axis-out-of-range", op=self.symbol, axis=list(asked), ndim=ndim))
        return tuple(axis % ndim for axis in asked)

    def shape(self, *shapes: Shape) -> Shape:
        (x,) = shapes
        gone = self.axes(len(x))
        if self.keepdims:
            return tuple(1 if k in gone else size for k, size in enumerate(x))
        return tuple(size for k, size in enumerate(x) if k not in gone)

    def count(self, shape: Shape) -> int:
        """How many entries go into one output."""
        return prod(shape[axis] for axis in self.axes(len(shape)))

    def spread(self, up: Any, x: Any) -> Any:
        """`up` given to every entry of x that was added into it."""
        shape = np.shape(x)
        if not self.keepdims and self.axis is not None:
            gone = self.axes(len(shape))
            up = np.reshape(up, tuple(1 if k in gone else size for k, size in enumerate(shape)))
        elif not self.keepdims:
            up = np.reshape(up, (1,) * len(shape))
        return np.broadcast_to(up, shape)

    def _spread_text(self, shape: Shape) -> str:
        if not shape:
            return "up"
        gone = self.axes(len(shape))
        if self.keepdims or len(gone) == len(shape) or gone == (0,):
            return "up * ones(x)"
        if len(shape) == 2:
            return "(up * ones(x).T).T"
        kept = [1 if k in gone else size for k, size in enumerate(shape)]
        return f"reshape(up, {kept}) * ones(x)"

    def _count_text(self) -> str:
        """How many entries go into one output, at any sizes."""
        if self.axis is None:
            return "sum(ones(x))"
        axis = self.axis if isinstance(self.axis, int) else list(self.axis)
        return f"sum(ones(x), axis={axis}, keepdims=true)"


class Sum(_Reduction):
    """Sum over all entries, or along `axis`."""

    name, symbol, formula = "sum", "sum", "out = sum over i of x[i]"

    def forward(self, x: Any) -> Any:
        return np.sum(x, axis=self.axis, keepdims=self.keepdims)

    def vjp(self, i: int, up: Any, out: Any, x: Any) -> Any:
        return self.spread(up, x)

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        return self._spread_text(shapes[0])

    slips = {
        "divided": lambda op, i, up, out, x: op.spread(up, x) / op.count(np.shape(x)),
        "value-as-slope": lambda op, i, up, out, x: op.spread(up, x) * x,
    }


class Mean(_Reduction):
    """Mean over all entries, or along `axis`."""

    name, symbol, formula = "mean", "mean", "out = (sum over i of x[i]) / n"

    def forward(self, x: Any) -> Any:
        return np.mean(x, axis=self.axis, keepdims=self.keepdims)

    def vjp(self, i: int, up: Any, out: Any, x: Any) -> Any:
        return self.spread(up, x) / self.count(np.shape(x))

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        return f"{self._spread_text(shapes[0])} / {self._count_text()}"

    slips = {
        "twice": lambda op, i, up, out, x: op.spread(up, x) / op.count(np.shape(x)) ** 2,
        "missed": lambda op, i, up, out, x: op.spread(up, x) * 1.0,
    }
