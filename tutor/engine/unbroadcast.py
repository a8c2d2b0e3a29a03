"""A gradient in the broadcast shape brought back to the shape of the input it belongs to."""

import numpy as np

from tutor.engine.ops.op import Array, Shape
from tutor.engine.ops.softmax import row_of_ones

_FEW = 256  # rows up to which a product with ones is faster than a reduction


def unbroadcast(gradient: Array, shape: Shape) -> Array:
    """A gradient in the broadcast shape summed back to the shape of the input: each use adds its share."""
    if type(gradient) is not np.ndarray:
        gradient = np.asarray(gradient)
    have = gradient.shape
    if have == shape:
        return gradient if have else np.float64(gradient)
    lead = len(have) - len(shape)
    if lead == 1 and len(have) == 2 and have[1:] == shape and have[0] <= _FEW:
        return row_of_ones(have[0]).dot(gradient)  # what a layer's bias gets: thrice as fast as a reduction
    if lead > 0 and have[lead:] == shape:
        down = np.add.reduce(gradient, axis=tuple(range(lead)))
        return down if shape else np.float64(down)
    if lead < 0 or any(small not in (1, big) for small, big in zip(shape, have[lead:], strict=True)):
        # A rule may answer with one number for every entry, as the derivative of a sum does.
        return np.broadcast_to(gradient, shape) if shape else np.float64(gradient.sum())
    axes = (*range(lead), *(lead + k for k, size in enumerate(shape) if size == 1 and have[lead + k] != 1))
    if axes:
        gradient = gradient.sum(axis=axes, keepdims=True)
    return np.float64(gradient.reshape(())) if shape == () else gradient.reshape(shape)
