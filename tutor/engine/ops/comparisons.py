"""Comparisons: indicators (1 where true, 0 where not) through which no gradient flows."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

import numpy as np

from tutor.engine.ops.op import Array, Elementwise


class _Compare(Elementwise):
    """1 where the comparison holds, 0 elsewhere: (..), (..) -> broadcast shape."""

    compare: ClassVar[Callable[..., Array]]
    inputs, rule = ("a", "b"), "engine.rule-comparison"
    slope_rule = "engine.slope-comparison"
    callable_by_name = False
    without_gradient = frozenset({0, 1})

    def forward(self, a: Array, b: Array) -> Array:
        return self.compare(a, b) * 1.0

    def derivative(self, i: int, out: Array, a: Array, b: Array) -> Array:
        return 0.0

    def kink_operands(self, *inputs: Array) -> Iterable[Sequence[Array]]:
        return [inputs]


class Less(_Compare):
    """Indicator `a < b`, (n, m), (m,) -> (n, m): flat."""

    name, symbol, formula, compare = "less", "<", "a < b", np.less
    borrowed = ("lt",)


class LessEqual(_Compare):
    """Indicator `a <= b`, (n, m), (m,) -> (n, m): flat."""

    name, symbol, formula, compare = "less_equal", "<=", "a <= b", np.less_equal
    borrowed = ("le",)


class Greater(_Compare):
    """Indicator `a > b`, (n, m), (m,) -> (n, m): flat."""

    name, symbol, formula, compare = "greater", ">", "a > b", np.greater
    borrowed = ("gt",)


class GreaterEqual(_Compare):
    """Indicator `a >= b`, (n, m), (m,) -> (n, m): flat."""

    name, symbol, formula, compare = "greater_equal", ">=", "a >= b", np.greater_equal
    borrowed = ("ge",)


class Equal(_Compare):
    """Indicator `a == b`, (n, m), (m,) -> (n, m): flat."""

    name, symbol, formula, compare = "equal", "==", "a == b", np.equal
    borrowed = ("eq",)


class NotEqual(_Compare):
    """Indicator `a != b`, (n, m), (m,) -> (n, m): flat."""

    name, symbol, formula, compare = "not_equal", "!=", "a != b", np.not_equal
    borrowed = ("ne",)
