"""Ops that go along axes and leave one number of each row: sum, mean, prod, amax, amin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from tutor.engine.errors import ShapeError
from tutor.engine.ops.attributes import Axis
from tutor.engine.ops.op import Array, Op, Shape
from tutor.engine.ops.places import product
from tutor.text import msg


@dataclass(frozen=True)
class Reduction(Op):
    """Reduces over `axis` (None: all axes; a list is allowed); `keepdims` leaves them with size 1."""

    axis: Axis = None
    keepdims: bool = False

    def axes(self, ndim: int) -> tuple[int, ...]:
        """The reduced axes, counted from 0; raises ShapeError for one that is not there."""
        return all_axes(self, self.axis, ndim)

    def shape(self, *shapes: Shape) -> Shape:
        (x,) = shapes
        gone = self.axes(len(x))
        if self.keepdims:
            return tuple(1 if k in gone else size for k, size in enumerate(x))
        return tuple(size for k, size in enumerate(x) if k not in gone)

    def count(self, shape: Shape) -> int:
        """How many entries go into one output."""
        return prod(shape[axis] for axis in self.axes(len(shape)))

    def spread(self, up: Array, x: Array) -> Array:
        """`up` given to every entry of x that went into it: a view in the shape of x."""
        shape = np.shape(x)
        if not self.keepdims and shape:
            gone = self.axes(len(shape))
            up = np.reshape(up, tuple(1 if k in gone else size for k, size in enumerate(shape)))
        return np.broadcast_to(up, shape) if shape else up

    def slope(self, out: Array, x: Array) -> Array:
        """The derivative of each output by each entry that went into it, in the shape of x."""
        raise NotImplementedError(self.name)

    def vjp(self, i: int, up: Array, out: Array, x: Array) -> Array:
        return self.spread(up, x) * self.slope(out, x)

    def jvp(self, i: int, tangent: Array, out: Array, x: Array) -> Array:
        return self.added(tangent * self.slope(out, x))

    def same_row(self, at: Sequence[str], own: Sequence[str], *factors: str) -> str:
        """The factors where the entry `own` goes into the output's entry `at`, and 0 elsewhere."""
        gone = self.axes(len(own))
        kept = [place for axis, place in enumerate(own) if axis not in gone]
        return product(
            [place for axis, place in enumerate(at) if not self.keepdims or axis not in gone], kept, *factors
        )

    def reaches(self, i: int, alive: Array, out: Array, x: Array) -> Array:
        return self.spread(alive, x)

    def added(self, x: Array) -> Array:
        """The sum of x over the reduced axes, in the shape of the output."""
        return np.sum(x, axis=self.axis, keepdims=self.keepdims)

    def spread_text(self, shape: Shape, up: str = "up") -> str:
        """`spread` in our language."""
        if not shape:
            return up
        gone = self.axes(len(shape))
        if self.keepdims or len(gone) == len(shape) or gone == (0,):
            return f"{up} * ones(x)"
        if len(shape) == 2:
            return f"({up} * ones(x).T).T"
        kept = [1 if k in gone else size for k, size in enumerate(shape)]
        return f"reshape({up}, {kept}) * ones(x)"

    def count_text(self, shape: Shape) -> str:
        """How many entries go into one output, at any sizes."""
        if self.axis is None:
            return "sum(ones(x))" if shape else "1"
        axis = self.axis if isinstance(self.axis, int) else list(self.axis)
        return f"sum(ones(x), axis={axis}, keepdims=true)"


def all_axes(op: Op, axis: Axis, ndim: int) -> tuple[int, ...]:
    """The axes that `axis` names, counted from 0; raises ShapeError for one that is not there."""
    if axis is None:
        return tuple(range(ndim))
    asked = (axis,) if isinstance(axis, int) else axis
    if any(not -ndim <= each < ndim for each in asked) or len({each % ndim for each in asked}) != len(asked):
        raise ShapeError(msg("engine.axis-out-of-range", op=op.symbol, axis=list(asked), ndim=ndim))
    return tuple(each % ndim for each in asked)


def several(op: Reduction, x: Array, gradient: Array) -> Array:
    """A slip's result, where more than one entry goes into an output; with one the slip is no slip."""
    return op.only(op.count(np.shape(x)) > 1, gradient)


class Sum(Reduction):
    """Sum over all entries, (n, m) -> (), or along `axis`: every entry gets what arrives."""

    name, formula, rule = "sum", "out = sum over i of x[i]", "engine.rule-sum"
    slope_rule = "engine.slope-sum"
    exact = "whole"
    letter = "L"

    def forward(self, x: Array) -> Array:
        return np.sum(x, axis=self.axis, keepdims=self.keepdims)

    def slope(self, out: Array, x: Array) -> Array:
        return 1.0

    def vjp(self, i: int, up: Array, out: Array, x: Array) -> Array:
        return self.spread(up, x)

    def operations(self, out: Shape, *shapes: Shape) -> tuple[int, int]:
        return 0, prod(shapes[0]) - prod(out)

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        return self.spread_text(shapes[0])

    def entry_slope(self, i: int, at: Sequence[str], own: Sequence[str], shapes: Sequence[Shape]) -> str:
        return self.same_row(at, own)

    slips = {
        "divided": lambda op, i, up, out, x: several(op, x, op.spread(up, x) / op.count(np.shape(x))),
        "value-as-slope": lambda op, i, up, out, x: op.spread(up, x) * x,
    }


