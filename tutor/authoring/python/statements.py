"""Statements read one after the other: assignments, changes in place, loops over fixed lists, fixed branches."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.authoring.python.calls import CallReader
from tutor.authoring.python.libraries import library_named, names_of
from tutor.authoring.python.python_values import (
    Array,
    Instance,
    Library,
    OwnFunction,
    Parameter,
    Size,
    UnmappedError,
    Value,
)
from tutor.authoring.python.syntax_nodes import UnreadableError, dotted, shown
from tutor.text import Message, msg


@dataclass(frozen=True, slots=True)
class Ended:
    """How a block ended before its last statement: by `return` of a value, `break` or `continue`."""

    word: str
    value: Value = None
    node: ast.AST | None = None


class StatementReader(CallReader):
    """Reads statements in the current frame."""

    def block(self, statements: Sequence[ast.stmt]) -> Ended | None:
        """All statements, until one ends the block."""
        for statement in statements:
            ended = self.statement(statement)
            if ended is not None:
                return ended
        return None

    def body(self, function: ast.FunctionDef) -> Value:
        ended = self.block(function.body)
        return ended.value if ended is not None else None

    def statement(self, statement: ast.stmt) -> Ended | None:
        """One statement; raises UnreadableError for what cannot be followed."""
        try:
            return self._statement(statement)
        except UnmappedError as error:
            raise UnreadableError(statement, self.refusal(statement, error)) from None

    def unread(self, node: ast.AST) -> Message:
        match node:
            case ast.Assign(targets=[ast.Subscript()]) | ast.AugAssign(target=ast.Subscript()):
                return msg("authoring.python-entries", what=shown(node))
            case ast.stmt():
                return msg("authoring.python-statement", what=word(node))
        return super().unread(node)

    def _statement(self, statement: ast.stmt) -> Ended | None:
        match statement:
            case ast.Expr(value=ast.Constant()) | ast.Pass() | ast.AnnAssign(value=None):
                pass
            case ast.Import() | ast.ImportFrom():
                self.imported(statement)
            case ast.Expr(value=ast.Call() as value):
                self.expression(value)
            case ast.Assert():
                self.skip(statement)
            case ast.Assign(targets=targets, value=value):
                found = self.expression(value)
                for target in targets:
                    self.assign(statement, target, found)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.assign(statement, target, self.expression(value))
            case ast.AugAssign():
                self._augmented(statement)
            case ast.Return(value=value):
                return Ended("return", None if value is None else self.expression(value), value or statement)
            case ast.For(target=target, iter=iter_, body=body, orelse=[]):
                return self._loop(statement, target, iter_, body)
            case ast.While(test=test, body=body, orelse=[]):
                return self._while(statement, test, body)
            case ast.Delete(targets=targets) if all(isinstance(each, ast.Name) for each in targets):
                for each in targets:
                    self.frame.names.pop(dotted(each), None)
            case ast.If(test=test, body=body, orelse=other):
                return self.block(body if self.truth(statement, self.expression(test)) else other)
            case ast.Break():
                return Ended("break")
            case ast.Continue():
                return Ended("continue")
            case ast.With(items=items, body=body) if all(_is_no_grad(each) for each in items):
                self.without_gradient += 1
                try:
                    return self.block(body)
                finally:
                    self.without_gradient -= 1
            case ast.FunctionDef(name=name):
                self.frame.names[name] = OwnFunction(statement, self.frame)
            case ast.For() | ast.While():
                raise UnreadableError(statement, msg("authoring.python-loop", what=word(statement)))
            case _:
                raise UnreadableError(statement, msg("authoring.python-statement", what=word(statement)))
        return None

    def imported(self, statement: ast.Import | ast.ImportFrom) -> None:
        """Names that an import binds."""
        for each in statement.names:
            if isinstance(statement, ast.ImportFrom) and each.name == "*":
                module = library_named(statement.module or "")
                self.frame.names |= {name: self.of_library(module, name) for name in names_of(module)}
            elif isinstance(statement, ast.ImportFrom):
                module = library_named(statement.module or "")
                self.frame.names[each.asname or each.name] = self.of_library(module, each.name)
            elif each.asname:
                self.frame.names[each.asname] = Library(library_named(each.name))
            else:
                self.frame.names[each.name.partition(".")[0]] = Library(each.name.partition(".")[0])

    def _loop(self, statement: ast.For, target: ast.expr, iter_: ast.expr, body: list[ast.stmt]) -> Ended | None:
        try:
            found = self.expression(iter_)
        except UnreadableError as error:
            if error.message.id in ("authoring.python-arguments", "authoring.python-size"):
                counts = [self.frame.names.get(each.id) for each in ast.walk(iter_) if isinstance(each, ast.Name)]
                size = next((each for each in counts if isinstance(each, Size)), None)
                raise UnreadableError(statement, self.endless(size)) from None
            raise
        for each in self.rounds(statement, found):
            self.assign(statement, target, each)
            ended = self.block(body)
            if ended is not None and ended.word == "break":
                break
            if ended is not None and ended.word == "return":
                return ended
        return None

    def _while(self, statement: ast.While, test: ast.expr, body: list[ast.stmt]) -> Ended | None:
        """A loop whose condition is fixed each time, as that of a counter."""
        for _ in range(self.most_rounds):
            found = self.expression(test)
            if isinstance(found, Array | Size):
                break
            if not self.truth(test, found):
                return None
            ended = self.block(body)
            if ended is not None and ended.word != "continue":
                return ended if ended.word == "return" else None
        raise UnreadableError(statement, msg("authoring.python-loop", what="while"))

    def assign(self, statement: ast.AST, target: ast.expr, value: Value) -> None:
        match target:
            case ast.Name(id=name):
                if isinstance(value, Parameter) and not self.building:
                    if not self.cell:
                        raise UnreadableError(statement, msg("authoring.python-random", text=shown(statement)))
                    value = self.leaf(value.shape, name)
                if self.numbers_vary and type(value) in (int, float) and name not in self.frame.names:
                    value = self.input(name)
                if isinstance(value, Array) and not self.is_fixed(value):
                    self.define(name, value)
                self.frame.names[name] = value
            case ast.Tuple(elts=elts) | ast.List(elts=elts) if not any(isinstance(each, ast.Starred) for each in elts):
                values = [value.values, value.indices] if hasattr(value, "indices") else self.items_of(value)
                if len(values) != len(elts):
                    raise UnmappedError
                # Python has all values before it binds the first name.
                for each, item in zip(elts, values, strict=True):
                    self.assign(statement, each, item)
            case ast.Attribute(value=owner, attr=attr):
                holder = self.expression(owner)
                if not isinstance(holder, Instance):
                    raise UnmappedError
                if isinstance(value, Array) and not self.is_fixed(value):
                    self.define(attr, value)
                holder.attributes[attr] = value
            case ast.Subscript(value=owner, slice=index):
                holder = self.expression(owner)
                if isinstance(holder, Array):
                    self.change(holder, self.replaced(holder, self.items(index), value, value), "a")
                    return
                key = self.expression(index)
                if not isinstance(holder, list | dict) or isinstance(key, Array | Size | list | dict):
                    raise UnmappedError
                try:
                    holder[key] = value
                except (LookupError, TypeError, ValueError):
                    raise UnmappedError from None
            case _:
                raise UnmappedError

    def _augmented(self, statement: ast.AugAssign) -> None:
        """`y += z`: a change in place of an array, a new value for a number."""
        target = statement.target
        if isinstance(target, ast.Subscript):
            holder = self.expression(target.value)
            if isinstance(holder, Array):
                items, by = self.items(target.slice), self.expression(statement.value)
                new = self.operated(statement.op, self.chosen(holder, items), by)
                self.change(holder, self.replaced(holder, items, new, by), "a")
                return
        old = self.expression(target)
        if isinstance(old, list):
            self.extend(old, self.items_of(self.expression(statement.value)))
            return
        sum_ = ast.copy_location(ast.BinOp(target, statement.op, statement.value), statement)
        new = self.expression(sum_)
        if isinstance(old, Array) and (old.torch or self.shapes.rank(old.tree)):  # but no number of NumPy's
            self.change(old, new, dotted(target).rpartition(".")[2] or "a")
        else:
            self.assign(statement, target, new)


def word(statement: ast.stmt) -> str:
    """The keyword of a statement as it is typed, the whole of one without."""
    if isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign):
        return shown(statement)
    words = {"FunctionDef": "def", "ClassDef": "class", "AsyncFor": "async", "AsyncWith": "async", "Delete": "del"}
    name = type(statement).__name__
    return words.get(name, name.lower())


def _is_no_grad(item: ast.withitem) -> bool:
    call = item.context_expr
    return isinstance(call, ast.Call) and dotted(call.func) in ("torch.no_grad", "no_grad", "torch.inference_mode")
