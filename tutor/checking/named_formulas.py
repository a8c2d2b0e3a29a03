"""Gradients as formulas in the names of lines, and the numbers that stand for these."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tutor.drill.notation import output_name
from tutor.drill.question import DrillPart
from tutor.engine.gradient_formulas import downstream_formula, replaced
from tutor.engine.simplifying import ONE
from tutor.expr.tree import ArrayLiteral, Gradient, Name, Negation, Number, Tree
from tutor.text.number_format import format_value

FEW = 12


def own_share(part: DrillPart, line: str) -> Tree | None:
    """The upstream that a line is given, in numbers; None where it is given none or a large one."""
    seed = part.run.seeds.get(part.graph.find(line))
    return None if seed is None or np.size(seed) > FEW else _literal(np.asarray(seed))


def _literal(array: Any) -> Tree:
    return ArrayLiteral(tuple(map(_literal, array))) if np.ndim(array) else number_of(float(array))


def path_formula(part: DrillPart, names: Sequence[str]) -> Tree | None:
    """What one path gives, from the names on it, in names; None where there is no formula for a step."""
    up: Tree | None = ONE if output_name(part.run) == names[-1] else Gradient(None, names[-1])
    for of, wrt in zip(reversed(names), reversed(names[:-1]), strict=False):
        up = None if up is None else downstream_formula(part.run, part.graph.chain(of, wrt), up)
    return up


def filled(tree: Tree, numbers: dict[str, Tree]) -> Tree:
    """A formula with numbers in place of its names and gradients."""
    return replaced(tree, lambda part: numbers.get(part.name) if isinstance(part, Name | Gradient) else None)


def value_of(part: DrillPart, name: Name | Gradient) -> Any:
    """What a name or a total gradient is at this drill's numbers."""
    if isinstance(name, Gradient):
        return part.run.gradients[name.wrt]
    return part.run.values[name.name] if name.name in part.graph.index else part.part.sizes.get(name.name, 0)


def number_of(value: float) -> Tree:
    """A number as it is written in a formula."""
    number = Number(format_value(abs(value)), abs(value))
    return Negation(number) if value < 0 else number
