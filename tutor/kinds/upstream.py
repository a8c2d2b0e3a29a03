"""`upstream: z`: what arrives at a line, its total gradient."""

from tutor.kinds.gradient import GradientKind
from tutor.lesson.ask_entries import Notes
from tutor.lesson.file.ask_schema import Fields, Names
from tutor.lesson.model import Convention
from tutor.mistakes.target import Target


class Upstream(Fields):
    """A line, written as a text."""

    of: str


class UpstreamKind(GradientKind[Upstream]):
    """The gradient of the output with respect to a line."""

    name = "upstream"
    form = Names
    fields = Upstream
    short = "of"
    describes = "What arrives at a line, its total gradient: `upstream: z`"
    prompt, hint = "drill.prompt-upstream", "checking.hint-upstream"

    def note_faults(self, notes: Notes, fields: Upstream) -> None:
        """A line, or an op within one."""
        notes.must_be((), fields.of, notes.lines)

    def target(self, fields: Upstream, convention: Convention) -> Target:
        return Target("upstream", fields.of, (fields.of,), convention=convention)
