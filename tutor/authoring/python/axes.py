"""Axes made, swapped and merged, as formulas."""

from collections.abc import Sequence

from tutor.expr import Tree
from tutor.expr.tree import ArrayLiteral, Call, EllipsisIndex, Keyword, Negation, Number, Slice, Subscript


def whole(value: int) -> Tree:
    """A whole number as a formula."""
    return Negation(Number(str(-value), float(-value))) if value < 0 else Number(str(value), float(value))


def permuted(operand: Tree, order: Sequence[int]) -> Tree:
    """Axes in this order."""
    return Call("transpose", (operand,), (Keyword("axes", ArrayLiteral(tuple(map(whole, order)))),))


def widened(operand: Tree, axis: int) -> Tree:
    """A new axis of size 1: one array being stacked."""
    return Call("stack", (operand,), (Keyword("axis", whole(axis)),))


def with_new_axes(operand: Tree, items: "Sequence[Tree | Slice | EllipsisIndex | None]") -> Tree | None:
    """`x[:, None]` as `stack(x, axis=1)`; None where the place of an axis is not clear."""
    kept = tuple(item for item in items if item is not None)
    if any(not isinstance(item, Slice | EllipsisIndex | Number) for item in kept):
        return None  # an array of indices moves axes about
    if any(isinstance(item, EllipsisIndex) for item in kept) and list(items) != [*kept, None]:
        return None
    tree = operand if all(_is_whole(item) for item in kept) else Subscript(operand, kept)
    if any(isinstance(item, EllipsisIndex) for item in kept):
        return widened(tree, -1)
    place = 0
    for item in items:
        if item is None:
            tree = widened(tree, place)
        place += not isinstance(item, Number)
    return tree


def _is_whole(item: "Tree | Slice | EllipsisIndex") -> bool:
    return isinstance(item, EllipsisIndex) or item == Slice(None, None, None)
