"""What the numbers of a wrong gradient are in the graph: a value, another gradient, one way of several."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal, TypeAlias

import numpy as np

from tutor.checking.explaining.entry_facts import Entries
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.drill.question import GradientQuestion, totals_of
from tutor.engine import Slot
from tutor.mistakes.target import Target, in_convention, right_answer
from tutor.text import Message, msg
from tutor.text.number_format import format_value

LARGEST_GRAPH = 60  # nodes; of a larger one only the nodes next to the asked place are looked at
_MULTIPLES = (-1.0, 2.0, -2.0, 0.5)


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """A wrong answer to a question for a gradient: where it was asked, and its entries."""

    scope: AnswerScope
    entries: Entries

    @property
    def question(self) -> GradientQuestion:
        """What was asked."""
        return self.scope.question

    @property
    def shown(self) -> object:
        """The number typed; of more than one, that they are the learner's."""
        value = self.entries.value
        return format_value(value) if value.size == 1 else msg("checking.fact-yours")

    def gives(self, gradient: Any) -> bool:
        """Are these the numbers of a gradient, in the convention asked for?"""
        return self.entries.gives(in_convention(gradient, self.question.convention))

    def near_first(self) -> list[str]:
        """Nodes, those at the asked place first."""
        graph, inputs = self.scope.graph, self.inputs()
        whole = [*graph.inputs, *graph.order] if len(graph.ops) <= LARGEST_GRAPH else []
        return list(dict.fromkeys([*inputs, *self._lines(), *whole]))

    def inputs(self) -> list[str]:
        """The variables, and what is used beside them."""
        graph = self.scope.graph
        around = [slot.source for line in self._lines() for slot in graph.lines[line].slots]
        return list(dict.fromkeys([*self._variables(), *around]))

    def _variables(self) -> list[str]:
        return [name.partition("#")[0] for name in self.question.target.wrt]

    def _lines(self) -> list[str]:
        graph, of = self.scope.graph, self.question.target.of
        lines = [of] if of is not None and of in graph.lines else []
        return lines or [line for name in self._variables() for line, _ in graph.uses(name)]

    def kept_back(self, target: Target) -> bool:
        """Is it the answer to a question that comes later?"""
        drill, question = self.scope.drill, self.question
        if question.id not in drill.by_id:
            return False
        place = drill.all_questions.index(drill.by_id[question.id])
        later = [each for each in drill.all_questions[place + 1 :] if each.part == question.part]
        if any(isinstance(each, GradientQuestion) and each.target == target for each in later):
            return True
        graph = self.scope.graph
        if target.kind not in ("total", "upstream", "downstream"):
            return False
        name = (target.of if target.kind == "upstream" else target.wrt[0].partition("#")[0]) or target.wrt[0]
        if target.kind == "downstream" and len(graph.uses(name)) > 1:
            return False
        return name not in drill.known_gradients(question) and any(name in totals_of(graph, each) for each in later)


Fact: TypeAlias = Callable[[Given], Message | None]


def value(given: Given) -> Message | None:
    """The value of a node, or of one next to the asked place turned, doubled or squared."""
    run = given.scope.part.run
    if not np.any(given.entries.value):
        return None
    values = {name: np.asarray(run.values[name]) for name in given.near_first()}
    found = [name for name, value in values.items() if given.entries.gives(value)]
    if found:
        return msg("checking.fact-value", given=given.shown, names=_names(found))
    for id, made in _MADE_OF_A_VALUE:
        found = [name for name in given.inputs() if given.entries.gives(made(values[name]))]
        if found:
            return Message(id, {"given": given.shown, "names": _names(found)})
    return None


def _names(found: list[str]) -> Message | str:
    return found[0] if len(found) == 1 else msg("checking.fact-two-names", first=found[0], second=found[1])


_MADE_OF_A_VALUE: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("checking.fact-value-turned", np.negative),
    ("checking.fact-value-twice", lambda value: 2 * value),
    ("checking.fact-value-squared", lambda value: value * value),
    ("checking.fact-value-squared-turned", lambda value: -value * value),
)


def other_gradient(given: Given) -> Message | None:
    """The gradient at another node, if that is not still to be found, or a multiple of it."""
    run, graph, question = given.scope.part.run, given.scope.graph, given.question
    if not np.any(given.entries.value) or question.target.kind == "jacobian":
        return None
    own = {name.partition("#")[0] for name in question.wrt} if question.target.kind in ("total", "path") else set()
    users = [question.target.of, *(line for name in question.wrt for line, _ in graph.uses(name.partition("#")[0]))]
    for name in given.near_first():
        if (
            name in own
            or graph.find(name) in graph.integer | graph.data
            or given.kept_back(Target("total", None, (name,)))
        ):
            continue
        gradient = np.asarray(run.total(graph.find(name)))
        known: dict[str, object] = {"given": given.shown, "name": name}
        if given.gives(gradient):
            if question.target.of == name:
                return Message("checking.fact-arrives", known)
            return Message("checking.fact-gradient-next" if name in users else "checking.fact-gradient", known)
        for factor in _MULTIPLES if name in users else ():
            if given.gives(factor * gradient):
                return Message("checking.fact-gradient-times", {**known, "factor": format_value(factor)})
    return None


