"""Going on from one's own rounded answers: what the right rules give for them, and for the numbers on the screen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.typed_entries import (
    EXACT,
    LOOSE_MATCH,
    Judgement,
    Precision,
    TypedAnswer,
    TypedEntry,
    is_whole,
    judge,
    says_little,
    typed_at_size,
)
from tutor.checking.reading.typed_text import read, value_at
from tutor.drill.question import Drill, DrillPart, GradientQuestion, Question
from tutor.engine import Edge, Run
from tutor.engine.ops.op import Array
from tutor.engine.substituted_run import Gradients, SubstitutedRun
from tutor.expr import EvaluationError, ParseError
from tutor.mistakes.target import right_answer
from tutor.text.number_format import DECIMALS, DIGITS

_DUST = 1e-13
Value = Callable[[Run], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """What a learner goes on with: accepted answers before this one, and values as they are shown."""

    part: DrillPart
    own: Gradients
    accepted: frozenset[str]

    def judge(
        self, answer: TypedAnswer, value: Value, places: Sequence[int | Edge], tolerance: float
    ) -> tuple[Judgement, bool]:
        """The answer as one that is computed from these, and whether from all of them alike, to the digits typed."""
        near = self.own.nearest(self.part.graph, list(places)) if places else Gradients(locals=self.own.locals)
        # Without tolerance, correct rounding is asked for: the values can be had exactly.
        shown = shown_values(self.part.run) if tolerance else self.part.run.node_values
        reach = _Reach(self.part.run, near, value, shown)
        right = np.ravel(reach.exact)
        if right.size != len(answer.entries) or not np.all(np.isfinite(right)):
            return Judgement.WRONG, False
        low, high = (np.ravel(each) for each in reach.bounds)
        largest = float(max(np.max(np.abs(each), initial=0.0) for each in (right, low, high)))
        inside = all(
            _reached(entry, exact, least, most, largest, tolerance)
            for entry, exact, least, most in zip(
                answer.entries, right.tolist(), low.tolist(), high.tolist(), strict=True
            )
        )
        surely = any(_is_rounded(answer, each, right, largest) for each in reach.made)
        if not inside and not surely:
            return Judgement.WRONG, False
        coarse = any(
            abs(each.value - exact) > EXACT * largest and says_little(each, exact, largest)
            for each, exact in zip(answer.entries, right.tolist(), strict=True)
        )
        return Judgement.COARSE if coarse else Judgement.CLOSE, surely


class _Reach:
    """Where answers may lie that are computed from exact numbers and carried ones, in any mixture."""

    def __init__(self, run: Run, own: Gradients, value: Value, shown: list[Array]) -> None:
        self.run, self.own, self.value, self.shown = run, own, value, shown
        self.exact = np.asarray(value(run))

    def at(self, values: list[Array], own: Gradients) -> Any:
        """From these, with the exact number where the two differ by what floats leave out alone."""
        made = np.asarray(self.value(SubstitutedRun.of(self.run, values, own)))
        return np.where(np.abs(made - self.exact) <= _DUST * self.scale, self.exact, made)

    @cached_property
    def scale(self) -> float:
        """The largest gradient of the run, at a node or on a way to one."""
        sent = [*self.run.edge_downstream.values(), *self.run.seeds.values()]
        return max(float(np.max(np.abs(each), initial=0.0)) for each in sent)

    @cached_property
    def made(self) -> list[Any]:
        """From all own answers, or those of one sort, and from exact or shown values."""
        own = self.own
        sorts = [own, Gradients(own.totals, own.shares), Gradients(locals=own.locals), Gradients()]
        return [
            self.at(values, sort)
            for values in (self.run.node_values, self.shown)
            for k, sort in enumerate(sorts)
            if k == 0 or sort or values is self.shown
        ]

    @property
    def bounds(self) -> tuple[Any, Any]:
        """The least and the largest number in every place: each carried number may count, or the exact one."""
        single = [self.at(self.run.node_values, each) for each in self.own.one_by_one()]
        steps = [each - self.exact for each in (*single, self.at(self.shown, Gradients()))]
        low = self.exact + sum(np.minimum(step, 0.0) for step in steps)
        high = self.exact + sum(np.maximum(step, 0.0) for step in steps)
        return np.min([low, *self.made], axis=0), np.max([high, *self.made], axis=0)


def carried_numbers(drill: Drill, question: Question, earlier: Mapping[str, str]) -> Carried:
    """What was accepted of the answers before a question."""
    before = [each.id for each in drill.before(question) if each.id in earlier] if earlier else []
    return _carried(drill, question.part, tuple((id, earlier[id]) for id in before))


@lru_cache(maxsize=64)
def _carried(drill: Drill, part: int, earlier: tuple[tuple[str, str], ...]) -> Carried:
    if not earlier:
        return Carried(drill.parts[part], Gradients(), frozenset())
    before = _carried(drill, part, earlier[:-1])
    source, text = drill.by_id[earlier[-1][0]], earlier[-1][1]
    value = _accepted(drill, source, text, before) if isinstance(source, GradientQuestion) else None
    if value is None or not isinstance(source, GradientQuestion):
        return before
    own = Gradients(dict(before.own.totals), dict(before.own.shares), dict(before.own.locals))
    _keep(before.part.run, own, source, value)
    return Carried(before.part, own, before.accepted | {source.id})


def _accepted(drill: Drill, source: GradientQuestion, text: str, before: Carried) -> Any:
    """The numbers of an answer that is right as far as it is rounded; None of another."""
    if source.gradient is None:
        return None
    scope = AnswerScope(drill, source)
    try:
        tree = read(scope, text)
        typed = typed_at_size(tree, value_at(scope, tree, scope.part.run), {np.size(source.expected)})
    except (ParseError, EvaluationError):
        return None
    if len(typed.entries) != np.size(source.expected):
        return None
    judged = judge(typed, source.expected, drill.lesson.tolerance)
    if Judgement.COARSE in judged:
        return None
    if Judgement.WRONG in judged:
        found, _ = before.judge(
            typed,
            lambda run: right_answer(run, source.target),
            places_of(before.part.run, source),
            drill.lesson.tolerance,
        )
        if found is not Judgement.CLOSE:
            return None
    return np.reshape(typed.value, source.shape)


def places_of(run: Run, question: Question) -> list[int | Edge]:
    """Where in backward the gradients stand that a question is about; none where local ones are all that counts."""
    graph = run.graph
    if not isinstance(question, GradientQuestion):
        return [graph.find(name) for name in question.wrt]
    target = question.target
    if target.kind in ("local", "jacobian"):
        return []
    if target.kind == "path":
        names = (target.wrt[0], *target.path)
        ways = zip(names[1:], names[:-1], strict=True)
        return [graph.find(names[-1]), *(graph.chain(of, wrt)[-1] for of, wrt in ways)]
    if len(target.wrt) > 1:
        return [graph.find(name) for name in target.wrt]
    return [target.place(graph)]


def _keep(run: Run, own: Gradients, source: GradientQuestion, value: Any) -> None:
    graph, target = run.graph, source.target
    if target.kind == "local":
        chain = target.chain(graph)
        own.locals[chain[-1]] = chain, np.reshape(value, np.shape(run.local_along(chain)))[()]
    elif target.kind == "downstream":
        edge = target.chain(graph)[-1]
        own.shares[edge] = np.reshape(value, run.shapes[graph.arguments[edge[0]][edge[1]]])[()]
    elif target.kind in ("total", "upstream"):
        names = [target.of or target.wrt[0]] if target.kind == "upstream" else target.wrt
        flat, start = np.ravel(value), 0
        for node in map(graph.find, names):
            size = int(np.prod(run.shapes[node]))
            if node not in run.seeds or graph.consumers[node]:
                own.totals[node] = np.reshape(flat[start : start + size], run.shapes[node])[()]
            start += size


@lru_cache(maxsize=16)
def shown_values(run: Run) -> list[Array]:
    """The values as they stand on the screen, rounded."""
    return [_shown(value) for value in run.node_values]


def _shown(value: Array) -> Array:
    size = np.abs(value)
    with np.errstate(all="ignore"):
        exponents = np.floor(np.log10(np.where(size > 0.0, size, 1.0)))
        decimals = np.clip(np.maximum(DECIMALS, DIGITS - 1 - exponents), 0, 300)
        rounded = np.round(value * 10.0**decimals) / 10.0**decimals
    return np.where(np.isfinite(rounded), rounded, value)[()]


def _reached(entry: TypedEntry, exact: float, low: float, high: float, largest: float, tolerance: float) -> bool:
    """May an entry come from between two numbers, as far as it was rounded itself?"""
    off = max(low - entry.value, entry.value - high, 0.0)
    if abs(entry.value - exact) <= EXACT * largest:
        return True
    if entry.precision is Precision.EXACT or (
        entry.whole and is_whole(exact, largest) and high - low <= EXACT * largest
    ):
        return False
    rounded = off <= entry.unit / 2 * (1 + EXACT) + EXACT * largest
    return rounded or (entry.value * exact > 0.0 and off <= tolerance * abs(exact))


def _is_rounded(answer: TypedAnswer, made: Any, right: Any, largest: float) -> bool:
    """Is every entry what somebody would type for these numbers? Whole ones are not rounded where they are right."""
    return all(
        abs(entry.value - number)
        <= (LOOSE_MATCH * abs(number) if entry.precision is Precision.LOOSE else entry.unit / 2 * (1 + EXACT))
        + EXACT * largest
        and not (
            entry.whole
            and is_whole(exact, largest)
            and abs(number - exact) <= EXACT * largest < abs(entry.value - exact)
        )
        for entry, number, exact in zip(answer.entries, np.ravel(made).tolist(), right.tolist(), strict=True)
    )
