"""Windows that slide over the last axes of an array, for convolutions and pooling."""

from itertools import product
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tutor.engine.errors import ShapeError
from tutor.engine.ops.op import Array, Shape
from tutor.text import msg

Sizes = tuple[int, ...]


def per_axis(value: int | tuple[int, ...], axes: int) -> Sizes:
    """One number for each sliding axis."""
    return (value,) * axes if isinstance(value, int) else value


def steps(op: str, sizes: Shape, window: Sizes, stride: Sizes, padding: Sizes) -> Shape:
    """How many places a window has along each axis; raises ShapeError where it does not fit once."""
    for size, width, pad in zip(sizes, window, padding, strict=True):
        if size + 2 * pad < width:
            raise ShapeError(msg("engine.window-too-large", op=op, window=width, size=size, padding=pad))
    every = zip(sizes, window, stride, padding, strict=True)
    return tuple((size + 2 * pad - width) // step + 1 for size, width, step, pad in every)


def padded(x: Array, padding: Sizes, fill: float = 0.0) -> Array:
    """x with `fill` around its last axes."""
    around = [(0, 0)] * (np.ndim(x) - len(padding)) + [(pad, pad) for pad in padding]
    return np.pad(x, around, constant_values=fill) if any(padding) else np.asarray(x)


def windows(x: Array, window: Sizes, stride: Sizes) -> Array:
    """A view (.., places, window): every place of the window over the last axes."""
    axes = len(window)
    every = sliding_window_view(x, window, axis=tuple(range(-axes, 0)))
    picked = tuple(slice(None, None, step) for step in stride)
    key: Any = (..., *picked, *(slice(None),) * axes)
    view: Array = every[key]
    return view


def added_back(pieces: Array, shape: Shape, window: Sizes, stride: Sizes, padding: Sizes) -> Array:
    """Pieces (.., places, window) added back to where the windows lay, for x of `shape`; the padding is cut off."""
    axes = len(window)
    lead, sizes = shape[:-axes], shape[-axes:]
    down = np.zeros((*lead, *(size + 2 * pad for size, pad in zip(sizes, padding, strict=True))))
    places = pieces.shape[-2 * axes : -axes]
    for offset in product(*map(range, window)):
        spots = zip(offset, places, stride, strict=True)
        area: Any = (..., *(slice(k, k + count * step, step) for k, count, step in spots))
        entry: Any = (..., *offset)
        down[area] += pieces[entry]
    return unpadded(down, sizes, padding)


def unpadded(x: Array, sizes: Shape, padding: Sizes) -> Array:
    """The middle of x, of these sizes along the last axes."""
    key: Any = (..., *(slice(pad, pad + size) for pad, size in zip(padding, sizes, strict=True)))
    middle: Array = x[key]
    return middle
