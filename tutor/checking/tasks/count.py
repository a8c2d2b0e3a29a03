"""Answers to `count`: a whole number, or the sum that makes it, in numbers and sizes."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from tutor.checking.tasks.values import Slip, Wanted, check_value, preview_value
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, DrillPart, TaskQuestion
from tutor.drill.tasks.count import Count, rule
from tutor.engine import Run
from tutor.engine.counts import CountPlan, Operation
from tutor.engine.counts import count as counted
from tutor.expr import to_unicode
from tutor.text import Message, msg

# Plans whose work can be told input by input.
_BY_INPUT = frozenset({"separate", "paths", "tangents"})


def check(drill: Drill, question: TaskQuestion, text: str) -> Verdict:
    """Exact, as counting is."""
    return check_value(drill, question, text, _wanted(drill.part_of(question).run, question.task))


def preview(drill: Drill, question: TaskQuestion, text: str) -> Preview:
    """The number, or the sum with its value."""
    return preview_value(drill, question, text, _wanted(drill.part_of(question).run, question.task))


def hints(drill: Drill, question: TaskQuestion) -> list[Message]:
    """What is counted, how the plan goes, what counts as one, piece by piece at this drill's sizes, the answer."""
    task: Count = question.task
    names: dict[str, object] = {"names": list(task.wanted)}
    return [
        Message(_ASKED[task.operation], names),
        Message(_PLANS[task.plan], names),
        msg("checking.hint-count-one", rule=rule(task)),
        _pieces(drill.part_of(question), task),
        msg("checking.hint-answer", answer=question.typed or ""),
    ]


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


def _pieces(part: DrillPart, task: Count) -> Message:
    """What each input adds to the work; where that would be the whole answer, the shapes that it follows from."""
    numbers = _by_input(part.run, task)
    if not numbers or task.number in numbers.values():
        graph, shapes = part.graph, part.run.values
        lines = [f"{name} {tuple(np.shape(shapes[name]))}" for name in graph.inputs]
        for name in graph.order:
            tree = graph.lines[name].tree
            lines.append(f"{name} = {name if tree is None else to_unicode(tree)} {tuple(np.shape(shapes[name]))}")
        return msg("checking.hint-count-shapes", shapes=lines)
    pieces = [f"{name}: {number}" for name, number in numbers.items()]
    if task.plan == "shared":
        return msg("checking.hint-count-growing", pieces=pieces)
    return msg("checking.hint-count-pieces", pieces=pieces)


def _by_input(run: Run, task: Count) -> dict[str, int]:
    """The work for each input by itself, or, where it is shared, what each adds to those before it."""
    if task.plan in _BY_INPUT:
        return {name: counted(run, task.operation, task.plan, [name]) for name in task.wanted}
    if task.plan != "shared" or task.operation == "pass":
        return {}
    so_far = [counted(run, task.operation, "shared", task.wanted[:k]) for k in range(1, len(task.wanted) + 1)]
    return dict(zip(task.wanted, np.diff([0, *so_far]).tolist(), strict=True))


def _wanted(run: Run, task: Count) -> Wanted:
    return Wanted(
        at=lambda run: np.float64(task.number),
        like=msg("checking.a-number"),
        slips=tuple(_slips(run, task)),
        names=False,
    )


def _slips(run: Run, task: Count) -> Iterator[Slip]:
    """The same operation counted by another plan, and what the rules leave out counted too."""
    for plan, slip, name, idea in _CONFUSED[task.plan]:
        yield Slip(slip, name, idea, _constant(counted(run, task.operation, plan, task.wanted)))
    if task.plan == "one-sided":
        once = counted(run, task.operation, "forward", task.wanted)
        yield Slip(*_START_FORGOTTEN, _constant(task.number - once))
    if task.plan == "shared" and task.operation == "multiply":
        yield Slip(*_WITH_THE_ONE, _constant(counted(_with_seeds_of_two(run), "multiply", "shared", task.wanted)))


def _with_seeds_of_two(run: Run) -> Run:
    """The same run with 2 where a 1 arrives, so that no multiplication is left out."""
    graph = run.graph
    numbers = {name: run.values[name] for name in graph.inputs}
    return graph.run(numbers, {graph.names[node]: 2.0 * np.ones_like(seed) for node, seed in run.seeds.items()})


def _constant(number: int) -> Any:
    return lambda run: np.float64(number)


_PER_PATH = "count:per-path", msg("mistakes.count-per-path"), msg("mistakes.count-per-path-idea")
_SEPARATE = "count:separate", msg("mistakes.count-separate"), msg("mistakes.count-separate-idea")
_SHARED = "count:shared", msg("mistakes.count-shared"), msg("mistakes.count-shared-idea")
_ONE_SIDED = "count:one-sided", msg("mistakes.count-one-sided"), msg("mistakes.count-one-sided-idea")
_TWO_SIDED = "count:two-sided", msg("mistakes.count-two-sided"), msg("mistakes.count-two-sided-idea")
_WITH_THE_ONE = "count:with-the-one", msg("mistakes.count-with-the-one"), msg("mistakes.count-with-the-one-idea")
_START_FORGOTTEN = (
    "count:start-forgotten",
    msg("mistakes.count-start-forgotten"),
    msg("mistakes.count-start-forgotten-idea"),
)
_CONFUSED: dict[CountPlan, tuple[tuple[CountPlan, str, Message, Message], ...]] = {
    "forward": (("shared", *_SHARED),),
    "shared": (("paths", *_PER_PATH), ("separate", *_SEPARATE)),
    "separate": (("paths", *_PER_PATH), ("shared", *_SHARED)),
    "paths": (("shared", *_SHARED), ("separate", *_SEPARATE)),
    "one-sided": (("two-sided", *_TWO_SIDED),),
    "two-sided": (("one-sided", *_ONE_SIDED),),
    "tangents": (("shared", *_SHARED),),
}
