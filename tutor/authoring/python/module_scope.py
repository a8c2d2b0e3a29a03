"""What a file has around the function that is read: imports, constants, other functions, classes, their weights."""

import ast
from collections import Counter
from collections.abc import Mapping

import numpy as np

from tutor.authoring.declarations import Declared
from tutor.authoring.python.python_values import (
    Array,
    Frame,
    Instance,
    Library,
    OwnClass,
    OwnFunction,
    Parameter,
    RefusedValue,
    UnmappedError,
    Value,
)
from tutor.authoring.python.statements import StatementReader
from tutor.authoring.python.syntax_nodes import UnreadableError, dotted, last, parameters, stored_names
from tutor.authoring.python.torch_layers import layers
from tutor.engine import EngineError, Graph
from tutor.engine.compile import callables
from tutor.engine.ops.op import REGISTRY, options
from tutor.expr import Tree
from tutor.expr.tree import Call, Name
from tutor.text import msg

_PROBED = (-2.5, -1.0, -0.3, 0.0, 0.2, 1.0, 3.0)  # both signs and 0, where relu and its like differ
_SHORT = {"weight": "W", "bias": "b"}
_TORCH = frozenset({"torch", "F", "nn"})
_NUMPY = frozenset({"np", "numpy", "anp", "jnp"})


class Later:
    """A constant of the file that nobody has asked for yet."""

    def __init__(self, value: ast.expr | None) -> None:
        self.value, self.open = value, False


