"""How large a result will be, known before it is made, so that no typed text can exhaust time or memory."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from tutor.expr.errors import EvaluationError
from tutor.expr.tree import Span
from tutor.text import msg

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

MAX_ELEMENTS = 1_000_000
# Entries that one evaluation may make: some 5 ms of work, and more where the lesson's own arrays are large.
_ENTRIES = 250_000
_ENTRIES_PER_GIVEN = 50
# A multiplication inside a matrix product costs about a fiftieth of an entry that `exp` makes.
_MULTIPLICATIONS_PER_ENTRY = 50


class CallSize(NamedTuple):
    """The entries of a result, and the multiplications behind it that are not one an entry."""

    entries: int
    multiplications: int = 0

    @property
    def work(self) -> int:
        """What making it takes, in entries made."""
        return self.entries + self.multiplications // _MULTIPLICATIONS_PER_ENTRY


class WorkBudget:
    """What one evaluation may still make."""

    def __init__(self, names: "Mapping[str, ArrayLike]") -> None:
        self._left = _ENTRIES
        self._names: Mapping[str, ArrayLike] | None = names

    def spend(self, plan: CallSize, span: Span) -> int:
        """Count a result before it is made; raises EvaluationError where it, or all so far, would be too large."""
        self._left -= plan.work
        if plan.entries > MAX_ELEMENTS:
            raise EvaluationError(msg("expr.too-many-entries", limit=MAX_ELEMENTS), span)
        if self._left < 0 and self._names is not None:
            # Seldom needed, so counted only now.
            given = sum(int(getattr(value, "size", 1)) for value in self._names.values())
            self._left += _ENTRIES_PER_GIVEN * given
            self._names = None
        if self._left < 0:
            raise EvaluationError(msg("expr.too-much-work"), span)
        return plan.work


def size_of_call(function: str, arguments: Sequence[Any]) -> CallSize:
    """What a call will make; where shapes do not fit anything will do, since the function refuses them."""
    arrays = [argument for argument in arguments if not isinstance(argument, str)]
    if function == "einsum" and arguments and isinstance(arguments[0], str):
        return _plan_einsum(arguments[0], arrays)
    return _PLANS.get(function, _plan_elementwise)(arrays)


def size_of_subscript(operand: Any, key: Sequence[Any]) -> CallSize:
    """What picking will make: the entries of the index arrays, times those of the axes that they do not touch."""
    import numpy as np

    picking = [np.shape(item) for item in key if not isinstance(item, slice) and item is not Ellipsis]
    axes, axis = [], 0
    for position, item in enumerate(key):
        if item is Ellipsis:
            axis = operand.ndim - (len(key) - position - 1)
            continue
        if not isinstance(item, slice):
            axes.append(axis)
        axis += 1
    untouched = prod(size for axis, size in enumerate(operand.shape) if axis not in axes)
    return CallSize(_broadcast_size(picking) * untouched)


def _plan_elementwise(arrays: Sequence[Any]) -> CallSize:
    return CallSize(_broadcast_size([array.shape for array in arrays]))


def _plan_filled(arrays: Sequence[Any]) -> CallSize:
    if all(array.ndim == 0 for array in arrays):  # ones(n, m); else ones(a), of the shape of a
        return CallSize(prod(_whole(array) for array in arrays))
    return CallSize(sum(array.size for array in arrays))


def _plan_square(arrays: Sequence[Any]) -> CallSize:
    return CallSize(_whole(arrays[0]) * _whole(arrays[-1]) if arrays else 0)


def _plan_diagonal(arrays: Sequence[Any]) -> CallSize:
    return CallSize(sum(array.size for array in arrays) ** 2)


def _plan_onehot(arrays: Sequence[Any]) -> CallSize:
    return CallSize(arrays[0].size * _whole(arrays[-1]) if arrays else 0)


def _plan_all_pairs(arrays: Sequence[Any]) -> CallSize:
    return CallSize(prod(array.size for array in arrays))


def _plan_joined(arrays: Sequence[Any]) -> CallSize:
    return CallSize(sum(array.size for array in arrays))


def _plan_product(arrays: Sequence[Any]) -> CallSize:
    if len(arrays) != 2 or not all(array.ndim for array in arrays):
        return _plan_elementwise(arrays)
    left = arrays[0].shape if arrays[0].ndim > 1 else (1, *arrays[0].shape)
    right = arrays[1].shape if arrays[1].ndim > 1 else (*arrays[1].shape, 1)
    entries = _broadcast_size([left[:-2], right[:-2]]) * left[-2] * right[-1]
    return CallSize(entries, entries * left[-1])


def _plan_einsum(subscripts: str, arrays: Sequence[Any]) -> CallSize:
    sizes: dict[str, int] = {}
    inputs, _, output = subscripts.replace(" ", "").partition("->")
    for letters, array in zip(inputs.split(","), arrays, strict=False):
        sizes.update(zip(letters, array.shape, strict=False))
    return one_by_one(prod(sizes.get(letter, 1) for letter in output), prod(sizes.values()))


def one_by_one(entries: int, multiplications: int) -> CallSize:
    """Of products that are not done in blocks: every multiplication costs as much as an entry made."""
    return CallSize(entries, _MULTIPLICATIONS_PER_ENTRY * multiplications)


_PLANS: dict[str, Callable[[Sequence[Any]], CallSize]] = {
    **dict.fromkeys(("ones", "zeros"), _plan_filled),
    **dict.fromkeys(("matmul", "dot"), _plan_product),
    **dict.fromkeys(("outer", "kron"), _plan_all_pairs),
    **dict.fromkeys(("concat", "stack"), _plan_joined),
    "eye": _plan_square,
    "diag": _plan_diagonal,
    "onehot": _plan_onehot,
}


def _whole(size: Any) -> int:
    return abs(int(size)) if size.ndim == 0 else int(size.size)


def _broadcast_size(shapes: Sequence[tuple[int, ...]]) -> int:
    import numpy as np

    different = {shape for shape in shapes if shape}
    if len(different) <= 1:
        return prod(next(iter(different), ()))
    try:
        return prod(np.broadcast_shapes(*different))
    except ValueError:
        return max(prod(shape) for shape in shapes)
