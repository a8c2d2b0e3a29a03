"""One question of a drill, with its right answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tutor.drill.numbers import Runs
from tutor.engine import Graph, Run
from tutor.lesson.model import Draw, Lesson, Part
from tutor.mistakes.target import Convention, Target
from tutor.text import Message


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked, in which shape, and what is right.

    `kind` is the kind of the lesson format, `target` the gradient in question, `expected` its value in the asked
    convention (of a `shape` question, the gradient itself). `typed` is a text that grades as right (None: no short
    formula is known). `symbol` is how mathematics writes it, `∂b/∂z`.
    """

    id: str
    kind: str
    part: int
    target: Target
    expected: Any
    shape: tuple[int, ...]
    symbol: str
    prompt: Message
    typed: str | None
    skills: tuple[str, ...]
    using: tuple[str, ...] | None = None
    elementwise: bool = False  # a local gradient given entry by entry, as f'(z)
    strict: bool = False
    worked: bool = False

    @property
    def of(self) -> str | None:
        """The line asked about, where the question names one."""
        return self.target.of

    @property
    def wrt(self) -> tuple[str, ...]:
        """The slot or the variables."""
        return self.target.wrt

    @property
    def convention(self) -> Convention:
        """Shape convention or Jacobian form."""
        return self.target.convention

    @property
    def line(self) -> str:
        """The node that the question is about: its line, or the variable itself."""
        return self.target.of or self.target.wrt[0].partition("#")[0]


@dataclass(frozen=True, eq=False)
class DrillPart:
    """One graph of a drill with its numbers."""

    part: Part
    graph: Graph
    draw: Draw
    run: Run

    @cached_property
    def runs(self) -> Runs:
        """The same graph at other numbers, made when first needed."""
        return Runs(self.part, self.draw)


@dataclass(frozen=True, eq=False)
class Drill:
    """A lesson with numbers: `questions` are those asked, `worked` those shown solved, in the lesson's order."""

    lesson: Lesson
    seed: int
    parts: tuple[DrillPart, ...]
    all_questions: tuple[Question, ...]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions to answer."""
        return tuple(question for question in self.all_questions if not question.worked)

    @cached_property
    def worked(self) -> tuple[Question, ...]:
        """The questions shown with their answers."""
        return tuple(question for question in self.all_questions if question.worked)

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Questions by id, worked ones too."""
        return {question.id: question for question in self.all_questions}

    def part_of(self, question: Question) -> DrillPart:
        """The graph that a question is about."""
        return self.parts[question.part]

    def before(self, question: Question) -> tuple[Question, ...]:
        """The questions of the same part that come before this one."""
        place = self.all_questions.index(question)
        return tuple(each for each in self.all_questions[:place] if each.part == question.part)

    def known_gradients(self, question: Question) -> frozenset[str]:
        """Nodes whose total gradient an earlier question asked for, and the outputs: `dz` may be typed for these."""
        graph = self.part_of(question).graph
        known = set(graph.outputs)
        for each in self.before(question):
            known |= totals_of(graph, each)
        return frozenset(known)


def totals_of(graph: Graph, question: Question) -> set[str]:
    """Nodes whose total gradient a question's answer tells."""
    if question.kind in ("total", "formula") and question.target.kind == "total":
        return set(question.wrt)
    if question.kind == "upstream":
        return {question.line}
    if question.kind == "downstream":
        source = question.wrt[0].partition("#")[0]
        return {source} if len(graph.uses(source)) == 1 else set()
    return set()
