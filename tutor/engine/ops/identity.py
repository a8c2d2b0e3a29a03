"""Ops that hand their input on as it is, and decide what passes on the way back: copies, stops and dropout."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tutor.engine.errors import ShapeError
from tutor.engine.ops.attributes import refusal
from tutor.engine.ops.op import Array, Elementwise, Op, Shape
from tutor.text import msg


class Copy(Elementwise):
    """The input itself, for a line that only gives a second name, `y: x`, (n, m) -> (n, m): passes what arrives."""

    name, symbol, formula, rule = "copy", "=", "x", "engine.rule-copy"
    borrowed = (
        "array",
        "asarray",
        "tensor",
        "Tensor",
        "as_tensor",
        "clone",
        "contiguous",
        "float",
        "double",
        "numpy",
        "item",
        "detach",
    )
    slope_rule = "engine.slope-copy"
    exact = "always"
    moves = reversible = True
    telling = 0
    callable_by_name = False

    def forward(self, x: Array) -> Array:
        return x

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return 1.0

    def vjp(self, i: int, up: Array, out: Array, x: Array) -> Array:
        return up


class StopGradient(Elementwise):
    """The value of x, as a constant, (n, m) -> (n, m): no gradient passes."""

    name, formula, rule = "stop_gradient", "x", "engine.rule-stop-gradient"
    slope_rule = "engine.slope-stop-gradient"
    numpy = "{x}"
    own_gradient = cuts = True

    def forward(self, x: Array) -> Array:
        return x

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return 0.0

    def nudged(self, out: Array, inputs: Sequence[Array], moved: Sequence[Array]) -> Array:
        return out

    slips = {"passes": lambda op, i, up, out, x: up}


class StraightThrough(Op):
    """The value of x, (n, m), (n, m) -> (n, m): the gradient goes to `surrogate`, for steps whose own slope is 0.

    Bengio, Leonard and Courville, Estimating or propagating gradients through stochastic neurons, 2013.
    """

    name, inputs = "straight_through", ("x", "surrogate")
    numpy = "{x}"
    formula, rule = "x, with the gradient of surrogate", "engine.rule-straight-through"
    slope_rule = "engine.slope-straight-through"
    own_gradient = cuts = True

    def forward(self, x: Array, surrogate: Array) -> Array:
        return x

    def reaches(self, i: int, alive: Array, out: Array, x: Array, surrogate: Array) -> Array:
        return alive & (i == 1)

    def vjp(self, i: int, up: Array, out: Array, x: Array, surrogate: Array) -> Array:
        return up if i else 0.0 * up

    def jvp(self, i: int, tangent: Array, out: Array, x: Array, surrogate: Array) -> Array:
        return self.vjp(i, tangent, out, x, surrogate)

    def shape(self, *shapes: Shape) -> Shape:
        if shapes[0] != shapes[1]:
            raise ShapeError(msg("engine.shapes-must-be-equal", op=self.symbol, left=shapes[0], right=shapes[1]))
        return shapes[0]

    def nudged(self, out: Array, inputs: Sequence[Array], moved: Sequence[Array]) -> Array:
        return out + (moved[1] - inputs[1])

    slips = {
        "both-get": lambda op, i, up, out, x, surrogate: up,
        "wrong-way": lambda op, i, up, out, x, surrogate: 0.0 * up if i else up,
    }


@dataclass(frozen=True)
class Dropout(Elementwise):
    """`x * mask / keep`, (n, m), (n, m) -> (n, m): kept entries are scaled up, and so is their gradient.

    Srivastava et al., Dropout, 2014, in its "inverted" form: the mean stays what it was.
    """

    keep: float = 0.8

    name, inputs, formula = "dropout", ("x", "mask"), "x * mask / keep"
    numpy = "{x:product} * {mask:product} / {keep}"
    rule = "engine.rule-dropout"
    slope_rule = "engine.slope-dropout"
    cuts = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0.0 < self.keep <= 1.0:
            raise refusal(self, "keep", msg("engine.takes-probability"))

    def forward(self, x: Array, mask: Array) -> Array:
        return x * mask / self.keep

    def reaches(self, i: int, alive: Array, out: Array, x: Array, mask: Array) -> Array:
        return alive if i else alive & np.not_equal(mask, 0.0)

    def derivative(self, i: int, out: Array, x: Array, mask: Array) -> Array:
        return (x if i else mask) / self.keep

    slips = {
        "mask-forgotten": lambda op, i, up, out, x, mask: op.only(i == 0, up / op.keep * np.ones_like(out)),
        "scale-forgotten": lambda op, i, up, out, x, mask: op.only(op.keep != 1.0, up * (x if i else mask)),
    }
