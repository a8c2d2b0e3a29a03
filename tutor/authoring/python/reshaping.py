"""Words of the tables' meanings that move entries: axes swapped and merged, arrays joined, cut, flipped, repeated."""

from collections.abc import Sequence
from functools import partial, reduce
from itertools import pairwise
from math import prod

from tutor.authoring.python import axes
from tutor.authoring.python.arrays import ArrayReader
from tutor.authoring.python.call_table import UNSET, is_float
from tutor.authoring.python.python_values import Array, Library, Pair, RefusedValue, Size, UnmappedError, Value
from tutor.expr.tree import ArrayLiteral as Listed
from tutor.expr.tree import Number, Slice, Subscript, Transposed
from tutor.text import msg

MOST_ENTRIES = 64


class ReshapingCalls(ArrayReader):
    """Each method is a word of the tables' meanings; all raise UnmappedError for what they do not cover."""

    def given(self, first: Value, second: Value) -> Value:
        """The first of two names for one parameter that was used."""
        if first is not UNSET and second not in (UNSET, None, 0):
            raise UnmappedError
        found = second if first is UNSET else first
        return None if found is UNSET else found

    def less_one(self, divisor: Value) -> Value:
        """Whether a variance is divided by n - 1."""
        if isinstance(divisor, Array) or divisor not in (0, 1):
            raise UnmappedError
        return bool(divisor)

    def all_if_empty(self, dim: Value) -> Value:
        """PyTorch's `dim=()` means all axes."""
        return None if dim == () else dim

    def is_float(self, dtype: Value) -> bool:
        return is_float(dtype)

    def is_device(self, device: Value) -> bool:
        return isinstance(device, str) or (isinstance(device, Library) and device.path.startswith("torch.device"))

    def present(self, *values: Value) -> Value:
        return [each for each in values if each is not None]

    def one_axis(self, size: Value) -> Value:
        """PyTorch's windows over one axis, which our pooling takes as windows over the last one."""
        if size is None or isinstance(size, int):
            return size
        raise UnmappedError

    # Shapes

    def entries(self, x: Value) -> Value:
        return self.product(self.shape_of(x))

    def product(self, sizes: Sequence[Value]) -> Value:
        return reduce(partial(self.sized, "*"), sizes, 1)

    def sizes(self, shape: Value) -> list[Value]:
        """Sizes given one by one, or all in one tuple."""
        shape = shape if isinstance(shape, tuple | list) else (shape,)
        if len(shape) == 1 and isinstance(shape[0], tuple | list):
            shape = shape[0]
        if any(not isinstance(each, int | Size) or isinstance(each, bool) for each in shape):
            raise UnmappedError
        return list(shape)

    def whole_numbers(self, values: Value) -> list[int]:
        found = self.sizes(values)
        if any(isinstance(each, Size) for each in found):
            raise UnmappedError
        return found

    def reshaped(self, x: Value, shape: Value) -> Value:
        sizes = tuple(self.tree(each) for each in self.sizes(shape) or self.refuse())
        return self.call("reshape", [x, self.array(Listed(sizes))])

    def flat(self, x: Value) -> Value:
        return self.call("reshape", [x, self.array(Listed((axes.whole(-1),)))])

    def flattened(self, x: Value, start: Value, end: Value) -> Value:
        if start == 0 and end == -1:
            return self.flat(x)
        sizes = list(self.shape_of(x))
        first, last = start % len(sizes), end % len(sizes)
        return self.reshaped(x, [*sizes[:first], self.product(sizes[first : last + 1]), *sizes[last + 1 :]])

    def permuted(self, x: Value, order: Value) -> Value:
        order = None if order in (None, (), (None,)) else self.whole_numbers(order)
        if order in (None, [1, 0], [-1, 0], [1, -2]):
            return self.made(x, Transposed(self.tree(x)))
        if min(order) < 0:
            order = [each % len(order) for each in order]
        return self.made(x, axes.permuted(self.tree(x), order))

    def turned(self, x: Value) -> Value:
        """PyTorch's `t`: of a matrix or a vector."""
        if (self.known_rank(x) or 0) > 2:
            raise UnmappedError
        return self.made(x, Transposed(self.tree(x)))

    def swapped(self, x: Value, one: Value, other: Value) -> Value:
        if not isinstance(one, int) or not isinstance(other, int):
            raise UnmappedError
        rank = self.known_rank(x)
        rank = 2 if rank is None else rank  # a shape that is not told yet will be that of a matrix
        if not (-rank <= one < rank and -rank <= other < rank):
            raise UnmappedError(self.tree(x))
        order = list(range(rank))
        order[one % rank], order[other % rank] = order[other % rank], order[one % rank]
        return x if order == sorted(order) else self.permuted(x, order)

    def moved(self, x: Value, source: Value, destination: Value) -> Value:
        if not isinstance(source, int) or not isinstance(destination, int):
            raise UnmappedError
        order = list(range(self.rank(x)))
        order.insert(destination % len(order), order.pop(source % len(order)))
        return self.permuted(x, order)

    def widened(self, x: Value, axis: Value) -> Value:
        if not isinstance(axis, int):
            raise UnmappedError
        return self.made(x, axes.widened(self.tree(x), axis))

    def squeezed(self, x: Value, axis: Value) -> Value:
        if axis is None:
            places = [k for k, size in enumerate(self.shape_of(x)) if size == 1]
        else:
            places = self.whole_numbers(axis)
        if not places:
            return x
        rank = self.known_rank(x)
        if rank is None and (len(places) > 1 or places[0] < 0):
            raise UnmappedError(self.tree(x))
        places = [each % rank if rank else each for each in places]
        if rank is not None:
            # PyTorch leaves an axis of another size alone; NumPy refuses it.
            sizes = self.shape_of(x)
            if any(sizes[each] != 1 for each in places):
                if not self.torch or any(isinstance(sizes[each], Size) for each in places):
                    raise UnmappedError
                return x
        items = [Number("0", 0.0) if k in places else Slice(None, None, None) for k in range(max(places) + 1)]
        return self.made(x, Subscript(self.tree(x), tuple(items)))

    def two_axes(self, *arrays: Value) -> Value:
        if len(arrays) != 1:
            raise UnmappedError
        rank = self.rank(arrays[0])
        return arrays[0] if rank > 1 else self.reshaped(arrays[0], (1, -1))

    # Arrays side by side

    def joined(self, arrays: Value, axis: Value) -> Value:
        arrays = self.items_of(arrays)
        if axis is None:
            arrays, axis = [self.flat(each) for each in arrays], 0
        return self.call("concat", arrays, {"axis": axis})

    def side_by_side(self, arrays: Value) -> Value:
        arrays = self.items_of(arrays)
        return self.joined(arrays, 1 if self.first_rank(arrays) > 1 else 0)

    def one_below_another(self, arrays: Value) -> Value:
        arrays = self.items_of(arrays)
        if self.first_rank(arrays) == 1:
            return self.call("stack", arrays, {"axis": 0})
        return self.joined(arrays, 0)

    def columns(self, arrays: Value) -> Value:
        arrays = self.items_of(arrays)
        return self.joined([self.widened(each, 1) if self.rank(each) == 1 else each for each in arrays], 1)

    def first_rank(self, arrays: list[Value]) -> int:
        """The rank of the first array that has a known one, which must be at least 1."""
        found = next((rank for each in arrays if (rank := self.known_rank(each)) is not None), None)
        if not found:
            raise UnmappedError(self.tree(arrays[0]) if arrays and found is None else None)
        return found

    def cut(self, x: Value, axis: Value, ends: Sequence[Value]) -> Value:
        """The pieces of x along an axis; each ends where the next begins."""
        tree, before = self.tree(x), [Slice(None, None, None)] * (axis % self.rank(x))
        spans = [Slice(self.tree(start), self.tree(end), None) for start, end in pairwise([0, *ends])]
        return tuple(self.made(x, Subscript(tree, (*before, span))) for span in spans)

    def pieces(self, x: Value, size: Value, axis: Value) -> Value:
        """PyTorch's `split`: pieces of this size, or of these sizes."""
        total = self.shape_of(x)[axis]
        if isinstance(size, tuple | list):
            ends: list[Value] = []
            for each in size:
                ends.append(self.sized("+", ends[-1] if ends else 0, each))
            if not ends or ends[-1] != total:
                raise UnmappedError
            return self.cut(x, axis, ends)
        count = self.ratio(total, size)
        if count is None:
            if not isinstance(total, int) or not isinstance(size, int) or size < 1:
                raise UnmappedError
            return self.cut(x, axis, [*range(size, total, size), total])
        return self.cut(x, axis, [self.sized("*", k + 1, size) for k in range(count)])

    def chunks_of(self, x: Value, chunks: Value, axis: Value) -> Value:
        """PyTorch's `chunk`: so many pieces of equal size, the last one perhaps smaller."""
        total = self.shape_of(x)[axis]
        size = self.share(total, chunks)
        if size is None:
            if not isinstance(total, int) or not isinstance(chunks, int) or chunks < 1:
                raise UnmappedError
            size = -(-total // chunks)
        return self.pieces(x, size, axis)

    def parts(self, x: Value, sections: Value, axis: Value) -> Value:
        """NumPy's `split`: so many equal pieces, or cut at these places."""
        total = self.shape_of(x)[axis]
        if isinstance(sections, tuple | list):
            return self.cut(x, axis, [*sections, total])
        size = self.share(total, sections)
        if size is None:
            raise UnmappedError
        return self.pieces(x, size, axis)

    def unbound(self, x: Value, axis: Value) -> Value:
        axis = axis % self.rank(x)
        count = self.shape_of(x)[axis]
        if not isinstance(count, int) or count > MOST_ENTRIES:
            raise UnmappedError
        whole = [Slice(None, None, None)] * axis
        return tuple(self.made(x, Subscript(self.tree(x), (*whole, axes.whole(k)))) for k in range(count))

    def pair(self, values: Array) -> Pair:
        return Pair(values, RefusedValue(msg("authoring.python-indices")))

    # Entries in another order, or several times

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
