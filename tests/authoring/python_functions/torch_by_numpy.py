"""A small stand-in for PyTorch, by the documented meaning of each call, so that tests differentiate it without PyTorch.

They take what PyTorch's take, in its order and with its defaults; the test compares them with the
real ones wherever those are installed.
"""

import builtins
import math
from math import prod
from types import SimpleNamespace
from typing import Any

import autograd.numpy as np
from autograd.extend import defvjp, primitive

_erf = primitive(np.vectorize(math.erf, otypes=[float]))
defvjp(_erf, lambda out, x: lambda up: up * 2 / np.sqrt(np.pi) * np.exp(-(x**2)))


class Tensor:
    """An array that has PyTorch's methods."""

    __array_priority__ = 100

    def __init__(self, array: Any) -> None:
        self.array = array

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.array.shape)

    @property
    def T(self) -> "Tensor":
        return Tensor(self.array.T)

    @property
    def mT(self) -> "Tensor":
        return Tensor(np.swapaxes(self.array, -1, -2))

    @property
    def data(self) -> "Tensor":
        return detach(self)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Any:
        return (self[k] for k in range(len(self)))

    def __getitem__(self, index: Any) -> "Tensor":
        index = tuple(map(_raw, index)) if isinstance(index, tuple) else _raw(index)
        return Tensor(self.array[index])

    def _become(self, other: "Tensor") -> "Tensor":
        self.array = other.array
        return self

    def size(self, dim: int | None = None) -> Any:
        return self.shape if dim is None else self.shape[dim]

    def where(self, condition: Any, other: Any) -> "Tensor":
        return where(condition, self, other)

    def __getattr__(self, name: str) -> Any:
        if name.endswith("_") and name[:-1] in METHODS:
            return lambda *given, **more: self._become(METHODS[name[:-1]](self, *given, **_torch_names(more)))
        if name in METHODS:
            return lambda *given, **more: METHODS[name](self, *given, **_torch_names(more))
        raise AttributeError(name)


def _torch_names(more: dict[str, Any]) -> dict[str, Any]:
    """PyTorch takes NumPy's names of keywords too."""
    return {{"axis": "dim", "keepdims": "keepdim"}.get(name, name): value for name, value in more.items()}


