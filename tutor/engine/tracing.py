"""An op's backward rule as a formula: its `vjp` runs on names in place of arrays, and what it does is written down."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from tutor.engine.simplifying import ZERO, simplified
from tutor.expr.tree import (
    ArrayLiteral,
    Binary,
    Boolean,
    Call,
    EllipsisIndex,
    Keyword,
    Name,
    Negation,
    Number,
    Slice,
    Subscript,
    Text,
    Transposed,
    Tree,
)

_OPERATORS = {
    **{"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "matmul": "@", "power": "^", "bitwise_and": "*"},
    **{"less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "equal": "==", "not_equal": "!="},
}
_FUNCTIONS = frozenset({"exp", "log", "sin", "cos", "sinh", "cosh", "tanh", "where", "sum", "einsum", "clip"})
_NAMES = {"maximum": "max", "minimum": "min", "absolute": "abs"}


class UntraceableError(TypeError):
    """For a rule that does what our language has no words for."""


class Traced(NDArrayOperatorsMixin):
    """A formula that NumPy takes for an array; only the names that a rule begins with know their shapes."""

    def __init__(self, tree: Tree, shape: tuple[int, ...] | None = None) -> None:
        self.tree, self._shape = tree, shape

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array that a name stands for."""
        if self._shape is None:
            raise UntraceableError
        return self._shape

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return len(self.shape)

    @property
    def T(self) -> "Traced":
        """Transposed."""
        return Traced(Transposed(self.tree)) if self.shape else self

    def __getitem__(self, key: Any) -> "Traced":
        items = key if isinstance(key, tuple) else (key,)
        return Traced(Subscript(self.tree, tuple(map(_item, items)))) if items else self

    def _has_no_value(self, *_: Any, **__: Any) -> Any:
        raise UntraceableError

    __array__ = __bool__ = __iter__ = __float__ = _has_no_value

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> "Traced":
        if method != "__call__" or options:
            raise UntraceableError
        return Traced(_applied(ufunc.__name__, *map(_tree, inputs)))

    def __array_function__(
        self, function: Callable[..., Any], types: Any, inputs: tuple[Any, ...], options: Mapping[str, Any]
    ) -> Any:
        match function.__name__, inputs:
            case ("shape" | "ndim") as asked, _:
                return getattr(inputs[0], asked)
            case "reshape", (x, shape):
                to = ArrayLiteral(tuple(_number(size) for size in shape))
                return Traced(Call("reshape", (x.tree, to)) if shape else Call("sum", (x.tree,)))
            case "transpose", (x, axes):
                return Traced(Call("transpose", (x.tree,), _keywords({"axes": axes}))) if len(axes) else x
            case name, _ if name in _FUNCTIONS:
                return Traced(Call(name, tuple(map(_tree, inputs)), _keywords(options)))
        raise UntraceableError


def traced(rule: Callable[..., Any], *names: tuple[str, tuple[int, ...] | None]) -> Tree | None:
    """What a rule does with names of these shapes, as a formula; None where our language has no words for it."""
    try:
        made = rule(*(Traced(Name(name), shape) for name, shape in names))
    except (TypeError, AttributeError, ValueError):  # it asks for more than a name can answer
        return None
    return simplified(made.tree) if isinstance(made, Traced) else None


def _applied(name: str, *parts: Tree) -> Tree:
    match name, parts:
        case "multiply", (left, right) if right == ZERO:
            return Binary("*", ZERO, left)
        case "multiply", (left, Negation(operand=right)):
            return Negation(Binary("*", left, right))
        case "multiply", (left, right) if left == right:
            return Binary("^", left, Number("2", 2.0))
        case "negative", (x,):
            return Negation(x)
        case "sign", (x,):
            return Binary("-", Binary(">", x, ZERO), Binary("<", x, ZERO))
        case "logaddexp", (zero, x) if zero == ZERO:
            return Call("softplus", (x,))
        case "exp", (Negation(operand=Call(function="softplus", arguments=(Negation(operand=x),))),):
            return Call("sigmoid", (x,))
    if name in _OPERATORS:
        return Binary(_OPERATORS[name], *parts)
    if name in _FUNCTIONS or name in _NAMES:
        return Call(_NAMES.get(name, name), parts)
    raise UntraceableError


def _tree(value: Any) -> Tree:
    if isinstance(value, Traced):
        return value.tree
    if isinstance(value, str):
        return Text(value)
    if np.ndim(value) == 0:
        return _number(value)
    raise UntraceableError


def _number(value: Any) -> Tree:
    if value < 0:
        return Negation(_number(-value))
    text = str(int(value)) if value == int(value) else repr(float(value))
    return Number(text, float(value))


def _keywords(options: Mapping[str, Any]) -> tuple[Keyword, ...]:
    return tuple(Keyword(name, literal(value)) for name, value in options.items() if value is not None)


def literal(value: Any) -> Tree:
    """An attribute as it is written: a number, a list of them, true or false, a word."""
    if isinstance(value, str):
        return Text(value)
    if isinstance(value, bool):
        return Boolean(value)
    return ArrayLiteral(tuple(map(_number, value))) if np.ndim(value) else _number(value)


def _item(item: Any) -> Tree | Slice | EllipsisIndex:
    if isinstance(item, slice):
        return Slice(*(None if end is None else _number(end) for end in (item.start, item.stop, item.step)))
    if isinstance(item, int):
        return _number(item)
    if item is Ellipsis:
        return EllipsisIndex()
    raise UntraceableError
