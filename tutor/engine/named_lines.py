"""What learners see of a graph: its lines, which are their nodes, and where a line uses a name."""

from dataclasses import dataclass

from tutor.engine.plan import Edge
from tutor.expr.tree import Tree


@dataclass(frozen=True, slots=True)
class Slot:
    """One use of a name in a line: `label` is the name, or `x#0`, `x#1` in reading order where it is used twice."""

    label: str
    source: str
    edge: Edge
    chain: tuple[Edge, ...]  # from the line's last op down to `edge`


@dataclass(frozen=True, slots=True)
class Line:
    """A named formula: what learners call a node. `root` is its last op; `parts` are its inner ops, `z.1`, `z.2`."""

    name: str
    tree: Tree | None
    root: int
    slots: tuple[Slot, ...]
    parts: tuple[str, ...] = ()
