"""Plain NumPy functions that a printed program may need: each stands alone, and is copied into it as it is here."""

import math
from typing import Any

import numpy as np


def sigmoid(x: Any) -> Any:
    """1 / (1 + e^-x), without overflow."""
    return np.exp(-np.logaddexp(0, -x))


def softplus(x: Any) -> Any:
    """log(1 + e^x), without overflow."""
    return np.logaddexp(0, x)


def gelu(x: Any, approximate: str = "none") -> Any:
    """x times the normal distribution function of x."""
    if approximate == "tanh":
        return x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))) / 2
    return x * (1 + np.vectorize(math.erf)(x / np.sqrt(2))) / 2


def gelu_backward(i: int, up: Any, x: Any, approximate: str = "none") -> Any:
    """up times the slope of gelu."""
    if approximate == "tanh":
        bend = np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))
        return up * ((1 + bend) / 2 + x * (1 - bend**2) / 2 * np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * x**2))
    return up * ((1 + np.vectorize(math.erf)(x / np.sqrt(2))) / 2 + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))


def softmax(x: Any, axis: int = -1) -> Any:
    """e^x divided by its sum."""
    powers = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return powers / np.sum(powers, axis=axis, keepdims=True)


def log_softmax(x: Any, axis: int = -1) -> Any:
    """The logarithm of softmax."""
    moved = x - np.max(x, axis=axis, keepdims=True)
    return moved - np.log(np.sum(np.exp(moved), axis=axis, keepdims=True))


def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """log(sum of e^x)."""
    top = np.max(x)
    return top + np.log(np.sum(np.exp(x - top), axis=axis, keepdims=keepdims))


def onehot(labels: Any, k: Any) -> Any:
    """Rows that are 1 at the label and 0 elsewhere."""
    return np.eye(int(k))[np.asarray(labels, dtype=int)]


def diag(x: Any) -> Any:
    """A diagonal matrix."""
    return np.diag(np.ravel(x))


def reduced(losses: Any, reduction: str) -> Any:
    """The mean or the sum of losses, or the losses themselves."""
    if reduction == "none":
        return losses
    return np.mean(losses) if reduction == "mean" else np.sum(losses)


def cross_entropy(logits: Any, labels: Any, reduction: str = "mean") -> Any:
    """-log of the probability of the right class."""
    right = labels if np.shape(labels) == np.shape(logits) else onehot(labels, np.shape(logits)[-1])
    return reduced(-np.sum(right * log_softmax(logits), axis=-1), reduction)


def cross_entropy_backward(i: int, up: Any, logits: Any, labels: Any, reduction: str = "mean") -> Any:
    """p - y, times what arrives at each sample."""
    soft = np.shape(labels) == np.shape(logits)
    right = labels if soft else onehot(labels, np.shape(logits)[-1])
    share = up / max(logits[..., 0].size, 1) if reduction == "mean" else up
    share = share[..., None] if np.ndim(share) else share
    if i == 1:
        return -share * log_softmax(logits)
    return share * (softmax(logits) * np.sum(right, axis=-1, keepdims=True) - right)


def mse(y: Any, t: Any, reduction: str = "mean") -> Any:
    """The squared differences."""
    return reduced((y - t) ** 2, reduction)


def bce_with_logits(z: Any, t: Any, reduction: str = "mean") -> Any:
    """Cross-entropy of sigmoid(z) against t."""
    return reduced(np.logaddexp(0, z) - z * t, reduction)


def hinge(scores: Any, labels: Any, reduction: str = "mean", margin: float = 1) -> Any:
    """How far wrong classes come within the margin of the right one."""
    right = onehot(labels, np.shape(scores)[-1])
    gaps = scores - np.sum(scores * right, axis=-1, keepdims=True) + margin
    return reduced(np.sum(np.maximum(gaps, 0) * (1 - right), axis=-1), reduction)


