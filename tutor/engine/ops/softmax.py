"""Exponentials that share a sum: logsumexp, softmax, log_softmax, computed without overflow."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from tutor.engine.ops.op import Array, Op, Shape
from tutor.engine.ops.places import entry, product
from tutor.engine.ops.reductions import Reduction, all_axes

_SAFE = 300.0**2  # a sum of squares up to this: every exponential, and every sum of them, is far from overflow


def shifted(x: Array, axis: Any) -> Array:
    """x less its largest entry along `axis` where that is needed so that no exponential overflows, else x itself."""
    flat = x.reshape(-1)
    # Looking for the largest entries costs more than all the rest of a small softmax.
    return x if flat.dot(flat) < _SAFE else x - np.maximum.reduce(x, axis=axis, keepdims=True)


def row_sums(x: Array, axis: Any) -> Array:
    """The sum along `axis`, which stays with size 1."""
    if axis == -1:
        size = x.shape[-1]
        return x.reshape(-1, size).dot(row_of_ones(size)).reshape(*x.shape[:-1], 1)
    return np.add.reduce(x, axis=axis, keepdims=True)


@lru_cache(maxsize=64)
def row_of_ones(size: int) -> Array:
    """Ones, kept: a product with them is a sum that is faster than NumPy's reduction where rows are few or short."""
    return np.ones(size)


def softmax(x: Array, axis: Any = -1) -> Array:
    """Exponentials along `axis`, divided by their sum."""
    powers = np.exp(shifted(x, axis))
    powers /= row_sums(powers, axis)
    return powers


def log_softmax(x: Array, axis: Any = -1) -> Array:
    """Logarithm of softmax, exact also where the probability underflows."""
    moved = shifted(x, axis)
    return moved - np.log(row_sums(np.exp(moved), axis))


class LogSumExp(Reduction):
    """`log(sum of e^x)`, a smooth maximum, (n, m) -> (), or along `axis`: the derivative is softmax(x)."""

    name, formula, rule = "logsumexp", "out = log(sum over i of exp(x[i]))", "engine.rule-logsumexp"
    slope_rule = rule
    normalises = True

    def forward(self, x: Array) -> Array:
        top = np.max(x, axis=self.axis, keepdims=True)
        out = np.log(np.sum(np.exp(x - top), axis=self.axis, keepdims=True)) + top
        return out[()] if self.keepdims else out.reshape(self.shape(np.shape(x)))[()]

    def slope(self, out: Array, x: Array) -> Array:
        return np.exp(x - self.spread(out, x))

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        return f"{self.spread_text(shapes[0])} * exp(x - {self.spread_text(shapes[0], 'out')})"

    slips = {
        "not-normalised": lambda op, i, up, out, x: op.spread(up, x) * np.exp(x),
        "log-rule": lambda op, i, up, out, x: op.spread(up * np.exp(-out), x),
        "value-as-slope": lambda op, i, up, out, x: op.spread(up * out, x),
    }


@dataclass(frozen=True)
class _AlongAxis(Op):
    """Works on each row along `axis` (the last by default) and keeps the shape."""

    axis: int = -1

    normalises = True

    def shape(self, *shapes: Shape) -> Shape:
        all_axes(self, self.axis, len(shapes[0]))
        return shapes[0]

    def reaches(self, i: int, alive: Array, out: Array, x: Array) -> Array:
        return np.broadcast_to(np.any(alive, axis=self.axis, keepdims=True), np.shape(x))

    def total(self, x: Array) -> Array:
        """Sum along the axis, which stays with size 1."""
        return np.sum(x, axis=self.axis, keepdims=True)

    def same_row(self, at: Sequence[str], own: Sequence[str], *factors: str) -> str:
        """The factors where two places are in the same row, and 0 elsewhere."""
        along = self.axis % len(own)
        here, there = ([place for axis, place in enumerate(each) if axis != along] for each in (at, own))
        return product(here, there, *factors)

    def several(self, x: Array, gradient: Array) -> Array:
        """A slip's result, where a row has more than one entry."""
        return self.only(np.shape(x)[self.axis] > 1, gradient)


class Softmax(_AlongAxis):
    """`e^x` divided by its sum along `axis`, (n, m) -> (n, m): p * (what arrives, less its mean under p).

    Bridle, Training stochastic model recognition algorithms as networks, 1989.
    """

    name, rule = "softmax", "engine.rule-softmax"
    slope_rule = "engine.slope-softmax"
    letter = "p"
    formula = "out[i] = exp(x[i]) / (sum over j of exp(x[j]))"

    def forward(self, x: Array) -> Array:
        return softmax(x, self.axis)

    def vjp(self, i: int, up: Array, out: Array, x: Array) -> Array:
        return out * (up - self.total(up * out))

    def jvp(self, i: int, tangent: Array, out: Array, x: Array) -> Array:
        return self.vjp(i, tangent, out, x)  # the Jacobian is symmetric

    def entry_slope(self, i: int, at: Sequence[str], own: Sequence[str], shapes: Sequence[Shape]) -> str:
        same = product([at[self.axis]], [own[self.axis]])
        return self.same_row(at, own, f"{entry('out', at)} * ({same} - {entry('out', own)})")

    slips = {
        "diagonal": lambda op, i, up, out, x: op.several(x, up * out * (1.0 - out)),
        "value-as-slope": lambda op, i, up, out, x: up * out,
        "sum-constant": lambda op, i, up, out, x: up * np.exp(x),
    }


class LogSoftmax(_AlongAxis):
    """Logarithm of softmax along `axis`, (n, m) -> (n, m): what arrives, less p times its sum."""

    name, formula, rule = "log_softmax", "out[i] = x[i] - log(sum over j of exp(x[j]))", "engine.rule-log-softmax"
    slope_rule = "engine.slope-log-softmax"

    def forward(self, x: Array) -> Array:
        return log_softmax(x, self.axis)

    def vjp(self, i: int, up: Array, out: Array, x: Array) -> Array:
        return up - np.exp(out) * self.total(up)

    def jvp(self, i: int, tangent: Array, out: Array, x: Array) -> Array:
        return tangent - self.total(np.exp(out) * tangent)

    def entry_slope(self, i: int, at: Sequence[str], own: Sequence[str], shapes: Sequence[Shape]) -> str:
        same = product([at[self.axis]], [own[self.axis]])
        return self.same_row(at, own, f"({same} - exp({entry('out', own)}))")

    slips = {
        "diagonal": lambda op, i, up, out, x: op.several(x, up * (1.0 - np.exp(out))),
        "sum-forgotten": lambda op, i, up, out, x: op.several(x, up - np.exp(out)),
        "sum-constant": lambda op, i, up, out, x: up,
    }
