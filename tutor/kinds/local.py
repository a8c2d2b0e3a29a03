"""`local: {of: h, wrt: z}`: the local gradient of a line."""

from collections.abc import Iterator, Mapping

from tutor.drill.question import DrillPart, GradientQuestion
from tutor.engine import Run
from tutor.engine.gradient_formulas import downstream_formula
from tutor.engine.simplifying import ONE
from tutor.expr.tree import Tree
from tutor.kinds.gradient import AtSlot
from tutor.kinds.gradient_hints import slope_of
from tutor.lesson.file.ask_schema import OfWrt
from tutor.lesson.model import Convention, Part
from tutor.lesson.question_load import QuestionLoad, Shapes, of_local
from tutor.mistakes.target import Target
from tutor.text import Message, msg


class LocalKind(AtSlot):
    """A number, entries side by side, or a Jacobian."""

    name = "local"
    describes = "The local gradient of a line: `local: {of: h, wrt: z}`"
    asks_how = True
    prompt, hint = "drill.prompt-local", "checking.hint-local"

    def target(self, fields: OfWrt, convention: Convention) -> Target:
        """Of the line with respect to the slot."""
        return Target("local", fields.of, fields.variables, convention=convention)

    def loads(self, part: Part, shapes: Shapes, fields: OfWrt, whole: int) -> Iterator[QuestionLoad]:
        """The Jacobians along the chain of ops."""
        yield of_local(part.graph, shapes, part.graph.chain(fields.of, fields.wrt))

    def asks(self, run: Run, target: Target, fields: OfWrt, known: Mapping[str, object]) -> Message:
        """Entry by entry, where the line works so."""
        if run.shapes[run.graph.find(target.of or "")] != () and run.is_elementwise(target.chain(run.graph)):
            return msg("drill.prompt-local-entries", **known)
        return Message(self.prompt, known)

    def rule(self, part: DrillPart, question: GradientQuestion) -> Message:
        """The slope of an op of the line."""
        return slope_of(part, question.target.chain(part.graph))

    def formula(self, part: DrillPart, question: GradientQuestion) -> Tree | None:
        """The slope in names; of a Jacobian none."""
        if question.elementwise or question.shape == ():
            return downstream_formula(part.run, question.target.chain(part.graph), ONE)
        return None
