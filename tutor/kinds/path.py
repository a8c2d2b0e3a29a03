"""`path: {wrt: x, through: [a, f]}`: the part of a gradient that comes along one path."""

from collections.abc import Iterator

from pydantic import Field

from tutor.checking.named_formulas import path_formula
from tutor.checking.why.derived import of_way
from tutor.checking.why.measured import path_measured
from tutor.checking.why.step import Step
from tutor.drill.question import DrillPart, GradientQuestion
from tutor.engine import Run
from tutor.expr.tree import Tree
from tutor.kinds.gradient import GradientKind
from tutor.lesson.ask_entries import Names, Notes
from tutor.lesson.file.ask_schema import Fields, NameList
from tutor.lesson.file.document import Steps
from tutor.lesson.model import Convention
from tutor.mistakes.target import Target
from tutor.text import Message, msg


class Path(Fields):
    """One path from the output back to a name."""

    wrt: str = Field(description="Where the path ends: an input or a line.")
    through: NameList = Field(description="The lines on the path, from the one that uses `wrt` to the output: [a, f].")


class PathKind(GradientKind[Path]):
    """The product of the local gradients on the way."""

    name = "path"
    fields = Path
    describes = "The part of one path: `path: {wrt: x, through: [a, f]}`"
    prompt, hint = "drill.prompt-path", "checking.hint-path"

    def words(self, fields: Path) -> list[str]:
        """The variable, and the lines on the path."""
        return [fields.wrt, *fields.through]

    def target(self, fields: Path, convention: Convention) -> Target:
        return Target("path", None, fields.variables, path=tuple(fields.through), convention=convention)

    def note_faults(self, notes: Notes, fields: Path) -> None:
        """Each line uses the one before."""
        graph = notes.graph
        below = fields.wrt
        at: Steps = ("wrt",)
        if not notes.must_be(at, below.partition("#")[0], [*graph.inputs, *graph.lines]):
            return
        for k, line in enumerate(fields.through):
            if not notes.must_be(("through", k), line, list(graph.lines)):
                return
            source = below.partition("#")[0]
            if source not in [slot.source for slot in graph.lines[line].slots]:
                notes.report(("through", k), msg("lesson.path-broken", line=line, name=source))
                return
            if not notes.must_be_slot(at, line, below):
                return
            below, at = line, ("through", k)

    def note_unknown(self, names: Names, fields: Path) -> None:
        """The lines on the path too."""
        super().note_unknown(names, fields)
        for k, line in enumerate(fields.through):
            names.must_be(names.at("through", k), line, names.lines)

    def skills(self, run: Run, target: Target) -> tuple[str, ...]:
        return ("fork",)

    def rule(self, part: DrillPart, question: GradientQuestion) -> Message:
        return msg("checking.rule-path")

    def formula(self, part: DrillPart, question: GradientQuestion) -> Tree | None:
        return path_formula(part, _nodes(question))

    def steps(self, part: DrillPart, question: GradientQuestion) -> Iterator[Step | Message]:
        """The local gradients from the output back."""
        yield from of_way(part, _nodes(question), question.symbol)

    def measured(self, part: DrillPart, question: GradientQuestion) -> Iterator[Step | Message]:
        """How the output moves when the path alone carries it on."""
        yield from path_measured(part, _nodes(question))


def _nodes(question: GradientQuestion) -> tuple[str, ...]:
    return (question.target.wrt[0], *question.target.path)
