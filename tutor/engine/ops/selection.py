"""Gates that choose: max, min, where and clip let one of their inputs through."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tutor.engine.errors import NotComputableError
from tutor.engine.ops.attributes import MISSING
from tutor.engine.ops.op import Array, Elementwise, Shape
from tutor.text import msg


class _Choose(Elementwise):
    """A gate that lets one of its inputs through; equal inputs share the gradient."""

    inputs = ("x*",)
    cuts = True

    def derivative(self, i: int, out: Array, *inputs: Array) -> Array:
        if len(inputs) == 2:
            mine, other = inputs if i == 0 else inputs[::-1]
            if type(out) is np.float64:
                return 0.0 if mine != out else 0.5 if other == out else 1.0
            mine, other = (mine, other) if self.name == "max" else (other, mine)
            return (mine > other) + 0.5 * (mine == other)
        wins = [np.equal(x, out) for x in inputs]
        return wins[i] / np.sum(np.broadcast_arrays(*wins), axis=0)

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        sign = ">" if self.name == "max" else "<"
        names = self.input_names(len(shapes))
        others = [name for k, name in enumerate(names) if k != i]
        return "up" + "".join(f" * ({names[i]} {sign} {other})" for other in others)

    def kink_operands(self, *inputs: Array) -> Iterable[Sequence[Array]]:
        return [inputs if self.name == "max" else [-np.asarray(x) for x in inputs]]

    slips = {
        "wrong-winner": lambda op, i, up, out, *xs: up * op.loses(i, out, *xs),
        "both-win": lambda op, i, up, out, *xs: up * op.several(xs),
        "splits": lambda op, i, up, out, *xs: up * op.several(xs) / len(xs),
        "value-as-slope": lambda op, i, up, out, *xs: up * out,
    }

    def loses(self, i: int, out: Array, *inputs: Array) -> Array:
        """Where input i loses to the other of two; of more inputs no single loser is the wrong winner."""
        if len(inputs) != 2:
            raise NotComputableError(msg("engine.slip-needs-two-inputs", op=self.symbol))
        return np.not_equal(inputs[i], out) * 1.0

    def several(self, inputs: Sequence[Array]) -> float:
        """One, where there is more than one input to choose from."""
        if len(inputs) < 2:
            raise NotComputableError(msg("engine.slip-needs-two-inputs", op=self.symbol))
        return 1.0


class Maximum(_Choose):
    """`max(a, b, ..)`, (n, m), (m,) -> (n, m): passes the gradient to the larger input; ties share it equally."""

    name, formula, rule = "max", "max(x0, x1)", "engine.rule-max"
    borrowed = ("maximum",)
    slope_rule = "engine.slope-max"
    exact = "always"
    latex, sympy = r"\max", "Max"
    numpy = "np.maximum({0}, {1})"

    def forward(self, *inputs: Array) -> Array:
        out = inputs[0]
        for x in inputs[1:]:
            if type(out) is np.float64 and type(x) is np.float64:
                # Four times as fast as np.maximum for numbers; the sum of unordered numbers is a NaN, as it must be.
                out = out if out > x else x if x >= out else out + x
            else:
                out = np.maximum(out, x)
        return out


class Minimum(_Choose):
    """`min(a, b, ..)`, (n, m), (m,) -> (n, m): passes the gradient to the smaller input; ties share it equally."""

    name, formula, rule = "min", "min(x0, x1)", "engine.rule-min"
    borrowed = ("minimum",)
    slope_rule = "engine.slope-min"
    exact = "always"
    latex, sympy = r"\min", "Min"
    numpy = "np.minimum({0}, {1})"

    def forward(self, *inputs: Array) -> Array:
        out = inputs[0]
        for x in inputs[1:]:
            out = np.minimum(out, x)
        return out


class Where(Elementwise):
    """`a` where c is not 0, `b` elsewhere, (n, m), (n, m), () -> (n, m): the branch taken gets the gradient, c none."""

    name, inputs, formula = "where", ("c", "a", "b"), "where(c, a, b)"
    told_at = 1
    rule = "engine.rule-where"
    slope_rule = "engine.slope-where"
    without_gradient = frozenset({0})
    cuts = True

    def forward(self, c: Array, a: Array, b: Array) -> Array:
        return np.where(np.not_equal(c, 0.0), a, b)[()]

    def derivative(self, i: int, out: Array, c: Array, a: Array, b: Array) -> Array:
        return 0.0 if i == 0 else (np.not_equal(c, 0.0) if i == 1 else np.equal(c, 0.0)) * 1.0

    slips = {
        "both-branches": lambda op, i, up, out, c, a, b: up,
        "wrong-branch": lambda op, i, up, out, c, a, b: up * (np.equal(c, 0.0) if i == 1 else np.not_equal(c, 0.0)),
    }


@dataclass(frozen=True)
class Clip(Elementwise):
    """`x` kept between `lo` and `hi`, (n, m) -> (n, m): the derivative is 1 between them and at both, 0 outside."""

    lo: float = MISSING  # type: ignore[assignment]
    hi: float = MISSING  # type: ignore[assignment]

    name, formula, rule = "clip", "min(hi, max(lo, x))", "engine.rule-clip"
    borrowed = ("clamp",)
    slope_rule = "engine.slope-clip"
    cuts = True

    def forward(self, x: Array) -> Array:
        return np.clip(x, self.lo, self.hi)

    def derivative(self, i: int, out: Array, x: Array) -> Array:
        return ((x >= self.lo) & (x <= self.hi)) * 1.0

    def kink_operands(self, *inputs: Array) -> Iterable[Sequence[Array]]:
        return [(inputs[0], np.float64(end)) for end in (self.lo, self.hi)]

    slips = {
        "mask-forgotten": lambda op, i, up, out, x: up,
        "gradient-clipped": lambda op, i, up, out, x: np.clip(up, op.lo, op.hi),
        "outside-only": lambda op, i, up, out, x: up * (1.0 - op.derivative(i, out, x)),
    }
