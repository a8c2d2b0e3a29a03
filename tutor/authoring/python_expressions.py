"""Python expressions as our formulas: operators, `.T`, indexing, and the calls of `python_calls`."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from tutor.authoring.declarations import Declared, with_all_sizes
from tutor.authoring.outputs import dims_of
from tutor.authoring.python_axes import axes_call, changes_axes, is_new_axis, side_by_side, turned, with_new_axes
from tutor.authoring.python_calls import CALLS, CONSTANT_NAMES, MODULES, SYNONYMS, Form
from tutor.authoring.python_instead import call_refused
from tutor.authoring.python_nodes import UnreadableError, dotted, is_none, items, last, number, shown, whole
from tutor.authoring.splitting import free_name
from tutor.expr import Scope, Tree, names_in, parse, to_text
from tutor.expr.tree import (
    Array,
    Binary,
    Call,
    Dots,
    Index,
    Keyword,
    Name,
    Negate,
    Slice,
    Text,
    Transpose,
    Truth,
)
from tutor.text import msg

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
_CASTS = frozenset({"float", "float64", "float32", "asarray"})
_IGNORED_METHODS = frozenset({"float", "double", "clone", "copy", "contiguous", "item"})


@dataclass(slots=True)
class Reader:
    """Reads expressions; `names` are nodes by variable, `literals` variables that hold a number, `sizes` a size.

    `declared` are the inputs by node, `formulas` the lines read so far, and `own_call` reads calls of the file's
    own functions: it returns None for any other.
    """

    torch: bool = False
    declared: dict[str, Declared] = field(default_factory=dict)
    formulas: list[tuple[str, Tree]] = field(default_factory=list)
    own_call: Callable[[ast.Call], Tree | None] = lambda _: None
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
                raise UnreadableError(node, msg("authoring.python-expression", text=shown(node)))
            case ast.Constant(value=int() | float()):
                return number(node)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return Binary(_OPERATORS[type(op)], self.expression(left), self.expression(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Negate(self.expression(operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.expression(operand)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                if type(op) in _COMPARISONS:
                    return Binary(_COMPARISONS[type(op)], self.expression(left), self.expression(right))
            case ast.Attribute(attr=attr) if dotted(node.value) in MODULES and attr in CONSTANT_NAMES:
                return Name(CONSTANT_NAMES[attr])
            case ast.Attribute(value=value, attr="T" | "H"):
                return Transpose(self.expression(value))
            case ast.Attribute(value=value, attr="mT"):
                return turned(self.expression(value), self.dims)
            case ast.Attribute(value=ast.Call() as value, attr="values") if last(value.func) in ("max", "min"):
                return self.expression(value)
            case ast.Subscript(value=value, slice=index):
                return self._index(node, value, index)
            case ast.Call():
                return self._call(node)
            case ast.IfExp():
                raise UnreadableError(node, msg("authoring.python-branch"))
            case ast.Attribute(value=ast.Name(id=name)) if name not in {*MODULES, *self.names}:
                raise UnreadableError(node, msg("authoring.python-attribute", text=shown(node)))
        raise UnreadableError(node, msg("authoring.python-expression", text=shown(node)))

    def size(self, node: ast.expr) -> Tree | None:
        """The size that `x.shape[0]`, `len(x)` or `x.size(0)` means; None for anything else."""
        match node:
            case ast.Name(id=name) if name in self.sizes:
                return self.sizes[name]
            case ast.Subscript(value=ast.Attribute(value=value, attr="shape"), slice=axis):
                return self._axis(node, value, axis)
            case ast.Call(func=ast.Attribute(value=value, attr="size"), args=[axis]) if dotted(value) not in MODULES:
                return self._axis(node, value, axis)
            case ast.Call(func=ast.Name(id="len"), args=[value]):
                return self._axis(node, value, ast.Constant(value=0))
        return None

    def shape(self, node: ast.expr) -> tuple[Tree, ...] | None:
        """All sizes that `x.shape` or `x.size()` means; None for anything else."""
        match node:
            case ast.Attribute(value=value, attr="shape"):
                pass
            case ast.Call(func=ast.Attribute(value=value, attr="size"), args=[]):
                pass
            case _:
                return None
        dims = self.dims(self.expression(value))
        if dims is None:
            raise UnreadableError(node, msg("authoring.python-size", text=shown(node), name=shown(value)))
        return dims

    def dims(self, tree: Tree) -> tuple[Tree, ...] | None:
        """The shape of a formula in the words of the declared sizes; None where an input of it has no shape yet."""
        lines = {**dict(self.formulas), "probe": tree}
        known = {**self.declared, **self.rows}
        needed, queue = dict.fromkeys(["probe"]), ["probe"]
        while queue:
            for name in names_in(lines[queue.pop()]):
                if name not in needed:
                    needed[name] = None
                    queue += [name] if name in lines else []
        sizes = with_all_sizes({}, known.values())
        inputs = [name for name in needed if name not in lines and name not in sizes and name not in ("e", "pi")]
        if any(name not in known for name in inputs):
            return None
        found = dims_of(
            "probe",
            {name: line for name, line in lines.items() if name in needed},
            {name: known[name] for name in inputs},
            sizes,
        )
        return None if found is None else tuple(parse(dim, Scope(None, frozenset(), frozenset())) for dim in found)

    def _axis(self, node: ast.expr, value: ast.expr, axis: ast.expr) -> Tree:
        dims, place = self.dims(self.expression(value)), whole(axis)
        if dims is None or place is None or not -len(dims) <= place < len(dims):
            raise UnreadableError(node, msg("authoring.python-size", text=shown(node), name=shown(value)))
        return dims[place]

    def _name(self, node: ast.expr, name: str) -> Tree:
        if name in self.literals:
            literal = self.literals[name]
            if isinstance(literal.value, int | float) and not isinstance(literal.value, bool):
                return number(literal)
        if name in self.names:
            return Name(self.names[name])
        if name in self.size_names():
            return Name(name)  # the teacher's n, which the shapes speak of too
        near = get_close_matches(name, [*self.names, *self.literals], n=1, cutoff=0.6)
        if near:
            raise UnreadableError(node, msg("authoring.python-name-near", name=name, near=near[0]))
        raise UnreadableError(node, msg("authoring.python-name", name=name))

    def size_names(self) -> frozenset[str]:
        """The sizes that the declared shapes speak of."""
        return frozenset(name for each in self.declared.values() for name in each.names)

    def _index(self, node: ast.expr, value: ast.expr, index: ast.expr) -> Tree:
        if isinstance(index, ast.Constant) and isinstance(index.value, str):
            raise UnreadableError(node, msg("authoring.python-attribute", text=shown(node)))
        found = index.elts if isinstance(index, ast.Tuple) else [index]
        if self.torch and isinstance(value, ast.Call) and last(value.func) in ("max", "min") and whole(index) == 0:
            return self.expression(value)  # PyTorch's max along an axis is a pair: the values, and where they stand
        items = [None if is_new_axis(each) else self._item(each) for each in found]
        if None in items:
            widened = with_new_axes(self.expression(value), items)
            if widened is None:
                raise UnreadableError(node, msg("authoring.python-expression", text=shown(node)))
            return widened
        return Index(self.expression(value), tuple(item for item in items if item is not None))

    def _item(self, node: ast.expr) -> "Tree | Slice | Dots":
        match node:
            case ast.Slice(lower=lower, upper=upper, step=step):
                return Slice(*(None if each is None else self.expression(each) for each in (lower, upper, step)))
            case ast.Constant(value=value) if value is Ellipsis:
                return Dots()
            case ast.Call(func=function, args=[count]) if last(function) in ("arange", "range"):
                return self._counted(node, count)
            case ast.List():
                raise UnreadableError(node, msg("authoring.python-expression", text=shown(node)))
        return self.expression(node)

    def _counted(self, node: ast.expr, count: ast.expr) -> Tree:
        """`np.arange(N)` among indices: an input of its own with the numbers 0, 1, 2, ..."""
        return self._rows(to_text(self.expression(count)))

    def _rows(self, size: str) -> Tree:
        for name, each in self.rows.items():
            if each.dims == (size,):
                return Name(name)
        name = free_name("rows", [*self.names.values(), *self.names, *self.rows])
        self.rows[name] = Declared(name, (size,), "rows")
        return Name(name)

    def _call(self, node: ast.Call) -> Tree:
        """A call by its name, as a function of a module or as a method of an array."""
        own = self.own_call(node)
        if own is not None:
            return own
        function = node.func
        if any(isinstance(each, ast.Starred) for each in node.args) or any(each.arg is None for each in node.keywords):
            raise UnreadableError(node, msg("authoring.python-stars"))
        if isinstance(function, ast.Attribute) and dotted(function).startswith("self."):
            raise UnreadableError(node, msg("authoring.python-attribute", text=shown(function)))
        name = last(function)
        is_method = isinstance(function, ast.Attribute) and dotted(function.value) not in MODULES
        arguments = [function.value, *node.args] if is_method and isinstance(function, ast.Attribute) else [*node.args]
        if is_method and name in _IGNORED_METHODS and not node.args:
            return self.expression(arguments[0])
        special = self._special(node, name, arguments)
        if special is not None:
            return special
        if name not in CALLS:
            raise UnreadableError(node, call_refused(node))
        form = CALLS[name]
        if name in ("max", "min") and self._is_pair(arguments, node):
            form = CALLS[f"{name}imum"]
        return self._by_form(node, form, arguments)

    def _is_pair(self, arguments: list[ast.expr], node: ast.Call) -> bool:
        """`torch.max(a, b)` and Python's own `max(a, b)` compare two arrays; `np.max(a, 0)` looks along an axis."""
        return len(arguments) > 1 and not node.keywords and whole(arguments[1]) is None

    def _special(self, node: ast.Call, name: str, arguments: list[ast.expr]) -> Tree | None:
        """Calls whose arguments are shapes or axes."""
        if changes_axes(name) and arguments:
            axes = [
                *items(arguments[1:]),
                *(each.value for each in node.keywords if each.arg in ("axis", "dim", "axes")),
            ]
            operand = self.expression(arguments[0])
            found = axes_call(name, operand, [whole(each) for each in items(axes)], self.dims, torch=self.torch)
            if found is None:
                raise UnreadableError(node, msg("authoring.python-expression", text=shown(node)))
            return found
        if name in ("reshape", "view") and len(arguments) > 1 and not node.keywords:
            sizes = self.shape(arguments[1]) if len(arguments) == 2 else None
            if sizes is None:
                sizes = tuple(map(self.expression, items(arguments[1:])))
            return Call("reshape", (self.expression(arguments[0]), Array(sizes)))
        if name in _CASTS and len(node.args) == 1 and not node.keywords:
            return self.expression(arguments[0])
        if name in ("hstack", "vstack") and len(node.args) == 1 and isinstance(node.args[0], ast.List | ast.Tuple):
            joined = side_by_side(name, list(map(self.expression, node.args[0].elts)), self.dims)
            if joined is None:
                raise UnreadableError(node, msg("authoring.python-arguments", name=shown(node.func)))
            return joined
        if name == "nll_loss" and len(arguments) == 2:
            return self._nll(node, *map(self.expression, arguments))
        if name == "einsum" and len(arguments) > 1 and isinstance(arguments[0], ast.Constant):
            letters = Text(str(arguments[0].value).replace(" ", ""))
            return Call("einsum", (letters, *map(self.expression, arguments[1:])))
        return None

    def _nll(self, node: ast.Call, logs: Tree, labels: Tree) -> Tree:
        """PyTorch's nll_loss: minus the log-probability of the right class, averaged or summed over the samples."""
        options = {each.arg: each.value for each in node.keywords}
        reduction = options.pop("reduction", ast.Constant(value="mean"))
        dims = self.dims(labels)
        if options or dims is None or len(dims) != 1 or not isinstance(reduction, ast.Constant):
            raise UnreadableError(node, msg("authoring.python-arguments", name=shown(node.func)))
        picked = Index(logs, (self._rows(to_text(dims[0])), labels))
        if reduction.value == "none":
            return Negate(picked)
        return Negate(Call("sum" if reduction.value == "sum" else "mean", (picked,)))

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
                if found is not None and is_none(found):
                    found = None
                if found is not None:
                    arrays.append(self.expression(found))
        if len(arrays) < len(form.inputs) - form.optional and not form.listed:
            raise UnreadableError(node, msg("authoring.python-arguments", name=shown(node.func)))
        options = self._options(node, form, arguments, named)
        return self._made(node, form, arrays, options)

    def _options(
        self, node: ast.Call, form: Form, arguments: list[ast.expr], named: dict[str, ast.expr]
    ) -> dict[str, ast.expr]:
        order = list(dict.fromkeys(form.options.values()))
        if len(arguments) > len(order):
            raise UnreadableError(node, msg("authoring.python-arguments", name=shown(node.func)))
        options = dict(zip(order, arguments, strict=False))
        for name, value in named.items():
            if name not in form.options:
                raise UnreadableError(value, msg("authoring.python-option", option=name, name=shown(node.func)))
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
                ends = {end: self.expression(each) for end, each in options.items() if not is_none(each)}
                if not ends:
                    raise UnreadableError(node, msg("authoring.python-arguments", name=shown(node.func)))
                if len(ends) == 1:
                    return Call("max" if "lo" in ends else "min", (arrays[0], *ends.values()))
                return Call("clip", (arrays[0], ends["lo"], ends["hi"]))
            case "norm":
                order = options.pop("ord", None)
                if order is not None and (not isinstance(order, ast.Constant) or order.value not in (2, None, "fro")):
                    raise UnreadableError(node, msg("authoring.python-expression", text=shown(node)))
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
                    raise UnreadableError(node, msg("authoring.python-expression", text=shown(value)))
                unbiased = bool(value.value)
        return {name: value for name, value in options.items() if name not in ("ddof", "unbiased")}, unbiased

    def _keywords(self, options: Mapping[str, ast.expr]) -> tuple[Keyword, ...]:
        return tuple(Keyword(name, self._literal(value)) for name, value in options.items() if not is_none(value))

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
