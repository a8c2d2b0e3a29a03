"""The elementary functions of one input, entry by entry: powers of e, logarithms, roots, sines."""

import numpy as np

from tutor.engine.ops.base import Array, Elementwise


class Exp(Elementwise):
    """`e^x`, (n, m) -> (n, m): the derivative is the output."""

    name, symbol, formula, rule = "exp", "exp", "exp(x)", "engine.rule-exp"
    latex, sympy = r"\exp", "exp"
    singular = True

    def forward(self, x: Array) -> Array:
        return np.exp(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return out

    slips = {
        "power-rule": lambda op, i, up, out, x: up * x * np.exp(x - 1.0),
        "activated-twice": lambda op, i, up, out, x: up * np.exp(out),
    }


class Log(Elementwise):
    """Natural logarithm, (n, m) -> (n, m): the derivative is 1 / x."""

    name, symbol, formula, rule = "log", "log", "log(x)", "engine.rule-log"
    positive = True
    latex, sympy = r"\log", "log"
    singular = True

    def forward(self, x: Array) -> Array:
        return np.log(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return 1.0 / x

    slips = {
        "reciprocal-forgotten": lambda op, i, up, out, x: up * x,
        "value-as-slope": lambda op, i, up, out, x: up * out,
        "of-the-output": lambda op, i, up, out, x: up / out,
    }


class Log1p(Elementwise):
    """`log(1 + x)`, exact also for tiny x, (n, m) -> (n, m): the derivative is 1 / (1 + x)."""

    name, symbol, formula, rule = "log1p", "log1p", "log(1 + x)", "engine.rule-log1p"
    singular = True

    def forward(self, x: Array) -> Array:
        return np.log1p(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return 1.0 / (1.0 + x)

    slips = {
        "one-forgotten": lambda op, i, up, out, x: up / x,
        "reciprocal-forgotten": lambda op, i, up, out, x: up * (1.0 + x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Sqrt(Elementwise):
    """Square root, (n, m) -> (n, m): the derivative is 1 / (2 * output)."""

    name, symbol, formula, rule = "sqrt", "sqrt", "x^(1/2)", "engine.rule-sqrt"
    positive = True
    latex, sympy = r"\sqrt{{{0}}}", "sqrt"
    kinks_at = (0.0,)
    singular = True

    def forward(self, x: Array) -> Array:
        return np.sqrt(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return 1.0 / (2.0 * out)

    slips = {
        "factor-forgotten": lambda op, i, up, out, x: up / out,
        "exponent-kept": lambda op, i, up, out, x: up * out / 2.0,
    }


class Square(Elementwise):
    """`x^2`, (n, m) -> (n, m): the derivative is 2x."""

    name, symbol, formula, rule = "square", "square", "x^2", "engine.rule-square"
    exact, counted = "whole", "multiply"

    def forward(self, x: Array) -> Array:
        return x * x

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return 2.0 * x

    slips = {
        "factor-forgotten": lambda op, i, up, out, x: up * x,
        "exponent-kept": lambda op, i, up, out, x: up * 2.0 * out,
    }


class Abs(Elementwise):
    """Absolute value, (n, m) -> (n, m): the derivative is the sign of x, 0 at 0."""

    name, symbol, formula, rule = "abs", "abs", "max(x, -x)", "engine.rule-abs"
    exact = "always"
    latex, sympy = r"\left|{0}\right|", "Abs"
    kinks_at = (0.0,)

    def forward(self, x: Array) -> Array:
        return np.abs(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return np.sign(x)

    slips = {"sign-lost": lambda op, i, up, out, x: up, "value-as-slope": lambda op, i, up, out, x: up * out}


class Sin(Elementwise):
    """Sine of radians, (n, m) -> (n, m): the derivative is cos(x)."""

    name, symbol, formula, rule = "sin", "sin", "sin(x)", "engine.rule-sin"
    latex, sympy = r"\sin", "sin"

    def forward(self, x: Array) -> Array:
        return np.sin(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return np.cos(x)

    slips = {
        "sign-added": lambda op, i, up, out, x: -up * np.cos(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Cos(Elementwise):
    """Cosine of radians, (n, m) -> (n, m): the derivative is -sin(x)."""

    name, symbol, formula, rule = "cos", "cos", "cos(x)", "engine.rule-cos"
    latex, sympy = r"\cos", "cos"

    def forward(self, x: Array) -> Array:
        return np.cos(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return -np.sin(x)

    slips = {
        "sign-lost": lambda op, i, up, out, x: up * np.sin(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Tan(Elementwise):
    """Tangent of radians, (n, m) -> (n, m): the derivative is 1 + output^2."""

    name, symbol, formula, rule = "tan", "tan", "sin(x) / cos(x)", "engine.rule-tan"
    latex, sympy = r"\tan", "tan"
    singular = True

    def forward(self, x: Array) -> Array:
        return np.tan(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return 1.0 + out * out

    slips = {
        "square-forgotten": lambda op, i, up, out, x: up / np.cos(x),
        "tanh-rule": lambda op, i, up, out, x: up * (1.0 - out * out),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Cosh(Elementwise):
    """Hyperbolic cosine, (n, m) -> (n, m): the derivative is sinh(x)."""

    name, symbol, formula, rule = "cosh", "cosh", "(exp(x) + exp(-x)) / 2", "engine.rule-cosh"
    latex, sympy = r"\cosh", "cosh"
    singular = True

    def forward(self, x: Array) -> Array:
        return np.cosh(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return np.sinh(x)

    slips = {
        "sign-added": lambda op, i, up, out, x: -up * np.sinh(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }


class Sinh(Elementwise):
    """Hyperbolic sine, (n, m) -> (n, m): the derivative is cosh(x)."""

    name, symbol, formula, rule = "sinh", "sinh", "(exp(x) - exp(-x)) / 2", "engine.rule-sinh"
    latex, sympy = r"\sinh", "sinh"
    singular = True

    def forward(self, x: Array) -> Array:
        return np.sinh(x)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return np.cosh(x)

    slips = {
        "sign-added": lambda op, i, up, out, x: -up * np.cosh(x),
        "value-as-slope": lambda op, i, up, out, x: up * out,
    }
