"""Answers to `tangent`: the directional derivative, carried forward with the values."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from tutor.checking.tasks.values import Slip, Wanted, check_value, preview_value
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, TaskQuestion
from tutor.drill.tasks.tangent import Tangent, clock
from tutor.engine import Graph, Run, Slot
from tutor.text import Message, msg
from tutor.text.numbers import show

FEW = 12
NUDGE = 0.1


def check(drill: Drill, question: TaskQuestion, text: str) -> Verdict:
    """As for gradients: correct rounding, or the lesson's tolerance."""
    return check_value(drill, question, text, _wanted(drill, question))


def preview(drill: Drill, question: TaskQuestion, text: str) -> Preview:
    """The numbers as they were understood."""
    return preview_value(drill, question, text, _wanted(drill, question))


def hints(drill: Drill, question: TaskQuestion) -> list[Message]:
    """What moves, how motion is passed on, at the output in names, with numbers, the answer."""
    task: Tangent = question.task
    run = drill.part_of(question).run
    graph, of = run.graph, run.graph.outputs[0]
    form = msg("checking.of-shape", shape=question.shape) if question.shape else msg("checking.a-number")
    t = clock(graph.index)
    direction = [f"d{name}/d{t} = {show(value)}" for name, value in task.along.items()]
    slots = [slot for slot in graph.lines[of].slots if slot.source in run.gradients]
    terms = " + ".join(f"∂{of}/∂{slot.label} · d{slot.source}/d{t}" for slot in slots)
    return [
        msg("checking.hint-tangent", of=of, direction=direction, form=form),
        msg("checking.hint-tangent-rule", t=t),
        msg("checking.hint-tangent-names", symbol=question.symbol, terms=terms),
        _numbers(run, task, slots, t),
        msg("checking.hint-answer", answer=question.typed or ""),
    ]


def _numbers(run: Run, task: Tangent, slots: list[Slot], t: str) -> Message:
    """The pieces of the last line's sum; where one piece is the whole answer, what a step in the direction does."""
    graph, of = run.graph, run.graph.outputs[0]
    tangents = run.tangents(task.along)
    arriving = {slot.source: tangents[slot.source] for slot in slots}
    locals_ = {slot.label: _local(run, graph, of, slot) for slot in slots}
    pieces = (*arriving.values(), *locals_.values())
    whole = any(
        np.size(value) == np.size(task.expected) and np.allclose(np.ravel(value), np.ravel(task.expected))
        for value in pieces
    )
    if whole or any(np.size(value) > FEW for value in arriving.values()):
        moves = show(NUDGE * task.expected) if task.expected.size <= FEW else show(NUDGE * np.ravel(task.expected)[:3])
        return msg("checking.hint-tangent-step", by=NUDGE, of=of, moves=moves)
    shown = [f"d{name}/d{t} = {show(value)}" for name, value in arriving.items()]
    shown += [f"∂{of}/∂{label} = {show(value)}" for label, value in locals_.items()]
    return msg("checking.hint-tangent-numbers", values=shown)


def _local(run: Run, graph: Graph, of: str, slot: Slot) -> Any:
    local = run.local_along(slot.chain)
    return local if np.size(local) > 1 else np.ravel(local)[0]


def _wanted(drill: Drill, question: TaskQuestion) -> Wanted:
    task: Tangent = question.task
    return Wanted(
        at=task.at,
        like=msg("checking.like-variable", wrt=drill.part_of(question).graph.outputs[0]),
        node=drill.part_of(question).graph.outputs[0],
        slips=tuple(_slips(task, question.symbol)),
        tolerance=drill.lesson.tolerance,
    )


def _slips(task: Tangent, symbol: str) -> Iterator[Slip]:
    names = list(task.along)
    direction = [f"{name}: {show(value)}" for name, value in task.along.items()]
    reverse = msg("mistakes.tangent-reverse"), msg("mistakes.tangent-reverse-idea", direction=direction, names=names)
    if all(np.size(value) == 1 for value in task.along.values()):
        yield Slip("tangent:reverse", *reverse, lambda run: _gradients(run, names))
    yield Slip("tangent:reverse", *reverse, lambda run: _along_ones(run, names))
    for name in names if len(names) > 1 else ():
        one = msg("mistakes.tangent-one-input", name=name), msg("mistakes.tangent-one-input-idea", names=names)
        yield Slip("tangent:one-input", *one, _part_of(task, name))
    for name in names:
        yield Slip("tangent:reverse", *reverse, _gradient_of(name))
    sign = msg("mistakes.sign", symbol=symbol), msg("mistakes.sign-idea", symbol=symbol)
    yield Slip("sign", *sign, lambda run: -task.at(run))


def _gradients(run: Run, names: list[str]) -> Any:
    """The derivatives with respect to several numbers, side by side."""
    rows = [run.jacobian(run.graph.outputs[0], name)[:, 0] for name in names]
    return np.stack(rows, axis=-1).reshape((*np.shape(run.values[run.graph.outputs[0]]), len(names)))


def _along_ones(run: Run, names: list[str]) -> Any:
    """All gradients added up, as if everything moved at speed 1."""
    return run.tangents({name: np.ones(np.shape(run.values[name])) for name in names})[run.graph.outputs[0]]


def _part_of(task: Tangent, name: str) -> Any:
    return lambda run: run.tangents({name: task.along[name]})[run.graph.outputs[0]]


def _gradient_of(name: str) -> Any:
    """The gradient with respect to one input, in its shape."""

    def produce(run: Run) -> Any:
        matrix = run.jacobian(run.graph.outputs[0], name)
        return matrix.reshape(np.shape(run.values[name])) if matrix.shape[0] == 1 else matrix

    return produce
