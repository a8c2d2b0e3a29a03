"""A wrong gradient against the graph itself: nudge one entry and see what really happens."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.checking.reading import read, value_at
from tutor.checking.vocabulary import Vocabulary
from tutor.drill.question import Drill, DrillPart, GradientQuestion, Question
from tutor.expr import EvaluationError, ParseError
from tutor.text import Message, msg
from tutor.text.numbers import show

NUDGE = 1e-3
LEAST = 0.05  # entries that differ by less than this part of the largest would not convince


@dataclass(frozen=True, slots=True)
class Nudged:
    """An input's entry that was moved, how the output moved, and how the learner's gradient says it would."""

    entry: str
    by: float
    rose: float
    predicted: float


def witness(drill: Drill, question: Question, text: str) -> Message | None:
    """What a nudge shows about a wrong total gradient of an input; None where a nudge shows nothing."""
    if not isinstance(question, GradientQuestion) or question.kind not in ("total", "formula"):
        return None
    part = drill.part_of(question)
    if len(question.wrt) != 1 or question.wrt[0] not in part.graph.inputs or question.convention != "shape":
        return None
    words = Vocabulary(drill, question)
    try:
        given = np.asarray(value_at(words, read(words, text), part.run))
    except (ParseError, EvaluationError):
        return None
    if given.size != question.expected.size:
        return None
    nudged = _nudged(part, question, given.reshape(np.shape(question.expected)))
    if nudged is None:
        return None
    return msg(
        "checking.witness",
        entry=nudged.entry,
        by=nudged.by,
        rose=_signed(nudged.rose),
        predicted=_signed(nudged.predicted),
    )


def _nudged(part: DrillPart, question: GradientQuestion, given: NDArray[np.float64]) -> Nudged | None:
    """The entry at which the answer is furthest off, moved a little."""
    difference = np.abs(given - question.expected)
    scale = float(np.max(np.abs(question.expected), initial=1e-12))
    place = tuple(int(k) for k in np.unravel_index(int(np.argmax(difference)), difference.shape))
    if difference[place] < LEAST * scale:
        return None
    name = question.wrt[0]
    numbers = {key: np.array(value, dtype=np.float64) for key, value in part.draw.numbers.items()}
    numbers[name][place] += NUDGE
    moved = part.graph.run(numbers, part.draw.upstream)
    seeds = part.run.seeds
    rose = sum(float(np.sum((moved.node_values[k] - part.run.node_values[k]) * seed)) for k, seed in seeds.items())
    entry = f"{name}[{', '.join(map(str, place))}]" if place else name
    return Nudged(entry, NUDGE, rose, float(given[place]) * NUDGE)


def _signed(change: float) -> Message:
    if change >= 0:
        return msg("checking.rise", by=show(change))
    return msg("checking.fall", by=show(-change))
