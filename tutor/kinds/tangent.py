"""`tangent: {along: {x: 1}}`: how fast the output moves when the inputs move in a direction (forward mode)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from tutor.checking.judging.value_answers import Slip, Wanted, slip_of
from tutor.checking.why.measured import motion_measured
from tutor.checking.why.step import Step
from tutor.drill.notation import typed_numbers
from tutor.drill.question import Drill, DrillPart, ValueQuestion
from tutor.engine import Run, Slot
from tutor.kinds.kind import Asked, ValueKind, answer_hint, form_wanted, skills_of
from tutor.lesson.ask_entries import Notes
from tutor.lesson.file.ask_schema import Fields
from tutor.lesson.file.schema_base import MOST_NUMBER, ArrayValue
from tutor.lesson.graph.named_sizes import shape_of
from tutor.lesson.model import Part
from tutor.text import Message, msg
from tutor.text.number_format import format_value

FEW = 12
NUDGE = 0.1


class Tangent(Fields):
    """The derivative along a direction."""

    along: Annotated[dict[str, ArrayValue], Field(min_length=1)] = Field(
        description="The direction by input: {x: 1}, or arrays of the input's shape. What is left out stands still."
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class TangentQuestion(ValueQuestion):
    """The direction in which inputs move, by name; those left out stand still."""

    along: Mapping[str, Any]

    @property
    def terms(self) -> tuple[object, ...]:
        """The direction."""
        return tuple((name, np.asarray(direction).tolist()) for name, direction in self.along.items())

    def at(self, run: Run) -> Any:
        """How fast the output moves, at any numbers."""
        return _moving(self.along, run)


class TangentKind(ValueKind[Tangent, TangentQuestion]):
    """Answers are the directional derivative, carried forward with the values."""

    name = "tangent"
    fields = Tangent
    describes = "A directional derivative: `tangent: {along: {x: 1}}`"
    names_nodes = False
    slips = ("tangent:reverse", "tangent:one-input")

    def note_faults(self, notes: Notes, fields: Tangent) -> None:
        """Inputs that are no labels and no constants."""
        for name in fields.along:
            notes.must_move(("along", name), name)

    def misfit(self, part: Part, fields: Tangent) -> Message | None:
        """A direction has the shape of its input, and goes somewhere."""
        if len(part.graph.outputs) != 1:
            return msg("lesson.tangent-one-output", names=list(part.graph.outputs))
        for name, direction in fields.along.items():
            shape, declared = shape_of(part.given[name], part.sizes), _shape(direction)
            if shape != declared:
                known = {"name": name, "shape": shape, "declared": "?" if declared is None else declared}
                return msg("lesson.direction-shape", **known)
            if np.max(np.abs(np.asarray(direction, dtype=np.float64)), initial=0.0) > MOST_NUMBER:
                return msg("lesson.number-too-large", most="1e100")
        if not any(np.any(np.asarray(direction)) for direction in fields.along.values()):
            return msg("lesson.direction-zero")
        return None

    def build(self, asked: Asked[Tangent]) -> TangentQuestion:
        """`df/dt` for inputs that move with the velocities of the direction."""
        along = {name: np.asarray(value, dtype=np.float64) for name, value in asked.fields.along.items()}
        graph = asked.run.graph
        of, t = graph.outputs[0], _clock(graph.index)
        expected = np.asarray(asked.run.tangents(along)[of])
        return TangentQuestion(
            **asked.head(str(asked.nth)),
            wrt=tuple(along),
            along=along,
            expected=expected,
            shape=tuple(expected.shape),
            symbol=f"d{of}/d{t}",
            prompt=msg("drill.prompt-tangent"),
            typed=typed_numbers(expected),
            skills=skills_of(graph, "tangent", along),
            details=(msg("drill.about-tangent", direction=_direction(along, t), of=of),),
        )

    def hints(self, drill: Drill, question: TangentQuestion) -> list[Message]:
        """What moves, how motion is passed on, at the output in names, with numbers, the answer."""
        run = drill.part_of(question).run
        graph, of, t = run.graph, run.graph.outputs[0], _clock(run.graph.index)
        slots = [slot for slot in graph.lines[of].slots if slot.source in run.gradients]
        terms = " + ".join(f"∂{of}/∂{slot.label} · d{slot.source}/d{t}" for slot in slots)
        direction = _direction(question.along, t)
        return [
            msg("checking.hint-tangent", of=of, direction=direction, form=form_wanted(question)),
            msg("checking.hint-tangent-rule", t=t),
            msg("checking.hint-tangent-names", symbol=question.symbol, terms=terms),
            _numbers(run, question, slots, t),
            answer_hint(question),
        ]

    def wanted(self, drill: Drill, question: TangentQuestion) -> Wanted:
        """The motion of the output at any numbers, and what may be taken for it."""
        output = drill.part_of(question).graph.outputs[0]
        return Wanted(
            at=question.at,
            like=msg("checking.like-variable", wrt=output),
            node=output,
            slips=tuple(_slips(question)),
            tolerance=drill.lesson.tolerance,
        )

    def measured(self, part: DrillPart, question: TangentQuestion) -> Iterator[Step | Message]:
        """All inputs moved along their direction at once."""
        of, t = part.graph.outputs[0], _clock(part.graph.index)
        yield from motion_measured(part, of, t, question.along, question.expected)


def _shape(direction: Any) -> tuple[int, ...] | None:
    """The shape of nested lists of numbers; None where they are ragged or hold anything else."""
    try:
        array = np.asarray(direction, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    return tuple(array.shape) if np.all(np.isfinite(array)) else None


def _direction(along: Mapping[str, Any], t: str) -> list[str]:
    return [f"d{name}/d{t} = {format_value(value)}" for name, value in along.items()]


def _numbers(run: Run, question: TangentQuestion, slots: list[Slot], t: str) -> Message:
    """The pieces of the last line's sum; where one piece is the whole answer, what a step in the direction does."""
    of = run.graph.outputs[0]
    tangents = run.tangents(question.along)
    arriving = {slot.source: tangents[slot.source] for slot in slots}
    locals_ = {slot.label: _local(run, slot) for slot in slots}
    pieces = (*arriving.values(), *locals_.values())
    whole = any(
        np.size(value) == np.size(question.expected) and np.allclose(np.ravel(value), np.ravel(question.expected))
        for value in pieces
    )
    if whole or any(np.size(value) > FEW for value in arriving.values()):
        moves = (
            format_value(NUDGE * question.expected)
            if question.expected.size <= FEW
            else format_value(NUDGE * np.ravel(question.expected)[:3])
        )
        return msg("checking.hint-tangent-step", by=NUDGE, of=of, moves=moves)
    shown = [f"d{name}/d{t} = {format_value(value)}" for name, value in arriving.items()]
    shown += [f"∂{of}/∂{label} = {format_value(value)}" for label, value in locals_.items()]
    return msg("checking.hint-tangent-numbers", values=shown)


