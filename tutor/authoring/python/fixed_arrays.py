"""Words of the tables' meanings that make arrays of fixed numbers, masks, and entries that labels pick."""

from collections.abc import Sequence
from math import prod

from tutor.authoring.python import axes
from tutor.authoring.python.call_table import UNSET
from tutor.authoring.python.python_values import Array, Kind, Parameter, Size, UnmappedError, Value
from tutor.authoring.python.reshaping import MOST_ENTRIES, ReshapingCalls
from tutor.expr.tree import ArrayLiteral as Listed
from tutor.expr.tree import Binary, Number, Subscript, Text, Tree


class FixedArrayCalls(ReshapingCalls):
    """Numbers written out where sizes are numbers; made of counted rows where sizes have names."""

    def as_array(self, value: Value) -> Value:
        """`np.array` of a list, or what already is an array or a number."""
        if isinstance(value, Array):
            return self.array(value.tree, value, kind=value.kind)
        if isinstance(value, Size | int | float) and not isinstance(value, bool):
            return self.array(self.tree(value))
        if isinstance(value, tuple | list) and value:
            leaves = self._leaves(value)
            kind: Kind = "int" if all(isinstance(each, int) for each in leaves) else "real"
            return self.array(self._nested(value), *leaves, kind=kind)
        raise UnmappedError

    def _nested(self, value: Value) -> Tree:
        if isinstance(value, tuple | list):
            return Listed(tuple(map(self._nested, value)))
        return self.tree(value)

    def _leaves(self, value: Value) -> list[Value]:
        return [leaf for each in value for leaf in (self._leaves(each) if isinstance(each, tuple | list) else [each])]

    def array_of(self, value: Value, dtype: Value) -> Value:
        """As above, of numbers of another type where one is named."""
        found = self.as_array(value)
        return found if dtype is None else self.as_real(found) if self.is_float(dtype) else self.refuse()

    def as_real(self, x: Value) -> Value:
        """Conditions and whole numbers as numbers to compute with."""
        return self.array(self.tree(x), x)

    def parameter(self, data: Value) -> Value:
        """A weight: of its first numbers only the shape counts."""
        return data if isinstance(data, Parameter) else Parameter(self.shape_of(data))

    def grown(self, data: Value) -> Value:
        """A tensor of PyTorch that wants a gradient: in a cell an input of the shape of what it is made from."""
        found = self.as_array(data)
        return Parameter(self.shape_of(found)) if self.cell else found

    def drawn(self, size: Value) -> Value:
        """Numbers drawn at random."""
        return Parameter(tuple(self.sizes(size)))

    def filled(self, shape: Value, value: int) -> Value:
        """An array of one number: written out where its sizes are numbers, else made of counted rows."""
        sizes = self.sizes(shape)
        if all(isinstance(each, int) for each in sizes):
            if min(sizes, default=1) < 1 or prod(sizes) > MOST_ENTRIES:
                raise UnmappedError
            tree: Tree = Number(str(value), float(value))
            for each in reversed(sizes):
                tree = Listed((tree,) * each)
            return self.array(tree)
        tree = self._along(0, sizes)
        for axis in range(1, len(sizes)):
            tree = Binary("*", tree, self._along(axis, sizes))
        return self.array(tree if value else Binary("*", Number("0", 0.0), tree), kind="real")

    def full(self, shape: Value, value: Value, dtype: Value) -> Value:
        """An array of one number, of whole ones where that is whole."""
        found = self.binary("*", value, self.filled(shape, 1))
        found.kind = "int" if isinstance(value, int) else "real"
        return self.array_of(found, dtype)

    def full_like(self, x: Value, value: Value, dtype: Value) -> Value:
        """One number in the shape of another array, and of its type."""
        ones = self.filled(self.shape_of(x), value if value in (0, 1) else 1)
        found = ones if value in (0, 1) else self.binary("*", value, ones)
        found.kind = "int" if isinstance(x, Array) and x.kind != "real" else "real"
        return self.array_of(found, dtype)

    def expanded(self, x: Value, size: Value) -> Value:
        sizes, own = self.sizes(size), self.shape_of(x)
        behind = [None] * (len(sizes) - len(own)) + list(own)
        sizes = [mine if each == -1 else each for each, mine in zip(sizes, behind, strict=True)]
        return self.binary("*", x, self.filled(sizes, 1))

    def _along(self, axis: int, sizes: Sequence[Value]) -> Tree:
        """Ones along one axis, and as many axes of size 1 behind it as there are axes to come."""
        rows = self.tree(self.counted(sizes[axis], None, 1))
        ones: Tree = Binary(">=", rows, Number("0", 0.0))
        for _ in range(axis + 1, len(sizes)):
            ones = axes.widened(ones, -1)
        return ones

    def counted(self, start: Value, stop: Value, step: Value) -> Value:
        """0, 1, 2, ..: written out where the end is a number, else an input of its own."""
        if stop is UNSET or stop is None:
            start, stop = 0, start
        if isinstance(start, int) and isinstance(stop, int) and isinstance(step, int) and step:
            numbers = range(start, stop, step)
            if not 0 < len(numbers) <= MOST_ENTRIES:
                raise UnmappedError
            if start == 0 and step == 1:
                return self.rows(stop)
            return self.array(Listed(tuple(map(axes.whole, numbers))), kind="int")
        if start == 0 and step == 1 and isinstance(stop, Size):
            return self.rows(stop)
        raise UnmappedError

    def eye(self, n: Value, m: Value, k: Value) -> Value:
        if isinstance(n, int) and isinstance(m, int) and isinstance(k, int) and 0 < n * m <= MOST_ENTRIES:
            return self.as_real(self.as_array([[int(column == row + k) for column in range(m)] for row in range(n)]))
        return self._compared("==", n, m, k)

    def _compared(self, op: str, n: Value, m: Value, k: Value) -> Value:
        """A matrix of 0 and 1 that says how the number of a row compares with that of a column."""
        if not isinstance(k, int):
            raise UnmappedError
        column = axes.widened(self.tree(self.counted(n, None, 1)), 1)
        shifted = column if not k else Binary("+" if k > 0 else "-", column, axes.whole(abs(k)))
        return self.array(Binary(op, shifted, self.tree(self.counted(m, None, 1))), kind="real")

    def triangle(self, x: Value, k: Value, lower: bool) -> Value:
        """`tril` and `triu`: the entries beyond a diagonal are 0."""
        *_, n, m = self.shape_of(x) if self.rank(x) > 1 else self.refuse()
        if isinstance(n, int) and isinstance(m, int) and isinstance(k, int) and n * m <= MOST_ENTRIES:
            kept = [[int(c <= r + k if lower else c >= r + k) for c in range(m)] for r in range(n)]
            if self.is_fixed(x) and self.tree(x) == self.tree(self.filled((n, m), 1)):
                return self.as_real(self.as_array(kept))
            return self.binary("*", x, self.as_array(kept))
        return self.binary("*", x, self._compared(">=" if lower else "<=", n, m, k))

    def diag(self, x: Value, k: Value) -> Value:
        rank = self.rank(x)
        if k != 0 or rank not in (1, 2):
            raise UnmappedError
        if rank == 2:
            return self.diagonal(x, k)
        (n,) = self.shape_of(x)
        return self.binary("*", x, self.eye(n, n, 0))

    def diagonal(self, x: Value, offset: Value) -> Value:
        if offset != 0 or self.rank(x) != 2 or len(set(self.shape_of(x))) > 1:
            raise UnmappedError
        return self.call("einsum", [self.array(Text("ii->i")), x])

    def one_hot(self, labels: Value, classes: Value) -> Value:
        if not isinstance(classes, int | Size) or (isinstance(classes, int) and classes < 1):
            raise UnmappedError
        rows = self.tree(self.counted(classes, None, 1))
        return self.array(Binary("==", axes.widened(self.tree(labels), -1), rows), labels, kind="real")

    def gathered(self, x: Value, axis: Value, index: Value) -> Value:
        """PyTorch's `gather` on a matrix: in each row the columns that the index names, or the other way round."""
        sizes, wanted = self.shape_of(x), self.shape_of(index)
        if len(sizes) != 2 or len(wanted) != 2 or sizes[1 - axis % 2] != wanted[1 - axis % 2]:
            raise UnmappedError
        numbers = self.tree(self.counted(sizes[1 - axis % 2], None, 1))
        chosen = self.tree(index)
        items = (axes.widened(numbers, 1), chosen) if axis % 2 else (chosen, numbers)
        return self.array(Subscript(self.tree(x), items), x, index)

    def picked(self, scores: Value, labels: Value) -> Value:
        """The entry of each row that its label names."""
        rank, labels_rank = self.known_rank(scores), self.rank(labels)
        if rank is not None and rank != labels_rank + 1:
            raise UnmappedError
        if labels_rank == 0:
            return self.array(Subscript(self.tree(scores), (self.tree(labels),)), scores, labels)
        if labels_rank != 1:
            raise UnmappedError
        rows = self.counted(self.shape_of(labels)[0], None, 1)
        items = (self.tree(rows), self.tree(labels))
        return self.array(Subscript(self.tree(scores), items), scores, labels)
