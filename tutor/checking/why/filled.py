"""An elementwise gradient with this drill's numbers filled in, entry by entry: `1 − 0.6044² = 0.6347`."""

from collections.abc import Iterator

import numpy as np

from tutor.checking.named_formulas import filled, number_of, value_of
from tutor.checking.why.step import Step
from tutor.drill.question import DrillPart, GradientQuestion
from tutor.engine.gradient_formulas import downstream_formula
from tutor.engine.simplifying import ONE
from tutor.expr import to_unicode, walk
from tutor.expr.tree import Gradient, Name
from tutor.text.number_format import format_value

MOST = 3
"""Entries that are written out: enough to see how the others go."""


def entries_filled(part: DrillPart, question: GradientQuestion) -> Iterator[Step]:
    """A step for each of the first entries; none where the gradient is no elementwise one of an array."""
    target, run, graph = question.target, part.run, part.graph
    if target.of not in graph.lines:
        return
    name = target.wrt[0].partition("#")[0]
    slot = next((each for each in graph.lines[target.of].slots if each.label == target.wrt[0]), None)
    shape = run.shapes[graph.find(target.of)]
    if slot is None or shape == () or run.shapes[graph.find(name)] != shape or not run.is_elementwise(slot.chain):
        return
    sends = target.kind == "downstream"
    tree = downstream_formula(run, slot.chain, Gradient(None, target.of) if sends else ONE)
    if tree is None:
        return
    values = {each.name: np.asarray(value_of(part, each)) for each in walk(tree) if isinstance(each, Name | Gradient)}
    if not values or any(value.shape not in ((), shape) for value in values.values()):
        return
    right = question.expected if target.kind != "jacobian" else np.diagonal(question.expected).reshape(shape)
    for place in list(np.ndindex(*shape))[:MOST]:
        here = {each: number_of(float(value[place] if value.shape else value)) for each, value in values.items()}
        at = ", ".join(map(str, place))
        lead = f"d{name}[{at}]" if sends else f"∂{target.of}[{at}]/∂{name}[{at}]"
        yield Step(
            f"{lead} = {to_unicode(filled(tree, here))} = {format_value(np.asarray(right).reshape(shape)[place])}"
        )
