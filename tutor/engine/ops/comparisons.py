"""Comparisons: indicators (1 where true, 0 where not) through which no gradient flows."""

from typing import Any

import numpy as np

from tutor.engine.ops.base import Elementwise


class _Compare(Elementwise):
    inputs = ("a", "b")
    backward = ("0 * up", "0 * up")
    callable_by_name = False
    without_gradient = frozenset({0, 1})

    def derivative(self, i: int, out: Any, a: Any, b: Any) -> Any:
        return 0.0


class Less(_Compare):
    """Indicator `a < b`."""

    name, symbol, formula = "less", "<", "a < b"

    def forward(self, a: Any, b: Any) -> Any:
        return np.less(a, b) * 1.0


class LessEqual(_Compare):
    """Indicator `a <= b`."""

    name, symbol, formula = "less_equal", "<=", "a <= b"

    def forward(self, a: Any, b: Any) -> Any:
        return np.less_equal(a, b) * 1.0


class Greater(_Compare):
    """Indicator `a > b`."""

    name, symbol, formula = "greater", ">", "a > b"

    def forward(self, a: Any, b: Any) -> Any:
        return np.greater(a, b) * 1.0


class GreaterEqual(_Compare):
    """Indicator `a >= b`."""

    name, symbol, formula = "greater_equal", ">=", "a >= b"

    def forward(self, a: Any, b: Any) -> Any:
        return np.greater_equal(a, b) * 1.0


class Equal(_Compare):
    """Indicator `a == b`."""

    name, symbol, formula = "equal", "==", "a == b"

    def forward(self, a: Any, b: Any) -> Any:
        return np.equal(a, b) * 1.0


class NotEqual(_Compare):
    """Indicator `a != b`."""

    name, symbol, formula = "not_equal", "!=", "a != b"

    def forward(self, a: Any, b: Any) -> Any:
        return np.not_equal(a, b) * 1.0
