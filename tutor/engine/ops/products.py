"""Products of vectors, matrices and batches: matmul, dot, outer."""

from collections.abc import Sequence
from math import prod

import numpy as np

from tutor.engine.errors import NotComputableError, ShapeError
from tutor.engine.ops.op import Array, Multilinear, Shape
from tutor.engine.ops.places import aligned, entry, product
from tutor.expr.result_sizes import CallSize
from tutor.text import msg


class MatMul(Multilinear):
    """Matrix product `a @ b` by NumPy's rules, (.., n, k), (.., k, m) -> (.., n, m): up @ b.T and a.T @ up.

    Giles, An extended collection of matrix derivative results, 2008.
    """

    name, symbol, inputs, rule = "matmul", "@", ("a", "b"), "engine.rule-matmul"
    borrowed = ("dot", "mm", "bmm", "mv")
    slope_rule = "engine.slope-products"
    formula = "out[i, j] = sum over k of a[i, k] * b[k, j]"
    exact = "whole"
    by_rank = sums_products = True
    example_shapes = ("(n, k)", "(k, m)", "(n, m)")
    callable_by_name = False

    def forward(self, a: Array, b: Array) -> Array:
        return a @ b

    def vjp(self, i: int, up: Array, out: Array, a: Array, b: Array) -> Array:
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
            raise _inner_sizes_differ(a, b, inner_a, inner_b)
        try:
            batch = np.broadcast_shapes(a[:-2], b[:-2])
        except ValueError:
            raise ShapeError(msg("engine.matmul-batches-differ", left=a, right=b)) from None
        return (*batch, *(a[-2:-1] if len(a) > 1 else ()), *(b[-1:] if len(b) > 1 else ()))

    def cost(self, out: Shape, *shapes: Shape) -> CallSize:
        return CallSize(super().cost(out, *shapes).entries, prod(out) * shapes[0][-1])

    def vjp_shape(self, i: int, out: Shape, shapes: Sequence[Shape]) -> Shape:
        a, b = shapes
        return (*np.broadcast_shapes(a[:-2], b[:-2]), *shapes[i][-2:])

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        a, b = map(len, shapes)
        if 1 in (a, b) and a + b > 3:
            return ""
        if a == 1 and b == 1:
            return "up * a" if i else "up * b"
        if a == 1:
            return "outer(a, up)" if i else "b @ up"
        if b == 1:
            return "a.T @ up" if i else "outer(up, b)"
        left, right = (_swap("a", a), "up") if i else ("up", _swap("b", b))
        return f"{left} @ {right}"

    def entry_slope(self, i: int, at: Sequence[str], own: Sequence[str], shapes: Sequence[Shape]) -> str:
        a, b = shapes
        # Which row and which column the entry stands in; the places before them are those in the batch.
        *batch, column = at if len(b) > 1 else (*at, "")
        row = [batch.pop()] if len(a) > 1 else []
        if i == 0:
            other = [*aligned(batch, b[:-2]), own[-1], *([column] if len(b) > 1 else [])]
            return product([*batch, *row], own[:-1], entry("b", other))
        other = [*aligned(batch, a[:-2]), *row, own[-2] if len(b) > 1 else own[0]]
        mine = [*own[:-2], *own[-1:]] if len(b) > 1 else []
        return product([*batch, column], mine, entry("a", other))

    slips = {
        "transpose-missing": lambda op, i, up, out, a, b: _product(a, up) if i else _product(up, b),
        "order": lambda op, i, up, out, a, b: _product(up, _turn(a)) if i else _product(_turn(b), up),
        "elementwise": lambda op, i, up, out, a, b: _entrywise(a if i else b, up),
        "wrong-operand": lambda op, i, up, out, a, b: _product(up, _turn(b)) if i else _product(_turn(a), up),
        "inverse": lambda op, i, up, out, a, b: _product(_inverse(a), up) if i else _product(up, _inverse(b)),
        "own-input": lambda op, i, up, out, a, b: op.vjp(i, up, out, *_exchanged(a, b)),
    }


