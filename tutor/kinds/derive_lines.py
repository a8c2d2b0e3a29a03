"""The lines of a derivation: what may stand in them, what they are worth, and in which form they are right."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np

from tutor.checking.judging.agreement import Value, agree_at, first_disagreement, is_close
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.typed_lines import TypedLine
from tutor.checking.reading.typed_text import check_typed, parts_at, value_at
from tutor.drill.notation import UPSTREAM_NAMES
from tutor.drill.question import Drill, DrillPart, GradientQuestion, Question
from tutor.engine import Run
from tutor.engine.ordering import CONSTANTS
from tutor.expr import EvaluationError, ParseError, Scope, Tree, parse_answer, walk
from tutor.expr.tree import Binary, Call, Gradient, Name, Transposed
from tutor.mistakes.target import Convention, right_answer
from tutor.text import Message, msg

_HEAD = re.compile(r"\s*(?:[d∂]\s*\w+\s*(?:/\s*[d∂]\s*\w+\s*)?)?=(?!=)\s*")

# In Jacobian form, in the shape of the variable, or right in both.
Form: TypeAlias = Literal["row", "shaped", "both"]


@dataclass(frozen=True, slots=True)
class DerivationLine:
    """A line that was read: what was typed, without `=` in front of it, and its tree."""

    typed: TypedLine
    tree: Tree


@dataclass(frozen=True, eq=False, kw_only=True)
class DeriveQuestion(Question):
    """What lines may be equal to: `row` is the gradient in Jacobian form, `shaped` in its variable's shape.

    `shaped` is None where the question asks for Jacobian form, or where the two are the same. `chain` asks that the
    first line hold factors `dA/dB` only. `given` are the gradients `dA` of outputs that the lesson gives.
    """

    using: tuple[str, ...] | None
    convention: Convention
    chain: bool
    row: GradientQuestion
    shaped: GradientQuestion | None
    given: tuple[str, ...]

    @property
    def terms(self) -> tuple[object, ...]:
        """What decides whether a line is right or the last."""
        return (self.using, self.convention, self.chain)


class DerivationScope(AnswerScope):
    """What may be typed in a derivation: nodes, sizes, `dz`, and every factor `dA/dB` but the asked one."""

    def __init__(self, drill: Drill, question: GradientQuestion, asked: DeriveQuestion) -> None:
        super().__init__(drill, question)
        self.asked = asked
        target = replace(question.target, convention=asked.convention)
        self._in_convention = AnswerScope(drill, replace(question, target=target))

    @property
    def parser_scope(self) -> Scope:
        """For the parser: `dL/dz` is the factor of the output, whatever that is called."""
        outputs = self.graph.outputs
        return replace(super().parser_scope, loss=outputs[0] if len(outputs) == 1 else "")

    def check(self, tree: Tree) -> None:
        """Raises ParseError, with the reason, for the first name that may not stand in a derivation."""
        for part in walk(tree):
            reason = None
            if isinstance(part, Gradient):
                reason = self._gradient_in_derivation(part)
            elif isinstance(part, Name) and part.name in self.up_names:
                reason = self._up_in_derivation(part.name)
            if reason is not None:
                raise ParseError(reason, part.span)

    def values(self, run: Run) -> Mapping[str, Any]:
        """Arrays by name; `up` and `dz` in the convention that the question asks for, whichever form a line has."""
        return self._in_convention.values(run)

    def _up_in_derivation(self, name: str) -> Message | None:
        """`up` may stand where the question lists it and one line alone uses the variable."""
        lines = sorted({line for line, _ in self.graph.uses(self.asked.wrt[0])})
        if len(lines) > 1:
            return msg("checking.up-is-ambiguous", name=name, names=[f"d{line}" for line in lines])
        listed = {*UPSTREAM_NAMES} & {*(self.asked.using or ())}
        return None if listed else msg("checking.up-in-derivation", name=name, names=[f"d{line}" for line in lines])

    def _gradient_in_derivation(self, part: Gradient) -> Message | None:
        wrt, above = self.asked.wrt[0], self._above
        if part.of is None:
            if part.wrt == wrt:
                return msg("checking.gradient-is-the-question", name=part.name)
            return None if part.wrt in above else msg("checking.gradient-below", name=part.name)
        if part.wrt == wrt and part.of in self.graph.outputs and f"d{part.of}" not in self.asked.given:
            return msg("checking.gradient-is-the-question", name=part.name)
        if part.of in above and part.wrt in {wrt, *above}:
            return None
        return msg("checking.factor-off-the-way", name=part.name, wrt=wrt)


class TypedDerivation:
    """One question of the kind: reads lines, and says whether and in which form they are right."""

    def __init__(self, drill: Drill, question: DeriveQuestion) -> None:
        self.asked = question
        self.part: DrillPart = drill.part_of(question)
        row = DerivationScope(drill, self.asked.row, self.asked)
        shaped = DerivationScope(drill, self.asked.shaped or self.asked.row, self.asked)
        self.words: dict[Form, DerivationScope] = {"row": row, "shaped": shaped, "both": row}
        self.parts = parts_at(self.words["row"], self.part.run)

    def read(self, typed: TypedLine) -> DerivationLine:
        """A line as a tree; raises ParseError, with the place in the whole text, for what may not stand there."""
        head = _HEAD.match(typed.text)
        typed = typed.behind(head.end()) if head else typed
        words = self.words["row"]
        try:
            tree = parse_answer(typed.text, words.parser_scope)
            check_typed(words, tree, typed.text)
            if typed.number == 1 and self.asked.chain:
                _must_be_chain(tree, self.asked.given)
        except ParseError as error:
            raise typed.unreadable(error) from None
        return DerivationLine(typed, tree)

    def forms(self, *, passed: bool) -> tuple[Form, ...]:
        """The forms that a line may have; after one has passed over to the variable's shape, only that."""
        if self.asked.shaped is None:
            return ("both",)
        return ("shaped",) if passed else ("row", "shaped")

    def question_of(self, form: Form) -> GradientQuestion:
        """The gradient in a form."""
        return self.words[form].question

    def value(self, tree: Tree, run: Run) -> Any:
        """The value at a run; raises EvaluationError."""
        # A line is asked at the drill's numbers for every form that it may have.
        return self.parts.remember(tree) if run is self.part.run else value_at(self.words["row"], tree, run)

    def value_or_none(self, tree: Tree, run: Run) -> Any:
        """The value at a run; None where there is none."""
        try:
            return self.value(tree, run)
        except EvaluationError:
            return None

    def is_right(self, tree: Tree, form: Form, run: Run) -> bool:
        """Does the line give the gradient in this form at this run?"""
        return agree_at(run, self._value_in(tree, form), self.right(form))

    def is_truth(self, value: Any, form: Form, run: Run) -> bool:
        """Is a value the gradient in this form at this run?"""
        right = self.right(form)(run)
        return is_close(in_shape_of(right, value), right)

    def failure(self, tree: Tree, form: Form) -> Run | None:
        """A run, sizes and all, at which the line is not right; None where it always is."""
        runs = (self.part.run, *self.part.runs.resampled)
        return first_disagreement(self._value_in(tree, form), self.right(form), runs)

    def right(self, form: Form) -> Value:
        """The gradient in this form at any run."""
        return lambda run: np.asarray(right_answer(run, self.question_of(form).target))

    def _value_in(self, tree: Tree, form: Form) -> Value:
        def value(run: Run) -> Any:
            made = self.value_or_none(tree, run)
            return None if made is None else in_shape_of(self.right(form)(run), made)

        return value

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
        using = self.asked.using
        named = {*(using or ()), *self.asked.given}
        free = {*self.part.part.sizes, *(name for name in CONSTANTS if name not in self.part.graph.index)}
        if named & {*UPSTREAM_NAMES}:
            named.update((*self.words["row"].up_names, f"d{self.words['row'].up_line()}"))
        for part in walk(tree):
            if isinstance(part, Gradient):
                allowed = part.name in named
            else:
                allowed = not isinstance(part, Name) or using is None or part.name in named | free
            if isinstance(part, Gradient | Name) and not allowed:
                yield part.name


