"""Arrays as formulas while Python is read: inputs, lines, and the operators between any two values."""

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tutor.authoring.declarations import Declared
from tutor.authoring.line_splitting import free_name
from tutor.authoring.python import axes
from tutor.authoring.python.call_table import UNSET
from tutor.authoring.python.python_values import Array, Frame, Kind, OwnClass, Parameter, Size, UnmappedError, Value
from tutor.authoring.python.symbolic_shapes import Shapes
from tutor.engine.compile import callables
from tutor.engine.ordering import CONSTANTS as FIXED
from tutor.expr import ParseError, Scope, Tree, names_in, parse, to_text
from tutor.expr.tree import ArrayLiteral as Listed
from tutor.expr.tree import Binary, Boolean, Call, Keyword, Name, Negation, Number, Subscript, Text
from tutor.text import Message, msg

_MOST_STEPS = 40_000
_MOST_LINES = 100
_MOST_ARRAYS = 4_000
HEAVY = 24  # parts of a formula that becomes a line of its own, so that no formula doubles without end
_MOST_POWER = 300  # bits of a whole number
MOST_ITEMS = 1_000  # of a list, letters of a word
# By its sign, each operator in Python's syntax, and what it does to numbers and lists.
_OPERATORS: Mapping[str, tuple[type[ast.operator | ast.cmpop], Callable[[Any, Any], Any] | None]] = {
    "+": (ast.Add, operator.add),
    "-": (ast.Sub, operator.sub),
    "*": (ast.Mult, operator.mul),
    "/": (ast.Div, operator.truediv),
    "//": (ast.FloorDiv, operator.floordiv),
    "%": (ast.Mod, operator.mod),
    "**": (ast.Pow, operator.pow),
    "@": (ast.MatMult, None),
    "&": (ast.BitAnd, None),
    "|": (ast.BitOr, None),
    "<": (ast.Lt, operator.lt),
    "<=": (ast.LtE, operator.le),
    ">": (ast.Gt, operator.gt),
    ">=": (ast.GtE, operator.ge),
    "==": (ast.Eq, operator.eq),
    "!=": (ast.NotEq, operator.ne),
}
SIGNS = {node: sign for sign, (node, _) in _OPERATORS.items()}
_COMPUTED = {sign: compute for sign, (_, compute) in _OPERATORS.items() if compute is not None}
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
_TAKES_INFINITY = frozenset({"softmax", "exp", "logsumexp", "where"})


