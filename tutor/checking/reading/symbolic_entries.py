"""Which entries of an answer are expressions of names, to be tried at other numbers too."""

import numpy as np
from numpy.typing import NDArray

from tutor.checking.reading.typed_entries import leaves_of
from tutor.engine import Graph
from tutor.engine.ordering import CONSTANTS
from tutor.expr import Tree, walk
from tutor.expr.tree import Binary, Call, Gradient, Keyword, Name, Number, Subscript

MOST_OPS = 150  # longer ones are judged by their value alone: no answer is so long, and trying them takes time
_FREE_NUMERALS = frozenset({0.0, 0.5, 1.0, 2.0})


def symbolic_entries(graph: Graph, tree: Tree, size: int) -> NDArray[np.bool_]:
    """For each of the `size` entries of an answer: must it hold at other numbers?

    A number in a list of names is judged by its value; where numbers are put in for some of the names, all is.
    """
    if sum(isinstance(part, Binary | Call) for part in walk(tree)) > MOST_OPS:
        return np.full(size, False)
    leaves = leaves_of(tree) if len(leaves_of(tree)) == size else [tree]
    named = np.array([_has_names(graph, leaf) for leaf in leaves], dtype=bool)
    if not all(_only_names(leaf) for leaf, has in zip(leaves, named, strict=True) if has):
        return np.full(size, False)
    return np.broadcast_to(named, (size,))


def _has_names(graph: Graph, tree: Tree) -> bool:
    """Does a node, a size or a gradient come in? `e` and `pi` are numbers."""
    return any(
        isinstance(part, Gradient)
        or (isinstance(part, Name) and (part.name in graph.index or part.name not in CONSTANTS))
        for part in walk(tree)
    )


def _only_names(tree: Tree) -> bool:
    """Is the expression free of numerals but 0, ±1, ½, 2, exponents, indices and options?"""
    free: set[int] = set()
    for part in walk(tree):
        if isinstance(part, Binary) and part.op == "^":
            free.update(map(id, walk(part.right)))
        elif isinstance(part, Subscript):
            free.update(id(inner) for item in part.items for inner in walk(item))
        elif isinstance(part, Keyword):
            free.update(map(id, walk(part)))
    return all(part.value in _FREE_NUMERALS for part in walk(tree) if isinstance(part, Number) and id(part) not in free)
