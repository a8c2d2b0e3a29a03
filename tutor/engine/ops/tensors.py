"""Products of arrays of any number of axes: einsum and the Kronecker product."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from tutor.engine.errors import ShapeError
from tutor.engine.ops.attributes import MISSING, refusal
from tutor.engine.ops.op import Array, Multilinear, Shape, not_computable
from tutor.expr.result_sizes import CallSize, one_by_one
from tutor.text import msg


@dataclass(frozen=True)
class Einsum(Multilinear):
    """Sum of products by named axes, `einsum("ij,jk->ik", a, b)`, (n, k), (k, m) -> (n, m): up in the input's place."""

    subscripts: str = MISSING  # type: ignore[assignment]

    name, inputs, rule = "einsum", ("x*",), "engine.rule-einsum"
    slope_rule = "engine.slope-products"
    by_rank = sums_products = one_line = True
    formula = "out = sum over the letters missing in the output of the product"
    literals_first = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        inputs, output = self.parts
        letters = {letter for each in inputs for letter in each}
        plain = all((each.isalpha() and each.isascii()) or not each for each in (*inputs, output))
        if not plain or len(set(output)) < len(output) or not set(output) <= letters:
            raise refusal(self, "subscripts", msg("engine.takes-subscripts"))

    @property
    def parts(self) -> tuple[tuple[str, ...], str]:
        """The letters of every input and of the output; without `->`, the letters that occur once, in order."""
        left, arrow, output = self.subscripts.replace(" ", "").partition("->")
        if not arrow:
            letters = left.replace(",", "")
            output = "".join(sorted(letter for letter in letters if letters.count(letter) == 1))
        return tuple(left.split(",")), output

    def sizes(self, shapes: Sequence[Shape]) -> dict[str, int]:
        """The size of every letter; raises ShapeError where shapes and letters do not fit."""
        inputs, _ = self.parts
        if len(inputs) != len(shapes):
            raise ShapeError(
                msg("engine.einsum-count", subscripts=self.subscripts, given=len(shapes), wanted=len(inputs))
            )
        sizes: dict[str, int] = {}
        for letters, shape in zip(inputs, shapes, strict=True):
            if len(letters) != len(shape):
                raise ShapeError(msg("engine.einsum-axes", letters=letters, shape=shape))
            for letter, size in zip(letters, shape, strict=True):
                if sizes.setdefault(letter, size) != size:
                    raise ShapeError(msg("engine.einsum-sizes", letter=letter, one=sizes[letter], other=size))
        return sizes

    def shape(self, *shapes: Shape) -> Shape:
        sizes = self.sizes(shapes)
        return tuple(sizes[letter] for letter in self.parts[1])

    def cost(self, out: Shape, *shapes: Shape) -> CallSize:
        return one_by_one(super().cost(out, *shapes).entries, self.products(out, *shapes))

    def products(self, out: Shape, *shapes: Shape) -> int:
        return prod(self.sizes(shapes).values())

    def operations(self, out: Shape, *shapes: Shape) -> tuple[int, int]:
        products, additions = super().operations(out, *shapes)
        return products * (len(shapes) - 1), additions

    def forward(self, *inputs: Array) -> Array:
        return np.einsum(self.subscripts, *inputs)

    def vjp(self, i: int, up: Array, out: Array, *inputs: Array) -> Array:
        letters, output = self.parts
        sizes = self.sizes([np.shape(x) for x in inputs])
        others = [(letters[k], inputs[k]) for k in range(len(inputs)) if k != i]
        wanted = "".join(dict.fromkeys(letters[i]))
        have = set(output).union(*(each for each, _ in others))
        # A letter that only this input has was summed over alone, so each of its places gets the same.
        alone = [(letter, np.ones(sizes[letter])) for letter in wanted if letter not in have]
        terms = [(output, up), *others, *alone]
        left = ",".join(each for each, _ in terms)
        gradient = np.einsum(f"{left}->{wanted}", *(array for _, array in terms))
        if len(wanted) == len(letters[i]):
            return gradient
        # A letter used twice, as in the trace ii, takes the diagonal: only that gets a gradient.
        down = np.zeros(np.shape(inputs[i]))
        np.einsum(f"{letters[i]}->{wanted}", down)[...] = gradient
        return down

    slips = {"own-input": lambda op, i, up, out, *xs: op.with_own_input(i, up, out, xs)}

    def with_own_input(self, i: int, up: Array, out: Array, inputs: Sequence[Array]) -> Array:
        """Slip: the input itself in the place of the other one."""
        if len(inputs) != 2 or np.shape(inputs[0]) != np.shape(inputs[1]):
            raise not_computable(self)
        return self.vjp(i, up, out, *[inputs[i]] * 2)


class Kronecker(Multilinear):
    """Kronecker product, every entry of a times the whole of b, (n, m), (p, q) -> (n * p, m * q): sums over blocks."""

    name, inputs, rule = "kron", ("a", "b"), "engine.rule-kron"
    slope_rule = "engine.slope-products"
    by_rank = True
    counted = "multiply"
    formula = "out[i * p + k, j * q + l] = a[i, j] * b[k, l]"

    def forward(self, a: Array, b: Array) -> Array:
        return np.kron(a, b)

    def shape(self, *shapes: Shape) -> Shape:
        a, b = _equal_length(*shapes)
        return tuple(p * q for p, q in zip(a, b, strict=True))

    def vjp(self, i: int, up: Array, out: Array, a: Array, b: Array) -> Array:
        outer, inner = _equal_length(np.shape(a), np.shape(b))
        blocks = np.reshape(up, [size for pair in zip(outer, inner, strict=True) for size in pair])
        return self._gathered(i, blocks, a, b)

    def _gathered(self, i: int, blocks: Array, a: Array, b: Array) -> Array:
        axes = range(blocks.ndim // 2)
        of_a, of_b = [2 * k for k in axes], [2 * k + 1 for k in axes]
        mine, other, array = (of_b, of_a, a) if i else (of_a, of_b, b)
        weights = np.reshape(array, [blocks.shape[k] for k in other])
        summed = np.tensordot(np.transpose(blocks, mine + other), weights, axes=len(other))
        return np.reshape(summed, np.shape(b if i else a))

    slips = {"order": lambda op, i, up, out, a, b: op.swapped(i, up, a, b)}

    def swapped(self, i: int, up: Array, a: Array, b: Array) -> Array:
        """Slip: blocks read as those of kron(b, a)."""
        outer, inner = _equal_length(np.shape(a), np.shape(b))
        if max(outer, default=1) < 2 or max(inner, default=1) < 2:
            raise not_computable(self)
        blocks = np.reshape(up, [size for pair in zip(inner, outer, strict=True) for size in pair])
        turned = [axis for k in range(len(outer)) for axis in (2 * k + 1, 2 * k)]
        return self._gathered(i, np.transpose(blocks, turned), a, b)


def _equal_length(a: Shape, b: Shape) -> tuple[Shape, Shape]:
    """Both shapes with ones in front, so that they have equally many axes."""
    ndim = max(len(a), len(b))
    return (1,) * (ndim - len(a)) + a, (1,) * (ndim - len(b)) + b
