"""`difference: {of: f, wrt: x, h: 0.1, sided: two}`: the slope that a nudge measures, not the exact one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from tutor.checking.judging.value_answers import Slip, Wanted, slip_of
from tutor.checking.why.derived import between
from tutor.checking.why.measured import jacobian_measured
from tutor.checking.why.step import Step
from tutor.drill.notation import entry_symbol, typed_numbers
from tutor.drill.question import Drill, DrillPart, ValueQuestion
from tutor.engine import Run
from tutor.kinds.kind import Asked, ValueKind, answer_hint, form_wanted
from tutor.lesson.ask_entries import Notes
from tutor.lesson.file.ask_schema import MOST_STEP, OfWrt
from tutor.lesson.model import Part
from tutor.lesson.numbers.draws import draw, run_of
from tutor.lesson.numbers.measured_slopes import (
    MOST_DIGITS,
    Sides,
    digits_apart,
    exact_slope,
    measured_slope,
    nudged,
    unit_of,
)
from tutor.lesson.question_load import QuestionLoad, Shapes, sizes_of
from tutor.text import Message, msg
from tutor.text.number_format import format_value

SEEDS = 5  # drills that must show a difference, where numbers are drawn
_FEW = 4


class Difference(OfWrt):
    """The slope measured by a nudge."""

    h: Annotated[float, Field(gt=0, le=MOST_STEP, allow_inf_nan=False)] = Field(
        description="The size of the nudge: 0.1. The answer must differ from the exact slope in the digits asked."
    )
    sided: Literal["one", "two"] = Field(
        "two", description="two (the default): nudged up and down. one: nudged up alone."
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class DifferenceQuestion(ValueQuestion):
    """A nudge of `h`; `digits` significant ones are wanted, so many that the exact slope is another number."""

    of: str
    h: float
    sides: Sides
    digits: int

    @property
    def terms(self) -> tuple[object, ...]:
        """The nudge."""
        return (self.h, self.sides)

    @property
    def unit(self) -> float:
        """The coarsest unit to which an answer may be rounded."""
        largest = float(np.max(np.abs(self.expected), initial=0.0))
        return unit_of(largest, self.digits) if largest else 0.0

    @property
    def known(self) -> dict[str, object]:
        """What texts say of the nudge."""
        return {"of": self.of, "wrt": self.wrt[0], "h": self.h}


class DifferenceKind(ValueKind[Difference, DifferenceQuestion]):
    """Answers are rounded correctly to the digits asked for, or more; there is no tolerance."""

    name = "difference"
    fields = Difference
    describes = "The slope measured by a nudge: `difference: {of: f, wrt: x, h: 0.1}`"
    of_inputs = True
    slips = (
        "difference:not-divided",
        "difference:one-sided",
        "difference:two-sided",
        "difference:half-the-distance",
        "difference:backward",
        "difference:exact",
    )

    def note_faults(self, notes: Notes, fields: Difference) -> None:
        """Two nodes, the one above the other."""
        notes.must_be_above(fields.of, fields.wrt)

    def misfit(self, part: Part, fields: Difference) -> Message | None:
        """The nudge must show a difference, at all numbers that drills have."""
        h, of, wrt = fields.h, fields.of, fields.wrt
        drawn = any(given.drawn for given in (*part.given.values(), *part.upstream.values()))
        for seed in range(SEEDS if drawn else 1):
            run = run_of(part, draw(part, seed))
            if run is None:
                return None  # told elsewhere
            measured, exact = measured_slope(run, of, wrt, h, fields.sided), exact_slope(run, of, wrt)
            if not np.all(np.isfinite(measured)):
                return msg("lesson.difference-not-finite", h=h, name=wrt)
            if digits_apart(measured, exact) is None:
                known = {"h": h, "seed": seed, "measured": _brief(measured), "exact": _brief(exact)}
                return msg("lesson.difference-is-exact", **known)
        return None

    def loads(self, part: Part, shapes: Shapes, fields: Difference, whole: int) -> Iterator[QuestionLoad]:
        """A pass for every entry that is nudged."""
        sizes = sizes_of(part.graph, shapes, fields.of, fields.wrt)
        yield QuestionLoad(1, sizes[0] * sizes[-1], whole * sizes[-1])

    def build(self, asked: Asked[Difference]) -> DifferenceQuestion:
        """The digits asked for are the fewest that tell the measured slope from the exact one."""
        run, of, wrt, h, sides = asked.run, asked.fields.of, asked.fields.wrt, asked.fields.h, asked.fields.sided
        expected = np.asarray(measured_slope(run, of, wrt, h, sides))
        digits = digits_apart(expected, exact_slope(run, of, wrt)) or MOST_DIGITS
        prompt = msg("drill.prompt-difference-one") if sides == "one" else msg("drill.prompt-difference-two")
        known: dict[str, object] = {"of": of, "wrt": wrt, "h": h, "digits": digits}
        if np.size(run.values[wrt]) > 1:  # an array, one entry after the other
            one, two = msg("drill.about-difference-one-each", **known), msg("drill.about-difference-two-each", **known)
        else:
            one, two = msg("drill.about-difference-one", **known), msg("drill.about-difference-two", **known)
        return DifferenceQuestion(
            **asked.head(of, wrt),
            of=of,
            wrt=(wrt,),
            h=h,
            sides=sides,
            digits=digits,
            expected=expected,
            shape=tuple(expected.shape),
            symbol=f"Δ{of}/Δ{wrt}",
            prompt=prompt,
            typed=typed_numbers(expected),
            skills=("check",),
            details=(one if sides == "one" else two,),
        )

    def hints(self, drill: Drill, question: DifferenceQuestion) -> list[Message]:
        """What is moved, how a slope is measured, in names, both values at this drill's numbers, the answer."""
        run = drill.part_of(question).run
        known = {**question.known, "form": form_wanted(question), "digits": question.digits}
        # The nudge is called h, unless a node is.
        known["step"] = "ε" if "h" in run.graph.index else "h"
        if question.sides == "two":
            first = msg("checking.hint-difference-two", **known)
            rule = msg("checking.hint-difference-two-rule", **known)
            names = msg("checking.hint-difference-two-names", **known)
        else:
            first = msg("checking.hint-difference-one", **known)
            rule = msg("checking.hint-difference-one-rule", **known)
            names = msg("checking.hint-difference-one-names", **known)
        return [first, rule, names, _both_values(question, run), answer_hint(question)]

    def wanted(self, drill: Drill, question: DifferenceQuestion) -> Wanted:
        """The measured slope at any numbers, and what else a nudge may be taken for."""
        return Wanted(
            at=_measure(question, question.h, question.sides),
            like=msg("checking.like-variable", wrt=question.wrt[0]),
            node=question.wrt[0],
            slips=tuple(_slips(question)),
            unit=question.unit or None,
        )

    def derivation(self, drill: Drill, question: DifferenceQuestion) -> Iterator[Step | Message]:
        yield from between(drill.part_of(question), question.of, question.wrt[0])

    def measured(self, part: DrillPart, question: DifferenceQuestion) -> Iterator[Step | Message]:
        yield from jacobian_measured(part, question.of, question.wrt[0])


