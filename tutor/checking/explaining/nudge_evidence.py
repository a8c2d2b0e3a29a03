"""A wrong gradient against the graph itself: nudge one entry and see what really happens."""

from collections.abc import Callable
from itertools import pairwise
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
    """What a nudge shows about a wrong gradient; None where a nudge shows nothing."""
    if not isinstance(question, GradientQuestion) or question.entered is Entered.SHAPE:
        return None
    scope = AnswerScope(drill, question)
    try:
        given = np.asarray(value_at(scope, read(scope, text), scope.part.run))
    except (ParseError, EvaluationError):
        return None
    return witness(scope.part, question, given, LEAST) if given.size == np.size(question.expected) else None


def witness(part: DrillPart, question: GradientQuestion, given: Array, least: float = 0.0) -> Message | None:
    """What a nudge shows about wrong numbers, as many as asked for; None where it shows nothing or too little.

    `least` is the part of the largest entry by which an answer must be off to convince.
    """
    expected, target = np.asarray(question.expected), question.target
    if target.kind == "jacobian" or (target.kind == "local" and not _is_entrywise(part, question)):
        return _of_matrix(part, question, given.reshape(expected.shape), least)
    if len(question.wrt) > 1:
        ends = np.cumsum([np.size(part.run.values[name]) for name in question.wrt])
        pieces = zip(np.split(given.ravel(), ends[:-1]), np.split(expected.ravel(), ends[:-1]), strict=True)
        off = [float(np.max(np.abs(mine - right), initial=0.0)) for mine, right in pieces]
        most = int(np.argmax(off))
        start, end = [0, *ends.tolist()][most : most + 2]
        return _of_node(part, question, given.ravel()[start:end], expected.ravel()[start:end], least, most)
    if target.kind == "path":
        return _of_path(part, question, given, expected, least)
    return _WAYS[target.kind](part, question, given, expected, least)


def _of_node(
    part: DrillPart, question: GradientQuestion, given: Array, expected: Array, least: float, k: int = 0
) -> Message | None:
    """Move an entry of an input or a line, and look at the output."""
    run = part.run
    name = question.line if len(question.wrt) == 1 else question.wrt[k]
    node = part.graph.find(name)

    def rise(moved: Any, _: tuple[int, ...]) -> float:
        values = values_with(run, {node: moved})
        return sum(float(np.sum((values[k] - run.node_values[k]) * seed)) for k, seed in run.seeds.items())

    return _told("checking.witness", name, run.node_values[node], given, expected, rise, least)


def _of_slot(
    part: DrillPart, question: GradientQuestion, given: Array, expected: Array, least: float
) -> Message | None:
    """Move an entry of what goes into one line alone, and look at what that line does to the output."""
    run, graph, of = part.run, part.graph, question.target.of or ""
    chain = question.target.chain(graph)
    up = run.total(graph.find(of))

    def rise(moved: Any, _: tuple[int, ...]) -> float:
        return float(np.sum(up * (value_with_slot(run, chain, moved) - run.values[of])))

    value = run.node_values[graph.arguments[chain[-1][0]][chain[-1][1]]]
    alone = len(graph.uses(question.wrt[0].partition("#")[0])) > 1
    id = "checking.witness-slot" if alone else "checking.witness"
    return _told(id, question.wrt[0], value, given, expected, rise, least, of)


def _of_path(
    part: DrillPart, question: GradientQuestion, given: Array, expected: Array, least: float
) -> Message | None:
    """Move an entry at the start of a path, hand on along the path alone, and look at its end."""
    run, graph, name = part.run, part.graph, question.wrt[0]
    names = [name, *question.target.path]
    steps = [[slot.chain for line, slot in graph.uses(low) if line == top] for low, top in pairwise(names)]
    if any(len(chains) != 1 for chains in steps):
        return None
    up = run.total(graph.find(names[-1]))

    def rise(moved: Any, _: tuple[int, ...]) -> float:
        for (chain,) in steps:
            moved = value_with_slot(run, chain, moved)
        return float(np.sum(up * (moved - run.values[names[-1]])))

    return _told("checking.witness-path", name, run.values[name], given, expected, rise, least, " → ".join(names))


