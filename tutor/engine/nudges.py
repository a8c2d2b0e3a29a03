"""Many nudges at once: what a graph gives when single entries of one input move, computed only where it changes.

A nudged entry of a weight changes one row or column of the next product, not all of it. So a changed value is kept as
a slab: one row (or column) for every nudge, as long as the ops on the way allow it, and whole arrays from there on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from tutor.engine.ops.losses import Loss
from tutor.engine.ops.op import Array, Elementwise, Op
from tutor.engine.ops.products import MatMul
from tutor.engine.ops.rearranging import CumulativeSum, Transpose
from tutor.engine.ops.reductions import Mean, Reduction, Sum
from tutor.engine.ops.softmax import LogSoftmax, Softmax
from tutor.engine.run import Run

_ENTRIES = 30_000  # of all nudged copies of the largest value together: what stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Perturbed:
    """A value under K nudges: (K, *shape), or slabs of which place `index[k]` along `axis` is all that changed.

    `axis` counts from the end of the shape (-1 is the last); a slab has size 1 there.
    """

    values: Array
    axis: int | None = None
    index: Any | None = None


def output_deltas(run: Run, node: int, steps: Sequence[float]) -> Array:
    """How much the output (weighted by its gradient) rises for every entry of an input and every step.

    Returns (number of steps, *shape of the input).
    """
    affected = _affected(run, node)
    shape = run.shapes[node]
    size = prod(shape)
    axis = _slab_axis(run, node)
    out = np.zeros((len(steps), size))
    start, chunk = 0, 4
    with np.errstate(all="ignore"):
        while start < size:
            places = np.arange(start, min(start + chunk, size))
            moved = _nudged(run.node_values[node], np.tile(places, len(steps)), np.repeat(steps, len(places)), axis)
            rise, largest = _output_delta(run, node, affected, moved)
            out[:, places] = rise.reshape(len(steps), -1)
            start += len(places)
            # The first few tell how much one nudge takes along.
            chunk = max(1, _ENTRIES // (largest * len(steps)))
    return out.reshape(len(steps), *shape)


def _affected(run: Run, node: int) -> list[int]:
    """The ops that an input reaches, in topological order."""
    reached = {node}
    for each in range(node, len(run.shapes)):
        if any(j in reached for j in run.graph.arguments[each]):
            reached.add(each)
    return sorted(reached - {node})


def _slab_axis(run: Run, node: int) -> int | None:
    """The axis along which a nudged entry stays alone: rows of a left factor, columns of anything else."""
    if not run.shapes[node]:
        return None
    left = all(isinstance(run.graph.ops[user], MatMul) and k == 0 for user, k in run.graph.consumers[node])
    return -2 if left and len(run.shapes[node]) > 1 else -1


def _nudged(x: Array, places: Array, steps: Array, axis: int | None) -> Perturbed:
    if axis is None:
        return Perturbed(x + steps)
    spots = np.unravel_index(places, np.shape(x))
    slab = _taken(x, axis, spots[axis])
    inside = [np.zeros_like(each) if k == len(spots) + axis else each for k, each in enumerate(spots)]
    slab[(np.arange(len(places)), *inside)] += steps
    return Perturbed(slab, axis, spots[axis])


def _output_delta(run: Run, node: int, affected: Sequence[int], moved: Perturbed) -> tuple[Array, int]:
    """The rise of the output under every nudge, and the entries of the largest value that one nudge changes."""
    values = {node: moved}
    largest = 1
    reached = {node, *affected}
    left = {each: sum(1 for user, _ in run.graph.consumers[each] if user in reached) for each in reached}
    rise: Array = 0.0
    for each in affected:
        op = run.graph.ops[each]
        assert op is not None
        arguments = run.graph.arguments[each]
        values[each] = _applied(op, [values.get(j) for j in arguments], run.inputs_of(each), run.node_values[each])
        largest = max(largest, values[each].values.size // len(moved.values))
        for j in arguments:
            if j in left:
                left[j] -= 1
                if left[j] == 0 and j not in run.seeds:
                    values.pop(j, None)  # what no later op needs makes room
    for each, seed in run.seeds.items():
        if each in values:
            rise = rise + _weighted(values[each], run.node_values[each], seed)
    return np.broadcast_to(rise, (len(moved.values),)), largest


def _weighted(moved: Perturbed, base: Array, seed: Array) -> Array:
    weights = seed
    if moved.axis is not None:
        base, weights = (_taken(each, moved.axis, moved.index) for each in (base, seed))
    return np.asarray(np.sum((weights * (moved.values - base)).reshape(len(moved.values), -1), axis=1))


def _applied(op: Op, moved: list[Perturbed | None], inputs: list[Array], base: Array) -> Perturbed:
    """An op on inputs of which some moved."""
    for kind, rule in _RULES.items():
        if isinstance(op, kind):
            result = rule(op, moved, inputs, base)
            if result is not None:
                return result
    return _one_by_one(op, moved, inputs)


def _elementwise(op: Op, moved: list[Perturbed | None], inputs: list[Array], base: Array) -> Perturbed:
    ndim = np.ndim(base)
    slabs = [each for each in moved if each is not None]
    first = slabs[0]
    wide = first.axis is not None and all(
        _size(x, first.axis) == _size(base, first.axis) for x, each in zip(inputs, moved, strict=True) if each
    )
    together = all(each.axis == first.axis and np.array_equal(each.index, first.index) for each in slabs)  # type: ignore[arg-type]
    if not (wide and together):
        whole = [None if each is None else _whole(each, x) for each, x in zip(moved, inputs, strict=True)]
        return Perturbed(
            op.forward(*(x if m is None else _padded(m, ndim) for m, x in zip(whole, inputs, strict=True)))
        )
    assert first.axis is not None
    arrays = []
    for each, x in zip(moved, inputs, strict=True):
        if each is not None:
            arrays.append(_padded(each.values, ndim))
        elif _size(x, first.axis) > 1:
            arrays.append(_padded(_taken(x, first.axis, first.index), ndim))
        else:
            arrays.append(x)
    return Perturbed(op.forward(*arrays), first.axis, first.index)


def _matmul(op: Op, moved: list[Perturbed | None], inputs: list[Array], base: Array) -> Perturbed | None:
    (a, b), (left, right) = inputs, moved
    if np.ndim(a) != 2 or np.ndim(b) > 2 or (left is not None and right is not None):
        return None
    if right is not None and np.ndim(b) == 2:
        # The product of a right factor is that of a left one, turned.
        turned = _matmul(op, [_turn(right), None], [b.T, a.T], base.T)
        return None if turned is None else _turn(turned)
    if right is not None:
        delta = _whole(right, b) - b
        return Perturbed(base + delta @ a.T)
    assert left is not None
    if left.axis == -1:
        # Only one column of the left factor changed, so the product changes by its step times one row of the right.
        step = left.values - _taken(a, -1, left.index)
        rows = b[left.index]
        return Perturbed(base + (step * rows[:, None, :] if np.ndim(b) == 2 else step[..., 0] * rows[:, None]))
    product = left.values.reshape(-1, a.shape[1]) @ b
    shape = (*left.values.shape[:2], *np.shape(b)[1:])
    axis = left.axis if left.axis is None or np.ndim(b) == 2 else -1
    return Perturbed(product.reshape(shape), axis, left.index)


def _transpose(op: Op, moved: list[Perturbed | None], inputs: list[Array], base: Array) -> Perturbed | None:
    (each,) = moved
    assert each is not None
    return _turn(each) if getattr(op, "axes", None) is None else None


def _reduction(op: Op, moved: list[Perturbed | None], inputs: list[Array], base: Array) -> Perturbed:
    (each,), (x,) = moved, inputs
    assert each is not None
    assert isinstance(op, Reduction)
    ndim = np.ndim(x)
    gone = op.axes(ndim)
    inner = replace(op, axis=tuple(axis + 1 for axis in gone))
    if each.axis is not None and isinstance(op, Sum | Mean) and each.axis + ndim in gone:
        step = np.sum(each.values - _taken(x, each.axis, each.index), axis=inner.axis, keepdims=op.keepdims)
        return Perturbed(base + (step / op.count(np.shape(x)) if isinstance(op, Mean) else step))
    if each.axis is not None and each.axis + ndim not in gone:
        kept = each.axis if op.keepdims else each.axis + sum(1 for axis in gone if axis > each.axis + ndim)
        return Perturbed(inner.forward(each.values), kept, each.index)
    return Perturbed(inner.forward(_whole(each, x)))


def _along(op: Op, moved: list[Perturbed | None], inputs: list[Array], base: Array) -> Perturbed:
    (each,), (x,) = moved, inputs
    assert each is not None
    axis = getattr(op, "axis", -1) % np.ndim(x) - np.ndim(x)
    inner = replace(op, axis=axis)  # type: ignore[call-arg]
    if each.axis is not None and each.axis != axis:
        return Perturbed(inner.forward(each.values), each.axis, each.index)
    return Perturbed(inner.forward(_whole(each, x)))


def _loss(op: Op, moved: list[Perturbed | None], inputs: list[Array], base: Array) -> Perturbed:
    assert isinstance(op, Loss)
    count = len(next(each for each in moved if each is not None).values)
    wide = [
        np.broadcast_to(x, (count, *np.shape(x))) if each is None else _whole(each, x)
        for each, x in zip(moved, inputs, strict=True)
    ]
    losses = op.per_sample(*wide)
    if op.reduction == "none":
        return Perturbed(losses)
    return Perturbed(np.sum(losses.reshape(count, -1), axis=1) / op.count(*inputs))


def _one_by_one(op: Op, moved: list[Perturbed | None], inputs: list[Array]) -> Perturbed:
    """Any other op: one nudge after the other."""
    whole = [None if each is None else _whole(each, x) for each, x in zip(moved, inputs, strict=True)]
    count = len(next(each for each in whole if each is not None))
    pairs = list(zip(whole, inputs, strict=True))
    return Perturbed(np.stack([op.forward(*(x if m is None else m[k] for m, x in pairs)) for k in range(count)]))


_RULES: Mapping[type[Op], Callable[[Op, list[Perturbed | None], list[Array], Array], Perturbed | None]] = {
    Elementwise: _elementwise,
    MatMul: _matmul,
    Transpose: _transpose,
    Reduction: _reduction,
    Softmax: _along,
    LogSoftmax: _along,
    CumulativeSum: _along,
    Loss: _loss,
}


def _taken(x: Array, axis: int, index: Any | None) -> Array:
    """For every nudge the slab of x that it may change: (K, *shape) with size 1 along `axis`."""
    rows = np.take(x, index, axis=axis)  # type: ignore[arg-type]
    front = np.moveaxis(rows, axis, 0)
    return np.expand_dims(front, axis if axis != -1 else front.ndim).copy() if np.ndim(x) > 1 else front[:, None].copy()


def _whole(moved: Perturbed, x: Array) -> Array:
    """The whole value for every nudge."""
    if moved.axis is None:
        return moved.values
    whole = np.repeat(x[None], len(moved.values), axis=0)
    rows = np.moveaxis(whole, moved.axis, 1)
    rows[np.arange(len(whole)), moved.index] = np.moveaxis(moved.values, moved.axis, 1)[:, 0]
    return whole


def _turn(moved: Perturbed) -> Perturbed:
    """All axes of the value in reverse, the nudges in front."""
    ndim = moved.values.ndim - 1
    axis = None if moved.axis is None else -(ndim + moved.axis) - 1
    return Perturbed(np.transpose(moved.values, (0, *range(ndim, 0, -1))), axis, moved.index)


def _padded(values: Array, ndim: int) -> Array:
    """Axes of size 1 behind the nudges, so that the value broadcasts as it would alone."""
    return values.reshape(len(values), *(1,) * (ndim - values.ndim + 1), *values.shape[1:])


def _size(x: Array, axis: int) -> int:
    return int(np.shape(x)[axis]) if np.ndim(x) >= -axis else 1
