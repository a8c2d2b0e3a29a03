"""What an op is: a value, its derivatives, its shape rule, its texts and the classic ways to get it wrong."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache, lru_cache, partial
from math import prod
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.engine.errors import EngineError, NotComputableError, ShapeError
from tutor.engine.ops.attributes import check_attributes
from tutor.engine.ops.places import aligned, entry, product
from tutor.engine.tracing import traced
from tutor.expr import to_text
from tutor.expr.result_sizes import CallSize
from tutor.text import msg

# Float64 (masks are bool); a number is `np.float64`, which does all that an array does but is none to a type checker.
Array: TypeAlias = NDArray[Any] | Any
Shape: TypeAlias = tuple[int, ...]
# slip(op, i, up, out, *inputs) -> what somebody who makes this slip sends back to input i
Slip: TypeAlias = Callable[..., Array]

REGISTRY: dict[str, type["Op"]] = {}


@dataclass(frozen=True)
class Op:
    """One operation; its attributes (an axis, a slope) are the fields of its dataclass.

    `inputs` names the inputs for the texts; a name ending in `*` takes any number of inputs, `?` marks one that may
    be left out. `symbol` is what people write: an operator, or else the name.

    A subclass with a `name` is registered by it. It needs `forward`, `vjp`, `jvp` and `shape`; `Elementwise` and
    `Multilinear` make some of these of the others.
    """

    name: ClassVar[str] = ""
    symbol: ClassVar[str] = ""
    inputs: ClassVar[tuple[str, ...]] = ("x",)
    # Its other names in NumPy and PyTorch, of functions and methods with the same arguments: see `borrowed_calls`.
    borrowed: ClassVar[tuple[str, ...]] = ()
    # The value in our language, from the names of `inputs` and of attributes: what SymPy differentiates.
    formula: ClassVar[str] = ""
    # Message id of the line a teacher would say about this op.
    rule: ClassVar[str] = ""
    # The same of its own slope, whatever arrives from above: `rule` again where that speaks of nothing else.
    slope_rule: ClassVar[str] = "engine.slope-alone"
    # Downstream gradient of each input, in our language, from `up`, `out` and the names of `inputs`, where it reads
    # better than what is derived from `vjp`; () for what is derived, None where no formula is short enough to be read.
    backward: ClassVar[tuple[str, ...] | None] = ()
    # Classic wrong rules by name. Their texts stand in text/locale/*/LC_MESSAGES/slips.po, as `slips.max:both-win.name`
    # and `.advice`, each with the class that it comes from in a comment; `mistakes.slip_texts` puts the two together.
    slips: ClassVar[Mapping[str, Slip]] = {}
    callable_by_name: ClassVar[bool] = True
    elementwise: ClassVar[bool] = False
    # Inputs that take no gradient: labels, conditions, comparisons.
    without_gradient: ClassVar[frozenset[int]] = frozenset()
    # How many attributes stand before the inputs in a call: the "ij,jk->ik" of einsum.
    literals_first: ClassVar[int] = 0
    # Where the slope jumps, for an op of one input.
    kinks_at: ClassVar[tuple[float, ...]] = ()
    # May it cut off an input, so that the output does not depend on it? May its local gradient be no number?
    cuts: ClassVar[bool] = False
    singular: ClassVar[bool] = False
    # Does a factor of 0 cut the other one off?
    masks: ClassVar[bool] = False
    # Does `check` refuse some values, such as labels that are no class?
    checks: ClassVar[bool] = False
    # Of which values the result is not rounded: drills that are exact all through get numbers short enough for a hand.
    exact: ClassVar[Literal["none", "whole", "always"]] = "none"
    # Does it only move entries about? Does its value determine its input?
    moves: ClassVar[bool] = False
    reversible: ClassVar[bool] = False
    # Does it flatten out far from 0? Is it only defined for positive numbers?
    saturates: ClassVar[bool] = False
    positive: ClassVar[bool] = False
    # Does it relate all entries along `axis` to each other, so that two are too few to tell a rule from a special case?
    normalises: ClassVar[bool] = False
    # Is its rule another one for vectors than for matrices?
    by_rank: ClassVar[bool] = False
    # Does it add up products, as `@` does? What is counted of any other op, one an entry of its value.
    sums_products: ClassVar[bool] = False
    counted: ClassVar[Literal["", "multiply", "add"]] = ""
    # Inputs beside which something else is a factor, or divides.
    factors: ClassVar[frozenset[int]] = frozenset()
    # Which input holds labels. May these be distributions over the last axis instead, in the shape of the scores?
    labels_at: ClassVar[int | None] = None
    soft_labels: ClassVar[bool] = False
    # Is its gradient a definition of its own, not the derivative of its value?
    own_gradient: ClassVar[bool] = False
    # How much its rule teaches: 0 where it only hands on, 1 where it turns the sign.
    telling: ClassVar[int] = 2
    # What a line that computes it is called in a lesson made from a formula: `h`, `L`; nothing: the next letter.
    letter: ClassVar[str] = ""
    # Do its inputs stand in that line as they are, as those of `@` do?
    one_line: ClassVar[bool] = False
    # At which input its slips are told about where there is no drill, and at which shapes: input, other input, value.
    told_at: ClassVar[int] = 0
    example_shapes: ClassVar[tuple[str, str, str]] = ("(n, m)", "(n, m)", "(n, m)")
    # LaTeX's name for it, or the whole with `{0}` for the input; upright letters where it has none.
    latex: ClassVar[str] = ""
    # SymPy's function for it; what `formula` says where there is none.
    sympy: ClassVar[str] = ""
    # NumPy's way to write its value, and its gradient where that is no short formula: see `numpy_source`. Without them
    # `np.<name>`, or what `forward` and `vjp` do.
    numpy: ClassVar[str] = ""
    numpy_backward: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if "name" in cls.__dict__:
            REGISTRY[cls.name] = cls
            cls.symbol = cls.__dict__.get("symbol", cls.name)

    def __post_init__(self) -> None:
        check_attributes(self)

    def forward(self, *inputs: Any) -> Array:
        """The value."""
        raise NotImplementedError(self.name)

    def vjp(self, i: int, up: Array, out: Array, *inputs: Any) -> Array:
        """The downstream gradient for input i, in the broadcast shape (the engine sums it back).

        Its formula is derived from it (`backward`) where it is made of operators and NumPy functions that
        `engine.tracing` knows; of anything else, such as methods of arrays, there is none.
        """
        raise NotImplementedError(self.name)

    def jvp(self, i: int, tangent: Array, out: Array, *inputs: Any) -> Array:
        """How the output moves when input i moves along `tangent`; the shape of the output."""
        raise NotImplementedError(self.name)

    def reaches(self, i: int, alive: Array, out: Array, *inputs: Any) -> Array:
        """Which entries of input i the `alive` entries of the output depend on, at least, in the shape of `vjp`."""
        return np.broadcast_to(np.any(alive), np.shape(inputs[i]))

    def jacobian(self, i: int, out: Array, *inputs: Any) -> Array:
        """The full local Jacobian, (out.size, inputs[i].size), both flattened row-major.

        A column a unit tangent, or, where that is less work, a row a unit gradient.
        """
        size, shape, rows = int(np.size(inputs[i])), np.shape(inputs[i]), int(np.size(out))
        matrix = np.empty((rows, size))
        if rows < size and self.vjp_shape(i, np.shape(out), [np.shape(each) for each in inputs]) == shape:
            for k, unit in enumerate(unit_arrays(np.shape(out))):
                matrix[k] = np.ravel(np.broadcast_to(self.vjp(i, unit, out, *inputs), shape))
        else:
            for k, unit in enumerate(unit_arrays(shape)):
                matrix[:, k] = np.ravel(self.jvp(i, unit, out, *inputs))
        return matrix

    def shape(self, *shapes: Shape) -> Shape:
        """The output's shape; raises ShapeError where the inputs do not fit."""
        raise NotImplementedError(self.name)

    def cost(self, out: Shape, *shapes: Shape) -> CallSize:
        """What the value takes, by shapes alone, before it is computed; to send a gradient back takes as much."""
        return CallSize(max(map(prod, (out, *shapes))))

    def products(self, out: Shape, *shapes: Shape) -> int:
        """How many products an op adds up."""
        return prod(out) * shapes[0][-1]

    def operations(self, out: Shape, *shapes: Shape) -> tuple[int, int]:
        """The multiplications and additions that one counts for its value."""
        if self.sums_products:
            products = self.products(out, *shapes)
            return products, products - prod(out)
        return prod(out) * (self.counted == "multiply"), prod(out) * (self.counted == "add")

    def nudged(self, out: Array, inputs: Sequence[Array], moved: Sequence[Array]) -> Array:
        """The value after its inputs moved, so that its gradient is what is measured."""
        return self.forward(*moved)

    def kink_operands(self, *inputs: Any) -> Iterable[Sequence[Array]]:
        """Arrays of which the largest one decides what the gradient is, entry by entry: a tie is a kink."""
        return [(inputs[0], np.float64(place)) for place in self.kinks_at]

    def check(self, *inputs: Any) -> None:
        """Refuses values that the op cannot take, with an EngineError; only called where `checks` is set."""

    def choices(self, i: int, *shapes: Shape) -> int | None:
        """How many things the whole numbers of input i choose from; None where it is no index and no label."""
        return None

    def takes_distribution(self, i: int, *shapes: Shape) -> bool:
        """May input i be a distribution over the last axis, as soft targets are?"""
        return self.soft_labels and i == self.labels_at and shapes[i] == shapes[0]

    def checked(self, *inputs: Any) -> Array:
        """The value, after `check`."""
        self.check(*inputs)
        return self.forward(*inputs)

    def backward_text(self, i: int, shapes: Sequence[Shape]) -> str:
        """The downstream gradient for input i in our language, before it is summed back to the input's shape."""
        if self.backward is None:
            return ""
        return self.backward[i] if self.backward else _derived(self, i, tuple(shapes))

    def entry_slope(self, i: int, at: Sequence[str], own: Sequence[str], shapes: Sequence[Shape]) -> str:
        """How the output's entry `at` moves with the entry `own` of input i: `(i == k) * b[l, j]`; "" for no rule.

        Places are letters, and 0 on axes of size 1; `out` and the names of `inputs` stand with theirs.
        """
        return ""

    def vjp_shape(self, i: int, out: Shape, shapes: Sequence[Shape]) -> Shape:
        """The shape of `vjp` and `backward_text` before they are summed back to the shape of input i."""
        return shapes[i]

    def only(self, can: bool, gradient: Array) -> Array:
        """What a slip sends, `gradient`, where it `can` be made; raises NotComputableError elsewhere."""
        if not can:
            raise not_computable(self)
        return gradient

    @classmethod
    def numpy_option(cls, name: str, value: str, bare: bool) -> str:
        """An attribute as an argument of NumPy's function; `bare` where it was given by its place."""
        return value if bare else f"{name}={value}"

    @classmethod
    def slips_at(cls, i: int) -> Mapping[str, Slip]:
        """The slips that can be made at input i: none where no gradient goes."""
        return {} if i in cls.without_gradient else cls.slips

    @classmethod
    def arity(cls) -> tuple[int, float]:
        """The smallest and largest number of inputs."""
        if cls.inputs[0].endswith("*"):
            return 1, float("inf")
        return sum(1 for name in cls.inputs if not name.endswith("?")), len(cls.inputs)

    @classmethod
    def signature(cls) -> str:
        """The names of inputs and attributes, as an error lists them."""
        attributes = options(cls.name)
        inputs = [name.replace("*", ", ..").rstrip("?") for name in cls.inputs]
        first = cls.literals_first
        return ", ".join([*attributes[:first], *inputs, *attributes[first:]])

    def input_names(self, count: int) -> tuple[str, ...]:
        """The names that `formula` and `backward` use for `count` inputs: `a, b`, or `x0, x1, x2`."""
        if self.inputs[0].endswith("*"):
            return tuple(f"{self.inputs[0][:-1]}{k}" for k in range(count))
        return tuple(name.rstrip("?") for name in self.inputs[:count])


