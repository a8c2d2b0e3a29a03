"""The table of functions that answers are evaluated with: every op's value, its shape rule checked first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np

from tutor.engine.compile import ALIASES, callables, split_arguments
from tutor.engine.errors import EngineError, ShapeError
from tutor.engine.ops.op import REGISTRY, Array, Op, operation, options
from tutor.engine.plan import as_float64
from tutor.engine.unbroadcast import unbroadcast
from tutor.expr.evaluation import MOST_WHOLE
from tutor.expr.scope import Borrowed
from tutor.expr.tree import INDEX
from tutor.text import msg

MOST_ELEMENTS = 1_000_000
MOST_OPTIONS = 64  # numbers of an axis, a shape or a width


@cache
def function_table() -> Mapping[str, Callable[..., Array]]:
    """Name -> function from arrays to an array; operators under their op's name (`add`, `matmul`, `index`).

    The functions raise ShapeError for shapes that do not fit and EngineError for arguments they do not take.
    """
    table: dict[str, Callable[..., Array]] = {name: _checked(name) for name in REGISTRY if name != INDEX}
    table |= {alias: table[name] for alias, name in ALIASES.items()}
    return table | {"diag": diag, "ones": ones, "zeros": zeros, "eye": eye, "onehot": onehot, INDEX: index}


def answer_functions(names: Iterable[str] = ()) -> frozenset[str]:
    """Names that an answer may call where these are the names of nodes."""
    return callables(names) | {"diag", "ones", "zeros", "eye", "onehot"}


@cache
def borrowed_calls() -> Mapping[str, Borrowed]:
    """What functions and methods of NumPy and PyTorch are called here, by the names that the ops give them."""
    table = {name: _borrowed(op) for name, op in REGISTRY.items() if name != INDEX}
    return table | {other: _borrowed(op) for op in REGISTRY.values() for other in op.borrowed}


def _borrowed(op: type[Op]) -> Borrowed:
    return Borrowed(op.symbol, tuple(options(op.name)), op.inputs[0].endswith("*"))


def diag(x: Array) -> Array:
    """Diagonal matrix (n, n) of a vector (n,), a column (n, 1) or a row (1, n)."""
    flat = np.ravel(x)
    if np.ndim(x) > 2 or np.size(x) != max(np.shape(x), default=1):
        raise ShapeError(msg("engine.diag-of-matrix", shape=np.shape(x)))
    _bounded(flat.size, flat.size)
    return np.diag(flat)


def ones(*sizes: Array) -> Array:
    """Ones of shape (n, m), or of the shape of one array."""
    return np.ones(_sizes("ones", sizes))


def zeros(*sizes: Array) -> Array:
    """Zeros of shape (n, m), or of the shape of one array."""
    return np.zeros(_sizes("zeros", sizes))


def eye(n: Array) -> Array:
    """Identity matrix (n, n)."""
    (size,) = _sizes("eye", (n,))
    return np.eye(size)


def onehot(labels: Array, k: Array) -> Array:
    """Rows that are 1 at the label and 0 elsewhere: labels (..,) give (.., k)."""
    (size,) = _sizes("onehot", (k,))
    rows = np.asarray(labels)
    _bounded(max(rows.size, 1), size)
    return np.equal(rows[..., None], np.arange(size)) * 1.0


def index(x: Array, *items: Any) -> Array:
    """NumPy indexing with whole numbers, slices and `...`."""
    array = np.asarray(x)
    try:
        return as_float64(array[tuple(_whole_index(item) for item in items)])
    except (IndexError, TypeError, ValueError):
        shown = ", ".join("..." if item is Ellipsis else str(item) for item in items)
        raise ShapeError(msg("engine.index-out-of-range", index=shown, shape=array.shape)) from None


def backward(name: str, i: int, up: Array, *inputs: Array, **attributes: Any) -> Array:
    """The gradient that an op sends to its input i, in the shape of that input."""
    op = operation(name, **attributes)
    return unbroadcast(op.vjp(i, up, op.forward(*inputs), *inputs), np.shape(inputs[i]))


@cache
def latex_functions() -> Mapping[str, str]:
    """How LaTeX writes functions: see `to_latex`."""
    latex = {name: op.latex for name, op in REGISTRY.items() if op.latex}
    return latex | {alias: latex[name] for alias, name in ALIASES.items() if name in latex}


def _checked(name: str) -> Callable[..., Array]:
    kind = REGISTRY[name]
    least, most = kind.arity()
    # Most calls have inputs alone; sparing them the rest makes an answer's evaluation twice as fast.
    simple = operation(name) if not fields(kind) else None

    def call(*arguments: Any, **keywords: Any) -> Array:
        if simple is not None and not keywords and least <= len(arguments) <= most and str not in map(type, arguments):
            return _forward(simple, [as_float64(array) for array in arguments])
        split = split_arguments(kind, arguments)
        if split is None or any(isinstance(each, str) for each in split[0]):
            known = {"op": name, "takes": kind.signature(), "given": len(arguments)}
            raise EngineError(msg("engine.wrong-arguments", **known))
        attributes = {key: _literal(value) for key, value in split[1].items()}
        for twice in attributes.keys() & keywords.keys():
            raise EngineError(msg("engine.attribute-twice", op=name, attribute=twice))
        op = operation(name, **attributes, **keywords)
        return _forward(op, [as_float64(array) for array in split[0]])

    return call


def _forward(op: Op, arrays: list[Array]) -> Array:
    shapes = [np.shape(array) for array in arrays]
    made = op.shape(*shapes)
    _bounded(op.cost(made, *shapes).work)
    op.check(*arrays)
    with np.errstate(all="ignore"):
        return op.forward(*arrays)


def _literal(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic | list | float):
        if np.size(value) > MOST_OPTIONS:
            raise EngineError(msg("expr.option-too-large"))
        return _ints(np.asarray(value).tolist())
    return value


def _ints(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_ints(item) for item in value)
    if isinstance(value, float) and abs(value) > MOST_WHOLE:
        raise EngineError(msg("expr.option-too-large"))
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _whole_index(item: Any) -> Any:
    if isinstance(item, slice) or item is Ellipsis:
        return item
    array = np.asarray(item)
    if not np.all(np.equal(array, np.round(array))):
        raise IndexError(item)
    return int(array) if array.ndim == 0 else array.astype(np.int64)


def _sizes(name: str, sizes: tuple[Any, ...]) -> tuple[int, ...]:
    if len(sizes) == 1 and np.ndim(sizes[0]) > 0 and name != "eye":
        return np.shape(sizes[0])
    whole = []
    for size in sizes:
        if np.size(size) != 1 or float(np.ravel(size)[0]) != round(float(np.ravel(size)[0])) or np.ravel(size)[0] < 1:
            raise EngineError(msg("engine.size-not-whole", op=name))
        whole.append(int(np.ravel(size)[0]))
    _bounded(*(whole * 2 if name == "eye" else whole))
    return tuple(whole)


def _bounded(*sizes: int) -> None:
    total = 1
    for size in sizes:
        total *= int(size)
        if total > MOST_ELEMENTS:
            raise EngineError(msg("engine.array-too-large", most=MOST_ELEMENTS))
