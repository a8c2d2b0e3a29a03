"""Answers to `update`: a parameter after one step of gradient descent, judged by how far it moved."""

from typing import Any

import numpy as np

from tutor.checking.tasks.values import Slip, Wanted, check_value, preview_value
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, TaskQuestion
from tutor.drill.tasks.update import Update
from tutor.engine import Run
from tutor.text import Message, msg
from tutor.text.numbers import show

FEW = 12


def check(drill: Drill, question: TaskQuestion, text: str) -> Verdict:
    """Within the lesson's tolerance of the change, not of the value: the old value is never close enough."""
    return check_value(drill, question, text, _wanted(drill, question))


def preview(drill: Drill, question: TaskQuestion, text: str) -> Preview:
    """The new value as it was understood."""
    return preview_value(drill, question, text, _wanted(drill, question))


def hints(drill: Drill, question: TaskQuestion) -> list[Message]:
    """Which way, how far, in names, with numbers, the answer."""
    task: Update = question.task
    run = drill.part_of(question).run
    value, gradient = run.values[task.of], run.gradients[task.of]
    form = msg("checking.of-shape", shape=question.shape) if question.shape else msg("checking.a-number")
    known: dict[str, object] = {"name": task.of, "rate": task.rate}
    few = np.size(value) <= FEW
    numbers = msg(
        "checking.hint-update-numbers",
        value=show(value) if few else str(question.shape),
        gradient=show(gradient) if few else show(np.ravel(gradient)[:FEW]),
        **known,
    )
    return [
        msg("checking.hint-update", form=form, **known),
        msg("checking.hint-update-rule"),
        msg("checking.hint-update-names", **known),
        numbers,
        msg("checking.hint-answer", answer=question.typed or ""),
    ]


def _wanted(drill: Drill, question: TaskQuestion) -> Wanted:
    task: Update = question.task

    def value(run: Run) -> Any:
        return run.values[task.of]

    def step(run: Run) -> Any:
        return task.rate * run.gradients[task.of]

    known: dict[str, object] = {"name": task.of, "rate": task.rate}
    slips = (
        Slip(
            "update:ascent",
            msg("mistakes.update-ascent"),
            msg("mistakes.update-ascent-idea", **known),
            lambda run: value(run) + step(run),
        ),
        Slip(
            "update:rate-forgotten",
            msg("mistakes.update-rate-forgotten"),
            msg("mistakes.update-rate-forgotten-idea", **known),
            lambda run: value(run) - run.gradients[task.of],
        ),
        Slip(
            "update:step-alone",
            msg("mistakes.update-step-alone"),
            msg("mistakes.update-step-alone-idea", **known),
            lambda run: -step(run),
        ),
        Slip(
            "update:rate-alone",
            msg("mistakes.update-rate-alone"),
            msg("mistakes.update-rate-alone-idea", **known),
            lambda run: value(run) - task.rate,
        ),
    )
    return Wanted(
        at=task.at,
        like=msg("checking.like-variable", wrt=task.of),
        node=task.of,
        slips=slips,
        tolerance=drill.lesson.tolerance,
        start=value,
        gradients=True,
    )
