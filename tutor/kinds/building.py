"""From a lesson and a seed to a drill."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np

from tutor.drill.question import Drill, DrillPart, Question
from tutor.drill.runs import discriminating_draw, run_at
from tutor.kinds.all import asked
from tutor.kinds.kind import Asked, kind_named, telling_targets
from tutor.lesson.model import Draw, Lesson, Part
from tutor.lesson.numbers.draws import draw


@np.errstate(all="ignore")  # what is not finite is told by `check`, not by warnings among the questions
def build(lesson: Lesson, seed: int, drawn: tuple[Draw, ...] | None = None) -> Drill:
    """The drill of a lesson at a seed; `drawn` are numbers kept from before, one draw a part."""
    parts = []
    questions: list[Question] = []
    for number, part in enumerate(lesson.parts):
        numbers = drawn[number] if drawn is not None else _numbers(part, seed)
        run = run_at(part, numbers)
        parts.append(DrillPart(part, run.graph, numbers, run))
        nth: Counter[str] = Counter()
        for k, ask in enumerate(asked(part, run)):
            nth[ask.kind] += 1
            worked = k < part.worked
            context: Asked[Any] = Asked(lesson, part, numbers, run, ask, number, nth[ask.kind], worked, seed)
            questions.append(kind_named(ask.kind).build(context))
    return Drill(lesson, seed, tuple(parts), tuple(_numbered(questions)))


def _numbers(part: Part, seed: int) -> Draw:
    """A draw at which the mistakes show in what is asked."""
    run = run_at(part, draw(part, seed))
    return discriminating_draw(part, seed, [target for _, target in telling_targets(part, asked(part, run))])


def _numbered(questions: list[Question]) -> list[Question]:
    """The same question a second time has ` #2` behind its id."""
    seen: Counter[str] = Counter()
    numbered = []
    for question in questions:
        seen[question.id] += 1
        again = seen[question.id]
        numbered.append(replace(question, id=f"{question.id} #{again}") if again > 1 else question)
    return numbered
