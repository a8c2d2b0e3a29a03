"""A graph of scalars as one expression, and its gradient."""

import sympy

from tutor.engine.errors import EngineError
from tutor.engine.graph import Graph
from tutor.engine.symbolic.translate import Expression, apply, symbol
from tutor.text import msg


def graph_expression(graph: Graph, of: str | None = None) -> Expression:
    """A line (the output, if none is named) as one expression of the inputs; raises EngineError for arrays."""
    return _values(graph)[_node(graph, of)]


def gradient(graph: Graph, wrt: str, of: str | None = None) -> Expression:
    """The derivative of a line (the output) with respect to an input, as one expression of the inputs."""
    return sympy.diff(graph_expression(graph, of), symbol(_input(graph, wrt)))


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
