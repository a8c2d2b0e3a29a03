"""Slips where a value is used several times: which shares are added up, and how."""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import combinations
from operator import mul
from typing import Any, TypeAlias

from tutor.engine import Edge, Graph, Run
from tutor.engine.ops.products import Dot, MatMul
from tutor.engine.ops.rearranging import Transpose
from tutor.engine.ordering import reached
from tutor.mistakes.mistake import Rank

MOST_BRANCHES = 6

Combine: TypeAlias = Callable[[Any], Any]


def fork_slips(run: Run, node: int) -> Iterator[tuple[str, Rank, Combine, str]]:
    """Wrong ways to combine the shares that arrive at a node: id, rank, the combination, the lines it is about."""
    graph = run.graph
    arriving = [edge for edge in graph.consumers[node] if edge in run.edge_downstream]
    if len(arriving) < 2:
        return
    if _is_quadratic(graph, arriving):
        for edge in arriving:
            yield "matmul:symmetric", Rank.OP, _doubled(edge), graph.line_of(edge[0])
    if len(arriving) <= MOST_BRANCHES:
        for size in range(len(arriving) - 1, 0, -1):
            for kept in combinations(arriving, size):
                yield "one-branch", Rank.FORK, _only(kept), ", ".join(_lines(graph, kept, arriving))
    slots: list[tuple[Edge, ...]] = [(edge,) for edge in arriving]
    lines = _by_line(graph, arriving)
    # A line that uses the value twice, as `x * x` does, is one branch to some and two to others.
    whole = [edges for edges in lines if len(edges) > 1] if len(lines) > 1 else []
    for edges in (*slots, *whole):
        yield "path-twice", Rank.FORK, _twice(edges), ", ".join(_lines(graph, edges, arriving))
    for branches in (slots, lines) if whole else (slots,):
        yield "branches-multiplied", Rank.FORK, _multiplied(branches), ""
        yield "branches-averaged", Rank.FORK, _averaged(len(branches)), ""


def uses_of(graph: Graph, node: int) -> list[str]:
    """The lines that use a value, those that use it several times with how often: `["p", "r (2×)"]`."""
    arriving = graph.consumers[node]
    return [_counted(graph.line_of(edges[0][0]), len(edges), len(edges) > 1) for edges in _by_line(graph, arriving)]


def _lines(graph: Graph, kept: Sequence[Edge], arriving: Sequence[Edge]) -> list[str]:
    """The lines through which these edges go; of a line of which only some uses are kept, how many."""
    uses = {graph.line_of(edges[0][0]): len(edges) for edges in _by_line(graph, arriving)}
    counts = {graph.line_of(edges[0][0]): len(edges) for edges in _by_line(graph, kept)}
    return [_counted(line, count, count < uses[line]) for line, count in counts.items()]


def _counted(line: str, count: int, said: bool) -> str:
    return f"{line} ({count}×)" if said else line


def _by_line(graph: Graph, edges: Sequence[Edge]) -> list[tuple[Edge, ...]]:
    """The edges of each line together."""
    found: dict[str, tuple[Edge, ...]] = {}
    for edge in edges:
        line = graph.line_of(edge[0])
        found[line] = (*found.get(line, ()), edge)
    return list(found.values())


def _is_quadratic(graph: Graph, arriving: Sequence[Edge]) -> bool:
    """Is it a quadratic form `x.T @ A @ x`: two uses, both in products, one of which goes into the other?

    There each use has a share of its own, `A.T @ x` and `A @ x`, which are one only where A is symmetric.
    """
    if len(arriving) != 2:
        return False
    first, second = (_product_above(graph, edge[0]) for edge in arriving)
    if first is None or second is None or first == second:
        return False
    return max(first, second) in reached([min(first, second)], lambda node: (user for user, _ in graph.consumers[node]))


def _product_above(graph: Graph, node: int) -> int | None:
    """The product that a use goes into, past a transpose."""
    op = graph.ops[node]
    while isinstance(op, Transpose) and len(graph.consumers[node]) == 1:
        node = graph.consumers[node][0][0]
        op = graph.ops[node]
    return node if isinstance(op, MatMul | Dot) else None


def _doubled(kept: Edge) -> Combine:
    return lambda shares: 2.0 * sum(share for edge, share in shares if edge == kept)


def _only(kept: tuple[Edge, ...]) -> Combine:
    return lambda shares: sum(share for edge, share in shares if edge in kept)


def _twice(twice: tuple[Edge, ...]) -> Combine:
    return lambda shares: sum(share * (2.0 if edge in twice else 1.0) for edge, share in shares)


def _averaged(count: int) -> Combine:
    return lambda shares: sum(share for _, share in shares) / count


def _multiplied(branches: Sequence[tuple[Edge, ...]]) -> Combine:
    return lambda shares: reduce(mul, [sum(share for edge, share in shares if edge in edges) for edges in branches])
