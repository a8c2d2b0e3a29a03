"""What a question takes, counted from shapes: numbers to be typed, the largest matrix behind it, and the work."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

from tutor.engine.graph import Graph
from tutor.engine.ops.op import Shape
from tutor.engine.plan import Edge
from tutor.expr.result_sizes import CallSize
from tutor.lesson.model import Part

Shapes: TypeAlias = Sequence[Shape]

CALL = 500  # what it takes to call an op at all
PASSES = 20  # that a question takes for which the graph is gone through again and again


@dataclass(frozen=True, slots=True)
class QuestionLoad:
    """What a question takes: the numbers to be typed, the entries of the largest matrix behind it, and the work."""

    typed: int
    matrix: int
    work: int


def sizes_of(graph: Graph, shapes: Shapes, *names: str) -> list[int]:
    """How many entries the nodes have that are named, with the number of a use or indices behind some."""
    plain = (name.partition("#")[0].partition("[")[0] for name in names)
    return [prod(shapes[graph.index[name]]) for name in plain if name in graph.index]


def of_slots(part: Part, shapes: Shapes, lines: Iterable[str], *, local: bool) -> Iterator[QuestionLoad]:
    """What every slot of some lines takes, its downstream and, where it is asked for, its local gradient."""
    for line in lines:
        for slot in part.graph.lines[line].slots:
            given = part.given.get(slot.source)
            if given is None or not (given.integer or given.constant):
                entries = prod(shapes[part.graph.index[slot.source]])
                yield QuestionLoad(entries, 1, CALL + entries)
                if local:
                    yield of_local(part.graph, shapes, slot.chain)


def of_local(graph: Graph, shapes: Shapes, chain: Iterable[Edge]) -> QuestionLoad:
    """The local Jacobians along a chain; what is one entry, or works entry by entry all the way, needs none."""
    edges = [(node, graph.arguments[node][k]) for node, k in chain]
    top, bottom = prod(shapes[edges[0][0]]), prod(shapes[edges[-1][1]])
    ops = (graph.ops[node] for node, _ in edges)
    if top == 1:
        return QuestionLoad(bottom, 1, CALL * len(edges) + bottom)
    if shapes[edges[0][0]] == shapes[edges[-1][1]] and all(op is not None and op.elementwise for op in ops):
        return QuestionLoad(top, 1, CALL + top)
    matrices = [prod(shapes[node]) * prod(shapes[j]) for node, j in edges]
    work = sum(each + CallSize(0, top * each).work for each in matrices)
    return QuestionLoad(top * bottom, max(*matrices, top * bottom), CALL + work)
