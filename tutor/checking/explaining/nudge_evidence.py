"""A wrong gradient against the graph itself: nudge one entry and see what really happens."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.typed_text import read, value_at
from tutor.drill.notation import entry_symbol
from tutor.drill.question import Drill, DrillPart, Entered, GradientQuestion, Question
from tutor.engine.numeric_gradient import value_with_slot, values_with
from tutor.expr import EvaluationError, ParseError
from tutor.mistakes.target import local
from tutor.text import Message, msg
from tutor.text.number_format import format_value

NUDGE = 1e-3
LEAST = 0.05  # entries that differ by less than this part of the largest would not convince

Array = NDArray[np.float64]


def nudge_evidence(drill: Drill, question: Question, text: str) -> Message | None:
    """What a nudge shows about a wrong gradient; None where a nudge shows nothing.

    For `total`, `upstream`, `formula`, `downstream` and a `local` gradient given entry by entry.
    """
    if not isinstance(question, GradientQuestion) or len(question.wrt) != 1 or question.convention != "shape":
        return None
    way = _WAYS.get(question.target.kind)
    if way is None or question.entered is Entered.SHAPE:
        return None
    part = drill.part_of(question)
    scope = AnswerScope(drill, question)
    try:
        given = np.asarray(value_at(scope, read(scope, text), part.run))
    except (ParseError, EvaluationError):
        return None
    if given.size != np.size(question.expected):
        return None
    return way(part, question, given.reshape(np.shape(question.expected)))


def _of_node(part: DrillPart, question: GradientQuestion, given: Array) -> Message | None:
    """Move an entry of an input or a line, and look at the output."""
    run, name = part.run, question.line
    node = part.graph.find(name)

    def rise(moved: Any, _: tuple[int, ...]) -> float:
        values = values_with(run, {node: moved})
        return sum(float(np.sum((values[k] - run.node_values[k]) * seed)) for k, seed in run.seeds.items())

    return _told("checking.witness", name, run.node_values[node], given, question.expected, rise)


def _of_slot(part: DrillPart, question: GradientQuestion, given: Array) -> Message | None:
    """Move an entry of what goes into one line alone, and look at what that line does to the output."""
    run, graph, of = part.run, part.graph, question.target.of or ""
    chain = question.target.chain(graph)
    up = run.total(graph.find(of))

    def rise(moved: Any, _: tuple[int, ...]) -> float:
        return float(np.sum(up * (value_with_slot(run, chain, moved) - run.values[of])))

    value = run.node_values[graph.arguments[chain[-1][0]][chain[-1][1]]]
    alone = len(graph.uses(question.wrt[0].partition("#")[0])) > 1
    id = "checking.witness-slot" if alone else "checking.witness"
    return _told(id, question.wrt[0], value, given, question.expected, rise, of)


def _of_line(part: DrillPart, question: GradientQuestion, given: Array) -> Message | None:
    """Move an entry of what goes into a line, and look at the same entry of the line."""
    run, graph, of = part.run, part.graph, question.target.of or ""
    chain = question.target.chain(graph)
    value = run.node_values[graph.arguments[chain[-1][0]][chain[-1][1]]]
    if not np.shape(local(run, question.target)) == np.shape(run.values[of]) == np.shape(value):
        return None

    def rise(moved: Any, place: tuple[int, ...]) -> float:
        return float(np.asarray(value_with_slot(run, chain, moved) - run.values[of])[place])

    return _told("checking.witness-line", question.wrt[0], value, given, question.expected, rise, of)


_WAYS = {"total": _of_node, "upstream": _of_node, "downstream": _of_slot, "local": _of_line}


def _told(
    id: str,
    name: str,
    value: Any,
    given: Array,
    expected: Any,
    rise: Callable[[Any, tuple[int, ...]], float],
    of: str = "",
) -> Message | None:
    """The entry at which the answer is furthest off, moved a little: what happened, and what the answer predicts."""
    with np.errstate(all="ignore"):
        difference = np.abs(given - expected)
    scale = float(np.max(np.abs(expected), initial=1e-12))
    place = tuple(int(k) for k in np.unravel_index(int(np.argmax(difference)), difference.shape))
    if difference[place] < LEAST * scale:
        return None
    moved = np.array(value, dtype=np.float64)
    moved[place] += NUDGE
    with np.errstate(all="ignore"):
        rose = rise(moved if moved.shape else np.float64(moved), place)
    if not np.isfinite(rose):
        return None
    known = {"entry": entry_symbol(name, place), "by": NUDGE, "of": of}
    return Message(id, {**known, "rose": _signed(rose), "predicted": _signed(float(given[place]) * NUDGE)})


def _signed(change: float) -> Message:
    if change >= 0:
        return msg("checking.rise", by=format_value(change))
    return msg("checking.fall", by=format_value(-change))