def _raw(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.array
    return [_raw(each) for each in value] if isinstance(value, list) else value


def _operator(name: str) -> Any:
    def forward(self: Tensor, other: Any = None) -> Tensor:
        made = getattr(self.array * 1.0 if name != "__invert__" else self.array, name)
        return Tensor(made() if other is None else made(_raw(other)))

    return forward


def _in_place(operator: Any) -> Any:
    return lambda self, other: self._become(operator(self, other))


_BINARY = "add radd sub rsub mul rmul truediv rtruediv pow rpow neg gt lt ge le eq ne floordiv mod"
for _name in _BINARY.split():
    setattr(Tensor, f"__{_name}__", _operator(f"__{_name}__"))
for _name in ("add", "sub", "mul", "truediv", "pow"):
    setattr(Tensor, f"__i{_name}__", _in_place(_operator(f"__{_name}__")))
Tensor.__matmul__ = lambda one, other: matmul(one, other)  # type: ignore[attr-defined]
Tensor.__invert__ = lambda one: Tensor(np.logical_not(one.array))  # type: ignore[attr-defined]
Tensor.__and__ = lambda one, other: Tensor(np.logical_and(one.array, _raw(other)))  # type: ignore[attr-defined]
Tensor.__hash__ = object.__hash__  # type: ignore[method-assign]


def _axis(dim: Any) -> Any:
    return tuple(dim) if isinstance(dim, list | tuple) else dim


def _elementwise(function: Any) -> Any:
    return lambda input, *, out=None: Tensor(function(_raw(input) * 1.0))


def detach(input: Tensor) -> Tensor:
    """The same numbers, through which no gradient flows."""
    from autograd.tracer import getval

    value = input.array
    while value is not getval(value):
        value = getval(value)
    return Tensor(value)


def matmul(input: Any, other: Any) -> Tensor:
    return Tensor(np.matmul(_raw(input), _raw(other)))


def sum(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    return Tensor(np.sum(_raw(input) * 1.0, axis=_axis(dim), keepdims=keepdim))


def mean(input: Any, dim: Any = None, keepdim: bool = False) -> Tensor:
    return Tensor(np.mean(_raw(input), axis=_axis(dim), keepdims=keepdim))


def _prod(input: Any, dim: Any = None, keepdim: bool = False) -> Tensor:
    return Tensor(np.prod(_raw(input), axis=dim, keepdims=keepdim))


def var(input: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None) -> Tensor:
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    ddof = (1 if unbiased else 0) if correction is None else correction
    array = _raw(input)
    apart = array - np.mean(array, axis=_axis(dim), keepdims=True)
    count = array.size // np.mean(array, axis=_axis(dim)).size
    return Tensor(np.sum(apart**2, axis=_axis(dim), keepdims=keepdim) / (count - ddof))


def std(input: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None) -> Tensor:
    return Tensor(np.sqrt(var(input, dim, unbiased, keepdim, correction=correction).array))


def _extreme(pick: Any, place: Any, pairwise: Any) -> Any:
    def function(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
        if isinstance(dim, Tensor):
            return Tensor(pairwise(_raw(input), dim.array))
        if dim is None:
            return Tensor(pick(_raw(input)))
        return Pair(Tensor(pick(_raw(input), axis=dim, keepdims=keepdim)), Tensor(place(detach(input).array, axis=dim)))

    return function


def _extremes(pick: Any) -> Any:
    def function(input: Any, dim: Any = (), keepdim: bool = False) -> Tensor:
        return Tensor(pick(_raw(input), axis=None if dim == () else _axis(dim), keepdims=keepdim))

    return function


class Pair(tuple[Tensor, Tensor]):
    """Values and their places."""

    def __new__(cls, values: Tensor, indices: Tensor) -> "Pair":
        return super().__new__(cls, (values, indices))

    values = property(lambda self: self[0])
    indices = property(lambda self: self[1])


def norm(input: Any, p: Any = "fro", dim: Any = None, keepdim: bool = False) -> Tensor:
    array = _raw(input)
    if p in ("fro", 2, 2.0, None):
        return Tensor(np.sqrt(np.sum(array**2, axis=_axis(dim), keepdims=keepdim)))
    return Tensor(np.sum(np.abs(array) ** p, axis=_axis(dim), keepdims=keepdim) ** (1.0 / p))


def clamp(input: Any, min: Any = None, max: Any = None) -> Tensor:
    array = _raw(input)
    array = array if min is None else np.where(array >= _raw(min), array, _raw(min))
    return Tensor(array if max is None else np.where(array <= _raw(max), array, _raw(max)))


def cat(tensors: Any, dim: int = 0) -> Tensor:
    return Tensor(np.concatenate([_raw(each) for each in tensors], axis=dim))


def stack(tensors: Any, dim: int = 0) -> Tensor:
    return Tensor(np.stack([_raw(each) for each in tensors], axis=dim))


def reshape(input: Any, *shape: Any) -> Tensor:
    return Tensor(np.reshape(_raw(input), shape[0] if isinstance(shape[0], tuple | list) else shape))


def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    shape, last = _raw(input).shape, end_dim % builtins.max(_raw(input).ndim, 1)
    return reshape(input, (*shape[:start_dim], prod(shape[start_dim : last + 1]), *shape[last + 1 :]))


def transpose(input: Any, dim0: int, dim1: int) -> Tensor:
    return Tensor(np.swapaxes(_raw(input), dim0, dim1))


def permute(input: Any, *dims: Any) -> Tensor:
    return Tensor(np.transpose(_raw(input), dims[0] if isinstance(dims[0], tuple | list) else dims))


def squeeze(input: Any, dim: Any = None) -> Tensor:
    array = _raw(input)
    if isinstance(dim, int) and array.shape[dim] != 1:
        return Tensor(array)
    return Tensor(np.squeeze(array, axis=dim) if dim is not None else np.squeeze(array))


def unsqueeze(input: Any, dim: int) -> Tensor:
    return Tensor(np.expand_dims(_raw(input), dim))


def expand(input: Any, *sizes: Any) -> Tensor:
    sizes = sizes[0] if isinstance(sizes[0], tuple | list) else sizes
    array = _raw(input)
    own = (1,) * (len(sizes) - array.ndim) + array.shape
    shape = tuple(have if want == -1 else want for have, want in zip(own, sizes, strict=True))
    return Tensor(array * np.ones(shape))


def split(input: Any, split_size_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    length, each = _raw(input).shape[dim], split_size_or_sections
    if isinstance(each, int):
        each = [builtins.min(each, length - k) for k in range(0, length, each)]
    ends = [builtins.sum(each[: k + 1]) for k in range(len(each))]
    return tuple(Tensor(part) for part in _parts(_raw(input), ends, dim))


def _parts(array: Any, ends: list[int], dim: int) -> list[Any]:
    rest = (slice(None),) * (dim % array.ndim)
    return [array[(*rest, slice(a, b))] for a, b in zip([0, *ends[:-1]], ends, strict=True)]


def chunk(input: Any, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    return split(input, -(-_raw(input).shape[dim] // chunks), dim)


def where(condition: Any, input: Any, other: Any) -> Tensor:
    return Tensor(np.where(_raw(condition), _raw(input), _raw(other)))


def masked_fill(input: Any, mask: Any, value: Any) -> Tensor:
    return where(mask, value, input)


def logsumexp(input: Any, dim: Any, keepdim: bool = False) -> Tensor:
    return Tensor(np.log(np.sum(np.exp(_raw(input)), axis=_axis(dim), keepdims=keepdim)))


def softmax(input: Any, dim: int, dtype: Any = None) -> Tensor:
    made = np.exp(_raw(input))
    return Tensor(made / np.sum(made, axis=dim, keepdims=True))


def log_softmax(input: Any, dim: int, dtype: Any = None) -> Tensor:
    return Tensor(_raw(input) - logsumexp(input, dim, True).array)


def gather(input: Any, dim: int, index: Any) -> Tensor:
    array, index = _raw(input), _raw(index)
    places = list(np.indices(index.shape))
    places[dim] = index
    return Tensor(array[tuple(places)])


def cumsum(input: Any, dim: int) -> Tensor:
    return Tensor(np.cumsum(_raw(input), axis=dim))


def outer(input: Any, vec2: Any) -> Tensor:
    return Tensor(np.outer(_raw(input), _raw(vec2)))


def addmm(input: Any, mat1: Any, mat2: Any, *, beta: float = 1, alpha: float = 1) -> Tensor:
    return Tensor(beta * _raw(input) + alpha * np.matmul(_raw(mat1), _raw(mat2)))


def lerp(input: Any, end: Any, weight: Any) -> Tensor:
    return Tensor(_raw(input) + _raw(weight) * (_raw(end) - _raw(input)))


def _add(sign: int) -> Any:
    return lambda input, other, *, alpha=1: Tensor(_raw(input) * 1.0 + sign * alpha * _raw(other))


def _binary(function: Any) -> Any:
    return lambda input, other: Tensor(function(_raw(input) * 1.0, _raw(other)))


# torch.nn.functional


def relu(input: Any, inplace: bool = False) -> Tensor:
    return Tensor(np.where(_raw(input) > 0, _raw(input), 0.0))


def leaky_relu(input: Any, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    return Tensor(np.where(_raw(input) > 0, _raw(input), negative_slope * _raw(input)))


def elu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    return Tensor(np.where(_raw(input) > 0, _raw(input), alpha * (np.exp(_raw(input)) - 1)))


def gelu(input: Any, approximate: str = "none") -> Tensor:
    x = _raw(input)
    if approximate == "tanh":
        return Tensor(0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))))
    return Tensor(0.5 * x * (1 + _erf(x / np.sqrt(2.0))))


def silu(input: Any, inplace: bool = False) -> Tensor:
    return Tensor(_raw(input) / (1 + np.exp(-_raw(input))))


def softplus(input: Any, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    return Tensor(np.log1p(np.exp(beta * _raw(input))) / beta)


def logsigmoid(input: Any) -> Tensor:
    return Tensor(-np.log1p(np.exp(-_raw(input))))


def linear(input: Any, weight: Any, bias: Any = None) -> Tensor:
    made = np.matmul(_raw(input), _raw(weight).T)
    return Tensor(made if bias is None else made + _raw(bias))


def layer_norm(input: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Tensor:
    axes = tuple(range(-len(tuple(normalized_shape)), 0))
    x = _raw(input)
    apart = x - np.mean(x, axis=axes, keepdims=True)
    made = apart / np.sqrt(np.mean(apart**2, axis=axes, keepdims=True) + eps)
    made = made if weight is None else made * _raw(weight)
    return Tensor(made if bias is None else made + _raw(bias))


def normalize(input: Any, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    length = norm(input, p, dim, True).array
    return Tensor(_raw(input) / np.where(length > eps, length, eps))


def embedding(input: Any, weight: Any) -> Tensor:
    return Tensor(_raw(weight)[_raw(input)])


def one_hot(tensor: Any, num_classes: int = -1) -> Tensor:
    places = _raw(tensor)
    return Tensor(np.eye(int(places.max()) + 1 if num_classes == -1 else num_classes, dtype=int)[places])


def _reduced(each: Any, reduction: str) -> Tensor:
    return Tensor({"mean": np.mean, "sum": np.sum, "none": lambda made: made}[reduction](each))


def mse_loss(input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: str = "mean") -> Tensor:
    return _reduced((_raw(input) - _raw(target)) ** 2, reduction)


def l1_loss(input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: str = "mean") -> Tensor:
    return _reduced(np.abs(_raw(input) - _raw(target)), reduction)


def smooth_l1_loss(
    input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: str = "mean", beta: float = 1.0
) -> Tensor:
    apart = np.abs(_raw(input) - _raw(target))
    return _reduced(np.where(apart < beta, 0.5 * apart**2 / beta, apart - 0.5 * beta), reduction)


def huber_loss(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0) -> Tensor:
    apart = np.abs(_raw(input) - _raw(target))
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
    array, places = _raw(input), _raw(target)
    weights = np.ones(array.shape[1]) if weight is None else _raw(weight)
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
    logs, classes = log_softmax(input, -1), _raw(input).shape[-1]
    if np.ndim(_raw(target)) == np.ndim(_raw(input)):
        return _reduced(-np.sum(_raw(target) * logs.array, axis=-1), reduction)
    right = nll_loss(logs, target, weight, reduction=reduction).array
    if not label_smoothing:
        return Tensor(right)
    assert weight is None
    smooth = _reduced(-np.sum(logs.array, axis=-1) / classes, reduction).array
    return Tensor((1 - label_smoothing) * right + label_smoothing * smooth)


def binary_cross_entropy(
    input: Any, target: Any, weight: Any = None, size_average: Any = None, reduce: Any = None, reduction: str = "mean"
) -> Tensor:
    p, t = _raw(input), _raw(target)
    each = -(t * np.log(p) + (1 - t) * np.log(1 - p))
    return _reduced(each if weight is None else each * _raw(weight), reduction)


def binary_cross_entropy_with_logits(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    pos_weight: Any = None,
) -> Tensor:
    z, t = _raw(input), _raw(target)
    positive = 1.0 if pos_weight is None else _raw(pos_weight)
    each = positive * t * np.log1p(np.exp(-z)) + (1 - t) * (z + np.log1p(np.exp(-z)))
    return _reduced(each if weight is None else each * _raw(weight), reduction)


def kl_div(
    input: Any,
    target: Any,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    q, p = _raw(input), _raw(target)
    each = np.exp(p) * (p - q) if log_target else p * (np.log(p) - q)
    return Tensor(np.sum(each) / q.shape[0]) if reduction == "batchmean" else _reduced(each, reduction)


def tril(input: Any, diagonal: int = 0) -> Tensor:
    return Tensor(np.tril(_raw(input), diagonal))


def triu(input: Any, diagonal: int = 0) -> Tensor:
    return Tensor(np.triu(_raw(input), diagonal))


def _filled(make: Any) -> Any:
    def function(*size: Any, dtype: Any = None) -> Tensor:
        return Tensor(make(size[0] if isinstance(size[0], tuple | list) else size))

    return function


_NUMPYS = ("exp", "log", "sqrt", "sin", "cos", "tan", "tanh", "abs", "square", "log1p", "expm1")
METHODS: dict[str, Any] = {
    **{name: value for name, value in globals().items() if callable(value) and name[0].islower() and name != "prod"},
    **{name: _elementwise(getattr(np, name)) for name in _NUMPYS},
    "prod": _prod,
    "max": _extreme(np.max, np.argmax, np.maximum),
    "min": _extreme(np.min, np.argmin, np.minimum),
    "maximum": _binary(np.maximum),
    "minimum": _binary(np.minimum),
    "amax": lambda input, dim=(), keepdim=False: Tensor(
        np.max(_raw(input), axis=None if dim == () else _axis(dim), keepdims=keepdim)
    ),
    "amin": lambda input, dim=(), keepdim=False: Tensor(
        np.min(_raw(input), axis=None if dim == () else _axis(dim), keepdims=keepdim)
    ),
    "argmax": lambda input, dim=None, keepdim=False: Tensor(np.argmax(detach(input).array, axis=dim)),
    "add": _add(1),
    "sub": _add(-1),
    "mul": _binary(lambda a, b: a * b),
    "div": _binary(lambda a, b: a / b),
    "pow": _binary(lambda a, b: a**b),
    "neg": _elementwise(lambda a: -a),
    "reciprocal": _elementwise(lambda a: 1 / a),
    "rsqrt": _elementwise(lambda a: 1 / np.sqrt(a)),
    "sigmoid": _elementwise(lambda a: 1 / (1 + np.exp(-a))),
    "sign": _elementwise(np.sign),
    "view": reshape,
    "t": lambda input: Tensor(_raw(input).T),
    "mm": matmul,
    "mv": matmul,
    "dot": matmul,
    "bmm": matmul,
    "clip": clamp,
    "clamp_min": clamp,
    "clamp_max": lambda input, max: clamp(input, None, max),
    "eq": _binary(lambda a, b: a == b),
    "gt": _binary(lambda a, b: a > b),
    "diag": lambda input, diagonal=0: Tensor(np.diag(_raw(input), diagonal)),
    "trace": lambda input: Tensor(np.trace(_raw(input))),
    "contiguous": lambda input: input,
    "clone": lambda input: Tensor(_raw(input) * 1.0),
    "float": lambda input: Tensor(_raw(input) * 1.0),
    "double": lambda input: Tensor(_raw(input) * 1.0),
    "bool": lambda input: Tensor(_raw(input) != 0),
    "long": lambda input: Tensor(_raw(input).astype(int)),
    "item": detach,
    "numel": lambda input: prod(_raw(input).shape),
    "dim": lambda input: _raw(input).ndim,
    "type_as": lambda input, other: input,
    "requires_grad_": lambda input: input,
}


class _Quiet:
    """`torch.no_grad()`: nothing inside it carries a gradient, which the test's functions do not use."""

    def __enter__(self) -> None: ...

    def __exit__(self, *given: object) -> None: ...


torch = SimpleNamespace(
    **METHODS,
    concat=cat,
    concatenate=cat,
    einsum=lambda equation, *operands: Tensor(np.einsum(equation, *map(_raw, operands))),
    linalg=SimpleNamespace(norm=lambda x, ord=None, dim=None, keepdim=False: norm(x, ord, dim, keepdim)),
    tensor=lambda data, dtype=None: Tensor(np.array(data)),
    arange=lambda *given: Tensor(np.arange(*given)),
    zeros=_filled(np.zeros),
    ones=_filled(np.ones),
    eye=lambda n: Tensor(np.eye(n)),
    zeros_like=lambda input: Tensor(np.zeros(_raw(input).shape)),
    ones_like=lambda input: Tensor(np.ones(_raw(input).shape)),
    full_like=lambda input, fill_value: Tensor(np.full(_raw(input).shape, fill_value)),
    no_grad=_Quiet,
    float32=None,
    float64=None,
    pi=np.pi,
    Tensor=Tensor,
    nn=SimpleNamespace(),
)
F = SimpleNamespace(**{**METHODS, "tanh": METHODS["tanh"], "sigmoid": METHODS["sigmoid"]})
