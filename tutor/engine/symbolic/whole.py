"""A graph of scalars as one expression: its gradient, how long that gets, and second derivatives."""

from collections.abc import Mapping
from dataclasses import dataclass

import sympy

from tutor.engine.errors import EngineError
from tutor.engine.graph import Graph
from tutor.engine.symbolic.translate import Expression, apply, symbol
from tutor.text import msg


@dataclass(frozen=True, slots=True)
class Growth:
    """Operations in the gradient written as one expression, and in the shared form of backward."""

    whole: int
    shared: int


def whole(graph: Graph, of: str | None = None) -> Expression:
    """A line (the output, if none is named) as one expression of the inputs; raises EngineError for arrays."""
    return _values(graph)[_node(graph, of)]


def gradient(graph: Graph, wrt: str, of: str | None = None) -> Expression:
    """The derivative of a line (the output) with respect to an input, as one expression of the inputs."""
    return sympy.diff(whole(graph, of), symbol(_input(graph, wrt)))


def second_derivative(graph: Graph, wrt: str, again: str | None = None, of: str | None = None) -> Expression:
    """The derivative of `gradient` with respect to `again` (the same input, if none is named)."""
    return sympy.diff(gradient(graph, wrt, of), symbol(_input(graph, again or wrt)))


def at(expression: Expression, numbers: Mapping[str, float]) -> float:
    """The value of an expression of inputs at their numbers."""
    return float(expression.subs({symbol(name): sympy.Float(value, 17) for name, value in numbers.items()}).doit())


def growth(graph: Graph, wrt: str) -> Growth:
    """How much longer the gradient is as one expression than as the steps of backward, which share what they can.

    Shared: the forward values, each local derivative in the names at hand, one multiplication a slot and the
    additions at forks.
    """
    long = sympy.count_ops(gradient(graph, wrt), visual=False)
    total = 0
    reached = _above(graph, graph.find(wrt))
    for node, op in enumerate(graph.ops):
        if op is None:
            continue
        names = [symbol(f"v{j}") for j in graph.arguments[node]]
        value = apply(op, names)
        total += sympy.count_ops(value)
        for k, j in enumerate(graph.arguments[node]):
            if j in reached and j not in graph.constants:
                total += sympy.count_ops(sympy.diff(value, names[k])) + 1
    forks = sum(max(sum(1 for edge in graph.consumers[node] if edge[0] in reached) - 1, 0) for node in reached)
    return Growth(int(long), int(total + forks))


def _above(graph: Graph, bottom: int) -> set[int]:
    reached = {bottom}
    for node in range(bottom, len(graph.names)):
        if any(j in reached for j in graph.arguments[node]):
            reached.add(node)
    return reached


def _values(graph: Graph) -> list[Expression]:
    values: list[Expression] = []
    for node, op in enumerate(graph.ops):
        if node in graph.constants:
            number = graph.constants[node]
            if number.shape:
                raise EngineError(msg("engine.not-scalar"), graph.line_of(node))
            values.append(sympy.nsimplify(float(number), rational=True))
        elif op is None:
            values.append(symbol(graph.names[node]))
        else:
            try:
                values.append(apply(op, [values[j] for j in graph.arguments[node]]))
            except EngineError as error:
                error.node = graph.line_of(node)
                raise
    return values


def _node(graph: Graph, of: str | None) -> int:
    if of is not None:
        return graph.find(of)
    if len(graph.output_nodes) != 1:
        raise EngineError(msg("engine.several-outputs", names=list(graph.outputs)))
    return graph.output_nodes[0]


def _input(graph: Graph, name: str) -> str:
    if name not in graph.inputs:
        raise EngineError(msg("engine.not-an-input", name=name, near=", ".join(graph.inputs)), name)
    return name
