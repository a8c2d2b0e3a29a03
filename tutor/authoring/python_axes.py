"""Axes made, dropped, swapped and merged: what NumPy and PyTorch say in many ways, lessons in few."""

import ast
from collections.abc import Callable, Sequence
from typing import TypeAlias

from tutor.expr import Tree
from tutor.expr.tree import Array, Call, Dots, Index, Keyword, Negate, Number, Slice, Transpose

Dims: TypeAlias = Callable[[Tree], tuple[Tree, ...] | None]  # the shape of a formula as sizes, where it can be known
_AXES = frozenset({"expand_dims", "unsqueeze", "squeeze", "flatten", "ravel"})
_SWAPS = frozenset({"transpose", "t", "permute", "swapaxes"})
_ALL = Slice(None, None, None)


def is_new_axis(node: ast.expr) -> bool:
    """Whether an index is `None` or `np.newaxis`."""
    if isinstance(node, ast.Constant):
        return node.value is None
    return isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node).rpartition(".")[2] == "newaxis"


def with_new_axes(operand: Tree, items: Sequence["Tree | Slice | Dots | None"]) -> Tree | None:
    """`x[:, None]` as `stack(x, axis=1)`, one array being stacked; None where the place of an axis is not clear."""
    kept = tuple(item for item in items if item is not None)
    if any(not isinstance(item, Slice | Dots | Number) for item in kept):
        return None  # an array of indices moves axes about
    if any(isinstance(item, Dots) for item in kept) and list(items) != [*kept, None]:
        return None
    tree = operand if all(_is_whole(item) for item in kept) else Index(operand, kept)
    if any(isinstance(item, Dots) for item in kept):
        return _stacked(tree, -1)
    place = 0
    for item in items:
        if item is None:
            tree = _stacked(tree, place)
        place += not isinstance(item, Number)
    return tree


def axes_call(name: str, operand: Tree, axes: Sequence[int | None], dims: Dims, *, torch: bool) -> Tree | None:
    """A call that changes axes alone, by its name and the whole numbers behind its array; None where it is unclear."""
    if any(axis is None for axis in axes):
        return None
    places = [axis for axis in axes if axis is not None]
    if name in _SWAPS:
        swapped = name == "swapaxes" or (torch and name == "transpose")
        return _swapped(operand, places, dims, pair=swapped)
    if name in ("expand_dims", "unsqueeze"):
        return _stacked(operand, places[0]) if len(places) == 1 else None
    if name == "squeeze":
        return _squeezed(operand, places, dims)
    if not places:
        return _reshaped(operand, (), -1)
    sizes = dims(operand)
    if name == "flatten" and torch and len(places) == 1 and sizes is not None and places[0] >= 0:
        return _reshaped(operand, sizes[: places[0]], -1)
    return None


def changes_axes(name: str) -> bool:
    """Whether `axes_call` knows a call of this name."""
    return name in _AXES or name in _SWAPS


def side_by_side(name: str, arrays: Sequence[Tree], dims: Dims) -> Tree | None:
    """`hstack` and `vstack`, which treat vectors otherwise than matrices; None where no shape says which they are."""
    sizes = next((found for each in arrays if (found := dims(each)) is not None), None)
    if not sizes:
        return None
    if name == "vstack" and len(sizes) == 1:
        return Call("stack", tuple(arrays), (Keyword("axis", whole(0)),))
    along = 1 if name == "hstack" and len(sizes) > 1 else 0
    return Call("concat", tuple(arrays), (Keyword("axis", whole(along)),))


def turned(operand: Tree, dims: Dims) -> Tree:
    """`x.mT`: the last two axes swapped."""
    sizes = dims(operand)
    if sizes is None or len(sizes) < 3:
        return Transpose(operand)
    return _permuted(operand, [*range(len(sizes) - 2), len(sizes) - 1, len(sizes) - 2])


def whole(value: int) -> Tree:
    """A whole number as a formula."""
    return Negate(Number(str(-value), float(-value))) if value < 0 else Number(str(value), float(value))


def _swapped(operand: Tree, axes: list[int], dims: Dims, *, pair: bool) -> Tree | None:
    if not axes or (not pair and axes == [1, 0]):
        return Transpose(operand)
    if not pair:
        return _permuted(operand, axes) if min(axes) >= 0 else None
    sizes = dims(operand)
    rank = 2 if sizes is None or len(sizes) < 2 else len(sizes)  # a shape that is not told yet will be that of a matrix
    if len(axes) != 2 or not all(-rank <= axis < rank for axis in axes):
        return None
    order = list(range(rank))
    first, second = (axis % rank for axis in axes)
    order[first], order[second] = second, first
    return Transpose(operand) if order == [1, 0] else _permuted(operand, order)


def _permuted(operand: Tree, order: Sequence[int]) -> Tree:
    return Call("transpose", (operand,), (Keyword("axes", Array(tuple(map(whole, order)))),))


def _squeezed(operand: Tree, axes: list[int], dims: Dims) -> Tree | None:
    if not axes:
        sizes = dims(operand)
        if sizes is None:
            return None
        items = tuple(whole(0) if size == whole(1) else _ALL for size in sizes)
        return Index(operand, items) if whole(1) in sizes else operand
    if len(axes) > 1:
        return None
    (axis,) = axes
    if axis >= 0:
        return Index(operand, (*[_ALL] * axis, whole(0)))
    return Index(operand, (Dots(), whole(0), *[_ALL] * (-axis - 1)))


def _stacked(operand: Tree, axis: int) -> Tree:
    return Call("stack", (operand,), (Keyword("axis", whole(axis)),))


def _reshaped(operand: Tree, sizes: Sequence[Tree], last: int) -> Tree:
    return Call("reshape", (operand, Array((*sizes, whole(last)))))


def _is_whole(item: "Tree | Slice | Dots") -> bool:
    return isinstance(item, Dots) or item == _ALL
