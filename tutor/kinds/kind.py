"""What a kind of question is: its fields, its questions, and what becomes of their answers."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from tutor.checking.judging.value_answers import Wanted, check_value, preview_value
from tutor.checking.verdict import Preview, Verdict
from tutor.checking.why.step import Step
from tutor.drill.notation import gradient_symbol, typed_numbers
from tutor.drill.question import Drill, DrillPart, Entered, GradientQuestion, Question
from tutor.drill.runs import Runs
from tutor.engine import Graph, Run
from tutor.lesson.ask_entries import KINDS, AskKind
from tutor.lesson.file.ask_schema import Fields
from tutor.lesson.model import Ask, Convention, Draw, Lesson, Part
from tutor.mistakes.target import Target, right_answer
from tutor.text import Message, msg

F = TypeVar("F", bound=Fields)
Q = TypeVar("Q", bound=Question)


@dataclass(frozen=True, slots=True, eq=False)
class Asked(Generic[F]):
    """One entry of `ask` at a drill's numbers; `number` is the part's, `nth` counts questions of this kind from 1."""

    lesson: Lesson
    part: Part
    draw: Draw
    run: Run
    ask: Ask
    number: int
    nth: int
    worked: bool
    seed: int = 0

    @property
    def fields(self) -> F:
        """What the entry says."""
        return self.ask.fields  # type: ignore[return-value]

    @property
    def convention(self) -> Convention:
        """Shape convention or Jacobian form."""
        return self.ask.convention or self.part.convention

    @property
    def runs(self) -> Runs:
        """The same graph at other numbers."""
        return Runs(self.part, self.draw)

    def head(self, *words: str) -> dict[str, Any]:
        """What all questions have: the id `<kind> <words>`, in parts `k/<kind> <words>`, and where it belongs."""
        prefix = f"{self.number + 1}/" if self.lesson.has_parts else ""
        return {
            "id": prefix + " ".join((self.ask.kind, *words)),
            "kind": self.ask.kind,
            "part": self.number,
            "worked": self.worked,
            "entered": kind_named(self.ask.kind).entered,
        }


def inner(asked: Asked[Any], target: Target, entered: Entered) -> GradientQuestion:
    """The question for a gradient that an answer to another question speaks of."""
    expected = np.asarray(right_answer(asked.run, target))
    return GradientQuestion(
        **asked.head(*target.wrt, target.convention) | {"entered": entered},
        wrt=target.wrt,
        target=target,
        expected=expected,
        shape=tuple(expected.shape),
        symbol=gradient_symbol(asked.run, target),
        prompt=msg("drill.prompt-total"),
        typed=typed_numbers(expected),
    )


class Kind(AskKind[F], Generic[F, Q]):
    """A kind of question, from its entry in a lesson to the reason of its answer."""

    entered: ClassVar[Entered]
    telling: ClassVar[bool] = False
    """Are a drill's numbers chosen so that the mistakes in its gradient show?"""
    asks_how: ClassVar[bool] = False
    """Is its answer what the derivation of a gradient says?"""

    def target(self, fields: F, convention: Convention) -> Target | None:
        """The gradient that the question is about, if it is about one."""
        return None

    def words(self, fields: F) -> list[str]:
        """What an id names behind the kind."""
        of = getattr(fields, "of", None)
        return [*([of] if of else []), *fields.variables]

    @abstractmethod
    def build(self, asked: Asked[F]) -> Q:
        """The question at a drill's numbers, with its right answer."""

    @abstractmethod
    def check(self, drill: Drill, question: Q, text: str, earlier: Mapping[str, str]) -> Verdict:
        """The verdict on an answer; raises ParseError and EvaluationError for what cannot be read."""

    @abstractmethod
    def preview(self, drill: Drill, question: Q, text: str) -> Preview:
        """What is understood of a text; raises ParseError and EvaluationError."""

    @abstractmethod
    def hints(self, drill: Drill, question: Q) -> list[Message]:
        """Five rungs: what is asked, the rule in words, in names, with this drill's numbers, the answer.

        No two are the same; the last one shows what `typed` says.
        """

    def derivation(self, drill: Drill, question: Q) -> Iterator[Step | Message]:
        """How the answer comes about, in names; nothing where there is nothing to derive."""
        yield from ()

    def filled(self, part: DrillPart, question: Q) -> Iterator[Step]:
        """The first entries of the answer with this drill's numbers filled in."""
        yield from ()

    def measured(self, part: DrillPart, question: Q) -> Iterator[Step | Message]:
        """The answer measured by nudges; nothing where they measure nothing."""
        yield from ()


class ValueKind(Kind[F, Q]):
    """A kind whose answers are numbers that every run can be asked for."""

    entered = Entered.NUMBERS

    @abstractmethod
    def wanted(self, drill: Drill, question: Q) -> Wanted:
        """What makes an answer right, and what may explain a wrong one."""

    def check(self, drill: Drill, question: Q, text: str, earlier: Mapping[str, str]) -> Verdict:
        """By correct rounding, or within the tolerance."""
        return check_value(drill, question, text, self.wanted(drill, question), earlier)

    def preview(self, drill: Drill, question: Q, text: str) -> Preview:
        """The numbers as they were understood."""
        return preview_value(drill, question, text, self.wanted(drill, question))


def kind_named(name: str) -> Kind[Any, Any]:
    """The kind of question with this name."""
    kind = KINDS[name]
    assert isinstance(kind, Kind)
    return kind


def telling_targets(part: Part, asks: Iterable[Ask]) -> Iterator[tuple[Ask, Target]]:
    """Those of the questions in whose gradient mistakes are to show, and the gradients."""
    for ask in asks:
        kind = kind_named(ask.kind)
        target = kind.target(ask.fields, ask.convention or part.convention)
        if target is not None and kind.telling:
            yield ask, target


def slips_of_kinds() -> list[str]:
    """The mistakes that only answers to one kind of question are explained by."""
    return [slip for kind in KINDS.values() for slip in kind.slips]


def is_tried_elsewhere(kind: str) -> bool:
    """Are answers tried at fresh numbers and sizes of the part?"""
    return KINDS[kind].tried_elsewhere


def kind_of(question: Question) -> Kind[Any, Any]:
    """The kind that a question is of."""
    return kind_named(question.kind)


def skills_of(graph: Graph, kind: str, names: Iterable[str]) -> tuple[str, ...]:
    """One skill, `<kind>:<op>`, for every op that uses one of these names directly, each once."""
    edges = [slot.chain[-1] for name in names for _, slot in graph.uses(name)]
    ops = [graph.ops[node] for node, _ in edges]
    return tuple(dict.fromkeys(f"{kind}:{op.name}" for op in ops if op is not None))


def answer_hint(question: Question, otherwise: str = "") -> Message:
    """The last rung."""
    return msg("checking.hint-answer", answer=question.typed or otherwise)


def form_wanted(question: Question) -> Message:
    """A number, or an array of a shape."""
    return msg("checking.of-shape", shape=question.shape) if question.shape else msg("checking.a-number")


def steps_of(question: Question, symbol: str = "") -> Iterator[Step]:
    """The lines of the answer that is known, if one is."""
    yield from (Step(symbol + line.strip()) for line in (question.typed or "").split(";") if line)