class ArrayReader:
    """Holds what was read so far: `lines` are the formulas, `inputs` what they start from, `frame` names in sight."""

    most_rounds = 200

    def __init__(self, declared: Mapping[str, Declared], sizes: Mapping[str, int], *, torch: bool) -> None:
        self.torch, self.declared, self.numbers = torch, declared, sizes
        self.shapes = Shapes(declared)
        self.inputs: dict[str, Declared] = {}
        self.lines: list[tuple[str, Tree]] = []
        self.used: set[str] = {name for each in declared.values() for name in each.names}
        self.frame = self.module_frame = Frame(torch=torch)
        self.frame_names: set[str] = set()  # inputs that go by a name of the file
        self.notes: list[Message] = []
        self.steps = self.arrays_made = 0
        self.without_gradient = 0  # how many `no_grad` blocks are open
        self.building = False  # reading the `__init__` of a class, where what is drawn becomes a weight
        self.numbers_vary = False  # whether numbers that a cell names are inputs
        self.cell = False  # reading code outside of any function, where what is drawn is an input
        self.depth = 0
        self.layers: Mapping[str, OwnClass] = {}

    # Names

    def fresh(self, name: str) -> str:
        """A name for a node: the variable's own the first time, later with a number behind it."""
        taken = self.used | (set(self.declared) - {name})
        found = name if name == "T" and name not in taken else free_name(name, taken)
        self.used.add(found)
        return found

    def input(self, name: str, declared: Declared | None = None) -> Array:
        """An input of the lesson that goes by this name in Python."""
        node = self.fresh(name)
        each = declared or self.declared.get(name)
        kind: Kind = "real"
        if each is not None:
            self.inputs[node] = replace(each, name=node)
            self.shapes.declare(self.inputs[node])
            kind = "int" if each.role in ("labels", "rows") else "real"
        return Array(Name(node), self.frame.torch, kind)

    def leaf(self, shape: Sequence[Value], name: str = "w") -> Array:
        """An input of this shape that the code makes itself, as a layer's weight."""
        dims = tuple(to_text(self.tree(each)) for each in shape)
        return self.input(name, self.declared.get(name) or Declared(name, dims))

    def rows(self, count: Value) -> Array:
        """0, 1, 2, .. as an input of its own."""
        size = to_text(self.tree(count))
        for name, each in self.inputs.items():
            if each.role == "rows" and each.dims == (size,):
                return Array(Name(name), self.frame.torch, "int")
        return self.input("rows", Declared("rows", (size,), "rows"))

    def define(self, name: str, array: Array) -> None:
        """Makes a line of an array's formula, which all who hold the array see from then on."""
        tree = self.tree(array)
        if isinstance(tree, Name) and tree.name in self.used:
            return
        if len(self.lines) >= _MOST_LINES:
            raise UnmappedError
        self.check_sayable(tree)
        node = self.fresh(name)
        if self.without_gradient:
            tree = Call("stop_gradient", (tree,))
        self.lines.append((node, tree))
        self.shapes.nodes[node] = self.shapes.of(tree)
        array.tree, array.weight = Name(node), 1

    def check_sayable(self, tree: Tree) -> None:
        """Raises UnmappedError for a formula that the language of lessons does not take."""
        try:
            parse(to_text(tree), Scope(None, callables(), frozenset()))
        except ParseError:
            raise UnmappedError from None

    @property
    def is_full(self) -> bool:
        """Whether no graph may be larger than what was read so far."""
        return len(self.lines) >= _MOST_LINES or self.arrays_made > _MOST_ARRAYS or self.steps > _MOST_STEPS

    def too_long(self) -> Message:
        """Says so."""
        return msg("authoring.python-long", limit=_MOST_LINES)

    def note(self, message: Message) -> None:
        """Something that the author should know, said once."""
        if message not in self.notes:
            self.notes.append(message)

    # Values

    def refuse(self) -> Value:
        raise UnmappedError

    def tree(self, value: Value) -> Tree:
        """A value as a formula; raises UnmappedError for one that has none."""
        if isinstance(value, Array):
            if value.stale:
                raise UnmappedError(stale=True)
            return value.tree
        if isinstance(value, Size):
            return value.tree
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not math.isfinite(float(value)):
                raise UnmappedError
            found = Number(repr(abs(value)).replace("e+", "e"), float(abs(value)))
            return Negation(found) if value < 0 else found
        raise UnmappedError

    def array(self, tree: Tree, *parts: Value, kind: Kind = "real") -> Array:
        """An array of this formula, made from these values."""
        self.arrays_made += 1
        if self.arrays_made > _MOST_ARRAYS:
            raise UnmappedError
        arrays = [each for each in parts if isinstance(each, Array)]
        torch = any(each.torch for each in arrays) if arrays else self.frame.torch
        weight = 1 + sum(each.weight for each in arrays)
        found = Array(tree, torch, kind, any(each.infinite for each in arrays), weight)
        if weight > HEAVY and not self.is_fixed(found):
            self.define("a", found)
        return found

    def made(self, x: Value, tree: Tree) -> Array:
        return self.array(tree, x, kind=x.kind if isinstance(x, Array) else "real")

    def is_fixed(self, value: Value) -> bool:
        """Whether a value depends on no input."""
        return all(name in self.shapes.sizes[0] or name in FIXED for name in names_in(self.tree(value)))

    def call(self, function: str, arguments: Sequence[Value], options: Mapping[str, Value] | None = None) -> Array:
        """A call of a function of ours; what is None or false among its options is left out."""
        infinite = False
        if function == "where":
            infinite = float("-inf") in [each for each in arguments[1:] if isinstance(each, float)]
            arguments = [-1e9 if isinstance(each, float) and each == float("-inf") else each for each in arguments]
        if any(isinstance(each, Array) and each.infinite for each in arguments) and function not in _TAKES_INFINITY:
            raise UnmappedError
        trees = tuple(self.tree(each) for each in arguments)
        keywords = tuple(
            Keyword(name, self._option(value))
            for name, value in (options or {}).items()
            if value is not None and value is not UNSET and value is not False
        )
        kind: Kind = "int" if function == "gather_labels" else "real"
        found = self.array(Call(function, trees, keywords), *arguments, kind=kind)
        found.infinite = infinite or (function == "where" and found.infinite)
        if infinite:
            self.note(msg("authoring.note-infinity"))
        return found

    def _option(self, value: Value) -> Tree:
        if isinstance(value, bool):
            return Boolean(value)
        if isinstance(value, str):
            return Text(value)
        if isinstance(value, tuple | list):
            return Listed(tuple(map(self._option, value)))
        if isinstance(value, Array) and not self.is_fixed(value):
            raise UnmappedError
        return self.tree(value)

    def rank(self, x: Value) -> int:
        return len(self.shape_of(x))

    def shape_of(self, x: Value) -> tuple[Value, ...]:
        if isinstance(x, Parameter):
            return x.shape
        tree = self.tree(x)
        dims = self.shapes.dims(tree)
        if dims is None:
            raise UnmappedError(tree)
        return dims

    def known_rank(self, x: Value) -> int | None:
        return self.shapes.rank(self.tree(x))

    def items_of(self, values: Value) -> list[Value]:
        """What a loop over this value goes through."""
        if isinstance(values, tuple | list | range | dict | str):
            return list(values)
        if isinstance(values, Array):
            sizes = self.shape_of(values)
            if sizes and isinstance(sizes[0], int) and sizes[0] <= self.most_rounds:
                rows = (Subscript(values.tree, (axes.whole(k),)) for k in range(sizes[0]))
                return [self.view(values, self.made(values, row)) for row in rows]
        raise UnmappedError

    def extend(self, items: list[Value], more: list[Value]) -> None:
        """Lengthens a list, as far as a list may grow."""
        if len(items) + len(more) > MOST_ITEMS:
            raise UnmappedError
        items.extend(more)

    def view(self, owner: Array, found: Array) -> Array:
        """`found` looks at the entries of `owner`."""
        if found is not owner:
            found.memory = owner.memory
            found.memory.append(found)
        return found

    # Operators

    def sized(self, sign: str, left: Value, right: Value) -> Value:
        """Arithmetic of whole numbers some of which are sizes."""
        if isinstance(left, int) and isinstance(right, int):
            return _COMPUTED[sign](left, right)
        values = [each.values if isinstance(each, Size) else (each,) * 3 for each in (left, right)]
        if not all(isinstance(each, int) for both in values for each in both):
            raise UnmappedError
        worth = tuple(_COMPUTED[sign](one, other) for one, other in zip(*values, strict=True))
        return Size(Binary(sign, self.tree(left), self.tree(right)), worth) if len(set(worth)) > 1 else worth[0]

    def ratio(self, total: Value, part: Value) -> int | None:
        """How many times a size goes into another one, where that is the same whole number at all sizes."""
        pairs = zip(*(each.values if isinstance(each, Size) else (each,) * 3 for each in (total, part)), strict=True)
        found = {divmod(one, other) if other else (0, 1) for one, other in pairs}
        ((count, rest),) = found if len(found) == 1 else ((0, 1),)
        return count if rest == 0 and 0 < count <= self.most_rounds else None

    def share(self, total: Value, count: Value) -> Value:
        """A size divided by a number; None where that is not whole."""
        if not isinstance(count, int) or count < 1:
            return None
        if isinstance(total, Size) and not any(value % count for value in total.values):
            return self.shapes.worth(tuple(value // count for value in total.values))
        return total // count if isinstance(total, int) and total % count == 0 else None

    def binary(self, sign: str, left: Value, right: Value) -> Value:
        """An operator between any two values."""
        if isinstance(left, Parameter) or isinstance(right, Parameter):
            drawn, other = (left, right) if isinstance(left, Parameter) else (right, left)
            if isinstance(other, int | float | Size | Array) and sign in "+-*/":
                return drawn  # how a weight is drawn says nothing of what is computed with it
            raise UnmappedError
        if not isinstance(left, Array) and not isinstance(right, Array):
            return self._fixed(sign, left, right)
        kinds = {each.kind for each in (left, right) if isinstance(each, Array)}
        both_bool = kinds == {"bool"} and isinstance(left, Array) and isinstance(right, Array)
        if any(isinstance(each, Array) and each.infinite for each in (left, right)):
            raise UnmappedError
        if sign == "&" and both_bool:
            return self.array(Binary("*", self.tree(left), self.tree(right)), left, right, kind="bool")
        if sign == "|" and both_bool:
            return self.array(Call("max", (self.tree(left), self.tree(right))), left, right, kind="bool")
        if sign == "/" and isinstance(right, int | float) and right == 0:
            raise UnmappedError
        if sign in ("&", "|", "//", "%") or (both_bool and sign in "+-"):
            raise UnmappedError
        if sign in _COMPARISONS:
            return self.array(Binary(sign, self.tree(left), self.tree(right)), left, right, kind="bool")
        trees = self.tree(left), self.tree(right)
        kind: Kind = "int" if kinds == {"int"} and sign in "+-*" and not isinstance(left, float) else "real"
        return self.array(Binary("^" if sign == "**" else sign, *trees), left, right, kind=kind)

    def _fixed(self, sign: str, left: Value, right: Value) -> Value:
        """An operator between values that are no arrays."""
        if isinstance(left, Size) or isinstance(right, Size):
            if sign == "//":
                found = self.share(left, right)
                if found is None:
                    raise UnmappedError
                return found
            if sign in ("==", "!=") and isinstance(left, Size) and isinstance(right, Size):
                same = left.values == right.values
                return same if sign == "==" else not same
            if sign in "+-*" and all(isinstance(each, Size | int) for each in (left, right)):
                return self.sized(sign, left, right)
            if sign in _COMPARISONS or sign == "%":
                raise UnmappedError
            return self.array(Binary("^" if sign == "**" else sign, self.tree(left), self.tree(right)))
        if sign in ("==", "!=") and all(
            isinstance(each, str | int | float | tuple | list | None) for each in (left, right)
        ):
            return _COMPUTED[sign](left, right)
        numbers = all(isinstance(each, int | float) for each in (left, right))
        lists = isinstance(left, tuple | list) and (type(left) is type(right) or isinstance(right, int))
        if not numbers and not (lists and sign in "+*"):
            raise UnmappedError
        if sign in ("**", "*") and isinstance(left, int) and isinstance(right, int):
            bits = left.bit_length() + right.bit_length() if sign == "*" else max(1, left.bit_length()) * right
            if bits > _MOST_POWER:
                raise UnmappedError
        if lists and (len(left) * right if isinstance(right, int) else len(left) + len(right)) > MOST_ITEMS:
            raise UnmappedError
        try:
            found = _COMPUTED[sign](left, right)
        except (ArithmeticError, KeyError, TypeError, ValueError):
            raise UnmappedError from None
        return found if not isinstance(found, complex) else self.refuse()
