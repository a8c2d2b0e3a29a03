"""Answers of other kinds that are numbers: read, judged by the rule for decimals, explained by what produces them."""

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tutor.checking.explaining.advice import either_mistake, named
from tutor.checking.explaining.facts import value_fact
from tutor.checking.explaining.mistake_search import NAMED_AT_MOST
from tutor.checking.explaining.reproduction import Reproduction, enough_evidence
from tutor.checking.judging.carried_answers import carried_numbers, places_of
from tutor.checking.reading.symbolic_entries import symbolic_entries
from tutor.checking.reading.typed_entries import (
    EXACT,
    Judgement,
    Precision,
    TypedAnswer,
    is_whole,
    judge,
    places,
    too_coarse,
    typed_at_size,
)
from tutor.checking.reading.typed_text import is_shape_error, of_output, read_numbers
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, Question
from tutor.engine import Run
from tutor.engine.function_table import answer_functions, borrowed_calls
from tutor.engine.ordering import CONSTANTS
from tutor.engine.rounding_noise import constants_at, functions_at, settled_value
from tutor.expr import (
    EvaluationError,
    ParseError,
    Scope,
    Tree,
    evaluate,
    walk,
)
from tutor.expr.tree import Gradient
from tutor.mistakes.mistake_classes import agree_to_rounding
from tutor.text import Message, msg
from tutor.text.number_format import format_value

_FLOAT_DIGITS = sys.float_info.dig


@dataclass(frozen=True, slots=True, eq=False)
class Slip:
    """A way to get the question wrong: what it gives at any run, its name and the right idea."""

    id: str
    name: Message
    idea: Message
    produce: Callable[[Run], Any]


