"""Calls read: by the tables, by functions and classes of the file, and those that compute nothing."""

import ast
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from tutor.authoring.python.call_table import CallRow, bound
from tutor.authoring.python.composite_calls import CompositeCalls
from tutor.authoring.python.expressions import ExpressionReader
from tutor.authoring.python.libraries import CUT, TABLES, VIEWS, call_refused
from tutor.authoring.python.python_values import (
    Array,
    Frame,
    Instance,
    Library,
    Method,
    OwnClass,
    OwnFunction,
    Pair,
    Parameter,
    UnmappedError,
    Value,
)
from tutor.authoring.python.syntax_nodes import UnreadableError, dotted, last, shown, signature
from tutor.engine.compile import callables
from tutor.text import msg

_DEEPEST = 20
_IN_PLACE = frozenset(
    {"fill", "sort", "put", "resize", "append", "extend", "insert", "pop", "remove", "clear", "update"}
)
_SILENT = frozenset({"print", "assert", "save_for_backward", "mark_dirty", "set_materialize_grads", "backward"})
_LISTS = frozenset({"append", "extend", "insert", "pop", "items", "keys", "values", "get", "update", "copy", "reverse"})
# Decorators that leave what a function computes as it is.
_HARMLESS = frozenset({"staticmethod", "property", "jit", "njit", "script", "compile", "export", "override", "cache"})
_ARRAYS = frozenset({"a", "b", "x", "x1", "x2", "m", "weights"})
_MODES = frozenset({"train", "eval", "zero_grad", "apply", "to", "double", "float", "requires_grad_", "parameters"})


