"""Activations: functions of one input, entry by entry, that bend what a layer computes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tutor.engine.ops.op import Array, Elementwise, Shape, not_computable

_ERF = np.frompyfunc(math.erf, 1, 1)


def matmul_activation(op: Any, i: int, up: Array, out: Array, x: Array) -> Array:
    """Slip: f'(x) multiplied as a matrix, transposed, where it acts entry by entry."""
    slope = np.asarray(op.derivative(i, out, x))
    if np.ndim(up) != 2 or up.shape[1] != slope.shape[1]:
        raise not_computable(op)
    return up @ slope.T


def logistic(x: Array) -> Array:
    """`1 / (1 + e^-x)`; log(1 + e^-x) neither overflows at x = -1000 nor loses the digits of a tiny result."""
    return np.exp(-np.logaddexp(0.0, -x))


class _Activation(Elementwise):
    letter = "h"


class Relu(_Activation):
    """`max(0, x)`, (n, m) -> (n, m): passes the gradient where x is positive; at 0 the derivative is 0."""

    name, formula, rule = "relu", "max(0, x)", "engine.rule-relu"
    slope_rule = "engine.slope-relu"
    exact = "always"
    numpy = "np.maximum({x}, 0)"
    kinks_at = (0.0,)
    cuts = True

    def forward(self, x: Array) -> Array:
        return np.maximum(x, 0.0)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return (x > 0.0) * 1.0

    def vjp(self, i: int, up: Array, out: Array, x: Array) -> Array:
        return up * (x > 0.0)

    slips = {
        "mask-forgotten": lambda op, i, up, out, x: up,
        "mask-from-gradient": lambda op, i, up, out, x: np.maximum(up, 0.0),
        "value-as-slope": lambda op, i, up, out, x: up * out,
        "matmul-activation": matmul_activation,
    }


