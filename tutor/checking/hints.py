"""The hint ladder: what is asked, the rule in words, in names, with this drill's numbers, the answer."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tutor.checking.tasks import KINDS
from tutor.drill.question import Drill, DrillPart, GradientQuestion, Question, TaskQuestion
from tutor.drill.texts import output_name
from tutor.engine import Edge
from tutor.engine.formulas import along, gradient, replaced
from tutor.engine.simplifying import ONE, simplified
from tutor.expr import to_unicode, walk
from tutor.expr.tree import COMPARISONS, Array, Binary, Gradient, Name, Negate, Number, Tree
from tutor.text import Message, msg
from tutor.text.numbers import show

RUNGS = 5
NUDGE = 0.1
NEARLY_ZERO = 1e-9
FEW = 12


def hints(drill: Drill, question: Question) -> tuple[Message, ...]:
    """The rungs in order: the lesson's own hints first, then five of ours; the last is the answer."""
    own = tuple(msg("checking.own-hint", text=text) for text in drill.lesson.hints.get(question.id, ()))
    if not isinstance(question, GradientQuestion):
        assert isinstance(question, TaskQuestion)
        return (*own, *KINDS[question.kind].hints(drill, question))
    part = drill.part_of(question)
    if question.kind == "shape":
        return (*own, *_of_shape(part, question))
    if question.kind == "formula":
        return (*own, *_of_formula(part, question))
    return (*own, *_of_numbers(part, question))


def _of_shape(part: DrillPart, question: GradientQuestion) -> list[Message]:
    name = question.wrt[0]
    uses = part.graph.uses(name)
    known: dict[str, object] = {"wrt": name, "symbol": question.symbol}
    line = uses[0][0] if uses else name
    shapes = [f"{each}: {_shape(part, each)}" for each in _around(part, line) if each != name]
    if question.convention == "jacobian":
        size = int(np.prod(part.run.shapes[part.graph.find(name)]))
        return [
            msg("checking.hint-shape-row", **known),
            msg("checking.hint-shape-row-rule", **known),
            msg("checking.hint-shape-row-names", **known),
            msg("checking.hint-shape-row-numbers", size=size, **known),
            msg("checking.hint-answer", answer=str(question.shape)),
        ]
    return [
        msg("checking.hint-shape", **known),
        msg("checking.hint-shape-rule", **known),
        msg("checking.hint-shape-names", line=line, formula=_formula(part, line), **known),
        msg("checking.hint-shape-numbers", shapes=shapes, **known),
        msg("checking.hint-answer", answer=str(question.shape)),
    ]


def _of_formula(part: DrillPart, question: GradientQuestion) -> list[Message]:
    asked = msg("checking.hint-formula", symbol=question.symbol, shape=question.shape, wrt=question.wrt[0])
    answer = question.typed if question.typed is not None else show(question.expected)
    place, value = _telling_entry(question.expected)
    entry = msg("checking.hint-formula-entry", symbol=question.symbol, place=_inside(place), entry=show(value))
    if not question.shape:
        entry = msg("checking.hint-formula-value", symbol=question.symbol, value=show(value))
    return [
        asked,
        _rule(part, question),
        _made_of(part, question),
        entry,
        msg("checking.hint-answer", answer=answer),
    ]


def _made_of(part: DrillPart, question: GradientQuestion) -> Message:
    """The names that may be used; of a local gradient those that it takes, which the chain rule does not tell."""
    if question.using:
        return msg("checking.hint-formula-names", names=list(question.using))
    if question.of is None:
        return msg("checking.hint-formula-chain")
    tree = along(part.run, question.target.chain(part.graph), ONE)
    names = [] if tree is None else list(dict.fromkeys(each.name for each in walk(tree) if isinstance(each, Name)))
    if not names:
        return msg("checking.hint-entries", of=question.of, wrt=question.wrt[0], symbol=question.symbol)
    return msg("checking.hint-formula-local", names=names, of=question.of)


def _of_numbers(part: DrillPart, question: GradientQuestion) -> list[Message]:
    tree = _without_ones(part, _formula_tree(part, question))
    answer = msg("checking.hint-answer", answer=show(question.expected))
    return [
        _asked(part, question),
        _rule(part, question),
        _in_names(part, question, tree),
        _here(part, question, tree),
        answer,
    ]


def _asked(part: DrillPart, question: GradientQuestion) -> Message:
    form = msg("checking.a-number") if question.shape == () else msg("checking.of-shape", shape=question.shape)
    known: dict[str, object] = {
        "of": question.of or "",
        "wrt": list(question.wrt),
        "form": form,
        "symbol": question.symbol,
        "path": " → ".join((question.wrt[0], *question.target.path)),
    }
    return Message(_ASKED[question.kind], known)


