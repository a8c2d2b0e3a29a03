"""Tensors that have PyTorch's methods, computed by NumPy: what each call means by its documentation."""

import builtins
from math import prod
from typing import Any

import autograd.numpy as np


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
        index = tuple(map(raw, index)) if isinstance(index, tuple) else raw(index)
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


def raw(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.array
    return [raw(each) for each in value] if isinstance(value, list) else value


def _operator(name: str) -> Any:
    def forward(self: Tensor, other: Any = None) -> Tensor:
        made = getattr(self.array * 1.0 if name != "__invert__" else self.array, name)
        return Tensor(made() if other is None else made(raw(other)))

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
Tensor.__and__ = lambda one, other: Tensor(np.logical_and(one.array, raw(other)))  # type: ignore[attr-defined]
Tensor.__hash__ = object.__hash__  # type: ignore[method-assign]


def axes_of(dim: Any) -> Any:
    return tuple(dim) if isinstance(dim, list | tuple) else dim


def _elementwise(function: Any) -> Any:
    return lambda input, *, out=None: Tensor(function(raw(input) * 1.0))


def detach(input: Tensor) -> Tensor:
    """The same numbers, through which no gradient flows."""
    from autograd.tracer import getval

    value = input.array
    while value is not getval(value):
        value = getval(value)
    return Tensor(value)


def matmul(input: Any, other: Any) -> Tensor:
    return Tensor(np.matmul(raw(input), raw(other)))


def sum(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    return Tensor(np.sum(raw(input) * 1.0, axis=axes_of(dim), keepdims=keepdim))


def mean(input: Any, dim: Any = None, keepdim: bool = False) -> Tensor:
    return Tensor(np.mean(raw(input), axis=axes_of(dim), keepdims=keepdim))


def _prod(input: Any, dim: Any = None, keepdim: bool = False) -> Tensor:
    return Tensor(np.prod(raw(input), axis=dim, keepdims=keepdim))


def var(input: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None) -> Tensor:
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    ddof = (1 if unbiased else 0) if correction is None else correction
    array = raw(input)
    apart = array - np.mean(array, axis=axes_of(dim), keepdims=True)
    count = array.size // np.mean(array, axis=axes_of(dim)).size
    return Tensor(np.sum(apart**2, axis=axes_of(dim), keepdims=keepdim) / (count - ddof))


def std(input: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None) -> Tensor:
    return Tensor(np.sqrt(var(input, dim, unbiased, keepdim, correction=correction).array))


def _extreme(pick: Any, place: Any, pairwise: Any) -> Any:
    def function(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
        if isinstance(dim, Tensor):
            return Tensor(pairwise(raw(input), dim.array))
        if dim is None:
            return Tensor(pick(raw(input)))
        return Pair(Tensor(pick(raw(input), axis=dim, keepdims=keepdim)), Tensor(place(detach(input).array, axis=dim)))

    return function


def _extremes(pick: Any) -> Any:
    def function(input: Any, dim: Any = (), keepdim: bool = False) -> Tensor:
        return Tensor(pick(raw(input), axis=None if dim == () else axes_of(dim), keepdims=keepdim))

    return function


class Pair(tuple[Tensor, Tensor]):
    """Values and their places."""

    def __new__(cls, values: Tensor, indices: Tensor) -> "Pair":
        return super().__new__(cls, (values, indices))

    values = property(lambda self: self[0])
    indices = property(lambda self: self[1])


def norm(input: Any, p: Any = "fro", dim: Any = None, keepdim: bool = False) -> Tensor:
    array = raw(input)
    if p in ("fro", 2, 2.0, None):
        return Tensor(np.sqrt(np.sum(array**2, axis=axes_of(dim), keepdims=keepdim)))
    return Tensor(np.sum(np.abs(array) ** p, axis=axes_of(dim), keepdims=keepdim) ** (1.0 / p))


def clamp(input: Any, min: Any = None, max: Any = None) -> Tensor:
    array = raw(input)
    array = array if min is None else np.where(array >= raw(min), array, raw(min))
    return Tensor(array if max is None else np.where(array <= raw(max), array, raw(max)))


def cat(tensors: Any, dim: int = 0) -> Tensor:
    return Tensor(np.concatenate([raw(each) for each in tensors], axis=dim))


def stack(tensors: Any, dim: int = 0) -> Tensor:
    return Tensor(np.stack([raw(each) for each in tensors], axis=dim))


def reshape(input: Any, *shape: Any) -> Tensor:
    return Tensor(np.reshape(raw(input), shape[0] if isinstance(shape[0], tuple | list) else shape))


def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    shape, last = raw(input).shape, end_dim % builtins.max(raw(input).ndim, 1)
    return reshape(input, (*shape[:start_dim], prod(shape[start_dim : last + 1]), *shape[last + 1 :]))


def transpose(input: Any, dim0: int, dim1: int) -> Tensor:
    return Tensor(np.swapaxes(raw(input), dim0, dim1))


def permute(input: Any, *dims: Any) -> Tensor:
    return Tensor(np.transpose(raw(input), dims[0] if isinstance(dims[0], tuple | list) else dims))


def squeeze(input: Any, dim: Any = None) -> Tensor:
    array = raw(input)
    if isinstance(dim, int) and array.shape[dim] != 1:
        return Tensor(array)
    return Tensor(np.squeeze(array, axis=dim) if dim is not None else np.squeeze(array))


def unsqueeze(input: Any, dim: int) -> Tensor:
    return Tensor(np.expand_dims(raw(input), dim))


def expand(input: Any, *sizes: Any) -> Tensor:
    sizes = sizes[0] if isinstance(sizes[0], tuple | list) else sizes
    array = raw(input)
    own = (1,) * (len(sizes) - array.ndim) + array.shape
    shape = tuple(have if want == -1 else want for have, want in zip(own, sizes, strict=True))
    return Tensor(array * np.ones(shape))


def split(input: Any, split_size_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    length, each = raw(input).shape[dim], split_size_or_sections
    if isinstance(each, int):
        each = [builtins.min(each, length - k) for k in range(0, length, each)]
    ends = [builtins.sum(each[: k + 1]) for k in range(len(each))]
    return tuple(Tensor(part) for part in _parts(raw(input), ends, dim))


def _parts(array: Any, ends: list[int], dim: int) -> list[Any]:
    rest = (slice(None),) * (dim % array.ndim)
    return [array[(*rest, slice(a, b))] for a, b in zip([0, *ends[:-1]], ends, strict=True)]


def chunk(input: Any, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    return split(input, -(-raw(input).shape[dim] // chunks), dim)


def where(condition: Any, input: Any, other: Any) -> Tensor:
    return Tensor(np.where(raw(condition), raw(input), raw(other)))


def masked_fill(input: Any, mask: Any, value: Any) -> Tensor:
    return where(mask, value, input)


def logsumexp(input: Any, dim: Any, keepdim: bool = False) -> Tensor:
    return Tensor(np.log(np.sum(np.exp(raw(input)), axis=axes_of(dim), keepdims=keepdim)))


def softmax(input: Any, dim: int, dtype: Any = None) -> Tensor:
    made = np.exp(raw(input))
    return Tensor(made / np.sum(made, axis=dim, keepdims=True))


def log_softmax(input: Any, dim: int, dtype: Any = None) -> Tensor:
    return Tensor(raw(input) - logsumexp(input, dim, True).array)


def gather(input: Any, dim: int, index: Any) -> Tensor:
    array, index = raw(input), raw(index)
    places = list(np.indices(index.shape))
    places[dim] = index
    return Tensor(array[tuple(places)])


def cumsum(input: Any, dim: int) -> Tensor:
    return Tensor(np.cumsum(raw(input), axis=dim))


def outer(input: Any, vec2: Any) -> Tensor:
    return Tensor(np.outer(raw(input), raw(vec2)))


def addmm(input: Any, mat1: Any, mat2: Any, *, beta: float = 1, alpha: float = 1) -> Tensor:
    return Tensor(beta * raw(input) + alpha * np.matmul(raw(mat1), raw(mat2)))


def lerp(input: Any, end: Any, weight: Any) -> Tensor:
    return Tensor(raw(input) + raw(weight) * (raw(end) - raw(input)))


def _add(sign: int) -> Any:
    return lambda input, other, *, alpha=1: Tensor(raw(input) * 1.0 + sign * alpha * raw(other))


def _binary(function: Any) -> Any:
    return lambda input, other: Tensor(function(raw(input) * 1.0, raw(other)))


def tril(input: Any, diagonal: int = 0) -> Tensor:
    return Tensor(np.tril(raw(input), diagonal))


def triu(input: Any, diagonal: int = 0) -> Tensor:
    return Tensor(np.triu(raw(input), diagonal))


def filled(make: Any) -> Any:
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
        np.max(raw(input), axis=None if dim == () else axes_of(dim), keepdims=keepdim)
    ),
    "amin": lambda input, dim=(), keepdim=False: Tensor(
        np.min(raw(input), axis=None if dim == () else axes_of(dim), keepdims=keepdim)
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
    "t": lambda input: Tensor(raw(input).T),
    "mm": matmul,
    "mv": matmul,
    "dot": matmul,
    "bmm": matmul,
    "clip": clamp,
    "clamp_min": clamp,
    "clamp_max": lambda input, max: clamp(input, None, max),
    "eq": _binary(lambda a, b: a == b),
    "gt": _binary(lambda a, b: a > b),
    "diag": lambda input, diagonal=0: Tensor(np.diag(raw(input), diagonal)),
    "trace": lambda input: Tensor(np.trace(raw(input))),
    "contiguous": lambda input: input,
    "clone": lambda input: Tensor(raw(input) * 1.0),
    "float": lambda input: Tensor(raw(input) * 1.0),
    "double": lambda input: Tensor(raw(input) * 1.0),
    "bool": lambda input: Tensor(raw(input) != 0),
    "long": lambda input: Tensor(raw(input).astype(int)),
    "item": detach,
    "numel": lambda input: prod(raw(input).shape),
    "dim": lambda input: raw(input).ndim,
    "type_as": lambda input, other: input,
    "requires_grad_": lambda input: input,
}