@dataclass(frozen=True)
class LeakyRelu(_Activation):
    """`x` where positive, `slope * x` elsewhere and at 0, (n, m) -> (n, m): the derivative is 1 or `slope`.

    Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models, 2013.
    """

    slope: float = 0.01

    name, rule = "leaky_relu", "engine.rule-leaky-relu"
    slope_rule = "engine.slope-leaky-relu"
    numpy = "np.where({x:sum} > 0, {x}, {x:product} * {slope})"
    kinks_at = (0.0,)
    formula = "max(0, x) + slope * min(0, x)"

    def forward(self, x: Array) -> Array:
        return np.where(x > 0.0, x, self.slope * x)[()]

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return np.where(x > 0.0, 1.0, self.slope)

    slips = {
        "mask-forgotten": lambda op, i, up, out, x: up,
        "slope-lost": lambda op, i, up, out, x: up * (x > 0.0),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


@dataclass(frozen=True)
class Elu(_Activation):
    """`x` where positive, `alpha * (e^x - 1)` elsewhere, (n, m) -> (n, m): the derivative there is output + alpha.

    Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by exponential linear units, 2015.
    """

    alpha: float = 1.0

    name, rule = "elu", "engine.rule-elu"
    slope_rule = rule
    numpy = "np.where({x:sum} > 0, {x}, {alpha} * (np.exp({x}) - 1))"
    kinks_at = (0.0,)
    formula = "where(x > 0, x, alpha * (exp(x) - 1))"

    def forward(self, x: Array) -> Array:
        return np.where(x > 0.0, x, self.alpha * np.expm1(np.minimum(x, 0.0)))[()]

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return np.where(x > 0.0, 1.0, self.alpha * np.exp(np.minimum(x, 0.0)))

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        return f"up * where(x > 0, 1, out + {self.alpha})"

    slips = {
        "mask-forgotten": lambda op, i, up, out, x: up,
        "value-as-slope": lambda op, i, up, out, x: up * np.where(x > 0.0, 1.0, out),
        "slope-lost": lambda op, i, up, out, x: up * (x > 0.0),
    }


class Tanh(_Activation):
    """Hyperbolic tangent, (n, m) -> (n, m): the derivative is 1 - output^2."""

    name, rule = "tanh", "engine.rule-tanh"
    slope_rule = rule
    saturates = True
    latex, sympy = r"\tanh", "tanh"
    formula = "(exp(x) - exp(-x)) / (exp(x) + exp(-x))"

    def forward(self, x: Array) -> Array:
        return np.tanh(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return 1.0 - out * out

    slips = {
        "pre-activation": lambda op, i, up, out, x: up * (1.0 - x * x),
        "activated-twice": lambda op, i, up, out, x: up * (1.0 - np.tanh(out) ** 2),
        "sigmoid-rule": lambda op, i, up, out, x: up * out * (1.0 - out),
        "square-forgotten": lambda op, i, up, out, x: up * (1.0 - out),
        "sech-for-its-square": lambda op, i, up, out, x: up / np.cosh(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
        "matmul-activation": matmul_activation,
    }


class Sigmoid(_Activation):
    """`1 / (1 + e^-x)`, (n, m) -> (n, m), without overflow: the derivative is output * (1 - output)."""

    name, formula, rule = "sigmoid", "1 / (1 + exp(-x))", "engine.rule-sigmoid"
    borrowed = ("expit",)
    slope_rule = rule
    saturates = True
    latex = r"\sigma"

    def forward(self, x: Array) -> Array:
        return logistic(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return out * (1.0 - out)

    slips = {
        "pre-activation": lambda op, i, up, out, x: up * x * (1.0 - x),
        "activated-twice": lambda op, i, up, out, x: up * op.derivative(i, op.forward(out), out),
        "tanh-rule": lambda op, i, up, out, x: up * (1.0 - out * out),
        "value-as-slope": lambda op, i, up, out, x: up * out,
        "matmul-activation": matmul_activation,
    }


class Softplus(_Activation):
    """`log(1 + e^x)`, a smooth relu, (n, m) -> (n, m), without overflow: the derivative is sigmoid(x)."""

    name, formula, rule = "softplus", "log(1 + exp(x))", "engine.rule-softplus"
    slope_rule = rule

    def forward(self, x: Array) -> Array:
        return np.logaddexp(0.0, x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return logistic(x)

    slips = {
        "relu-mask": lambda op, i, up, out, x: up * (x > 0.0),
        "inner-forgotten": lambda op, i, up, out, x: up * logistic(-x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Silu(_Activation):
    """`x * sigmoid(x)`, also called swish, (n, m) -> (n, m): by the product rule the gate, and x times its slope.

    Ramachandran, Zoph and Le, Searching for activation functions, 2017.
    """

    name, formula, rule = "silu", "x / (1 + exp(-x))", "engine.rule-silu"
    slope_rule = rule
    numpy = "{x:product} * sigmoid({x})"

    def forward(self, x: Array) -> Array:
        return x * logistic(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        gate = logistic(x)
        return gate + out * (1.0 - gate)

    slips = {
        "gate-constant": lambda op, i, up, out, x: up * logistic(x),
        "product-of-slopes": lambda op, i, up, out, x: up * logistic(x) * logistic(-x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


@dataclass(frozen=True)
class Gelu(_Activation):
    """`x` times the normal distribution function of x, (n, m) -> (n, m): the gate, and x times its slope.

    `approximate="tanh"` has a formula with tanh for the gate. Hendrycks and Gimpel, Gaussian error linear units, 2016.
    """

    approximate: Literal["none", "tanh"] = "none"

    name, formula, rule = "gelu", "x * (1 + erf(x / sqrt(2))) / 2", "engine.rule-gelu"
    slope_rule = rule
    backward = None

    def gate(self, x: Array) -> Array:
        """What x is multiplied by: a number from 0 to 1."""
        if self.approximate == "tanh":
            return 0.5 * (1.0 + np.tanh(_bend(x)))
        return 0.5 * (1.0 + np.asarray(_ERF(x / math.sqrt(2.0)), dtype=np.float64)[()])

    def gate_slope(self, x: Array) -> Array:
        """The derivative of `gate`."""
        if self.approximate == "tanh":
            inner = math.sqrt(2.0 / math.pi) * (1.0 + 3 * 0.044715 * x * x)
            return 0.5 * (1.0 - np.tanh(_bend(x)) ** 2) * inner
        return np.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)

    def forward(self, x: Array) -> Array:
        return x * self.gate(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return self.gate(x) + x * self.gate_slope(x)

    slips = {
        "gate-constant": lambda op, i, up, out, x: up * op.gate(x),
        "product-of-slopes": lambda op, i, up, out, x: up * op.gate_slope(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


def _bend(x: Array) -> Array:
    return math.sqrt(2.0 / math.pi) * (x + 0.044715 * x * x * x)