_ASKED = {
    "local": "checking.hint-local",
    "downstream": "checking.hint-downstream",
    "upstream": "checking.hint-upstream",
    "total": "checking.hint-total",
    "path": "checking.hint-path",
    "jacobian": "checking.hint-jacobian",
}


def _rule(part: DrillPart, question: GradientQuestion) -> Message:
    """The rule of the op that matters most on the way; at a fork, that branches add."""
    graph, target = part.graph, question.target
    if target.kind in ("local", "downstream"):
        return _rule_of(part, target.chain(graph))
    if target.kind == "path":
        return msg("checking.rule-path")
    if target.kind == "jacobian":
        return msg("checking.rule-jacobian", of=question.of or "", wrt=question.wrt[0])
    name = question.line
    uses = graph.uses(name)
    if len(question.wrt) > 1:
        return msg("checking.rule-several")
    if len(uses) > 1:
        return msg("checking.rule-fork", wrt=name, lines=list(dict.fromkeys(line for line, _ in uses)))
    return _rule_of(part, uses[0][1].chain) if uses else msg("checking.rule-output", name=name)


def _rule_of(part: DrillPart, chain: Sequence[Edge]) -> Message:
    ops = [op for op in (part.graph.ops[node] for node, _ in chain) if op is not None]
    telling = next((op for op in reversed(ops) if op.telling), ops[-1])
    return Message(telling.rule)


def _formula_tree(part: DrillPart, question: GradientQuestion) -> Tree | None:
    """The answer in names, one line at a time: `db · (y > z)`, `dz @ xᵀ`."""
    graph, run, target = part.graph, part.run, question.target
    if target.kind == "local":
        return along(run, target.chain(graph), ONE) if question.elementwise or question.shape == () else None
    if target.kind == "downstream":
        return along(run, target.chain(graph), Gradient(None, target.of or ""))
    if target.kind in ("total", "upstream") and len(question.wrt) == 1:
        tree = gradient(run, question.line, lambda name: name.name != "up")
        return _with_own_share(part, question.line, tree)
    if target.kind == "path":
        return path_formula(part, (target.wrt[0], *target.path))
    return None


def _with_own_share(part: DrillPart, line: str, tree: Tree | None) -> Tree | None:
    """Of an output that is used too, its own upstream in numbers: by name it would be the gradient that is asked."""
    own = Gradient(None, line)
    if tree is None or tree == own or own not in list(walk(tree)):
        return tree
    share = own_share(part, line)
    return None if share is None else replaced(tree, lambda each: share if each == own else None)


def own_share(part: DrillPart, line: str) -> Tree | None:
    """The upstream that a line is given, in numbers; None where it is given none or a large one."""
    seed = part.run.seeds.get(part.graph.find(line))
    return None if seed is None or np.size(seed) > FEW else _literal(np.asarray(seed))


def _literal(array: Any) -> Tree:
    return Array(tuple(map(_literal, array))) if np.ndim(array) else number_of(float(array))


def path_formula(part: DrillPart, names: Sequence[str]) -> Tree | None:
    """What one path gives, from the names on it, in names; None where there is no formula for a step."""
    up: Tree | None = ONE if output_name(part.run) == names[-1] else Gradient(None, names[-1])
    for of, wrt in zip(reversed(names), reversed(names[:-1]), strict=False):
        up = None if up is None else along(part.run, part.graph.chain(of, wrt), up)
    return up


def _without_ones(part: DrillPart, tree: Tree | None) -> Tree | None:
    """The gradient of the output is 1: as a factor it only raises the question of what it is."""
    top = output_name(part.run)
    if tree is None or top is None or isinstance(tree, Gradient):
        return tree
    one = Gradient(None, top)
    if one not in list(walk(tree)):
        return tree
    return simplified(replaced(tree, lambda each: ONE if each == one else None))


def _in_names(part: DrillPart, question: GradientQuestion, tree: Tree | None) -> Message:
    of = question.of or output_name(part.run) or question.line
    if len(question.wrt) > 1:
        return msg("checking.hint-several", wrt=list(question.wrt))
    if question.kind == "jacobian" or tree is None:
        return msg("checking.hint-entries", of=of, wrt=question.wrt[0], symbol=question.symbol)
    if tree == Gradient(None, question.line) and question.target.kind in ("upstream", "total"):
        return msg("checking.hint-given", of=question.line)
    if question.kind == "path" and _is_constant(tree):
        return msg("checking.hint-constant-path", path=" → ".join((question.wrt[0], *question.target.path)))
    if _is_constant(tree):
        return msg("checking.hint-constant", of=of, wrt=question.wrt[0])
    known: dict[str, object] = {"symbol": question.symbol, "formula": to_unicode(tree)}
    if any(isinstance(each, Binary) and each.op in COMPARISONS for each in walk(tree)):
        return msg("checking.hint-names-indicator", **known)
    return msg("checking.hint-names", **known)


