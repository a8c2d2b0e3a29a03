"""How many multiplications and additions a pass costs, by the plan it follows: why backward shares what it can.

Counted is what one writes down by hand: upstream × local, one an entry and slot; n·m·k for a matrix product; the
additions inside products and at forks. Local gradients count as given, and multiplying by the 1 at the output (or, in
forward mode, at the input) does not count.

>>> from tutor.engine import Graph
>>> run = Graph.parse({"a": "x + y", "b": "max(y, z)", "f": "a * b"}).run({"x": 1, "y": 2, "z": 0})
>>> operation_count(run, "multiply", "shared"), operation_count(run, "pass", "two-sided")
(4, 6)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Literal, TypeAlias, get_args

import numpy as np

from tutor.engine.errors import EngineError
from tutor.engine.ops.op import Shape
from tutor.engine.plan import Edge
from tutor.engine.run import Run
from tutor.text import msg

Operation: TypeAlias = Literal["multiply", "add", "pass"]
CountPlan: TypeAlias = Literal["forward", "shared", "separate", "paths", "one-sided", "two-sided", "tangents"]
OPERATIONS: tuple[str, ...] = get_args(Operation)
PLANS: tuple[str, ...] = get_args(CountPlan)


@dataclass(frozen=True, slots=True)
class Cost:
    """Multiplications, additions, and passes through the graph."""

    multiply: int = 0
    add: int = 0
    passes: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.multiply + other.multiply, self.add + other.add, self.passes + other.passes)

    def times(self, count: int) -> "Cost":
        """The cost of doing it `count` times."""
        return Cost(self.multiply * count, self.add * count, self.passes * count)


def operation_count(run: Run, operation: str, plan: str, wrt: Iterable[str] = ()) -> int:
    """The number of operations of one kind; `wrt` are the inputs whose gradients are wanted (none: all).

    Raises EngineError for an operation or plan that is not in OPERATIONS or PLANS, or an unknown name.
    """
    total = cost(run, plan, wrt)
    if operation not in OPERATIONS:
        raise EngineError(msg("engine.unknown-count", given=operation, known=", ".join(OPERATIONS)))
    return {"multiply": total.multiply, "add": total.add, "pass": total.passes}[operation]


def cost(run: Run, plan: str, wrt: Iterable[str] = ()) -> Cost:
    """The whole cost of a plan: forward values, or the gradients of `wrt`.

    `shared`: one backward pass. `separate`: one for each input, over the part of the graph that leads to it.
    `paths`: every path from the output to an input by itself, added up at the end. `one-sided`, `two-sided`: forward
    passes with one entry nudged each. `tangents`: forward mode, one pass for each entry of the inputs.
    """
    graph = run.graph
    inputs = [graph.find(name) for name in wrt] or [node for node in graph.given if run.plan.tracked[node]]
    entries = sum(entry_count(run.shapes[node]) for node in inputs)
    forward = _forward(run)
    plans: dict[str, Callable[[], Cost]] = {
        "forward": lambda: forward,
        "shared": lambda: _backward(run, inputs),
        "separate": lambda: _sum(_backward(run, [node]) for node in inputs),
        "paths": lambda: _sum(_by_paths(run, node) for node in inputs),
        "one-sided": partial(forward.times, entries + 1),
        "two-sided": partial(forward.times, 2 * entries),
        "tangents": lambda: _sum(_tangents(run, node) for node in inputs),
    }
    if plan not in plans:
        raise EngineError(msg("engine.unknown-count", given=plan, known=", ".join(PLANS)))
    return plans[plan]()


def entry_count(shape: Shape) -> int:
    """The number of entries."""
    return prod(shape)


def _sum(costs: Iterable[Cost]) -> Cost:
    return sum(costs, Cost())


def _forward(run: Run) -> Cost:
    nodes = [(node, op) for node, op in enumerate(run.graph.ops) if op is not None]
    values = (
        op.operations(run.shapes[node], *(run.shapes[j] for j in run.graph.arguments[node])) for node, op in nodes
    )
    return sum((Cost(*each) for each in values), Cost(passes=1))


def _edge_cost(run: Run, edge: Edge, backward: bool) -> Cost:
    """Upstream × local along one edge, or local × tangent: n·m·k for products, else one an entry."""
    node, k = edge
    op, arguments = run.graph.ops[node], run.graph.arguments[node]
    assert op is not None
    if op.moves:  # nobody multiplies there
        return Cost()
    shapes = [run.shapes[j] for j in arguments]
    arrives = entry_count(shapes[k] if backward else run.shapes[node])
    if op.sums_products and (k < 2 or len(op.inputs) == 1):  # a third input is added, but where all are of one kind
        products = op.products(run.shapes[node], *shapes)
        multiplications, _ = op.operations(run.shapes[node], *shapes)
        return Cost(multiply=multiplications, add=products - min(arrives, products))
    broad = op.vjp_shape(k, run.shapes[node], shapes)
    return Cost(multiply=entry_count(broad) if backward or op.elementwise else entry_count(shapes[k]))


def _is_one(run: Run, node: int) -> bool:
    """Is what arrives at this node the 1 at the output, and nothing else?"""
    seed = run.seeds.get(node)
    alone = not any(edge in run.edge_downstream for edge in run.graph.consumers[node])
    return seed is not None and alone and bool(np.all(np.equal(seed, 1.0)))


def _paths(run: Run, bottom: Iterable[int]) -> list[int]:
    """For each node, the number of paths down to the nodes of `bottom` along which a gradient flows."""
    ways = [0] * len(run.shapes)
    for node in bottom:
        ways[node] = 1
    for node, branches in reversed(run.plan.ops_backward()):
        ways[node] += sum(ways[j] for k, j in branches if (node, k) in run.edge_downstream)
    return ways


def _backward(run: Run, inputs: Iterable[int]) -> Cost:
    ways = _paths(run, inputs)
    total = Cost(passes=1)
    arrived = dict.fromkeys(run.seeds, 1)
    for node, branches in run.plan.ops_backward():
        for k, j in branches:
            edge = (node, k)
            if ways[j] and edge in run.edge_downstream:
                total += Cost() if _is_one(run, node) else _edge_cost(run, edge, backward=True)
                arrived[j] = arrived.get(j, 0) + 1
    return total + Cost(
        add=sum((count - 1) * entry_count(run.shapes[node]) for node, count in arrived.items() if ways[node])
    )


def _by_paths(run: Run, bottom: int) -> Cost:
    ways = _paths(run, [bottom])
    from_top = [int(node in run.seeds) for node in range(len(run.shapes))]
    total = Cost()
    for node, branches in run.plan.ops_backward():
        for k, j in branches:
            edge = (node, k)
            if ways[j] and edge in run.edge_downstream:
                # Paths that begin here multiply by the 1 at the output, which does not count.
                begun = int(_is_one(run, node))
                total += _edge_cost(run, edge, backward=True).times((from_top[node] - begun) * ways[j])
                from_top[j] += from_top[node]
    paths = from_top[bottom]
    return total + Cost(add=max(paths - 1, 0) * entry_count(run.shapes[bottom]), passes=paths)


def _tangents(run: Run, bottom: int) -> Cost:
    moving = {bottom}
    total = Cost(passes=1)
    for node, branches in reversed(run.plan.ops_backward()):
        moved = [(j, (node, k)) for k, j in branches if j in moving]
        if moved:
            moving.add(node)
            total += _sum(_edge_cost(run, edge, backward=False) for j, edge in moved if j != bottom)
            total += Cost(add=(len(moved) - 1) * entry_count(run.shapes[node]))
    return total.times(entry_count(run.shapes[bottom]))


def plan_costs(run: Run, wrt: Iterable[str] = ()) -> dict[str, Cost]:
    """The cost of every plan, to compare them."""
    wanted = tuple(wrt)
    return {plan: cost(run, plan, wanted) for plan in PLANS}
