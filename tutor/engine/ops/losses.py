"""Losses, with `reduction` "mean", "sum" or "none" over the samples: cross_entropy, mse, bce_with_logits, hinge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import NamedTuple

import numpy as np

from tutor.engine.errors import EngineError, ShapeError
from tutor.engine.ops.activations import logistic
from tutor.engine.ops.attributes import Reduction
from tutor.engine.ops.op import Array, Op, Shape
from tutor.engine.ops.softmax import log_softmax, row_sums, shifted, softmax
from tutor.text import msg

_FEW = 256  # so many labels are checked faster one by one than by NumPy


@dataclass(frozen=True)
class Loss(Op):
    """A loss of its own for every sample, reduced over the samples.

    `per_sample` has one entry a sample, `slope` the derivative of each sample's loss, in the shape of the input.
    """

    reduction: Reduction = "mean"

    inputs = ("y", "t")
    letter = "L"

    def per_sample(self, y: Array, t: Array) -> Array:
        """One loss a sample."""
        raise NotImplementedError(self.name)

    def slope(self, i: int, y: Array, t: Array) -> Array:
        """The derivative of each sample's loss, in the shape of input i."""
        raise NotImplementedError(self.name)

    def samples(self, *shapes: Shape) -> Shape:
        """The shape of the samples; raises ShapeError."""
        if shapes[0] != shapes[1]:
            raise ShapeError(msg("engine.shapes-must-be-equal", op=self.symbol, left=shapes[0], right=shapes[1]))
        return shapes[0]

    def count(self, y: Array, t: Array) -> int:
        """What the sum over samples is divided by."""
        return prod(self.samples(np.shape(y), np.shape(t))) if self.reduction == "mean" else 1

    def shape(self, *shapes: Shape) -> Shape:
        samples = self.samples(*shapes)
        return samples if self.reduction == "none" else ()

    def forward(self, y: Array, t: Array) -> Array:
        losses = self.per_sample(y, t)
        return losses if self.reduction == "none" else np.add.reduce(losses, axis=None) / self.count(y, t)

    def given(self, up: Array, y: Array, t: Array, i: int) -> Array:
        """What arrives at each sample, spread over its entries."""
        up = up / self.count(y, t) if self.reduction == "mean" else up
        return up[..., None] if np.ndim(up) and np.ndim((y, t)[i]) > np.ndim(up) else up

    def vjp(self, i: int, up: Array, out: Array, y: Array, t: Array) -> Array:
        down = self.slope(i, y, t)
        down *= self.given(up, y, t, i)
        return down

    def jvp(self, i: int, tangent: Array, out: Array, y: Array, t: Array) -> Array:
        moved = tangent * self.slope(i, y, t)
        if self.reduction != "none":
            return np.sum(moved) / self.count(y, t)
        lead = len(self.samples(np.shape(y), np.shape(t)))
        return np.sum(moved, axis=tuple(range(lead, np.ndim(moved))))

    def loss_sign(self, i: int, up: Array, out: Array, y: Array, t: Array) -> Array:
        """Slip: the inner derivative's sign lost, as y - p for p - y."""
        return -self.vjp(i, up, out, y, t)

    def count_missed(self, i: int, up: Array, out: Array, y: Array, t: Array) -> Array:
        """Slip: the mean's 1/n left out."""
        return self.only(self.count(y, t) > 1, self.vjp(i, up, out, y, t) * self.count(y, t))

    def scale_text(self, samples: str, shape: Shape) -> str:
        """What arrives at each sample in our language, `samples` being an array with one entry a sample."""
        return f"up / sum(ones({samples}))" if self.reduction == "mean" and shape else "up"


class SquaredError(Loss):
    """`mse(y, t)`, mean of the squared differences, (n, m), (n, m) -> (): the derivative is 2 * (y - t) / n."""

    name, formula, rule = "mse", "out = (sum over i of (y[i] - t[i])^2) / n", "engine.rule-mse"
    slope_rule = rule

    def per_sample(self, y: Array, t: Array) -> Array:
        return (y - t) ** 2

    def slope(self, i: int, y: Array, t: Array) -> Array:
        return 2.0 * (t - y if i else y - t)

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        return f"{self.scale_text('y', shapes[0])} * 2 * ({'t - y' if i else 'y - t'})"

    slips = {
        "loss-sign": Loss.loss_sign,
        "factor": lambda op, i, up, out, y, t: op.vjp(i, up, out, y, t) / 2.0,
        "factor-doubled": lambda op, i, up, out, y, t: op.vjp(i, up, out, y, t) * 2.0,
        "missed": Loss.count_missed,
    }