class Mean(Reduction):
    """Mean over all entries, (n, m) -> (), or along `axis`: every entry gets what arrives, divided by n."""

    name, formula, rule = "mean", "out = (sum over i of x[i]) / n", "engine.rule-mean"
    slope_rule = "engine.slope-mean"
    letter = "L"

    def forward(self, x: Array) -> Array:
        return np.mean(x, axis=self.axis, keepdims=self.keepdims)

    def slope(self, out: Array, x: Array) -> Array:
        return 1.0 / self.count(np.shape(x))

    def vjp(self, i: int, up: Array, out: Array, x: Array) -> Array:
        return self.spread(up / self.count(np.shape(x)), x)

    def operations(self, out: Shape, *shapes: Shape) -> tuple[int, int]:
        return 0, prod(shapes[0]) - prod(out)

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        return f"{self.spread_text(shapes[0])} / {self.count_text(shapes[0])}"

    def entry_slope(self, i: int, at: Sequence[str], own: Sequence[str], shapes: Sequence[Shape]) -> str:
        return self.same_row(at, own, f"(1 / {self.count(shapes[0])})")

    slips = {
        "twice": lambda op, i, up, out, x: several(op, x, op.spread(up, x) / op.count(np.shape(x)) ** 2),
        "missed": lambda op, i, up, out, x: several(op, x, op.spread(up, x)),
    }


class Product(Reduction):
    """Product of all entries, (n, m) -> (), or along `axis`: the derivative is the product of the others, also at 0."""

    name, formula, rule = "prod", "out = product over i of x[i]", "engine.rule-prod"
    slope_rule = rule

    def forward(self, x: Array) -> Array:
        return np.prod(x, axis=self.axis, keepdims=self.keepdims)

    def slope(self, out: Array, x: Array) -> Array:
        """For each entry the product of all others that go into the same output."""
        shape, ndim = np.shape(x), np.ndim(x)
        gone = self.axes(ndim)
        kept = [k for k in range(ndim) if k not in gone]
        order = [*kept, *gone]
        rows = np.transpose(x, order).reshape(*(shape[k] for k in kept), -1)
        one = np.ones_like(rows[..., :1])
        # Products of what stands before and behind each entry need no division, so zeros do no harm.
        before = np.cumprod(np.concatenate([one, rows[..., :-1]], axis=-1), axis=-1)
        behind = np.cumprod(np.concatenate([one, rows[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
        return np.transpose((before * behind).reshape([shape[k] for k in order]), np.argsort(order))

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        return f"{self.spread_text(shapes[0], '(up * out)')} / x"

    slips = {
        "whole-product": lambda op, i, up, out, x: op.spread(up * out, x),
        "own-entry": lambda op, i, up, out, x: op.spread(up, x) * x,
        "sum-rule": lambda op, i, up, out, x: several(op, x, op.spread(up, x)),
    }


class _Extreme(Reduction):
    """The largest or smallest entry; equal ones share the gradient."""

    cuts = True

    def slope(self, out: Array, x: Array) -> Array:
        """1 at the entries that are passed on, or 1/k where k entries tie."""
        wins = np.equal(x, self.spread(out, x)) * 1.0
        return wins / self.spread(self.added(wins), x)

    def reaches(self, i: int, alive: Array, out: Array, x: Array) -> Array:
        return self.spread(alive, x) & (self.slope(out, x) > 0.0)

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        if not shapes[0]:
            return "up"
        return f"{self.spread_text(shapes[0])} * (x == {self.spread_text(shapes[0], 'out')})"

    def loser(self, x: Array) -> Array:
        """The entry at the other end."""
        other = np.min if self.name == "amax" else np.max
        return other(x, axis=self.axis, keepdims=self.keepdims)

    def kink_operands(self, *inputs: Array) -> Iterable[Sequence[Array]]:
        x = np.asarray(inputs[0] if self.name == "amax" else -inputs[0])
        gone = self.axes(x.ndim)
        kept = [axis for axis in range(x.ndim) if axis not in gone]
        return [list(np.transpose(x, [*gone, *kept]).reshape(-1, *(x.shape[axis] for axis in kept)))]

    slips = {
        "wrong-winner": lambda op, i, up, out, x: several(op, x, op.spread(up, x) * op.slope(op.loser(x), x)),
        "all-win": lambda op, i, up, out, x: several(op, x, op.spread(up, x)),
        "splits": lambda op, i, up, out, x: several(op, x, op.spread(up, x) / op.count(np.shape(x))),
    }


class LargestEntry(_Extreme):
    """Largest entry, (n, m) -> (), or along `axis`: it gets the gradient; ties share it equally."""

    name, formula, rule = "amax", "out = largest x[i]", "engine.rule-amax"
    borrowed = ("max",)
    slope_rule = "engine.slope-amax"

    def forward(self, x: Array) -> Array:
        return np.max(x, axis=self.axis, keepdims=self.keepdims)


class SmallestEntry(_Extreme):
    """Smallest entry, (n, m) -> (), or along `axis`: it gets the gradient; ties share it equally."""

    name, formula, rule = "amin", "out = smallest x[i]", "engine.rule-amin"
    borrowed = ("min",)
    slope_rule = "engine.slope-amin"

    def forward(self, x: Array) -> Array:
        return np.min(x, axis=self.axis, keepdims=self.keepdims)
