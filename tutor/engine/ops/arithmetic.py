"""Arithmetic: add, sub, mul, div, neg, pow, and the gates that choose, max and min."""

from typing import Any

import numpy as np

from tutor.engine.errors import NotComputableError
from tutor.engine.ops.base import Elementwise
from tutor.text import msg


class Add(Elementwise):
    """Elementwise sum `a + b`."""

    name, symbol, inputs, formula = "add", "+", ("a", "b"), "a + b"
    backward = ("up", "up")
    callable_by_name = False

    def forward(self, a: Any, b: Any) -> Any:
        return a + b

    def derivative(self, i: int, out: Any, a: Any, b: Any) -> Any:
        return 1.0

    def vjp(self, i: int, up: Any, out: Any, a: Any, b: Any) -> Any:
        return up

    slips = {"splits": lambda op, i, up, out, a, b: up / 2}


class Subtract(Elementwise):
    """Elementwise difference `a - b`."""

    name, symbol, inputs, formula = "sub", "-", ("a", "b"), "a - b"
    backward = ("up", "-up")
    callable_by_name = False

    def forward(self, a: Any, b: Any) -> Any:
        return a - b

    def derivative(self, i: int, out: Any, a: Any, b: Any) -> Any:
        return -1.0 if i else 1.0

    def vjp(self, i: int, up: Any, out: Any, a: Any, b: Any) -> Any:
        return -up if i else up

    slips = {"sign-lost": lambda op, i, up, out, a, b: up}


class Multiply(Elementwise):
    """Elementwise product `a * b`."""

    name, symbol, inputs, formula = "mul", "*", ("a", "b"), "a * b"
    backward = ("up * b", "up * a")
    callable_by_name = False

    def forward(self, a: Any, b: Any) -> Any:
        return a * b

    def derivative(self, i: int, out: Any, a: Any, b: Any) -> Any:
        return a if i else b

    def vjp(self, i: int, up: Any, out: Any, a: Any, b: Any) -> Any:
        return up * (a if i else b)

    slips = {"own-input": lambda op, i, up, out, a, b: up * (b if i else a)}


class Divide(Elementwise):
    """Elementwise quotient `a / b`."""

    name, symbol, inputs, formula = "div", "/", ("a", "b"), "a / b"
    backward = ("up / b", "-up * a / b^2")
    callable_by_name = False

    def forward(self, a: Any, b: Any) -> Any:
        return a / b

    def derivative(self, i: int, out: Any, a: Any, b: Any) -> Any:
        return -out / b if i else 1.0 / b

    slips = {
        "sign-lost": lambda op, i, up, out, a, b: up * a / b**2 if i else up / b,
        "square-forgotten": lambda op, i, up, out, a, b: -up * a / b if i else up / b,
        "numerator-derivative": lambda op, i, up, out, a, b: up / b,
    }


class Negate(Elementwise):
    """Elementwise negative `-x`."""

    name, symbol, formula = "neg", "-", "-x"
    backward = ("-up",)
    callable_by_name = False

    def forward(self, x: Any) -> Any:
        return -x

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return -1.0

    slips = {"sign-lost": lambda op, i, up, out, x: up}


class Power(Elementwise):
    """Elementwise power `a ^ b`, with a constant or a variable exponent."""

    name, symbol, inputs, formula = "pow", "^", ("a", "b"), "a ^ b"
    backward = ("up * b * a^(b - 1)", "up * out * log(a)")
    callable_by_name = False

    def forward(self, a: Any, b: Any) -> Any:
        return np.power(a, b)

    def derivative(self, i: int, out: Any, a: Any, b: Any) -> Any:
        if i:
            # 0^b for b > 0 is constant in b; log(0) would turn that 0 into a NaN.
            return out * np.log(np.where(np.equal(a, 0.0), 1.0, a))
        # At b = 0 the power is the constant 1, also where a = 0.
        return np.where(np.equal(b, 0.0), 0.0, b * np.power(a, np.where(np.equal(b, 0.0), 1.0, b - 1.0)))

    slips = {
        "exponent-kept": lambda op, i, up, out, a, b: up * out * np.log(a) if i else up * b * np.power(a, b),
        "factor-forgotten": lambda op, i, up, out, a, b: up * out if i else up * np.power(a, b - 1.0),
    }


class Copy(Elementwise):
    """The input itself, for a line that only gives a second name: `y: x`."""

    name, symbol, formula = "copy", "=", "x"
    backward = ("up",)
    callable_by_name = False

    def forward(self, x: Any) -> Any:
        return x

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return 1.0

    def vjp(self, i: int, up: Any, out: Any, x: Any) -> Any:
        return up


class _Choose(Elementwise):
    """A gate that lets one of its inputs through; equal inputs share the gradient."""

    inputs = ("x*",)

    def derivative(self, i: int, out: Any, *inputs: Any) -> Any:
        wins = [np.equal(x, out) for x in inputs]
        return wins[i] / np.sum(np.broadcast_arrays(*wins), axis=0)

    def backward_text(self, i: int, shapes: Any) -> str:
        sign = ">" if self.name == "max" else "<"
        names = self.input_names(len(shapes))
        others = [name for k, name in enumerate(names) if k != i]
        return "up" + "".join(f" * ({names[i]} {sign} {other})" for other in others)

    slips = {
        "wrong-winner": lambda op, i, up, out, *xs: up * op.loses(i, out, *xs),
        "both-win": lambda op, i, up, out, *xs: up * np.ones_like(out),
        "splits": lambda op, i, up, out, *xs: up * np.ones_like(out) / len(xs),
    }

    def loses(self, i: int, out: Any, *inputs: Any) -> Any:
        """Where input i loses to the other of two; of more inputs no single loser is the wrong winner."""
        if len(inputs) != 2:
            raise NotComputableError(msg("engine.slip-needs-two-inputs", op=self.symbol))
        return np.not_equal(inputs[i], out) * 1.0


class Maximum(_Choose):
    """Elementwise larger one of `max(a, b, ..)`; ties share the gradient equally."""

    name, symbol, formula = "max", "max", "max(x0, x1)"

    def forward(self, *inputs: Any) -> Any:
        out = inputs[0]
        for x in inputs[1:]:
            out = np.maximum(out, x)
        return out


class Minimum(_Choose):
    """Elementwise smaller one of `min(a, b, ..)`; ties share the gradient equally."""

    name, symbol, formula = "min", "min", "min(x0, x1)"

    def forward(self, *inputs: Any) -> Any:
        out = inputs[0]
        for x in inputs[1:]:
            out = np.minimum(out, x)
        return out