class Dot(Multilinear):
    """Inner product `dot(a, b)`, (n,), (n,) -> (): the derivative is the other vector."""

    name, inputs, formula, rule = "dot", ("a", "b"), "sum over i of a[i] * b[i]", "engine.rule-dot"
    slope_rule = rule
    exact = "whole"
    by_rank = sums_products = one_line = True

    def forward(self, a: Array, b: Array) -> Array:
        return a @ b

    def vjp(self, i: int, up: Array, out: Array, a: Array, b: Array) -> Array:
        return up * (a if i else b)

    def shape(self, *shapes: Shape) -> Shape:
        a, b = shapes
        if len(a) != 1 or len(b) != 1:
            raise ShapeError(msg("engine.dot-needs-vectors", left=a, right=b))
        if a != b:
            raise ShapeError(msg("engine.dot-lengths-differ", left=a, right=b))
        return ()

    def entry_slope(self, i: int, at: Sequence[str], own: Sequence[str], shapes: Sequence[Shape]) -> str:
        return entry("a" if i else "b", own)

    slips = {"own-input": lambda op, i, up, out, a, b: up * (b if i else a)}


class Outer(Multilinear):
    """Outer product of flattened arrays, (n,), (m,) -> (n, m): up @ b and up.T @ a."""

    name, inputs, formula, rule = "outer", ("a", "b"), "out[i, j] = a[i] * b[j]", "engine.rule-outer"
    borrowed = ("ger",)
    slope_rule = "engine.slope-products"
    exact = "whole"
    by_rank = True
    example_shapes = ("(n,)", "(m,)", "(n, m)")
    counted = "multiply"

    def forward(self, a: Array, b: Array) -> Array:
        return np.outer(a, b)

    def vjp(self, i: int, up: Array, out: Array, a: Array, b: Array) -> Array:
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

    slips = {
        "order": lambda op, i, up, out, a, b: _shaped(
            _product(up, np.ravel(a)) if i else _product(np.ravel(b), up), (a, b)[i]
        )
    }


def _exchanged(a: Array, b: Array) -> tuple[Array, Array]:
    """Each factor in the other's place, as of `u.T @ h`, where both are columns of one length."""
    mine, other = _turn(b), _turn(a)
    if a.shape != mine.shape:
        raise NotComputableError(msg("engine.slip-sizes", op="@"))
    return mine, other


def _swap(name: str, axes: int) -> str:
    order = [*range(axes - 2), axes - 1, axes - 2]
    return f"{name}.T" if axes == 2 else f"transpose({name}, axes={order})"


def _inner_sizes_differ(a: Shape, b: Shape, inner_a: int, inner_b: int) -> ShapeError:
    """The error of a product that does not fit, with the transpose that would help, if one does."""
    helps: int | None = None
    if len(a) == 2 and a[0] == inner_b:
        helps = 0
    elif len(b) == 2 and b[1] == inner_a:
        helps = 1
    known = {"left": a, "right": b, "inner_left": inner_a, "inner_right": inner_b}
    if helps is None:
        return ShapeError(msg("engine.matmul-inner-sizes", **known))
    error = ShapeError(msg("engine.matmul-inner-sizes-transpose", **known))
    error.operand = helps
    return error


def _turn(x: Array) -> Array:
    return np.swapaxes(x, -1, -2) if np.ndim(x) > 1 else x


def _product(a: Array, b: Array) -> Array:
    try:
        return a @ b
    except ValueError:
        raise NotComputableError(msg("engine.slip-sizes", op="@")) from None


def _entrywise(a: Array, b: Array) -> Array:
    try:
        return a * b
    except ValueError:
        raise NotComputableError(msg("engine.slip-sizes", op="*")) from None


def _inverse(x: Array) -> Array:
    if np.ndim(x) != 2 or x.shape[0] != x.shape[1] or abs(np.linalg.det(x)) < 1e-9:
        raise NotComputableError(msg("engine.slip-sizes", op="inverse"))
    return np.linalg.inv(x)


def _shaped(value: Array, like: Array) -> Array:
    if np.size(value) != np.size(like):
        raise NotComputableError(msg("engine.slip-sizes", op="outer"))
    return np.reshape(value, np.shape(like))
