"""`count: {operation: multiply, plan: shared}`: how many operations it takes to compute the gradients."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import Field

from tutor.checking.judging.value_answers import Slip, Wanted, slip_of
from tutor.drill.notation import line_formula
from tutor.drill.question import Drill, DrillPart, Entered, Question
from tutor.engine import Run
from tutor.engine.operation_counts import CountPlan, Operation
from tutor.engine.operation_counts import operation_count as counted
from tutor.kinds.kind import Asked, ValueKind, answer_hint
from tutor.lesson.file.ask_schema import Fields
from tutor.lesson.model import Part
from tutor.text import Message, msg

# Plans whose work can be told input by input.
_BY_INPUT = frozenset({"separate", "paths", "tangents"})


class Count(Fields):
    """How many operations a pass needs."""

    operation: Operation = Field(
        description="What is counted: multiply and add are operations on numbers, pass is one way through the graph."
    )
    plan: CountPlan = Field(
        description=(
            "How the gradients are computed: one forward pass; one backward pass for all (shared), "
            "for each variable (separate) or path by path (paths); nudges on one or two sides; or a "
            "forward pass for each direction (tangents)."
        )
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class CountQuestion(Question):
    """One operation of one plan, for the gradients of the inputs `wanted`."""

    operation: Operation
    plan: CountPlan
    wanted: tuple[str, ...]
    number: int

    @property
    def answer(self) -> int:
        """The number itself."""
        return self.number

    @property
    def terms(self) -> tuple[object, ...]:
        """What is counted, and for which inputs."""
        return (self.operation, self.plan, self.wanted)


class CountKind(ValueKind[Count, CountQuestion]):
    """Answers are a whole number, or the sum that makes it, in numbers and sizes."""

    name = "count"
    fields = Count
    describes = "How many operations: `count: {operation: multiply, plan: shared}`"
    entered = Entered.COUNT
    names_nodes = id_names_nodes = False
    slips = (
        "count:per-path",
        "count:separate",
        "count:shared",
        "count:one-sided",
        "count:two-sided",
        "count:start-forgotten",
        "count:with-the-one",
    )

    def misfit(self, part: Part, fields: Count) -> Message | None:
        """Nobody wants a gradient of labels and constants."""
        if all(given.integer or given.constant for given in part.given.values()):
            return msg("lesson.nothing-to-count")
        return None

    def build(self, asked: Asked[Count]) -> CountQuestion:
        """Gradients are wanted of every input that is no label and no constant of the problem."""
        given, fields = asked.part.given, asked.fields
        wanted = tuple(name for name in asked.run.graph.inputs if not (given[name].integer or given[name].constant))
        number = counted(asked.run, fields.operation, fields.plan, wanted)
        about = Message(_ABOUT[fields.plan], {"names": list(wanted)})
        return CountQuestion(
            **asked.head(fields.operation, fields.plan),
            operation=fields.operation,
            plan=fields.plan,
            wanted=wanted,
            number=number,
            symbol="N",
            prompt=msg(_PROMPTS[fields.operation]),
            typed=str(number),
            skills=("count",),
            details=(about, _rule(fields.operation, fields.plan)),
        )

    def hints(self, drill: Drill, question: CountQuestion) -> list[Message]:
        """What is counted, how the plan goes, what counts as one, piece by piece at this drill's sizes, the answer."""
        names: dict[str, object] = {"names": list(question.wanted)}
        return [
            Message(_ASKED[question.operation], names),
            Message(_PLANS[question.plan], names),
            msg("checking.hint-count-one", rule=_rule(question.operation, question.plan)),
            _pieces(drill.part_of(question), question),
            answer_hint(question),
        ]

    def wanted(self, drill: Drill, question: CountQuestion) -> Wanted:
        """Exact, as counting is."""
        return Wanted(
            at=lambda run: np.float64(question.number),
            like=msg("checking.a-number"),
            slips=tuple(_slips(drill.part_of(question).run, question)),
            names=False,
            known=tuple(_known(drill.part_of(question).run, question)),
        )


def _rule(operation: Operation, plan: CountPlan) -> Message:
    """What counts as one operation in a plan."""
    multiply = operation == "multiply"
    if operation == "pass":
        return msg("drill.count-pass-walk") if plan == "paths" else msg("drill.count-pass")
    if plan in ("forward", "one-sided", "two-sided"):
        return msg("drill.count-forward-multiply") if multiply else msg("drill.count-forward-add")
    if plan == "tangents":
        return msg("drill.count-tangent-multiply") if multiply else msg("drill.count-tangent-add")
    return msg("drill.count-backward-multiply") if multiply else msg("drill.count-backward-add")