def role(given: Given) -> Message | None:
    """The local gradient where what flows on is asked, the reverse, or the gradient at another input of the line."""
    run, graph, target = given.scope.part.run, given.scope.graph, given.question.target
    if target.kind not in ("local", "downstream") or target.of not in graph.lines:
        return None
    for slot in _slots_own_first(graph.lines[target.of].slots, target.wrt[0]):
        for id, kind in _ROLES:
            other = Target(kind, target.of, (slot.label,), (), target.convention)
            if other == target or graph.find(slot.source) in graph.integer or given.kept_back(other):
                continue
            if given.entries.gives(right_answer(run, other)):
                known = {"given": given.shown, "of": target.of, "wrt": slot.source}
                return Message(id, known)
    return None


_ROLES: tuple[tuple[str, Literal["local", "downstream"]], ...] = (
    ("checking.fact-local", "local"),
    ("checking.fact-downstream", "downstream"),
)


def _slots_own_first(slots: Iterable[Slot], own: str) -> list[Slot]:
    return sorted(slots, key=lambda slot: slot.label != own)


def way(given: Given) -> Message | None:
    """Of a gradient that comes back on several ways: the share of one, all but one, or what they give multiplied."""
    run, graph, question = given.scope.part.run, given.scope.graph, given.question
    if question.target.kind not in ("total", "upstream") or len(question.wrt) != 1:
        return None
    uses = graph.uses(question.line)
    if len(uses) < 2:
        return None
    shares = [np.asarray(run.downstream_along(slot.chain[-1])) for _, slot in uses]
    for (line, _), share in zip(uses, shares, strict=True):
        if np.any(share) and given.gives(sum(shares) - share):
            return msg("checking.fact-way-missing", line=line)
    for (line, _), share in zip(uses, shares, strict=True):
        if np.any(share) and given.gives(share):
            return msg("checking.fact-way-alone", line=line)
    return msg("checking.fact-ways-multiplied") if given.gives(reduce(np.multiply, shares)) else None


def along_path(given: Given) -> Message | None:
    """Of one path: the whole gradient, or the product without one of its factors."""
    run, graph, target = given.scope.part.run, given.scope.graph, given.question.target
    if target.kind != "path":
        return None
    names = (target.wrt[0], *target.path)
    start = Target("total", None, (names[0],))
    if not given.kept_back(start) and given.gives(run.total(graph.find(names[0]))):
        return msg("checking.fact-all-ways", name=names[0])
    steps = list(zip(names[1:], names, strict=False))
    slots = [[slot for line, slot in graph.uses(low) if line == top] for top, low in steps]
    if any(len(each) != 1 for each in slots):
        return None
    factors = [np.asarray(run.local_along(each[0].chain)) for each in slots]
    if any(factor.size != 1 for factor in factors):
        return None
    numbers = [float(np.ravel(factor)[0]) for factor in factors]
    for k, (top, low) in enumerate(steps):
        rest = float(np.prod(numbers[:k] + numbers[k + 1 :]))
        if numbers[k] != 1 and given.entries.value.size == 1 and given.entries.gives(_like(rest, given)):
            return msg("checking.fact-factor-missing", of=top, wrt=low)
    return None


def _like(number: float, given: Given) -> Any:
    return np.full(given.entries.value.shape, number)


def constant_kept(given: Given) -> Message | None:
    """The slope with a constant that the line adds standing beside it, as in 2 + 3 for 2·a + 3."""
    run, graph, target = given.scope.part.run, given.scope.graph, given.question.target
    uses = graph.uses(given.question.line) if target.kind == "total" else []
    of = target.of if target.kind in ("local", "downstream") else uses[0][0] if len(uses) == 1 else None
    if of is None or of not in graph.lines:
        return None
    root = graph.lines[of].root
    op, right = graph.ops[root], given.entries.right
    arrived = np.ones(right.shape) if target.kind == "local" else in_convention(run.total(root), target.convention)
    if op is None or op.counted != "add" or np.shape(arrived) != right.shape:
        return None
    one = np.float64(1.0)
    for i, node in enumerate(graph.arguments[root]):
        sign, constant = float(op.vjp(i, one, one, one, one)), graph.constants.get(node)
        if constant is not None and np.size(constant) == 1 and given.entries.gives(right + sign * constant * arrived):
            return msg("checking.fact-constant-kept", constant=format_value(abs(constant)), of=of)
    return None


def matrix(given: Given) -> Message | None:
    """A matrix made of values alone: the identity, one with a value on its diagonal, an outer product."""
    run = given.scope.part.run
    shape = given.entries.value.shape
    if len(shape) != 2 or min(shape) < 2:
        return None
    if shape[0] == shape[1] and given.entries.gives(np.eye(shape[0])):
        return msg("checking.fact-identity")
    vectors = {name: np.ravel(run.values[name]) for name in given.near_first()}
    for name, vector in vectors.items():
        if shape == 2 * vector.shape and np.any(vector) and given.entries.gives(np.diag(vector)):
            return msg("checking.fact-diagonal", name=name)
    for left, right in _pairs(vectors, shape):
        if given.entries.gives(np.outer(vectors[left], vectors[right])):
            return msg("checking.fact-outer", left=left, right=right)
    return None


def _pairs(vectors: dict[str, Any], shape: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    left = [name for name, vector in vectors.items() if vector.size == shape[0] and np.any(vector)]
    right = [name for name, vector in vectors.items() if vector.size == shape[1] and np.any(vector)]
    yield from ((first, second) for first in left for second in right)


FACTS: tuple[Fact, ...] = (way, along_path, role, value, other_gradient, constant_kept, matrix)
"""Facts about the graph, the likeliest to help first."""
