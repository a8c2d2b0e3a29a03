"""Ops that move entries about: transpose, reshape, concat, stack, pad, and the running sum cumsum."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from tutor.engine.errors import ShapeError
from tutor.engine.ops.attributes import MISSING, refusal
from tutor.engine.ops.op import Array, Multilinear, Op, Shape, not_computable
from tutor.engine.ops.places import product
from tutor.engine.ops.reductions import all_axes
from tutor.text import msg


@dataclass(frozen=True)
class Transpose(Multilinear):
    """Axes reversed, `x.T`, or in another order, `transpose(x, axes=[0, 2, 1])`, (n, m) -> (m, n): turned back."""

    axes: tuple[int, ...] | None = None

    name, formula, rule = "transpose", "out[j, i] = x[i, j]", "engine.rule-transpose"
    borrowed = ("t", "swapaxes", "permute", "mT", "matrix_transpose", "permute_dims")
    slope_rule = "engine.slope-moved"
    exact = "always"
    moves = reversible = True
    telling = 0

    def forward(self, x: Array) -> Array:
        return x.T if self.axes is None else np.transpose(x, self.axes)

    def vjp(self, i: int, up: Array, out: Array, x: Array) -> Array:
        return up.T if self.axes is None else np.transpose(up, np.argsort(_counted(self.axes)))

    def shape(self, *shapes: Shape) -> Shape:
        (x,) = shapes
        if self.axes is None:
            return x[::-1]
        if any(not -len(x) <= axis < len(x) for axis in self.axes) or sorted(_counted(self.axes)) != [*range(len(x))]:
            raise ShapeError(msg("engine.transpose-axes", axes=list(self.axes), shape=x))
        return tuple(x[axis] for axis in self.axes)

    def entry_slope(self, i: int, at: Sequence[str], own: Sequence[str], shapes: Sequence[Shape]) -> str:
        axes = range(len(own))[::-1] if self.axes is None else _counted(self.axes)
        return product(at, [own[axis] for axis in axes])

    slips = {
        "not-turned-back": lambda op, i, up, out, x: op.only(
            np.shape(up) == np.shape(x) and np.ndim(x) > 1 and max(np.shape(x)) > 1, up
        )
    }


@dataclass(frozen=True)
class Reshape(Multilinear):
    """The same entries, row by row, `reshape(x, [2, 3])`, (6,) -> (2, 3): the old shape back; one size may be -1."""

    to: int | tuple[int, ...] = MISSING  # type: ignore[assignment]

    name, formula, rule = "reshape", "out = x, entries in the same order", "engine.rule-reshape"
    borrowed = ("view",)
    slope_rule = "engine.slope-moved"
    exact = "always"
    moves = reversible = True
    example_shapes = ("(n, m)", "(n, m)", "(m, n)")

    def forward(self, x: Array) -> Array:
        return np.reshape(x, self.to)

    def vjp(self, i: int, up: Array, out: Array, x: Array) -> Array:
        return np.reshape(up, np.shape(x))

    def shape(self, *shapes: Shape) -> Shape:
        (x,) = shapes
        to = (self.to,) if isinstance(self.to, int) else self.to
        known = prod(size for size in to if size != -1)
        if to.count(-1) == 1 and known > 0 and prod(x) % known == 0:
            to = tuple(prod(x) // known if size == -1 else size for size in to)
        if min(to, default=1) < 1 or prod(to) != prod(x):
            raise ShapeError(msg("engine.reshape-sizes", given=x, wanted=to, has=prod(x)))
        return to

    slips = {"column-order": lambda op, i, up, out, x: op.by_columns(up, x)}

    def by_columns(self, up: Array, x: Array) -> Array:
        """Slip: filled column by column, where that makes a difference."""
        order = np.arange(np.size(up)).reshape(np.shape(up))
        if np.array_equal(np.reshape(order, np.shape(x), order="F"), np.reshape(order, np.shape(x))):
            raise not_computable(self)
        return np.reshape(up, np.shape(x), order="F")


@dataclass(frozen=True)
class _Joined(Op):
    """Several arrays, one behind the other."""

    axis: int = 0

    inputs = ("x*",)
    moves = True
    exact = "always"
    told_at = 1

    def reaches(self, i: int, alive: Array, out: Array, *inputs: Array) -> Array:
        return self.part(i, alive, inputs)

    def part(self, i: int, up: Array, inputs: Sequence[Array]) -> Array:
        """The piece of `up` that belongs to input i: a view."""
        raise NotImplementedError(self.name)

    def vjp(self, i: int, up: Array, out: Array, *inputs: Array) -> Array:
        return self.part(i, up, inputs)

    def jvp(self, i: int, tangent: Array, out: Array, *inputs: Array) -> Array:
        return self.forward(*(tangent if k == i else np.zeros(np.shape(x)) for k, x in enumerate(inputs)))

    def first_piece(self, i: int, up: Array, inputs: Sequence[Array]) -> Array:
        """Slip: every input gets the first piece."""
        if i == 0 or np.shape(inputs[i]) != np.shape(inputs[0]):
            raise not_computable(self)
        return self.part(0, up, inputs)

    slips = {"first-piece": lambda op, i, up, out, *xs: op.first_piece(i, up, xs)}


class Concat(_Joined):
    """Arrays joined along an axis that they have, (n, m), (k, m) -> (n + k, m): each gets its own piece back."""

    name, formula, rule = "concat", "out = x0, then x1, along the axis", "engine.rule-concat"
    borrowed = ("concatenate", "cat")
    slope_rule = "engine.slope-moved"
    numpy = "np.concatenate([{inputs}]{options})"

    def forward(self, *inputs: Array) -> Array:
        return np.concatenate(inputs, axis=self.axis)

    def bounds(self, i: int, shapes: Sequence[Shape]) -> tuple[int, int]:
        """Where input i begins and ends along the axis."""
        start = sum(shape[self.axis] for shape in shapes[:i])
        return start, start + shapes[i][self.axis]

    def part(self, i: int, up: Array, inputs: Sequence[Array]) -> Array:
        start, stop = self.bounds(i, [np.shape(x) for x in inputs])
        return up[(slice(None),) * (self.axis % np.ndim(up)) + (slice(start, stop),)]

    def shape(self, *shapes: Shape) -> Shape:
        first = shapes[0]
        (axis,) = all_axes(self, self.axis, len(first))
        for other in shapes[1:]:
            if len(other) != len(first) or any(
                a != b for k, (a, b) in enumerate(zip(first, other, strict=True)) if k != axis
            ):
                raise ShapeError(msg("engine.concat-shapes", left=first, right=other, axis=self.axis))
        return (*first[:axis], sum(shape[axis] for shape in shapes), *first[axis + 1 :])


class Stack(_Joined):
    """Pieces of a new axis, also written `[a, b]`, (n,), (n,) -> (2, n): each gets its own piece back."""

    name, formula, rule = "stack", "out[k] = xk", "engine.rule-stack"
    slope_rule = "engine.slope-moved"
    numpy = "np.stack([{inputs}]{options})"

    def forward(self, *inputs: Array) -> Array:
        return np.stack(inputs, axis=self.axis)

    def part(self, i: int, up: Array, inputs: Sequence[Array]) -> Array:
        return up[(slice(None),) * (self.axis % np.ndim(up)) + (i,)]

    def shape(self, *shapes: Shape) -> Shape:
        first = shapes[0]
        for other in shapes[1:]:
            if other != first:
                raise ShapeError(msg("engine.shapes-must-be-equal", op=self.symbol, left=first, right=other))
        (axis,) = all_axes(self, self.axis, len(first) + 1)
        return (*first[:axis], len(shapes), *first[axis:])


@dataclass(frozen=True)
class Pad(Multilinear):
    """Zeros around, (n, m) -> (n + 2, m + 2): they are cut off again.

    `pad(x, 1)` on all sides, `pad(x, [1, 2])` in front and behind, or a pair for each axis.
    """

    width: int | tuple[Any, ...] = MISSING  # type: ignore[assignment]

    name, formula, rule = "pad", "out = x, zeros around it", "engine.rule-pad"
    slope_rule = "engine.slope-moved"
    exact = "always"
    moves = True
    example_shapes = ("(n, m)", "(n, m)", "(n + 2, m + 2)")

    def __post_init__(self) -> None:
        super().__post_init__()
        pairs = self.width if isinstance(self.width, tuple) else ()
        flat = [each for pair in pairs for each in (pair if isinstance(pair, tuple) else (pair,))]
        nested = [len(pair) for pair in pairs if isinstance(pair, tuple)]
        whole = all(isinstance(each, int) and each >= 0 for each in flat or [self.width])
        if not whole or (nested and nested != [2] * len(pairs)) or (pairs and not nested and len(pairs) != 2):
            raise refusal(self, "width", msg("engine.takes-widths"))

    def widths(self, ndim: int) -> tuple[tuple[int, int], ...]:
        """Zeros before and behind, for each axis; raises ShapeError where there are more or fewer pairs than axes."""
        if isinstance(self.width, int):
            return ((self.width, self.width),) * ndim
        if not isinstance(self.width[0], tuple):
            return ((self.width[0], self.width[1]),) * ndim
        if len(self.width) != ndim:
            raise ShapeError(msg("engine.pad-axes", pairs=len(self.width), ndim=ndim))
        return self.width

    def forward(self, x: Array) -> Array:
        return np.pad(x, self.widths(np.ndim(x))) if np.ndim(x) else x

    def vjp(self, i: int, up: Array, out: Array, x: Array) -> Array:
        sizes = zip(self.widths(np.ndim(x)), np.shape(x), strict=True)
        return up[tuple(slice(before, before + size) for (before, _), size in sizes)]

    def shape(self, *shapes: Shape) -> Shape:
        (x,) = shapes
        return tuple(size + sum(pair) for size, pair in zip(x, self.widths(len(x)), strict=True))

    slips = {"corner": lambda op, i, up, out, x: op.corner(up, x)}

    def corner(self, up: Array, x: Array) -> Array:
        """Slip: the first rows and columns taken, zeros and all."""
        if not any(before for before, _ in self.widths(np.ndim(x))):
            raise not_computable(self)
        return up[tuple(slice(0, size) for size in np.shape(x))]


@dataclass(frozen=True)
class CumulativeSum(Multilinear):
    """`out[i] = x[0] + .. + x[i]` along `axis`, (n, m) -> (n, m): each entry gets all that arrives from there on."""

    axis: int = 0

    name, formula, rule = "cumsum", "out[i] = sum over j <= i of x[j]", "engine.rule-cumsum"
    slope_rule = "engine.slope-cumsum"

    def forward(self, x: Array) -> Array:
        return np.cumsum(x, axis=self.axis)

    def vjp(self, i: int, up: Array, out: Array, x: Array) -> Array:
        return np.flip(np.cumsum(np.flip(up, self.axis), axis=self.axis), self.axis)

    def shape(self, *shapes: Shape) -> Shape:
        all_axes(self, self.axis, len(shapes[0]))
        return shapes[0]

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        # What stands from i on is the whole sum less what stands before it.
        return f"sum(up, axis={self.axis}, keepdims=true) - cumsum(up, axis={self.axis}) + up"

    slips = {
        "same-direction": lambda op, i, up, out, x: op.several(x, np.cumsum(up, axis=op.axis)),
        "passed-on": lambda op, i, up, out, x: op.several(x, up),
    }

    def several(self, x: Array, gradient: Array) -> Array:
        """A slip's result, where there is something to add up."""
        return self.only(np.shape(x)[self.axis] > 1, gradient)


def _counted(axes: tuple[int, ...]) -> list[int]:
    return [axis % len(axes) for axis in axes]