class Elementwise(Op):
    """An op that works entry by entry, with NumPy's broadcasting: `forward` and `derivative` are all that it needs."""

    elementwise = True

    def derivative(self, i: int, out: Array, *inputs: Any) -> Array:
        """The local derivative with respect to input i, entry by entry, broadcastable to the output's shape.

        `vjp` is made of it, so what is said there holds here.
        """
        raise NotImplementedError(self.name)

    def vjp_shape(self, i: int, out: Shape, shapes: Sequence[Shape]) -> Shape:
        return out

    def entry_slope(self, i: int, at: Sequence[str], own: Sequence[str], shapes: Sequence[Shape]) -> str:
        rule = self.backward_text(i, shapes)
        stand = {"up": "1", "out": entry("out", at)}
        for name, shape in zip(self.input_names(len(shapes)), shapes, strict=True):
            stand[name] = entry(name, aligned(at, shape))
        slope = re.sub(r"[^\W\d]\w*", lambda word: stand.get(word[0], word[0]), rule)
        return product(at, own, f"({slope})") if rule else ""

    def reaches(self, i: int, alive: Array, out: Array, *inputs: Any) -> Array:
        # A gate does not look where its derivative is 0, anything else looks everywhere.
        return alive & np.not_equal(self.derivative(i, out, *inputs), 0.0) if self.cuts else alive

    def vjp(self, i: int, up: Array, out: Array, *inputs: Any) -> Array:
        return up * self.derivative(i, out, *inputs)

    def jvp(self, i: int, tangent: Array, out: Array, *inputs: Any) -> Array:
        return np.broadcast_to(tangent * self.derivative(i, out, *inputs), np.shape(out))

    def jacobian(self, i: int, out: Array, *inputs: Any) -> Array:
        shape, size = np.shape(out), int(np.size(out))
        slope = np.broadcast_to(self.derivative(i, out, *inputs), shape).ravel()
        source = np.arange(np.size(inputs[i])).reshape(np.shape(inputs[i]))
        matrix = np.zeros((size, int(np.size(inputs[i]))))
        matrix[np.arange(size), np.broadcast_to(source, shape).ravel()] = slope
        return matrix

    def shape(self, *shapes: Shape) -> Shape:
        different = set(shapes)
        if len(different) == 1:
            return shapes[0]
        try:
            return np.broadcast_shapes(*different)
        except ValueError:
            shown = shapes if len(shapes) == 2 else _first_clash(shapes)
            raise ShapeError(
                msg("engine.shapes-do-not-broadcast", op=self.symbol, left=shown[0], right=shown[1])
            ) from None


