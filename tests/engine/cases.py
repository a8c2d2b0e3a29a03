"""Inputs to try every op on: attributes, shapes drawn by hypothesis, numbers away from kinks and ties."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes

from tutor.engine.ops.indexing import Range
from tutor.engine.ops.op import REGISTRY, Op, operation

Array = Any
Numbers = Callable[[np.random.Generator, tuple[int, ...]], Array]


@dataclass(frozen=True)
class Case:
    """An op and inputs that it takes."""

    op: Op
    inputs: list[Array]
    seed: int

    @property
    def out(self) -> Array:
        return self.op.forward(*self.inputs)

    @property
    def rng(self) -> np.random.Generator:
        return np.random.default_rng(self.seed + 1)

    def differentiable(self) -> list[int]:
        """Inputs that take a gradient here."""
        labels = self.op.name in ("cross_entropy", "hinge") and np.shape(self.inputs[0]) != np.shape(self.inputs[1])
        blind = self.op.without_gradient | ({1} if labels or self.op.name == "hinge" else set())
        if self.op.name == "pow" and np.any(self.inputs[0] <= 0):
            blind = {1}  # the logarithm of a negative base is no number
        return [i for i in range(len(self.inputs)) if i not in blind]


def real(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Distinct numbers of both signs, none near 0 or near each other, so that no kink or tie is within reach."""
    size = int(np.prod(shape))
    steps = rng.permutation(np.arange(1, size + 1)) + rng.uniform(-0.2, 0.2, size)
    numbers = steps / max(size, 2) * 1.6 * rng.choice([-1.0, 1.0], size)
    return number(numbers.reshape(shape))


def positive(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return number(np.abs(real(rng, shape)) + 0.3)


def condition(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return number(rng.integers(0, 2, shape) * 1.0)


def labels(classes: int) -> Numbers:
    return lambda rng, shape: number(rng.integers(0, classes, shape) * 1.0)


def number(array: Array) -> Array:
    return np.float64(array) if np.ndim(array) == 0 else np.asarray(array, dtype=np.float64)


shapes = array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=3)
filled_shapes = array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3)
seeds = st.integers(0, 2**32 - 2)


def build(op: Op, drawn: list[tuple[tuple[int, ...], Numbers]], seed: int) -> Case:
    rng = np.random.default_rng(seed)
    return Case(op, [numbers(rng, tuple(shape)) for shape, numbers in drawn], seed)


@st.composite
def elementwise(draw: Any, name: str, *numbers: Numbers, **attributes: Any) -> Case:
    fitting = draw(mutually_broadcastable_shapes(num_shapes=len(numbers), max_dims=3, max_side=3))
    return build(operation(name, **attributes), list(zip(fitting.input_shapes, numbers, strict=True)), draw(seeds))


@st.composite
def on_shapes(draw: Any, name: str, *inputs: tuple[tuple[int, ...], Numbers], **attributes: Any) -> Case:
    return build(operation(name, **attributes), list(inputs), draw(seeds))


@st.composite
def reduction(draw: Any, name: str, numbers: Numbers = real, **attributes: Any) -> Case:
    shape = draw(shapes)
    axes = draw(st.none() | st.lists(st.integers(0, len(shape) - 1), unique=True, min_size=1)) if shape else None
    if axes is not None and len(axes) == 1 and draw(st.booleans()):
        axes = draw(st.sampled_from([axes[0], axes[0] - len(shape)]))
    attributes |= {"axis": axes, "keepdims": draw(st.booleans())}
    if attributes.get("unbiased"):
        shape = tuple(size + 1 for size in shape) or (2,)
    return build(operation(name, **attributes), [(shape, numbers)], draw(seeds))


@st.composite
def along(draw: Any, name: str) -> Case:
    shape = draw(filled_shapes)
    axis = draw(st.integers(-len(shape), len(shape) - 1))
    return build(operation(name, axis=axis), [(shape, real)], draw(seeds))


@st.composite
def matmul(draw: Any) -> Case:
    n, k, m, batch = (draw(st.integers(1, 3)) for _ in range(4))
    pairs = [((n, k), (k, m)), ((k,), (k, m)), ((n, k), (k,)), ((k,), (k,)), ((batch, n, k), (batch, k, m))]
    pairs += [((n, k), (batch, k, m)), ((batch, n, k), (k, m)), ((1, n, k), (batch, k, m)), ((batch, n, k), (k,))]
    pairs += [((k,), (batch, k, m)), ((2, 1, n, k), (batch, k, m))]
    left, right = draw(st.sampled_from(pairs))
    return build(operation("matmul"), [(left, real), (right, real)], draw(seeds))


