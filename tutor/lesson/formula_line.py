"""A lesson in one line of mathematics, for the course screen: `f = (x + y) · max(y, z)`."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from tutor.expr import Tree, to_unicode
from tutor.expr.tree import Name, Node
from tutor.lesson.model import Lesson, Part

_WIDEST = 60


def formula_line(lesson: Lesson) -> str:
    """The formulas of all parts as far as they fit into a line."""
    texts = [_formula(part) for part in lesson.parts]
    whole = ";  ".join(texts)
    return whole if len(whole) <= _WIDEST or len(texts) == 1 else f"{texts[0]};  …"


def _formula(part: Part) -> str:
    output = part.graph.outputs[-1]
    try:
        whole = f"{output} = {to_unicode(_whole(part, output))}"
    except _TooLongError:
        return f"{output} = {to_unicode(part.trees[output])}"
    if len(whole) <= _WIDEST:
        return whole
    lines = ",  ".join(f"{name} = {to_unicode(part.trees[name])}" for name in part.graph.order)
    return lines if len(lines) <= _WIDEST else f"{output} = {to_unicode(part.trees[output])}"


class _TooLongError(Exception):
    """A formula that no line will hold."""


def _whole(part: Part, output: str) -> Tree:
    """The output in terms of the inputs alone."""
    known: dict[str, Tree] = {}
    weight: dict[str, int] = {}
    for name in part.graph.order:  # each line after all it uses
        weight[name] = 1 + sum(weight.get(slot.source, 1) for slot in part.graph.lines[name].slots)
        if weight[name] > _WIDEST:
            raise _TooLongError
        known[name] = _filled_in(part.trees[name], known)
    return known[output]


def _filled_in(tree: Any, known: Mapping[str, Tree]) -> Any:
    if isinstance(tree, Name):
        return known.get(tree.name, tree)
    if isinstance(tree, tuple):
        return tuple(_filled_in(item, known) for item in tree)
    if isinstance(tree, Node):
        return replace(tree, **{each.name: _filled_in(getattr(tree, each.name), known) for each in fields(tree)})
    return tree
