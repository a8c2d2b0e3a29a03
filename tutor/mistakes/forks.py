"""Slips where a value is used several times: which shares are added up, and how."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any, TypeAlias

from tutor.engine import Edge, Graph, Run
from tutor.mistakes.mistake import Rank

MOST_BRANCHES = 6

Shares: TypeAlias = Sequence[tuple[Edge, Any]]
Combine: TypeAlias = Callable[[Any], Any]


def fork_slips(run: Run, node: int) -> Iterator[tuple[str, Rank, Combine, str]]:
    """Wrong ways to combine the shares that arrive at a node: id, rank, the combination, the lines it is about."""
    graph = run.graph
    arriving = [edge for edge in graph.consumers[node] if edge in run.edge_down]
    if len(arriving) < 2:
        return
    if _is_quadratic(graph, arriving):
        for edge in arriving:
            yield "matmul:symmetric", Rank.OP, _doubled(edge), graph.line_of(edge[0])
    if len(arriving) <= MOST_BRANCHES:
        for size in range(len(arriving) - 1, 0, -1):
            for kept in combinations(arriving, size):
                lines = ", ".join(dict.fromkeys(graph.line_of(edge[0]) for edge in kept))
                yield "one-branch", Rank.FORK, _only(kept), lines
    for edge in arriving:
        yield "path-twice", Rank.FORK, _twice(edge), graph.line_of(edge[0])
    yield "branches-multiplied", Rank.FORK, lambda shares: _multiplied([share for _, share in shares]), ""
    yield "branches-averaged", Rank.FORK, lambda shares: sum(share for _, share in shares) / len(shares), ""


def _is_quadratic(graph: Graph, arriving: Sequence[Edge]) -> bool:
    """Is it a quadratic form `x.T @ A @ x`: two uses, both in products, one of which goes into the other?

    There each use has a share of its own, `A.T @ x` and `A @ x`, which are one only where A is symmetric.
    """
    if len(arriving) != 2:
        return False
    first, second = (_product_above(graph, edge[0]) for edge in arriving)
    if first is None or second is None or first == second:
        return False
    return max(first, second) in _above(graph, min(first, second))


def _product_above(graph: Graph, node: int) -> int | None:
    """The product that a use goes into, past a transpose."""
    op = graph.ops[node]
    while op is not None and op.name == "transpose" and len(graph.consumers[node]) == 1:
        node = graph.consumers[node][0][0]
        op = graph.ops[node]
    return node if op is not None and op.name in ("matmul", "dot") else None


def _above(graph: Graph, node: int) -> set[int]:
    seen: set[int] = set()
    queue = [node]
    while queue:
        for user, _ in graph.consumers[queue.pop()]:
            if user not in seen:
                seen.add(user)
                queue.append(user)
    return seen


def _doubled(kept: Edge) -> Combine:
    return lambda shares: 2.0 * sum(share for edge, share in shares if edge == kept)


def _only(kept: tuple[Edge, ...]) -> Combine:
    return lambda shares: sum(share for edge, share in shares if edge in kept)


def _twice(twice: Edge) -> Combine:
    return lambda shares: sum(share * (2.0 if edge == twice else 1.0) for edge, share in shares)


def _multiplied(shares: list[Any]) -> Any:
    product = shares[0]
    for share in shares[1:]:
        product = product * share
    return product
