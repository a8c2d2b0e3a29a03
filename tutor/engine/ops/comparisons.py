"""Comparisons: indicators (1 where true, 0 where not) through which no gradient flows."""

from collections.abc import Iterable, Sequence

import numpy as np

from tutor.engine.ops.base import Array, Elementwise


class _Compare(Elementwise):
    inputs = ("a", "b")
    callable_by_name = False
    without_gradient = frozenset({0, 1})

    def derivative(self, i: int, out: Array, a: Array, b: Array) -> Array:
        return 0.0

    def contests(self, *inputs: Array) -> Iterable[Sequence[Array]]:
        return [inputs]


class Less(_Compare):
    """Indicator `a < b`."""

    name, symbol, formula, rule = "less", "<", "a < b", "engine.rule-comparison"

    def forward(self, a: Array, b: Array) -> Array:
        return np.less(a, b) * 1.0


class LessEqual(_Compare):
    """Indicator `a <= b`."""

    name, symbol, formula, rule = "less_equal", "<=", "a <= b", "engine.rule-comparison"

    def forward(self, a: Array, b: Array) -> Array:
        return np.less_equal(a, b) * 1.0


class Greater(_Compare):
    """Indicator `a > b`."""

    name, symbol, formula, rule = "greater", ">", "a > b", "engine.rule-comparison"

    def forward(self, a: Array, b: Array) -> Array:
        return np.greater(a, b) * 1.0


class GreaterEqual(_Compare):
    """Indicator `a >= b`."""

    name, symbol, formula, rule = "greater_equal", ">=", "a >= b", "engine.rule-comparison"

    def forward(self, a: Array, b: Array) -> Array:
        return np.greater_equal(a, b) * 1.0


class Equal(_Compare):
    """Indicator `a == b`."""

    name, symbol, formula, rule = "equal", "==", "a == b", "engine.rule-comparison"

    def forward(self, a: Array, b: Array) -> Array:
        return np.equal(a, b) * 1.0


class NotEqual(_Compare):
    """Indicator `a != b`."""

    name, symbol, formula, rule = "not_equal", "!=", "a != b", "engine.rule-comparison"

    def forward(self, a: Array, b: Array) -> Array:
        return np.not_equal(a, b) * 1.0
