"""Pooling over windows: max_pool and avg_pool, over (N, C, L), (N, C, H, W) or (H, W)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from tutor.engine.errors import ShapeError
from tutor.engine.ops.attributes import refusal, refuse_below
from tutor.engine.ops.op import Array, Op, Shape
from tutor.engine.ops.windows import Sizes, added_back, padded, per_axis, steps, windows
from tutor.expr.result_sizes import CallSize, one_by_one
from tutor.text import msg


@dataclass(frozen=True)
class _Pooling(Op):
    """One number from every window; `stride` is `size` where it is not given."""

    size: int | tuple[int, ...] = 2
    stride: int | tuple[int, ...] | None = None
    padding: int | tuple[int, ...] = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        refuse_below(self, 1, "size", "stride")
        refuse_below(self, 0, "padding")
        if isinstance(self.padding, int) and isinstance(self.size, int) and 2 * self.padding > self.size:
            raise refusal(self, "padding", msg("engine.takes-half-window"))

    def layout(self, shape: Shape) -> tuple[Sizes, Sizes, Sizes]:
        """Window, stride and padding along each of the last axes; raises ShapeError."""
        axes = {1: 1, 2: 2, 3: 1, 4: 2}.get(len(shape))
        if axes is None:
            raise ShapeError(msg("engine.pool-axes", op=self.symbol, shape=shape))
        stride = self.size if self.stride is None else self.stride
        for attribute, value in (("size", self.size), ("stride", stride), ("padding", self.padding)):
            if len(per_axis(value, axes)) != axes:
                raise refusal(self, attribute, msg("engine.takes-per-axis", axes=axes))
        return per_axis(self.size, axes), per_axis(stride, axes), per_axis(self.padding, axes)

    def cost(self, out: Shape, *shapes: Shape) -> CallSize:
        return one_by_one(super().cost(out, *shapes).entries, prod(out) * prod(self.layout(shapes[0])[0]))

    def shape(self, *shapes: Shape) -> Shape:
        (x,) = shapes
        window, stride, padding = self.layout(x)
        axes = len(window)
        return (*x[:-axes], *steps(self.symbol, x[-axes:], window, stride, padding))

    def rows(self, x: Array, fill: float) -> Array:
        """Every window as one row: (.., places, entries of a window)."""
        window, stride, padding = self.layout(np.shape(x))
        pieces = windows(padded(x, padding, fill), window, stride)
        return pieces.reshape(*pieces.shape[: -len(window)], -1)

    def back(self, rows: Array, x: Array) -> Array:
        """Rows added back to where their windows lay."""
        window, stride, padding = self.layout(np.shape(x))
        return added_back(rows.reshape(*rows.shape[:-1], *window), np.shape(x), window, stride, padding)

    def even(self, up: Array, x: Array, share: float) -> Array:
        """`up` times `share` to every entry of its window."""
        window, _, _ = self.layout(np.shape(x))
        entries = int(np.prod(window))
        return self.back(np.repeat(np.asarray(up)[..., None] * share, entries, axis=-1), x)

    def entries(self, x: Array) -> int:
        """How many entries a window has."""
        return int(np.prod(self.layout(np.shape(x))[0]))

    def several(self, x: Array, gradient: Array) -> Array:
        """A slip's result, where a window has more than one entry."""
        return self.only(self.entries(x) > 1, gradient)


class MaxPool(_Pooling):
    """The largest entry of each window, (N, C, H, W) -> (N, C, H', W'): it gets the gradient, the first of equals."""

    cuts = True

    name, formula, rule = "max_pool", "out[p] = largest x in window p", "engine.rule-max-pool"
    slope_rule = "engine.slope-max-pool"
    numpy = 'pool({x}, "max"{options})'
    numpy_backward = 'pool_backward({up}, {x}, "max"{options})'

    def forward(self, x: Array) -> Array:
        return np.max(self.rows(x, -np.inf), axis=-1)

    def winners(self, x: Array) -> Array:
        """1 at the winner of each window."""
        rows = self.rows(x, -np.inf)
        return np.equal(np.arange(rows.shape[-1]), np.argmax(rows, axis=-1)[..., None]) * 1.0

    def vjp(self, i: int, up: Array, out: Array, x: Array) -> Array:
        return self.back(np.asarray(up)[..., None] * self.winners(x), x)

    def jvp(self, i: int, tangent: Array, out: Array, x: Array) -> Array:
        return np.sum(self.rows(tangent, 0.0) * self.winners(x), axis=-1)

    def reaches(self, i: int, alive: Array, out: Array, x: Array) -> Array:
        return self.vjp(i, alive * 1.0, out, x) > 0.0

    def kink_operands(self, *inputs: Array) -> Iterable[Sequence[Array]]:
        return [list(np.moveaxis(self.rows(inputs[0], -np.inf), -1, 0))]

    slips = {
        "all-win": lambda op, i, up, out, x: op.several(x, op.even(up, x, 1.0)),
        "averaged": lambda op, i, up, out, x: op.several(x, op.even(up, x, 1.0 / op.entries(x))),
        "corner": lambda op, i, up, out, x: op.several(x, op.to_corner(up, x)),
    }

    def to_corner(self, up: Array, x: Array) -> Array:
        """Slip: the first entry of each window gets all, wherever the winner is."""
        first = np.zeros(self.entries(x))
        first[0] = 1.0
        return self.back(np.asarray(up)[..., None] * first, x)


class AveragePool(_Pooling):
    """The mean of each window, padding and all, (N, C, H, W) -> (N, C, H', W'): every entry gets an equal share."""

    name, formula, rule = "avg_pool", "out[p] = mean of x in window p", "engine.rule-avg-pool"
    slope_rule = "engine.slope-avg-pool"
    numpy = 'pool({x}, "avg"{options})'
    numpy_backward = 'pool_backward({up}, {x}, "avg"{options})'

    def forward(self, x: Array) -> Array:
        return np.mean(self.rows(x, 0.0), axis=-1)

    def vjp(self, i: int, up: Array, out: Array, x: Array) -> Array:
        return self.even(up, x, 1.0 / self.entries(x))

    def jvp(self, i: int, tangent: Array, out: Array, x: Array) -> Array:
        return self.forward(tangent)

    slips = {
        "not-divided": lambda op, i, up, out, x: op.several(x, op.even(up, x, 1.0)),
        "to-the-largest": lambda op, i, up, out, x: op.several(
            x, MaxPool(op.size, op.stride, op.padding).vjp(i, up, out, x)
        ),
    }
