"""One entry of a Jacobian as a formula: the index is followed down every path, and meets what it must be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import count, islice
from typing import Any

import numpy as np

from tutor.drill.right_formulas import ALWAYS_ALLOWED
from tutor.engine import Graph, Run
from tutor.engine.function_table import answer_functions, function_table
from tutor.engine.gradient_formulas import (
    expanded,
    gradient_formula,
    is_condition,
    parsed_rule,
    passed,
    replaced,
    substitute,
)
from tutor.engine.ops import REGISTRY, Op
from tutor.engine.ops.products import Dot, MatMul
from tutor.engine.ops.rearranging import Transpose as Turn
from tutor.engine.ops.reductions import Sum
from tutor.engine.simplifying import ONE, simplified
from tutor.expr import EvaluationError, Scope, evaluate, parse, walk
from tutor.expr.limits import MAX_DEPTH
from tutor.expr.tree import Binary, Call, Gradient, Name, Negation, Number, Subscript, Transposed, Tree

MOST_PATHS = 8
ZERO = Number("0", 0.0)
Indices = tuple[Tree, ...]
Place = tuple[str, tuple[str | int, ...]]


class _NoFormulaError(ValueError):
    """An op on the way has no short formula by entries."""


def entry_formula(run: Run, of: Place, wrt: Place, using: tuple[str, ...] | None) -> Tree | None:
    """`x[j]` for ("z", (i,)) and ("W", (i, j)); None where no short formula is known."""
    graph = run.graph
    wanted = _trees(wrt[1])
    try:
        every = _Walk(run, graph.find(wrt[0])).down(graph.find(of[0]), _trees(of[1]))
        paths = list(islice(every, MOST_PATHS + 1))
        terms = [_met(factors, indices, wanted) for factors, indices in paths]
    except _NoFormulaError:
        terms = [None]
    tree: Tree | None = None
    if all(term is not None for term in terms) and len(terms) <= MOST_PATHS:
        for term in terms:
            assert term is not None
            tree = term if tree is None else Binary("+", tree, term)
        tree = tree or ZERO
    elif list(run.seeds) == [graph.index[of[0]]] and np.array_equal([*map(np.ravel, run.seeds.values())], [[1.0]]):
        tree = _picked_from_the_gradient(run, wrt[0], wanted, using)
    if tree is None:
        return None
    return expanded(graph, simplified(tree), lambda part: _allowed(graph, part, using))


@dataclass(frozen=True, slots=True)
class _Factor:
    """What one op on a path multiplies by: a `gate` by a condition, a `singular` one by what may be no number."""

    tree: Tree
    gate: bool
    singular: bool


class _Walk:
    """Goes from an entry of one node to all entries of another on which it depends."""

    def __init__(self, run: Run, target: int) -> None:
        self.run, self.target = run, target
        self.fresh = (Name(f"?{number}") for number in count())
        self.below = _reaching(run.graph, target)

    def down(self, node: int, at: Indices, level: int = 0) -> Iterator[tuple[list[_Factor], Indices]]:
        """For every path the factors on it, and the entry of the target in which it ends."""
        if level > MAX_DEPTH:
            raise _NoFormulaError
        if node == self.target:
            yield [], at
            return
        graph = self.run.graph
        op = graph.ops[node]
        for k, j in enumerate(graph.arguments[node]):
            if op is None or j not in self.below or k in op.without_gradient:
                continue
            factor, below = self.step(node, op, k, at)
            here = [] if factor is None else [_Factor(factor, self._is_gate(node, op, k), op.singular)]
            for factors, end in self.down(j, below, level + 1):
                yield [*here, *factors], end

    def step(self, node: int, op: Op, k: int, at: Indices) -> tuple[Tree | None, Indices]:
        """The local derivative of one entry with respect to the entries of input k, and which entries these are."""
        shapes = [self.run.shapes[j] for j in self.run.graph.arguments[node]]
        if op.elementwise:
            return self._slope(node, op, k, at), _aligned(at, shapes[k])
        if isinstance(op, Turn) and op.axes is None:
            return None, at[::-1]
        if isinstance(op, MatMul | Dot) and all(len(shape) in (1, 2) for shape in shapes):
            return self._product(node, k, at, shapes)
        if isinstance(op, Sum):
            return None, self._spread(op, at, shapes[0])
        raise _NoFormulaError

    def _slope(self, node: int, op: Op, k: int, at: Indices) -> Tree:
        graph = self.run.graph
        arguments = graph.arguments[node]
        text = op.backward_text(k, [self.run.shapes[j] for j in arguments])
        if not text:
            raise _NoFormulaError
        names = dict(zip(op.input_names(len(arguments)), map(graph.tree_of, arguments), strict=False))
        rule = parse(text, Scope(None, answer_functions(), frozenset()))
        slope = simplified(substitute(rule, {**names, "up": ONE, "out": graph.tree_of(node)}))
        return self._entry(slope, at)

    def _is_gate(self, node: int, op: Op, k: int) -> bool:
        text = op.backward_text(k, [self.run.shapes[j] for j in self.run.graph.arguments[node]])
        return op.cuts and op.elementwise and is_condition(parsed_rule(text))

    def _product(self, node: int, k: int, at: Indices, shapes: list[tuple[int, ...]]) -> tuple[Tree, Indices]:
        left, right = self.run.graph.arguments[node]
        inner: Tree = ZERO if shapes[0][-1] == 1 else next(self.fresh)
        row, column = at[: len(shapes[0]) - 1], at[len(shapes[0]) - 1 :]
        of_left, of_right = (*row, inner), (inner, *column)
        other, at_other = (right, of_right) if k == 0 else (left, of_left)
        return self._entry(self.run.graph.tree_of(other), at_other), of_left if k == 0 else of_right

    def _spread(self, op: Op, at: Indices, shape: tuple[int, ...]) -> Indices:
        axis, kept = getattr(op, "axis", None), getattr(op, "keepdims", False)
        axes = range(len(shape)) if axis is None else [axis] if isinstance(axis, int) else axis
        summed, left = {each % len(shape) for each in axes}, list(at)
        found: list[Tree] = []
        for each, size in enumerate(shape):
            index = left.pop(0) if each not in summed or kept else ZERO
            found.append(index if each not in summed else ZERO if size == 1 else next(self.fresh))
        return tuple(found)

    def _entry(self, tree: Tree, at: Indices) -> Tree:
        """One entry of an expression: elementwise parts are entered, others picked from."""
        if isinstance(tree, Number):
            return tree
        if isinstance(tree, Binary) and tree.op != "@":
            return Binary(tree.op, self._entry(tree.left, at), self._entry(tree.right, at))
        if isinstance(tree, Negation):
            return Negation(self._entry(tree.operand, at))
        if isinstance(tree, Call) and tree.function in REGISTRY and REGISTRY[tree.function].elementwise:
            return replace(tree, arguments=tuple(self._entry(each, at) for each in tree.arguments))
        if isinstance(tree, Transposed):
            shape = self._shape_of(tree)
            return self._entry(tree.operand, _aligned(at, shape)[::-1])
        return _index(tree, _aligned(at, self._shape_of(tree)), self._shape_of(tree))

    def _shape_of(self, tree: Tree) -> tuple[int, ...]:
        try:
            return tuple(np.shape(evaluate(tree, self.run.values, function_table())))
        except EvaluationError:
            raise _NoFormulaError from None


def _index(tree: Tree, at: Indices, shape: tuple[int, ...]) -> Tree:
    if not shape:
        return tree
    # A column is read with one index, as people write it.
    short = tuple(index for index, size in zip(at, shape, strict=True) if size != 1)
    return Subscript(tree, short if len(short) == 1 else at)


def _aligned(at: Indices, shape: tuple[int, ...]) -> Indices:
    """The entry of a broadcast input that an entry of the output uses."""
    kept = at[len(at) - len(shape) :] if shape else ()
    return tuple(ZERO if size == 1 else index for index, size in zip(kept, shape, strict=True))


def _met(factors: list[_Factor], found: Indices, wanted: Indices) -> Tree | None:
    """The product of a path's factors where its end meets the wanted entry; None if it would be a sum."""
    bound: dict[str, Tree] = {}
    indicators: list[Tree] = []
    for index, want in zip(found, wanted, strict=True):
        index = bound.get(index.name, index) if isinstance(index, Name) else index
        if isinstance(index, Name) and index.name.startswith("?"):
            bound[index.name] = want
        elif index != want:
            indicators.append(Binary("==", index, want))
    product: Tree = ONE
    for factor in (*indicators, *_behind_gates(factors)):
        product = _times(product, factor)
    product = _bound(product, bound)
    left = any(isinstance(part, Name) and part.name.startswith("?") for part in walk(product))
    return None if left else product


