"""Words of the tables' meanings that put the entries of an array in another order, or several times."""

from math import prod

from tutor.authoring.python import axes
from tutor.authoring.python.python_values import Array, Size, UnmappedError, Value
from tutor.authoring.python.reshaping import MOST_ENTRIES, ReshapingCalls
from tutor.expr.tree import Slice, Subscript


class CopyingCalls(ReshapingCalls):
    """Each raises UnmappedError for what it does not cover."""

    def flipped(self, x: Value, axis: Value) -> Value:
        """The entries backward along one axis, some, or, with None, all."""
        rank = self.rank(x)
        turned = range(rank) if axis is None else self.whole_numbers(axis)
        if not rank or not all(-rank <= each < rank for each in turned):
            raise UnmappedError
        backward = {each % rank for each in turned}
        items = tuple(Slice(None, None, axes.whole(-1) if k in backward else None) for k in range(rank))
        return self.made(x, Subscript(self.tree(x), items))

    def rolled(self, x: Value, shift: Value, axis: Value) -> Value:
        """The entries moved along an axis, the last ones to the front; with None in reading order."""
        sizes = self.shape_of(x)
        if axis is None and len(sizes) > 1:
            return self.reshaped(self.rolled(self.flat(x), shift, 0), list(sizes))
        axis = 0 if axis is None else axis
        if not isinstance(axis, int) or not isinstance(shift, int) or not -len(sizes) <= axis < len(sizes):
            raise UnmappedError
        size = sizes[axis]
        if isinstance(size, Size) and abs(shift) != 1:
            raise UnmappedError  # how far that is hangs on the size
        end = self.sized("-", size, shift) if shift > 0 else -shift
        end = end % size if isinstance(end, int) and isinstance(size, int) else end
        return self.joined(self.cut(x, axis, [end, size])[::-1], axis) if end != 0 else self.copied(x)

    def tiled(self, x: Value, counts: Value) -> Value:
        """The array so many times along each axis, counted from the last."""
        counts = self.whole_numbers(counts)
        if min(counts, default=0) < 1 or prod(counts) > MOST_ENTRIES:
            raise UnmappedError
        for _ in range(len(counts) - self.rank(x)):
            x = self.widened(x, 0)
        start = self.rank(x) - len(counts)
        for axis, count in enumerate(counts, start):
            x = self.joined([x] * count, axis) if count > 1 else x
        return self.copied(x)

    def tiled_like_pytorch(self, x: Value, counts: Value) -> Value:
        """PyTorch's `repeat`, which wants a count for every axis."""
        return self.tiled(x, counts) if len(self.whole_numbers(counts)) >= self.rank(x) else self.refuse()

    def repeated(self, x: Value, count: Value, axis: Value) -> Value:
        """Each entry so many times in a row."""
        if axis is None:
            x, axis = self.flat(x), 0
        sizes = list(self.shape_of(x))
        if not isinstance(count, int) or not isinstance(axis, int) or not 0 < count <= MOST_ENTRIES:
            raise UnmappedError
        if not -len(sizes) <= axis < len(sizes):
            raise UnmappedError
        axis = axis % len(sizes)
        copies = self.call("stack", [x] * count, {"axis": axis + 1})
        sizes[axis] = self.sized("*", sizes[axis], count)
        return self.reshaped(copies, sizes)

    def copied(self, x: Value) -> Array:
        """An array of the same entries that changes on its own."""
        return self.made(x, self.tree(x))