def slip_of(id: str, produce: Callable[[Run], Any], **known: object) -> Slip:
    """The mistake with an id such as `update:ascent`: its texts are `mistakes.update-ascent` and `…-idea`."""
    key = f"mistakes.{id.replace(':', '-')}"
    return Slip(id, Message(key, known), Message(f"{key}-idea", known), produce)


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What makes an answer right, and what may explain a wrong one, the likeliest first.

    `unit` is the coarsest unit that an answer may be rounded to, if the question asks for digits of its own. With
    `start`, answers are judged by how far they are from there: a new value by its change.
    """

    at: Callable[[Run], Any]
    like: Message
    node: str | None = None
    slips: Sequence[Slip] = ()
    tolerance: float = 0.0
    unit: float | None = None
    start: Callable[[Run], Any] | None = None
    names: bool = True  # may nodes be named? sizes always may
    gradients: bool = False  # may `dz` be named, once it is known?
    known: Sequence[tuple[Any, Message]] = ()  # numbers that are something else, and what


def check_value(drill: Drill, question: Question, text: str, wanted: Wanted, earlier: Mapping[str, str]) -> Verdict:
    """The verdict on a number or an array; raises ParseError and EvaluationError."""
    run = drill.part_of(question).run
    tree = read(drill, question, text, wanted)
    try:
        value = value_at(drill, question, tree, run)
    except EvaluationError as error:
        if is_shape_error(error):
            return Verdict("wrong-shape", error.message, span=error.span)
        raise
    right = np.asarray(wanted.at(run))
    sizes = {right.size, *(np.size(slip.produce(run)) for slip in wanted.slips)}
    answer = _in_shape(drill, question, typed_at_size(tree, value, sizes))
    if np.shape(answer.value) != right.shape:
        return _wrong_shape(question, answer, right, run, wanted)
    judged = _judged(answer, right, run, wanted)
    if Judgement.WRONG not in judged:
        return _accepted(drill, question, answer, right, judged, wanted)
    off = places(judged, right.shape, Judgement.WRONG, Judgement.CLOSE)
    if wanted.unit is None and _from_carried(drill, question, answer, wanted, earlier):
        return Verdict("right", msg("checking.right-carried", exact=format_value(right)), exact=right)
    # A question for digits of its own takes none that were rounded on the way.
    carried = wanted.unit is None and not _gives(answer, right, run, wanted)
    found = _explained(drill, question, answer, wanted, carried=carried)
    if found is not None:
        return replace(found, wrong_entries=off)
    return Verdict(
        "wrong", value_fact(answer, right, (*wanted.known, *_values(run, answer, wanted))), wrong_entries=off
    )


def _values(run: Run, answer: TypedAnswer, wanted: Wanted) -> Iterator[tuple[Any, Message]]:
    """The values of the nodes, where those may be typed, and what to say of them."""
    given = format_value(answer.value) if np.size(answer.value) == 1 else msg("checking.fact-yours")
    for name in (*run.graph.inputs, *run.graph.order) if wanted.names else ():
        yield run.values[name], msg("checking.fact-is-value", given=given, name=name)


def preview_value(drill: Drill, question: Question, text: str, wanted: Wanted) -> Preview:
    """The expression in mathematics, with its shape and value."""
    tree = read(drill, question, text, wanted)
    return Preview.of_tree(tree, lambda: value_at(drill, question, tree, drill.part_of(question).run))


def read(drill: Drill, question: Question, text: str, wanted: Wanted) -> Tree:
    """The tree of an answer; raises ParseError for what cannot be read or may not be used here."""
    part = drill.part_of(question)
    nodes = [*part.graph.inputs, *part.graph.lines]
    names = frozenset({*(nodes if wanted.names else ()), *part.part.sizes, *CONSTANTS})
    with_gradients = frozenset(nodes if wanted.gradients else ())
    scope = Scope(names, answer_functions(names), with_gradients, borrowed=borrowed_calls())
    tree = of_output(part, read_numbers(text, scope, question.shape))
    gradients = [each for each in walk(tree) if isinstance(each, Gradient)]
    known = drill.known_gradients(question) if gradients else frozenset()
    for each in gradients:
        if each.of is not None:
            raise ParseError(msg("checking.leibniz-not-here", name=each.name), each.span)
        if each.wrt not in known:
            raise ParseError(msg("checking.gradient-unknown-yet", name=each.name), each.span)
    return tree


def value_at(drill: Drill, question: Question, tree: Tree, run: Run) -> Any:
    """The value of an answer at a run; raises EvaluationError."""
    sizes = drill.part_of(question).draw.sizes
    named = {each.name: each.wrt for each in walk(tree) if isinstance(each, Gradient)}

    def at(there: Run) -> Any:
        known = {**constants_at(there), **{name: float(size) for name, size in sizes.items()}, **there.values}
        gradients = {name: there.gradients[wrt] for name, wrt in named.items()}
        return evaluate(tree, known | gradients, functions_at(there))

    return settled_value(run, at)


def _in_shape(drill: Drill, question: Question, answer: TypedAnswer) -> TypedAnswer:
    """A flat list read as the column or row asked for, and a number as the one entry of an array."""
    shape, size = question.shape, int(np.prod(question.shape))
    flat = answer.value.ndim == 1 and answer.literal and not drill.lesson.strict
    if shape and answer.value.size == size and ((flat and 1 in shape) or answer.value.shape == ()):
        return answer.reshaped(shape)
    return answer


def _judged(answer: TypedAnswer, right: Any, run: Run, wanted: Wanted) -> list[Judgement]:
    moved, exact = _from_start(answer, right, run, wanted)
    judged = judge(moved, exact, wanted.tolerance)
    if wanted.unit is None:
        return judged
    # Fewer digits than asked for are right as far as they go, unless they happen to be exact.
    coarse = [
        entry.precision is Precision.DECIMAL
        and entry.unit > wanted.unit * (1 + EXACT)
        and abs(entry.value - number) > EXACT * max(1.0, abs(number))
        for entry, number in zip(moved.entries, np.ravel(exact).tolist(), strict=True)
    ]
    return [
        Judgement.COARSE if too_few and each is Judgement.RIGHT else each
        for each, too_few in zip(judged, coarse, strict=True)
    ]


def _from_start(answer: TypedAnswer, exact: Any, run: Run, wanted: Wanted) -> tuple[TypedAnswer, Any]:
    """An answer and an exact array as changes from the start, where the question is judged so."""
    if wanted.start is None:
        return answer, exact
    start = np.broadcast_to(wanted.start(run), np.shape(exact))
    entries = []
    for entry, was, becomes in zip(answer.entries, np.ravel(start).tolist(), np.ravel(exact).tolist(), strict=True):
        whole = entry.whole and is_whole(becomes, abs(becomes))
        change = entry.value - was
        digits = _digits(change, entry.unit) if entry.precision is Precision.DECIMAL else entry.digits
        precision = Precision.EXACT if whole else entry.precision
        entries.append(replace(entry, value=change, precision=precision, whole=False, digits=digits))
    return TypedAnswer(answer.tree, answer.value - start, tuple(entries)), exact - start


def _from_carried(
    drill: Drill, question: Question, answer: TypedAnswer, wanted: Wanted, earlier: Mapping[str, str]
) -> bool:
    """Do the right rules give this for the learner's own rounded answers, or for the values shown?"""
    run, start = drill.part_of(question).run, wanted.start
    moved, _ = _from_start(answer, np.asarray(wanted.at(run)), run, wanted)

    def value(there: Run) -> Any:
        return wanted.at(there) if start is None else wanted.at(there) - start(there)

    found, surely = carried_numbers(drill, question, earlier).judge(
        moved, value, places_of(run, question), wanted.tolerance
    )
    return found is Judgement.CLOSE and (surely or _explained(drill, question, answer, wanted, carried=False) is None)


def _digits(change: float, unit: float) -> int:
    """The significant digits of a change in units of the last place, which may be too small for a float: 1e-400."""
    steps = abs(change) / unit if unit > 0.0 else math.inf
    return len(str(round(steps))) if math.isfinite(steps) else _FLOAT_DIGITS


