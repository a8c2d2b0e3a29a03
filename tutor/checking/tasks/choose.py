"""Answers to `choose`: the number of an option, or the option itself."""

import re

import numpy as np

from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, TaskQuestion
from tutor.drill.tasks.choose import Choose
from tutor.expr import ParseError, Span, normal
from tutor.text import LANGUAGES, Message, msg
from tutor.text.numbers import show

_NUMBER = re.compile(r"[(\[]?\s*(\d{1,9})\s*[.)\]]?")
FEW = 6


def check(drill: Drill, question: TaskQuestion, text: str) -> Verdict:
    """Right or wrong with the option's own explanation; a number that is no option is free."""
    task: Choose = question.task
    chosen = _read(task, text)
    why = task.why[chosen - 1] if task.why else None
    if chosen == task.right:
        return Verdict("right", msg("checking.right") if why is None else msg("checking.right-why", why=why))
    return Verdict("wrong", msg("checking.wrong") if why is None else msg("checking.wrong-why", why=why))


def preview(drill: Drill, question: TaskQuestion, text: str) -> Preview:
    """The chosen option, so that nobody picks the neighbour by accident; where it is translated, its number."""
    task: Choose = question.task
    chosen = _read(task, text)
    option = task.options[chosen - 1]
    return Preview(f"{chosen}: {option.en}" if option.zh in (None, option.en) else str(chosen))


def hints(drill: Drill, question: TaskQuestion) -> list[Message]:
    """How to choose, one or two options less where enough are left, this drill's numbers to try, the answer."""
    task: Choose = question.task
    part = drill.part_of(question)
    wrong = [number for number in range(1, len(task.options) + 1) if number != task.right]
    few = [name for name in (*part.graph.inputs, *part.graph.order) if np.size(part.run.values[name]) <= FEW]
    values = [f"{name} = {show(part.run.values[name])}" for name in few]
    third = (
        msg("checking.hint-choose-not", text=task.options[wrong[0] - 1])
        if len(wrong) > 1
        else msg("checking.hint-choose-small")
    )
    return [
        msg("checking.hint-choose"),
        msg("checking.hint-choose-rule"),
        third,
        msg("checking.hint-choose-numbers", values=values or list(part.graph.order)),
        msg("checking.hint-answer", answer=question.typed or ""),
    ]


def _read(task: Choose, text: str) -> int:
    """The number of the option; raises ParseError for what is none."""
    said = normal(text).strip()
    number = _NUMBER.fullmatch(said)
    if number is not None and 1 <= int(number.group(1)) <= len(task.options):
        return int(number.group(1))
    for place, option in enumerate(task.options, start=1):
        if said.casefold() in {option.in_(language).strip().casefold() for language in LANGUAGES}:
            return place
    raise ParseError(msg("checking.option-wanted", count=len(task.options)), Span(0, len(text)))