class ModuleReader(StatementReader):
    """Reads what is called or named outside of the function itself, when it is needed."""

    def __init__(
        self, module: ast.Module, declared: Mapping[str, Declared], sizes: Mapping[str, int], *, torch: bool
    ) -> None:
        super().__init__(declared, sizes, torch=torch)
        self.module = module
        self.told: set[str] = set()  # parameters, which stay inputs although nothing uses them
        self.numbers_used: set[str] = set()
        self.probing = False
        self.known: dict[int, str | None] = {}
        self.layers = {each.name: self._class(each, Frame({}, None, True)) for each in layers()}
        self._fill(module)

    def _fill(self, module: ast.Module) -> None:
        times = Counter(
            name
            for statement in module.body
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)
            for name in stored_names(statement)
        )
        names = self.module_frame.names
        names |= {name: Later(None) for name in times}
        for statement in module.body:
            match statement:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                ):
                    names[name] = Later(value if times[name] == 1 else None)
                case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(
                    values
                ):
                    for target, value in zip(targets, values, strict=True):
                        if isinstance(target, ast.Name):
                            names[target.id] = Later(value if times[target.id] == 1 else None)
                case ast.FunctionDef(name=name):
                    names[name] = OwnFunction(statement, self.module_frame)
                case ast.ClassDef(name=name):
                    names[name] = self._class(statement, self.module_frame)
                case ast.Import() | ast.ImportFrom():
                    self.imported(statement)

    def _class(self, node: ast.ClassDef, around: Frame) -> OwnClass:
        methods: dict[str, ast.FunctionDef] = {}
        for base in node.bases:
            found = self.base_of(base)
            methods |= found.methods if found is not None else {}
        methods |= {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
        return OwnClass(node, around, methods)

    def force(self, node: ast.expr, name: str, value: Value, frame: Frame) -> Value:
        if isinstance(value, Later):
            refused = UnreadableError(node, msg("authoring.python-attribute", text=name))
            if value.value is None or value.open:
                raise refused
            value.open, outside = True, self.frame
            self.frame = self.module_frame
            try:
                found = self.expression(value.value)
            except UnreadableError:
                raise refused from None
            finally:
                self.frame, value.open = outside, False
            if isinstance(found, Parameter) or (isinstance(found, Array) and not self.is_fixed(found)):
                raise refused
            frame.names[name] = value = found
        return self.usable(node, value)

    # Parameters

    def take_parameters(self, function: OwnFunction) -> None:
        """The arguments of the function that becomes the lesson: inputs, sizes, or what stands behind their `=`."""
        every = parameters(function.node)
        if function.owner is not None and every:
            self.frame.names[every.pop(0)[0]] = function.owner
            self.frame.names["__class__"] = function.owner.kind
        for name, kind, default in every:
            if kind in (kind.VAR_POSITIONAL, kind.VAR_KEYWORD):
                continue
            self.frame_names.add(name)
            if name not in self.declared and default is not None:
                try:
                    value = self.expression(default)
                except UnreadableError:
                    value = None if isinstance(default, ast.Constant) else Parameter(())
                if not isinstance(value, Array | Parameter | Library | OwnFunction | Instance):
                    self.frame.names[name] = value
                    continue
            if name in self.shapes.sizes[0] and name not in self.declared:
                self.frame.names[name] = self.shapes.size(Name(name))  # the size that the shapes speak of
            elif name in self.numbers and name not in self.declared:
                self.frame.names[name] = self.numbers[name]
                self.numbers_used.add(name)
            else:
                self.frame.names[name] = self.input(name)
                self.told.add(name)

    def method_of(self, owner: ast.ClassDef, name: str) -> OwnFunction:
        """A method of a class of the file, bound to an object that is made as its `__init__` says."""
        kind = self.module_frame.names.get(owner.name)
        if not isinstance(kind, OwnClass):
            kind = self._class(owner, self.module_frame)
        function = kind.methods[name]
        if any(dotted(each) == "staticmethod" for each in function.decorator_list):
            if "backward" not in kind.methods:
                return OwnFunction(function, kind.around)
            self.note(msg("authoring.note-backward", name=owner.name))
            return OwnFunction(function, kind.around, Instance(None))
        return OwnFunction(function, kind.around, self._object(kind))

    def _object(self, kind: OwnClass) -> Instance:
        """An object of the class, its weights inputs by the names of their attributes."""
        found = Instance(kind)
        if "__init__" in kind.methods:
            init = OwnFunction(kind.methods["__init__"], kind.around, found)
            outside, self.frame = self.frame, Frame({}, kind.around, self.torch)
            self.building = True
            try:
                self._take_settings(init)
                self.block(kind.methods["__init__"].body)
            finally:
                self.frame, self.building = outside, False
        self._name_weights(found, "", {})
        return found

    def _take_settings(self, init: OwnFunction) -> None:
        """What a class is made with: numbers that the author gives, its own defaults, sizes, or inputs with a shape."""
        own, *every = parameters(init.node)
        assert init.owner is not None
        annotations = {each.arg: each.annotation for each in ast.walk(init.node.args) if isinstance(each, ast.arg)}
        self.frame.names[own[0]] = init.owner
        self.frame.names["__class__"] = init.owner.kind
        for name, kind, default in every:
            if kind in (kind.VAR_POSITIONAL, kind.VAR_KEYWORD):
                self.frame.names[name] = [] if kind == kind.VAR_POSITIONAL else {}
            elif name in self.declared:
                self.frame.names[name] = self.input(name)
                self.frame_names.add(name)
            elif name in self.shapes.sizes[0]:
                self.frame.names[name] = self.shapes.size(Name(name))
            elif name in self.numbers:
                self.frame.names[name] = self.numbers[name]
                self.numbers_used.add(name)
            elif default is not None:
                self.frame.names[name] = self.expression(default)
            else:
                self.frame.names[name] = self._setting(name, annotations.get(name))

    def _setting(self, name: str, annotation: ast.expr | None) -> Value:
        """What nobody has told: an object by those of its attributes that are told or that its class fixes."""
        kind = None if annotation is None else self.base_of(annotation)
        attributes = {
            each.attr for each in ast.walk(self.module) if isinstance(each, ast.Attribute) and last(each.value) == name
        }
        if not attributes:
            return RefusedValue(msg("authoring.python-setting", name=name))
        found = Instance(kind)
        for attribute in attributes:
            if attribute in self.numbers:
                found.attributes[attribute] = self.numbers[attribute]
                self.numbers_used.add(attribute)
            elif attribute in self.shapes.sizes[0]:
                found.attributes[attribute] = self.shapes.size(Name(attribute))
            elif kind is None or self.fixed_in(kind, attribute) is None:
                found.attributes[attribute] = RefusedValue(msg("authoring.python-setting", name=attribute))
        return found

    def _name_weights(self, value: Value, path: str, seen: dict[int, Array]) -> Value:
        """Weights below a value become inputs: `layers.0.weight` is layers_0_W."""
        if isinstance(value, Parameter):
            if id(value) not in seen:
                seen[id(value)] = self.leaf(value.shape, path or "w")
                self.frame_names.add(path or "w")
            return seen[id(value)]
        if isinstance(value, Instance):
            holder = value.attributes
        elif isinstance(value, list):
            for k, each in enumerate(value):
                value[k] = self._name_weights(each, f"{path}_{k}" if path else str(k), seen)
            return value
        elif isinstance(value, dict):
            holder = value
        else:
            return value
        if id(holder) in seen:
            return value
        seen[id(holder)] = Array(Name("_"))
        for name, each in holder.items():
            short = _SHORT.get(str(name), str(name)) if path else str(name)
            inside = path if isinstance(each, list) and name == "layers" and self._is_layer(value) else ""
            holder[name] = self._name_weights(each, inside or (f"{path}_{short}" if path else short), seen)
        return value

    def _is_layer(self, value: Value) -> bool:
        return isinstance(value, Instance) and value.kind in self.layers.values()

    # Cells

    def open_cell(self) -> None:
        """Code outside of any function: names that it does not define are inputs, as is what it draws."""
        self.cell = True
        self.module_frame.names = {
            name: value for name, value in self.module_frame.names.items() if not isinstance(value, Later)
        }
        self.frame = Frame({}, self.module_frame, self.torch)
        for name in self.declared:
            self.frame.names[name] = self.input(name)
            self.frame_names.add(name)

    # Functions of ours under the file's own name

    def same_as_ours(self, function: OwnFunction) -> str | None:
        key = id(function.node)
        if key not in self.known:
            self.known[key] = None if self.probing else self._recognised(function)
        return self.known[key]

    def _recognised(self, function: OwnFunction) -> str | None:
        assert isinstance(function.node, ast.FunctionDef)
        name = function.node.name
        plain = name in callables() and name in REGISTRY and REGISTRY[name].arity() == (1, 1) and not options(name)
        if not plain or not REGISTRY[name].elementwise or name == "stop_gradient" or function.owner is not None:
            return None
        probe = ModuleReader(self.module, {}, {}, torch=self.torch)
        probe.probing = True
        try:
            result = probe.tree(
                probe.own(function.node, OwnFunction(function.node, probe.module_frame), [probe.input("probe")], {})
            )
            own: dict[str, Tree] = {**dict(probe.lines), "f_": result}
            at = {"probe": np.array(_PROBED)}
            here, ours = (
                Graph.parse(lines, outputs=["f_"]).run(at, {"f_": np.ones(len(_PROBED))}).values["f_"]
                for lines in (own, {"f_": Call(name, (Name("probe"),))})
            )
        except (EngineError, UnreadableError, UnmappedError, ValueError, ArithmeticError):
            return None
        same = np.shape(here) == np.shape(ours) and np.allclose(here, ours, rtol=1e-12, atol=1e-12)
        return name if same else None


def speaks_torch(module: ast.Module, function: ast.AST) -> bool:
    """Whether arrays are PyTorch's, whose `std` and `var` divide by n - 1: by the function's words, else the file's."""
    words = {each.id for each in ast.walk(function) if isinstance(each, ast.Name)}
    if words & _TORCH:
        return True
    imports = [each for each in ast.walk(module) if isinstance(each, ast.Import | ast.ImportFrom)]
    names = {name.name for each in imports if isinstance(each, ast.Import) for name in each.names}
    names |= {each.module or "" for each in imports if isinstance(each, ast.ImportFrom)}
    everywhere = {each.id for each in ast.walk(module) if isinstance(each, ast.Name)}
    torch = any(name.startswith("torch") for name in names) or "torch" in everywhere
    return torch and not words & _NUMPY
