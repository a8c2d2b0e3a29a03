"""The elementary functions of one input, entry by entry: powers of e, logarithms, roots, sines."""

from typing import ClassVar

import numpy as np

from tutor.engine.ops.op import Array, Elementwise


class _Function(Elementwise):
    """NumPy has it, entry by entry: (n, m) -> (n, m)."""

    function: ClassVar[np.ufunc]

    def forward(self, x: Array) -> Array:
        return self.function(x)


class Exp(_Function):
    """`e^x`, (n, m) -> (n, m): the derivative is the output."""

    name, formula, rule, function = "exp", "exp(x)", "engine.rule-exp", np.exp
    slope_rule = rule
    latex, sympy = r"\exp", "exp"
    singular = True

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return out

    slips = {
        "power-rule": lambda op, i, up, out, x: up * x * np.exp(x - 1.0),
        "activated-twice": lambda op, i, up, out, x: up * np.exp(out),
    }


class Log(_Function):
    """Natural logarithm, (n, m) -> (n, m): the derivative is 1 / x."""

    name, formula, rule, function = "log", "log(x)", "engine.rule-log", np.log
    slope_rule = rule
    latex, sympy = r"\log", "log"
    positive = singular = True

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return 1.0 / x

    slips = {
        "reciprocal-forgotten": lambda op, i, up, out, x: up * x,
        "value-as-slope": lambda op, i, up, out, x: up * out,
        "of-the-output": lambda op, i, up, out, x: up / out,
    }


class Log1p(_Function):
    """`log(1 + x)`, exact also for tiny x, (n, m) -> (n, m): the derivative is 1 / (1 + x)."""

    name, formula, rule, function = "log1p", "log(1 + x)", "engine.rule-log1p", np.log1p
    slope_rule = rule
    singular = True

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return 1.0 / (1.0 + x)

    slips = {
        "one-forgotten": lambda op, i, up, out, x: up / x,
        "reciprocal-forgotten": lambda op, i, up, out, x: up * (1.0 + x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Sqrt(_Function):
    """Square root, (n, m) -> (n, m): the derivative is 1 / (2 * output)."""

    name, formula, rule, function = "sqrt", "x^(1/2)", "engine.rule-sqrt", np.sqrt
    slope_rule = rule
    latex, sympy = r"\sqrt{{{0}}}", "sqrt"
    kinks_at = (0.0,)
    positive = singular = True

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return 1.0 / (2.0 * out)

    slips = {
        "factor-forgotten": lambda op, i, up, out, x: up / out,
        "exponent-kept": lambda op, i, up, out, x: up * out / 2.0,
    }


class Square(Elementwise):
    """`x^2`, (n, m) -> (n, m): the derivative is 2x."""

    name, formula, rule = "square", "x^2", "engine.rule-square"
    slope_rule = rule
    exact, counted = "whole", "multiply"

    def forward(self, x: Array) -> Array:
        return x * x

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return 2.0 * x

    slips = {
        "factor-forgotten": lambda op, i, up, out, x: up * x,
        "exponent-kept": lambda op, i, up, out, x: up * 2.0 * out,
        "antiderivative": lambda op, i, up, out, x: up * x * x * x / 3.0,
    }


class Abs(_Function):
    """Absolute value, (n, m) -> (n, m): the derivative is the sign of x, 0 at 0."""

    name, formula, rule, function = "abs", "max(x, -x)", "engine.rule-abs", np.abs
    borrowed = ("absolute", "fabs")
    slope_rule = rule
    exact = "always"
    latex, sympy = r"\left|{0}\right|", "Abs"
    kinks_at = (0.0,)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return np.sign(x)

    slips = {"sign-lost": lambda op, i, up, out, x: up, "value-as-slope": lambda op, i, up, out, x: up * out}


class Sin(_Function):
    """Sine of radians, (n, m) -> (n, m): the derivative is cos(x)."""

    name, formula, rule, function = "sin", "sin(x)", "engine.rule-sin", np.sin
    slope_rule = rule
    latex, sympy = r"\sin", "sin"

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return np.cos(x)

    slips = {
        "sign-added": lambda op, i, up, out, x: -up * np.cos(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Cos(_Function):
    """Cosine of radians, (n, m) -> (n, m): the derivative is -sin(x)."""

    name, formula, rule, function = "cos", "cos(x)", "engine.rule-cos", np.cos
    slope_rule = rule
    latex, sympy = r"\cos", "cos"

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return -np.sin(x)

    slips = {
        "sign-lost": lambda op, i, up, out, x: up * np.sin(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Tan(_Function):
    """Tangent of radians, (n, m) -> (n, m): the derivative is 1 + output^2."""

    name, formula, rule, function = "tan", "sin(x) / cos(x)", "engine.rule-tan", np.tan
    slope_rule = rule
    latex, sympy = r"\tan", "tan"
    singular = True

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return 1.0 + out * out

    slips = {
        "square-forgotten": lambda op, i, up, out, x: up / np.cos(x),
        "tanh-rule": lambda op, i, up, out, x: up * (1.0 - out * out),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Cosh(_Function):
    """Hyperbolic cosine, (n, m) -> (n, m): the derivative is sinh(x)."""

    name, formula, rule, function = "cosh", "(exp(x) + exp(-x)) / 2", "engine.rule-cosh", np.cosh
    slope_rule = rule
    latex, sympy = r"\cosh", "cosh"
    singular = True

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return np.sinh(x)

    slips = {
        "sign-added": lambda op, i, up, out, x: -up * np.sinh(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Sinh(_Function):
    """Hyperbolic sine, (n, m) -> (n, m): the derivative is cosh(x)."""

    name, formula, rule, function = "sinh", "(exp(x) - exp(-x)) / 2", "engine.rule-sinh", np.sinh
    slope_rule = rule
    latex, sympy = r"\sinh", "sinh"
    singular = True

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return np.cosh(x)

    slips = {
        "sign-added": lambda op, i, up, out, x: -up * np.cosh(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }
