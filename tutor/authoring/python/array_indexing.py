"""What stands behind an array's dot or in its brackets: axes turned round, entries and pieces, read and written."""

import ast
from collections.abc import Sequence
from typing import Any

from tutor.authoring.python import axes
from tutor.authoring.python.arrays import HEAVY
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

_ALL = slice(None)


class IndexReader(CompositeCalls):
    """Reads attributes and indices of arrays; raises UnmappedError for places that are not fixed, or do not fit."""

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

    # Entries written, `x[i] = v`, as the whole array that Python has from then on

    def chosen(self, array: Array, items: Sequence[Value]) -> Value:
        """What stands at the places now; of a condition the whole array, since its entries have no fixed count."""
        return array if _is_condition(items) else self.indexed(array, items)

    def replaced(self, array: Array, items: Sequence[Value], value: Value, by: Value) -> Array:
        """The array with a value at these places; `by` is what the author writes there, with a condition one number."""
        if array.kind != "real" or array.infinite:
            raise UnmappedError  # whole numbers would cut off what is behind the point
        if _is_condition(items):
            if self.shape_of(items[0]) != self.shape_of(array) or (isinstance(by, Array) and self.rank(by)):
                raise UnmappedError
            return self._where(items[0], value, array)
        if any(isinstance(each, Array) for each in items):
            return self._at_labels(array, items, value)
        return self._at_places(array, self._for_all_axes(array, items), value)

    def change(self, array: Array, new: Value, name: str) -> None:
        """All who hold the array see its new entries; others that look at them can no longer be followed."""
        assert isinstance(new, Array)
        if self.without_gradient and not self.is_fixed(array):
            raise UnmappedError  # PyTorch goes on as if it had not been changed
        if array.kind == "int" != new.kind:
            raise UnmappedError  # NumPy cannot keep the result there
        for each in array.memory:
            each.stale = each is not array
        array.memory = [array]
        array.tree, array.kind, array.infinite, array.weight = new.tree, new.kind, new.infinite, new.weight
        if not self.is_fixed(array) or array.weight > HEAVY:
            self.define(name, array)

    def _where(self, condition: Array, value: Value, array: Array) -> Array:
        found = self.call("where", [condition, value, array])
        if self.shape_of(found) != self.shape_of(array):
            raise UnmappedError
        return found

    def _at_labels(self, array: Array, items: Sequence[Value], value: Value) -> Array:
        """`x[np.arange(N), y]`: one entry in each row."""
        sizes = self.shape_of(array)
        if len(sizes) != 2 or len(items) != 2:
            raise UnmappedError
        (rows, classes), (counted, labels) = sizes, items
        if self._item(counted) != self.rows(rows).tree or self.shape_of(labels) != (rows,):
            raise UnmappedError
        condition = self.array(self.one_hot(labels, classes).tree, labels, kind="bool")
        return self._where(condition, self.widened(value, 1) if self.rank(value) else value, array)

    def _for_all_axes(self, array: Array, items: Sequence[Value]) -> list[Value]:
        """An index for each axis."""
        rank = self.rank(array)
        places = list(items)
        dots = [k for k, each in enumerate(places) if each is Ellipsis]
        for k in dots[:1]:
            places[k : k + 1] = [_ALL] * (rank - len(places) + 1)
        if len(places) > rank or any(not isinstance(each, int | slice) or isinstance(each, bool) for each in places):
            raise UnmappedError
        return [*places, *[_ALL] * (rank - len(places))]

    def _at_places(self, array: Array, places: list[Value], value: Value) -> Array:
        """What stands before the first place, the new entries, and what stands behind it, joined again."""
        axis = next((k for k, each in enumerate(places) if each != _ALL), None)
        if axis is None:
            return self._fitted(value, array)
        size, whole = self.shape_of(array)[axis], [_ALL] * axis
        start, stop = _span(places[axis], size)
        part = self.indexed(array, [*whole, places[axis]])
        kept = [_ALL] * (axis + isinstance(places[axis], slice))
        new = self._at_places(part, [*kept, *places[axis + 1 :]], value)
        if not isinstance(places[axis], slice):
            new = self.widened(new, axis)
        pieces = [
            *([] if start == 0 else [self.indexed(array, [*whole, slice(None, start)])]),
            new,
            *([] if stop == size else [self.indexed(array, [*whole, slice(stop, None)])]),
        ]
        return self.call("concat", pieces, {"axis": axis}) if len(pieces) > 1 else new

    def _fitted(self, value: Value, part: Array) -> Array:
        """A value stretched to the shape of the entries that it replaces."""
        sizes = self.shape_of(part)
        found = self.array(self.tree(value), value)
        if self.shape_of(found) != sizes:
            found = self.binary("*", found, self.filled(sizes, 1))
        if self.shape_of(found) != sizes:
            raise UnmappedError
        return found


def _is_condition(items: Sequence[Value]) -> bool:
    return len(items) == 1 and isinstance(items[0], Array) and items[0].kind == "bool"


def _span(place: Value, size: Value) -> tuple[Value, Value]:
    """Where a place begins and ends on an axis; of one whose size has a name, only at its ends."""
    if isinstance(size, Size):
        ends = (place.start, place.stop, place.step) if isinstance(place, slice) else (place, place + 1, None)
        if ends == (-1, 0, None):
            return -1, size
        start, stop, step = ends
        if step is not None or start not in (None, 0, 1) or stop not in (None, 1, -1):
            raise UnmappedError
        if start == stop:
            raise UnmappedError
        return start or 0, size if stop is None else stop
    if isinstance(place, slice):
        if any(not isinstance(each, int | None) for each in (place.start, place.stop)) or place.step not in (None, 1):
            raise UnmappedError
        start, stop, _ = place.indices(size)
    else:
        start = place + size if place < 0 else place
        stop = start + 1
    if not 0 <= start < stop <= size:
        raise UnmappedError
    return start, stop
