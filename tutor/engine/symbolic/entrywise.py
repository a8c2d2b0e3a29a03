"""Matrix ops entry by entry: for `z: W @ x`, the derivative of z[i] with respect to W[i, j] is x[j]."""

from collections.abc import Sequence
from itertools import count

import sympy

from tutor.engine.errors import EngineError
from tutor.engine.ops.op import Elementwise
from tutor.engine.ops.products import Dot, MatMul
from tutor.engine.ops.rearranging import Transpose
from tutor.engine.ops.reductions import Mean, Sum
from tutor.engine.run import Run
from tutor.engine.symbolic.translate import Expression, apply, symbol
from tutor.expr import Scope, parse
from tutor.expr.tree import Name, Number, Subscript
from tutor.text import msg


def entry_derivative(run: Run, of: str, wrt: str) -> Expression:
    """The derivative of one entry of a line, `z[i]`, with respect to one entry of a name it uses, `W[i, j]`.

    Indices count from 0; letters stand for any place. Raises EngineError for a line that holds other ops than
    elementwise ones, products, transposes, sums and means, or for a wrong number of indices.
    """
    line, places = _read(run, of)
    name, inner = _read(run, wrt)
    writer = _Writer(run, line)
    value = writer.entry(run.graph.lines[line].root, places)
    shape = run.shapes[run.graph.find(name)]
    variable = _indexed(name, inner) if shape else symbol(name)
    slope = sympy.diff(value, variable)
    for _ in range(2):
        slope = slope.doit()
        slope = slope.replace(sympy.Piecewise, lambda *cases: cases[0][0])
    return sympy.simplify(slope)


class _Writer:
    """Writes entries of inner ops in terms of the names that the line uses."""

    def __init__(self, run: Run, line: str) -> None:
        self.run, self.graph = run, run.graph
        self.root = run.graph.lines[line].root
        self.fresh = count()

    def entry(self, node: int, places: Sequence[Expression]) -> Expression:
        """One entry of a node."""
        op = self.graph.ops[node]
        name = self.graph.names[node]
        if node in self.graph.constants:
            return self._constant(node, places)
        if op is None or (name in self.graph.lines and node != self.root):
            return _indexed(name, places) if places else symbol(name)
        arguments = self.graph.arguments[node]
        if isinstance(op, Elementwise):
            return apply(op, [self.entry(j, self._aligned(j, places)) for j in arguments])
        if isinstance(op, Transpose):
            axes = op.axes
            back = list(reversed(places)) if axes is None else [places[axes.index(k)] for k in range(len(places))]
            return self.entry(arguments[0], back)
        if isinstance(op, MatMul | Dot):
            return self._product(arguments[0], arguments[1], places)
        if isinstance(op, Sum | Mean):
            return self._sum(op, arguments[0], places)
        raise EngineError(msg("engine.no-entries", op=op.symbol), self.graph.line_of(node))

    def _product(self, left: int, right: int, places: Sequence[Expression]) -> Expression:
        shapes = [self.run.shapes[node] for node in (left, right)]
        along, size = self._running()
        mine = [*places[: len(places) - (len(shapes[1]) > 1)], along] if len(shapes[0]) > 1 else [along]
        other = [*places[: max(len(places) - 2, 0)], along, places[-1]] if len(shapes[1]) > 1 else [along]
        mine, other = mine[-len(shapes[0]) :], other[-len(shapes[1]) :]
        return sympy.Sum(self.entry(left, mine) * self.entry(right, other), (along, 0, size - 1))

    def _sum(self, op: Sum | Mean, inner: int, places: Sequence[Expression]) -> Expression:
        gone = op.axes(len(self.run.shapes[inner]))
        kept = iter(places)
        every, limits, total = [], [], sympy.Integer(1)
        for axis in range(len(self.run.shapes[inner])):
            if axis in gone:
                along, size = self._running()
                every.append(along)
                limits.append((along, 0, size - 1))
                total *= size
                if op.keepdims:
                    next(kept)
            else:
                every.append(next(kept))
        value = self.entry(inner, every)
        value = sympy.Sum(value, *limits) if limits else value
        return value / total if isinstance(op, Mean) else value

    def _aligned(self, node: int, places: Sequence[Expression]) -> list[Expression]:
        """The place in a broadcast operand: counted from the right, 0 along axes of size 1."""
        shape = self.run.shapes[node]
        own = list(places)[len(places) - len(shape) :]
        wide = self.run.shapes[self.root]
        from_right = wide[len(wide) - len(shape) :] if len(wide) >= len(shape) else shape
        return [
            sympy.Integer(0) if size == 1 and big != 1 else at
            for at, size, big in zip(own, shape, from_right, strict=True)
        ]

    def _constant(self, node: int, places: Sequence[Expression]) -> Expression:
        value = self.graph.constants[node]
        if value.size != 1:
            raise EngineError(msg("engine.no-entries", op="[..]"), self.graph.line_of(node))
        return sympy.nsimplify(float(value.ravel()[0]), rational=True)

    def _running(self) -> tuple[Expression, Expression]:
        k = next(self.fresh)
        return sympy.Symbol(f"k{k}", integer=True), sympy.Symbol(f"n{k}", integer=True, positive=True)


def _indexed(name: str, places: Sequence[Expression]) -> Expression:
    return sympy.Indexed(sympy.IndexedBase(name, real=True), *places)


def _read(run: Run, text: str) -> tuple[str, list[Expression]]:
    """`W[i, j]` as the name and its indices."""
    tree = parse(text, Scope())
    name = tree.operand if isinstance(tree, Subscript) else tree
    items = tree.items if isinstance(tree, Subscript) else ()
    places = []
    for item in items:
        if isinstance(item, Name):
            places.append(sympy.Symbol(item.name, integer=True))
        elif isinstance(item, Number):
            places.append(sympy.Integer(int(item.value)))
    if not isinstance(name, Name) or len(places) != len(items):
        raise EngineError(msg("engine.not-an-entry", text=text))
    if len(places) != len(run.shapes[run.graph.find(name.name)]):
        shape = run.shapes[run.graph.find(name.name)]
        raise EngineError(msg("engine.entry-axes", text=text, name=name.name, shape=shape), name.name)
    return name.name, places