def hinge_backward(i: int, up: Any, scores: Any, labels: Any, reduction: str = "mean", margin: float = 1) -> Any:
    """+1 for each class that is too close, and -1 for each of them at the right one."""
    right = onehot(labels, np.shape(scores)[-1])
    gaps = scores - np.sum(scores * right, axis=-1, keepdims=True) + margin
    active = (gaps > 0) * (1 - right)
    share = up / max(scores[..., 0].size, 1) if reduction == "mean" else up
    share = share[..., None] if np.ndim(share) else share
    return share * (active - right * np.sum(active, axis=-1, keepdims=True))


def layer_norm(x: Any, gain: Any, bias: Any, eps: float = 1e-5) -> Any:
    """Each sample centred and scaled."""
    return gain * (x - np.mean(x, axis=-1, keepdims=True)) / np.sqrt(np.var(x, axis=-1, keepdims=True) + eps) + bias


def batch_norm(x: Any, gain: Any, bias: Any, eps: float = 1e-5) -> Any:
    """Each feature centred and scaled over the batch."""
    return gain * (x - np.mean(x, axis=0)) / np.sqrt(np.var(x, axis=0) + eps) + bias


def added_at(up: Any, x: Any, key: Any) -> Any:
    """Zeros like x, with up added at the places that were picked."""
    down = np.zeros_like(x, dtype=float)
    np.add.at(down, key, up)
    return down


def outer_backward(i: int, up: Any, a: Any, b: Any) -> Any:
    """up summed over the entries of the other one."""
    return np.reshape(np.ravel(a) @ up if i else up @ np.ravel(b), np.shape(b if i else a))


def matmul_backward(i: int, up: Any, a: Any, b: Any) -> Any:
    """The gradient of a vector in a batch of products."""
    rows, columns = (a[None, :] if a.ndim == 1 else a), (b[:, None] if b.ndim == 1 else b)
    up = up[..., None] if b.ndim == 1 else up
    up = up[..., None, :] if a.ndim == 1 else up
    down = np.swapaxes(rows, -1, -2) @ up if i else up @ np.swapaxes(columns, -1, -2)
    shape = np.shape(columns if i else rows)
    down = np.sum(down, axis=tuple(range(down.ndim - len(shape))))
    return np.reshape(down, np.shape(b if i else a))


def kron_backward(i: int, up: Any, a: Any, b: Any) -> Any:
    """Block by block: what arrives, times the block, summed."""
    down = np.zeros(np.shape(b if i else a))
    ndim = max(np.ndim(a), np.ndim(b))
    big, small = (np.reshape(x, (1,) * (ndim - np.ndim(x)) + np.shape(x)) for x in (a, b))
    total = down.reshape(np.shape(small if i else big))
    for place in np.ndindex(*big.shape):
        block = up[tuple(slice(k * n, (k + 1) * n) for k, n in zip(place, small.shape, strict=True))]
        if i:
            total += big[place] * block
        else:
            total[place] = np.sum(block * small)
    return down


def convolve(x: Any, w: Any, b: Any = None, stride: Any = 1, padding: Any = 0) -> Any:
    """A convolution (no kernel is turned round), place by place: x (N, C, ..), w (F, C, ..)."""
    window = np.shape(w)[2:]
    steps = np.broadcast_to(stride, len(window))
    pads = np.broadcast_to(padding, len(window))
    x = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in pads)])
    places = [(x.shape[2 + k] - n) // steps[k] + 1 for k, n in enumerate(window)]
    out = np.zeros((len(x), len(w), *places))
    for place in np.ndindex(*places):
        area = tuple(slice(p * s, p * s + n) for p, s, n in zip(place, steps, window, strict=True))
        out[:, :, *place] = np.tensordot(x[:, :, *area], w, axes=(range(1, w.ndim), range(1, w.ndim)))
    return out if b is None else out + np.reshape(b, (-1, *(1 for _ in window)))


def convolve_backward(i: int, up: Any, x: Any, w: Any, b: Any = None, stride: Any = 1, padding: Any = 0) -> Any:
    """The gradient of a convolution: every place adds its share."""
    if i == 2:
        return np.sum(up, axis=(0, *range(2, np.ndim(up))))
    window = np.shape(w)[2:]
    steps = np.broadcast_to(stride, len(window))
    pads = np.broadcast_to(padding, len(window))
    padded = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in pads)])
    dx, dw = np.zeros(padded.shape), np.zeros(np.shape(w))
    for place in np.ndindex(*up.shape[2:]):
        area = tuple(slice(p * s, p * s + n) for p, s, n in zip(place, steps, window, strict=True))
        here = up[:, :, *place]
        dx[:, :, *area] += np.tensordot(here, w, axes=1)
        dw += np.tensordot(here, padded[:, :, *area], axes=(0, 0))
    return dw if i else dx[:, :, *(slice(p, p + n) for p, n in zip(pads, np.shape(x)[2:], strict=True))]


