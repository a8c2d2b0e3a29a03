"""An answer that is right given the learner's own earlier answer leads back to that one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.typed_entries import TypedAnswer, fits, typed_at_size
from tutor.checking.reading.typed_text import read, value_at
from tutor.checking.verdict import Verdict
from tutor.drill.carried_rounding import CARRIED
from tutor.drill.question import GradientQuestion, totals_of
from tutor.engine import Slot
from tutor.expr import EvaluationError, ParseError
from tutor.mistakes.target import in_convention
from tutor.text import Message, msg


@dataclass(frozen=True, slots=True)
class _Own:
    """A wrong earlier answer, in the shape of its gradient, and what to say where another follows from it."""

    source: GradientQuestion
    value: Any
    message: Message


def blame(scope: AnswerScope, answer: TypedAnswer, earlier: Mapping[str, str]) -> Verdict | None:
    """The verdict that points back, if a wrong earlier answer of the learner's own explains this one."""
    target = scope.question.target
    if not earlier or len(target.wrt) != 1:
        return None
    for own, follows in _following(_Earlier(scope, earlier)):
        gradient = np.asarray(in_convention(follows, target.convention))
        if gradient.shape != answer.value.shape:
            continue
        if fits(answer, gradient, max(scope.drill.lesson.tolerance, CARRIED)):
            return Verdict("wrong", own.message, None, own.source.line)
    return None


class _Earlier:
    """What the learner got wrong before, by what it is about."""

    def __init__(self, scope: AnswerScope, earlier: Mapping[str, str]) -> None:
        self.scope, self.run, self.graph = scope, scope.part.run, scope.graph
        self.totals: dict[str, _Own] = {}
        self.shares: dict[tuple[str, str], _Own] = {}
        self.locals: dict[tuple[str, str], _Own] = {}
        for source in scope.drill.before(scope.question):
            if isinstance(source, GradientQuestion) and source.id in earlier and len(source.wrt) == 1:
                value = _wrong_value(scope, source, earlier[source.id])
                if value is not None:
                    self._keep(source, value)

    def _keep(self, source: GradientQuestion, value: Any) -> None:
        target = source.target
        for name in totals_of(self.graph, source):
            shaped = np.reshape(value, self.run.shapes[self.graph.find(name)])
            self.totals[name] = _Own(source, shaped, msg("checking.follows-from", id=source.id, line=name))
        if target.kind == "downstream":
            edge = target.chain(self.graph)[-1]
            shaped = np.reshape(value, self.run.shapes[self.graph.arguments[edge[0]][edge[1]]])
            place = target.of or "", target.wrt[0]
            self.shares[place] = _Own(source, shaped, msg("checking.follows-from-share", id=source.id))
        if target.kind == "local" and source.gradient is not None:
            place = target.of or "", target.wrt[0]
            self.locals[place] = _Own(source, value, msg("checking.follows-from-local", id=source.id))


def _following(earlier: _Earlier) -> Iterator[tuple[_Own, Any]]:
    """Each wrong answer with the gradient that the question would have if it were right."""
    target, run, graph = earlier.scope.question.target, earlier.run, earlier.graph
    if target.kind == "downstream":
        chain = target.chain(graph)
        line = target.of or ""
        if line in earlier.totals:
            yield earlier.totals[line], run.vjp_along(chain, earlier.totals[line].value)
        local = earlier.locals.get((line, target.wrt[0]))
        if local is not None and run.is_elementwise(chain) and np.shape(local.value) == run.shapes[chain[0][0]]:
            yield local, run.total(chain[0][0]) * local.value
    elif target.kind in ("total", "upstream"):
        name = graph.names[graph.find(target.of or target.wrt[0])]
        made = [_share(earlier, line, slot) for line, slot in graph.uses(name)]
        wrong = [own for own, _ in made if own is not None]
        if wrong and graph.find(name) not in run.seeds:
            yield wrong[-1], reduce(np.add, [share for _, share in made])


def _share(earlier: _Earlier, line: str, slot: Slot) -> tuple[_Own | None, Any]:
    """What the learner thinks comes back along one use, and whether that is wrong."""
    own = earlier.shares.get((line, slot.label))
    if own is not None:
        return own, own.value
    above = earlier.totals.get(line)
    if above is not None:
        return above, earlier.run.vjp_along(slot.chain, above.value)
    return None, earlier.run.downstream_along(slot.edge)


def _wrong_value(scope: AnswerScope, source: GradientQuestion, text: str) -> Any:
    """The value of a wrong answer; None for a right one, for one of another size, and for what cannot be read."""
    before = AnswerScope(scope.drill, source)
    try:
        tree = read(before, text)
        own = typed_at_size(tree, value_at(before, tree, scope.part.run), {np.size(source.expected)})
    except (ParseError, EvaluationError):
        return None
    if len(own.entries) != np.size(source.expected):
        return None
    right = fits(own, source.expected, scope.drill.lesson.tolerance)
    return None if right else np.reshape(own.value, source.shape)
