"""Answers to `difference`: the measured slope itself, correctly rounded; the exact one is another number."""

from typing import Any

import numpy as np

from tutor.checking.tasks.values import Slip, Wanted, check_value, preview_value
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, TaskQuestion
from tutor.drill.tasks.difference import Difference
from tutor.engine import Run
from tutor.lesson.measuring import exact_slope, measured_slope, nudged
from tutor.text import Message, msg
from tutor.text.numbers import show


def check(drill: Drill, question: TaskQuestion, text: str) -> Verdict:
    """No tolerance: correct rounding to the digits asked for, or more."""
    return check_value(drill, question, text, _wanted(question.task))


def preview(drill: Drill, question: TaskQuestion, text: str) -> Preview:
    """The number as it was understood."""
    return preview_value(drill, question, text, _wanted(question.task))


def hints(drill: Drill, question: TaskQuestion) -> list[Message]:
    """What is moved, how a slope is measured, in names, both values at this drill's numbers, the answer."""
    task: Difference = question.task
    run = drill.part_of(question).run
    form = msg("checking.of-shape", shape=question.shape) if question.shape else msg("checking.a-number")
    known: dict[str, object] = {"of": task.of, "wrt": task.wrt, "h": task.h, "form": form, "digits": task.digits}
    # The nudge is called h, unless a node is.
    known["step"] = "ε" if "h" in run.graph.index else "h"
    if task.sides == "two":
        first, rule = msg("checking.hint-difference-two", **known), msg("checking.hint-difference-two-rule", **known)
        names = msg("checking.hint-difference-two-names", **known)
    else:
        first, rule = msg("checking.hint-difference-one", **known), msg("checking.hint-difference-one-rule", **known)
        names = msg("checking.hint-difference-one-names", **known)
    return [first, rule, names, _both_values(task, run), msg("checking.hint-answer", answer=question.typed or "")]


def _both_values(task: Difference, run: Run) -> Message:
    """The two values whose difference counts, for the first entry where there are several."""
    start = np.asarray(run.values[task.wrt])
    place = (0,) * start.ndim
    high, low = task.h, -task.h if task.sides == "two" else 0.0
    name = f"{task.wrt}[{', '.join(map(str, place))}]" if place else task.wrt
    top = (
        f"{task.of}[{', '.join('0' for _ in np.shape(run.values[task.of]))}]" if run.values[task.of].shape else task.of
    )
    return msg(
        "checking.hint-difference-numbers",
        name=name,
        of=top,
        high=f"{start[place] + high:.10g}",
        low=f"{start[place] + low:.10g}",
        above=f"{np.ravel(nudged(run, task.of, task.wrt, place, high))[0]:.10g}",
        below=f"{np.ravel(nudged(run, task.of, task.wrt, place, low))[0]:.10g}",
        apart=show(high - low),
    )


def _wanted(task: Difference) -> Wanted:
    width = 2 * task.h if task.sides == "two" else task.h
    known: dict[str, object] = {"of": task.of, "wrt": task.wrt, "h": task.h, "width": show(width)}

    def other(h: float, sides: Any, factor: float = 1.0) -> Any:
        return lambda run: factor * measured_slope(run, task.of, task.wrt, h, sides)

    slips = [
        Slip(
            "difference:not-divided",
            msg("mistakes.difference-not-divided", **known),
            msg("mistakes.difference-not-divided-idea", **known),
            other(task.h, task.sides, width),
        )
    ]
    if task.sides == "two":
        one_sided = msg("mistakes.difference-one-sided"), msg("mistakes.difference-one-sided-idea", **known)
        half = (
            msg("mistakes.difference-half-the-distance", **known),
            msg("mistakes.difference-half-the-distance-idea", **known),
        )
        slips += [
            Slip("difference:one-sided", *one_sided, other(task.h, "one")),
            Slip("difference:one-sided", *one_sided, other(-task.h, "one")),
            Slip("difference:half-the-distance", *half, other(task.h, "two", 2.0)),
        ]
    else:
        two_sided = msg("mistakes.difference-two-sided"), msg("mistakes.difference-two-sided-idea", **known)
        backward = msg("mistakes.difference-backward"), msg("mistakes.difference-backward-idea", **known)
        slips += [
            Slip("difference:two-sided", *two_sided, other(task.h, "two")),
            Slip("difference:backward", *backward, other(-task.h, "one")),
        ]
    slips += [
        Slip(
            "difference:exact",
            msg("mistakes.difference-exact"),
            msg("mistakes.difference-exact-idea", **known),
            lambda run: exact_slope(run, task.of, task.wrt),
        ),
        Slip(
            "sign",
            msg("mistakes.sign", symbol=f"Δ{task.of}/Δ{task.wrt}"),
            msg("mistakes.sign-idea", symbol=f"Δ{task.of}/Δ{task.wrt}"),
            other(task.h, task.sides, -1.0),
        ),
    ]
    return Wanted(
        at=task.at,
        like=msg("checking.like-variable", wrt=task.wrt),
        node=task.wrt,
        slips=tuple(slips),
        unit=task.unit or None,
    )
