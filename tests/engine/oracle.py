"""The same ops in HIPS autograd: an engine that others wrote, to check ours against."""

import math
from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad
from autograd.extend import defvjp, primitive

from tutor.engine.ops.op import Op


def value(op: Op, inputs: list[Any]) -> Any:
    """The op's value, written in functions that autograd differentiates."""
    return ORACLE[op.name](op, *inputs)


def gradient(op: Op, inputs: list[Any], i: int, up: Any) -> Any:
    """What autograd sends back to input i of what arrives at the op."""
    return grad(lambda x: anp.sum(up * value(op, [*inputs[:i], x, *inputs[i + 1 :]])))(np.asarray(inputs[i]))


def _axes(op: Any, x: Any) -> Any:
    return tuple(range(anp.ndim(x))) if op.axis is None else op.axis


def _reduced(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda op, x: function(x, axis=_axes(op, x), keepdims=op.keepdims)


def _spread(op: Any, x: Any) -> Any:
    centred = x - anp.mean(x, axis=_axes(op, x), keepdims=True)
    n = anp.size(x) / anp.size(anp.sum(x, axis=_axes(op, x), keepdims=True))
    return anp.sum(centred**2, axis=_axes(op, x), keepdims=op.keepdims) / (n - op.unbiased)


def _logsumexp(x: Any, axis: Any, keepdims: bool) -> Any:
    return anp.log(anp.sum(anp.exp(x), axis=axis, keepdims=keepdims))


def _softmax(op: Any, x: Any) -> Any:
    return anp.exp(x) / anp.sum(anp.exp(x), axis=op.axis, keepdims=True)


def _reduce(op: Any, losses: Any) -> Any:
    return {"mean": anp.mean, "sum": anp.sum, "none": lambda each: each}[op.reduction](losses)


def _target(x: Any, labels: Any) -> Any:
    if anp.shape(labels) == anp.shape(x):
        return labels
    return (anp.arange(anp.shape(x)[-1]) == anp.asarray(labels)[..., None]) * 1.0


def _cross_entropy(op: Any, x: Any, labels: Any) -> Any:
    logs = x - _logsumexp(x, -1, True)
    return _reduce(op, -anp.sum(_target(x, labels) * logs, axis=-1))


def _hinge(op: Any, x: Any, labels: Any) -> Any:
    target = _target(x, labels)
    right = anp.sum(x * target, axis=-1, keepdims=True)
    return _reduce(op, anp.sum(anp.maximum(x - right + op.margin, 0.0) * (1 - target), axis=-1))


def _normalized(axis: int) -> Callable[..., Any]:
    def norm(op: Any, x: Any, gain: Any, bias: Any) -> Any:
        centred = x - anp.mean(x, axis=axis, keepdims=True)
        return gain * centred / anp.sqrt(anp.mean(centred**2, axis=axis, keepdims=True) + op.eps) + bias

    return norm


def _convolved(op: Any, x: Any, w: Any, b: Any = None) -> Any:
    """One output at a time, straight from the definition."""
    axes = op.axes
    pads, strides = op.paddings, op.strides
    x = anp.pad(x, [(0, 0), (0, 0), *((pad, pad) for pad in pads)], mode="constant")
    window = w.shape[2:]
    places = [(x.shape[2 + k] - window[k]) // strides[k] + 1 for k in range(axes)]
    outs = []
    for place in anp.ndindex(*places):
        area = tuple(slice(place[k] * strides[k], place[k] * strides[k] + window[k]) for k in range(axes))
        piece = x[(slice(None), slice(None), *area)]
        outs.append(anp.sum(piece[:, None] * w[None], axis=tuple(range(2, 3 + axes))))
    out = anp.reshape(anp.stack(outs, axis=-1), (x.shape[0], w.shape[0], *places))
    return out if b is None else out + anp.reshape(b, (-1, *(1,) * axes))


def _pooled(reduce: Callable[..., Any], fill: float) -> Callable[..., Any]:
    def pool(op: Any, x: Any) -> Any:
        window, strides, pads = op.layout(x.shape)
        axes = len(window)
        around = [(0, 0)] * (x.ndim - axes) + [(pad, pad) for pad in pads]
        x = anp.pad(x, around, mode="constant", constant_values=fill) if any(pads) else x
        places = [(x.shape[k - axes] - window[k]) // strides[k] + 1 for k in range(axes)]
        outs = []
        for place in anp.ndindex(*places):
            area = tuple(slice(place[k] * strides[k], place[k] * strides[k] + window[k]) for k in range(axes))
            outs.append(reduce(x[(..., *area)], axis=tuple(range(-axes, 0))))
        return anp.reshape(anp.stack(outs, axis=-1), (*x.shape[:-axes], *places))

    return pool


def _chosen(choose: Callable[..., Any]) -> Callable[..., Any]:
    def chosen(op: Any, *inputs: Any) -> Any:
        out = inputs[0]
        for x in inputs[1:]:
            out = choose(out, x)
        return out

    return chosen


def _gelu(op: Any, x: Any) -> Any:
    if op.approximate == "tanh":
        return 0.5 * x * (1 + anp.tanh(anp.sqrt(2 / anp.pi) * (x + 0.044715 * x**3)))
    return 0.5 * x * (1 + _erf(x / anp.sqrt(2.0)))


@primitive
def _erf(x: Any) -> Any:
    return np.vectorize(math.erf, otypes=[float])(x)


defvjp(_erf, lambda out, x: lambda up: up * 2 / math.sqrt(math.pi) * anp.exp(-(x**2)))


def _einsum(op: Any, *inputs: Any) -> Any:
    subscripts, arrays = op.subscripts if "->" in op.subscripts else op.subscripts + "->", list(inputs)
    if subscripts.startswith("ii"):
        subscripts, arrays[0] = subscripts[1:], anp.diag(inputs[0])
    return anp.einsum(subscripts, *arrays)


ORACLE: dict[str, Callable[..., Any]] = {
    "add": lambda op, a, b: a + b,
    "sub": lambda op, a, b: a - b,
    "mul": lambda op, a, b: a * b,
    "div": lambda op, a, b: a / b,
    "pow": lambda op, a, b: a**b,
    "neg": lambda op, x: -x,
    "copy": lambda op, x: x * 1.0,
    "relu": lambda op, x: anp.maximum(x, 0.0),
    "leaky_relu": lambda op, x: anp.where(x > 0, x, op.slope * x),
    "elu": lambda op, x: anp.where(x > 0, x, op.alpha * (anp.exp(x) - 1)),
    "sigmoid": lambda op, x: 1 / (1 + anp.exp(-x)),
    "softplus": lambda op, x: anp.log(1 + anp.exp(x)),
    "silu": lambda op, x: x / (1 + anp.exp(-x)),
    "gelu": _gelu,
    "abs": lambda op, x: anp.abs(x),
    **{name: lambda op, x, name=name: getattr(anp, name)(x) for name in ("tanh", "exp", "log", "log1p", "sqrt")},
    **{
        name: lambda op, x, name=name: getattr(anp, name)(x) for name in ("square", "sin", "cos", "tan", "sinh", "cosh")
    },
    "max": _chosen(anp.maximum),
    "min": _chosen(anp.minimum),
    "where": lambda op, c, a, b: (c != 0) * a + (c == 0) * b,
    "clip": lambda op, x: anp.clip(x, op.lo, op.hi),
    "dropout": lambda op, x, mask: x * mask / op.keep,
    "sum": _reduced(anp.sum),
    "mean": _reduced(anp.mean),
    "prod": lambda op, x: (
        anp.exp(anp.sum(anp.log(anp.abs(x)), axis=_axes(op, x), keepdims=op.keepdims))
        * anp.prod(anp.sign(x), axis=_axes(op, x), keepdims=op.keepdims)
    ),
    "amax": _reduced(anp.max),
    "amin": _reduced(anp.min),
    "norm": lambda op, x: anp.sqrt(anp.sum(x**2, axis=_axes(op, x), keepdims=op.keepdims)),
    "logsumexp": _reduced(_logsumexp),
    "var": _spread,
    "std": lambda op, x: anp.sqrt(_spread(op, x)),
    "softmax": _softmax,
    "log_softmax": lambda op, x: x - _logsumexp(x, op.axis, True),
    "cumsum": lambda op, x: anp.cumsum(x, axis=op.axis),
    "matmul": lambda op, a, b: anp.matmul(a, b),
    "dot": lambda op, a, b: anp.dot(a, b),
    "outer": lambda op, a, b: anp.outer(anp.ravel(a), anp.ravel(b)),
    "kron": lambda op, a, b: anp.kron(a, b),
    "einsum": _einsum,
    "transpose": lambda op, x: anp.transpose(x, op.axes),
    "reshape": lambda op, x: anp.reshape(x, op.to),
    "concat": lambda op, *xs: anp.concatenate(xs, axis=op.axis),
    "stack": lambda op, *xs: anp.stack(xs, axis=op.axis),
    "pad": lambda op, x: anp.pad(x, op.widths(anp.ndim(x)), mode="constant"),
    "index": lambda op, x, *arrays: x[op.key(arrays)],
    "gather": lambda op, E, ids: E[anp.asarray(ids, dtype=int)],
    "cross_entropy": _cross_entropy,
    "hinge": _hinge,
    "mse": lambda op, y, t: _reduce(op, (y - t) ** 2),
    "bce_with_logits": lambda op, z, t: _reduce(op, anp.log(1 + anp.exp(z)) - z * t),
    "layer_norm": _normalized(-1),
    "batch_norm": _normalized(0),
    "conv1d": _convolved,
    "conv2d": _convolved,
    "max_pool": _pooled(anp.max, -1e9),
    "avg_pool": _pooled(anp.mean, 0.0),
}
