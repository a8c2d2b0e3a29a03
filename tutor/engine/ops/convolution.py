"""Convolutions as the frameworks define them (no kernel is turned round): conv1d and conv2d."""

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

import numpy as np

from tutor.engine.errors import ShapeError
from tutor.engine.ops.attributes import refusal, refuse_below
from tutor.engine.ops.op import Array, Op, Shape, not_computable
from tutor.engine.ops.windows import Sizes, added_back, padded, per_axis, steps, unpadded, windows
from tutor.expr.result_sizes import CallSize, one_by_one
from tutor.text import msg


@dataclass(frozen=True)
class _Convolution(Op):
    """x (N, C, sizes), w (F, C, window), b (F,) or left out -> (N, F, places): gradients add up over shared places.

    Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016.
    """

    stride: int | tuple[int, ...] = 1
    padding: int | tuple[int, ...] = 0

    axes: ClassVar[int] = 1
    letters: ClassVar[tuple[str, str]] = ("l", "k")  # places, window
    inputs = ("x", "w", "b?")
    backward = None
    sums_products = one_line = True
    numpy = "convolve({inputs}{options})"
    numpy_backward = "convolve_backward({i}, {up}, {inputs}{options})"

    def __post_init__(self) -> None:
        super().__post_init__()
        refuse_below(self, 1, "stride")
        refuse_below(self, 0, "padding")
        for attribute in ("stride", "padding"):
            if len(per_axis(getattr(self, attribute), self.axes)) != self.axes:
                raise refusal(self, attribute, msg("engine.takes-per-axis", axes=self.axes))

    @property
    def strides(self) -> Sizes:
        """The stride along each axis."""
        return per_axis(self.stride, self.axes)

    @property
    def paddings(self) -> Sizes:
        """The zeros on both sides of each axis."""
        return per_axis(self.padding, self.axes)

    def shape(self, *shapes: Shape) -> Shape:
        x, w = shapes[:2]
        if len(x) != 2 + self.axes or len(w) != 2 + self.axes:
            raise ShapeError(msg("engine.conv-axes", op=self.symbol, x=x, w=w, axes=2 + self.axes))
        if x[1] != w[1]:
            raise ShapeError(msg("engine.conv-channels", op=self.symbol, x=x, w=w, in_x=x[1], in_w=w[1]))
        if len(shapes) > 2 and shapes[2] != w[:1]:
            raise ShapeError(msg("engine.conv-bias", op=self.symbol, given=shapes[2], wanted=w[:1]))
        return (x[0], w[0], *steps(self.symbol, x[2:], w[2:], self.strides, self.paddings))

    def cost(self, out: Shape, *shapes: Shape) -> CallSize:
        return one_by_one(super().cost(out, *shapes).entries, prod(out) * prod(shapes[1][1:]) // 4)

    def products(self, out: Shape, *shapes: Shape) -> int:
        return prod(out) * prod(shapes[1][1:])

    def operations(self, out: Shape, *shapes: Shape) -> tuple[int, int]:
        multiplications, additions = super().operations(out, *shapes)
        return multiplications, additions + (prod(out) if len(shapes) == 3 else 0)

    def correlate(self, x: Array, w: Array) -> Array:
        """The windows of x times w, summed."""
        places, window = self.letters
        pieces = windows(padded(x, self.paddings), np.shape(w)[2:], self.strides)
        return np.einsum(f"nc{places}{window},fc{window}->nf{places}", pieces, w, optimize=True)

    def forward(self, x: Array, w: Array, b: Array = None) -> Array:
        out = self.correlate(x, w)
        return out if b is None else out + self._column(b)

    def vjp(self, i: int, up: Array, out: Array, x: Array, w: Array, b: Array = None) -> Array:
        places, window = self.letters
        if i == 0:
            pieces = np.einsum(f"nf{places},fc{window}->nc{places}{window}", up, w, optimize=True)
            return added_back(pieces, np.shape(x), np.shape(w)[2:], self.strides, self.paddings)
        if i == 1:
            pieces = windows(padded(x, self.paddings), np.shape(w)[2:], self.strides)
            return np.einsum(f"nf{places},nc{places}{window}->fc{window}", up, pieces, optimize=True)
        return np.sum(up, axis=(0, *range(2, np.ndim(up))))

    def jvp(self, i: int, tangent: Array, out: Array, x: Array, w: Array, b: Array = None) -> Array:
        if i == 2:
            return np.broadcast_to(self._column(tangent), np.shape(out))
        return self.correlate(tangent, w) if i == 0 else self.correlate(x, tangent)

    def turned(self, i: int, up: Array, out: Array, inputs: Array) -> Array:
        """Slip: the kernel turned round once too often (or too seldom)."""
        w = inputs[1]
        if i > 1 or max(np.shape(w)[2:]) < 2:
            raise not_computable(self)
        back: Any = (..., *(slice(None, None, -1) for _ in range(self.axes)))
        if i == 0:
            return self.vjp(0, up, out, inputs[0], w[back])
        turned: Array = self.vjp(1, up, out, *inputs)[back]
        return turned

    def one_window(self, i: int, up: Array, out: Array, inputs: Array) -> Array:
        """Slip: overlapping windows overwrite each other, where each use should be added."""
        x, w = inputs[:2]
        every = zip(np.shape(w)[2:], self.strides, np.shape(out)[2:], strict=True)
        if i != 0 or not any(width > step and places > 1 for width, step, places in every):
            raise not_computable(self)
        places, window = self.letters
        pieces = np.einsum(f"nf{places},fc{window}->nc{places}{window}", up, w, optimize=True)
        down: Array = np.zeros(np.shape(padded(x, self.paddings)))
        for place in np.ndindex(*np.shape(out)[2:]):
            spots = zip(place, self.strides, np.shape(w)[2:], strict=True)
            area: Any = (..., *(slice(k * step, k * step + width) for k, step, width in spots))
            down[area] = pieces[(slice(None), slice(None), *place)]
        return unpadded(down, np.shape(x)[2:], self.paddings)

    def _column(self, b: Array) -> Array:
        return np.reshape(b, (-1, *(1,) * self.axes))

    slips = {
        "kernel-turned": lambda op, i, up, out, *inputs: op.turned(i, up, out, inputs),
        "last-write": lambda op, i, up, out, *inputs: op.one_window(i, up, out, inputs),
    }


class Conv1d(_Convolution):
    """`conv1d(x, w, b, stride=1, padding=0)`: (N, C, L), (F, C, K), (F,) -> (N, F, L')."""

    name, rule = "conv1d", "engine.rule-conv1d"
    slope_rule = "engine.slope-convolution"
    formula = "out[n, f, l] = b[f] + sum over c, k of x[n, c, l * stride + k] * w[f, c, k]"


class Conv2d(_Convolution):
    """`conv2d(x, w, b, stride=1, padding=0)`: (N, C, H, W), (F, C, K, L), (F,) -> (N, F, H', W')."""

    name, rule = "conv2d", "engine.rule-conv2d"
    slope_rule = "engine.slope-convolution"
    formula = "out[n, f, h, w] = b[f] + sum over c, i, j of x[n, c, h * stride + i, w * stride + j] * w[f, c, i, j]"
    axes, letters = 2, ("hw", "ij")
