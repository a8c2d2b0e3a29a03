"""The symbolic side of the engine, by SymPy: import it only when somebody asks, for it costs half a second.

>>> from tutor.engine import Graph
>>> from tutor.engine.symbolic import derivation, gradient, one_line
>>> graph = Graph.parse({"a": "x * y", "f": "a * a + x"})
>>> gradient(graph, "x")
2*x*y**2 + 1
>>> [one_line(step.expression) for step in derivation("square")][-1]
'2 · x'
"""

from tutor.engine.symbolic.derivation import DerivationStep, derivation
from tutor.engine.symbolic.entrywise import entry_derivative
from tutor.engine.symbolic.scalar_graph import gradient, graph_expression
from tutor.engine.symbolic.translate import one_line, renamed

__all__ = ["DerivationStep", "derivation", "entry_derivative", "gradient", "graph_expression", "one_line", "renamed"]