def _here(part: DrillPart, question: GradientQuestion, tree: Tree | None) -> Message:
    """The formula at this drill's numbers; where that would be the answer itself, what a nudge does."""
    bare = tree.operand if isinstance(tree, Negate) else tree
    if bare is None or isinstance(bare, Number | Gradient | Name):
        return _nudge(part, question)
    assert tree is not None
    values = {each.name: value_of(part, each) for each in walk(tree) if isinstance(each, Name | Gradient)}
    if all(np.size(value) == 1 for value in values.values()) and question.shape == ():
        numbers = {name: number_of(float(np.ravel(value)[0])) for name, value in values.items()}
        return msg("checking.hint-numbers", symbol=question.symbol, formula=to_unicode(filled(tree, numbers)))
    shown = [f"{name} = {show(value) if np.size(value) <= FEW else np.shape(value)}" for name, value in values.items()]
    return msg("checking.hint-with", formula=to_unicode(tree), values=shown)


def _nudge(part: DrillPart, question: GradientQuestion) -> Message:
    """What the seed notes advise where a slope is unclear: move the input by 0.1 and look (CS224n 2021, lecture 4)."""
    within = question.kind in ("local", "jacobian")
    of = question.of if within else output_name(part.run)
    name = question.wrt[0].partition("#")[0]
    below = part.run.shapes[part.graph.find(name)]
    above = part.run.shapes[part.graph.find(of)] if of else ()
    size = int(np.prod(below))
    moving = np.ravel(question.expected)[: None if within else size]  # of several variables the first
    k = _telling_place(moving)
    # A Jacobian has a row for each entry above; an elementwise slope is told of the same entry on both sides.
    row = k if within and question.elementwise else k // size if within else 0
    place = f"{name}{_bracketed(k % size, below)}"
    moved = f"{of}{_bracketed(row, above)}" if of else None
    slope = float(moving[k])
    known: dict[str, object] = {"name": place, "by": NUDGE, "move": show(NUDGE * slope)}
    if moved is None:
        return msg("checking.hint-nudge-loss", **known)
    if question.kind == "path":
        return msg("checking.hint-nudge-path", path=" → ".join((name, *question.target.path)), of=moved, **known)
    use = question.wrt[0].partition("#")[2]
    if use or (question.kind == "downstream" and len(part.graph.uses(name)) > 1):
        line = f"{question.line} (#{use})" if use else question.line
        return msg("checking.hint-nudge-use", line=line, of=moved, **known)
    return msg("checking.hint-nudge", of=moved, **known)


def _telling_place(numbers: Any) -> int:
    """The first of these numbers that is not 0: a 0 tells little."""
    return int(np.argmax(np.abs(numbers) > NEARLY_ZERO))


def _telling_entry(expected: Any) -> tuple[tuple[int, ...], float]:
    """Where the first entry stands that is not 0, and the entry."""
    k = _telling_place(np.ravel(expected))
    return tuple(int(each) for each in np.unravel_index(k, np.shape(expected))), float(np.ravel(expected)[k])


def _bracketed(k: int, shape: tuple[int, ...]) -> str:
    """The k-th entry of an array as an index; nothing for a number."""
    return f"[{_inside(tuple(int(each) for each in np.unravel_index(k, shape)))}]" if shape else ""


def _inside(place: tuple[int, ...]) -> str:
    return ", ".join(map(str, place))


def _is_constant(tree: Tree) -> bool:
    return not any(isinstance(each, Name | Gradient) for each in walk(tree))


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
    number = Number(show(abs(value)), abs(value))
    return Negate(number) if value < 0 else number


def _formula(part: DrillPart, line: str) -> str:
    tree = part.graph.lines[line].tree if line in part.graph.lines else None
    return to_unicode(tree) if tree is not None else line


def _around(part: DrillPart, line: str) -> list[str]:
    if line not in part.graph.lines:
        return [line]
    return [*dict.fromkeys(slot.source for slot in part.graph.lines[line].slots), line]


def _shape(part: DrillPart, name: str) -> tuple[int, ...]:
    return part.run.shapes[part.graph.find(name)]
