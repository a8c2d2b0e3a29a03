"""A small stand-in for PyTorch, by the documented meaning of each call, so that tests differentiate it without PyTorch.

They take what PyTorch's take, in its order and with its defaults; the test compares them with the
real ones wherever those are installed.
"""

import math
from types import SimpleNamespace
from typing import Any

import autograd.numpy as np
from autograd.extend import defvjp, primitive

from tests.authoring.python_functions.torch_tensor import (
    METHODS,
    Tensor,
    cat,
    filled,
    log_softmax,
    norm,
    raw,
)

_erf = primitive(np.vectorize(math.erf, otypes=[float]))
defvjp(_erf, lambda out, x: lambda up: up * 2 / np.sqrt(np.pi) * np.exp(-(x**2)))


def relu(input: Any, inplace: bool = False) -> Tensor:
    return Tensor(np.where(raw(input) > 0, raw(input), 0.0))


def leaky_relu(input: Any, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    return Tensor(np.where(raw(input) > 0, raw(input), negative_slope * raw(input)))


def elu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    return Tensor(np.where(raw(input) > 0, raw(input), alpha * (np.exp(raw(input)) - 1)))


def gelu(input: Any, approximate: str = "none") -> Tensor:
    x = raw(input)
    if approximate == "tanh":
        return Tensor(0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))))
    return Tensor(0.5 * x * (1 + _erf(x / np.sqrt(2.0))))


def silu(input: Any, inplace: bool = False) -> Tensor:
    return Tensor(raw(input) / (1 + np.exp(-raw(input))))


def softplus(input: Any, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    return Tensor(np.log1p(np.exp(beta * raw(input))) / beta)


def logsigmoid(input: Any) -> Tensor:
    return Tensor(-np.log1p(np.exp(-raw(input))))


def linear(input: Any, weight: Any, bias: Any = None) -> Tensor:
    made = np.matmul(raw(input), raw(weight).T)
    return Tensor(made if bias is None else made + raw(bias))


def layer_norm(input: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Tensor:
    axes = tuple(range(-len(tuple(normalized_shape)), 0))
    x = raw(input)
    apart = x - np.mean(x, axis=axes, keepdims=True)
    made = apart / np.sqrt(np.mean(apart**2, axis=axes, keepdims=True) + eps)
    made = made if weight is None else made * raw(weight)
    return Tensor(made if bias is None else made + raw(bias))


def normalize(input: Any, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    length = norm(input, p, dim, True).array
    return Tensor(raw(input) / np.where(length > eps, length, eps))


def embedding(input: Any, weight: Any) -> Tensor:
    return Tensor(raw(weight)[raw(input)])


def one_hot(tensor: Any, num_classes: int = -1) -> Tensor:
    places = raw(tensor)
    return Tensor(np.eye(int(places.max()) + 1 if num_classes == -1 else num_classes, dtype=int)[places])


def _reduced(each: Any, reduction: str) -> Tensor:
    return Tensor({"mean": np.mean, "sum": np.sum, "none": lambda made: made}[reduction](each))


def mse_loss(input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: str = "mean") -> Tensor:
    return _reduced((raw(input) - raw(target)) ** 2, reduction)


def l1_loss(input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: str = "mean") -> Tensor:
    return _reduced(np.abs(raw(input) - raw(target)), reduction)


def smooth_l1_loss(
    input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: str = "mean", beta: float = 1.0
) -> Tensor:
    apart = np.abs(raw(input) - raw(target))
    return _reduced(np.where(apart < beta, 0.5 * apart**2 / beta, apart - 0.5 * beta), reduction)


def huber_loss(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0) -> Tensor:
    apart = np.abs(raw(input) - raw(target))
    return _reduced(np.where(apart <= delta, 0.5 * apart**2, delta * (apart - 0.5 * delta)), reduction)


def nll_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: Any = None,
    ignore_index: int = -100,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    array, places = raw(input), raw(target)
    weights = np.ones(array.shape[1]) if weight is None else raw(weight)
    each = -weights[places] * array[np.arange(len(places)), places]
    return Tensor(np.sum(each) / np.sum(weights[places])) if reduction == "mean" else _reduced(each, reduction)


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: Any = None,
    ignore_index: int = -100,
    reduce: Any = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    logs, classes = log_softmax(input, -1), raw(input).shape[-1]
    if np.ndim(raw(target)) == np.ndim(raw(input)):
        return _reduced(-np.sum(raw(target) * logs.array, axis=-1), reduction)
    right = nll_loss(logs, target, weight, reduction=reduction).array
    if not label_smoothing:
        return Tensor(right)
    assert weight is None
    smooth = _reduced(-np.sum(logs.array, axis=-1) / classes, reduction).array
    return Tensor((1 - label_smoothing) * right + label_smoothing * smooth)


def binary_cross_entropy(
    input: Any, target: Any, weight: Any = None, size_average: Any = None, reduce: Any = None, reduction: str = "mean"
) -> Tensor:
    p, t = raw(input), raw(target)
    each = -(t * np.log(p) + (1 - t) * np.log(1 - p))
    return _reduced(each if weight is None else each * raw(weight), reduction)


def binary_cross_entropy_with_logits(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    pos_weight: Any = None,
) -> Tensor:
    z, t = raw(input), raw(target)
    positive = 1.0 if pos_weight is None else raw(pos_weight)
    each = positive * t * np.log1p(np.exp(-z)) + (1 - t) * (z + np.log1p(np.exp(-z)))
    return _reduced(each if weight is None else each * raw(weight), reduction)


def kl_div(
    input: Any,
    target: Any,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    q, p = raw(input), raw(target)
    each = np.exp(p) * (p - q) if log_target else p * (np.log(p) - q)
    return Tensor(np.sum(each) / q.shape[0]) if reduction == "batchmean" else _reduced(each, reduction)


METHODS["relu"] = relu


class _Quiet:
    """`torch.no_grad()`: nothing inside it carries a gradient, which the test's functions do not use."""

    def __enter__(self) -> None: ...

    def __exit__(self, *given: object) -> None: ...


torch = SimpleNamespace(
    **METHODS,
    concat=cat,
    concatenate=cat,
    einsum=lambda equation, *operands: Tensor(np.einsum(equation, *map(raw, operands))),
    linalg=SimpleNamespace(norm=lambda x, ord=None, dim=None, keepdim=False: norm(x, ord, dim, keepdim)),
    tensor=lambda data, dtype=None: Tensor(np.array(data)),
    arange=lambda *given: Tensor(np.arange(*given)),
    zeros=filled(np.zeros),
    ones=filled(np.ones),
    eye=lambda n: Tensor(np.eye(n)),
    zeros_like=lambda input: Tensor(np.zeros(raw(input).shape)),
    ones_like=lambda input: Tensor(np.ones(raw(input).shape)),
    full_like=lambda input, fill_value: Tensor(np.full(raw(input).shape, fill_value)),
    no_grad=_Quiet,
    float32=None,
    float64=None,
    pi=np.pi,
    Tensor=Tensor,
    nn=SimpleNamespace(),
)
_OWN = {name: value for name, value in globals().items() if callable(value) and name[0].islower()}
F = SimpleNamespace(**{name: METHODS[name] for name in ("tanh", "sigmoid", "softmax", "log_softmax")} | _OWN)
