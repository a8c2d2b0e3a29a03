"""The registry of ops: everything known about an op stands in its class, and importing this package loads them all."""

from tutor.engine.ops import activations, arithmetic, comparisons, indexing, products, reductions
from tutor.engine.ops.base import REGISTRY, Array, Elementwise, Multilinear, Op, Shape, Slip, operation

__all__ = [
    "REGISTRY",
    "Array",
    "Elementwise",
    "Multilinear",
    "Op",
    "Shape",
    "Slip",
    "activations",
    "arithmetic",
    "comparisons",
    "indexing",
    "operation",
    "products",
    "reductions",
]
