"""Functions of one input, entry by entry: activations and the elementary functions."""

from typing import Any

import numpy as np

from tutor.engine.errors import NotComputableError
from tutor.engine.ops.base import Elementwise
from tutor.text import msg


def matmul_activation(op: Any, i: int, up: Any, out: Any, x: Any) -> Any:
    """Slip: f'(x) multiplied as a matrix, transposed, where it acts entry by entry."""
    slope = np.asarray(op.derivative(i, out, x))
    if np.ndim(up) != 2 or up.shape[1] != slope.shape[1]:
        raise NotComputableError(msg("engine.slip-sizes", op=op.symbol))
    return up @ slope.T


class Relu(Elementwise):
    """`max(0, x)`; the derivative at 0 is 0."""

    name, symbol, formula = "relu", "relu", "max(0, x)"
    backward = ("up * (x > 0)",)

    def forward(self, x: Any) -> Any:
        return np.maximum(x, 0.0)

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return np.greater(x, 0.0) * 1.0

    slips = {
        "mask-forgotten": lambda op, i, up, out, x: up,
        "mask-from-gradient": lambda op, i, up, out, x: np.maximum(up, 0.0),
        "value-as-slope": lambda op, i, up, out, x: up * out,
        "matmul-activation": matmul_activation,
    }


class Exp(Elementwise):
    """`e^x`."""

    name, symbol, formula = "exp", "exp", "exp(x)"
    backward = ("up * out",)

    def forward(self, x: Any) -> Any:
        return np.exp(x)

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return out

    slips = {
        "power-rule": lambda op, i, up, out, x: up * x * np.exp(x - 1.0),
        "activated-twice": lambda op, i, up, out, x: up * np.exp(out),
    }


class Log(Elementwise):
    """Natural logarithm."""

    name, symbol, formula = "log", "log", "log(x)"
    backward = ("up / x",)

    def forward(self, x: Any) -> Any:
        return np.log(x)

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return 1.0 / x

    slips = {
        "reciprocal-forgotten": lambda op, i, up, out, x: up * x,
        "value-as-slope": lambda op, i, up, out, x: up * out,
        "of-the-output": lambda op, i, up, out, x: up / out,
    }


class Tanh(Elementwise):
    """Hyperbolic tangent."""

    name, symbol, formula = "tanh", "tanh", "(exp(x) - exp(-x)) / (exp(x) + exp(-x))"
    backward = ("up * (1 - out^2)",)

    def forward(self, x: Any) -> Any:
        return np.tanh(x)

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return 1.0 - out * out

    slips = {
        "pre-activation": lambda op, i, up, out, x: up * (1.0 - x * x),
        "activated-twice": lambda op, i, up, out, x: up * (1.0 - np.tanh(out) ** 2),
        "square-forgotten": lambda op, i, up, out, x: up * (1.0 - out),
        "sech-for-its-square": lambda op, i, up, out, x: up / np.cosh(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
        "matmul-activation": matmul_activation,
    }


class Sigmoid(Elementwise):
    """Logistic function `1 / (1 + e^-x)`, computed without overflow."""

    name, symbol, formula = "sigmoid", "sigmoid", "1 / (1 + exp(-x))"
    backward = ("up * out * (1 - out)",)

    def forward(self, x: Any) -> Any:
        # log(1 + e^-x) neither overflows at x = -1000 nor loses the digits of a tiny result.
        return np.exp(-np.logaddexp(0.0, -x))

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return out * (1.0 - out)

    slips = {
        "pre-activation": lambda op, i, up, out, x: up * x * (1.0 - x),
        "activated-twice": lambda op, i, up, out, x: up * op.derivative(i, op.forward(out), out),
        "tanh-rule": lambda op, i, up, out, x: up * (1.0 - out * out),
        "value-as-slope": lambda op, i, up, out, x: up * out,
        "matmul-activation": matmul_activation,
    }


class Sqrt(Elementwise):
    """Square root."""

    name, symbol, formula = "sqrt", "sqrt", "x^(1/2)"
    backward = ("up / (2 * out)",)

    def forward(self, x: Any) -> Any:
        return np.sqrt(x)

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return 0.5 / out

    slips = {
        "factor-forgotten": lambda op, i, up, out, x: up / out,
        "exponent-kept": lambda op, i, up, out, x: up * out / 2.0,
    }


class Square(Elementwise):
    """`x^2`."""

    name, symbol, formula = "square", "square", "x^2"
    backward = ("up * 2 * x",)

    def forward(self, x: Any) -> Any:
        return x * x

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return 2.0 * x

    slips = {
        "factor-forgotten": lambda op, i, up, out, x: up * x,
        "exponent-kept": lambda op, i, up, out, x: up * 2.0 * out,
    }


class Abs(Elementwise):
    """Absolute value; the derivative at 0 is 0."""

    name, symbol, formula = "abs", "abs", "max(x, -x)"
    backward = ("up * ((x > 0) - (x < 0))",)

    def forward(self, x: Any) -> Any:
        return np.abs(x)

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return np.sign(x)

    slips = {"sign-lost": lambda op, i, up, out, x: up, "value-as-slope": lambda op, i, up, out, x: up * out}


class Sin(Elementwise):
    """Sine, of radians."""

    name, symbol, formula = "sin", "sin", "sin(x)"
    backward = ("up * cos(x)",)

    def forward(self, x: Any) -> Any:
        return np.sin(x)

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return np.cos(x)

    slips = {
        "sign-added": lambda op, i, up, out, x: -up * np.cos(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Cos(Elementwise):
    """Cosine, of radians."""

    name, symbol, formula = "cos", "cos", "cos(x)"
    backward = ("-up * sin(x)",)

    def forward(self, x: Any) -> Any:
        return np.cos(x)

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return -np.sin(x)

    slips = {
        "sign-lost": lambda op, i, up, out, x: up * np.sin(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Cosh(Elementwise):
    """Hyperbolic cosine."""

    name, symbol, formula = "cosh", "cosh", "(exp(x) + exp(-x)) / 2"
    backward = ("up * sinh(x)",)

    def forward(self, x: Any) -> Any:
        return np.cosh(x)

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return np.sinh(x)

    slips = {
        "sign-added": lambda op, i, up, out, x: -up * np.sinh(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Sinh(Elementwise):
    """Hyperbolic sine."""

    name, symbol, formula = "sinh", "sinh", "(exp(x) - exp(-x)) / 2"
    backward = ("up * cosh(x)",)

    def forward(self, x: Any) -> Any:
        return np.sinh(x)

    def derivative(self, i: int, out: Any, x: Any) -> Any:
        return np.cosh(x)

    slips = {
        "sign-added": lambda op, i, up, out, x: -up * np.cosh(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }
