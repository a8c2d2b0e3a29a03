"""A graph as plain NumPy: a function `forward_backward(...)` that runs on its own and equals the engine.

>>> from tutor.engine import Graph
>>> print(as_code(Graph.parse({"f": "x * tanh(y)"}).run({"x": 2, "y": 0})))
import numpy as np
<BLANKLINE>
<BLANKLINE>
def forward_backward(x, y):
    # forward
    f = x * np.tanh(y)
    # backward
    df = 1.0
    dx = df * np.tanh(y)
    dy = df * x * (1 - np.tanh(y)**2)
    return f, {"x": dx, "y": dy}
<BLANKLINE>
"""

import inspect
import keyword
import re
from collections.abc import Callable
from dataclasses import fields
from types import FunctionType
from typing import Any

import numpy as np

from tutor.engine import snippets
from tutor.engine.gradient_formulas import downstream_formula
from tutor.engine.named_lines import Line
from tutor.engine.numpy_source import NumPyPrinter
from tutor.engine.plan import Edge
from tutor.engine.run import Run
from tutor.expr.tree import Binary, Call, Gradient, Keyword, Name, Number, Subscript, Text, Tree

_RESERVED = {*keyword.kwlist, "np", "math", *dir(snippets), "forward_backward", "partial", "backward", "functions"}


def as_code(run: Run, name: str = "forward_backward") -> str:
    """The source of a function of the inputs that returns outputs and the gradients of the inputs.

    An output that has a gradient of its own takes it as an argument `d<output>`. Helper functions stand in front.
    """
    return _Program(run).text(name)


# How a program calls an op that neither NumPy nor a helper of ours knows.
_IMPORTS = ["from functools import partial", "", "from tutor.engine.function_table import backward, function_table"]
_IMPORTED = """def {name}(*arguments, **options):
    return {call}(*arguments, **options)

"""
_CUT_OFF = "a NaN from 0 * inf stands for 0 here, where a gate looks away"


