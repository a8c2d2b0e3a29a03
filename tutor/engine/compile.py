"""From a line's formula to ops: `z: W @ x + b` becomes the op `z.1 = W @ x` and the op `z = z.1 + b`."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from tutor.engine.errors import EngineError
from tutor.engine.named_lines import Line, Slot
from tutor.engine.ops.activations import Sigmoid
from tutor.engine.ops.identity import Copy
from tutor.engine.ops.indexing import Range
from tutor.engine.ops.op import REGISTRY, Op, operation, options
from tutor.engine.ops.rearranging import Transpose as Turn
from tutor.engine.ordering import CONSTANTS, slot_labels
from tutor.engine.plan import Edge
from tutor.expr import OPERATORS, Scope, Span, names_in
from tutor.expr.tree import (
    INDEX,
    NEGATE,
    STACK,
    TRANSPOSE,
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
    Tree,
    fault_span,
)
from tutor.text import msg

if TYPE_CHECKING:
    from tutor.engine.graph import Graph

ALIASES = {"σ": Sigmoid.name}
T = TypeVar("T")


def callables(names: Iterable[str] = ()) -> frozenset[str]:
    """Names that a formula may call: the registry's functions and their aliases, but for those of nodes.

    `names` are the nodes': one that is called as an alias, `σ`, wins over it.
    """
    functions = frozenset(name for name, op in REGISTRY.items() if op.callable_by_name)
    return functions | ALIASES.keys() - frozenset(names)


def called(call: Call) -> type[Op]:
    """The op that a formula calls; what is known of no op in particular for a function that is none, as `ones`."""
    return REGISTRY.get(ALIASES.get(call.function, call.function), Op)


def scope_of(lines: Iterable[str], inputs: Iterable[str] | None, sizes: Mapping[str, int]) -> Scope:
    """What formulas of a graph may name; with unknown inputs every name is allowed."""
    named = {*lines, *(inputs or ())}
    names = None if inputs is None else frozenset({*named, *sizes, *CONSTANTS})
    return Scope(names=names, functions=callables(named), gradients=frozenset())


def add_line(graph: "Graph", name: str, tree: Tree, sizes: Mapping[str, int]) -> None:
    """Adds the ops of one line to a graph that holds all it uses; raises EngineError with the span of the fault."""
    builder = _LineBuilder(graph, name, sizes)
    root = builder.node(tree)
    if root in graph.constants:
        # A line is a node of its own, with a gradient, also where its value is known beforehand.
        root = graph.apply(Copy.name, root, tree=tree)
    elif graph.ops[root] is None or root < builder.first:
        root = builder.op(operation(Copy.name), (root,), tree)
    graph.names[root] = name
    graph.index[name] = root
    labels = slot_labels([graph.names[graph.arguments[node][k]] for node, k in builder.leaves])
    slots = tuple(
        Slot(label, graph.names[graph.arguments[edge[0]][edge[1]]], edge, builder.chain(edge, root))
        for label, edge in zip(labels, builder.leaves, strict=True)
    )
    graph.lines[name] = Line(name, tree, root, slots, builder.name_parts(root))


class _LineBuilder:
    """Walks one formula bottom-up; trees are shallow (the parser bounds their depth), so recursion is safe."""

    def __init__(self, graph: "Graph", line: str, sizes: Mapping[str, int]) -> None:
        self.graph, self.line, self.sizes = graph, line, sizes
        self.first = len(graph.names)
        self.above: dict[int, Edge] = {}  # inner op -> the edge of the same line that uses it
        self.found: dict[Span, Edge] = {}

    @property
    def leaves(self) -> list[Edge]:
        """The edges at which the line uses other nodes, in reading order."""
        return [self.found[span] for span in sorted(self.found)]

    def node(self, tree: Tree) -> int:
        """The node that holds the value of a sub-formula."""
        if isinstance(tree, Number):
            return self.graph.constant(tree.value, tree)
        if isinstance(tree, Name):
            return self._name(tree)
        if isinstance(tree, Negation):
            return self._apply(NEGATE, [tree.operand], tree)
        if isinstance(tree, Binary):
            return self._apply(OPERATORS[tree.op], [tree.left, tree.right], tree)
        if isinstance(tree, Transposed):
            return self._apply(TRANSPOSE, [tree.operand], tree)
        if isinstance(tree, Subscript):
            return self._index(tree)
        if isinstance(tree, Call):
            return self._call(tree)
        if isinstance(tree, ArrayLiteral):
            return self._apply(STACK, list(tree.items), tree)
        raise self._error(msg("engine.not-in-a-graph"), tree.span)

    def op(self, op: Op, arguments: tuple[int, ...], tree: Tree, spans: Iterable[Span] = ()) -> int:
        """Adds one op and notes which of its inputs come from other lines; folds what holds constants only."""
        if all(j in self.graph.constants for j in arguments):
            try:
                values = [self.graph.constants[j] for j in arguments]
                op.shape(*(np.shape(value) for value in values))
                op.check(*values)
            except EngineError as error:
                error.node, error.span = self.line, fault_span(tree)
                raise
            with np.errstate(all="ignore"):
                return self.graph.constant(op.forward(*values), tree)
        node = self.graph.apply(op, *arguments, tree=tree)
        for k, (j, where) in enumerate(zip(arguments, [*spans] or [tree.span], strict=False)):
            if j >= self.first:
                self.above[j] = (node, k)
            else:
                self.found[where] = (node, k)
        return node

    def chain(self, edge: Edge, root: int) -> tuple[Edge, ...]:
        """The edges from the line's last op down to `edge`."""
        chain = [edge]
        while chain[-1][0] != root:
            chain.append(self.above[chain[-1][0]])
        return tuple(reversed(chain))

    def name_parts(self, root: int) -> tuple[str, ...]:
        """Numbers the inner ops in the order of evaluation, but for transposes, which are never asked about."""
        parts: list[str] = []
        for node in range(self.first, root):
            op = self.graph.ops[node]
            if op is not None and not isinstance(op, Turn):
                parts.append(f"{self.line}.{len(parts) + 1}")
                self.graph.names[node] = parts[-1]
                self.graph.index[parts[-1]] = node
        return tuple(parts)

    def _apply(self, name: str, operands: list[Tree], tree: Tree, **attributes: Any) -> int:
        arguments = tuple(self.node(operand) for operand in operands)
        try:
            op = operation(name, **attributes)
        except EngineError as error:
            error.node, error.span = self.line, fault_span(tree)
            raise
        return self.op(op, arguments, tree, [operand.span for operand in operands])

    def _name(self, tree: Name) -> int:
        if tree.name in self.graph.index:
            return self.graph.index[tree.name]
        value = self.sizes.get(tree.name, CONSTANTS.get(tree.name))
        if value is None:
            raise self._error(msg("engine.unknown-name", name=tree.name, near="-"), tree.span)
        return self.graph.constant(value, tree)

    def _call(self, tree: Call) -> int:
        name = ALIASES.get(tree.function, tree.function)
        if name not in callables():
            near = get_close_matches(name, callables(), n=3, cutoff=0.5)
            raise self._error(msg("engine.unknown-op", op=tree.function, near=", ".join(near) or "-"), tree.span)
        kind = REGISTRY[name]
        split = split_arguments(kind, tree.arguments)
        if split is None:
            known = {"op": name, "takes": kind.signature(), "given": len(tree.arguments)}
            raise self._error(msg("engine.wrong-arguments", **known), tree.span)
        operands, literals = split
        attributes = {key: self._literal(value) for key, value in literals.items()}
        for keyword in tree.keywords:
            if keyword.name in attributes:
                raise self._error(msg("engine.attribute-twice", op=name, attribute=keyword.name), keyword.span)
            attributes[keyword.name] = self._literal(keyword.value)
        return self._apply(name, operands, tree, **attributes)

    def _index(self, tree: Subscript) -> int:
        items: list[Any] = []
        operands: list[Tree] = [tree.operand]
        for item in tree.items:
            if isinstance(item, EllipsisIndex):
                items.append("...")
            elif isinstance(item, Slice):
                ends = (item.start, item.stop, item.step)
                items.append(Range(*(None if part is None else self._literal(part) for part in ends)))
            elif any(name in self.graph.index for name in names_in(item)):
                items.append("array")
                operands.append(item)
            else:
                items.append(self._literal(item))
        return self._apply(INDEX, operands, tree, items=tuple(items))

    def _literal(self, tree: Tree) -> Any:
        """An argument that is no array: a number, a list, a word, true or false; sizes may stand in it."""
        if isinstance(tree, Text | Boolean):
            return tree.value
        if isinstance(tree, ArrayLiteral):
            return [self._literal(item) for item in tree.items]
        named = next((name for name in names_in(tree) if name in self.graph.index), None)
        if named is not None:
            raise self._error(msg("engine.argument-not-literal", name=named), tree.span)
        value = self.graph.constants[self.node(tree)].tolist()
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def _error(self, message: Any, span: Span) -> EngineError:
        return EngineError(message, self.line, span)


def split_arguments(kind: type[Op], arguments: Sequence[T]) -> tuple[list[T], dict[str, T]] | None:
    """The arguments that are inputs, and by name those that are attributes; None where there are too few or many."""
    least, most = kind.arity()
    names, first = options(kind.name), kind.literals_first
    end = len(arguments) if most == float("inf") else first + int(most)
    inputs, behind = list(arguments[first:end]), arguments[end:]
    if len(inputs) < least or len(behind) > len(names) - first:
        return None
    literals = dict(zip(names, arguments[:first], strict=False))
    return inputs, literals | dict(zip(names[first:], behind, strict=False))
