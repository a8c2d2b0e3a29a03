"""Shapes written with names for sizes: `[n, 1]`, `[2*m]`."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from tutor.expr import Tree, names_in
from tutor.expr.tree import Binary, Negation, Number
from tutor.expr.tree import Name as NameNode
from tutor.lesson.model import Given


class SizeError(ValueError):
    """A size that is no whole number of at least 1."""


def shape_of(given: Given, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """The shape of an input at these sizes; raises SizeError."""
    return tuple(size_of(dim, sizes) for dim in given.dims)


def size_of(dim: "int | Tree", sizes: Mapping[str, int]) -> int:
    """A size from its formula; raises SizeError for one that is not whole or less than 1, KeyError for a name."""
    size = Fraction(dim) if isinstance(dim, int) else _value(dim, sizes)
    if size.denominator != 1 or size < 1:
        raise SizeError(str(size))
    return int(size)


def size_names(dims: "Iterable[int | Tree | None]") -> frozenset[str]:
    """The names that these sizes speak of."""
    return frozenset(name for dim in dims if dim is not None and not isinstance(dim, int) for name in names_in(dim))


def _value(tree: Tree, sizes: Mapping[str, int]) -> Fraction:
    match tree:
        case Number() if tree.value.is_integer():
            return Fraction(int(tree.value))
        case NameNode():
            return Fraction(sizes[tree.name])
        case Negation():
            return -_value(tree.operand, sizes)
        case Binary(op="+"):
            return _value(tree.left, sizes) + _value(tree.right, sizes)
        case Binary(op="-"):
            return _value(tree.left, sizes) - _value(tree.right, sizes)
        case Binary(op="*"):
            return _value(tree.left, sizes) * _value(tree.right, sizes)
        case Binary(op="/"):
            divisor = _value(tree.right, sizes)
            if divisor:
                return _value(tree.left, sizes) / divisor
    raise SizeError("no size")