class Multilinear(Op):
    """An op that is linear in each input on its own: it moves as its value would with that input replaced.

    It needs `forward`, `vjp` and `shape`.
    """

    def jvp(self, i: int, tangent: Array, out: Array, *inputs: Any) -> Array:
        moved = list(inputs)
        moved[i] = tangent
        return self.forward(*moved)

    def reaches(self, i: int, alive: Array, out: Array, *inputs: Any) -> Array:
        plain = [x if k in self.without_gradient else np.ones_like(x) for k, x in enumerate(inputs)]
        return np.greater(self.vjp(i, alive * 1.0, out, *plain), 0.0)


def unit_arrays(shape: Shape) -> Iterator[Array]:
    """Every array of this shape with a single 1 in it, in row-major order; a number as `np.float64`."""
    for k in range(prod(shape)):
        unit = np.zeros(prod(shape))
        unit[k] = 1.0
        yield unit.reshape(shape) if shape else np.float64(1.0)


def not_computable(op: Op) -> NotComputableError:
    """For a slip that makes no sense at the shapes at hand."""
    return NotComputableError(msg("engine.slip-sizes", op=op.symbol))


@lru_cache(maxsize=512)
def _instance(name: str, attributes: tuple[tuple[str, Any], ...], spelt: str) -> Op:
    # `spelt` keeps axis=True and axis=1 apart, which are equal to Python: only one of them is an axis.
    return REGISTRY[name](**dict(attributes))


