"""The registry of ops: everything known about an op stands in its class, and importing this package loads them all."""

from tutor.engine.ops import (  # noqa: F401
    activations,
    arithmetic,
    comparisons,
    convolution,
    elementary,
    identity,
    indexing,
    losses,
    normalization,
    pooling,
    products,
    rearranging,
    reductions,
    selection,
    softmax,
    statistics,
    tensors,
)
from tutor.engine.ops.op import REGISTRY, Array, Elementwise, Multilinear, Op, Shape, Slip, operation

__all__ = ["REGISTRY", "Array", "Elementwise", "Multilinear", "Op", "Shape", "Slip", "operation"]
