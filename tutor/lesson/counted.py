"""Inputs that are counted with, as indices or labels, without `labels: k`: `ids: [0, 2, 0]`."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tutor.engine.graph import Graph
from tutor.expr import Scope, Tree, parse
from tutor.lesson.model import Given
from tutor.lesson.sizes import shape_of


def counted(graph: Graph, given: Mapping[str, Given], sizes: Mapping[str, int]) -> dict[str, Given]:
    """The inputs that choose rows or classes, made labels where they hold whole numbers; raises ShapeError.

    A number that is not whole is left as it is, for the op itself to refuse.
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


def _as_size(choices: int, sizes: Mapping[str, int]) -> int | Tree:
    """The size of that number by its name, so that at other sizes there are others to choose from."""
    names = [name for name, size in sizes.items() if size == choices]
    return parse(names[0], Scope(frozenset(sizes), frozenset(), frozenset())) if len(names) == 1 else choices
