"""The syntax tree: what an expression says, and where in the typed text it says it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

# Operator -> the name under which evaluation and the engine's registry know it.
OPERATORS: dict[str, str] = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "@": "matmul",
    "^": "pow",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
    "==": "equal",
    "!=": "not_equal",
}
# What else the grammar computes with: `-x`, `x.T`, `x[0]`, `[a, b]`.
DTYPE = "dtype"  # the one option whose value is a name: other libraries have it, and we drop it where it is harmless
NEGATE, TRANSPOSE, INDEX, STACK = "neg", "transpose", "index", "stack"
COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})


class Span(NamedTuple):
    """A stretch of the text as it was typed: the offsets of its first character and of the one behind its last."""

    start: int
    end: int


NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression. Trees are equal when they say the same; where it stands does not count."""

    span: Span = field(default=NOWHERE, compare=False, kw_only=True, repr=False)


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number; `text` keeps the digits as typed (`0.50`), for questions about rounding."""

    text: str
    value: float


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A node, an input, a size or a constant."""

    name: str


@dataclass(frozen=True, slots=True)
class Gradient(Node):
    """`dz` (`of` is None): the gradient of the output; `dh/dz`: the Jacobian of h with respect to z."""

    of: str | None
    wrt: str

    @property
    def name(self) -> str:
        """How it is called among the values: `dz`, `dh/dz`."""
        return f"d{self.wrt}" if self.of is None else f"d{self.of}/d{self.wrt}"


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-x`."""

    operand: "Tree"


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two operands and one of `OPERATORS`, whichever way it was spelt (`**` is `^`, `⊙ ∘ · ×` are `*`)."""

    op: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True, slots=True)
class Transposed(Node):
    """`W.T`, also typed `Wᵀ` or `W^T`."""

    operand: "Tree"


@dataclass(frozen=True, slots=True)
class Slice(Node):
    """`start:stop:step` within an index; what was left out is None."""

    start: "Tree | None"
    stop: "Tree | None"
    step: "Tree | None"


@dataclass(frozen=True, slots=True)
class EllipsisIndex(Node):
    """`...` within an index: all axes that are not named."""


@dataclass(frozen=True, slots=True)
class Subscript(Node):
    """`x[0]`, `x[:, 1:3]`, `p[rows, labels]`."""

    operand: "Tree"
    items: "tuple[Tree | Slice | EllipsisIndex, ...]"


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A word in quotes, such as "mean"; stands only among the arguments of a call."""

    value: str


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """`true` or `false` as the value of a keyword."""

    value: bool


@dataclass(frozen=True, slots=True)
class Keyword(Node):
    """`axis=0` within a call; the value is a literal: a number, true, false, a word in quotes, a list of these."""

    name: str
    value: "Tree"


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`sum(x, axis=0)`."""

    function: str
    arguments: "tuple[Tree, ...]"
    keywords: tuple[Keyword, ...] = ()


@dataclass(frozen=True, slots=True)
class ArrayLiteral(Node):
    """`[1, 2]`; a matrix is an array of arrays, one a row."""

    items: "tuple[Tree, ...]"


Tree: TypeAlias = (
    Number | Name | Gradient | Negation | Binary | Transposed | Subscript | Call | ArrayLiteral | Text | Boolean
)
Part: TypeAlias = Tree | Slice | EllipsisIndex | Keyword


def children(part: Part) -> "tuple[Part, ...]":
    """The parts directly below, in reading order."""
    match part:
        case Binary():
            return part.left, part.right
        case Negation() | Transposed():
            return (part.operand,)
        case Call():
            return *part.arguments, *part.keywords
        case ArrayLiteral():
            return part.items
        case Subscript():
            return part.operand, *part.items
        case Slice():
            return tuple(each for each in (part.start, part.stop, part.step) if each is not None)
        case Keyword():
            return (part.value,)
    return ()


def walk(part: Part) -> Iterator[Part]:
    """The part itself and everything below it, in reading order; without recursion."""
    left = [part]
    while left:
        current = left.pop()
        yield current
        left.extend(reversed(children(current)))


def fault_span(part: Part) -> Span:
    """Where to point when a part cannot be computed: an index at what stands between its brackets, all else whole."""
    typed = [item.span for item in part.items if item.span != NOWHERE] if isinstance(part, Subscript) else []
    return Span(typed[0].start, typed[-1].end) if typed else part.span  # an index of 0 may have been filled in


def names_in(part: Part) -> list[str]:
    """Every use of a name in reading order, so `x * y + x` gives x, y, x; gradients and functions are not names."""
    return [each.name for each in walk(part) if isinstance(each, Name)]


def depth(part: Part) -> int:
    """How many levels the tree has; a number or a name has one."""
    levels, row = 0, [part]
    while row:
        levels += 1
        row = [below for each in row for below in children(each)]
    return levels
