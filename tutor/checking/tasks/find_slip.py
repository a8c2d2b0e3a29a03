"""Answers to `find-slip`: the first variable whose shown gradient is wrong, and its right gradient."""

import re
from dataclasses import dataclass

import numpy as np

from tutor.checking.numbers import check_numbers
from tutor.checking.reading import read, value_at
from tutor.checking.tasks.lines import TypedLine
from tutor.checking.tasks.names import unknown_choice
from tutor.checking.typed import reproduces, typed
from tutor.checking.verdict import Preview, Verdict
from tutor.checking.vocabulary import Vocabulary
from tutor.drill.question import Drill, GradientQuestion, TaskQuestion
from tutor.drill.tasks.find_slip import FindSlip
from tutor.engine import Run
from tutor.expr import EvaluationError, ParseError, Span, normal, to_unicode
from tutor.expr.tree import Gradient
from tutor.mistakes.op_slips import is_op_slip, slip_name
from tutor.text import Message, msg
from tutor.text.numbers import show

_FORM = re.compile(r"\s*(?:[d∂]\w+\s*/\s*)?(∂?[^\W\d]\w*)\s*[=＝:：](?![=＝])\s*")
FEW = 12


@dataclass(frozen=True, slots=True)
class Named:
    """An answer as it was read: the variable, or the line, and what stands behind the `=`."""

    name: str
    value: TypedLine
    span: Span


class Words(Vocabulary):
    """Names for the right gradient; `dz` of every variable that the pass shows right."""

    task: FindSlip

    def _gradient_refused(self, part: Gradient) -> Message | None:
        if part.of is not None:
            return msg("checking.leibniz-not-here", name=part.name)
        if part.wrt in self.question.wrt:
            return msg("checking.gradient-is-the-question", name=part.name)
        if part.wrt in self.task.wrong:
            return msg("checking.slip-in-it", name=part.name)
        return None


def check(drill: Drill, question: TaskQuestion, text: str) -> Verdict:
    """Right with the first wrong variable, or the line that made it wrong, and the right gradient."""
    task: FindSlip = question.task
    named = _read(drill, question, text)
    variable = _variable(task, named.name)
    if variable is None:
        if named.name in task.wrong:
            return Verdict("wrong", msg("checking.slip-further-up", name=named.name))
        return Verdict("wrong", msg("checking.slip-not-here", name=named.name))
    words = _words(drill, task, variable)
    try:
        tree = read(words, named.value.text)
        answer = typed(tree, value_at(words, tree, words.part.run))
        if reproduces(answer, task.shown[variable]):
            return Verdict("wrong", msg("checking.slip-as-shown", name=variable), None, task.line)
        if named.name != variable and reproduces(answer, task.shown[named.name]):
            return Verdict("wrong", msg("checking.slip-not-here", name=named.name))
        verdict = check_numbers(words, tree, {})
    except ParseError as error:
        raise named.value.unreadable(error) from None
    except EvaluationError as error:
        raise EvaluationError(error.message, named.value.moved(error.span) or error.span) from None
    if verdict.kind == "right":
        said = msg("checking.slip-found", name=variable, line=task.line, slip=_slip(task))
        return Verdict("right", said, None, task.line, exact=verdict.exact)
    return named.value.placed(verdict)


def preview(drill: Drill, question: TaskQuestion, text: str) -> Preview:
    """The variable and the value as they are understood."""
    task: FindSlip = question.task
    named = _read(drill, question, text)
    if not named.value.text.strip():
        return Preview(message=msg("checking.slip-gradient-next", name=named.name))
    variable = _variable(task, named.name) or (named.name if named.name in task.shown else next(iter(task.shown)))
    words = _words(drill, task, variable)
    try:
        tree = read(words, named.value.text)
        value = value_at(words, tree, words.part.run)
    except (ParseError, EvaluationError) as error:
        return Preview(message=error.message, span=named.value.moved(error.span))
    return Preview(f"d{variable} = {to_unicode(tree)}", tuple(np.shape(value)), value)


def hints(drill: Drill, question: TaskQuestion) -> list[Message]:
    """How to go about it, the rule that finds it, how far it is right, the line with its numbers, the answer."""
    task: FindSlip = question.task
    part = drill.part_of(question)
    first = task.first[0]
    names = list(task.shown)
    good = names[: names.index(first)]
    line = part.graph.lines[task.line]
    formula = to_unicode(line.tree) if line.tree is not None else task.line
    values = [f"{name} = {_brief(part.run, name)}" for name in dict.fromkeys(slot.source for slot in line.slots)]
    return [
        msg("checking.hint-slip", count=len(names)),
        msg("checking.hint-slip-rule"),
        msg("checking.hint-slip-good", names=[f"d{name}" for name in good]),
        msg(
            "checking.hint-slip-line",
            line=task.line,
            formula=formula,
            up=show(task.shown[task.line]) if np.size(task.shown[task.line]) <= FEW else f"d{task.line}",
            values=values,
        ),
        msg("checking.hint-answer", answer=question.typed or "-"),
    ]


def _read(drill: Drill, question: TaskQuestion, text: str) -> Named:
    """`z = [[1], [2]]`, also `dz = ...`; raises ParseError for another form and for names that are not there."""
    graph = drill.part_of(question).graph
    head = _FORM.match(text)
    if head is None:
        raise ParseError(msg("checking.slip-form"), Span(0, len(text)))
    name, span = normal(head.group(1)), Span(*head.span(1))
    known = [*graph.lines, *graph.inputs]
    if name not in known and name[:1] in ("d", "∂") and name[1:] in known:
        name = name[1:]
    if name not in known:
        raise ParseError(unknown_choice(name, known), span)
    return Named(name, TypedLine(1, text, 0).behind(head.end()), span)


def _variable(task: FindSlip, name: str) -> str | None:
    """The variable meant: one that the slip made wrong, or, by the line that made it, the first of these."""
    if name in task.answers:
        return name
    return task.first[0] if name == task.line else None


def _slip(task: FindSlip) -> Message:
    return slip_name(task.slip) if is_op_slip(task.slip) else msg("mistakes.sign")


def _words(drill: Drill, task: FindSlip, variable: str) -> Words:
    question = task.answers.get(variable) or _any_answer(task)
    words = Words(drill, question)
    words.task = task
    return words


def _any_answer(task: FindSlip) -> GradientQuestion:
    return next(iter(task.answers.values()))


def _brief(run: Run, name: str) -> str:
    value = run.values[name]
    return show(value) if np.size(value) <= FEW else str(tuple(np.shape(value)))