def _brief(numbers: Any) -> str:
    """An array for a sentence: its first entries where it has many."""
    flat = np.ravel(numbers)
    return format_value(numbers) if flat.size <= _FEW else f"{format_value(flat[:_FEW])[:-1]}, …]"


def _both_values(question: DifferenceQuestion, run: Run) -> Message:
    """The two values whose difference counts, for the first entry where there are several."""
    of, wrt = question.of, question.wrt[0]
    start = np.asarray(run.values[wrt])
    place = (0,) * start.ndim
    high, low = question.h, -question.h if question.sides == "two" else 0.0
    return msg(
        "checking.hint-difference-numbers",
        name=entry_symbol(wrt, place),
        of=entry_symbol(of, [0] * np.ndim(run.values[of])),
        high=f"{start[place] + high:.10g}",
        low=f"{start[place] + low:.10g}",
        above=f"{np.ravel(nudged(run, of, wrt, place, high))[0]:.10g}",
        below=f"{np.ravel(nudged(run, of, wrt, place, low))[0]:.10g}",
        apart=format_value(high - low),
    )


def _measure(question: DifferenceQuestion, h: float, sides: Sides, factor: float = 1.0) -> Any:
    return lambda run: factor * measured_slope(run, question.of, question.wrt[0], h, sides)


def _slips(question: DifferenceQuestion) -> Iterator[Slip]:
    h, sides = question.h, question.sides
    width = 2 * h if sides == "two" else h
    known = {**question.known, "width": format_value(width)}
    yield slip_of("difference:not-divided", _measure(question, h, sides, width), **known)
    if sides == "two":
        yield slip_of("difference:one-sided", _measure(question, h, "one"), **known)
        yield slip_of("difference:one-sided", _measure(question, -h, "one"), **known)
        yield slip_of("difference:half-the-distance", _measure(question, h, "two", 2.0), **known)
    else:
        yield slip_of("difference:two-sided", _measure(question, h, "two"), **known)
        yield slip_of("difference:backward", _measure(question, -h, "one"), **known)
    yield slip_of("difference:exact", lambda run: exact_slope(run, question.of, question.wrt[0]), **known)
    yield slip_of("sign", _measure(question, h, sides, -1.0), symbol=question.symbol)