@st.composite
def vectors(draw: Any, name: str) -> Case:
    size = draw(st.integers(1, 4))
    return build(operation(name), [((size,), real), ((size,), real)], draw(seeds))


@st.composite
def pairs(draw: Any, name: str) -> Case:
    left, right = draw(array_shapes(max_dims=2, max_side=3)), draw(array_shapes(max_dims=2, max_side=3))
    return build(operation(name), [(left, real), (right, real)], draw(seeds))


@st.composite
def transposes(draw: Any) -> Case:
    shape = draw(shapes)
    order = draw(st.none() | st.permutations(range(len(shape))))
    return build(operation("transpose", axes=order), [(shape, real)], draw(seeds))


@st.composite
def joins(draw: Any, name: str) -> Case:
    shape, count = draw(filled_shapes), draw(st.integers(1, 3))
    axis = draw(st.integers(-len(shape), len(shape) - 1))
    every = [shape] * count
    if name == "concat":
        sizes = [draw(st.integers(1, 3)) for _ in every]
        every = [tuple(size if k == axis % len(shape) else old for k, old in enumerate(shape)) for size in sizes]
    return build(operation(name, axis=axis), [(each, real) for each in every], draw(seeds))


@st.composite
def losses(draw: Any, name: str, second: Numbers, classes: bool = False) -> Case:
    reduce = draw(st.sampled_from(["mean", "sum", "none"]))
    shape = draw(filled_shapes) if classes else draw(shapes)
    other: tuple[tuple[int, ...], Numbers] = (shape, second)
    if classes and (name == "hinge" or draw(st.booleans())):
        other = (shape[:-1], labels(shape[-1]))
    return build(operation(name, reduction=reduce), [(shape, real), other], draw(seeds))


@st.composite
def norms(draw: Any, name: str) -> Case:
    shape = draw(filled_shapes)
    gain = shape[-1:] if name == "layer_norm" else shape[1:]
    eps = draw(st.sampled_from([1e-5, 0.1]))
    return build(operation(name, eps=eps), [(shape, real), (gain, positive), (gain, real)], draw(seeds))


@st.composite
def convolutions(draw: Any, axes: int) -> Case:
    n, c, f = (draw(st.integers(1, 2)) for _ in range(3))
    window = [draw(st.integers(1, 3)) for _ in range(axes)]
    sizes = [draw(st.integers(width, width + 2)) for width in window]
    attributes = {"stride": draw(st.integers(1, 2)), "padding": draw(st.integers(0, 1))}
    if axes == 2 and draw(st.booleans()):
        attributes = {key: [value] * 2 for key, value in attributes.items()}
    inputs = [((n, c, *sizes), real), ((f, c, *window), real), ((f,), real)]
    return build(operation(f"conv{axes}d", **attributes), inputs[: draw(st.integers(2, 3))], draw(seeds))