_PROMPTS: dict[Operation, str] = {
    "multiply": "drill.prompt-count-multiply",
    "add": "drill.prompt-count-add",
    "pass": "drill.prompt-count-pass",
}
_ABOUT: dict[CountPlan, str] = {
    "forward": "drill.about-count-forward",
    "shared": "drill.about-count-shared",
    "separate": "drill.about-count-separate",
    "paths": "drill.about-count-paths",
    "one-sided": "drill.about-count-one-sided",
    "two-sided": "drill.about-count-two-sided",
    "tangents": "drill.about-count-tangents",
}
_ASKED: dict[Operation, str] = {
    "multiply": "checking.hint-count-multiply",
    "add": "checking.hint-count-add",
    "pass": "checking.hint-count-pass",
}
_PLANS: dict[CountPlan, str] = {
    "forward": "checking.hint-count-forward",
    "shared": "checking.hint-count-shared",
    "separate": "checking.hint-count-separate",
    "paths": "checking.hint-count-paths",
    "one-sided": "checking.hint-count-one-sided",
    "two-sided": "checking.hint-count-two-sided",
    "tangents": "checking.hint-count-tangents",
}


def _pieces(part: DrillPart, question: CountQuestion) -> Message:
    """What each input adds to the work; where that would be the whole answer, the shapes that it follows from."""
    numbers = _by_input(part.run, question)
    if not numbers or question.number in numbers.values():
        graph, shapes = part.graph, part.run.values
        lines = [f"{name} {tuple(np.shape(shapes[name]))}" for name in graph.inputs]
        lines += [f"{name} = {line_formula(graph, name)} {tuple(np.shape(shapes[name]))}" for name in graph.order]
        return msg("checking.hint-count-shapes", shapes=lines)
    pieces = [f"{name}: {number}" for name, number in numbers.items()]
    if question.plan == "shared":
        return msg("checking.hint-count-growing", pieces=pieces)
    return msg("checking.hint-count-pieces", pieces=pieces)


def _by_input(run: Run, question: CountQuestion) -> dict[str, int]:
    """The work for each input by itself, or, where it is shared, what each adds to those before it."""
    if question.plan in _BY_INPUT:
        return {name: counted(run, question.operation, question.plan, [name]) for name in question.wanted}
    if question.plan != "shared" or question.operation == "pass":
        return {}
    wanted = question.wanted
    so_far = [counted(run, question.operation, "shared", wanted[:k]) for k in range(1, len(wanted) + 1)]
    return dict(zip(wanted, np.diff([0, *so_far]).tolist(), strict=True))


def _slips(run: Run, question: CountQuestion) -> Iterator[Slip]:
    """The same operation counted by another plan, and what the rules leave out counted too."""
    for plan in _CONFUSED[question.plan]:
        id = "count:per-path" if plan == "paths" else f"count:{plan}"
        yield slip_of(id, _constant(counted(run, question.operation, plan, question.wanted)))
    if question.plan == "one-sided":
        once = counted(run, question.operation, "forward", question.wanted)
        yield slip_of("count:start-forgotten", _constant(question.number - once))
    if question.plan == "shared" and question.operation == "multiply":
        number = counted(_with_seeds_of_two(run), "multiply", "shared", question.wanted)
        yield slip_of("count:with-the-one", _constant(number))


def _known(run: Run, question: CountQuestion) -> Iterator[tuple[float, Message]]:
    """What else is counted in this graph: the other operation, one gradient alone, the forward pass; one off."""
    operation, plan = question.operation, question.plan
    if operation != "pass":
        other, what = _OTHER[operation]
        yield counted(run, other, plan, question.wanted), Message(what, {})
    if operation != "pass" and plan in ("shared", "separate", "paths", "tangents"):
        for name in question.wanted if len(question.wanted) > 1 else ():
            yield counted(run, operation, plan, [name]), msg("checking.fact-count-alone", name=name)
        yield counted(run, operation, "forward", question.wanted), msg("checking.fact-count-forward")
    for number in (question.number - 1, question.number + 1):
        yield number, msg("checking.fact-count-off-by-one")


_OTHER: dict[Operation, tuple[Operation, str]] = {
    "multiply": ("add", "checking.fact-count-add"),
    "add": ("multiply", "checking.fact-count-multiply"),
}


def _with_seeds_of_two(run: Run) -> Run:
    """The same run with 2 where a 1 arrives, so that no multiplication is left out."""
    graph = run.graph
    numbers = {name: run.values[name] for name in graph.inputs}
    return graph.run(numbers, {graph.names[node]: 2.0 * np.ones_like(seed) for node, seed in run.seeds.items()})


def _constant(number: int) -> Any:
    return lambda run: np.float64(number)


_CONFUSED: dict[CountPlan, tuple[CountPlan, ...]] = {
    "forward": ("shared",),
    "shared": ("paths", "separate"),
    "separate": ("paths", "shared"),
    "paths": ("shared", "separate"),
    "one-sided": ("two-sided",),
    "two-sided": ("one-sided",),
    "tangents": ("shared",),
}
