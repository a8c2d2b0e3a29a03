"""What ops tell of inputs where the lesson does not: `ids: [0, 2, 0]` are indices, `t: [0.2, 0.8]` are shares of 1."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tutor.engine.graph import Graph
from tutor.expr import Scope, Tree, parse
from tutor.lesson.graph.named_sizes import shape_of
from tutor.lesson.model import Given


def implied_inputs(graph: Graph, given: Mapping[str, Given], sizes: Mapping[str, int]) -> dict[str, Given]:
    """The inputs of which more is known than is said; raises ShapeError.

    What chooses rows or classes is made labels where it holds whole numbers; others are for the op itself to refuse.
    Targets that add up to 1 do so at other numbers too.
    """
    plan = graph.plan({graph.index[name]: shape_of(each, sizes) for name, each in given.items()})
    found: dict[str, Given] = {}
    for name, each in given.items():
        for node, k in graph.consumers[graph.index[name]]:
            op = graph.ops[node]
            shapes = [plan.shapes[argument] for argument in graph.arguments[node]]
            choices = op.choices(k, *shapes) if op is not None else None
            if choices is not None and each.classes is None and _are_whole(each):
                found[name] = replace(each, domain="labels", classes=_as_size(choices, sizes))
            elif op is not None and op.takes_distribution(k, *shapes) and _are_shares(each):
                found[name] = replace(each, domain="shares")
    return found


def _are_whole(given: Given) -> bool:
    match given.kind:
        case "fixed":
            numbers = np.asarray(given.value, dtype=np.float64)
        case "choice":
            numbers = np.asarray(given.choices)
        case kind:
            return kind == "integers" and given.low >= 0
    return bool(np.all((numbers >= 0) & (numbers == np.round(numbers))))


def _are_shares(given: Given) -> bool:
    if given.kind != "fixed" or given.domain != "real":
        return False
    numbers = np.asarray(given.value, dtype=np.float64)
    return bool(np.all(numbers >= 0) and np.allclose(np.sum(numbers, axis=-1), 1.0))


def _as_size(choices: int, sizes: Mapping[str, int]) -> int | Tree:
    """The size of that number by its name, so that at other sizes there are others to choose from."""
    names = [name for name, size in sizes.items() if size == choices]
    return parse(names[0], Scope(frozenset(sizes), frozenset(), frozenset())) if len(names) == 1 else choices