@st.composite
def pools(draw: Any, name: str) -> Case:
    size, stride = draw(st.integers(1, 3)), draw(st.none() | st.integers(1, 3))
    lead = draw(st.sampled_from([(), (2, 1)]))
    sides = tuple(draw(st.integers(size, size + 2)) for _ in range(draw(st.integers(1, 2))))
    padding = draw(st.integers(0, size // 2))
    return build(operation(name, size=size, stride=stride, padding=padding), [((*lead, *sides), real)], draw(seeds))


def unary(name: str, numbers: Numbers = real, **attributes: Any) -> list[Any]:
    return [elementwise(name, numbers, **attributes)]


ids = labels(3)
CASES: dict[str, list[Any]] = {
    **{name: [elementwise(name, real, real)] for name in ("add", "sub", "mul")},
    **{name: [elementwise(name, real, real)] for name in ("less", "less_equal", "greater", "greater_equal")},
    **{name: [elementwise(name, real, real)] for name in ("equal", "not_equal")},
    "div": [elementwise("div", real, positive)],
    "pow": [
        elementwise("pow", positive, real),
        on_shapes("pow", ((2, 3), real), ((), lambda rng, shape: np.float64(3))),
    ],
    **{name: unary(name) for name in ("neg", "copy", "relu", "tanh", "sigmoid", "softplus", "silu", "stop_gradient")},
    **{name: unary(name) for name in ("exp", "square", "abs", "sin", "cos", "sinh", "cosh")},
    **{name: unary(name, positive) for name in ("log", "log1p", "sqrt")},
    "tan": [elementwise("tan", lambda rng, shape: 0.5 * real(rng, shape))],
    "leaky_relu": [*unary("leaky_relu"), *unary("leaky_relu", slope=0.3)],
    "elu": [*unary("elu"), *unary("elu", alpha=0.7)],
    "gelu": [*unary("gelu"), *unary("gelu", approximate="tanh")],
    "max": [elementwise("max", real, positive), elementwise("max", real, real, real), elementwise("max", real)],
    "min": [elementwise("min", real, positive), elementwise("min", real, real, real), elementwise("min", real)],
    "where": [elementwise("where", condition, real, real)],
    "clip": [elementwise("clip", real, lo=-0.511, hi=0.613)],
    "straight_through": [on_shapes("straight_through", ((2, 3), real), ((2, 3), real))],
    "dropout": [elementwise("dropout", real, condition), elementwise("dropout", real, condition, keep=0.5)],
    **{name: [reduction(name)] for name in ("sum", "mean", "prod", "amax", "amin", "norm", "logsumexp")},
    "var": [reduction("var"), reduction("var", unbiased=True)],
    "std": [reduction("std", unbiased=True), on_shapes("std", ((3, 4), real), axis=1)],
    **{name: [along(name)] for name in ("softmax", "log_softmax", "cumsum")},
    "matmul": [matmul()],
    "dot": [vectors("dot")],
    "outer": [pairs("outer")],
    "kron": [pairs("kron")],
    "einsum": [
        on_shapes("einsum", ((2, 3), real), ((3, 2), real), subscripts="ij,jk->ik"),
        on_shapes("einsum", ((2, 3), real), ((2, 3), real), subscripts="ij,ij->i"),
        on_shapes("einsum", ((2, 3), real), subscripts="ij->j"),
        on_shapes("einsum", ((3, 3), real), subscripts="ii->"),
        on_shapes("einsum", ((3, 3), real), ((3,), real), subscripts="ii,i->i"),
        on_shapes("einsum", ((2,), real), ((3,), real), ((2, 3), real), subscripts="i,j,ij"),
    ],
    "transpose": [transposes()],
    "reshape": [
        on_shapes("reshape", ((2, 6), real), to=[3, 4]),
        on_shapes("reshape", ((2, 6), real), to=[-1, 2, 2]),
        on_shapes("reshape", ((4,), real), to=4),
        on_shapes("reshape", ((), real), to=[1, 1]),
    ],
    "concat": [joins("concat")],
    "stack": [joins("stack"), on_shapes("stack", ((), real), ((), real))],
    "pad": [
        on_shapes("pad", ((2, 3), real), width=1),
        on_shapes("pad", ((3,), real), width=[0, 2]),
        on_shapes("pad", ((2, 2), real), width=[[1, 0], [0, 2]]),
    ],
    "index": [
        on_shapes("index", ((4,), real), items=(-1,)),
        on_shapes("index", ((3, 4), real), items=(Range(None, None), Range(1, 4, 2))),
        on_shapes("index", ((2, 3, 4), real), items=("...", 1)),
        on_shapes("index", ((4,), real), items=((0, 2, 2),)),
        on_shapes("index", ((3, 4), real), ((5,), ids), ((5,), ids), items=("array", "array")),
        on_shapes("index", ((3, 4), real), ((), ids), items=("array",)),
    ],
    "gather": [
        on_shapes("gather", ((3, 2), real), ((4,), ids)),
        on_shapes("gather", ((3,), real), ((2, 2), ids)),
        on_shapes("gather", ((3, 2), real), ((), ids)),
    ],
    "cross_entropy": [losses("cross_entropy", positive, classes=True)],
    "hinge": [losses("hinge", real, classes=True), on_shapes("hinge", ((2, 4), real), ((2,), ids), margin=0.4)],
    "mse": [losses("mse", real)],
    "bce_with_logits": [losses("bce_with_logits", positive)],
    "layer_norm": [norms("layer_norm")],
    "batch_norm": [norms("batch_norm")],
    "conv1d": [convolutions(1)],
    "conv2d": [convolutions(2)],
    "max_pool": [pools("max_pool")],
    "avg_pool": [pools("avg_pool")],
}


def mixed(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """As `real`, with some numbers certainly negative and some certainly positive."""
    signs = np.resize([1.0, -1.0, -1.0, 1.0, 1.0], int(np.prod(shape)))
    return number(np.abs(real(rng, shape)) * rng.permutation(signs).reshape(shape))


def both(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Zeros and ones, some of each."""
    return rng.permutation(np.resize([1.0, 0.0], int(np.prod(shape)))).reshape(shape)


def repeated(classes: int) -> Numbers:
    """Numbers of rows, not all of them the same, and one of them twice."""
    return lambda rng, shape: np.resize(rng.permutation(classes)[: classes - 1] * 1.0, shape)


def near(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Rows in which the same entry is always the largest, and each is within a margin of 1 of the next one."""
    return 0.4 * rng.permutation(shape[-1]) + rng.uniform(-0.1, 0.1, shape)


def every(classes: int) -> Numbers:
    """Labels among which each class is found: the largest score's, the smallest one's and those between."""
    return lambda rng, shape: np.resize(rng.permutation(classes) * 1.0, shape)


A, B, V = (3, 4), (4, 5), (4,)


def generic(name: str, *inputs: tuple[tuple[int, ...], Numbers], **attributes: Any) -> list[Any]:
    return [on_shapes(name, *inputs, **attributes)]


# Sizes that differ, entries on both sides of every kink, something picked twice: where a slip must show.
GENERIC: dict[str, list[Any]] = {
    **{
        name: generic(name, (A, mixed)) for name in REGISTRY if REGISTRY[name].inputs == ("x",) and REGISTRY[name].slips
    },
    **{name: generic(name, (A, mixed), (A, mixed)) for name in ("add", "sub", "mul", "div", "max", "min", "mse")},
    "pow": generic("pow", (A, positive), (A, mixed)),
    **{name: generic(name, (A, positive)) for name in ("log", "log1p", "sqrt")},
    "clip": generic("clip", (A, mixed), lo=-0.511, hi=0.613),
    "where": generic("where", (A, both), (A, mixed), (A, mixed)),
    "straight_through": generic("straight_through", (A, mixed), (A, mixed)),
    "dropout": generic("dropout", (A, mixed), (A, both)),
    "var": generic("var", (A, mixed), axis=1),
    "std": generic("std", (A, mixed), axis=0),
    "norm": generic("norm", (A, mixed), axis=0),
    **{name: generic(name, (A, mixed)) + generic(name, ((3, 3), mixed)) for name in ("relu", "tanh", "sigmoid")},
    "transpose": generic("transpose", ((3, 3), mixed)),
    "reshape": generic("reshape", ((2, 6), mixed), to=[3, 4]),
    "concat": generic("concat", (A, mixed), (A, mixed)),
    "stack": generic("stack", (A, mixed), (A, mixed)),
    "pad": generic("pad", (A, mixed), width=1),
    "cumsum": generic("cumsum", (A, mixed), axis=1),
    "matmul": [
        *generic("matmul", (A, mixed), (B, mixed)),
        *generic("matmul", ((3, 3), mixed), ((3, 3), mixed)),
        *generic("matmul", (V, mixed), (B, mixed)),
    ],
    "dot": generic("dot", (V, mixed), (V, mixed)),
    "outer": [*generic("outer", (V, mixed), (V, mixed))],
    "kron": generic("kron", ((2, 3), mixed), ((3, 2), mixed)),
    "einsum": generic("einsum", ((3, 3), mixed), ((3, 3), mixed), subscripts="ij,jk->ik"),
    "index": [
        *generic("index", (V, mixed), items=(1,)),
        *generic("index", (A, mixed), ((5,), repeated(3)), ((5,), repeated(3)), items=("array", "array")),
    ],
    "gather": generic("gather", (A, mixed), ((5,), repeated(3))),
    "cross_entropy": [
        *generic("cross_entropy", (A, mixed), ((3,), labels(4))),
        *generic("cross_entropy", (A, mixed), (A, positive)),
    ],
    "hinge": generic("hinge", ((6, 4), near), ((6,), every(4))),
    "bce_with_logits": generic("bce_with_logits", (A, mixed), (A, both)),
    "layer_norm": generic("layer_norm", (A, mixed), (V, positive), (V, mixed)),
    "batch_norm": generic("batch_norm", ((4, 3), mixed), ((3,), positive), ((3,), mixed)),
    "conv1d": generic("conv1d", ((2, 2, 5), mixed), ((3, 2, 3), mixed), ((3,), mixed), padding=1),
    "conv2d": generic("conv2d", ((1, 2, 4, 5), mixed), ((3, 2, 2, 3), mixed)),
    "max_pool": generic("max_pool", ((2, 2, 6), mixed), size=3, stride=2),
    "avg_pool": generic("avg_pool", ((4, 6), mixed), size=2),
}
PAIRS = [(name, case) for name, every in CASES.items() for case in every]
NAMES = [name if len(CASES[name]) == 1 else f"{name}-{CASES[name].index(case)}" for name, case in PAIRS]