class BinaryCrossEntropy(Loss):
    """`bce_with_logits(z, t)` of p = sigmoid(z), (n,), (n,) -> (), without overflow: the derivative is (p - t) / n."""

    name, inputs, rule = "bce_with_logits", ("z", "t"), "engine.rule-bce-with-logits"
    slope_rule = rule
    formula = "out = (sum over i of log(1 + exp(z[i])) - t[i] * z[i]) / n"

    def per_sample(self, z: Array, t: Array) -> Array:
        # log(1 + e^z) - z t, with the large parts taken out before they are subtracted.
        return np.maximum(z, 0.0) - z * t + np.log1p(np.exp(-np.abs(z)))

    def slope(self, i: int, z: Array, t: Array) -> Array:
        return -z if i else logistic(z) - t

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        return f"{self.scale_text('z', shapes[0])} * {'(-z)' if i else '(sigmoid(z) - t)'}"

    slips = {
        "loss-sign": Loss.loss_sign,
        "squashed-twice": lambda op, i, up, out, z, t: op.only(
            i == 0, op.vjp(i, up, out, z, t) * logistic(z) * logistic(-z)
        ),
        "squash-missing": lambda op, i, up, out, z, t: op.only(i == 0, op.given(up, z, t, i) * (z - t)),
        "missed": Loss.count_missed,
    }


@dataclass(frozen=True)
class _OverClasses(Loss):
    """A loss over classes, which stand on the last axis; labels are the numbers of the right ones, from 0."""

    inputs = ("logits", "labels")
    checks = True
    labels_at = 1

    def count(self, y: Array, t: Array) -> int:
        return int(y.size) // int(y.shape[-1]) if self.reduction == "mean" else 1

    def samples(self, *shapes: Shape) -> Shape:
        scores, labels = shapes
        if not scores or labels != scores[:-1]:
            raise ShapeError(msg("engine.labels-shape", op=self.symbol, scores=scores, labels=labels))
        return labels

    def check(self, logits: Array, labels: Array) -> None:
        """Refuses labels that are no class."""
        classes = logits.shape[-1]
        if labels.shape != logits.shape and not _are_classes(labels, classes):
            raise EngineError(msg("engine.label-out-of-range", op=self.symbol, classes=classes, last=classes - 1))

    def choices(self, i: int, *shapes: Shape) -> int | None:
        return shapes[0][-1] if i == 1 and shapes[1] != shapes[0] else None


class _Forward(NamedTuple):
    """The way forward of a cross-entropy over labels: the way back starts from its exponentials and their sums."""

    logits: Array
    labels: Array
    powers: Array
    sums: Array
    places: Array  # of the right classes
    losses: Array  # one a sample

    @classmethod
    def over(cls, logits: Array, labels: Array) -> "_Forward":
        moved = shifted(logits, -1)
        powers, places = np.exp(moved, order="C"), _places(logits, labels)
        sums = row_sums(powers, -1)
        losses = np.log(sums.reshape(-1)) - moved.reshape(-1)[places]
        return cls(logits, labels, powers, sums, places, losses.reshape(labels.shape)[()])


_latest: list[_Forward | None] = [None]


class CrossEntropy(_OverClasses):
    """-log of the softmax probability p of the right class, (n, k), (n,) -> (): the derivative is (p - y) / n.

    Labels are whole numbers, or targets of the logits' shape (probabilities); one sample of shape (k,) too.
    """

    name, rule = "cross_entropy", "engine.rule-cross-entropy"
    slope_rule = rule
    soft_labels = normalises = True
    formula = "out = (sum over s of log(sum over j of exp(logits[s, j])) - logits[s, labels[s]]) / n"

    def samples(self, *shapes: Shape) -> Shape:
        return shapes[0][:-1] if shapes[0] and shapes[0] == shapes[1] else super().samples(*shapes)

    def per_sample(self, logits: Array, labels: Array) -> Array:
        if labels.shape == logits.shape:
            return -np.sum(labels * log_softmax(logits), axis=-1)
        _latest[0] = there = _Forward.over(logits, labels)
        return there.losses

    def slope(self, i: int, logits: Array, labels: Array) -> Array:
        soft = labels.shape == logits.shape
        if i:
            return -log_softmax(logits) if soft else np.zeros(labels.shape)
        if soft:
            return softmax(logits) * _targets(logits, labels) - labels
        there = _latest[0]
        if there is None or there.logits is not logits or there.labels is not labels:
            there = _Forward.over(logits, labels)
        slope = there.powers / there.sums
        slope.reshape(-1)[there.places] -= 1.0
        return slope

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        soft, single = shapes[0] == shapes[1], len(shapes[0]) == 1
        if i:
            return (
                f"-{self.scale_text('logits[..., 0]', shapes[0][1:])} * log_softmax(logits)"
                if soft and self._scaled(shapes)
                else ""
            )
        if not self._scaled(shapes):
            return ""
        # One row holds as many ones as there are classes.
        classes = "sum(ones(logits))" if single else f"sum(ones(logits[{', '.join('0' * (len(shapes[0]) - 1))}]))"
        target = "labels" if soft else f"onehot(labels, {classes})"
        weight = " * sum(labels, axis=-1, keepdims=true)" if soft else ""
        return f"{self.scale_text('logits[..., 0]', shapes[0][1:])} * (softmax(logits){weight} - {target})"

    def _scaled(self, shapes: Sequence[Shape]) -> bool:
        return self.reduction != "none" or len(shapes[0]) == 1

    slips = {
        "squashed-twice": lambda op, i, up, out, y, t: op.only(
            i == 0, op.vjp(i, up, out, y, t) * softmax(y) * (1.0 - softmax(y))
        ),
        "loss-sign": lambda op, i, up, out, y, t: op.only(i == 0, op.loss_sign(i, up, out, y, t)),
        "softmax-missing": lambda op, i, up, out, y, t: op.only(
            i == 0, op.vjp(i, up, out, y, t) + op.given(up, y, t, i) * (y - softmax(y)) * _targets(y, t)
        ),
        "label-forgotten": lambda op, i, up, out, y, t: op.only(
            i == 0, op.given(up, y, t, i) * softmax(y) * _targets(y, t)
        ),
        "missed": lambda op, i, up, out, y, t: op.only(i == 0, op.count_missed(i, up, out, y, t)),
    }


