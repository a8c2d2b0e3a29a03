"""Products of matrices and vectors: matmul, dot, outer, and the transpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.engine.errors import NotComputableError, ShapeError
from tutor.engine.ops.base import Multilinear, Shape
from tutor.text import msg


class MatMul(Multilinear):
    """Matrix product `a @ b` of vectors, matrices and batches, with NumPy's rules: (.., n, k) @ (.., k, m)."""

    name, symbol, inputs, formula = "matmul", "@", ("a", "b"), "out[i, j] = sum over k of a[i, k] * b[k, j]"
    callable_by_name = False

    def forward(self, a: Any, b: Any) -> Any:
        return a @ b

    def vjp(self, i: int, up: Any, out: Any, a: Any, b: Any) -> Any:
        if a.ndim == 2 and b.ndim == 2:
            return a.T @ up if i else up @ b.T
        # A vector on the left is one row, on the right one column.
        rows = a[None, :] if a.ndim == 1 else a
        columns = b[:, None] if b.ndim == 1 else b
        g = up if b.ndim > 1 else up[..., None]
        g = g if a.ndim > 1 else g[..., None, :]
        if i == 0:
            down = g @ np.swapaxes(columns, -1, -2)
            return down[..., 0, :] if a.ndim == 1 else down
        down = np.swapaxes(rows, -1, -2) @ g
        return down[..., 0] if b.ndim == 1 else down

    def shape(self, *shapes: Shape) -> Shape:
        a, b = shapes
        if not a or not b:
            raise ShapeError(msg("engine.matmul-of-scalar", left=a, right=b))
        inner_a, inner_b = a[-1], b[-2] if len(b) > 1 else b[0]
        if inner_a != inner_b:
            raise ShapeError(_inner_sizes_differ(a, b, inner_a, inner_b))
        try:
            batch = np.broadcast_shapes(a[:-2], b[:-2])
        except ValueError:
            raise ShapeError(msg("engine.matmul-batches-differ", left=a, right=b)) from None
        return (*batch, *(a[-2:-1] if len(a) > 1 else ()), *(b[-1:] if len(b) > 1 else ()))

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        a, b = map(len, shapes)
        if a == 1 and b == 1:
            return "up * a" if i else "up * b"
        if a == 1:
            return "outer(a, up)" if i else "b @ up"
        if b == 1:
            return "a.T @ up" if i else "outer(up, b)"
        if a == 2 and b == 2:
            return "a.T @ up" if i else "up @ b.T"
        left, right = (_swap("a", a), "up") if i else ("up", _swap("b", b))
        return f"{left} @ {right}"

    slips = {
        "transpose-missing": lambda op, i, up, out, a, b: _product(a, up) if i else _product(up, b),
        "order": lambda op, i, up, out, a, b: _product(up, _turn(a)) if i else _product(_turn(b), up),
        "elementwise": lambda op, i, up, out, a, b: _entrywise(a if i else b, up),
        "wrong-operand": lambda op, i, up, out, a, b: _product(up, _turn(b)) if i else _product(_turn(a), up),
        "inverse": lambda op, i, up, out, a, b: _product(_inverse(a), up) if i else _product(up, _inverse(b)),
    }


class Dot(Multilinear):
    """Inner product `dot(a, b)` of two vectors (n,): a scalar."""

    name, symbol, inputs, formula = "dot", "dot", ("a", "b"), "sum over i of a[i] * b[i]"
    backward = ("up * b", "up * a")

    def forward(self, a: Any, b: Any) -> Any:
        return a @ b

    def vjp(self, i: int, up: Any, out: Any, a: Any, b: Any) -> Any:
        return up * (a if i else b)

    def shape(self, *shapes: Shape) -> Shape:
        a, b = shapes
        if len(a) != 1 or len(b) != 1:
            raise ShapeError(msg("engine.dot-needs-vectors", left=a, right=b))
        if a != b:
            raise ShapeError(msg("engine.dot-lengths-differ", left=a, right=b))
        return ()

    slips = {"own-input": lambda op, i, up, out, a, b: up * (b if i else a)}


