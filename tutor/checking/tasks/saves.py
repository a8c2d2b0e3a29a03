"""Answers to `saves`: a smallest set of values from which the backward rule can be computed."""

from collections.abc import Sequence

import numpy as np

from tutor.checking.tasks.names import read_choice
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, DrillPart, TaskQuestion
from tutor.drill.tasks.saves import Saves
from tutor.expr import to_unicode
from tutor.text import Message, msg
from tutor.text.numbers import show

FEW = 6


def check(drill: Drill, question: TaskQuestion, text: str) -> Verdict:
    """Right if the set is enough and no smaller one is; wrong says which of the two fails, and how."""
    task: Saves = question.task
    names = read_choice(text, task.saving.names)
    if not task.saving.suffices(names):
        if names:
            return Verdict("wrong", msg("checking.saves-too-little", names=names, wrt=task.wrt, of=task.of))
        return Verdict("wrong", msg("checking.saves-nothing", wrt=task.wrt, of=task.of))
    if len(names) == len(task.saving.smallest[0]):
        return Verdict("right", _right(task, names))
    spare = [name for name in names if task.saving.suffices(each for each in names if each != name)]
    if spare:
        return Verdict("wrong", msg("checking.saves-spare", name=spare[0]))
    return Verdict("wrong", msg("checking.saves-smaller", count=len(names)))


def _right(task: Saves, names: Sequence[str]) -> Message:
    """Right; where another set as small is enough too, with that set."""
    others = [each for each in task.saving.smallest if set(each) != set(names)]
    if not others:
        return msg("checking.right")
    return msg("checking.right-saves", other=list(others[0]))


def preview(drill: Drill, question: TaskQuestion, text: str) -> Preview:
    """The set as it was read."""
    return Preview("{" + ", ".join(read_choice(text, question.task.saving.names)) + "}")


def hints(drill: Drill, question: TaskQuestion) -> list[Message]:
    """What is kept and why, the op's rule, the line to differentiate, its numbers and how many suffice, the answer."""
    task: Saves = question.task
    part = drill.part_of(question)
    known: dict[str, object] = {"of": task.of, "wrt": task.wrt}
    line = task.of if task.of in part.graph.lines else task.of.partition(".")[0]
    tree = part.graph.lines[line].tree
    values = [f"{name} = {_shown(part, name)}" for name in task.saving.names]
    numbers = msg("checking.hint-saves-numbers", values=values, **known)
    fewest = len(task.saving.smallest[0])
    if 0 < fewest < len(task.saving.names):  # otherwise the number is the answer
        numbers = msg("checking.two-sentences", first=numbers, second=msg("checking.hint-saves-count", count=fewest))
    return [
        msg("checking.hint-saves", names=list(task.saving.names), **known),
        _rule(part, task),
        msg("checking.hint-saves-line", line=line, formula=line if tree is None else to_unicode(tree), **known),
        numbers,
        msg("checking.hint-answer", answer=question.typed or ""),
    ]


def _rule(part: DrillPart, task: Saves) -> Message:
    """The rule of the op at the slot, or of the first above it that does more than pass on."""
    chain = part.graph.chain(task.of, task.wrt)
    ops = [op for op in (part.graph.ops[node] for node, _ in reversed(chain)) if op is not None]
    return Message(next((op for op in ops if op.telling), ops[0]).rule)


def _shown(part: DrillPart, name: str) -> str:
    value = part.run.values[name]
    return show(value) if np.size(value) <= FEW else str(tuple(np.shape(value)))
