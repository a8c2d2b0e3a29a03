"""`update: {of: w, rate: 0.5}`: a parameter after one step of gradient descent, judged by how far it moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from tutor.checking.judging.value_answers import Wanted, slip_of
from tutor.checking.why.derived import of_total
from tutor.checking.why.measured import total_measured
from tutor.checking.why.step import Step
from tutor.drill.notation import typed_numbers
from tutor.drill.question import Drill, DrillPart, ValueQuestion
from tutor.engine import Run
from tutor.kinds.kind import Asked, ValueKind, answer_hint, form_wanted, skills_of
from tutor.lesson.ask_entries import Notes
from tutor.lesson.file.ask_schema import MOST_STEP, Fields
from tutor.lesson.model import Part
from tutor.lesson.question_load import CALL, QuestionLoad, Shapes, sizes_of
from tutor.text import Message, msg
from tutor.text.number_format import format_value

FEW = 12
_CHANGE_DIGITS = 3
_MOST_DECIMALS = 15


class Update(Fields):
    """A parameter after one step of gradient descent."""

    of: str = Field(description="The parameter: an input.")
    rate: Annotated[float, Field(gt=0, le=MOST_STEP, allow_inf_nan=False)] = Field(
        description="The learning rate: 0.5."
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class UpdateQuestion(ValueQuestion):
    """A step of length `rate` against the gradient of a parameter."""

    rate: float

    @property
    def terms(self) -> tuple[object, ...]:
        """The learning rate."""
        return (self.rate,)


class UpdateKind(ValueKind[Update, UpdateQuestion]):
    """Answers are within the lesson's tolerance of the change, not of the value: the old value is never close."""

    name = "update"
    fields = Update
    describes = "A parameter after one step of gradient descent: `update: {of: w, rate: 0.5}`"
    of_inputs = True
    slips = ("update:ascent", "update:rate-forgotten", "update:step-alone", "update:rate-alone")

    def note_faults(self, notes: Notes, fields: Update) -> None:
        """An input that is no label and no constant."""
        notes.must_move(("of",), fields.of)

    def loads(self, part: Part, shapes: Shapes, fields: Update, whole: int) -> Iterator[QuestionLoad]:
        typed = sum(sizes_of(part.graph, shapes, fields.of))
        yield QuestionLoad(typed, 1, CALL + typed)

    def build(self, asked: Asked[Update]) -> UpdateQuestion:
        """The new value of the parameter."""
        name, rate = asked.fields.of, asked.fields.rate
        change = rate * np.asarray(asked.run.gradients[name])
        expected = np.asarray(asked.run.values[name] - rate * asked.run.gradients[name])
        return UpdateQuestion(
            **asked.head(name),
            wrt=(name,),
            rate=rate,
            expected=expected,
            shape=tuple(expected.shape),
            symbol=f"{name}'",
            prompt=msg("drill.prompt-update"),
            typed=_typed(expected, change),
            skills=skills_of(asked.run.graph, "update", [name]),
            details=(msg("drill.about-update", name=name, rate=rate),),
        )

    def wanted(self, drill: Drill, question: UpdateQuestion) -> Wanted:
        """The step, and the ways to take it wrongly."""
        name, rate = question.wrt[0], question.rate
        known: dict[str, object] = {"name": name, "rate": rate}

        def value(run: Run) -> Any:
            return run.values[name]

        def step(run: Run) -> Any:
            return rate * run.gradients[name]

        return Wanted(
            at=lambda run: value(run) - step(run),
            like=msg("checking.like-variable", wrt=name),
            node=name,
            slips=(
                slip_of("update:ascent", lambda run: value(run) + step(run), **known),
                slip_of("update:rate-forgotten", lambda run: value(run) - run.gradients[name], **known),
                slip_of("update:step-alone", lambda run: -step(run), **known),
                slip_of("update:rate-alone", lambda run: value(run) - rate, **known),
            ),
            tolerance=drill.lesson.tolerance,
            start=value,
            gradients=True,
        )

    def hints(self, drill: Drill, question: UpdateQuestion) -> list[Message]:
        """Which way, how far, in names, with numbers, the answer."""
        run, name = drill.part_of(question).run, question.wrt[0]
        value, gradient = run.values[name], run.gradients[name]
        known: dict[str, object] = {"name": name, "rate": question.rate}
        few = np.size(value) <= FEW
        return [
            msg("checking.hint-update", form=form_wanted(question), **known),
            msg("checking.hint-update-rule"),
            msg("checking.hint-update-names", **known),
            msg(
                "checking.hint-update-numbers",
                value=format_value(value) if few else str(question.shape),
                gradient=format_value(gradient) if few else format_value(np.ravel(gradient)[:FEW]),
                **known,
            ),
            answer_hint(question),
        ]

    def derivation(self, drill: Drill, question: UpdateQuestion) -> Iterator[Step | Message]:
        yield from of_total(drill.part_of(question), question.wrt[0])

    def measured(self, part: DrillPart, question: UpdateQuestion) -> Iterator[Step | Message]:
        yield from total_measured(part, question.wrt[0])


def _typed(expected: Any, change: Any) -> str:
    """The new value as text, with digits enough to show a change that is small beside it."""
    short = typed_numbers(expected)
    smallest = float(np.min(np.abs(change[change != 0.0]), initial=np.inf))
    if np.max(np.abs(expected), initial=0.0) < 1e3 * smallest:
        return short
    decimals = _CHANGE_DIGITS - 1 - int(np.floor(np.log10(smallest)))
    return str(np.round(expected, min(decimals, _MOST_DECIMALS)).tolist())
