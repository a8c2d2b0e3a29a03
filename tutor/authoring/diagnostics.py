"""A lesson on the author's desk: its file with the places of everything in it, and the list of what is found."""

from dataclasses import dataclass, field
from pathlib import Path

from tutor.course.packed import PackedLesson
from tutor.lesson.file.document import Document, Steps
from tutor.lesson.file.problem import Problem, Severity
from tutor.lesson.model import Ask, Lesson, Part
from tutor.text import Message


@dataclass(slots=True)
class Diagnostics:
    """Notes problems at the lines, questions and fields of one lesson."""

    lesson: Lesson
    document: Document
    packed: PackedLesson
    replaced: set[str] = field(default_factory=set)  # codes of the loader's warnings that were looked at more closely

    @classmethod
    def with_file(cls, path: Path, text: str | None = None) -> "Diagnostics":
        """The lesson in a file, or in a text that would stand there; raises LessonError."""
        return cls.with_packed(PackedLesson.of(path, text))

    @classmethod
    def with_packed(cls, packed: PackedLesson) -> "Diagnostics":
        """The same of a lesson that was read elsewhere."""
        return cls(packed.load(), packed.document(), packed)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything found, the loader's warnings too: errors first, in the order of the file."""
        kept = [each for each in self.lesson.warnings if each.code not in self.replaced]
        found = dict.fromkeys([*kept, *self.document.problems])
        return tuple(sorted(found, key=lambda each: (each.severity != "error", each.line, each.column)))

    def at_field(self, steps: Steps, message: Message, severity: Severity = "error") -> None:
        """Note a problem at a field, or at the nearest one around it that stands in the file."""
        while steps and steps not in self.document.keys and steps not in self.document.spans:
            steps = steps[:-1]
        if steps in self.document.keys:
            self.document.report_key(steps, message, severity=severity)
        else:
            self.document.report(steps, message, severity=severity)

    def at_line(self, part: Part, line: str, message: Message, severity: Severity = "error") -> None:
        """Note a problem at a line of the graph, or at an input."""
        section = "graph" if line in part.graph.lines else "given"
        self.at_field((*self.steps_of(part), section, line), message, severity)

    def at_question(self, part: Part, ask: Ask, message: Message, severity: Severity = "error") -> None:
        """Note a problem at a question; at the graph where the lesson leaves the questions to `tutor`."""
        if not part.ask or self.is_borrowed(part):
            self.at_field((*self.steps_of(part), "ask" if part.ask else "graph"), message, severity)
            return
        self.document.report_position(ask.position, message, severity)

    def steps_of(self, part: Part) -> Steps:
        """Where a part stands in the file."""
        return ("parts", part.number) if self.lesson.has_parts else ()

    def is_borrowed(self, part: Part) -> bool:
        """Whether a part's graph stands in another file."""
        return (*self.steps_of(part), "from") in self.document.keys