class _Program:
    def __init__(self, run: Run) -> None:
        self.run, self.graph = run, run.graph
        self.source = NumPyPrinter(self._identifiers(), self.graph.sizes)
        self.outputs = [name for name in self.graph.outputs if name]

    def text(self, name: str) -> str:
        forward = [f"{self.source.name(line)} = {self._value(self.graph.lines[line])}" for line in self.graph.order]
        backward = [line for name in (*reversed(self.graph.order), *self.graph.inputs) for line in self._total(name)]
        given = [self.source.name(each) for each in self.graph.inputs]
        whole = [
            f"{self.source.name(each)} = np.asarray({self.source.name(each)}, dtype=int)"
            for each in self.graph.inputs
            if self.graph.index[each] in self.graph.integer
        ]
        upstream = [f"d{self.source.name(each)}" for each in self.outputs if not self._is_one(each)]
        results = ", ".join(self.source.name(each) for each in self.outputs)
        tracked = [each for each in self.graph.inputs if self.graph.index[each] not in self.graph.integer]
        gradients = ", ".join(f'"{each}": d{self.source.name(each)}' for each in tracked)
        note = f": {_CUT_OFF}" if self._cuts_off() else ""
        body = [*whole, "# forward", *forward, f"# backward{note}", *backward]
        body.append(f"return {results if len(self.outputs) == 1 else f'({results})'}, {{{gradients}}}")
        lines = [f"def {name}({', '.join([*given, *upstream])}):", *(f"    {line}" for line in body)]
        helpers = [_plain_source(getattr(snippets, helper)) for helper in _needed("\n".join(lines))]
        imports = ["import math"] if any("math." in helper for helper in helpers) else []
        imports += ["import numpy as np"]
        imports += (
            ["from functools import partial", "", "from tutor.engine.function_table import backward, function_table"]
            if self.source.imported
            else []
        )
        ours = [_IMPORTED.format(name=name, call=call) for name, call in self.source.imported.items()]
        return "\n".join([*imports, "", "", *ours, *helpers, *lines]) + "\n"

    def _cuts_off(self) -> bool:
        """Whether plain arithmetic makes NaN of what a gate keeps out, where these lines do not ask its condition."""
        uncut = [] if self.run.reachable is None else [self.run.uncut[node] for node in self.graph.given]
        return any(total is not None and not np.all(np.isfinite(total)) for total in uncut)

    def _identifiers(self) -> dict[str, str]:
        """Names of the graph as names of Python that nothing else has."""
        taken = set(_RESERVED)
        names: dict[str, str] = {}
        for name in (*self.graph.inputs, *self.graph.lines):
            made = re.sub(r"\W", "_", name)
            while made in taken or f"d{made}" in taken:
                made += "_"
            names[name] = made
            taken |= {made, f"d{made}"}
        return names

    def _value(self, line: Line) -> str:
        return self.source.write(self._tree(line.root, line) if line.tree is None else line.tree)

    def _tree(self, node: int, line: Line) -> Tree:
        """The formula of a line that was built by hand."""
        op = self.graph.ops[node]
        assert op is not None
        operands = tuple(self.graph.tree_of(j) for j in self.graph.arguments[node])
        if len(operands) == 2 and not op.callable_by_name:
            return Binary(op.symbol, *operands)
        return Call(op.name, operands, _keywords(op))

    def _total(self, name: str) -> list[str]:
        node = self.graph.index[name]
        if not self.run.plan.tracked[node]:
            return []
        shares: list[Tree | None] = []
        if name in self.outputs and self._is_one(name):
            shares.append(Call("ones", (Name(name),)) if self.run.shapes[node] else Number("1.0", 1.0))
        elif node in self.run.seeds:
            shares.append(Gradient(None, name))
        for line, slot in self.graph.uses(name):
            if slot.edge in self.run.edge_downstream:
                shares.append(downstream_formula(self.run, slot.chain, Gradient(None, line), self._by_helper))
        texts = [self.source.write(share) for share in shares if share is not None]
        value = " + ".join(texts) or f"np.zeros_like({self.source.name(name)})"
        variable = f"d{self.source.name(name)}"
        return [] if value == variable else [f"{variable} = {value}"]

    def _by_helper(self, edge: Edge, up: Tree) -> Tree | None:
        """A call of a helper for an op whose rule has no short formula."""
        node, k = edge
        op = self.graph.ops[node]
        assert op is not None
        operands = tuple(self.graph.tree_of(j) for j in self.graph.arguments[node])
        tree = self.graph.trees[node]
        if isinstance(tree, Subscript):
            return Call("added_at", (up, operands[0], Subscript(Name("np.s_"), tree.items)))
        name = f"{op.name}_backward"
        if not op.numpy_backward and not hasattr(snippets, name):
            self.source.imported[name] = f'partial(backward, "{op.name}")'
        template = op.numpy_backward or f"{name}({{i}}, {{up}}, {{inputs}}{{options}})"
        given = {each.name: each.value for each in _keywords(op)}
        return Name(self.source.filled(template, type(op), operands, given, i=k, up=self.source.write(up)))

    def _is_one(self, name: str) -> bool:
        return bool(
            len(self.outputs) == 1 and np.size(seed := self.run.seeds[self.graph.index[name]]) == 1 and seed == 1
        )


def _keywords(op: Any) -> tuple[Keyword, ...]:
    """The attributes that are not what they are by default."""
    changed = [(each.name, getattr(op, each.name)) for each in fields(op) if getattr(op, each.name) != each.default]
    return tuple(Keyword(name, Text(value) if isinstance(value, str) else Name(repr(value))) for name, value in changed)


def _needed(source: str) -> list[str]:
    """The helpers that are called and those that they call, in the order in which they stand in their file."""
    every = {name: value for name, value in vars(snippets).items() if isinstance(value, FunctionType)}
    left, found = [name for name in re.findall(r"(?<![\w.])\w+(?=\()", source) if name in every], set[str]()
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left.extend(each for each in every[name].__code__.co_names if each in every)
    return [name for name in every if name in found]


def _plain_source(function: Callable[..., Any]) -> str:
    """A function's source without its annotations, as one writes it on a slide."""
    source = inspect.getsource(function)
    source = re.sub(r": (Any|int|str|float|bool)(?= =|[,)])", "", source)
    return source.replace(" -> Any:", ":") + "\n"
