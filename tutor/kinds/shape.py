"""`shape: [W, b]`: what shape a gradient has."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from tutor.checking.judging.shape_answers import check_shape, read_shape
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.verdict import Preview, Verdict
from tutor.checking.why.step import Step
from tutor.drill.notation import line_formula
from tutor.drill.question import Drill, DrillPart, Entered, GradientQuestion
from tutor.engine import Run
from tutor.kinds.gradient import GradientKind, OneVariable
from tutor.kinds.kind import Asked
from tutor.lesson.ask_entries import AskKind
from tutor.lesson.file.ask_schema import Names
from tutor.lesson.model import Part
from tutor.lesson.question_load import QuestionLoad, Shapes
from tutor.mistakes.target import Target
from tutor.text import Message, msg


class ShapeKind(GradientKind[OneVariable]):
    """Answers are a tuple, in numbers or in names of sizes."""

    name = "shape"
    form = Names
    fields = OneVariable
    short = "wrt"
    describes = "What shape has the gradient? `shape: [W, b]`"
    entered = Entered.SHAPE
    telling = False
    computes = False
    slips = ("shape:transposed", "shape:jacobian-form")
    prompt = "drill.prompt-shape"

    def loads(self, part: Part, shapes: Shapes, fields: OneVariable, whole: int) -> Iterator[QuestionLoad]:
        return AskKind.loads(self, part, shapes, fields, whole)

    def typed(self, asked: Asked[OneVariable], target: Target, expected: Any) -> str:
        return str(tuple(expected.shape))

    def skills(self, run: Run, target: Target) -> tuple[str, ...]:
        return (self.name,)

    def check(self, drill: Drill, question: GradientQuestion, text: str, earlier: Mapping[str, str]) -> Verdict:
        """Right, turned over, or in the other convention."""
        return check_shape(AnswerScope(drill, question), text)

    def preview(self, drill: Drill, question: GradientQuestion, text: str) -> Preview:
        """The shape as it was read."""
        shape = read_shape(AnswerScope(drill, question), text)
        return Preview(str(shape), shape)

    def hints(self, drill: Drill, question: GradientQuestion) -> list[Message]:
        """The convention, and the shapes around."""
        part, name = drill.part_of(question), question.wrt[0]
        uses = part.graph.uses(name)
        known: dict[str, object] = {"wrt": name, "symbol": question.symbol}
        answer = msg("checking.hint-answer", answer=str(question.shape))
        if question.convention == "jacobian":
            size = int(np.prod(part.run.shapes[part.graph.find(name)]))
            return [
                msg("checking.hint-shape-row", **known),
                msg("checking.hint-shape-row-rule", **known),
                msg("checking.hint-shape-row-names", **known),
                msg("checking.hint-shape-row-numbers", size=size, **known),
                answer,
            ]
        line = uses[0][0] if uses else name
        shapes = [f"{each}: {part.run.shapes[part.graph.find(each)]}" for each in _around(part, line) if each != name]
        return [
            msg("checking.hint-shape", **known),
            msg("checking.hint-shape-rule", **known),
            msg("checking.hint-shape-names", line=line, formula=line_formula(part.graph, line), **known),
            msg("checking.hint-shape-numbers", shapes=shapes, **known),
            answer,
        ]

    def derivation(self, drill: Drill, question: GradientQuestion) -> Iterator[Step | Message]:
        yield from ()

    def measured(self, part: DrillPart, question: GradientQuestion) -> Iterator[Step | Message]:
        yield from ()


def _around(part: DrillPart, line: str) -> list[str]:
    if line not in part.graph.lines:
        return [line]
    return [*dict.fromkeys(slot.source for slot in part.graph.lines[line].slots), line]
