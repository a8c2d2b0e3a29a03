"""Answers to `predict`: names, before anything is computed."""

import numpy as np

from tutor.checking.tasks.names import read_choice
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, DrillPart, TaskQuestion
from tutor.drill.tasks.predict import Predict
from tutor.expr import to_unicode
from tutor.text import Message, msg
from tutor.text.numbers import show

MOST_RULES = 3
FEW = 6


def check(drill: Drill, question: TaskQuestion, text: str) -> Verdict:
    """All names whose gradient is 0, or one that has the largest; what is said is about the names given alone."""
    task: Predict = question.task
    names = read_choice(text, task.names)
    wrong = [name for name in names if name not in task.right]
    if task.largest:
        if names and not wrong:
            return Verdict("right", msg("checking.right"))
        if len(names) == 1:
            return Verdict("wrong", msg("checking.predict-another", name=names[0]))
        return Verdict("wrong", msg("checking.predict-one", names=list(task.names)))
    if wrong:
        return Verdict("wrong", msg("checking.predict-moves", name=wrong[0]))
    if len(names) < len(task.right):
        return Verdict("wrong", msg("checking.predict-more") if names else msg("checking.predict-not-none"))
    return Verdict("right", msg("checking.right"))


def preview(drill: Drill, question: TaskQuestion, text: str) -> Preview:
    """The names as they were read."""
    return Preview(", ".join(read_choice(text, question.task.names)) or "∅")


def hints(drill: Drill, question: TaskQuestion) -> list[Message]:
    """What is compared, the rules of the gates, the lines to look at, their numbers, the answer."""
    task: Predict = question.task
    part = drill.part_of(question)
    lines = _lines(part, task.names)
    first = (
        msg("checking.hint-predict-largest", names=list(task.names))
        if task.largest
        else msg("checking.hint-predict-zero", names=list(task.names))
    )
    formulas = [f"{line} = {to_unicode(tree)}" for line in lines if (tree := part.graph.lines[line].tree) is not None]
    values = [f"{name} = {_shown(part, name)}" for name in _around(part, lines)]
    return [
        first,
        msg("checking.hint-predict-rules", rules=_rules(part, lines)),
        msg("checking.hint-predict-lines", lines=formulas),
        msg("checking.hint-predict-numbers", values=values),
        msg("checking.hint-answer", answer=question.typed or ""),
    ]


def _lines(part: DrillPart, names: tuple[str, ...]) -> list[str]:
    """The lines through which these names reach an output, in the order of the forward pass."""
    found: set[str] = set()
    left = [name.partition(".")[0] for name in names]
    while left:
        for line, _ in part.graph.uses(left.pop()):
            if line not in found:
                found.add(line)
                left.append(line)
    return [line for line in part.graph.order if line in found] or list(part.graph.outputs)


def _rules(part: DrillPart, lines: list[str]) -> Message:
    """What a teacher would say about the gates on the way; sums and copies last, they only pass on."""
    chains = [node for line in lines for slot in part.graph.lines[line].slots for node, _ in slot.chain]
    ops = {op.name: op for op in (part.graph.ops[node] for node in chains) if op is not None}
    telling = sorted(ops.values(), key=lambda op: op.telling < 2)
    first, *others = (Message(op.rule) for op in telling[:MOST_RULES])
    for other in others:
        first = msg("checking.two-sentences", first=first, second=other)
    return first


def _around(part: DrillPart, lines: list[str]) -> list[str]:
    used = [slot.source for line in lines for slot in part.graph.lines[line].slots]
    return list(dict.fromkeys([*used, *lines]))


def _shown(part: DrillPart, name: str) -> str:
    value = part.run.values[name]
    return show(value) if np.size(value) <= FEW else f"{show(np.ravel(value)[:3])[:-1]}, ...]"
