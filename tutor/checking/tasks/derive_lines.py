"""The lines of a derivation: what may stand in them, what they are worth, and in which form they are right."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from tutor.checking.tasks.lines import TypedLine
from tutor.checking.vocabulary import Vocabulary
from tutor.drill.question import Drill, DrillPart, GradientQuestion, TaskQuestion
from tutor.drill.tasks.derive import Derive
from tutor.engine import Run
from tutor.engine.functions import functions
from tutor.engine.ordering import CONSTANTS
from tutor.expr import EvaluationError, ParseError, Parts, Tree, evaluate, parse_answer, walk
from tutor.expr.tree import Binary, Gradient, Name
from tutor.mistakes.target import truth
from tutor.text import Message, msg

CLOSE = 1e-7
_HEAD = re.compile(r"\s*(?:[d∂]\s*\w+\s*(?:/\s*[d∂]\s*\w+\s*)?)?=(?!=)\s*")

# In Jacobian form, in the shape of the variable, or right in both.
Form: TypeAlias = Literal["row", "shaped", "both"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read: what was typed, without `=` in front of it, and its tree."""

    typed: TypedLine
    tree: Tree


class Words(Vocabulary):
    """What may be typed in a derivation: nodes, sizes, `dz`, and every factor `dA/dB` but the asked one."""

    def __init__(self, drill: Drill, question: GradientQuestion, task: Derive) -> None:
        super().__init__(drill, question)
        self.task = task

    def check(self, tree: Tree) -> None:
        """Raises ParseError, with the reason, for the first name that may not stand in a derivation."""
        for part in walk(tree):
            reason = None
            if isinstance(part, Gradient):
                reason = self._gradient_in_derivation(part)
            elif isinstance(part, Name) and part.name in self.up_names:
                lines = sorted({line for line, _ in self.graph.uses(self.task.wrt)})
                reason = msg("checking.up-is-ambiguous", names=[f"d{line}" for line in lines])
            if reason is not None:
                raise ParseError(reason, part.span)

    def values(self, run: Run) -> Mapping[str, Any]:
        """Arrays by name; `dz` in the convention that the question asks for, whichever form a line has."""
        asked = self.task.shaped if self.task.shaped is not None else self.task.row
        return Vocabulary(self.drill, asked).values(run)

    def _gradient_in_derivation(self, part: Gradient) -> Message | None:
        wrt, above = self.task.wrt, self._above
        if part.of is None:
            if part.wrt == wrt:
                return msg("checking.gradient-is-the-question", name=part.name)
            return None if part.wrt in above else msg("checking.gradient-below", name=part.name)
        if part.wrt == wrt and part.of in self.graph.outputs:
            return msg("checking.gradient-is-the-question", name=part.name)
        if part.of in above and part.wrt in {wrt, *above}:
            return None
        return msg("checking.factor-off-the-way", name=part.name, wrt=wrt)


class Derivation:
    """One question of the kind: reads lines, and says whether and in which form they are right."""

    def __init__(self, drill: Drill, question: TaskQuestion) -> None:
        self.task: Derive = question.task
        self.part: DrillPart = drill.part_of(question)
        self.words = {
            "row": Words(drill, self.task.row, self.task),
            "shaped": Words(drill, self.task.shaped or self.task.row, self.task),
        }
        self._known: dict[tuple[int, str], Any] = {}

    def read(self, typed: TypedLine) -> Line:
        """A line as a tree; raises ParseError, with the place in the whole text, for what may not stand there."""
        head = _HEAD.match(typed.text)
        typed = typed.behind(head.end()) if head else typed
        words = self.words["row"]
        try:
            tree = parse_answer(typed.text, words.scope)
            words.check(tree)
            if typed.number == 1 and self.task.chain:
                _must_be_chain(tree)
        except ParseError as error:
            raise typed.unreadable(error) from None
        return Line(typed, tree)

    def forms(self, *, passed: bool) -> tuple[Form, ...]:
        """The forms that a line may have; after one has passed over to the variable's shape, only that."""
        if self.task.shaped is None:
            return ("both",)
        return ("shaped",) if passed else ("row", "shaped")

    def question_of(self, form: Form) -> GradientQuestion:
        """The gradient in a form."""
        return self.task.shaped if form == "shaped" and self.task.shaped is not None else self.task.row

    def value(self, tree: Tree, run: Run, parts: Parts | None = None) -> Any:
        """The value at a run, where `parts` of it may be known; raises EvaluationError."""
        return evaluate(tree, self._names(tree, run), functions(), parts)

    def parts(self, tree: Tree, run: Run) -> Parts:
        """The values of all parts of a line, for its edits."""
        return Parts(tree, self._names(tree, run), functions())

    def _names(self, tree: Tree, run: Run) -> dict[str, Any]:
        names = self.words["row"].values(run)
        used = dict.fromkeys(part.name for part in walk(tree) if isinstance(part, Name | Gradient))
        for name in used:  # a Jacobian is worked out once, not for every edit that is tried
            if (id(run), name) not in self._known:
                self._known[id(run), name] = names[name]
        return {name: self._known[id(run), name] for name in used}

    def is_right(self, tree: Tree, form: Form, run: Run, parts: Parts | None = None) -> bool:
        """Does the line give the gradient in this form at this run?"""
        try:
            value = self.value(tree, run, parts)
        except EvaluationError:
            return False
        right = np.asarray(truth(run, self.question_of(form).target))
        if value.size == right.size == 1:
            value = value.reshape(right.shape)
        return close(value, right)

    def failure(self, tree: Tree, form: Form) -> Run | None:
        """A fresh run, sizes and all, at which the line is not right; None where it always is."""
        return next((run for run in self.part.runs.fresh if not self.is_right(tree, form, run)), None)

    def form_of(self, tree: Tree, *, passed: bool) -> Form | None:
        """The form in which a line is right at all numbers; None where it is wrong."""
        for form in self.forms(passed=passed):
            if self.is_right(tree, form, self.part.run) and self.failure(tree, form) is None:
                return form
        return None

    def unfinished(self, tree: Tree) -> list[str]:
        """The names that must still go before the derivation is done."""
        return list(dict.fromkeys(self._left_over(tree)))

    def _left_over(self, tree: Tree) -> Iterator[str]:
        using = self.task.using
        free = {*self.part.part.sizes, *(name for name in CONSTANTS if name not in self.part.graph.index)}
        for part in walk(tree):
            if isinstance(part, Gradient):
                allowed = using is not None and part.name in using
            else:
                allowed = not isinstance(part, Name) or using is None or part.name in {*using, *free}
            if isinstance(part, Gradient | Name) and not allowed:
                yield part.name


def close(value: Any, right: Any) -> bool:
    """Are two arrays the same to 1e-7 of the largest entry?"""
    if np.shape(value) != np.shape(right):
        return False
    return bool(np.max(np.abs(value - right), initial=0.0) <= CLOSE * np.max(np.abs(right), initial=0.0))


def factors(tree: Tree) -> list[Tree]:
    """The factors of a product, from the left."""
    if isinstance(tree, Binary) and tree.op in "@*":
        return [*factors(tree.left), *factors(tree.right)]
    return [tree]


def _must_be_chain(tree: Tree) -> None:
    """Raises ParseError where anything but factors `dA/dB` stands."""
    if isinstance(tree, Gradient) and tree.of is not None:
        return
    if isinstance(tree, Binary) and tree.op in "@*+":
        _must_be_chain(tree.left)
        _must_be_chain(tree.right)
        return
    raise ParseError(msg("checking.derive-chain-first"), tree.span)
