"""The symbolic side of the engine, by SymPy: import it only when somebody asks, for it costs half a second.

>>> from tutor.engine import Graph
>>> from tutor.engine.symbolic import derivation, gradient, one_line
>>> graph = Graph.parse({"a": "x * y", "f": "a * a + x"})
>>> gradient(graph, "x")
2*x*y**2 + 1
>>> [one_line(step.expression) for step in derivation("square")][-1]
'2 · x'
"""

from tutor.engine.symbolic.derivation import Step, derivation
from tutor.engine.symbolic.entries import entry_derivative
from tutor.engine.symbolic.translate import one_line, renamed
from tutor.engine.symbolic.whole import gradient, whole

__all__ = ["Step", "derivation", "entry_derivative", "gradient", "one_line", "renamed", "whole"]
