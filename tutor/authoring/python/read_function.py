"""A NumPy or PyTorch function, class or notebook cell read as formulas: parsed with `ast`, never executed."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tutor.authoring.declarations import Declared
from tutor.authoring.python.candidates import Candidate, candidates
from tutor.authoring.python.code_cells import CodeCell, code_cells
from tutor.authoring.python.module_scope import ModuleReader, speaks_torch
from tutor.authoring.python.python_values import Array, Frame, OwnFunction, Parameter, UnmappedError, Value
from tutor.authoring.python.statements import Ended
from tutor.authoring.python.syntax_nodes import UnreadableError, shown, stored_names, too_deep
from tutor.engine import EngineError
from tutor.expr import Tree, names_in
from tutor.expr.tree import Name
from tutor.lesson.file.problem import LessonError, nearest
from tutor.text import Message, msg


@dataclass(frozen=True, slots=True)
class PythonFunction:
    """The formulas of a function in order, those that its result depends on, and its inputs as they were declared.

    An argument whose name a node cannot have goes by another one, and `inputs` has it under that; what the function's
    indexing needs, as `np.arange(N)`, is an input too, as are the weights of its layers. `results` are the lines that
    it returns, `notes` what was left out, `numbers` the sizes that were used as numbers alone.
    """

    name: str
    formulas: tuple[tuple[str, Tree], ...]
    inputs: Mapping[str, Declared]
    results: tuple[str, ...]
    notes: tuple[Message, ...] = ()
    numbers: frozenset[str] = frozenset()


def read_function(
    text: str,
    file: str,
    function: str | None = None,
    declared: Mapping[str, Declared] | None = None,
    outputs: Sequence[str] = (),
    sizes: Mapping[str, int] | None = None,
) -> PythonFunction:
    """The function or class of this name, or the only one in the file, or the file itself where it has none.

    `outputs` names those of several returned values that are outputs, by name or place; `sizes` are numbers that a
    class may be made with. Raises LessonError naming every line that is unclear.
    """
    source = code_cells(text, file)
    try:
        module = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, column = getattr(error, "lineno", None) or 1, getattr(error, "offset", None) or 1
        raise LessonError([source.problem(line, column, msg("authoring.python-syntax"))]) from None
    deep = too_deep(module)
    if deep is not None:
        raise LessonError([source.problem_at(deep, msg("authoring.python-deep"))])
    chosen = _chosen(module, source, function)
    body = _Body(module, chosen, declared or {}, outputs, sizes or {})
    try:
        body.read()
    except RecursionError:
        body.problems.append((chosen.node, msg("authoring.python-deep")))
    if body.problems:
        raise LessonError(source.problem_at(node, message) for node, message in body.problems)
    reader = body.reader
    needed = body.needed()
    used = {name for _, tree in needed for name in names_in(tree)}
    # Shapes of names that are no arguments stay as they are: nobody uses them, and that is said.
    made = {name: each for name, each in reader.inputs.items() if name in used or each.name in reader.told}
    unused = {name: each for name, each in body.declared.items() if name not in reader.frame_names}
    return PythonFunction(
        chosen.name,
        needed,
        {**unused, **made},
        tuple(body.results),
        tuple(reader.notes),
        frozenset(reader.numbers_used),
    )


def _chosen(module: ast.Module, source: CodeCell, function: str | None) -> Candidate:
    offered, every = candidates(module)
    chosen = offered if function is None else [each for each in every if each.name == function]
    if len(chosen) == 1:
        return chosen[0]
    if function is None and not offered and any(isinstance(each, ast.Assign | ast.Expr) for each in module.body):
        return Candidate("cell", module, None)
    for each in module.body:
        if isinstance(each, ast.AsyncFunctionDef) and function in (each.name, None) and not chosen:
            raise LessonError([source.problem_at(each, msg("authoring.python-async", name=each.name))])
    raise LessonError([source.problem(1, 1, _not_one(function, [each.name for each in offered]))])


@dataclass
class _Body:
    """The statements of what was chosen; what cannot be read is noted, and the rest goes on."""

    module: ast.Module
    chosen: Candidate
    declared: Mapping[str, Declared]
    outputs: Sequence[str]
    sizes: Mapping[str, int]
    problems: list[tuple[ast.AST, Message]] = field(default_factory=list)
    results: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reader = self._reader()

    def _reader(self) -> ModuleReader:
        torch = speaks_torch(self.module, self.chosen.node)
        return ModuleReader(self.module, self.declared, self.sizes, torch=torch)

    def read(self) -> None:
        """Everything, in order."""
        try:
            if isinstance(self.chosen.node, ast.Module):
                ended = self._cell()
                if ended is None and not self.problems:  # nothing varies: then the numbers do that it gives names to
                    self.reader = self._reader()
                    self.reader.numbers_vary = True
                    ended = self._cell()
                if ended is None and not self.problems:
                    self.problems.append((self.chosen.node, msg("authoring.python-none")))
            else:
                ended = self._function()
            if ended is not None and not self.problems:
                try:
                    self._return(ended)
                except UnmappedError:
                    at = ended.node or self.chosen.node
                    self.problems.append((at, msg("authoring.python-expression", text=shown(at))))
        except UnreadableError as error:
            self.problems.append((error.node, error.message))
        except UnmappedError as error:
            at = self.chosen.node.body[-1]
            self.problems.append((at, self.reader.refusal(at, error)))
        except EngineError:
            self.problems.append((self.chosen.node, msg("authoring.python-none")))

    def needed(self) -> tuple[tuple[str, Tree], ...]:
        """The formulas that the result depends on, in order."""
        wanted = set(self.results)
        kept = []
        for name, tree in reversed(self.reader.lines):
            if name in wanted:
                kept.append((name, tree))
                wanted |= set(names_in(tree))
        return tuple(reversed(kept))

    def _function(self) -> Ended | None:
        reader, node = self.reader, self.chosen.node
        assert isinstance(node, ast.FunctionDef)
        reader.check_decorators(node)
        function = OwnFunction(node, reader.module_frame)
        if self.chosen.owner is not None:
            function = reader.method_of(self.chosen.owner, node.name)
        reader.frame = Frame({}, function.around, reader.torch)
        for extra in (node.args.vararg, node.args.kwarg):
            if extra is not None:
                self.problems.append((extra, msg("authoring.python-stars")))
        reader.take_parameters(function)
        return self._statements(node.body)

    def _cell(self) -> Ended | None:
        """Code outside of any function: its last expression, or the last name that it assigns."""
        assert isinstance(self.chosen.node, ast.Module)
        self.reader.open_cell()
        body = self.chosen.node.body
        last = body[-1] if body else None
        if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant):
            self._statements(body[:-1])
            value = self.reader.expression(last.value)
            if isinstance(value, Array | tuple) and value:
                return Ended("return", value, last.value)
        else:
            self._statements(body)
        name = next((name for each in reversed(body) for name in reversed([*stored_names(each)])), None)
        found = self.reader.frame.names.get(name) if name is not None else None
        if name is None or not isinstance(found, Array) or not self.reader.lines or self.reader.is_fixed(found):
            return None
        return Ended("return", found, ast.Name(name, ast.Load()))

    def _statements(self, statements: Sequence[ast.stmt]) -> Ended | None:
        for statement in statements:
            try:
                ended = self.reader.statement(statement)
            except UnreadableError as error:
                self.problems.append((error.node, error.message))
                # Names that it would have made are not complained about again.
                for name in stored_names(statement):
                    self.reader.frame.names[name] = Array(Name(name), self.reader.torch)
                if isinstance(statement, ast.Return) or self.reader.is_full:
                    return None
                continue
            if ended is not None:
                return ended
        if not self.problems and not isinstance(self.chosen.node, ast.Module):
            self.problems.append((self.chosen.node, msg("authoring.python-no-return")))
        return None

    def _return(self, ended: Ended) -> None:
        """The lines that are outputs: the value returned, or those of several that the author names."""
        node = ended.node if isinstance(ended.node, ast.expr) else None
        named = list(self._named(ended.value, node))
        arrays = [(name, value) for name, value in named if isinstance(value, Array | int | float)]
        if len(arrays) < len(named) and arrays:
            left = [name for name, value in named if not isinstance(value, Array | int | float)]
            self.reader.note(msg("authoring.note-skipped", what=", ".join(left)))
        found = dict(arrays)
        wanted = [name for name in self.outputs if name]
        at = node or self.chosen.node
        unknown = next((name for name in wanted if name not in found), None)
        names = list(found)
        if unknown is not None:
            self.problems.append((at, msg("authoring.python-no-result", name=unknown, names=names)))
        elif not arrays and node is not None:
            why = "random" if isinstance(ended.value, Parameter) else "expression"
            self.problems.append((node, msg(f"authoring.python-{why}", text=shown(node))))
        elif not arrays:
            self.problems.append((self.chosen.node, msg("authoring.python-no-return")))
        elif len(arrays) > 1 and not wanted:
            self.problems.append((at, msg("authoring.python-several-results", names=names, name=_likely_loss(names))))
        else:
            for name in wanted or names:
                self._output(found[name])

    def _named(self, value: Value, node: ast.expr | None) -> "list[tuple[str, Value]]":
        """Returned values with the names by which they are asked for."""
        if isinstance(value, dict):
            return [(str(name), each) for name, each in value.items()]
        if not isinstance(value, tuple | list):
            return [(shown(node) if isinstance(node, ast.Name) else "1", value)]
        nodes = (
            node.elts
            if isinstance(node, ast.Tuple | ast.List) and len(node.elts) == len(value)
            else [None] * len(value)
        )
        return [
            (each.id if isinstance(each, ast.Name) else str(k + 1), item)
            for k, (each, item) in enumerate(zip(nodes, value, strict=True))
        ]

    def _output(self, value: Value) -> None:
        tree = self.reader.tree(value)
        lines = {name for name, _ in self.reader.lines}
        if isinstance(tree, Name) and tree.name in lines:
            self.results.append(tree.name)
        else:
            self.reader.check_sayable(tree)
            name = self.reader.fresh("f")
            self.reader.lines.append((name, tree))
            self.results.append(name)


def _likely_loss(names: Sequence[str]) -> str:
    """Of several returned values the one to show in an example."""
    return next((name for name in names if "loss" in name.lower()), names[0])


def _not_one(function: str | None, names: list[str]) -> Message:
    if function is not None:
        near = None if function in names else nearest(function, names)
        if near is not None:
            return msg("authoring.python-no-function-near", name=function, near=near)
        if names and function not in names:
            return msg("authoring.python-no-function-known", name=function, names=names)
        return msg("authoring.python-no-function", name=function)
    return msg("authoring.python-several", names=names) if names else msg("authoring.python-none")
