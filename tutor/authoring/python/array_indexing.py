"""What stands behind an array's dot or in its brackets: axes turned round, entries, pieces, new axes."""

import ast
from collections.abc import Sequence
from typing import Any

from tutor.authoring.python import axes
from tutor.authoring.python.composite_calls import CompositeCalls
from tutor.authoring.python.python_values import (
    Array,
    Library,
    Method,
    Pair,
    RangeOf,
    RefusedValue,
    Size,
    UnmappedError,
    Value,
)
from tutor.authoring.python.syntax_nodes import UnreadableError, shown
from tutor.expr import Tree
from tutor.expr.tree import ArrayLiteral as Listed
from tutor.expr.tree import EllipsisIndex, Name, Slice, Subscript, Transposed
from tutor.text import msg


class IndexReader(CompositeCalls):
    """Reads attributes and indices of arrays."""

    def usable(self, node: ast.expr, value: Value) -> Value:
        """The value, unless nothing may be made of it."""
        if isinstance(value, RefusedValue):
            raise UnreadableError(node, value.message)
        return value

    def of_array(self, node: ast.Attribute, owner: Array, attr: str) -> Value:
        tree = self.tree(owner)
        match attr:
            case "T" | "H":
                return self.view(owner, self.made(owner, Transposed(tree)))
            case "mT":
                return self.view(owner, self.swapped(owner, -1, -2))
            case "shape":
                return self.shape_of(owner)
            case "ndim":
                return self.rank(owner)
            case "size" if not owner.torch:
                return self.entries(owner)
            case "data":
                return self.view(owner, self.call("stop_gradient", [owner]))
            case "dtype":
                return Library("torch.float64")
            case "device":
                return Library("torch.device")
            case "values" | "indices" | "grad":
                raise UnreadableError(node, msg("authoring.python-attribute", text=shown(node)))
        return Method(owner, attr)

    def indexed(self, value: Array, items: Sequence[Value]) -> Array:
        """Entries, rows and new axes of an array."""
        trees = [None if each is None else self._item(each) for each in items]
        arrays = [each for each in items if isinstance(each, Array)]
        if None in trees:
            widened = axes.with_new_axes(self.tree(value), trees)
            if widened is None:
                raise UnmappedError
            return self.view(value, self.made(value, widened))
        tree = Subscript(self.tree(value), tuple(each for each in trees if each is not None))
        found = self.array(tree, value, *arrays, kind=value.kind)
        return found if arrays or any(isinstance(each, list) for each in items) else self.view(value, found)

    def _item(self, value: Value) -> "Tree | Slice | EllipsisIndex":
        match value:
            case slice():
                ends = (value.start, value.stop, value.step)
                if isinstance(value.step, int) and value.step == 0:
                    raise UnmappedError
                return Slice(*(None if each is None else self.tree(each) for each in ends))
            case bool() | float():
                raise UnmappedError
            case RangeOf():
                return self.rows(value.size).tree
            case range() if value.start == 0 and value.step == 1 and len(value):
                return self.rows(len(value)).tree
            case list() if value and all(isinstance(each, int) and not isinstance(each, bool) for each in value):
                return Listed(tuple(map(axes.whole, value)))
            case Array():
                # Entries chosen by a condition have no fixed count; a name without a shape may still be labels.
                if value.kind == "bool" or (value.kind == "real" and not isinstance(value.tree, Name)):
                    raise UnmappedError
                return self.tree(value)
        if value is Ellipsis:
            return EllipsisIndex()
        return self.tree(value)

    def subscript(self, node: ast.Subscript, value: Value, items: tuple[Value, ...]) -> Value:
        if isinstance(value, Pair):
            if items not in ((0,), (1,)):
                raise UnmappedError
            return self.usable(node, value.values if items == (0,) else value.indices)
        if isinstance(value, tuple | list | dict | str):
            key: Any = items[0] if len(items) == 1 else items
            ends = (key.start, key.stop, key.step) if isinstance(key, slice) else (key,)
            if any(isinstance(each, Array | Size) for each in ends):
                raise UnmappedError
            try:
                found: Value = value[key]
            except (LookupError, TypeError, ValueError):
                raise UnmappedError from None
            return found
        if any(isinstance(each, str) for each in items) or isinstance(value, Library):
            raise UnreadableError(node, msg("authoring.python-attribute", text=shown(node)))
        if not isinstance(value, Array):
            raise UnmappedError
        return self.indexed(value, items)