@lru_cache(maxsize=1024)
def _derived(op: Op, i: int, shapes: tuple[Shape, ...]) -> str:
    """The text of a rule from the rule itself: `vjp`, run on names."""
    names = [*zip(op.input_names(len(shapes)), shapes, strict=True)]
    tree = traced(partial(op.vjp, i), ("up", op.shape(*shapes)), ("out", op.shape(*shapes)), *names)
    return "" if tree is None else to_text(tree)


@cache
def options(name: str) -> tuple[str, ...]:
    """The names of an op's attributes, in order."""
    return tuple(each.name for each in fields(REGISTRY[name]))


def operation(name: str, **attributes: Any) -> Op:
    """The op of this name with these attributes.

    Raises EngineError for an unknown name or attribute, one that is missing, and for a value that does not fit.
    """
    if name not in REGISTRY:
        near = get_close_matches(name, REGISTRY, n=3, cutoff=0.5)
        raise EngineError(msg("engine.unknown-op", op=name, near=", ".join(near) or "-"))
    known = options(name)
    for key in attributes:
        if key not in known:
            raise EngineError(msg("engine.unknown-attribute", op=name, attribute=key, known=", ".join(known) or "-"))
    given = tuple(sorted((key, _hashable(value)) for key, value in attributes.items()))
    return _instance(name, given, repr(given))


def _hashable(value: Any) -> Any:
    return tuple(_hashable(item) for item in value) if isinstance(value, list | tuple) else value


def _first_clash(shapes: Sequence[Shape]) -> tuple[Shape, Shape]:
    so_far: Shape = ()
    for k, right in enumerate(shapes):
        if not _fit(so_far, right):
            left = next((each for each in shapes[:k] if not _fit(each, right)), so_far)
            return left, right
        so_far = np.broadcast_shapes(so_far, right)
    return shapes[0], shapes[-1]


def _fit(left: Shape, right: Shape) -> bool:
    return all(one == other or 1 in (one, other) for one, other in zip(left[::-1], right[::-1], strict=False))