def pool(x: Any, kind: str, size: Any = 2, stride: Any = None, padding: Any = 0) -> Any:
    """The largest entry or the mean of each window, over the last axes."""
    axes = 1 if np.ndim(x) in (1, 3) else 2
    window, pads = np.broadcast_to(size, axes), np.broadcast_to(padding, axes)
    steps = np.broadcast_to(size if stride is None else stride, axes)
    fill = -np.inf if kind == "max" else 0
    x = np.pad(x, [(0, 0)] * (x.ndim - axes) + [(p, p) for p in pads], constant_values=fill)
    places = [(x.shape[k - axes] - window[k]) // steps[k] + 1 for k in range(axes)]
    out = np.zeros((*x.shape[:-axes], *places))
    for place in np.ndindex(*places):
        area = tuple(slice(p * s, p * s + n) for p, s, n in zip(place, steps, window, strict=True))
        piece = x[..., *area].reshape(*x.shape[:-axes], -1)
        out[..., *place] = piece.max(axis=-1) if kind == "max" else piece.mean(axis=-1)
    return out


def pool_backward(up: Any, x: Any, kind: str, size: Any = 2, stride: Any = None, padding: Any = 0) -> Any:
    """To the winner of each window, or to all of it in equal shares."""
    axes = 1 if np.ndim(x) in (1, 3) else 2
    window, pads = np.broadcast_to(size, axes), np.broadcast_to(padding, axes)
    steps = np.broadcast_to(size if stride is None else stride, axes)
    fill = -np.inf if kind == "max" else 0
    lead = x.shape[: x.ndim - axes]
    padded: Any = np.pad(x, [(0, 0)] * len(lead) + [(p, p) for p in pads], constant_values=fill)
    down: Any = np.zeros(padded.shape)
    for place in np.ndindex(*up.shape[len(lead) :]):
        area = tuple(slice(p * s, p * s + n) for p, s, n in zip(place, steps, window, strict=True))
        piece = padded[..., *area].reshape(*lead, -1)
        first = np.arange(piece.shape[-1]) == piece.argmax(axis=-1)[..., None]
        share = first if kind == "max" else np.full(piece.shape, 1 / piece.shape[-1])
        down[..., *area] += (up[..., *place][..., None] * share).reshape(*lead, *window)
    return down[..., *(slice(p, p + n) for p, n in zip(pads, x.shape[len(lead) :], strict=True))]


def einsum_backward(i: int, up: Any, *inputs: Any, subscripts: str = "") -> Any:
    """The gradient of an einsum in which an input has letters of its own, or a letter twice."""
    left, _, output = subscripts.replace(" ", "").partition("->")
    letters = left.split(",")
    if "->" not in subscripts:
        output = "".join(sorted(each for each in set(left) - {","} if left.count(each) == 1))
    wanted = "".join(dict.fromkeys(letters[i]))
    terms = [(output, up), *((letters[k], x) for k, x in enumerate(inputs) if k != i)]
    sizes = dict(zip(letters[i], np.shape(inputs[i]), strict=True))
    terms += [(each, np.ones(sizes[each])) for each in wanted if each not in "".join(name for name, _ in terms)]
    down = np.zeros(np.shape(inputs[i]))
    spread = np.einsum(f"{','.join(name for name, _ in terms)}->{wanted}", *(array for _, array in terms))
    np.einsum(f"{letters[i]}->{wanted}", down)[...] = spread
    return down
