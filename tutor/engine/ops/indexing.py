"""Picking entries: `x[0]`, `x[:, 1:3]`, `p[rows, labels]`, gather; backward adds each piece back where it came from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.engine.errors import EngineError, ShapeError
from tutor.engine.ops.op import Array, Multilinear, Shape, not_computable
from tutor.text import msg


@dataclass(frozen=True)
class Range:
    """`start:stop:step` within an index."""

    start: int | None
    stop: int | None
    step: int | None = None

    def __str__(self) -> str:
        start, stop, step = ("" if part is None else str(part) for part in (self.start, self.stop, self.step))
        return f"{start}:{stop}" + (f":{step}" if step else "")


@dataclass(frozen=True)
class Index(Multilinear):
    """NumPy indexing, x[1:3] (n, m) -> (2, m): each entry picked gets its gradient back, the rest 0.

    `items` holds numbers, lists of them, `Range`s, "..." and "array" for an integer input.
    """

    items: tuple[Any, ...] = ()

    name, symbol, inputs, formula = "index", "[]", ("x", "rows?", "columns?"), "out[k] = x[i[k]]"
    exact = "always"
    rule = "engine.rule-index"
    slope_rule = "engine.slope-moved"
    without_gradient = frozenset(range(1, 8))
    callable_by_name = False
    moves = cuts = checks = True

    def key(self, arrays: Sequence[Array]) -> tuple[Any, ...]:
        """The index as NumPy takes it, integer inputs filled in in reading order."""
        left = iter(arrays)
        return tuple(_key_item(item, left) for item in self.items)

    def check(self, x: Array, *arrays: Array) -> None:
        """Refuses indices that are not whole or lie outside the array."""
        if any(not np.all(np.equal(array, np.round(array))) for array in arrays):
            raise EngineError(msg("engine.index-not-whole"))
        try:
            np.broadcast_to(np.float64(0.0), np.shape(x))[self.key(arrays)]
        except IndexError:
            shown = ", ".join(str(item) for item in self._shown(arrays))
            raise EngineError(msg("engine.index-out-of-range", index=shown, shape=np.shape(x))) from None

    def choices(self, i: int, *shapes: Shape) -> int | None:
        if i == 0:
            return None
        place = [k for k, item in enumerate(self.items) if item == "array"][i - 1]
        # Behind `...` axes are counted from the last.
        return shapes[0][place - len(self.items) if "..." in self.items[:place] else place]

    def forward(self, x: Array, *arrays: Array) -> Array:
        return np.asarray(x)[self.key(arrays)]

    def vjp(self, i: int, up: Array, out: Array, x: Array, *arrays: Array) -> Array:
        down, key = np.zeros(np.shape(x)), self.key(arrays)
        if all(isinstance(item, int | slice) or item is Ellipsis for item in key):
            down[key] = up
        else:
            # An entry picked twice gets both shares: plain assignment would keep the last one only.
            np.add.at(down, key, up)
        return down

    def jvp(self, i: int, tangent: Array, out: Array, x: Array, *arrays: Array) -> Array:
        return np.asarray(tangent)[self.key(arrays)] if i == 0 else np.zeros(np.shape(out))

    def shape(self, *shapes: Shape) -> Shape:
        x, arrays = shapes[0], tuple(np.zeros(shape, dtype=np.int64) for shape in shapes[1:])
        try:
            made = tuple(np.broadcast_to(np.float64(0.0), x)[self.key(arrays)].shape)
        except (IndexError, ValueError):
            raise ShapeError(msg("engine.index-out-of-range", index=self.text(), shape=x)) from None
        if 0 in made:
            raise ShapeError(msg("engine.index-picks-nothing", index=self.text(), shape=x))
        return made

    def text(self) -> str:
        """The index as typed, between brackets."""
        return ", ".join(str(list(item) if isinstance(item, tuple) else item) for item in self.items)

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        # One entry of a vector can be written as a product; other pieces have no short formula in our language.
        if len(shapes[0]) == 1 and len(self.items) == 1 and isinstance(self.items[0], int):
            return f"up * onehot({self.items[0] % shapes[0][0]}, {shapes[0][0]})"
        return ""

    slips = {
        "everywhere": lambda op, i, up, out, x, *arrays: op.everywhere(up, x),
        "last-write": lambda op, i, up, out, x, *arrays: overwritten(op, up, x, op.key(arrays)),
    }

    def everywhere(self, up: Array, x: Array) -> Array:
        """Slip: what belongs to one entry given to all."""
        if np.size(up) != 1 or np.size(x) == 1:
            raise not_computable(self)
        return np.broadcast_to(np.reshape(up, ()), np.shape(x))

    def _shown(self, arrays: Sequence[Array]) -> Iterator[Any]:
        left = iter(arrays)
        for item in self.items:
            yield np.asarray(next(left), dtype=np.int64).tolist() if item == "array" else item


class Gather(Multilinear):
    """Rows of a table by number, an embedding, (v, d), (n,) -> (n, d): a row gets the sum of what its uses get."""

    name, inputs, rule = "gather", ("E", "ids"), "engine.rule-gather"
    slope_rule = "engine.slope-moved"
    labels_at = 1
    numpy, numpy_backward = "{E:postfix}[{ids}]", "added_at({up}, {E}, {ids})"
    formula = "out[k] = E[ids[k]]"
    without_gradient = frozenset({1})
    moves = cuts = checks = True

    def check(self, E: Array, ids: Array) -> None:
        """Refuses numbers of rows that are not there."""
        rows = np.shape(E)[0]
        if not np.all(np.equal(ids, np.round(ids)) & np.greater_equal(ids, 0) & np.less(ids, rows)):
            raise EngineError(msg("engine.label-out-of-range", op=self.symbol, classes=rows, last=rows - 1))

    def choices(self, i: int, *shapes: Shape) -> int | None:
        return shapes[0][0] if i == 1 else None

    def forward(self, E: Array, ids: Array) -> Array:
        return np.asarray(E)[np.asarray(ids, dtype=np.int64)]

    def vjp(self, i: int, up: Array, out: Array, E: Array, ids: Array) -> Array:
        down = np.zeros(np.shape(E))
        if i == 0:
            np.add.at(down, np.asarray(ids, dtype=np.int64), up)
        return down if i == 0 else np.zeros(np.shape(ids))

    def jvp(self, i: int, tangent: Array, out: Array, E: Array, ids: Array) -> Array:
        return self.forward(tangent, ids) if i == 0 else np.zeros(np.shape(out))

    def shape(self, *shapes: Shape) -> Shape:
        table, ids = shapes
        if not table:
            raise ShapeError(msg("engine.gather-of-scalar"))
        return (*ids, *table[1:])

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        # The first column of the table has as many entries as the table has rows.
        if i == 0 and len(shapes[0]) == 2 and len(shapes[1]) == 1:
            return "onehot(ids, sum(ones(E[:, 0]))).T @ up"
        return ""

    slips = {
        "last-write": lambda op, i, up, out, E, ids: overwritten(op, up, E, (np.asarray(ids, dtype=np.int64),)),
        "averaged": lambda op, i, up, out, E, ids: op.averaged(up, E, ids),
    }

    def averaged(self, up: Array, E: Array, ids: Array) -> Array:
        """Slip: the shares of a row that is used several times averaged, not added."""
        uses = np.bincount(np.ravel(np.asarray(ids, dtype=np.int64)), minlength=len(E))
        if np.max(uses) < 2:
            raise not_computable(self)
        return self.vjp(0, up, None, E, ids) / np.maximum(uses, 1).reshape(-1, *(1,) * (np.ndim(E) - 1))


def overwritten(op: Any, up: Array, x: Array, key: tuple[Any, ...]) -> Array:
    """Slip: of an entry picked several times only the last share is kept."""
    places = np.arange(np.size(x)).reshape(np.shape(x))[key]
    if len(np.unique(places)) == np.size(places):
        raise not_computable(op)
    down = np.zeros(np.size(x))
    # One after the other in reading order: with several axes NumPy's order depends on how the arrays lie.
    down[places.ravel()] = np.ravel(np.broadcast_to(up, places.shape))
    return down.reshape(np.shape(x))


def _key_item(item: Any, arrays: Iterator[Array]) -> Any:
    if isinstance(item, Range):
        return slice(item.start, item.stop, item.step)
    if item == "...":
        return Ellipsis
    if item == "array":
        return np.asarray(next(arrays), dtype=np.int64)
    return np.asarray(item, dtype=np.int64) if isinstance(item, tuple) else item
