"""What a Python expression is worth while it is read: numbers and lists as Python has them, arrays as formulas."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from tutor.expr import Tree
from tutor.text import Message

# An int, float, bool, str, None, slice, Ellipsis, tuple, list, dict, or one of the classes below.
Value: TypeAlias = Any
Kind: TypeAlias = Literal["real", "bool", "int"]


@dataclass(eq=False, slots=True)
class Array:
    """An array: its formula, whose it is, and what its entries are.

    `weight` counts the parts of the formula. A `stale` array looks at entries that were changed through another one.
    """

    tree: Tree
    torch: bool = False
    kind: Kind = "real"
    infinite: bool = False  # minus infinity stands in it, as in a masked score
    weight: int = 1
    memory: "list[Array]" = field(default_factory=list)  # who else looks at its entries, and sees what is changed
    stale: bool = False

    def __post_init__(self) -> None:
        self.memory.append(self)


@dataclass(frozen=True, slots=True)
class Size:
    """A whole number in the words of the sizes, and what it is at several choices of them."""

    tree: Tree
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """Something of a library, by its dotted name in full."""

    path: str


@dataclass(frozen=True, slots=True)
class Method:
    """`x.sum` before it is called."""

    owner: Value
    name: str


@dataclass(frozen=True, slots=True)
class RefusedValue:
    """A value that nothing may be made of, as the indices that PyTorch's max returns beside its values."""

    message: Message


@dataclass(frozen=True, slots=True)
class Pair:
    """What PyTorch's max along an axis returns: values, and where they stand."""

    values: Array
    indices: RefusedValue


@dataclass(eq=False, slots=True)
class OwnFunction:
    """A function of the file, with the names that it sees around it."""

    node: ast.FunctionDef | ast.Lambda
    around: "Frame"
    owner: "Instance | None" = None  # of a method


@dataclass(eq=False, slots=True)
class OwnClass:
    """A class of the file or a layer of PyTorch."""

    node: ast.ClassDef
    around: "Frame"
    methods: Mapping[str, ast.FunctionDef]


@dataclass(eq=False, slots=True)
class Instance:
    """An object: its class and its attributes."""

    kind: OwnClass | None
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Parameter:
    """A weight before it has a name: its shape."""

    shape: tuple[Value, ...]


@dataclass(eq=False, slots=True)
class Frame:
    """Names and what they are worth, and the frame around; `table` says that a row of the tables is being read."""

    names: dict[str, Value] = field(default_factory=dict)
    around: "Frame | None" = None
    torch: bool = False
    table: bool = False

    def outward(self) -> "Iterator[Frame]":
        """This frame and those around it."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.around


@dataclass(frozen=True, slots=True)
class RangeOf:
    """`range(N)` of a size: no list to go through, but an index of rows."""

    size: Size


class UnmappedError(ValueError):
    """A piece that means nothing in our language.

    Where a shape was missing, `unsized` is what must be given one; `stale` says that entries changed under it.
    """

    def __init__(self, unsized: Tree | None = None, *, stale: bool = False) -> None:
        super().__init__()
        self.unsized, self.stale = unsized, stale
