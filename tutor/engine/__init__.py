"""Graphs, values, gradients: the truth that every verdict rests on.

>>> from tutor.engine import Graph
>>> graph = Graph.parse({"a": "x + y", "b": "max(y, z)", "f": "a * b"})
>>> run = graph.run({"x": 1, "y": 2, "z": 0})
>>> float(run.values["f"]), float(run.gradients["y"]), float(run.downstream["f", "a"]), float(run.local["f", "b"])
(6.0, 5.0, 2.0, 3.0)

By hand, to any size:

>>> h = Graph(); x = h.input("x"); y = h.apply("tanh", x, name="y"); h.output(y)
>>> float(h.run({"x": 0.0}).gradients["x"])
1.0
"""

from tutor.engine.errors import EngineError, NotComputableError, ShapeError
from tutor.engine.graph import Graph
from tutor.engine.named_lines import Line, Slot
from tutor.engine.ops import REGISTRY, Op
from tutor.engine.plan import Edge
from tutor.engine.run import Run

__all__ = ["REGISTRY", "Edge", "EngineError", "Graph", "Line", "NotComputableError", "Op", "Run", "ShapeError", "Slot"]