def _local(run: Run, slot: Slot) -> Any:
    local = run.local_along(slot.chain)
    return local if np.size(local) > 1 else np.ravel(local)[0]


def _slips(question: TangentQuestion) -> Iterator[Slip]:
    names = list(question.along)
    known = {"names": names, "direction": [f"{name}: {format_value(value)}" for name, value in question.along.items()]}
    if all(np.size(value) == 1 for value in question.along.values()):
        yield slip_of("tangent:reverse", lambda run: _gradients(run, names), **known)
    yield slip_of("tangent:reverse", lambda run: _along_ones(run, names), **known)
    for name in names if len(names) > 1 else ():
        yield slip_of("tangent:one-input", partial(_moving, {name: question.along[name]}), name=name, **known)
    for name in names:
        yield slip_of("tangent:reverse", partial(_gradient, name), **known)
    yield slip_of("sign", lambda run: -question.at(run), symbol=question.symbol)


def _gradients(run: Run, names: list[str]) -> Any:
    """The derivatives with respect to several numbers, side by side."""
    rows = [run.jacobian(run.graph.outputs[0], name)[:, 0] for name in names]
    return np.stack(rows, axis=-1).reshape((*np.shape(run.values[run.graph.outputs[0]]), len(names)))


def _along_ones(run: Run, names: list[str]) -> Any:
    """All gradients added up, as if everything moved at speed 1."""
    return _moving({name: np.ones(np.shape(run.values[name])) for name in names}, run)


def _moving(along: Mapping[str, Any], run: Run) -> Any:
    """How fast the output moves along a direction."""
    return run.tangents(along)[run.graph.outputs[0]]


def _gradient(name: str, run: Run) -> Any:
    """The gradient with respect to one input, in its shape."""
    matrix = run.jacobian(run.graph.outputs[0], name)
    return matrix.reshape(np.shape(run.values[name])) if matrix.shape[0] == 1 else matrix


def _clock(names: Mapping[str, int]) -> str:
    """The letter of what everything moves along: t, or τ where a node is called t."""
    return "τ" if "t" in names else "t"
