"""Arithmetic, entry by entry: add, sub, mul, div, neg, pow."""

import numpy as np

from tutor.engine.errors import EngineError
from tutor.engine.ops.op import Array, Elementwise
from tutor.text import msg


class Add(Elementwise):
    """Sum `a + b`, (n, m), (m,) -> (n, m): each input gets what arrives."""

    name, symbol, inputs, formula, rule = "add", "+", ("a", "b"), "a + b", "engine.rule-add"
    slope_rule = "engine.slope-add"
    exact = "whole"
    telling = 0
    counted = "add"
    callable_by_name = False

    def forward(self, a: Array, b: Array) -> Array:
        return a + b

    def derivative(self, i: int, out: Array, a: Array, b: Array) -> Array:
        return 1.0

    def vjp(self, i: int, up: Array, out: Array, a: Array, b: Array) -> Array:
        return up

    slips = {"splits": lambda op, i, up, out, a, b: up / 2}


class Subtract(Elementwise):
    """Difference `a - b`, (n, m), (m,) -> (n, m): b gets what arrives with its sign turned."""

    name, symbol, inputs, formula, rule = "sub", "-", ("a", "b"), "a - b", "engine.rule-sub"
    borrowed = ("subtract",)
    slope_rule = "engine.slope-sub"
    exact = "whole"
    told_at = 1
    counted = "add"
    callable_by_name = False

    def forward(self, a: Array, b: Array) -> Array:
        return a - b

    def derivative(self, i: int, out: Array, a: Array, b: Array) -> Array:
        return -1.0 if i else 1.0

    def vjp(self, i: int, up: Array, out: Array, a: Array, b: Array) -> Array:
        return -up if i else up

    slips = {"sign-lost": lambda op, i, up, out, a, b: up}


class Multiply(Elementwise):
    """Product `a * b`, (n, m), (m,) -> (n, m): multiply swaps, the derivative is the other input."""

    name, symbol, inputs, formula, rule = "mul", "*", ("a", "b"), "a * b", "engine.rule-mul"
    borrowed = ("multiply",)
    slope_rule = rule
    exact = "whole"
    factors = frozenset({0, 1})
    counted = "multiply"
    callable_by_name = False
    masks = True

    def forward(self, a: Array, b: Array) -> Array:
        return a * b

    def derivative(self, i: int, out: Array, a: Array, b: Array) -> Array:
        return a if i else b

    def vjp(self, i: int, up: Array, out: Array, a: Array, b: Array) -> Array:
        return up * (a if i else b)

    slips = {"own-input": lambda op, i, up, out, a, b: up * (b if i else a)}


class Divide(Elementwise):
    """Quotient `a / b`, (n, m), (m,) -> (n, m): the derivatives are 1 / b and -output / b."""

    name, symbol, inputs, formula, rule = "div", "/", ("a", "b"), "a / b", "engine.rule-div"
    borrowed = ("divide", "true_divide")
    slope_rule = rule
    told_at = 1
    factors = frozenset({0})
    backward = ("up / b", "-up * a / b^2")
    callable_by_name = False
    singular = True

    def forward(self, a: Array, b: Array) -> Array:
        return a / b

    def derivative(self, i: int, out: Array, a: Array, b: Array) -> Array:
        return -out / b if i else 1.0 / b

    slips = {
        "sign-lost": lambda op, i, up, out, a, b: up * a / b**2 if i else up / b,
        "square-forgotten": lambda op, i, up, out, a, b: -up * a / b if i else up / b,
        "numerator-derivative": lambda op, i, up, out, a, b: up / b,
        "antiderivative": lambda op, i, up, out, a, b: up * a * np.log(np.abs(b)) if i else up / b,
    }


class Negate(Elementwise):
    """Negative `-x`, (n, m) -> (n, m): turns the sign of what arrives."""

    name, symbol, formula, rule = "neg", "-", "-x", "engine.rule-neg"
    borrowed = ("negative",)
    slope_rule = "engine.slope-neg"
    exact = "always"
    telling = 1
    callable_by_name = False

    def forward(self, x: Array) -> Array:
        return -x

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return -1.0

    slips = {"sign-lost": lambda op, i, up, out, x: up}


class Power(Elementwise):
    """Power `a ^ b`, (n, m), () -> (n, m): the derivatives are b * a^(b - 1) and output * log(a)."""

    name, symbol, inputs, formula, rule = "pow", "^", ("a", "b"), "a ^ b", "engine.rule-pow"
    borrowed = ("power", "float_power")
    slope_rule = rule
    backward = ("up * b * a^(b - 1)", "up * out * log(a)")
    callable_by_name = False
    checks = singular = True

    def check(self, a: Array, b: Array) -> None:
        """Refuses `W^-1` of a matrix, which would be entrywise reciprocals where an inverse is meant."""
        if np.ndim(a) == 2 and np.ndim(b) == 0 and b == -1.0 and min(a.shape) > 1:
            raise EngineError(msg("engine.matrix-inverse", shape=a.shape))

    def forward(self, a: Array, b: Array) -> Array:
        return a**b

    def derivative(self, i: int, out: Array, a: Array, b: Array) -> Array:
        if i == 0 and type(b) is np.float64:
            return b * a ** (b - 1.0) if b != 0.0 else 0.0
        if i:
            # 0^b for b > 0 is constant in b; log(0) would turn that 0 into a NaN.
            return out * np.log(np.where(np.equal(a, 0.0), 1.0, a))
        # At b = 0 the power is the constant 1, also where a = 0.
        return np.where(np.equal(b, 0.0), 0.0, b * np.power(a, np.where(np.equal(b, 0.0), 1.0, b - 1.0)))

    slips = {
        "exponent-kept": lambda op, i, up, out, a, b: up * out * np.log(a) if i else up * b * np.power(a, b),
        "factor-forgotten": lambda op, i, up, out, a, b: up * out if i else up * np.power(a, b - 1.0),
        "antiderivative": lambda op, i, up, out, a, b: up * out / np.log(a) if i else up * a * out / (b + 1.0),
        "rules-swapped": lambda op, i, up, out, a, b: up * b * np.power(a, b - 1.0) if i else up * out * np.log(a),
    }