def in_shape_of(right: Any, value: Any) -> Any:
    """A single number in the shape that is right."""
    return value.reshape(right.shape) if value.size == right.size == 1 else value


def factors(tree: Tree) -> list[Tree]:
    """The factors of a product, from the left."""
    if isinstance(tree, Binary) and tree.op in "@*":
        return [*factors(tree.left), *factors(tree.right)]
    return [tree]


def _must_be_chain(tree: Tree, given: Collection[str]) -> None:
    """Raises ParseError where anything but factors `dA/dB` stands, and in front what the lesson `given`s the output."""
    if isinstance(tree, Gradient) and (tree.of is not None or tree.name in given):
        return
    inner = _turned(tree)
    if isinstance(inner, Gradient) and inner.name in given:
        return
    if isinstance(tree, Binary) and tree.op in "@*+":
        _must_be_chain(tree.left, given)
        _must_be_chain(tree.right, given)
        return
    raise ParseError(msg("checking.derive-chain-first"), tree.span)


def _turned(tree: Tree) -> Tree | None:
    """What is made a row of, by `.T` or `reshape`."""
    if isinstance(tree, Transposed):
        return tree.operand
    if isinstance(tree, Call) and tree.function == "reshape" and tree.arguments:
        first = tree.arguments[0]
        return first if isinstance(first, Gradient) else None
    return None
