"""The family of kinds that ask for a gradient: its numbers, its shape or its formula."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from tutor.checking.judging.number_answers import check_numbers
from tutor.checking.named_formulas import own_share
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.typed_text import read, value_at
from tutor.checking.verdict import Preview, Verdict
from tutor.checking.why.derived import cut_off, of_line, of_total
from tutor.checking.why.filled import entries_filled
from tutor.checking.why.measured import line_measured, total_measured
from tutor.checking.why.step import Step
from tutor.drill.notation import gradient_symbol, typed_numbers
from tutor.drill.question import Drill, DrillPart, Entered, GradientQuestion
from tutor.engine import Run
from tutor.engine.gradient_formulas import gradient_formula, replaced
from tutor.expr import walk
from tutor.expr.tree import Gradient, Tree
from tutor.kinds.gradient_hints import asked_for, in_names, numbers_here, rule_of, without_ones
from tutor.kinds.kind import Asked, F, Kind
from tutor.lesson.ask_entries import Notes
from tutor.lesson.file.ask_schema import Fields, OfWrt
from tutor.lesson.model import Convention, Part
from tutor.lesson.question_load import CALL, QuestionLoad, Shapes, sizes_of
from tutor.mistakes.target import Target, right_answer
from tutor.text import Message, msg
from tutor.text.number_format import format_value


class GradientKind(Kind[F, GradientQuestion]):
    """A gradient in numbers, with respect to nodes: what a kind does not say otherwise."""

    entered = Entered.NUMBERS
    telling = True
    prompt: ClassVar[str]
    hint: ClassVar[str] = ""
    """The first rung of the hints: what is asked."""

    def target(self, fields: F, convention: Convention) -> Target:
        """The gradient of the output."""
        return Target("total", None, fields.variables, convention=convention)

    def note_faults(self, notes: Notes, fields: F) -> None:
        """Variables that are nodes."""
        for k, name in enumerate(fields.variables):
            notes.must_be(notes.at("wrt", k), name, notes.nodes)

    def loads(self, part: Part, shapes: Shapes, fields: F, whole: int) -> Iterator[QuestionLoad]:
        """The entries of the variables, or of the line, are typed; a pass has been made."""
        typed = sum(sizes_of(part.graph, shapes, *(fields.variables or self.words(fields))))
        yield QuestionLoad(typed, 1, CALL + typed)

    # The question

    def build(self, asked: Asked[F]) -> GradientQuestion:
        """The gradient as a question, with a text that grades as right."""
        run = asked.run
        target = self.target(asked.fields, asked.convention)
        expected = np.asarray(right_answer(run, target))
        names = " ".join(target.wrt)
        known = {"of": target.of or "", "wrt": names, "path": " → ".join((names, *target.path))}
        using = getattr(asked.fields, "using", None)
        return GradientQuestion(
            **asked.head(*self.words(asked.fields)),
            of=target.of,
            wrt=target.wrt,
            target=target,
            expected=expected,
            shape=tuple(expected.shape),
            symbol=gradient_symbol(run, target),
            prompt=self.asks(run, target, asked.fields, known),
            details=self.details(run, target, asked.fields),
            typed=self.typed(asked, target, expected),
            skills=(*self.skills(run, target), *(("convention",) if target.convention == "jacobian" else ())),
            using=None if using is None else tuple(using),
            elementwise=target.kind == "local" and run.is_elementwise(target.chain(run.graph)),
            strict=asked.lesson.strict or asked.ask.convention is not None,
        )

    def asks(self, run: Run, target: Target, fields: F, known: Mapping[str, object]) -> Message:
        """What is asked, in a sentence."""
        return Message(self.prompt, known)

    def details(self, run: Run, target: Target, fields: F) -> tuple[Message, ...]:
        """What must be read besides."""
        return ()

    def typed(self, asked: Asked[F], target: Target, expected: Any) -> str | None:
        """A text that grades as right."""
        return typed_numbers(expected)

    def skills(self, run: Run, target: Target) -> tuple[str, ...]:
        """`fork`, `reuse`, or the op through which all comes back."""
        return skills_at_nodes(run, target, "downstream")

    # Its answers

    def check(self, drill: Drill, question: GradientQuestion, text: str, earlier: Mapping[str, str]) -> Verdict:
        """By correct rounding or within the tolerance, in any right form; explained where it is wrong."""
        scope = AnswerScope(drill, question)
        return check_numbers(scope, read(scope, text), earlier)

    def preview(self, drill: Drill, question: GradientQuestion, text: str) -> Preview:
        """The expression in mathematics, with its shape and value."""
        scope = AnswerScope(drill, question)
        tree = read(scope, text)
        return Preview.of_tree(tree, lambda: value_at(scope, tree, scope.part.run))

    def hints(self, drill: Drill, question: GradientQuestion) -> list[Message]:
        """What is asked, the rule in words, in names, with this drill's numbers, the answer."""
        part = drill.part_of(question)
        tree = without_ones(part, self.formula(part, question))
        return [
            asked_for(question, self.hint),
            self.rule(part, question),
            in_names(part, question, tree),
            numbers_here(part, question, tree),
            msg("checking.hint-answer", answer=format_value(question.expected)),
        ]

    def rule(self, part: DrillPart, question: GradientQuestion) -> Message:
        """The rule of the op that matters most on the way; at a fork, that branches add."""
        name = question.line
        uses = part.graph.uses(name)
        if len(question.wrt) > 1:
            return msg("checking.rule-several")
        if len(uses) > 1:
            return msg("checking.rule-fork", wrt=name, lines=list(dict.fromkeys(line for line, _ in uses)))
        return rule_of(part, uses[0][1].chain) if uses else msg("checking.rule-output", name=name)

    def formula(self, part: DrillPart, question: GradientQuestion) -> Tree | None:
        """The answer in names, one line at a time: `db · (y > z)`, `dz @ xᵀ`."""
        if len(question.wrt) > 1:
            return None
        tree = gradient_formula(part.run, question.line, lambda name: name.name != "up")
        own = Gradient(None, question.line)
        if tree is None or tree == own or own not in list(walk(tree)):
            return tree
        # Of an output that is used too, its own upstream in numbers: by name it would be the gradient that is asked.
        share = own_share(part, question.line)
        return None if share is None else replaced(tree, lambda each: share if each == own else None)

    # Why

    def derivation(self, drill: Drill, question: GradientQuestion) -> Iterator[Step | Message]:
        """Step by step, and where a framework would say otherwise."""
        part = drill.part_of(question)
        yield from self.steps(part, question)
        yield from cut_off(part, question.wrt)

    def steps(self, part: DrillPart, question: GradientQuestion) -> Iterator[Step | Message]:
        """The chain rule over all uses of each variable."""
        for name in question.target.wrt:
            yield from of_total(part, name)

    def filled(self, part: DrillPart, question: GradientQuestion) -> Iterator[Step]:
        """Of an elementwise gradient."""
        yield from entries_filled(part, question)

    def measured(self, part: DrillPart, question: GradientQuestion) -> Iterator[Step | Message]:
        """How the output moves with each variable."""
        for name in question.target.wrt:
            yield from total_measured(part, name)


