"""A straight-line NumPy or PyTorch function read as formulas: parsed with `ast`, never executed."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tutor.authoring.declarations import Declared
from tutor.authoring.python_expressions import Reader
from tutor.authoring.python_helpers import Helpers, parameters
from tutor.authoring.python_instead import chosen_entries
from tutor.authoring.python_nodes import UnreadableError, literal, shown
from tutor.authoring.splitting import free_name
from tutor.expr import Tree, names_in
from tutor.lesson.problem import LessonError, Problem, nearest
from tutor.text import Message, msg


@dataclass(frozen=True, slots=True)
class PythonFunction:
    """The formulas of a function in order, those that its result depends on, and its inputs as they were declared.

    An argument whose name a node cannot have goes by another one, and `inputs` has it under that; what the function's
    indexing needs, as `np.arange(N)`, is an input too. `results` are the lines that it returns.
    """

    name: str
    formulas: tuple[tuple[str, Tree], ...]
    inputs: Mapping[str, Declared]
    results: tuple[str, ...]


def read_function(
    text: str, file: str, function: str | None = None, declared: Mapping[str, Declared] | None = None
) -> PythonFunction:
    """The function of this name, or the only one in the file; raises LessonError naming every line that is unclear."""
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, column = getattr(error, "lineno", None) or 1, getattr(error, "offset", None) or 1
        raise LessonError([_problem(text, file, line, column, msg("authoring.python-syntax"))]) from None
    found = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    methods = {id(node) for each in ast.walk(module) if isinstance(each, ast.ClassDef) for node in each.body}
    inner = {id(each) for node in found for each in ast.walk(node) if each is not node}
    outer = [node for node in found if id(node) not in methods | inner]
    offered = outer or [node for node in found if id(node) not in inner]
    chosen = offered if function is None else [node for node in found if node.name == function]
    if len(chosen) != 1:
        names = [node.name for node in offered]
        raise LessonError([_problem(text, file, 1, 1, _not_one(function, names))])
    body = _Body(chosen[0], module, declared or {})
    body.read()
    if body.problems:
        raise LessonError(
            _problem(text, file, getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1, message)
            for node, message in body.problems
        )
    return PythonFunction(
        chosen[0].name, body.needed(), {**body.reader.declared, **body.reader.rows}, tuple(body.results)
    )


class _Body:
    """Statements one after the other; a variable that is assigned again gets a new name."""

    def __init__(self, function: ast.FunctionDef, module: ast.Module, declared: Mapping[str, Declared]) -> None:
        self.function, self.declared = function, declared
        self.problems: list[tuple[ast.AST, Message]] = []
        self.formulas: list[tuple[str, Tree]] = []
        self.results: list[str] = []
        self.sizes = frozenset(name for each in declared.values() for name in each.names)
        self.used: set[str] = set(self.sizes)
        self.returned = False
        self.reader = Reader(torch=_speaks_torch(module), formulas=self.formulas, literals=_constants(module))
        self.reader.own_call = Helpers(module, self.reader, self._statement, self._define, self.used).call
        for name, default in parameters(function):
            self._parameter(name, default)
        # Shapes of names that are no arguments stay as they are: nobody uses them, and that is said.
        self.reader.declared |= {name: each for name, each in declared.items() if name not in self.reader.names}
        for extra in (function.args.vararg, function.args.kwarg):
            if extra is not None:
                self.problems.append((extra, msg("authoring.python-stars")))

    def read(self) -> None:
        """Every statement; what cannot be read is noted, and the rest goes on."""
        for statement in self.function.body:
            if self.returned:
                break
            try:
                self._statement(statement)
            except UnreadableError as error:
                self.problems.append((error.node, error.message))
                self._define_anyway(statement)
        if not self.returned and not self.problems:
            self.problems.append((self.function, msg("authoring.python-no-return")))

    def needed(self) -> tuple[tuple[str, Tree], ...]:
        """The formulas that the result depends on, in order."""
        wanted = set(self.results)
        kept = []
        for name, tree in reversed(self.formulas):
            if name in wanted:
                kept.append((name, tree))
                wanted |= set(names_in(tree))
        return tuple(reversed(kept))

    def _parameter(self, name: str, default: ast.expr | None) -> None:
        self.reader.literals.pop(name, None)
        if name not in self.declared and default is not None:
            plain = literal(default) or default
            if isinstance(plain, ast.Constant) and isinstance(plain.value, int | float | str | None):
                self.reader.literals[name] = plain
                return
        if name in self.sizes and name not in self.declared:
            return  # the size that the shapes speak of
        self.reader.names[name] = node = self._fresh(name)
        if name in self.declared:
            self.reader.declared[node] = replace(self.declared[name], name=node)

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Expr(value=ast.Constant(value=str())) | ast.Pass():
                return
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._assign(name, value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self._assign(name, value)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(
                values
            ) and all(isinstance(each, ast.Name) for each in names):
                trees = [self.reader.expression(value) for value in values]
                for each, tree in zip(names, trees, strict=True):
                    assert isinstance(each, ast.Name)
                    self._define(each.id, tree)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=value) if (
                all(isinstance(each, ast.Name) for each in names) and (sizes := self.reader.shape(value)) is not None
            ):
                if len(sizes) != len(names):
                    raise UnreadableError(statement, msg("authoring.python-statement", what=shown(statement)))
                for each, size in zip(names, sizes, strict=True):
                    assert isinstance(each, ast.Name)
                    self.reader.sizes[each.id] = size
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
                whole = ast.BinOp(left=ast.Name(id=name, ctx=ast.Load()), op=op, right=value)
                self._assign(name, ast.copy_location(whole, statement))
            case ast.Return(value=ast.expr() as value):
                self._return(value)
            case ast.For() | ast.While():
                raise UnreadableError(statement, msg("authoring.python-loop", what=_word(statement)))
            case ast.If():
                raise UnreadableError(statement, msg("authoring.python-branch"))
            case _:
                instead = chosen_entries(statement, torch=self.reader.torch)
                if instead is not None:
                    what = shown(statement)
                    raise UnreadableError(statement, msg("authoring.python-line-instead", what=what, instead=instead))
                raise UnreadableError(statement, msg("authoring.python-statement", what=_word(statement)))

    def _assign(self, name: str, value: ast.expr) -> None:
        size = self.reader.size(value)
        if size is not None:  # `N = x.shape[0]` is a size, not a node
            self.reader.sizes[name] = size
        elif (plain := literal(value)) is not None:
            self.reader.names.pop(name, None)
            self.reader.literals[name] = plain
        elif isinstance(value, ast.Name) and value.id in self.reader.names:
            self.reader.names[name] = self.reader.names[value.id]
        else:
            self._define(name, self.reader.expression(value))

    def _define(self, name: str, tree: Tree) -> None:
        self.reader.literals.pop(name, None)
        self.reader.sizes.pop(name, None)
        node = self._fresh(name)
        self.formulas.append((node, tree))
        self.reader.names[name] = node

    def _return(self, value: ast.expr) -> None:
        self.returned = True
        for each in value.elts if isinstance(value, ast.Tuple | ast.List) else [value]:
            known = self.reader.names.get(each.id) if isinstance(each, ast.Name) else None
            if known in dict(self.formulas):
                self.results.append(str(known))
            else:
                tree = self.reader.expression(each)
                name = self._fresh("f")
                self.formulas.append((name, tree))
                self.results.append(name)

    def _define_anyway(self, statement: ast.stmt) -> None:
        """Names that an unreadable statement would have made are not complained about again."""
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.reader.names[node.id] = node.id
        self.returned = self.returned or isinstance(statement, ast.Return)

    def _fresh(self, name: str) -> str:
        """A name for a node: the variable's own the first time, later with a number behind it."""
        taken = self.used | (set(self.declared) - {name})
        found = name if name == "T" and name not in taken else free_name(name, taken)
        self.used.add(found)
        return found


