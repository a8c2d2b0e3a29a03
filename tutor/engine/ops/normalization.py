"""Layers that centre and scale: layer_norm over the last axis, batch_norm over axis 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tutor.engine.errors import ShapeError
from tutor.engine.ops.attributes import refuse_below
from tutor.engine.ops.op import Array, Op, Shape, not_computable
from tutor.engine.ops.places import entry, product
from tutor.text import msg


@dataclass(frozen=True)
class _Normalization(Op):
    """`gain * (x - mean) / sqrt(variance + eps) + bias`; the variance is divided by n."""

    eps: float = 1e-5

    axis: ClassVar[int] = -1
    inputs = ("x", "gain", "bias")
    singular = normalises = True
    formula = "out = gain * (x - mean(x)) / sqrt(var(x) + eps) + bias"

    def __post_init__(self) -> None:
        super().__post_init__()
        refuse_below(self, 0.0, "eps")

    def shape(self, *shapes: Shape) -> Shape:
        x, gain, bias = shapes
        if not x:
            raise ShapeError(msg("engine.axis-out-of-range", op=self.symbol, axis=[self.axis], ndim=0))
        for each in (gain, bias):
            try:
                fits = np.broadcast_shapes(x, each) == x
            except ValueError:
                fits = False
            if not fits:
                raise ShapeError(msg("engine.gain-shape", op=self.symbol, given=each, shape=x))
        return x

    def vjp_shape(self, i: int, out: Shape, shapes: Sequence[Shape]) -> Shape:
        return out

    def mean(self, x: Array) -> Array:
        """Mean over the axis, which stays with size 1."""
        return np.mean(x, axis=self.axis, keepdims=True)

    def scale(self, x: Array, missing: int = 0) -> Array:
        """The root of variance plus eps; `missing=1` divides by n - 1."""
        return np.sqrt(np.var(x, axis=self.axis, keepdims=True, ddof=missing) + self.eps)

    def normal(self, x: Array) -> Array:
        """x centred and scaled, before gain and bias."""
        return (x - self.mean(x)) / self.scale(x)

    def forward(self, x: Array, gain: Array, bias: Array) -> Array:
        return gain * self.normal(x) + bias

    def through(self, g: Array, x: Array, missing: int = 0) -> Array:
        """What `g`, arriving at the normalised x, becomes at x; the same backward and forward: it is symmetric."""
        n = np.shape(x)[self.axis]
        if n <= missing:
            raise not_computable(self)
        scale = self.scale(x, missing)
        normal = (x - self.mean(x)) / scale
        return (g - self.mean(g) - normal * self.mean(g * normal) * n / (n - missing)) / scale

    def vjp(self, i: int, up: Array, out: Array, x: Array, gain: Array, bias: Array) -> Array:
        if i == 0:
            return self.through(up * gain, x)
        return up * self.normal(x) if i == 1 else up

    def jvp(self, i: int, tangent: Array, out: Array, x: Array, gain: Array, bias: Array) -> Array:
        if i == 0:
            return gain * self.through(tangent, x)
        return np.broadcast_to(tangent * self.normal(x) if i == 1 else tangent, np.shape(out))

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        along = f"axis={self.axis}, keepdims=true"
        centred, variance = f"(x - mean(x, {along}))", f"var(x, {along}) + {self.eps}"
        if i == 0:
            terms = f"mean(up * gain, {along}) - {centred} / ({variance}) * mean(up * gain * {centred}, {along})"
            return f"(up * gain - {terms}) / sqrt({variance})"
        return f"up * {centred} / sqrt({variance})" if i == 1 else "up"

    def entry_slope(self, i: int, at: Sequence[str], own: Sequence[str], shapes: Sequence[Shape]) -> str:
        if i == 0:
            return ""  # every x moves mean and variance too: three sums, which say less than the rule does
        along = self.axis % len(at)
        there = [each for axis, each in enumerate(at) if axis != along]
        mean, variance = (entry(f"{each}(x, axis={self.axis})", there) for each in ("mean", "var"))
        normal = f"(({entry('x', at)} - {mean}) / sqrt({variance} + {self.eps}))"
        return product(at, own, *([normal] if i == 1 else []))

    def at_x(self, i: int, x: Array, gradient: Array) -> Array:
        """A slip's result at x, where more than one entry is normalised together."""
        return self.only(i == 0 and np.shape(x)[self.axis] > 1, gradient)

    def without_mean_term(self, g: Array, x: Array) -> Array:
        """Slip: the mean held fixed, the scale not."""
        normal = self.normal(x)
        return (g - normal * self.mean(g * normal)) / self.scale(x)

    slips = {
        "statistics-constant": lambda op, i, up, out, x, gain, bias: op.at_x(i, x, up * gain / op.scale(x)),
        "mean-term": lambda op, i, up, out, x, gain, bias: op.at_x(i, x, op.without_mean_term(up * gain, x)),
        "biased": lambda op, i, up, out, x, gain, bias: op.at_x(i, x, op.through(up * gain, x, 1)),
        "gain-forgotten": lambda op, i, up, out, x, gain, bias: op.at_x(i, x, op.through(up, x)),
    }


class LayerNorm(_Normalization):
    """`layer_norm(x, gain, bias, eps=1e-5)`: every sample over its last axis, (n, m), (m,), (m,) -> (n, m).

    Ba, Kiros and Hinton, Layer normalization, 2016.
    """

    name, rule = "layer_norm", "engine.rule-layer-norm"
    slope_rule = "engine.slope-normalised"


class BatchNorm(_Normalization):
    """`batch_norm(x, gain, bias, eps=1e-5)`: every feature over the batch, axis 0, (n, m), (m,), (m,) -> (n, m).

    Ioffe and Szegedy, Batch normalization, 2015.
    """

    name, rule = "batch_norm", "engine.rule-batch-norm"
    slope_rule = "engine.slope-normalised"
    axis = 0
