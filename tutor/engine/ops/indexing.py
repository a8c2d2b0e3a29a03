"""Picking entries: `x[0]`, `x[:, 1:3]`, `p[rows, labels]`; backward adds each piece back where it came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.engine.errors import NotComputableError, ShapeError
from tutor.engine.ops.base import Array, Multilinear, Shape
from tutor.text import msg


@dataclass(frozen=True)
class Index(Multilinear):
    """NumPy indexing. `items` holds numbers, (start, stop, step) slices, "..." and "array" for an integer input."""

    items: tuple[Any, ...] = ()

    name, symbol, inputs, formula = "index", "[]", ("x", "rows?", "columns?"), "out[k] = x[i[k]]"
    without_gradient = frozenset(range(1, 8))
    callable_by_name = False

    def key(self, arrays: tuple[Any, ...]) -> tuple[Any, ...]:
        """The index as NumPy takes it, integer inputs filled in in reading order."""
        left = iter(arrays)
        return tuple(self._one(item, left) for item in self.items)

    def forward(self, x: Any, *arrays: Any) -> Any:
        return np.asarray(x)[self.key(arrays)]

    def vjp(self, i: int, up: Any, out: Any, x: Any, *arrays: Any) -> Any:
        down = np.zeros(np.shape(x))
        # An entry picked twice gets both shares: plain assignment would keep the last one only.
        np.add.at(down, self.key(arrays), up)
        return down

    def shape(self, *shapes: Shape) -> Shape:
        x, arrays = shapes[0], tuple(np.zeros(shape, dtype=np.int64) for shape in shapes[1:])
        try:
            return tuple(np.empty(x)[self.key(arrays)].shape)
        except IndexError:
            raise ShapeError(msg("engine.index-out-of-range", index=self.text(), shape=x)) from None

    def text(self) -> str:
        """The index as typed, between brackets."""
        return ", ".join(self._item_text(item) for item in self.items)

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        # One entry of a vector can be written as a product; other pieces have no short formula in our language.
        if len(shapes[0]) == 1 and len(self.items) == 1 and isinstance(self.items[0], int):
            return f"up * onehot({self.items[0] % shapes[0][0]}, {shapes[0][0]})"
        return ""

    slips = {
        "everywhere": lambda op, i, up, out, x, *arrays: np.broadcast_to(_single(up), np.shape(x)) * 1.0,
        "last-write": lambda op, i, up, out, x, *arrays: op.overwrite(up, x, arrays),
    }

    def overwrite(self, up: Any, x: Any, arrays: tuple[Any, ...]) -> Array:
        """Slip: of an entry picked several times only the last share is kept."""
        down = np.zeros(np.shape(x))
        down[self.key(arrays)] = up
        return down

    @staticmethod
    def _one(item: Any, arrays: Any) -> Any:
        if item == "...":
            return Ellipsis
        if item == "array":
            return np.asarray(next(arrays), dtype=np.int64)
        return slice(*item) if isinstance(item, tuple) else item

    @staticmethod
    def _item_text(item: Any) -> str:
        if isinstance(item, tuple):
            start, stop, step = ("" if part is None else str(part) for part in item)
            return f"{start}:{stop}" + (f":{step}" if step else "")
        return str(item)


def _single(up: Any) -> Any:
    if np.size(up) != 1:
        raise NotComputableError(msg("engine.slip-sizes", op="[]"))
    return np.reshape(up, ())