@dataclass(frozen=True)
class Hinge(_OverClasses):
    """`hinge(scores, labels, margin=1)`, (n, k), (n,) -> (): +1 for each class that is too close, -1 each at the right.

    Weston and Watkins, Support vector machines for multi-class pattern recognition, 1999, as CS231n has it.
    """

    margin: float = 1.0

    name, inputs, rule = "hinge", ("scores", "labels"), "engine.rule-hinge"
    slope_rule = rule
    formula = "out = (sum over s, j != labels[s] of max(0, scores[s, j] - scores[s, labels[s]] + margin)) / n"

    def gaps(self, scores: Array, labels: Array) -> Array:
        """What each wrong class lacks, negative where it lacks nothing; the right class has -1."""
        gaps = scores - np.asarray(_picked(scores, labels))[..., None] + self.margin
        return _added_at(gaps, labels, -self.margin - 1.0)

    def per_sample(self, scores: Array, labels: Array) -> Array:
        return np.sum(np.maximum(self.gaps(scores, labels), 0.0), axis=-1)

    def slope(self, i: int, scores: Array, labels: Array) -> Array:
        if i:
            return np.zeros(np.shape(labels))
        active = (self.gaps(scores, labels) > 0.0) * 1.0
        return _added_at(active.copy(), labels, -np.sum(active, axis=-1))

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        return ""

    def kink_operands(self, *inputs: Array) -> Iterable[Sequence[Array]]:
        return [(self.gaps(*inputs), np.float64(0.0))]

    slips = {
        "right-class-forgotten": lambda op, i, up, out, y, t: op.only(
            i == 0, op.given(up, y, t, i) * (op.gaps(y, t) > 0.0)
        ),
        "margin-forgotten": lambda op, i, up, out, y, t: op.only(
            i == 0, op.given(up, y, t, i) * Hinge(op.reduction, 0.0).slope(i, y, t)
        ),
        "loss-sign": lambda op, i, up, out, y, t: op.only(i == 0, op.loss_sign(i, up, out, y, t)),
        "missed": lambda op, i, up, out, y, t: op.only(i == 0, op.count_missed(i, up, out, y, t)),
    }


def _targets(logits: Array, labels: Array) -> Array | float:
    """How much is aimed at in each row: one class, or the sum of its targets."""
    return np.sum(labels, axis=-1, keepdims=True) if labels.shape == logits.shape else 1.0


def _are_classes(labels: Array, classes: int) -> bool:
    if labels.size <= _FEW:
        return _classes(classes).issuperset(labels.ravel().tolist())
    whole = np.asarray(labels).astype(np.int64)
    # As numbers without a sign, negative ones are beyond every class.
    return bool((whole == labels).all()) and int(whole.view(np.uint64).max()) < classes


@lru_cache
def _classes(count: int) -> frozenset[float]:
    return frozenset(map(float, range(count)))


def _picked(rows: Array, labels: Array) -> Array:
    """Each row's entry of the right class, in the shape of the labels."""
    return rows.reshape(-1)[_places(rows, labels)].reshape(np.shape(labels))[()]


def _added_at(rows: Array, labels: Array, what: Array) -> Array:
    """Rows of our own with something added to each entry of the right class: in place where their layout allows it."""
    flat = rows.reshape(-1)  # a copy where entries do not lie row by row, as those of a transposed array
    flat[_places(rows, labels)] += what if type(what) is float else np.ravel(what)
    return flat.reshape(rows.shape)


def _places(rows: Array, labels: Array) -> Array:
    """Where the entries of the right classes stand among all entries."""
    return _starts(rows.size, rows.shape[-1]) + np.asarray(labels).astype(np.intp).reshape(-1)


@lru_cache(maxsize=64)
def _starts(size: int, classes: int) -> Array:
    return np.arange(0, size, classes)
