"""Python expressions as our formulas: operators, `.T`, indexing, and the calls of `python_calls`."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from tutor.authoring.declarations import Declared
from tutor.authoring.python_calls import CALLS, CONSTANT_NAMES, MODULES, SYNONYMS, Form
from tutor.expr import ParseError, Scope, Tree, parse
from tutor.expr.tree import (
    Array,
    Binary,
    Call,
    Dots,
    Index,
    Keyword,
    Name,
    Negate,
    Number,
    Slice,
    Text,
    Transpose,
    Truth,
)
from tutor.text import Message, msg

_OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "^",
    ast.MatMult: "@",
}
_COMPARISONS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_IGNORED_METHODS = frozenset({"float", "double", "clone", "copy", "contiguous", "item"})


class UnreadableError(ValueError):
    """A piece of Python that has no counterpart in a lesson."""

    def __init__(self, node: ast.AST, message: Message) -> None:
        super().__init__(message.id)
        self.node, self.message = node, message


@dataclass(slots=True)
class Reader:
    """Reads expressions; `names` are nodes by variable, `literals` variables that hold a number, `sizes` a size."""

    torch: bool = False
    declared: Mapping[str, Declared] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    literals: dict[str, ast.Constant] = field(default_factory=dict)
    sizes: dict[str, Tree] = field(default_factory=dict)
    rows: dict[str, Declared] = field(default_factory=dict)

    def expression(self, node: ast.expr) -> Tree:
        """The formula; raises UnreadableError for the innermost piece that has none."""
        size = self.size(node)
        if size is not None:
            return size
        match node:
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.Constant(value=bool()):
                raise UnreadableError(node, msg("authoring.python-expression", text=_shown(node)))
            case ast.Constant(value=int() | float()):
                return _number(node)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return Binary(_OPERATORS[type(op)], self.expression(left), self.expression(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Negate(self.expression(operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.expression(operand)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                if type(op) in _COMPARISONS:
                    return Binary(_COMPARISONS[type(op)], self.expression(left), self.expression(right))
            case ast.Attribute(attr=attr) if _dotted(node.value) in MODULES and attr in CONSTANT_NAMES:
                return Name(CONSTANT_NAMES[attr])
            case ast.Attribute(value=value, attr="T" | "mT"):
                return Transpose(self.expression(value))
            case ast.Subscript(value=value, slice=index):
                return self._index(value, index)
            case ast.Call():
                return self._call(node)
        raise UnreadableError(node, msg("authoring.python-expression", text=_shown(node)))

    def size(self, node: ast.expr) -> Tree | None:
        """The size that `x.shape[0]`, `len(x)` or `x.size(0)` means; None for anything else."""
        match node:
            case ast.Name(id=name) if name in self.sizes:
                return self.sizes[name]
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id=name), attr="shape"), slice=axis):
                return self._axis(node, name, axis)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="size"), args=[axis]):
                return self._axis(node, name, axis)
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
                return self._axis(node, name, ast.Constant(value=0))
        return None

    def _axis(self, node: ast.expr, name: str, axis: ast.expr) -> Tree:
        declared = self.declared.get(self.names.get(name, name))
        place = _whole(axis)
        if declared is None or place is None or not -len(declared.dims) <= place < len(declared.dims):
            raise UnreadableError(node, msg("authoring.python-size", text=_shown(node), name=name))
        try:
            return parse(declared.dims[place], Scope(None, frozenset(), frozenset()))
        except ParseError:
            raise UnreadableError(node, msg("authoring.python-size", text=_shown(node), name=name)) from None

    def _name(self, node: ast.expr, name: str) -> Tree:
        if name in self.literals:
            literal = self.literals[name]
            if isinstance(literal.value, int | float) and not isinstance(literal.value, bool):
                return _number(literal)
        if name in self.names:
            return Name(self.names[name])
        near = get_close_matches(name, [*self.names, *self.literals], n=1, cutoff=0.6)
        if near:
            raise UnreadableError(node, msg("authoring.python-name-near", name=name, near=near[0]))
        raise UnreadableError(node, msg("authoring.python-name", name=name))

    def _index(self, value: ast.expr, index: ast.expr) -> Tree:
        items = index.elts if isinstance(index, ast.Tuple) else [index]
        return Index(self.expression(value), tuple(self._item(each) for each in items))

    def _item(self, node: ast.expr) -> "Tree | Slice | Dots":
        match node:
            case ast.Slice(lower=lower, upper=upper, step=step):
                return Slice(*(None if each is None else self.expression(each) for each in (lower, upper, step)))
            case ast.Constant(value=value) if value is Ellipsis:
                return Dots()
            case ast.Call(func=function, args=[count]) if _last(function) in ("arange", "range"):
                return self._counted(node, count)
            case ast.Constant(value=None) | ast.List():
                raise UnreadableError(node, msg("authoring.python-expression", text=_shown(node)))
        return self.expression(node)

    def _counted(self, node: ast.expr, count: ast.expr) -> Tree:
        """`np.arange(N)` among indices: an input of its own with the numbers 0, 1, 2, ..."""
        from tutor.authoring.splitting import free_name
        from tutor.expr import to_text

        size = to_text(self.expression(count))
        for name, each in self.rows.items():
            if each.dims == (size,):
                return Name(name)
        name = free_name("rows", [*self.names.values(), *self.names, *self.rows])
        self.rows[name] = Declared(name, (size,), "rows")
        return Name(name)

    def _call(self, node: ast.Call) -> Tree:
        """A call by its name, as a function of a module or as a method of an array."""
        function = node.func
        if any(isinstance(each, ast.Starred) for each in node.args) or any(each.arg is None for each in node.keywords):
            raise UnreadableError(node, msg("authoring.python-stars"))
        name = _last(function)
        is_method = isinstance(function, ast.Attribute) and _dotted(function.value) not in MODULES
        arguments = [function.value, *node.args] if is_method and isinstance(function, ast.Attribute) else [*node.args]
        if is_method and name in _IGNORED_METHODS and not node.args:
            return self.expression(arguments[0])
        special = self._special(node, name, arguments)
        if special is not None:
            return special
        if name not in CALLS:
            near = get_close_matches(name, CALLS, n=1, cutoff=0.7)
            message = msg("authoring.python-call", name=_shown(function))
            if near:
                message = msg("authoring.python-call-near", name=_shown(function), near=near[0])
            raise UnreadableError(node, message)
        form = CALLS[name]
        if name in ("max", "min") and self._is_pair(arguments, node):
            form = CALLS[f"{name}imum"]
        return self._by_form(node, form, arguments)

    def _is_pair(self, arguments: list[ast.expr], node: ast.Call) -> bool:
        """`torch.max(a, b)` and Python's own `max(a, b)` compare two arrays; `np.max(a, 0)` looks along an axis."""
        return len(arguments) > 1 and not node.keywords and _whole(arguments[1]) is None

    def _special(self, node: ast.Call, name: str, arguments: list[ast.expr]) -> Tree | None:
        """Calls whose arguments are shapes or axes."""
        if name in ("transpose", "t", "permute", "swapaxes") and arguments:
            return self._transposed(node, arguments)
        if name in ("reshape", "view") and len(arguments) > 1 and not node.keywords:
            sizes = _items(arguments[1:])
            return Call("reshape", (self.expression(arguments[0]), Array(tuple(map(self.expression, sizes)))))
        if name == "einsum" and len(arguments) > 1 and isinstance(arguments[0], ast.Constant):
            letters = Text(str(arguments[0].value).replace(" ", ""))
            return Call("einsum", (letters, *map(self.expression, arguments[1:])))
        return None

    def _transposed(self, node: ast.Call, arguments: list[ast.expr]) -> Tree:
        given = _items(arguments[1:])
        axes = [_whole(each) for each in given]
        operand = self.expression(arguments[0])
        swapped = _last(node.func) == "swapaxes" or (self.torch and _last(node.func) == "transpose")
        if not axes or axes == [1, 0] or (swapped and axes == [0, 1]):
            return Transpose(operand)
        if swapped or any(axis is None for axis in axes):
            raise UnreadableError(node, msg("authoring.python-expression", text=_shown(node)))
        return Call(
            "transpose", (operand,), (Keyword("axes", Array(tuple(_whole_number(axis or 0) for axis in axes))),)
        )

    def _by_form(self, node: ast.Call, form: Form, arguments: list[ast.expr]) -> Tree:
        """Arguments by place and by name, sorted into arrays and options."""
        named = {each.arg: each.value for each in node.keywords if each.arg is not None}
        arrays: list[Tree] = []
        if form.function == "layer_norm":  # between its arrays stands the shape of the last axes
            arguments = [*arguments[:1], *arguments[2:]]
        if form.listed and arguments and isinstance(arguments[0], ast.List | ast.Tuple):
            arrays = [self.expression(each) for each in arguments[0].elts]
            arguments = arguments[1:]
        else:
            for name in form.inputs:
                words = (name, *SYNONYMS.get(name, ()))
                found = arguments.pop(0) if arguments else next((named.pop(w) for w in words if w in named), None)
                if isinstance(found, ast.Constant) and found.value is None:
                    found = None
                if found is not None:
                    arrays.append(self.expression(found))
        if len(arrays) < len(form.inputs) - form.optional and not form.listed:
            raise UnreadableError(node, msg("authoring.python-arguments", name=_shown(node.func)))
        options = self._options(node, form, arguments, named)
        return self._made(node, form, arrays, options)

    def _options(
        self, node: ast.Call, form: Form, arguments: list[ast.expr], named: dict[str, ast.expr]
    ) -> dict[str, ast.expr]:
        order = list(dict.fromkeys(form.options.values()))
        if len(arguments) > len(order):
            raise UnreadableError(node, msg("authoring.python-arguments", name=_shown(node.func)))
        options = dict(zip(order, arguments, strict=False))
        for name, value in named.items():
            if name not in form.options:
                raise UnreadableError(value, msg("authoring.python-option", option=name, name=_shown(node.func)))
            options[form.options[name]] = value
        return {name: value for name, value in options.items() if name}

    def _made(self, node: ast.Call, form: Form, arrays: list[Tree], options: dict[str, ast.expr]) -> Tree:
        match form.function:
            case "+" | "-" | "*" | "/" | "^" | "@" as op:
                return Binary(op, arrays[0], arrays[1])
            case "neg":
                return Negate(arrays[0])
            case "linear":
                product = Binary("@", arrays[0], Transpose(arrays[1]))
                return Binary("+", product, arrays[2]) if len(arrays) > 2 else product
            case "embedding":
                return Call("gather", (arrays[1], arrays[0]))
            case "clip":
                ends = [self.expression(options[end]) for end in ("lo", "hi") if end in options]
                if len(ends) < 2:
                    raise UnreadableError(node, msg("authoring.python-arguments", name=_shown(node.func)))
                return Call("clip", (arrays[0], *ends))
            case "var" | "std":
                options, unbiased = self._spread(node, options)
                keywords = (*self._keywords(options), *((Keyword("unbiased", Truth(True)),) if unbiased else ()))
                return Call(form.function, tuple(arrays), keywords)
        return Call(form.function, tuple(arrays), self._keywords(options))

    def _spread(self, node: ast.Call, options: dict[str, ast.expr]) -> tuple[dict[str, ast.expr], bool]:
        """Whether a variance is divided by n - 1: PyTorch does unless told otherwise, NumPy does not."""
        unbiased = self.torch
        for name in ("ddof", "unbiased"):
            if name in options:
                value = options[name]
                if not isinstance(value, ast.Constant) or value.value not in (0, 1):
                    raise UnreadableError(node, msg("authoring.python-expression", text=_shown(value)))
                unbiased = bool(value.value)
        return {name: value for name, value in options.items() if name not in ("ddof", "unbiased")}, unbiased

    def _keywords(self, options: Mapping[str, ast.expr]) -> tuple[Keyword, ...]:
        return tuple(
            Keyword(name, self._literal(value))
            for name, value in options.items()
            if not (isinstance(value, ast.Constant) and value.value is None)
        )

    def _literal(self, node: ast.expr) -> Tree:
        """An option's value: a number, a word, true or false, or a list of numbers."""
        if isinstance(node, ast.Name) and node.id in self.literals:
            node = self.literals[node.id]
        match node:
            case ast.Constant(value=bool() as value):
                return Truth(value)
            case ast.Constant(value=str() as value):
                return Text(value)
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return Array(tuple(map(self._literal, items)))
        return self.expression(node)


def _number(node: ast.Constant) -> Tree:
    text = repr(node.value).replace("e+", "e")
    return Number(text, float(node.value))  # type: ignore[arg-type]


def _whole_number(value: int) -> Tree:
    return Negate(Number(str(-value), float(-value))) if value < 0 else Number(str(value), float(value))


def _whole(node: ast.expr) -> int | None:
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
    return None


def _items(arguments: list[ast.expr]) -> list[ast.expr]:
    """Numbers given one by one, or all in one list."""
    if len(arguments) == 1 and isinstance(arguments[0], ast.Tuple | ast.List):
        return arguments[0].elts
    return arguments


def _dotted(node: ast.expr) -> str:
    """`torch.nn.functional` for the expression that says so; empty for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _shown(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 40 else f"{text[:38]} …"