def _of_line(
    part: DrillPart, question: GradientQuestion, given: Array, expected: Array, least: float
) -> Message | None:
    """Move an entry of what goes into a line, and look at the same entry of the line."""
    run, graph, of = part.run, part.graph, question.target.of or ""
    chain = question.target.chain(graph)
    value = run.node_values[graph.arguments[chain[-1][0]][chain[-1][1]]]

    def rise(moved: Any, place: tuple[int, ...]) -> float:
        return float(np.asarray(value_with_slot(run, chain, moved) - run.values[of])[place])

    return _told("checking.witness-line", question.wrt[0], value, given, expected, rise, least, of)


def _is_entrywise(part: DrillPart, question: GradientQuestion) -> bool:
    graph, target = part.graph, question.target
    node, k = target.chain(graph)[-1]
    moved: tuple[int, ...] = np.shape(part.run.node_values[graph.arguments[node][k]])
    return moved == tuple(np.shape(local(part.run, target))) == part.run.shapes[graph.find(target.of or "")]


def _of_matrix(part: DrillPart, question: GradientQuestion, given: Array, least: float) -> Message | None:
    """Move an entry of the input, the column, and look at an entry of the output, the row."""
    run, graph, target = part.run, part.graph, question.target
    of, top = target.of or "", graph.find(target.of or "")
    if target.kind == "local":
        chain = target.chain(graph)
        value = run.node_values[graph.arguments[chain[-1][0]][chain[-1][1]]]
    else:
        value = run.values[target.wrt[0]]
    value, expected = np.asarray(value), np.asarray(question.expected)
    if expected.size != np.size(run.node_values[top]) * value.size:
        return None
    table, right = given.reshape(-1, value.size), expected.reshape(-1, value.size)
    row, column = (int(k) for k in np.unravel_index(int(np.argmax(np.abs(table - right))), table.shape))
    place = tuple(int(k) for k in np.unravel_index(column, value.shape))
    out = tuple(int(k) for k in np.unravel_index(row, np.shape(run.node_values[top])))

    def rise(moved: Any, _: tuple[int, ...]) -> float:
        if target.kind == "local":
            after = value_with_slot(run, chain, moved)
        else:
            after = values_with(run, {graph.find(target.wrt[0]): moved})[top]
        return float(np.asarray(after - run.node_values[top])[out])

    # Only this entry is looked at: the others of its row are as if they were right.
    mine, wanted = np.zeros(value.shape), np.zeros(value.shape)
    mine[place], wanted[place] = table[row, column], right[row, column]
    scale = float(np.max(np.abs(expected), initial=1e-12))
    told = _told("checking.witness-line", target.wrt[0], value, mine, wanted, rise, 0.0, entry_symbol(of, out))
    return told if abs(mine[place] - wanted[place]) >= least * scale else None


_WAYS = {"total": _of_node, "upstream": _of_node, "downstream": _of_slot, "local": _of_line}


def _told(
    id: str,
    name: str,
    value: Any,
    given: Array,
    expected: Any,
    rise: Callable[[Any, tuple[int, ...]], float],
    least: float,
    of: str = "",
) -> Message | None:
    """The entry at which the answer is furthest off, moved a little: what happened, and what the answer predicts."""
    given, expected = (np.reshape(each, np.shape(value)) for each in (given, expected))
    with np.errstate(all="ignore"):
        difference = np.abs(given - expected)
    scale = float(np.max(np.abs(expected), initial=1e-12))
    place = tuple(int(k) for k in np.unravel_index(int(np.argmax(difference)), difference.shape))
    if difference[place] < least * scale:
        return None
    moved = np.array(value, dtype=np.float64)
    moved[place] += NUDGE
    with np.errstate(all="ignore"):
        rose = rise(moved if moved.shape else np.float64(moved), place)
    predicted = float(given[place]) * NUDGE
    # At a bend, or where the answer is off by little, the nudge would speak against the right answer as well.
    if not np.isfinite(rose) or abs(rose - predicted) <= 2 * abs(rose - float(expected[place]) * NUDGE):
        return None
    known = {"entry": entry_symbol(name, place), "by": NUDGE, "of": of}
    if format_value(rose) == format_value(predicted):
        return None
    return Message(id, {**known, "rose": _signed(rose), "predicted": _signed(predicted)})


def _signed(change: float) -> Message:
    if change >= 0:
        return msg("checking.rise", by=format_value(change))
    return msg("checking.fall", by=format_value(-change))
