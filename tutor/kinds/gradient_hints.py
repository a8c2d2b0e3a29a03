"""The rungs of hints for gradients in numbers: what is asked, the rule, the formula in names, this drill's numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tutor.checking.named_formulas import FEW, filled, number_of, value_of
from tutor.drill.notation import entry_symbol, output_name
from tutor.drill.question import DrillPart, Entered, GradientQuestion
from tutor.engine import Edge
from tutor.engine.gradient_formulas import replaced
from tutor.engine.ops import Op
from tutor.engine.simplifying import ONE, simplified
from tutor.expr import to_unicode, walk
from tutor.expr.tree import COMPARISONS, Binary, Gradient, Name, Negation, Number, Tree
from tutor.kinds.kind import form_wanted
from tutor.text import Message, msg
from tutor.text.number_format import format_value

NUDGE = 0.1
NEARLY_ZERO = 1e-9


def asked_for(question: GradientQuestion, id: str) -> Message:
    """The first rung: what is asked, and in which form."""
    known: dict[str, object] = {
        "of": question.of or "",
        "wrt": list(question.wrt),
        "form": form_wanted(question),
        "symbol": question.symbol,
        "path": " → ".join((question.wrt[0], *question.target.path)),
    }
    return Message(id, known)


def rule_of(part: DrillPart, chain: Sequence[Edge]) -> Message:
    """What the op that matters most on the way does with a gradient that arrives."""
    return Message(_telling(part, chain).rule)


def slope_of(part: DrillPart, chain: Sequence[Edge]) -> Message:
    """What its own slope is, for a question to which nothing arrives."""
    return Message(_telling(part, chain).slope_rule)


def _telling(part: DrillPart, chain: Sequence[Edge]) -> Op:
    ops = [op for op in (part.graph.ops[node] for node, _ in chain) if op is not None]
    return next((op for op in reversed(ops) if op.telling), ops[-1])


def without_ones(part: DrillPart, tree: Tree | None) -> Tree | None:
    """The gradient of the output is 1: as a factor it only raises the question of what it is."""
    top = output_name(part.run)
    if tree is None or top is None or isinstance(tree, Gradient):
        return tree
    one = Gradient(None, top)
    if one not in list(walk(tree)):
        return tree
    return simplified(replaced(tree, lambda each: ONE if each == one else None))


def in_names(part: DrillPart, question: GradientQuestion, tree: Tree | None) -> Message:
    of = question.of or output_name(part.run) or question.line
    if len(question.wrt) > 1:
        return msg("checking.hint-several", wrt=list(question.wrt))
    if tree is None:
        return msg("checking.hint-entries", of=of, wrt=question.wrt[0], symbol=question.symbol)
    if tree == Gradient(None, question.line) and question.target.kind in ("upstream", "total"):
        return msg("checking.hint-given", of=question.line)
    if question.target.kind == "path" and _is_constant(tree):
        return msg("checking.hint-constant-path", path=" → ".join((question.wrt[0], *question.target.path)))
    if _is_constant(tree):
        return msg("checking.hint-constant", of=of, wrt=question.wrt[0])
    known: dict[str, object] = {"symbol": question.symbol, "formula": to_unicode(tree)}
    if any(isinstance(each, Binary) and each.op in COMPARISONS for each in walk(tree)):
        return msg("checking.hint-names-indicator", **known)
    if isinstance(tree, Gradient) and question.entered is Entered.NUMBERS:
        return msg("checking.hint-names-bare", **known)
    return msg("checking.hint-names", **known)


def numbers_here(part: DrillPart, question: GradientQuestion, tree: Tree | None) -> Message:
    """The formula at this drill's numbers; where that would be the answer itself, what a nudge does."""
    bare = tree.operand if isinstance(tree, Negation) else tree
    if bare is None or isinstance(bare, Number | Gradient | Name):
        return _nudge(part, question)
    assert tree is not None
    values = {each.name: value_of(part, each) for each in walk(tree) if isinstance(each, Name | Gradient)}
    if all(np.size(value) == 1 for value in values.values()) and question.shape == ():
        numbers = {name: number_of(float(np.ravel(value)[0])) for name, value in values.items()}
        return msg("checking.hint-numbers", symbol=question.symbol, formula=to_unicode(filled(tree, numbers)))
    shown = [
        f"{name} = {format_value(value) if np.size(value) <= FEW else np.shape(value)}"
        for name, value in values.items()
    ]
    return msg("checking.hint-with", formula=to_unicode(tree), values=shown)


def _nudge(part: DrillPart, question: GradientQuestion) -> Message:
    """What the seed notes advise where a slope is unclear: move the input by 0.1 and look (CS224n 2021, lecture 4)."""
    within = question.target.kind in ("local", "jacobian")
    of = question.of if within else output_name(part.run)
    name = question.wrt[0].partition("#")[0]
    below = part.run.shapes[part.graph.find(name)]
    above = part.run.shapes[part.graph.find(of)] if of else ()
    size = int(np.prod(below))
    moving = np.ravel(question.expected)[: None if within else size]  # of several variables the first
    k = _telling_place(moving)
    # A Jacobian has a row for each entry above; an elementwise slope is told of the same entry on both sides.
    row = k if within and question.elementwise else k // size if within else 0
    place = entry_symbol(name, np.unravel_index(k % size, below))
    moved = entry_symbol(of, np.unravel_index(row, above)) if of else None
    slope = float(moving[k])
    known: dict[str, object] = {"name": place, "by": NUDGE, "move": format_value(NUDGE * slope)}
    if moved is None:
        return msg("checking.hint-nudge-loss", **known)
    if question.target.kind == "path":
        return msg("checking.hint-nudge-path", path=" → ".join((name, *question.target.path)), of=moved, **known)
    use = question.wrt[0].partition("#")[2]
    if use or (question.target.kind == "downstream" and len(part.graph.uses(name)) > 1):
        line = f"{question.line} (#{use})" if use else question.line
        return msg("checking.hint-nudge-use", line=line, of=moved, **known)
    return msg("checking.hint-nudge", of=moved, **known)


def _telling_place(numbers: Any) -> int:
    """The first of these numbers that is not 0: a 0 tells little."""
    return int(np.argmax(np.abs(numbers) > NEARLY_ZERO))


def telling_entry(expected: Any) -> tuple[tuple[int, ...], float]:
    """Where the first entry stands that is not 0, and the entry."""
    k = _telling_place(np.ravel(expected))
    return tuple(int(each) for each in np.unravel_index(k, np.shape(expected))), float(np.ravel(expected)[k])


def _is_constant(tree: Tree) -> bool:
    return not any(isinstance(each, Name | Gradient) for each in walk(tree))
