"""`predict: {largest: [x, y]}` or `{zero: [x, y]}`: which gradients are largest or 0, before anything is computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from pydantic import ConfigDict, Field, model_validator

from tutor.checking.reading.typed_names import read_choice
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.notation import line_formula, output_name
from tutor.drill.question import Drill, DrillPart, Entered, Question
from tutor.engine import Run
from tutor.engine.ordering import reached
from tutor.kinds.kind import Asked, Kind, answer_hint, skills_of
from tutor.lesson.ask_entries import Notes
from tutor.lesson.file.ask_schema import Fields, NameList
from tutor.lesson.file.schema_base import exactly_one, one_of
from tutor.text import Message, msg
from tutor.text.number_format import format_value

SAME = 1e-9
NONE = "none"
MOST_RULES = 3
FEW = 6


class Predict(Fields):
    """Which gradient is largest, or which are 0, before anything is computed."""

    model_config = ConfigDict(json_schema_extra=exactly_one(("largest", "zero")))

    largest: NameList | None = Field(None, description="Which of these has the largest gradient: [x, y, z].")
    zero: NameList | None = Field(None, description="Which of these have a gradient of 0: [x, y, z].")

    @model_validator(mode="after")
    def _one(self) -> Self:
        one_of([name for name in ("largest", "zero") if getattr(self, name) is not None], ("largest", "zero"))
        return self


@dataclass(frozen=True, eq=False, kw_only=True)
class PredictQuestion(Question):
    """The names to choose among, and those that are right; of several largest ones any will do."""

    largest: bool
    names: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def terms(self) -> tuple[object, ...]:
        """What is asked, and among which names."""
        return (self.largest, self.names)


class PredictKind(Kind[Predict, PredictQuestion]):
    """Answers are names, or that there are none."""

    name = "predict"
    fields = Predict
    describes = "Which gradient is largest, or which are 0, before anything is computed: `predict: {largest: [x, y]}`"
    entered = Entered.NAMES
    names_nodes = False

    def note_faults(self, notes: Notes, fields: Predict) -> None:
        """Names that are no nodes or stand twice, and a choice among fewer than two."""
        given = notes.given
        known = [name for name in notes.nodes if name not in given or not given[name].integer]
        what, names = ("zero", fields.zero or []) if fields.largest is None else ("largest", fields.largest)
        for k, name in enumerate(names):
            if notes.must_be((what, k), name, known) and name in names[:k]:
                notes.report((what, k), msg("lesson.listed-twice", name=name))
            if name in given and given[name].constant:
                notes.report((what, k), msg("lesson.constant-asked", name=name), severity="warning")
        if len(names) < 2 and what == "largest":
            notes.report((what,), msg("lesson.too-few", least=2, given=len(names)))

    def build(self, asked: Asked[Predict]) -> PredictQuestion:
        """Gradients are compared by their size: the absolute value, of an array the length (Euclidean norm)."""
        largest = asked.fields.largest is not None
        names = tuple(asked.fields.largest or asked.fields.zero or ())
        right = _right(asked.run, names, largest)
        top = output_name(asked.run)
        gradient = f"∂{top}/∂v" if top else "dv"
        if largest:
            about = msg("drill.about-predict-largest", names=list(names))
        else:
            about = msg("drill.about-predict-zero", names=list(names))
        return PredictQuestion(
            **asked.head(str(asked.nth)),
            largest=largest,
            names=names,
            right=right,
            symbol=f"argmax |{gradient}|" if largest else f"{{v : {gradient} = 0}}",
            prompt=msg("drill.prompt-predict-largest") if largest else msg("drill.prompt-predict-zero"),
            typed=right[0] if largest else ", ".join(right) or NONE,
            skills=skills_of(asked.run.graph, "predict", names),
            details=(about,),
        )

    def check(self, drill: Drill, question: PredictQuestion, text: str, earlier: Mapping[str, str]) -> Verdict:
        """All names whose gradient is 0, or one that has the largest; what is said is about the names given alone."""
        names = read_choice(text, question.names)
        wrong = [name for name in names if name not in question.right]
        if question.largest:
            if names and not wrong:
                return Verdict("right", msg("checking.right"))
            if len(names) == 1:
                return Verdict("wrong", msg("checking.predict-another", name=names[0]))
            return Verdict("wrong", msg("checking.predict-one", names=list(question.names)))
        if wrong:
            return Verdict("wrong", msg("checking.predict-moves", name=wrong[0]))
        if len(names) < len(question.right):
            return Verdict("wrong", msg("checking.predict-more") if names else msg("checking.predict-not-none"))
        return Verdict("right", msg("checking.right"))

    def preview(self, drill: Drill, question: PredictQuestion, text: str) -> Preview:
        """The names as they were read."""
        return Preview(", ".join(read_choice(text, question.names)) or "∅")

    def hints(self, drill: Drill, question: PredictQuestion) -> list[Message]:
        """What is compared, the rules of the gates, the lines to look at, their numbers, the answer."""
        part, names = drill.part_of(question), list(question.names)
        lines = _lines(part, question.names)
        values = [f"{name} = {_shown(part, name)}" for name in _around(part, lines)]
        return [
            msg("checking.hint-predict-largest", names=names)
            if question.largest
            else msg("checking.hint-predict-zero", names=names),
            msg("checking.hint-predict-rules", rules=_rules(part, lines)),
            msg("checking.hint-predict-lines", lines=[f"{line} = {line_formula(part.graph, line)}" for line in lines]),
            msg("checking.hint-predict-numbers", values=values),
            answer_hint(question),
        ]


def _right(run: Run, names: tuple[str, ...], largest: bool) -> tuple[str, ...]:
    norms = {name: float(np.linalg.norm(np.ravel(run.gradients[name]))) for name in names}
    # `check` refuses numbers without a gradient; the drill opens all the same, and there it is beyond all others.
    sizes = {name: float("inf") if np.isnan(norm) else norm for name, norm in norms.items()}
    if largest:
        top = max(sizes.values())
        return tuple(name for name in names if sizes[name] >= top * (1 - SAME))
    # Zero beside the gradients of the whole graph: sums of opposite numbers may leave a last digit.
    scale = max(float(np.max(np.abs(total), initial=0.0)) for total in run.node_totals if total is not None)
    return tuple(name for name in names if sizes[name] <= 1e-12 * scale)


def _lines(part: DrillPart, names: tuple[str, ...]) -> list[str]:
    """The lines through which these names reach an output, in the order of the forward pass."""
    graph = part.graph
    users = [line for name in names for line, _ in graph.uses(name.partition(".")[0])]
    found = reached(users, lambda name: (line for line, _ in graph.uses(name)))
    return [line for line in graph.order if line in found] or list(graph.outputs)


def _rules(part: DrillPart, lines: list[str]) -> Message:
    """What a teacher would say about the gates on the way; sums and copies last, they only pass on."""
    chains = [node for line in lines for slot in part.graph.lines[line].slots for node, _ in slot.chain]
    ops = {op.name: op for op in (part.graph.ops[node] for node in chains) if op is not None}
    telling = sorted(ops.values(), key=lambda op: op.telling < 2)
    first, *others = (Message(op.rule) for op in telling[:MOST_RULES])
    for other in others:
        first = msg("checking.two-sentences", first=first, second=other)
    return first


def _around(part: DrillPart, lines: list[str]) -> list[str]:
    used = [slot.source for line in lines for slot in part.graph.lines[line].slots]
    return list(dict.fromkeys([*used, *lines]))


def _shown(part: DrillPart, name: str) -> str:
    value = part.run.values[name]
    return format_value(value) if np.size(value) <= FEW else f"{format_value(np.ravel(value)[:3])[:-1]}, ...]"