class AtSlot(GradientKind[OfWrt]):
    """A gradient at one slot of a line."""

    fields = OfWrt

    def note_faults(self, notes: Notes, fields: OfWrt) -> None:
        """A line, and one of the names it uses."""
        if notes.must_be(("of",), fields.of, notes.lines):
            notes.must_be_slot(("wrt",), fields.of, fields.wrt)

    def skills(self, run: Run, target: Target) -> tuple[str, ...]:
        """The op at the slot."""
        return skills_at_slot(run, target, self.name)

    def rule(self, part: DrillPart, question: GradientQuestion) -> Message:
        """The rule of an op of the line."""
        return rule_of(part, question.target.chain(part.graph))

    def steps(self, part: DrillPart, question: GradientQuestion) -> Iterator[Step | Message]:
        """The local gradient."""
        target = question.target
        yield from of_line(part, target.of or "", target.wrt[0], target.chain(part.graph))

    def measured(self, part: DrillPart, question: GradientQuestion) -> Iterator[Step | Message]:
        """How the line moves with the slot."""
        yield from line_measured(part, question.target)


class OneVariable(Fields):
    """A node, written as a text."""

    wrt: str


def skills_at_slot(run: Run, target: Target, kind: str) -> tuple[str, ...]:
    """`<kind>:<op>` of the op at a slot, and `reuse` where its line uses the name twice."""
    graph = run.graph
    op = graph.ops[target.chain(graph)[-1][0]]
    assert op is not None
    return (f"{kind}:{op.name}", *(("reuse",) if "#" in target.wrt[0] else ()))


def skills_at_nodes(run: Run, target: Target, kind: str) -> tuple[str, ...]:
    """`fork` or `reuse` of variables with several uses, else `<kind>:<op>` of the op that uses them."""
    graph = run.graph
    found: list[str] = []
    for name in target.wrt:
        uses = graph.uses(name)
        if len(uses) > 1:
            found.append("fork" if len({line for line, _ in uses}) > 1 else "reuse")
        elif uses:
            op = graph.ops[uses[0][1].chain[-1][0]]
            assert op is not None
            found.append(f"{kind}:{op.name}")
    return tuple(dict.fromkeys(found))
