"""`formula: {wrt: W, using: [up, x]}`: a gradient as a formula that must hold for any numbers and sizes."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from tutor.checking.judging.formula_answers import check_formula
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.typed_text import read
from tutor.checking.verdict import Verdict
from tutor.checking.why.step import Step
from tutor.drill.named_lengths import NamedLengths
from tutor.drill.notation import UPSTREAM_NAMES, place_from_1, upstream_line
from tutor.drill.question import Drill, DrillPart, Entered, GradientQuestion
from tutor.drill.right_formulas import right_formula
from tutor.engine import Run
from tutor.engine.gradient_formulas import downstream_formula
from tutor.engine.simplifying import ONE
from tutor.expr import walk
from tutor.expr.tree import Name
from tutor.kinds.gradient import GradientKind, skills_at_nodes, skills_at_slot
from tutor.kinds.gradient_hints import telling_entry
from tutor.kinds.kind import Asked, answer_hint
from tutor.kinds.local import LocalKind
from tutor.kinds.total import TotalKind
from tutor.lesson.ask_entries import AskKind, Notes
from tutor.lesson.file.ask_schema import Fields, NameList, NamesOrMaps
from tutor.lesson.model import Convention, Part
from tutor.lesson.question_load import QuestionLoad, Shapes, of_local
from tutor.mistakes.target import Target
from tutor.text import Message, msg
from tutor.text.number_format import format_value

USING = "The names that may stand in the answer: [up, x]. Sizes, numbers, eye, diag and ones always may."


class Formula(Fields):
    """A gradient as a formula that must hold for any numbers and sizes."""

    wrt: str = Field(description="With respect to what: an input or a line.")
    of: str | None = Field(
        None,
        description="A line, for the formula of its local gradient; without it the gradient of the output is meant.",
    )
    using: NameList | None = Field(None, description=USING)


class FormulaKind(GradientKind[Formula]):
    """That of `local` or of `total`, in names."""

    name = "formula"
    form = NamesOrMaps[Formula]
    fields = Formula
    short = "wrt"
    describes = "A formula that must hold for any numbers and sizes: `formula: {wrt: W, using: [up, x]}`"
    entered = Entered.FORMULA
    telling = False
    asks_how = True
    tried_elsewhere = True
    prompt = "drill.prompt-formula"

    def note_faults(self, notes: Notes, fields: Formula) -> None:
        """A line and one of the names it uses, or a node."""
        if fields.of is None:
            super().note_faults(notes, fields)
        elif notes.must_be(("of",), fields.of, notes.lines):
            notes.must_be_slot(("wrt",), fields.of, fields.wrt)

    def target(self, fields: Formula, convention: Convention) -> Target:
        """The gradient of the output, or a local one."""
        return Target("total" if fields.of is None else "local", fields.of, fields.variables, convention=convention)

    def loads(self, part: Part, shapes: Shapes, fields: Formula, whole: int) -> Iterator[QuestionLoad]:
        """The local gradient is computed, and not typed."""
        if fields.of is None:
            yield from AskKind.loads(self, part, shapes, fields, whole)
        else:
            load = of_local(part.graph, shapes, part.graph.chain(fields.of, fields.wrt))
            yield QuestionLoad(1, load.matrix, load.work)

    def asks(self, run: Run, target: Target, fields: Formula, known: Mapping[str, object]) -> Message:
        """With the names that may be used."""
        if fields.using:
            return msg("drill.prompt-formula-using", using=list(fields.using), **known)
        return Message(self.prompt, known)

    def details(self, run: Run, target: Target, fields: Formula) -> tuple[Message, ...]:
        """What `up` is, where a formula is to be made of it."""
        line = upstream_line(run.graph, target) if {*UPSTREAM_NAMES} & {*(fields.using or ())} else None
        return () if line is None else (msg("drill.about-up", line=line),)

    def typed(self, asked: Asked[Formula], target: Target, expected: Any) -> str | None:
        """A formula of the allowed names, if a short one is known."""
        part, using = asked.part, asked.fields.using
        lengths = NamedLengths(part, asked.draw, asked.run)
        allowed = None if using is None else tuple(using)
        return right_formula(asked.run, target, allowed, part.sizes, part.upstream, lengths)

    def skills(self, run: Run, target: Target) -> tuple[str, ...]:
        """The op at the slot, or those that use the variable."""
        return (skills_at_slot if target.kind == "local" else skills_at_nodes)(run, target, self.name)

    def check(self, drill: Drill, question: GradientQuestion, text: str, earlier: Mapping[str, str]) -> Verdict:
        """At the drill's numbers and at fresh ones."""
        scope = AnswerScope(drill, question)
        return check_formula(scope, read(scope, text))

    def hints(self, drill: Drill, question: GradientQuestion) -> list[Message]:
        """What is asked, the rule in words, the names, one entry here, the formula."""
        part = drill.part_of(question)
        place, value = telling_entry(question.expected)
        entry = msg(
            "checking.hint-formula-entry", symbol=question.symbol, place=place_from_1(place), entry=format_value(value)
        )
        if not question.shape:
            entry = msg("checking.hint-formula-value", symbol=question.symbol, value=format_value(value))
        return [
            msg("checking.hint-formula", symbol=question.symbol, shape=question.shape, wrt=question.wrt[0]),
            self.rule(part, question),
            _made_of(part, question),
            entry,
            msg("checking.hint-answer", answer=format_value(question.expected))
            if question.typed is None
            else answer_hint(question),
        ]

    def rule(self, part: DrillPart, question: GradientQuestion) -> Message:
        return _numbers(question).rule(part, question)

    def steps(self, part: DrillPart, question: GradientQuestion) -> Iterator[Step | Message]:
        return _numbers(question).steps(part, question)

    def measured(self, part: DrillPart, question: GradientQuestion) -> Iterator[Step | Message]:
        return _numbers(question).measured(part, question)


def _numbers(question: GradientQuestion) -> GradientKind[Any]:
    """The kind that asks for the numbers of the same gradient."""
    return LocalKind() if question.target.kind == "local" else TotalKind()


def _made_of(part: DrillPart, question: GradientQuestion) -> Message:
    """The names that may be used; of a local gradient those that it takes, which the chain rule does not tell."""
    if question.using:
        return msg("checking.hint-formula-names", names=list(question.using))
    if question.of is None:
        return msg("checking.hint-formula-chain")
    tree = downstream_formula(part.run, question.target.chain(part.graph), ONE)
    names = [] if tree is None else list(dict.fromkeys(each.name for each in walk(tree) if isinstance(each, Name)))
    if not names:
        return msg("checking.hint-entries", of=question.of, wrt=question.wrt[0], symbol=question.symbol)
    return msg("checking.hint-formula-local", names=names, of=question.of)
