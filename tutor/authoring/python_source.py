"""A straight-line NumPy or PyTorch function read as formulas: parsed with `ast`, never executed."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from tutor.authoring.declarations import Declared
from tutor.authoring.python_expressions import Reader, UnreadableError
from tutor.authoring.splitting import free_name
from tutor.expr import Tree, names_in
from tutor.lesson.problem import LessonError, Problem, nearest
from tutor.text import Message, msg


@dataclass(frozen=True, slots=True)
class PythonFunction:
    """The formulas of a function in order, those that its result depends on, and inputs that its indexing needs."""

    name: str
    formulas: tuple[tuple[str, Tree], ...]
    rows: Mapping[str, Declared]


def read_function(
    text: str, file: str, function: str | None = None, declared: Mapping[str, Declared] | None = None
) -> PythonFunction:
    """The function of this name, or the only one in the file; raises LessonError naming every line that is unclear."""
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, column = getattr(error, "lineno", None) or 1, getattr(error, "offset", None) or 1
        raise LessonError([_problem(text, file, line, column, msg("authoring.python-syntax"))]) from None
    found = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    chosen = [node for node in found if function is None or node.name == function]
    if len(chosen) != 1 or isinstance(chosen[0], ast.AsyncFunctionDef):
        raise LessonError([_problem(text, file, 1, 1, _not_one(function, [node.name for node in found]))])
    body = _Body(chosen[0], _speaks_torch(module), declared or {})
    body.read()
    if body.problems:
        raise LessonError(
            _problem(text, file, getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1, message)
            for node, message in body.problems
        )
    return PythonFunction(chosen[0].name, body.needed(), body.reader.rows)


class _Body:
    """Statements one after the other; a variable that is assigned again gets a new name."""

    def __init__(self, function: ast.FunctionDef, torch: bool, declared: Mapping[str, Declared]) -> None:
        self.function = function
        self.problems: list[tuple[ast.AST, Message]] = []
        self.formulas: list[tuple[str, Tree]] = []
        self.results: list[str] = []
        self.used: set[str] = set()
        self.returned = False
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        self.reader = Reader(torch=torch, declared=declared)
        defaults = dict(zip([each.arg for each in positional[::-1]], arguments.defaults[::-1], strict=False))
        keyword = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        defaults |= {each.arg: default for each, default in keyword if default is not None}
        for each in [*positional, *arguments.kwonlyargs]:
            self._parameter(each, defaults.get(each.arg))
        for extra in (arguments.vararg, arguments.kwarg):
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

    def _parameter(self, each: ast.arg, default: ast.expr | None) -> None:
        if isinstance(default, ast.Constant) and each.arg not in self.reader.declared:
            value = default.value
            if isinstance(value, int | float | str | bool) or value is None:
                self.reader.literals[each.arg] = default
                return
        self.reader.names[each.arg] = self._fresh(each.arg)

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
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
                whole = ast.BinOp(left=ast.Name(id=name, ctx=ast.Load()), op=op, right=value)
                self._assign(name, ast.copy_location(whole, statement))
            case ast.Return(value=ast.expr() as value):
                self._return(value)
            case _:
                raise UnreadableError(statement, msg("authoring.python-statement", what=_word(statement)))

    def _assign(self, name: str, value: ast.expr) -> None:
        size = self.reader.size(value)
        if size is not None:  # `N = x.shape[0]` is a size, not a node
            self.reader.sizes[name] = size
        elif isinstance(value, ast.Constant) and isinstance(value.value, int | float):
            self.reader.literals[name] = value
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
        found = free_name(name, self.used | (set(self.reader.declared) - {name}))
        self.used.add(found)
        return found


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
        return msg("authoring.python-no-function", name=function)
    return msg("authoring.python-several", names=names) if names else msg("authoring.python-none")


def _word(statement: ast.stmt) -> str:
    """The keyword of a statement as it is typed."""
    words = {
        "FunctionDef": "def",
        "ClassDef": "class",
        "AsyncFor": "async",
        "Assign": "=",
        "AnnAssign": ":",
        "Expr": "…",
    }
    name = type(statement).__name__
    return words.get(name, name.lower())


def _problem(text: str, file: str, line: int, column: int, message: Message) -> Problem:
    rows = text.splitlines() or [""]
    quoted = rows[min(line, len(rows)) - 1]
    return Problem(file, line, column, "error", message.id.partition(".")[2], message, quoted)
