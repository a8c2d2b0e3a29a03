"""Entries written into an array, `x[i] = v`, as the whole array that Python has from then on."""

from collections.abc import Sequence

from tutor.authoring.python.array_indexing import IndexReader
from tutor.authoring.python.arrays import HEAVY
from tutor.authoring.python.python_values import Array, Memory, Size, UnmappedError, Value

_ALL = slice(None)


class EntryReader(IndexReader):
    """Raises UnmappedError for places that are not fixed, and for values that do not fit there."""

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
        for each in array.memory.arrays:
            each.stale = each is not array
        array.memory = Memory([array])
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
