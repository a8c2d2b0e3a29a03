"""Measures of spread and size along axes: var, std, norm."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tutor.engine.errors import ShapeError
from tutor.engine.ops.op import Array, Shape, not_computable
from tutor.engine.ops.reductions import Reduction, several
from tutor.text import msg


@dataclass(frozen=True)
class _Spread(Reduction):
    """Spread around the mean; divided by n, or by n - 1 with `unbiased=true`."""

    unbiased: bool = False

    normalises = True

    @classmethod
    def numpy_option(cls, name: str, value: str, bare: bool) -> str:
        if name == "unbiased":
            return "ddof=1" if value == "True" else ""
        return super().numpy_option(name, value, bare)

    def shape(self, *shapes: Shape) -> Shape:
        if self.unbiased and self.count(shapes[0]) < 2:
            raise ShapeError(msg("engine.needs-two-entries", op=self.symbol, shape=shapes[0]))
        return super().shape(*shapes)

    def divisor(self, x: Array) -> int:
        """n or n - 1."""
        return self.count(np.shape(x)) - self.unbiased

    def other_divisor(self, x: Array) -> int:
        """Slip: the divisor of the other definition."""
        n = self.count(np.shape(x))
        if n < 2:
            raise not_computable(self)
        return n if self.unbiased else n - 1

    def centred(self, x: Array) -> Array:
        """x less its mean."""
        return x - np.mean(x, axis=self.axis, keepdims=True)

    def centred_text(self) -> str:
        """`centred` in our language."""
        if self.axis is None:
            return "(x - mean(x))"
        axis = self.axis if isinstance(self.axis, int) else list(self.axis)
        return f"(x - mean(x, axis={axis}, keepdims=true))"

    def divisor_text(self, shape: Shape) -> str:
        """`divisor` in our language."""
        return f"({self.count_text(shape)} - 1)" if self.unbiased else self.count_text(shape)


class Variance(_Spread):
    """Mean of the squared distances from the mean, (n, m) -> (): the derivative is 2 * (x - mean) / n."""

    name, formula, rule = "var", "out = (sum over i of (x[i] - mean(x))^2) / n", "engine.rule-var"
    slope_rule = rule
    numpy = "np.var({x}{options})"

    def forward(self, x: Array) -> Array:
        return np.var(x, axis=self.axis, keepdims=self.keepdims, ddof=int(self.unbiased))

    def slope(self, out: Array, x: Array) -> Array:
        return self.centred(x) * (2.0 / self.divisor(x))

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        return f"2 * {self.spread_text(shapes[0])} * {self.centred_text()} / {self.divisor_text(shapes[0])}"

    slips = {
        "biased": lambda op, i, up, out, x: op.spread(up, x) * op.centred(x) * 2.0 / op.other_divisor(x),
        "factor-forgotten": lambda op, i, up, out, x: op.spread(up, x) * op.centred(x) / op.divisor(x),
        "not-centred": lambda op, i, up, out, x: op.spread(up, x) * 2.0 * x / op.divisor(x),
    }


class Deviation(_Spread):
    """Root of `var`, (n, m) -> (): the derivative is (x - mean) / (n * output), 0 where the output is 0."""

    name, formula, rule = "std", "out = sqrt((sum over i of (x[i] - mean(x))^2) / n)", "engine.rule-std"
    slope_rule = rule
    numpy = "np.std({x}{options})"

    def forward(self, x: Array) -> Array:
        return np.std(x, axis=self.axis, keepdims=self.keepdims, ddof=int(self.unbiased))

    def slope(self, out: Array, x: Array) -> Array:
        return over(self.centred(x), self.spread(out, x)) / self.divisor(x)

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        return f"{self.spread_text(shapes[0], '(up / out)')} * {self.centred_text()} / {self.divisor_text(shapes[0])}"

    slips = {
        "biased": lambda op, i, up, out, x: op.spread(up / out, x) * op.centred(x) / op.other_divisor(x),
        "variance-rule": lambda op, i, up, out, x: several(
            op, x, op.spread(up, x) * op.centred(x) * 2.0 / op.divisor(x)
        ),
        "not-centred": lambda op, i, up, out, x: op.spread(up / out, x) * x / op.divisor(x),
    }


class Norm(Reduction):
    """Euclidean length, root of the sum of squares, (n, m) -> (): the derivative is x / output, 0 at 0."""

    name, formula, rule = "norm", "out = sqrt(sum over i of x[i]^2)", "engine.rule-norm"
    slope_rule = rule
    latex = r"\left\|{0}\right\|"
    numpy = "np.sqrt(np.sum({x:postfix}**2{options}))"

    def forward(self, x: Array) -> Array:
        # Scaled by the largest entry, so that squares neither overflow nor vanish.
        top = np.max(np.abs(x), axis=self.axis, keepdims=True)
        scale = np.where(top > 0.0, top, 1.0)
        root = np.sqrt(np.sum((x / scale) ** 2, axis=self.axis, keepdims=True)) * scale
        return root[()] if self.keepdims else root.reshape(self.shape(np.shape(x)))[()]

    def slope(self, out: Array, x: Array) -> Array:
        return over(x, self.spread(out, x))

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        return f"{self.spread_text(shapes[0], '(up / out)')} * x"

    def kink_operands(self, *inputs: Array) -> Iterable[Sequence[Array]]:
        return [(self.forward(inputs[0]), np.float64(0.0))]

    slips = {
        "not-divided": lambda op, i, up, out, x: op.spread(up, x) * x,
        "square-rule": lambda op, i, up, out, x: op.spread(up, x) * 2.0 * x,
        "factor-doubled": lambda op, i, up, out, x: op.spread(up / out, x) * 2.0 * x,
    }


def over(top: Array, bottom: Array) -> Array:
    """`top / bottom`, and 0 where the bottom is 0."""
    return np.where(np.equal(bottom, 0.0), 0.0, top / np.where(np.equal(bottom, 0.0), 1.0, bottom))
