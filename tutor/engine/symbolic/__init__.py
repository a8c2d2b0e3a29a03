"""The symbolic side of the engine, by SymPy: import it only when somebody asks, for it costs half a second.

>>> from tutor.engine import Graph
>>> from tutor.engine.symbolic import derivation, gradient, pretty, second_derivative
>>> graph = Graph.parse({"a": "x * y", "f": "a * a + x"})
>>> gradient(graph, "x"), second_derivative(graph, "x", "y")
(2*x*y**2 + 1, 4*x*y)
>>> [pretty(step.expression) for step in derivation("square")][-1]
'2⋅x'
"""

from tutor.engine.symbolic.derivation import Step, derivation
from tutor.engine.symbolic.entries import entry_derivative
from tutor.engine.symbolic.translate import latex, one_line, pretty, renamed, to_sympy, to_tree
from tutor.engine.symbolic.whole import Growth, at, gradient, growth, second_derivative, whole

__all__ = [
    "Growth",
    "Step",
    "at",
    "derivation",
    "entry_derivative",
    "gradient",
    "growth",
    "latex",
    "one_line",
    "pretty",
    "renamed",
    "second_derivative",
    "to_sympy",
    "to_tree",
    "whole",
]
