"""What each slip of an op sends back, in NumPy by hand, from what its texts say and not from its code.

A rule stands at each input where the slip can be made and takes what arrives, `up`, and the inputs; at all other
inputs there is nothing to get wrong. Rules of ops with attributes take the op as well.
"""

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from tests.engine.oracle import gradient, value

Rule = Callable[..., Any]


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def sum_of_exps(x: Any) -> Any:
    return np.exp(x).sum(axis=-1, keepdims=True)


def gelu_gate(op: Any, x: Any) -> Any:
    if op.approximate == "tanh":
        return (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2
    return (1 + np.vectorize(math.erf, otypes=[float])(x / math.sqrt(2))) / 2


def gelu_gate_slope(op: Any, x: Any) -> Any:
    if op.approximate == "tanh":
        inner = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * x**2)
        return inner / np.cosh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)) ** 2 / 2
    return np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


def back(op: Any, up: Any, x: Any) -> Any:
    """What arrives at each result of a reduction, given to every entry that went into it."""
    axes = tuple(range(np.ndim(x))) if op.axis is None else op.axis
    return np.zeros(np.shape(x)) + (up if op.keepdims or np.ndim(x) == 0 else np.expand_dims(up, axes))


def reduced(op: Any, how: Callable[..., Any], x: Any) -> Any:
    """A reduction of x, its result at every entry."""
    return np.zeros(np.shape(x)) + how(x, axis=op.axis, keepdims=True)


def how_many(op: Any, x: Any) -> Any:
    return reduced(op, np.sum, np.ones_like(x))


def divisor(op: Any, x: Any) -> Any:
    return how_many(op, x) - (1 if op.unbiased else 0)


def other_divisor(op: Any, x: Any) -> Any:
    return how_many(op, x) - (0 if op.unbiased else 1)


def centred(op: Any, x: Any) -> Any:
    return x - reduced(op, np.mean, x)


def deviation(op: Any, x: Any) -> Any:
    return np.sqrt(reduced(op, np.sum, centred(op, x) ** 2) / divisor(op, x))


def length(op: Any, x: Any) -> Any:
    return np.sqrt(reduced(op, np.sum, x**2))


def at_extreme(op: Any, up: Any, x: Any, how: Callable[..., Any]) -> Any:
    """The gradient sent to the entries that are the largest or the smallest."""
    hit = (x == reduced(op, how, x)) * 1.0
    return back(op, up, x) * hit / reduced(op, np.sum, hit)


def sample_of(op: Any, up: Any, count: int) -> Any:
    """What arrives at each sample of a loss."""
    return up / count if op.reduction == "mean" else up


