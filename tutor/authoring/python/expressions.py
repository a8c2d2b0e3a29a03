"""Python expressions read as formulas; whatever is fixed, as lists and numbers, is worked out as Python would."""

import ast
import builtins
from abc import ABC, abstractmethod
from collections.abc import Iterable
from difflib import get_close_matches

from tutor.authoring.python.array_indexing import IndexReader
from tutor.authoring.python.arrays import MOST_ITEMS, SIGNS
from tutor.authoring.python.libraries import CONSTANTS, KNOWN, library_named
from tutor.authoring.python.python_values import (
    Array,
    Frame,
    Library,
    OwnFunction,
    Parameter,
    RefusedValue,
    Size,
    UnmappedError,
    Value,
)
from tutor.authoring.python.syntax_nodes import UnreadableError, shown
from tutor.expr import Tree, names_in, to_text
from tutor.expr.tree import Binary, Name, Negation, Number
from tutor.text import Message, msg


class ExpressionReader(IndexReader, ABC):
    """Reads expressions in the current frame."""

    def expression(self, node: ast.expr) -> Value:
        """The value of an expression; raises UnreadableError for the innermost piece that has none."""
        self.steps += 1
        if self.is_full and self.steps % 100 == 0:
            raise UnreadableError(node, self.too_long())
        try:
            return self._expression(node)
        except UnmappedError as error:
            raise UnreadableError(node, self.refusal(node, error)) from None

    def refusal(self, node: ast.AST, error: UnmappedError) -> Message:
        """Why a piece cannot be read."""
        if self.is_full:
            return self.too_long()
        if error.stale:
            return msg("authoring.python-stale", text=shown(node))
        name = self.unsized(error.unsized) if error.unsized is not None else None
        return self.unread(node) if name is None else msg("authoring.python-size", text=shown(node), name=name)

    def unread(self, node: ast.AST) -> Message:
        """That a piece has no meaning here, in the words of its kind."""
        if isinstance(node, ast.Call):
            return msg("authoring.python-arguments", name=shown(node.func))
        return msg("authoring.python-expression", text=shown(node))

    def unsized(self, tree: Tree) -> str | None:
        """The first input without a shape that a formula depends on."""
        lines = dict(self.lines)
        queue, seen = [*names_in(tree)], set[str]()
        while queue:
            name = queue.pop(0)
            if name in seen:
                continue
            seen.add(name)
            if name in lines:
                queue += names_in(lines[name])
            elif name not in self.inputs and name in self.used and name not in self.shapes.sizes[0]:
                return name
        return None

    def _expression(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=value):
                return self._constant(value)
            case ast.Name(id=name):
                return self.named(node, name)
            case ast.BinOp(left=left, op=op, right=right):
                return self.operated(op, self.expression(left), self.expression(right))
            case ast.UnaryOp(op=op, operand=operand):
                return self._unary(op, self.expression(operand), node)
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self._compare(node, left, ops, others)
            case ast.BoolOp(op=op, values=values):
                found: Value = None
                for each in values:
                    found = self.expression(each)
                    if self.truth(each, found) == isinstance(op, ast.Or):
                        break
                return found
            case ast.IfExp(test=test, body=body, orelse=other):
                return self.expression(body if self.truth(node, self.expression(test)) else other)
            case ast.Tuple(elts=elts):
                return tuple(self.several(elts))
            case ast.List(elts=elts):
                return self.several(elts)
            case ast.Dict(keys=keys, values=values):
                return self._dict(keys, values)
            case ast.Attribute(value=ast.Name(id=name)) if not self.cell and not self.knows(name):
                raise UnreadableError(node, msg("authoring.python-attribute", text=shown(node)))
            case ast.Attribute(value=value, attr=attr):
                return self.attribute(node, self.expression(value), attr)
            case ast.Subscript(value=value, slice=index):
                return self.subscript(node, self.expression(value), self.items(index))
            case ast.Slice() as piece:
                ends = (piece.lower, piece.upper, piece.step)
                return slice(*(None if each is None else self.expression(each) for each in ends))
            case ast.Lambda():
                return OwnFunction(node, self.frame)
            case ast.ListComp(elt=elt, generators=generators) | ast.GeneratorExp(elt=elt, generators=generators):
                return self._comprehension(elt, generators)
            case ast.NamedExpr(target=target, value=value):
                self.assign(target, target, self.expression(value))
                return self.expression(target)
            case ast.JoinedStr(values=values):
                found = "".join(self._words(each) for each in values)
                return found if len(found) <= MOST_ITEMS else self.refuse()
            case ast.DictComp(key=key, value=value, generators=generators):
                pair = ast.copy_location(ast.Tuple([key, value], ast.Load()), key)
                return self._fixed_keys(self._comprehension(pair, generators))
            case ast.Call():
                return self.called(node)
        raise UnreadableError(node, msg("authoring.python-expression", text=shown(node)))

    def operated(self, op: ast.operator, left: Value, right: Value) -> Value:
        """What an operator makes of two values."""
        if type(op) not in SIGNS:
            raise UnmappedError
        return self.binary(SIGNS[type(op)], left, right)

    def _constant(self, value: Value) -> Value:
        if isinstance(value, int | float) and not isinstance(value, bool):
            try:
                float(value)
            except OverflowError:
                raise UnmappedError from None
        if isinstance(value, bytes | complex):
            raise UnmappedError
        return value

    def several(self, nodes: Iterable[ast.expr]) -> list[Value]:
        """Items written one by one, those of a list with a star among them."""
        found: list[Value] = []
        for each in nodes:
            if isinstance(each, ast.Starred):
                try:
                    found += self.items_of(self.expression(each.value))
                except UnmappedError:
                    raise UnreadableError(each, msg("authoring.python-stars")) from None
            else:
                found.append(self.expression(each))
        return found

    def named(self, node: ast.expr, name: str) -> Value:
        """What a name stands for, in the innermost frame that has it."""
        for frame in self.frame.outward():
            if name in frame.names:
                return self.force(node, name, frame.names[name], frame)
        if name in self.shapes.sizes[0]:
            return self.shapes.size(Name(name))
        if name in KNOWN:
            return Library(KNOWN[name])
        if self.cell:
            return self.free(name)
        if hasattr(builtins, name):
            return Library(f"builtins.{name}")
        near = get_close_matches(name, self.visible(), n=1, cutoff=0.6)
        if near:
            raise UnreadableError(node, msg("authoring.python-name-near", name=name, near=near[0]))
        raise UnreadableError(node, msg("authoring.python-name", name=name))

    def knows(self, name: str) -> bool:
        """Whether a name stands for anything here."""
        return name in KNOWN or any(name in frame.names for frame in self.frame.outward())

    def free(self, name: str) -> Array:
        """An input that a cell uses without defining it."""
        found = self.module_frame.names[name] = self.input(name)
        self.frame_names.add(name)
        return found

    def visible(self) -> list[str]:
        """Names that can be used here, the nearest first."""
        return [
            name
            for frame in self.frame.outward()
            for name, value in frame.names.items()
            if not isinstance(value, Library)
        ]

    def _unary(self, op: ast.unaryop, value: Value, node: ast.expr) -> Value:
        match op:
            case ast.UAdd():
                return value
            case ast.Not():
                return not self.truth(node, value)
            case ast.Invert():
                if isinstance(value, Array) and value.kind == "bool":
                    return self.array(Binary("-", Number("1", 1.0), self.tree(value)), value, kind="bool")
                raise UnmappedError
        if isinstance(value, Array):
            if value.kind == "bool" or value.infinite:
                raise UnmappedError
            return self.array(Negation(self.tree(value)), value, kind=value.kind)
        if isinstance(value, Size):
            return Size(Negation(value.tree), tuple(-each for each in value.values))
        if isinstance(value, Parameter):
            return value
        if isinstance(value, int | float):
            return -value
        raise UnmappedError

    def _compare(self, node: ast.expr, left: ast.expr, ops: list[ast.cmpop], others: list[ast.expr]) -> Value:
        one = self.expression(left)
        found: Value = True
        for op, each in zip(ops, others, strict=True):
            other = self.expression(each)
            match op:
                case ast.Is() | ast.IsNot():
                    fixed = (None, True, False)
                    if not any(one is each or other is each for each in fixed):
                        raise UnmappedError
                    found = (one is other) == isinstance(op, ast.Is)
                case ast.In() | ast.NotIn():
                    if not isinstance(other, list | tuple | dict | str) or isinstance(one, Array | Size):
                        raise UnmappedError
                    found = (one in other) == isinstance(op, ast.In)
                case _:
                    found = self.binary(SIGNS[type(op)], one, other)
            if len(ops) > 1 and not isinstance(found, bool):
                raise UnmappedError
            if not isinstance(found, Array) and not found:
                return found
            one = other
        return found

    def truth(self, node: ast.AST, value: Value) -> bool:
        """Whether a condition holds that is fixed; raises UnreadableError for one that hangs on numbers."""
        if isinstance(value, Array | Size | Parameter | RefusedValue):
            raise UnreadableError(node, msg("authoring.python-branch"))
        return bool(value)

    def _dict(self, keys: list[ast.expr | None], values: list[ast.expr]) -> Value:
        names = (None if key is None else self.expression(key) for key in keys)
        return self._fixed_keys([(name, self.expression(value)) for name, value in zip(names, values, strict=True)])

    def _fixed_keys(self, pairs: Iterable[tuple[Value, Value]]) -> Value:
        """A dictionary of these pairs."""
        found = dict[Value, Value]()
        for key, value in pairs:
            if not isinstance(key, str | int | float):
                raise UnmappedError
            found[key] = value
        return found

    def _words(self, part: ast.expr) -> str:
        """A piece of an f-string: text as it is, words and whole numbers as they print."""
        if isinstance(part, ast.FormattedValue):
            found = self.expression(part.value)
            if part.format_spec is None and part.conversion == -1 and type(found) in (str, int):
                return str(found)
        elif isinstance(part, ast.Constant):
            return str(part.value)
        raise UnmappedError

    def _comprehension(self, elt: ast.expr, generators: list[ast.comprehension]) -> list[Value]:
        if any(isinstance(each, ast.NamedExpr) for part in (elt, *generators) for each in ast.walk(part)):
            raise UnmappedError  # it binds outside of the comprehension
        frame = self.frame
        found: list[Value] = []

        def go(left: list[ast.comprehension]) -> None:
            if not left:
                found.append(self.expression(elt))
                return
            first, *rest = left
            for each in self.rounds(first.iter, self.expression(first.iter)):
                self.assign(first.target, first.target, each)
                if all(self.truth(test, self.expression(test)) for test in first.ifs):
                    go(rest)

        self.frame = Frame({}, frame, frame.torch, frame.table)
        try:
            go(generators)
        finally:
            self.frame = frame
        return found

    def rounds(self, node: ast.AST, value: Value) -> list[Value]:
        """The items of a loop; raises UnreadableError where they are not fixed or too many."""
        try:
            found = self.items_of(value)
        except UnmappedError:
            found = None
        if found is None or len(found) > self.most_rounds:
            sizes = self.shape_of(value)[:1] if isinstance(value, Array) else (getattr(value, "size", None),)
            raise UnreadableError(node, self.endless(*sizes))
        return found

    def endless(self, count: Value = None) -> Message:
        """Why a loop cannot be unrolled: because of this size, or because what it goes over is not fixed."""
        if isinstance(count, Size):
            return msg("authoring.python-loop-size", size=to_text(count.tree))
        return msg("authoring.python-loop", what="for")

    @abstractmethod
    def assign(self, statement: ast.AST, target: ast.expr, value: Value) -> None:
        """Binds a name; statements bind more than names."""

    @abstractmethod
    def called(self, node: ast.Call) -> Value:
        """What a call is worth."""

    @abstractmethod
    def attribute(self, node: ast.Attribute, owner: Value, attr: str) -> Value:
        """What stands behind a dot."""

    @abstractmethod
    def force(self, node: ast.expr, name: str, value: Value, frame: Frame) -> Value:
        """A name of the file that was not looked at yet."""

    def of_library(self, path: str, name: str) -> Value:
        """Something of a library: a constant by its value, all else by its dotted name."""
        if name in CONSTANTS.get(path, {}):
            value = CONSTANTS[path][name]
            return self.array(Name(value)) if isinstance(value, str) else value
        return Library(library_named(f"{path}.{name}"))

    def items(self, index: ast.expr) -> tuple[Value, ...]:
        """What stands in the brackets, axis by axis."""
        nodes = index.elts if isinstance(index, ast.Tuple) else [index]
        return tuple(self.several(nodes))
