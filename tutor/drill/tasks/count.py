"""`count: {operation: multiply, plan: shared}`: how many operations it takes to compute the gradients."""

from dataclasses import dataclass, replace

from tutor.drill.question import TaskQuestion
from tutor.drill.tasks.asked import Asked
from tutor.engine.counts import CountPlan, Operation
from tutor.engine.counts import count as counted
from tutor.text import Message, msg


@dataclass(frozen=True, slots=True)
class Count:
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


def build(asked: Asked) -> TaskQuestion:
    """Gradients are wanted of every input that is no label and no constant of the problem."""
    given = asked.part.given
    operation, plan = asked.ask.options["operation"], asked.ask.options["plan"]
    wanted = tuple(name for name in asked.run.graph.inputs if not (given[name].integer or given[name].constant))
    task = Count(operation, plan, wanted, counted(asked.run, operation, plan, wanted))
    question = asked.question(
        f"{operation} {plan}",
        task,
        symbol="N",
        prompt=msg(_PROMPTS[task.operation]),
        typed=str(task.number),
        skills=("count",),
        details=(Message(_ABOUT[task.plan], {"names": list(wanted)}), rule(task)),
    )
    return replace(question, of=None, wrt=())


def rule(task: Count) -> Message:
    """What counts as one operation in a plan."""
    multiply = task.operation == "multiply"
    if task.operation == "pass":
        return msg("drill.count-pass-walk") if task.plan == "paths" else msg("drill.count-pass")
    if task.plan in ("forward", "one-sided", "two-sided"):
        return msg("drill.count-forward-multiply") if multiply else msg("drill.count-forward-add")
    if task.plan == "tangents":
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
