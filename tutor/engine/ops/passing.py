"""Ops that hand their input on as it is, and decide what passes on the way back: copies, stops and dropout."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.engine.errors import ShapeError
from tutor.engine.ops.attributes import refusal
from tutor.engine.ops.base import Elementwise, Op, Shape, not_computable
from tutor.text import msg


class Copy(Elementwise):
    """The input itself, for a line that only gives a second name: `y: x`."""

    name, symbol, formula, rule = "copy", "=", "x", "engine.rule-copy"
    exact = "always"
    moves = reversible = True
    telling = 0
    callable_by_name = False

    def forward(self, x: Any) -> Any:
        return x

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return 1.0

    def vjp(self, i: int, up: Any, out: Any, x: Any) -> Any:
        return up


class StopGradient(Elementwise):
    """The value of x, as a constant: no gradient passes."""

    name, symbol, formula, rule = "stop_gradient", "stop_gradient", "x", "engine.rule-stop-gradient"
    own_gradient = True
    numpy = "{x}"
    cuts = True

    def forward(self, x: Any) -> Any:
        return x

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return 0.0

    def nudged(self, out: Any, inputs: Sequence[Any], moved: Sequence[Any]) -> Any:
        return out

    slips = {"passes": lambda op, i, up, out, x: up}


class StraightThrough(Op):
    """The value of x with the gradient of `surrogate`, of the same shape: for steps whose own slope is 0.

    Bengio, Leonard and Courville, Estimating or propagating gradients through stochastic neurons, 2013.
    """

    name, symbol, inputs = "straight_through", "straight_through", ("x", "surrogate")
    own_gradient = True
    numpy = "{x}"
    formula, rule = "x, with the gradient of surrogate", "engine.rule-straight-through"
    cuts = True

    def forward(self, x: Any, surrogate: Any) -> Any:
        return x

    def reaches(self, i: int, alive: Any, out: Any, x: Any, surrogate: Any) -> Any:
        return alive & (i == 1)

    def vjp(self, i: int, up: Any, out: Any, x: Any, surrogate: Any) -> Any:
        return up if i else 0.0 * up

    def jvp(self, i: int, tangent: Any, out: Any, x: Any, surrogate: Any) -> Any:
        return tangent if i else 0.0 * tangent

    def shape(self, *shapes: Shape) -> Shape:
        if shapes[0] != shapes[1]:
            raise ShapeError(msg("engine.shapes-must-be-equal", op=self.symbol, left=shapes[0], right=shapes[1]))
        return shapes[0]

    def nudged(self, out: Any, inputs: Sequence[Any], moved: Sequence[Any]) -> Any:
        return out + (moved[1] - inputs[1])

    slips = {
        "both-get": lambda op, i, up, out, x, surrogate: up,
        "wrong-way": lambda op, i, up, out, x, surrogate: 0.0 * up if i else up,
    }


@dataclass(frozen=True)
class Dropout(Elementwise):
    """`x * mask / keep`: kept entries are scaled up, so that the mean stays what it was ("inverted" dropout)."""

    keep: float = 0.8

    name, symbol, inputs, formula = "dropout", "dropout", ("x", "mask"), "x * mask / keep"
    numpy = "{x:product} * {mask:product} / {keep}"
    rule = "engine.rule-dropout"
    cuts = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0.0 < self.keep <= 1.0:
            raise refusal(self, "keep", msg("engine.takes-probability"))

    def forward(self, x: Any, mask: Any) -> Any:
        return x * mask / self.keep

    def reaches(self, i: int, alive: Any, out: Any, x: Any, mask: Any) -> Any:
        return alive if i else alive & np.not_equal(mask, 0.0)

    def derivative(self, i: int, out: Any, x: Any, mask: Any) -> Any:
        return (x if i else mask) / self.keep

    slips = {
        "mask-forgotten": lambda op, i, up, out, x, mask: op.unmasked(i, up / op.keep * np.ones_like(out)),
        "scale-forgotten": lambda op, i, up, out, x, mask: op.unscaled(up * (x if i else mask)),
    }

    def unmasked(self, i: int, gradient: Any) -> Any:
        """Slip: the gradient at x without the mask; at the mask itself there is none to forget."""
        if i:
            raise not_computable(self)
        return gradient

    def unscaled(self, gradient: Any) -> Any:
        """Slip: the gradient without the factor 1/keep, where there is one."""
        if self.keep == 1.0:
            raise not_computable(self)
        return gradient