def _accepted(
    drill: Drill, question: Question, answer: TypedAnswer, right: Any, judged: list[Judgement], wanted: Wanted
) -> Verdict:
    if Judgement.COARSE in judged:
        # A 1 for 0.95 rounds right, and is a slip's where one gives just that.
        little = too_coarse(*_from_start(answer, right, drill.part_of(question).run, wanted))
        found = _explained(drill, question, answer, wanted, carried=False) if little else None
        return found or Verdict("wrong", msg("checking.coarse"), "coarse", wanted.node)
    if Judgement.CLOSE in judged:
        # Digits that a mistake gives exactly are that mistake's, not a rounding of ours.
        found = _explained(drill, question, answer, wanted, carried=False)
        if found is not None:
            return replace(found, wrong_entries=places(judged, right.shape, Judgement.WRONG, Judgement.CLOSE))
        return Verdict("right", msg("checking.right-rounded", exact=format_value(right)), exact=right)
    moving = symbolic_entries(drill.part_of(question).graph, answer.tree, right.size)
    for run, value in _elsewhere(drill, question, answer.tree):
        if value.size != right.size or not agree_to_rounding(value.ravel()[moving], np.ravel(wanted.at(run))[moving]):
            return Verdict("right-but", msg("checking.coincidence", symbol=question.symbol), "coincidence", wanted.node)
    return Verdict("right", msg("checking.right"))


def _wrong_shape(question: Question, answer: TypedAnswer, right: Any, run: Run, wanted: Wanted) -> Verdict:
    given = tuple(np.shape(answer.value))
    known: dict[str, object] = {"right": right.shape, "given": given, "like": wanted.like}
    for slip in wanted.slips:
        if Reproduction(answer).gives(np.asarray(slip.produce(run))):
            return Verdict("wrong-shape", named(slip.name, slip.idea), slip.id, wanted.node)
    if right.shape == ():
        return Verdict("wrong-shape", msg("checking.wants-a-number", **known))
    if given == ():
        return Verdict("wrong-shape", msg("checking.wants-an-array", **known))
    if len(given) == 2 and given[::-1] == right.shape:
        turned = np.arange(right.size).reshape(given).T.ravel()
        flipped = TypedAnswer(answer.tree, np.transpose(answer.value), tuple(answer.entries[k] for k in turned))
        if Judgement.WRONG not in _judged(flipped, right, run, wanted):
            return Verdict("wrong-shape", msg("checking.transposed", **known), "transposed", wanted.node)
        return Verdict("wrong-shape", msg("checking.shape-turned", **known))
    return Verdict("wrong-shape", msg("checking.wrong-shape", **known))


def _explained(
    drill: Drill, question: Question, answer: TypedAnswer, wanted: Wanted, *, carried: bool
) -> Verdict | None:
    """The verdict that names the slip which gives these numbers; as a question where chance could have done it."""
    part = drill.part_of(question)
    moved = list(_elsewhere(drill, question, answer.tree))
    fitting = [
        slip
        for slip in _applying(part.runs.perturbed, wanted)
        if _gives(answer, np.asarray(slip.produce(part.run)), part.run, wanted, carried=carried)
        and all(agree_to_rounding(value, np.asarray(slip.produce(run))) for run, value in moved)
    ]
    if not 1 <= len(fitting) <= NAMED_AT_MOST:
        return None
    evidence, _ = _from_start(answer, answer.value, part.run, wanted)
    sure = len(fitting) == 1 and (bool(moved) or enough_evidence(evidence))
    if sure and evidence.value.size == 1 and not moved:
        sure = _gives(answer, np.asarray(fitting[0].produce(part.run)), part.run, wanted, carried=False)
    texts = [named(slip.name, slip.idea, sure=sure) for slip in fitting]
    message = texts[0] if len(texts) == 1 else either_mistake(*texts)
    return Verdict("wrong", message, " | ".join(slip.id for slip in fitting), wanted.node)


def _applying(near: Sequence[Run], wanted: Wanted) -> list[Slip]:
    """The slips that are wrong at generic numbers; of those that give the same there, the first."""
    kept: list[tuple[Slip, list[Any]]] = []
    rights = [np.asarray(wanted.at(run)) for run in near]
    for slip in wanted.slips:
        answers = [np.asarray(slip.produce(run)) for run in near]
        if not any(
            all(map(agree_to_rounding, answers, others)) for others in (rights, *(others for _, others in kept))
        ):
            kept.append((slip, answers))
    return [slip for slip, _ in kept]


def _gives(answer: TypedAnswer, array: Any, run: Run, wanted: Wanted, *, carried: bool = True) -> bool:
    if array.shape != np.shape(answer.value) or not np.all(np.isfinite(array)):
        return False
    typed, exact = _from_start(answer, array, run, wanted)
    return Reproduction(typed, carried=carried).gives(exact)


def _elsewhere(drill: Drill, question: Question, tree: Tree) -> Iterator[tuple[Run, Any]]:
    """Runs near by with the value of an expression of names there; none for numbers, which do not move along."""
    part = drill.part_of(question)
    if not np.any(symbolic_entries(part.graph, tree, np.size(value_at(drill, question, tree, part.run)))):
        return
    for run in part.runs.perturbed:
        try:
            yield run, np.asarray(value_at(drill, question, tree, run))
        except EvaluationError:
            continue