def _behind_gates(factors: list[_Factor]) -> list[Tree]:
    """The factors; all behind a gate as one, 0 where it is shut, if they may be no number there."""
    for place, factor in enumerate(factors):
        rest = factors[place + 1 :]
        if factor.gate and any(each.singular for each in rest):
            return [*(each.tree for each in factors[:place]), passed(factor.tree, reduce(_times, _behind_gates(rest)))]
    return [factor.tree for factor in factors]


def _times(product: Tree, factor: Tree) -> Tree:
    return factor if product == ONE else product if factor == ONE else Binary("*", product, factor)


def _bound(tree: Tree, bound: Mapping[str, Tree]) -> Tree:
    def change(part: Tree) -> Tree | None:
        if isinstance(part, Name):
            return bound.get(part.name)
        if isinstance(part, Subscript):
            items: Any = tuple(bound.get(item.name, item) if isinstance(item, Name) else item for item in part.items)
            return Subscript(replaced(part.operand, change), items)
        return None

    return replaced(tree, change)


def _picked_from_the_gradient(run: Run, name: str, at: Indices, using: tuple[str, ...] | None) -> Tree | None:
    graph = run.graph
    whole = gradient_formula(run, name, lambda part: part.name != "up" and _allowed(graph, part, using, name))
    return None if whole is None else _index(whole, at, run.shapes[graph.find(name)])


def _allowed(graph: Graph, part: Name | Gradient, using: tuple[str, ...] | None, asked: str = "") -> bool:
    if part.name not in graph.index and isinstance(part, Name):
        return True  # a letter, a size or a constant
    if isinstance(part, Gradient) and part.wrt in (asked, *graph.outputs):
        return False
    return using is None or part.name in using or (part.name in ALWAYS_ALLOWED and part.name not in graph.index)


def _trees(indices: tuple[str | int, ...]) -> Indices:
    return tuple(Name(each) if isinstance(each, str) else Number(str(each), float(each)) for each in indices)


def _reaching(graph: Graph, target: int) -> set[int]:
    """The nodes that depend on the target, itself too."""
    found = {target}
    for node in range(target + 1, len(graph.names)):
        if any(j in found for j in graph.arguments[node]):
            found.add(node)
    return found
