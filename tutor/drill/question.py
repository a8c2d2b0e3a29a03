"""One question of a drill, with its right answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Any

from tutor.drill.runs import Runs
from tutor.engine import Graph, Run
from tutor.lesson.model import Draw, Lesson, Part
from tutor.mistakes.target import Convention, Target
from tutor.text import Message


class Entered(Enum):
    """How an answer is typed: screens, transcripts and files of answers go by this, never by the kind of question."""

    NUMBERS = auto()
    """A number or an array of them, which a grid can hold."""
    COUNT = auto()
    """A whole number."""
    SHAPE = auto()
    """The shape of an array."""
    FORMULA = auto()
    """A formula in names, right at any numbers."""
    DERIVATION = auto()
    """Lines, each equal to the one before, that may be kept."""
    DEFINITIONS = auto()
    """Lines with names of their own."""
    NAMES = auto()
    """Names of nodes, one after the other."""
    OPTION = auto()
    """One of a few options, by its number or in words."""
    GRADIENT_AT_NODE = auto()
    """A node and its gradient: `z = [1, 2]`."""

    @property
    def in_grid(self) -> bool:
        """Can a grid hold it, where it is an array?"""
        return self is Entered.NUMBERS

    @property
    def is_shape(self) -> bool:
        """Does it tell a shape?"""
        return self is Entered.SHAPE

    @property
    def in_words(self) -> bool:
        """Is it read as words, and has no shape?"""
        return self in (Entered.NAMES, Entered.OPTION)

    @property
    def of_lines(self) -> bool:
        """Is it several lines?"""
        return self in (Entered.DERIVATION, Entered.DEFINITIONS)

    @property
    def is_kept(self) -> bool:
        """Is it a derivation, which may end early and is worth keeping?"""
        return self is Entered.DERIVATION

    @property
    def names_itself(self) -> bool:
        """Has it names of its own, so that no `symbol =` may stand in front?"""
        return self is Entered.DEFINITIONS

    @property
    def by_names(self) -> bool:
        """Are nodes named one after the other, as they are pointed at?"""
        return self is Entered.NAMES

    @property
    def by_one_name(self) -> bool:
        """Is one node named, or pointed at, and something said of it?"""
        return self is Entered.GRADIENT_AT_NODE


@dataclass(frozen=True, eq=False, kw_only=True)
class Question:
    """What is asked, and a text that grades as right (`typed`; None: no short one is known).

    `kind` is the kind of the lesson format, `symbol` how mathematics writes what is asked (`∂b/∂z`), `details` what
    must be read besides: options, a given backward pass. `of` and `wrt` are the line and the variables in question.
    """

    id: str
    kind: str
    part: int
    entered: Entered
    of: str | None = None
    wrt: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()
    symbol: str
    prompt: Message
    typed: str | None
    skills: tuple[str, ...] = ()
    details: tuple[Message, ...] = ()
    worked: bool = False

    @property
    def line(self) -> str | None:
        """The node that the question is about, if it is about one: its line, or the variable itself."""
        return self.of or (self.wrt[0].partition("#")[0] if self.wrt else None)

    @property
    def has_symbol(self) -> bool:
        """Is the symbol one, and not a blank to fill in such as `…, …` or `#`?"""
        return bool(self.symbol) and not self.symbol.startswith(("…", "#"))

    @property
    def answer(self) -> Any:
        """The right answer as data: a number, nested lists, a text."""
        return self.typed

    @property
    def terms(self) -> tuple[object, ...]:
        """What else decides whether an answer is right, so that a drill in progress notices when it changes."""
        return ()

    @property
    def gradient(self) -> Target | None:
        """The gradient whose numbers are the answer; None where something else is."""
        return None

    @property
    def on_graph(self) -> bool:
        """Is it about the graph of its part?"""
        return True

    @property
    def shown_gradients(self) -> Mapping[str, Any] | None:
        """The gradients that the question itself shows, right or wrong, by node; None where it shows none."""
        return None


@dataclass(frozen=True, eq=False, kw_only=True)
class ValueQuestion(Question):
    """A question whose answer is a number or an array, `expected`."""

    expected: Any

    @property
    def answer(self) -> Any:
        """The numbers as nested lists."""
        return self.expected.tolist()


@dataclass(frozen=True, eq=False, kw_only=True)
class GradientQuestion(ValueQuestion):
    """A question for a gradient, its shape or its formula.

    `expected` is the gradient's value in the asked convention, also where its shape or formula is asked for.
    """

    target: Target
    using: tuple[str, ...] | None = None
    elementwise: bool = False  # a local gradient given entry by entry, as f'(z)
    strict: bool = False

    @property
    def convention(self) -> Convention:
        """Shape convention or Jacobian form."""
        return self.target.convention

    @property
    def gradient(self) -> Target | None:
        """The target, unless its shape or formula is asked for."""
        return self.target if self.entered is Entered.NUMBERS else None

    @property
    def answer(self) -> Any:
        """The gradient as nested lists; of a shape question the shape."""
        return list(self.shape) if self.entered is Entered.SHAPE else self.expected.tolist()

    @property
    def terms(self) -> tuple[object, ...]:
        """Convention and allowed names."""
        return (self.convention, self.using)

    @property
    def line(self) -> str:
        """The line asked about, or the variable itself."""
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
        """The questions of the same part that come before this one; none before one inside another question."""
        if question not in self.all_questions:
            return ()
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
    if not isinstance(question, GradientQuestion) or question.entered is Entered.SHAPE:
        return set()
    target = question.target
    if target.kind == "total":
        return set(question.wrt)
    if target.kind == "upstream":
        return {question.line}
    if target.kind == "downstream":
        source = question.wrt[0].partition("#")[0]
        return {source} if len(graph.uses(source)) == 1 else set()
    return set()