def at_row(op: Any, up: Any, scores: Any) -> Any:
    """What arrives at each row of scores."""
    return np.asarray(sample_of(op, up, scores.size // scores.shape[-1]))[..., None]


def right_class(scores: Any, labels: Any) -> Any:
    """1 at the right class of each row, or the targets themselves."""
    if np.shape(labels) == np.shape(scores):
        return labels
    return (np.arange(scores.shape[-1]) == np.asarray(labels)[..., None]) * 1.0


def probabilities(scores: Any, labels: Any) -> Any:
    """Of every class, as often as there is a target in the row."""
    return np.exp(scores) / sum_of_exps(scores) * right_class(scores, labels).sum(axis=-1, keepdims=True)


def too_close(scores: Any, labels: Any, margin: float) -> Any:
    """1 at each wrong class that comes within the margin of the right one."""
    right = right_class(scores, labels)
    return (scores - (scores * right).sum(axis=-1, keepdims=True) + margin > 0) * (1 - right)


def hinge(scores: Any, labels: Any, margin: float) -> Any:
    active = too_close(scores, labels, margin)
    return active - right_class(scores, labels) * active.sum(axis=-1, keepdims=True)


def cross_entropy(scores: Any, labels: Any) -> Any:
    return probabilities(scores, labels) - right_class(scores, labels)


def norm_statistics(op: Any, x: Any, missing: int = 0) -> tuple[Any, Any]:
    """The centred x and σ."""
    axis = -1 if op.name == "layer_norm" else 0
    off = x - x.mean(axis=axis, keepdims=True)
    return off, np.sqrt((off**2).sum(axis=axis, keepdims=True) / (x.shape[axis] - missing) + op.eps)


def through_norm(op: Any, g: Any, x: Any, mean_moves: bool = True, missing: int = 0) -> Any:
    """Entry by entry through off/σ: off moves with x (and with the mean), σ with the squares of off."""
    axis = -1 if op.name == "layer_norm" else 0
    n = x.shape[axis]
    off, sigma = norm_statistics(op, x, missing)
    at_off = g / sigma - off * (g * off).sum(axis=axis, keepdims=True) / sigma**3 / (n - missing)
    return at_off - at_off.mean(axis=axis, keepdims=True) if mean_moves else at_off


def norm_slips(name: str) -> dict[str, dict[str, Rule]]:
    return {
        f"{name}:statistics-constant": {"x": lambda op, up, x, gain, bias: up * gain / norm_statistics(op, x)[1]},
        f"{name}:mean-term": {"x": lambda op, up, x, gain, bias: through_norm(op, up * gain, x, mean_moves=False)},
        f"{name}:biased": {"x": lambda op, up, x, gain, bias: through_norm(op, up * gain, x, missing=1)},
        f"{name}:gain-forgotten": {"x": lambda op, up, x, gain, bias: through_norm(op, up, x)},
    }


def turned(w: Any) -> Any:
    return np.flip(w, axis=tuple(range(2, w.ndim)))


def last_window_kept(op: Any, up: Any, x: Any, w: Any, b: Any = None) -> Any:
    """Window after window in reading order, each written over what lay there."""
    pads, window = op.paddings, w.shape[2:]
    down = np.zeros((*x.shape[:2], *(size + 2 * pad for size, pad in zip(x.shape[2:], pads, strict=True))))
    for place in product(*map(range, up.shape[2:])):
        area = tuple(
            slice(k * step, k * step + width) for k, step, width in zip(place, op.strides, window, strict=True)
        )
        for n, c in np.ndindex(*x.shape[:2]):
            down[(n, c, *area)] = sum(up[(n, f, *place)] * w[f, c] for f in range(len(w)))
    return down[(..., *(slice(pad, pad + size) for pad, size in zip(pads, x.shape[2:], strict=True)))]


def conv_slips(name: str) -> dict[str, dict[str, Rule]]:
    return {
        f"{name}:kernel-turned": {
            "x": lambda op, up, x, w, *b: gradient(op, [x, turned(w), *b], 0, up),
            "w": lambda op, up, x, w, *b: turned(gradient(op, [x, w, *b], 1, up)),
        },
        f"{name}:last-write": {"x": last_window_kept},
    }


def by_window(op: Any, up: Any, x: Any, share: Callable[[Any], Any]) -> Any:
    """Window by window: `share(window)` says how much of what arrives each entry gets; padding holds -inf."""
    window, strides, pads = op.layout(x.shape)
    lead, axes = x.shape[: -len(window)], len(window)
    around = [(0, 0)] * len(lead) + [(pad, pad) for pad in pads]
    wide = np.pad(x, around, constant_values=-np.inf)
    down = np.zeros(wide.shape)
    for place in np.ndindex(*np.shape(up)):
        spots = zip(place[len(lead) :], strides, window, strict=True)
        area = (*place[: len(lead)], *(slice(k * step, k * step + width) for k, step, width in spots))
        down[area] += up[place] * share(wide[area])
    return down[(..., *(slice(pad, pad + size) for pad, size in zip(pads, x.shape[-axes:], strict=True)))]


def one_at(place: Any, like: Any) -> Any:
    one = np.zeros(like.shape)
    one[np.unravel_index(place, like.shape)] = 1.0
    return one


def last_pick_kept(up: Any, x: Any, key: Any) -> Any:
    """Pick after pick in reading order, each written over what lay there."""
    down = np.zeros(x.size)
    for place, share in zip(np.ravel(np.arange(x.size).reshape(x.shape)[key]), np.ravel(up), strict=True):
        down[place] = share
    return down.reshape(x.shape)


def averaged_picks(up: Any, E: Any, ids: Any) -> Any:
    down = np.zeros(E.shape)
    for row in range(len(E)):
        shares = [up[place] for place in np.ndindex(*np.shape(ids)) if ids[place] == row]
        down[row] = np.mean(shares, axis=0) if shares else 0.0
    return down


def piece_of_the_first(op: Any, up: Any, k: int, *xs: Any) -> Any:
    axis = op.axis % np.ndim(up)
    return np.take(up, np.arange(xs[0].shape[axis]), axis) if op.name == "concat" else np.take(up, 0, axis)


def with_both_this_one(op: Any, up: Any, k: int, *xs: Any) -> Any:
    """The right gradient, had the other input been this one too."""
    if len(xs) != 2 or xs[0].shape != xs[1].shape:
        raise ValueError("the other one cannot be replaced")
    return gradient(op, [xs[k], xs[k]], k, up)


def flip(x: Any) -> Any:
    return np.swapaxes(x, -1, -2) if np.ndim(x) > 1 else x


def exchanged_blocks(op: Any, up: Any, a: Any, b: Any, k: int) -> Any:
    """The right gradient, had it been kron(b, a)."""
    return gradient(op, [b, a], 1 - k, up)


# The same at every op whose value is no slope, whatever it is.
VALUE: dict[str, Rule] = {"x": lambda op, up, x: up * value(op, [x])}
PASSED_ON: dict[str, Rule] = {"x": lambda up, x: up}

IN_WORDS: dict[str, dict[str, Rule]] = {
    **{
        f"{name}:value-as-slope": VALUE
        for name in ("relu", "leaky_relu", "tanh", "sigmoid", "softplus", "silu", "gelu", "log", "log1p", "abs")
    },
    **{f"{name}:value-as-slope": VALUE for name in ("sin", "cos", "tan", "cosh", "sinh", "softmax")},
    **{f"{name}:mask-forgotten": PASSED_ON for name in ("relu", "leaky_relu", "elu", "clip")},
    "relu:mask-from-gradient": {"x": lambda up, x: np.where(up > 0, up, 0)},
    "relu:matmul-activation": {"x": lambda up, x: up @ flip(np.where(x > 0, 1.0, 0.0))},
    "leaky_relu:slope-lost": {"x": lambda up, x: np.where(x > 0, up, 0)},
    # Where x is positive its slope is 1, value or not: the advice speaks of the other side.
    "elu:value-as-slope": {"x": lambda op, up, x: up * np.where(x > 0, 1, op.alpha * (np.exp(x) - 1))},
    "elu:slope-lost": {"x": lambda up, x: np.where(x > 0, up, 0)},
    "tanh:pre-activation": {"x": lambda up, x: up * (1 - x**2)},
    "tanh:activated-twice": {"x": lambda up, x: up * (1 - np.tanh(np.tanh(x)) ** 2)},
    "tanh:sigmoid-rule": {"x": lambda up, x: up * np.tanh(x) * (1 - np.tanh(x))},
    "tanh:square-forgotten": {"x": lambda up, x: up * (1 - np.tanh(x))},
    "tanh:sech-for-its-square": {"x": lambda up, x: up * 2 / (np.exp(x) + np.exp(-x))},
    "tanh:matmul-activation": {"x": lambda up, x: up @ flip(1 - np.tanh(x) ** 2)},
    "sigmoid:pre-activation": {"x": lambda up, x: up * x * (1 - x)},
    "sigmoid:activated-twice": {"x": lambda up, x: up * sigmoid(sigmoid(x)) * (1 - sigmoid(sigmoid(x)))},
    "sigmoid:tanh-rule": {"x": lambda up, x: up * (1 - sigmoid(x) ** 2)},
    "sigmoid:matmul-activation": {"x": lambda up, x: up @ flip(sigmoid(x) * (1 - sigmoid(x)))},
    "softplus:relu-mask": {"x": lambda up, x: np.where(x > 0, up, 0)},
    "softplus:inner-forgotten": {"x": lambda up, x: up / (1 + np.exp(x))},
    "silu:gate-constant": {"x": lambda up, x: up * sigmoid(x)},
    "silu:product-of-slopes": {"x": lambda up, x: up * 1 * sigmoid(x) * (1 - sigmoid(x))},
    "gelu:gate-constant": {"x": lambda op, up, x: up * gelu_gate(op, x)},
    "gelu:product-of-slopes": {"x": lambda op, up, x: up * 1 * gelu_gate_slope(op, x)},
    "add:splits": {"a": lambda up, a, b: up / 2, "b": lambda up, a, b: up / 2},
    "sub:sign-lost": {"b": lambda up, a, b: up},
    "mul:own-input": {"a": lambda up, a, b: up * a, "b": lambda up, a, b: up * b},
    "div:sign-lost": {"b": lambda up, a, b: up * a / b**2},
    "div:square-forgotten": {"b": lambda up, a, b: -up * a / b},
    "div:numerator-derivative": {"b": lambda up, a, b: up / b},
    "neg:sign-lost": PASSED_ON,
    "div:antiderivative": {"b": lambda up, a, b: up * a * np.log(abs(b))},
    "pow:antiderivative": {
        "a": lambda up, a, b: up * a ** (b + 1) / (b + 1),
        "b": lambda up, a, b: up * a**b / np.log(a),
    },
    "pow:rules-swapped": {"a": lambda up, a, b: up * a**b * np.log(a), "b": lambda up, a, b: up * b * a ** (b - 1)},
    "pow:exponent-kept": {"a": lambda up, a, b: up * b * a**b},
    "pow:factor-forgotten": {"a": lambda up, a, b: up * a ** (b - 1), "b": lambda up, a, b: up * a**b},
    **conv_slips("conv1d"),
    **conv_slips("conv2d"),
    "exp:power-rule": {"x": lambda up, x: up * x * math.e ** (x - 1)},
    "exp:activated-twice": {"x": lambda up, x: up * np.exp(np.exp(x))},
    "log:reciprocal-forgotten": {"x": lambda up, x: up * x},
    "log:of-the-output": {"x": lambda up, x: up / np.log(x)},
    "log1p:one-forgotten": {"x": lambda up, x: up / x},
    "log1p:reciprocal-forgotten": {"x": lambda up, x: up * (1 + x)},
    "sqrt:factor-forgotten": {"x": lambda up, x: up * x**-0.5},
    "sqrt:exponent-kept": {"x": lambda up, x: up * 0.5 * x**0.5},
    "square:antiderivative": {"x": lambda up, x: up * x**3 / 3},
    "square:factor-forgotten": {"x": lambda up, x: up * x},
    "square:exponent-kept": {"x": lambda up, x: up * 2 * x**2},
    "abs:sign-lost": PASSED_ON,
    "sin:sign-added": {"x": lambda up, x: -up * np.cos(x)},
    "cos:sign-lost": {"x": lambda up, x: up * np.sin(x)},
    "tan:square-forgotten": {"x": lambda up, x: up / np.cos(x)},
    "tan:tanh-rule": {"x": lambda up, x: up * (1 - np.tan(x) ** 2)},
    "cosh:sign-added": {"x": lambda up, x: -up * (np.exp(x) - np.exp(-x)) / 2},
    "sinh:sign-added": {"x": lambda up, x: -up * (np.exp(x) + np.exp(-x)) / 2},
    "max:wrong-winner": {"x*": lambda op, up, k, *xs: up * (xs[k] < xs[1 - k])},
    "min:wrong-winner": {"x*": lambda op, up, k, *xs: up * (xs[k] > xs[1 - k])},
    **{f"{name}:both-win": {"x*": lambda op, up, k, *xs: up} for name in ("max", "min")},
    **{f"{name}:splits": {"x*": lambda op, up, k, *xs: up / len(xs)} for name in ("max", "min")},
    **{f"{name}:value-as-slope": {"x*": lambda op, up, k, *xs: up * value(op, list(xs))} for name in ("max", "min")},
    "where:both-branches": {"a": lambda up, c, a, b: up, "b": lambda up, c, a, b: up},
    "where:wrong-branch": {
        "a": lambda up, c, a, b: np.where(c == 0, up, 0),
        "b": lambda up, c, a, b: np.where(c == 0, 0, up),
    },
    "clip:gradient-clipped": {"x": lambda op, up, x: np.minimum(op.hi, np.maximum(op.lo, up))},
    "clip:outside-only": {"x": lambda op, up, x: np.where((x < op.lo) | (x > op.hi), up, 0)},
    "index:everywhere": {"x": lambda op, up, x, *arrays: np.ones(x.shape) * np.reshape(up, ())},
    "index:last-write": {"x": lambda op, up, x, *arrays: last_pick_kept(up, x, op.key(arrays))},
    "gather:last-write": {"E": lambda up, E, ids: last_pick_kept(up, E, np.asarray(ids, dtype=int))},
    "gather:averaged": {"E": averaged_picks},
    "sum:divided": {"x": lambda op, up, x: back(op, up, x) / how_many(op, x)},
    "sum:value-as-slope": {"x": lambda op, up, x: back(op, up, x) * x},
    "mean:twice": {"x": lambda op, up, x: back(op, up, x) / how_many(op, x) / how_many(op, x)},
    "mean:missed": {"x": back},
    "prod:whole-product": {"x": lambda op, up, x: back(op, up, x) * reduced(op, np.prod, x)},
    "prod:own-entry": {"x": lambda op, up, x: back(op, up, x) * x},
    "prod:sum-rule": {"x": back},
    "amax:wrong-winner": {"x": lambda op, up, x: at_extreme(op, up, x, np.min)},
    "amin:wrong-winner": {"x": lambda op, up, x: at_extreme(op, up, x, np.max)},
    **{f"{name}:all-win": {"x": back} for name in ("amax", "amin")},
    **{f"{name}:splits": {"x": lambda op, up, x: back(op, up, x) / how_many(op, x)} for name in ("amax", "amin")},
    "logsumexp:not-normalised": {"x": lambda op, up, x: back(op, up, x) * np.exp(x)},
    "logsumexp:log-rule": {"x": lambda op, up, x: back(op, up, x) / reduced(op, np.sum, np.exp(x))},
    "logsumexp:value-as-slope": {"x": lambda op, up, x: back(op, up, x) * np.log(reduced(op, np.sum, np.exp(x)))},
    "softmax:diagonal": {"x": lambda op, up, x: up * value(op, [x]) * (1 - value(op, [x]))},
    # The slope of the numerator for that of the fraction.
    "softmax:sum-constant": {"x": lambda up, x: up * np.exp(x)},
    "log_softmax:diagonal": {"x": lambda op, up, x: up * (1 - np.exp(value(op, [x])))},
    "log_softmax:sum-forgotten": {"x": lambda op, up, x: up - np.exp(value(op, [x]))},
    "log_softmax:sum-constant": PASSED_ON,
    "mse:loss-sign": {
        "y": lambda op, up, y, t: sample_of(op, up, y.size) * 2 * (t - y),
        "t": lambda op, up, y, t: sample_of(op, up, y.size) * 2 * (y - t),
    },
    "mse:factor": {
        "y": lambda op, up, y, t: sample_of(op, up, y.size) * (y - t),
        "t": lambda op, up, y, t: sample_of(op, up, y.size) * (t - y),
    },
    "mse:factor-doubled": {
        "y": lambda op, up, y, t: sample_of(op, up, y.size) * 4 * (y - t),
        "t": lambda op, up, y, t: sample_of(op, up, y.size) * 4 * (t - y),
    },
    "mse:missed": {"y": lambda up, y, t: up * 2 * (y - t), "t": lambda up, y, t: up * 2 * (t - y)},
    "bce_with_logits:loss-sign": {
        "z": lambda op, up, z, t: sample_of(op, up, z.size) * (t - sigmoid(z)),
        "t": lambda op, up, z, t: sample_of(op, up, z.size) * z,
    },
    "bce_with_logits:squashed-twice": {
        "z": lambda op, up, z, t: sample_of(op, up, z.size) * (sigmoid(z) - t) * sigmoid(z) * (1 - sigmoid(z))
    },
    "bce_with_logits:squash-missing": {"z": lambda op, up, z, t: sample_of(op, up, z.size) * (z - t)},
    "bce_with_logits:missed": {"z": lambda up, z, t: up * (sigmoid(z) - t), "t": lambda up, z, t: -up * z},
    "cross_entropy:squashed-twice": {
        "logits": lambda op, up, y, t: (
            at_row(op, up, y) * cross_entropy(y, t) * np.exp(y) / sum_of_exps(y) * (1 - np.exp(y) / sum_of_exps(y))
        )
    },
    "cross_entropy:loss-sign": {"logits": lambda op, up, y, t: -at_row(op, up, y) * cross_entropy(y, t)},
    "cross_entropy:softmax-missing": {
        "logits": lambda op, up, y, t: (
            at_row(op, up, y) * (y * right_class(y, t).sum(axis=-1, keepdims=True) - right_class(y, t))
        )
    },
    "cross_entropy:label-forgotten": {"logits": lambda op, up, y, t: at_row(op, up, y) * probabilities(y, t)},
    "cross_entropy:missed": {"logits": lambda up, y, t: np.asarray(up)[..., None] * cross_entropy(y, t)},
    "hinge:right-class-forgotten": {"scores": lambda op, up, y, t: at_row(op, up, y) * too_close(y, t, op.margin)},
    "hinge:margin-forgotten": {"scores": lambda op, up, y, t: at_row(op, up, y) * hinge(y, t, 0.0)},
    "hinge:loss-sign": {"scores": lambda op, up, y, t: -at_row(op, up, y) * hinge(y, t, op.margin)},
    "hinge:missed": {"scores": lambda op, up, y, t: np.asarray(up)[..., None] * hinge(y, t, op.margin)},
    **norm_slips("layer_norm"),
    **norm_slips("batch_norm"),
    "stop_gradient:passes": PASSED_ON,
    "straight_through:both-get": {"x": lambda up, x, surrogate: up},
    "straight_through:wrong-way": {"x": lambda up, x, surrogate: up, "surrogate": lambda up, x, surrogate: 0 * up},
    "dropout:mask-forgotten": {"x": lambda op, up, x, mask: up / op.keep},
    "dropout:scale-forgotten": {"x": lambda up, x, mask: up * mask, "mask": lambda up, x, mask: up * x},
    "max_pool:all-win": {"x": lambda op, up, x: by_window(op, up, x, lambda seen: 1.0)},
    "max_pool:averaged": {"x": lambda op, up, x: by_window(op, up, x, lambda seen: 1 / seen.size)},
    "max_pool:corner": {"x": lambda op, up, x: by_window(op, up, x, lambda seen: one_at(0, seen))},
    "avg_pool:not-divided": {"x": lambda op, up, x: by_window(op, up, x, lambda seen: 1.0)},
    "avg_pool:to-the-largest": {"x": lambda op, up, x: by_window(op, up, x, lambda seen: one_at(seen.argmax(), seen))},
    "matmul:transpose-missing": {"a": lambda up, a, b: up @ b, "b": lambda up, a, b: a @ up},
    "matmul:order": {"a": lambda up, a, b: flip(b) @ up, "b": lambda up, a, b: up @ flip(a)},
    "matmul:elementwise": {"a": lambda up, a, b: up * b, "b": lambda up, a, b: up * a},
    "matmul:wrong-operand": {"a": lambda up, a, b: flip(a) @ up, "b": lambda up, a, b: up @ flip(b)},
    "matmul:inverse": {
        "a": lambda up, a, b: up @ np.linalg.solve(b, np.eye(len(b))),
        "b": lambda up, a, b: np.linalg.solve(a, up),
    },
    "matmul:own-input": {
        "a": lambda up, a, b: up * a if a.ndim == b.ndim == 1 else up @ a,
        "b": lambda up, a, b: up * b if a.ndim == b.ndim == 1 else b @ up,
    },
    "dot:own-input": {"a": lambda up, a, b: up * a, "b": lambda up, a, b: up * b},
    "outer:order": {
        "a": lambda up, a, b: np.reshape(np.ravel(b) @ up, np.shape(a)),
        "b": lambda up, a, b: np.reshape(up @ np.ravel(a), np.shape(b)),
    },
    "transpose:not-turned-back": PASSED_ON,
    "reshape:column-order": {"x": lambda up, x: np.ravel(up.T).reshape(x.T.shape).T},
    "concat:first-piece": {"x*": piece_of_the_first},
    "stack:first-piece": {"x*": piece_of_the_first},
    "pad:corner": {"x": lambda up, x: up[tuple(map(slice, np.shape(x)))]},
    "cumsum:same-direction": {"x": lambda op, up, x: np.add.accumulate(up, axis=op.axis)},
    "cumsum:passed-on": PASSED_ON,
    "var:biased": {"x": lambda op, up, x: back(op, up, x) * 2 * centred(op, x) / other_divisor(op, x)},
    "var:factor-forgotten": {"x": lambda op, up, x: back(op, up, x) * centred(op, x) / divisor(op, x)},
    "var:not-centred": {"x": lambda op, up, x: back(op, up, x) * 2 * x / divisor(op, x)},
    "std:biased": {"x": lambda op, up, x: back(op, up, x) * centred(op, x) / deviation(op, x) / other_divisor(op, x)},
    "std:variance-rule": {"x": lambda op, up, x: back(op, up, x) * 2 * centred(op, x) / divisor(op, x)},
    "std:not-centred": {"x": lambda op, up, x: back(op, up, x) * x / deviation(op, x) / divisor(op, x)},
    "norm:not-divided": {"x": lambda op, up, x: back(op, up, x) * x},
    "norm:square-rule": {"x": lambda op, up, x: back(op, up, x) * 2 * x},
    "norm:factor-doubled": {"x": lambda op, up, x: back(op, up, x) * 2 * x / length(op, x)},
    "einsum:own-input": {"x*": with_both_this_one},
    "kron:order": {
        "a": lambda op, up, a, b: exchanged_blocks(op, up, a, b, 0),
        "b": lambda op, up, a, b: exchanged_blocks(op, up, a, b, 1),
    },
}
