"""`downstream: {of: h, wrt: z}`: what flows from a line back to one of its inputs."""

from collections.abc import Iterator, Mapping

from tutor.checking.why.derived import shared
from tutor.checking.why.step import Step
from tutor.drill.question import DrillPart, GradientQuestion
from tutor.engine import Run
from tutor.engine.gradient_formulas import downstream_formula
from tutor.expr import to_unicode
from tutor.expr.tree import Gradient, Tree
from tutor.kinds.gradient import AtSlot
from tutor.lesson.file.ask_schema import OfWrt
from tutor.lesson.model import Convention
from tutor.mistakes.target import Target
from tutor.text import Message, msg


class DownstreamKind(AtSlot):
    """Upstream times local."""

    name = "downstream"
    describes = "What flows from a line back to one of its inputs: `downstream: {of: h, wrt: z}`"
    prompt, hint = "drill.prompt-downstream", "checking.hint-downstream"

    def target(self, fields: OfWrt, convention: Convention) -> Target:
        return Target("downstream", fields.of, fields.variables, convention=convention)

    def asks(self, run: Run, target: Target, fields: OfWrt, known: Mapping[str, object]) -> Message:
        """Through which line, where several use the variable."""
        if len(run.graph.uses(fields.wrt.partition("#")[0])) > 1:
            return msg("drill.prompt-downstream-through", **known)
        return Message(self.prompt, known)

    def formula(self, part: DrillPart, question: GradientQuestion) -> Tree | None:
        """The upstream sent back along the slot."""
        target = question.target
        return downstream_formula(part.run, target.chain(part.graph), Gradient(None, target.of or ""))

    def steps(self, part: DrillPart, question: GradientQuestion) -> Iterator[Step | Message]:
        """The local gradient, and upstream times it."""
        target = question.target
        lead = question.symbol if " " not in question.symbol else ""  # of one way of several it is no gradient
        summed = shared(part, target.of or "", target.wrt[0], target.chain(part.graph), lead)
        yield from summed or super().steps(part, question)
        share = self.formula(part, question)
        if share is not None:
            up = f"d{target.of}"
            yield msg("checking.why-all-entries") if summed else msg("checking.why-up-times-local", up=up)
            yield Step(f"{question.symbol} = {to_unicode(share)}")