def _constants(module: ast.Module) -> dict[str, ast.Constant]:
    """Numbers that the file names outside of its functions, each once."""
    found: dict[str, list[ast.Constant | None]] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.setdefault(node.id, [])
    for statement in module.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                found[name].append(literal(value))
            case _:
                for node in ast.walk(statement):
                    if not isinstance(statement, ast.FunctionDef | ast.ClassDef) and isinstance(node, ast.Name):
                        found.get(node.id, []).append(None)
    return {name: values[0] for name, values in found.items() if len(values) == 1 and values[0] is not None}


def _speaks_torch(module: ast.Module) -> bool:
    """Whether a file uses PyTorch, whose `std` and `var` divide by n - 1."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import) and any(each.name.startswith("torch") for each in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("torch"):
            return True
        if isinstance(node, ast.Name) and node.id == "torch":
            return True
    return False


def _not_one(function: str | None, names: list[str]) -> Message:
    if function is not None:
        near = nearest(function, names)
        if near is not None:
            return msg("authoring.python-no-function-near", name=function, near=near)
        if names:
            return msg("authoring.python-no-function-known", name=function, names=names)
        return msg("authoring.python-no-function", name=function)
    return msg("authoring.python-several", names=names) if names else msg("authoring.python-none")


def _word(statement: ast.stmt) -> str:
    """The keyword of a statement as it is typed, the whole of one without."""
    if isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign):
        return shown(statement)
    words = {"FunctionDef": "def", "ClassDef": "class", "AsyncFor": "async"}
    name = type(statement).__name__
    return words.get(name, name.lower())


def _problem(text: str, file: str, line: int, column: int, message: Message) -> Problem:
    rows = text.splitlines() or [""]
    quoted = rows[min(line, len(rows)) - 1]
    return Problem(file, line, column, "error", message.id.partition(".")[2], message, quoted)
