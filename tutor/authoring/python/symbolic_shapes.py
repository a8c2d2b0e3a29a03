"""Shapes of formulas in the words of the declared sizes, worked out piece by piece as they are read."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from tutor.authoring.declarations import Declared, with_all_sizes
from tutor.authoring.python.python_values import Size
from tutor.authoring.unknown_shapes import shape_at
from tutor.authoring.upstream_shapes import axis_in_sizes
from tutor.engine import EngineError, Graph
from tutor.engine.ordering import CONSTANTS
from tutor.expr import Scope, Tree, parse
from tutor.expr.tree import (
    ArrayLiteral,
    Binary,
    Boolean,
    Call,
    EllipsisIndex,
    Name,
    Negation,
    Number,
    Slice,
    Subscript,
    Text,
    Transposed,
)
from tutor.lesson.graph.named_sizes import SizeError, size_of

Shape: TypeAlias = tuple[int, ...]
_NOWHERE = Scope(None, frozenset(), frozenset())


class Shapes:
    """Remembers the shape of every piece at several choices of the sizes, so that each is worked out once."""

    def __init__(self, declared: Mapping[str, Declared]) -> None:
        base = with_all_sizes({}, declared.values())
        moved = ({name: size + step * (k + 1) for k, (name, size) in enumerate(base.items())} for step in (1, 2))
        self.sizes: tuple[Mapping[str, int], ...] = (base, *moved)
        self.nodes: dict[str, tuple[Shape, ...] | None] = {}
        # The author's own words for sizes, as 4*H, go before those that are found.
        said = (parse(dim, _NOWHERE) for each in declared.values() for dim in each.dims)
        self.words = {values: tree for tree in said if (values := self._values(tree)) is not None}
        self._seen: dict[int, tuple[Tree, tuple[Shape, ...] | None]] = {}

    def declare(self, each: Declared) -> None:
        """An input of this shape; raises EngineError for one that is no shape."""
        self.nodes[each.name] = tuple(shape_at(each, sizes) for sizes in self.sizes)

    def of(self, tree: Tree) -> tuple[Shape, ...] | None:
        """The shape at every choice of the sizes; None where an input of the formula has none yet."""
        known = self._seen.get(id(tree))
        if known is None:
            known = self._seen[id(tree)] = (tree, self._found(tree))
        return known[1]

    def size(self, tree: Tree) -> Size | int | None:
        """A formula of sizes as a whole number; None for one that is no size."""
        values = self._values(tree)
        return None if values is None else self.worth(values, tree)

    def _values(self, tree: Tree) -> tuple[int, ...] | None:
        try:
            return tuple(size_of(tree, sizes) for sizes in self.sizes)
        except (SizeError, KeyError):
            return None

    def rank(self, tree: Tree) -> int | None:
        """How many axes a formula has; None where that is not known."""
        shapes = self.of(tree)
        return None if shapes is None else len(shapes[0])

    def dims(self, tree: Tree) -> tuple[Size | int, ...] | None:
        """The shape in words, a number where an axis is always of the same size; None where there are no words."""
        shapes = self.of(tree)
        if shapes is None or len({len(shape) for shape in shapes}) > 1:
            return None
        found = [self.worth(values) for values in zip(*shapes, strict=True)]
        return None if None in found else tuple(each for each in found if each is not None)

    def worth(self, values: tuple[int, ...], tree: Tree | None = None) -> Size | int | None:
        """A size from what it is at every choice, with its formula where that is known."""
        if len(set(values)) == 1:
            return values[0]
        if values in self.words:
            return Size(self.words[values], values)
        words = axis_in_sizes(values[0], self.sizes[0], list(zip(self.sizes[1:], values[1:], strict=True)))
        if words.isdigit():
            return None if tree is None else Size(tree, values)
        return Size(parse(words, _NOWHERE), values)

    def _found(self, tree: Tree) -> tuple[Shape, ...] | None:
        match tree:
            case Number() | Text() | Boolean():
                return ((),) * len(self.sizes)
            case Name(name=name):
                scalar = name in self.sizes[0] or (name in CONSTANTS and name not in self.nodes)
                return ((),) * len(self.sizes) if scalar else self.nodes.get(name)
            case Negation(operand=operand):
                return self.of(operand)
        inputs: dict[str, tuple[Shape, ...]] = {}

        def named(part: Tree) -> Tree | None:
            if isinstance(part, Number | Text | Boolean) or (isinstance(part, Name) and part.name in self.sizes[0]):
                return part
            shapes = self.of(part)
            if shapes is None:
                return None
            inputs[f"p{len(inputs)}_"] = shapes
            return Name(f"p{len(inputs) - 1}_")

        probe = self._probe(tree, named)
        if probe is None:
            return None
        found = []
        try:
            for k, sizes in enumerate(self.sizes):
                graph = Graph.parse({"probe_": probe}, inputs=inputs, sizes=sizes)
                plan = graph.plan({graph.index[name]: shapes[k] for name, shapes in inputs.items()})
                found.append(plan.shapes[graph.index["probe_"]])
        except (EngineError, ArithmeticError, ValueError):
            return None
        return tuple(found)

    def _probe(self, tree: Tree, named: Any) -> Tree | None:
        """The formula with everything below it replaced by names; None where a shape below is not known."""
        match tree:
            case Binary(op=op, left=left, right=right):
                one, other = named(left), named(right)
                return None if one is None or other is None else Binary(op, one, other)
            case Transposed(operand=operand):
                below = named(operand)
                return None if below is None else Transposed(below)
            case ArrayLiteral(items=items):
                parts = [named(item) for item in items]
                return None if None in parts else ArrayLiteral(tuple(parts))
            case Call(function=function, arguments=arguments, keywords=keywords):
                literal = function in ("reshape", "clip", "pad")
                parts = [part if literal and k else named(part) for k, part in enumerate(arguments)]
                return None if None in parts else Call(function, tuple(parts), keywords)
            case Subscript(operand=operand, items=items):
                below = named(operand)
                parts = [self._item(item, named) for item in items]
                return None if below is None or None in parts else Subscript(below, tuple(parts))
        return None

    def _item(self, item: Any, named: Any) -> Any:
        """An index: an array by its shape; numbers and formulas of sizes as they are."""
        if isinstance(item, Slice | EllipsisIndex):
            return item
        fixed = self.size(item) is not None or isinstance(item, Number | ArrayLiteral | Negation)
        return item if fixed else named(item)