class CallReader(ExpressionReader):
    """Reads calls."""

    def called(self, node: ast.Call) -> Value:
        """What a call is worth."""
        if self.frame.table:
            return self._by_meaning(node)
        if self._is_silent(node):
            return None
        if isinstance(node.func, ast.Attribute) and dotted(getattr(node.func.value, "func", node)) == "super":
            return self._of_base(node, node.func.attr)
        callee = self.expression(node.func)
        placed = self.several(node.args)
        named: dict[str, Value] = {}
        for each in node.keywords:
            value = self.expression(each.value)
            if each.arg is not None:
                named[each.arg] = value
            elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
                named |= value
            else:
                raise UnreadableError(each.value, msg("authoring.python-stars"))
        return self.apply(node, callee, placed, named)

    def apply(self, node: ast.Call, callee: Value, placed: list[Value], named: dict[str, Value]) -> Value:
        """The value of a call whose arguments are known."""
        match callee:
            case Library(path=path):
                return self._of_library(node, path, placed, named)
            case Method(owner=Array() as owner, name=name):
                return self._of_array_method(node, owner, name, [owner, *placed], named)
            case Method(owner=list() | dict() | tuple() as owner, name=name) if name in _LISTS:
                return self._of_list(owner, name, placed, named)
            case Method(owner=OwnClass() as owner, name="apply"):
                self.note(msg("authoring.note-backward", name=owner.node.name))
                return self.own(
                    node, OwnFunction(owner.methods["forward"], owner.around), [Instance(None), *placed], named
                )
            case Method(owner=Instance(kind=None)):
                return None  # the context of a function that has its own backward
            case Method(owner=Instance() as owner, name="register_buffer") if len(placed) > 1:
                owner.attributes[placed[0]] = placed[1]
                return None
            case Method(owner=Instance() as owner, name=name) if name in _MODES:
                return owner
            case Method(owner=Parameter() as owner):
                return owner
            case OwnFunction():
                if len(placed) == 1 and not named and isinstance(callee.node, ast.FunctionDef):
                    known = self.same_as_ours(callee)
                    if known is not None:
                        return self.call(known, placed)
                return self.own(node, callee, placed, named)
            case OwnClass():
                return self.made_object(node, callee, placed, named)
            case Instance():
                member = next((name for name in ("__call__", "forward") if self.has(callee, name)), None)
                if member is not None:
                    return self.own(node, self.method(callee, member), placed, named)
        raise UnreadableError(node, msg("authoring.python-call", name=shown(node.func)))

    def _is_silent(self, node: ast.Call) -> bool:
        """Whether a call computes nothing, which is noted."""
        name = dotted(node.func)
        if name.rpartition(".")[2] not in _SILENT or (name == "print" and "print" in self.visible()):
            return False
        self.skip(node)
        return True

    def skip(self, node: ast.AST) -> None:
        """Notes that a statement is left out; raises UnmappedError for one that changes something by the way."""
        if any(_changes(each) for each in ast.walk(node)):
            raise UnmappedError
        self.note(msg("authoring.note-skipped", what=shown(node)))

    # The tables

    def _by_meaning(self, node: ast.Call) -> Value:
        """A call within a row's meaning: of a function of ours, or of a tool."""
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        placed = self.several(node.args)
        named = {str(each.arg): self.expression(each.value) for each in node.keywords}
        if hasattr(CompositeCalls, name):
            return getattr(self, name)(*placed, **named)
        assert name in callables(), name
        return self.call(name, placed, named)

    def _of_library(self, node: ast.Call, path: str, placed: list[Value], named: dict[str, Value]) -> Value:
        module, _, name = path.rpartition(".")
        if module == "torch.nn" and name in self.layers:
            return self.made_object(node, self.layers[name], placed, named)
        rows = TABLES.get(module, {}).get(name, ())
        if module == "math" and any(self.known_rank(each) for each in placed if isinstance(each, Array)):
            raise UnmappedError
        if not rows:
            raise UnreadableError(node, call_refused(node, path))
        found = self.by_rows(node, rows, placed, named, torch=module.startswith("torch"))
        return self._shared(name, placed[0] if placed else None, found)

    def _of_array_method(
        self, node: ast.Call, owner: Array, name: str, placed: list[Value], named: dict[str, Value]
    ) -> Value:
        own, other = ("tensor", "ndarray") if owner.torch else ("ndarray", "tensor")
        # Where the array's own library has no such method, an object of the other's kind is meant.
        rows = TABLES[own].get(name) or TABLES[other].get(name, ())
        in_place = name.endswith("_") and not name.startswith("_") and not rows
        if in_place:
            rows = TABLES["tensor"].get(name[:-1], ())
        if not rows and name in _LISTS:  # a dictionary is meant, which no argument of a lesson is
            raise UnreadableError(node, msg("authoring.python-attribute", text=shown(node)))
        if not rows:
            raise UnreadableError(node, call_refused(node, f"array.{name}"))
        found = self.by_rows(node, rows, placed, named, torch=owner.torch)
        if in_place:
            self.change(owner, found, "a")
            return owner
        return self._shared(name, owner, found)

    def _shared(self, name: str, first: Value, found: Value) -> Value:
        """Marks results that look at the entries of the first argument."""
        if isinstance(first, Array) and name in VIEWS and isinstance(found, Array):
            return self.view(first, found)
        if isinstance(first, Array) and name in CUT and isinstance(found, tuple):
            return tuple(self.view(first, each) for each in found)
        return found

    def by_rows(
        self,
        node: ast.Call,
        rows: Sequence[CallRow],
        placed: Sequence[Value],
        named: Mapping[str, Value],
        *,
        torch: bool,
    ) -> Value:
        """The first row that takes these arguments, read; raises UnreadableError for what no row maps."""
        unmapped: str | None = None
        for row in rows:
            found = bound(row, placed, named)
            if found is None:
                continue
            if not torch:  # NumPy makes an array of a list
                found |= {
                    name: self.as_array(value)
                    for name, value in found.items()
                    if name in _ARRAYS and isinstance(value, list | tuple) and value
                }
            unmapped = next((name for name, value in found.items() if row.unmapped(name, value)), None)
            if unmapped is not None:
                continue
            return self._meaning(node, row, found, torch=torch)
        if unmapped is not None:
            place = next((each.value for each in node.keywords if each.arg == unmapped), node)
            raise UnreadableError(place, msg("authoring.python-option", option=unmapped, name=shown(node.func)))
        options = {name for row in rows for name in row.signature.parameters}
        for each in node.keywords:
            if each.arg is not None and each.arg not in options:
                raise UnreadableError(
                    each.value, msg("authoring.python-option", option=each.arg, name=shown(node.func))
                )
        raise UnmappedError

    def _meaning(self, node: ast.Call, row: CallRow, values: dict[str, Value], *, torch: bool) -> Value:
        outside = self.frame
        self.frame = Frame(values, None, torch, table=True)
        try:
            return self.expression(row.meaning)
        except UnreadableError as error:
            match error.message.id:
                case "authoring.python-size":
                    again = msg("authoring.python-size", text=shown(node), name=error.message.params["name"])
                    raise UnreadableError(node, again) from None
                case "authoring.python-stale":
                    raise UnreadableError(node, msg("authoring.python-stale", text=shown(node))) from None
                case "authoring.python-long":
                    raise UnreadableError(node, error.message) from None
            raise UnreadableError(node, msg("authoring.python-arguments", name=shown(node.func))) from None
        finally:
            self.frame = outside

    def _of_list(self, owner: Any, name: str, placed: list[Value], named: dict[str, Value]) -> Value:
        """Python's own lists and dictionaries."""
        if name == "extend" and len(placed) == 1:
            return self.extend(owner, self.items_of(placed[0]))
        try:
            found = getattr(owner, name)(*placed, **named)
        except (TypeError, LookupError, ValueError, AttributeError):
            raise UnmappedError from None
        return list(found) if name in ("items", "keys", "values") else found

    # Functions and classes of the file

    def own(self, node: ast.AST, function: OwnFunction, placed: Sequence[Value], named: Mapping[str, Value]) -> Value:
        """A function of the file, read where it is called."""
        if self.depth >= _DEEPEST:
            raise UnreadableError(node, msg("authoring.python-call", name=shown(getattr(node, "func", node))))
        self.check_decorators(function.node)
        arguments = [function.owner, *placed] if function.owner is not None else list(placed)
        outside = self.frame
        self.depth += 1
        try:
            self.frame = Frame({}, function.around, outside.torch)
            values = self.bind(node, function, arguments, named)
            for name, value in values.items():
                if isinstance(value, Array) and not self.is_fixed(value):
                    self.define(name, value)  # it may be used many times
                self.frame.names[name] = value
            if function.owner is not None and function.owner.kind is not None:
                self.frame.names["__class__"] = function.owner.kind
            if isinstance(function.node, ast.Lambda):
                return self.expression(function.node.body)
            return self.body(function.node)
        except UnreadableError as error:
            if hasattr(error.node, "lineno"):
                raise
            raise UnreadableError(node, error.message) from None  # inside of a layer: the call has a place
        finally:
            self.frame = outside
            self.depth -= 1

    def check_decorators(self, function: ast.FunctionDef | ast.Lambda) -> None:
        """Raises UnreadableError for a decorator that may make another function of it."""
        for each in getattr(function, "decorator_list", []):
            name = dotted(each.func if isinstance(each, ast.Call) else each)
            if name.rpartition(".")[2] not in _HARMLESS:
                raise UnreadableError(each, msg("authoring.python-call", name=shown(each)))

    def bind(
        self, node: ast.AST, function: OwnFunction, placed: Sequence[Value], named: Mapping[str, Value]
    ) -> dict[str, Value]:
        """What each parameter of a function of the file gets, as Python has it."""
        try:
            found = signature(function.node).bind(*placed, **named)
        except (TypeError, ValueError):
            name = shown(getattr(node, "func", node))
            raise UnreadableError(node, msg("authoring.python-arguments", name=name)) from None
        given = set(found.arguments)
        found.apply_defaults()
        return {
            name: value if name in given or not isinstance(value, ast.expr) else self.expression(value)
            for name, value in found.arguments.items()
        }

    def made_object(
        self, node: ast.AST, kind: OwnClass, placed: Sequence[Value], named: Mapping[str, Value]
    ) -> Instance:
        """A new object of a class; its weights get their names later."""
        found = Instance(kind)
        if "__init__" in kind.methods:
            self.own(node, self.method(found, "__init__"), placed, named)
        elif any(dotted(getattr(each, "func", each)).endswith("dataclass") for each in kind.node.decorator_list):
            fields = [dotted(each.target) for each in kind.node.body if isinstance(each, ast.AnnAssign)]
            found.attributes = {**dict(zip(fields, placed, strict=False)), **named}
        return found

    def has(self, owner: Instance, name: str) -> bool:
        """Whether an object has a method of this name."""
        return owner.kind is not None and name in owner.kind.methods

    def method(self, owner: Instance, name: str) -> OwnFunction:
        """A method bound to its object."""
        assert owner.kind is not None
        function = owner.kind.methods[name]
        static = any(dotted(each) == "staticmethod" for each in function.decorator_list)
        return OwnFunction(function, owner.kind.around, None if static else owner)

    def attribute(self, node: ast.Attribute, owner: Value, attr: str) -> Value:
        """What stands behind a dot."""
        match owner:
            case Library(path=path):
                return self.of_library(path, attr)
            case Array():
                return self.of_array(node, owner, attr)
            case Pair():
                if attr in ("values", "indices"):
                    return self.usable(node, owner.values if attr == "values" else owner.indices)
            case Instance():
                return self.member(node, owner, attr)
            case OwnClass():
                return self.of_class(node, owner, attr)
            case list() | dict() | tuple():
                return Method(owner, attr)
            case Parameter():
                return owner.shape if attr == "shape" else Method(owner, attr)
        raise UnmappedError

    def member(self, node: ast.Attribute, owner: Instance, name: str) -> Value:
        """`self.name`: an attribute, a method, or something that the class fixes."""
        if name in owner.attributes:
            return self.usable(node, owner.attributes[name])
        if self.has(owner, name):
            function = self.method(owner, name)
            if any(dotted(each) == "property" for each in owner.kind.methods[name].decorator_list):  # type: ignore[union-attr]
                return self.own(node, function, [], {})
            return function
        if owner.kind is None or name in _MODES | {"register_buffer"}:
            return Method(owner, name)
        if name == "training":
            return True
        return self.of_class(node, owner.kind, name)

    def of_class(self, node: ast.Attribute, owner: OwnClass, name: str) -> Value:
        """What the body of a class fixes, or one of its functions."""
        if name == "apply" and "forward" in owner.methods:
            return Method(owner, name)
        if name in owner.methods:
            return OwnFunction(owner.methods[name], owner.around)
        fixed = self.fixed_in(owner, name)
        if fixed is None:
            raise UnreadableError(node, msg("authoring.python-attribute", text=shown(node)))
        return self.expression(fixed)

    def fixed_in(self, owner: OwnClass, name: str) -> ast.expr | None:
        """What the body of a class says that a name of it is."""
        for each in owner.node.body:
            targets = getattr(each, "targets", [getattr(each, "target", None)])
            if isinstance(each, ast.Assign | ast.AnnAssign) and name in [dotted(target) for target in targets]:
                return each.value
        return None

    def _of_base(self, node: ast.Call, name: str) -> Value:
        """`super().__init__()`: of a class of the file; any other base keeps nothing that is computed with."""
        owner, kind = self.frame.names.get("self"), self.frame.names.get("__class__")
        if isinstance(owner, Instance) and isinstance(kind, OwnClass):
            for base in kind.node.bases:
                found = self.base_of(base)
                if found is not None and name in found.methods:
                    return self.own(
                        node, OwnFunction(found.methods[name], found.around, owner), self.several(node.args), {}
                    )
        if name == "__init__":
            return None
        raise UnreadableError(node, msg("authoring.python-call", name=shown(node.func)))

    def base_of(self, node: ast.expr) -> OwnClass | None:
        """The class of the file that a base names."""
        found = self.module_frame.names.get(dotted(node))
        return found if isinstance(found, OwnClass) else None

    @abstractmethod
    def body(self, function: ast.FunctionDef) -> Value:
        """What a function returns."""

    @abstractmethod
    def same_as_ours(self, function: OwnFunction) -> str | None:
        """The function of ours that a function of the file is, entry by entry; None for any other."""


def _changes(node: ast.AST) -> bool:
    """Whether a piece of code gives a name or an array another value."""
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.NamedExpr)
    name = last(node.func)
    return name.endswith("_") or name in _IN_PLACE or any(each.arg == "out" for each in node.keywords)