class Outer(Multilinear):
    """Outer product `outer(a, b)`: flattened (n,) and (m,) give (n, m)."""

    name, symbol, inputs, formula = "outer", "outer", ("a", "b"), "out[i, j] = a[i] * b[j]"

    def forward(self, a: Any, b: Any) -> Any:
        return np.outer(a, b)

    def vjp(self, i: int, up: Any, out: Any, a: Any, b: Any) -> Any:
        down = np.ravel(a) @ up if i else up @ np.ravel(b)
        return np.reshape(down, np.shape(b if i else a))

    def shape(self, *shapes: Shape) -> Shape:
        a, b = shapes
        return (int(np.prod(a)), int(np.prod(b)))

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        columns = [len(shape) == 2 and shape[1] == 1 for shape in shapes]
        flat = [len(shape) == 1 for shape in shapes]
        if all(columns) or all(flat):
            return "up.T @ a" if i else "up @ b"
        return ""

    slips = {"order": lambda op, i, up, out, a, b: _shaped(up @ np.ravel(a) if i else np.ravel(b) @ up, (a, b)[i])}


@dataclass(frozen=True)
class Transpose(Multilinear):
    """Axes in another order: reversed (`x.T`), or `transpose(x, axes=[0, 2, 1])`."""

    axes: tuple[int, ...] | None = None

    name, symbol, formula = "transpose", "transpose", "out[j, i] = x[i, j]"

    def forward(self, x: Any) -> Any:
        return x.T if self.axes is None else np.transpose(x, self.axes)

    def vjp(self, i: int, up: Any, out: Any, x: Any) -> Any:
        return up.T if self.axes is None else np.transpose(up, np.argsort(self.axes))

    def shape(self, *shapes: Shape) -> Shape:
        (x,) = shapes
        if self.axes is None:
            return x[::-1]
        if sorted(axis % max(len(x), 1) for axis in self.axes) != list(range(len(x))):
            raise ShapeError(msg("engine.transpose-axes", axes=list(self.axes), shape=x))
        return tuple(x[axis] for axis in self.axes)

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        if self.axes is None:
            return "up.T"
        back = ", ".join(str(int(axis)) for axis in np.argsort(self.axes))
        return f"transpose(up, axes=[{back}])"


def _swap(name: str, axes: int) -> str:
    order = [*range(axes - 2), axes - 1, axes - 2]
    return f"{name}.T" if axes == 2 else f"transpose({name}, axes={order})"


def _inner_sizes_differ(a: Shape, b: Shape, inner_a: int, inner_b: int) -> Any:
    """The error of a product that does not fit, with the transpose that would help, if one does."""
    helps = ""
    if len(a) == 2 and a[0] == inner_b:
        helps = "left"
    elif len(b) == 2 and b[1] == inner_a:
        helps = "right"
    known = {"left": a, "right": b, "inner_left": inner_a, "inner_right": inner_b}
    if helps:
        return msg("engine.matmul-inner-sizes-transpose", side=helps, **known)
    return msg("engine.matmul-inner-sizes", **known)


def _turn(x: Any) -> Any:
    return np.swapaxes(x, -1, -2) if np.ndim(x) > 1 else x


def _product(a: Any, b: Any) -> Any:
    try:
        return a @ b
    except ValueError:
        raise NotComputableError(msg("engine.slip-sizes", op="@")) from None


def _entrywise(a: Any, b: Any) -> Any:
    try:
        return a * b
    except ValueError:
        raise NotComputableError(msg("engine.slip-sizes", op="*")) from None


def _inverse(x: Any) -> Any:
    if np.ndim(x) != 2 or x.shape[0] != x.shape[1] or abs(np.linalg.det(x)) < 1e-9:
        raise NotComputableError(msg("engine.slip-sizes", op="inverse"))
    return np.linalg.inv(x)


def _shaped(value: Any, like: Any) -> Any:
    if np.size(value) != np.size(like):
        raise NotComputableError(msg("engine.slip-sizes", op="outer"))
    return np.reshape(value, np.shape(like))
