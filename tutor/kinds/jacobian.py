"""`jacobian: {of: h, wrt: z}`: a whole Jacobian, rows for outputs and columns for inputs."""

from collections.abc import Iterator

from tutor.checking.why.derived import between, off_diagonal
from tutor.checking.why.measured import jacobian_measured
from tutor.checking.why.step import Step
from tutor.drill.question import DrillPart, GradientQuestion
from tutor.engine import Run
from tutor.expr.tree import Tree
from tutor.kinds.gradient import GradientKind
from tutor.lesson.ask_entries import Notes
from tutor.lesson.file.ask_schema import OfWrt
from tutor.lesson.model import Convention, Part
from tutor.lesson.question_load import QuestionLoad, Shapes, sizes_of
from tutor.mistakes.target import Target
from tutor.text import Message, msg


class JacobianKind(GradientKind[OfWrt]):
    """Of any node with respect to any below it."""

    name = "jacobian"
    fields = OfWrt
    describes = "A whole Jacobian, rows for outputs and columns for inputs: `jacobian: {of: h, wrt: z}`"
    telling = False
    asks_how = True
    of_inputs = True
    slips = ("jacobian:transposed",)
    prompt, hint = "drill.prompt-jacobian", "checking.hint-jacobian"

    def target(self, fields: OfWrt, convention: Convention) -> Target:
        """Of the upper node with respect to the lower one."""
        return Target("jacobian", fields.of, fields.variables, convention=convention)

    def note_faults(self, notes: Notes, fields: OfWrt) -> None:
        """Two nodes, the one above the other."""
        notes.must_be_above(fields.of, fields.wrt)

    def loads(self, part: Part, shapes: Shapes, fields: OfWrt, whole: int) -> Iterator[QuestionLoad]:
        sizes = sizes_of(part.graph, shapes, fields.of, fields.wrt)
        yield QuestionLoad(sizes[0] * sizes[-1], sizes[0] * sizes[-1], whole * sizes[0])

    def skills(self, run: Run, target: Target) -> tuple[str, ...]:
        return (self.name,)

    def rule(self, part: DrillPart, question: GradientQuestion) -> Message:
        """What stands in which row and column."""
        return msg("checking.rule-jacobian", of=question.of or "", wrt=question.wrt[0])

    def formula(self, part: DrillPart, question: GradientQuestion) -> Tree | None:
        return None

    def steps(self, part: DrillPart, question: GradientQuestion) -> Iterator[Step | Message]:
        """Along the lines between, and why there are zeros."""
        of, wrt = question.target.of or "", question.target.wrt[0]
        yield from between(part, of, wrt)
        yield from off_diagonal(part, of, wrt)

    def measured(self, part: DrillPart, question: GradientQuestion) -> Iterator[Step | Message]:
        yield from jacobian_measured(part, question.target.of or "", question.target.wrt[0])
