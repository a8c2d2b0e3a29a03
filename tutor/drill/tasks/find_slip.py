"""`find-slip: {of: h, wrt: z, slip: tanh:square-forgotten}`: a whole backward pass with one slip in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tutor.drill.asking import backward_order
from tutor.drill.question import GradientQuestion, TaskQuestion
from tutor.drill.tasks.asked import Asked
from tutor.drill.texts import symbol, typed_numbers
from tutor.engine import Graph, Run
from tutor.engine.errors import EngineError
from tutor.engine.replay import AtEdge, AtOp, Plant, replay
from tutor.mistakes.target import Convention, Target, converted, truth
from tutor.text import msg
from tutor.text.numbers import show

ANY = "any"
VISIBLE = 0.02  # of the largest entry: less would pass for rounding


@dataclass(frozen=True, slots=True, eq=False)
class FindSlip:
    """The pass that is shown, and where it first goes wrong.

    `shown` are gradients by variable in the order of the pass; `wrong` the variables whose shown gradient is wrong,
    `first` those of them that the slip made wrong itself. `answers` ask for the right gradients of these.
    """

    slip: str
    line: str
    shown: dict[str, Any]
    wrong: tuple[str, ...]
    answers: dict[str, GradientQuestion]

    @property
    def first(self) -> tuple[str, ...]:
        """The variables that the slip made wrong, not only what came from it; in the order of the pass."""
        return tuple(self.answers)

    @property
    def terms(self) -> tuple[object, ...]:
        """Which slip is planted, and where."""
        return (self.slip, self.line, *self.first)


@dataclass(frozen=True, slots=True)
class _Planted:
    """A slip at one slot: its id, the line, and what is shown for every variable."""

    id: str
    line: str
    sources: tuple[str, ...]
    shown: dict[str, Any]
    change: float


def build(asked: Asked) -> TaskQuestion:
    """One of the slips that the question allows and that changes the numbers visibly; the seed says which."""
    run, convention = asked.run, asked.ask.convention or asked.part.convention
    planted = _chosen(asked, [*_candidates(run, asked)])
    names = list(planted.shown)
    wrong = tuple(name for name in names if not _alike(planted.shown[name], run.gradients[name]))
    answers = {name: _answer(asked, name, convention) for name in wrong if name in planted.sources}
    first = next(iter(answers))
    task = FindSlip(
        slip=planted.id,
        line=planted.line,
        shown={name: converted(value, convention) for name, value in planted.shown.items()},
        wrong=wrong,
        answers=answers,
    )
    question = asked.question(
        str(asked.nth),
        task,
        symbol="",
        prompt=msg("drill.prompt-find-slip"),
        typed=f"{first} = {typed_numbers(answers[first].expected)}",
        skills=("check", *([f"find-slip:{planted.id.partition(':')[0]}"] if ":" in planted.id else [])),
        details=(
            msg("drill.about-find-slip"),
            *(msg("drill.given-gradient", name=name, value=show(task.shown[name])) for name in names),
        ),
    )
    return replace(question, of=None, wrt=())


def order_of_pass(graph: Graph) -> list[str]:
    """Every line and input that has a gradient, each after all that use it."""
    lines = [line.name for line in backward_order(graph)]
    return [*lines, *(name for name in graph.inputs if graph.index[name] not in graph.integer)]


def _candidates(run: Run, asked: Asked) -> Iterator[_Planted]:
    """Every slip that the question allows, as far as it can be computed at these shapes."""
    graph, ask = run.graph, asked.ask
    wanted = str(ask.options["slip"])
    for line in graph.order:
        if ask.of is not None and line != ask.of:
            continue
        for slot in graph.lines[line].slots:
            if ask.wrt and ask.wrt[0] not in (slot.label, slot.source):
                continue
            for node, k in slot.chain:
                op = graph.ops[node]
                for slip, rule in op.slips_at(k).items() if op is not None else ():
                    id = f"{op.name if op else ''}:{slip}"
                    if wanted in (ANY, id):
                        yield from _planted(run, id, line, AtOp(node, rule, k))


def _planted(run: Run, id: str, line: str, plant: Plant) -> Iterator[_Planted]:
    graph = run.graph
    try:
        shown = {name: np.asarray(replay(run, [plant], graph.find(name))) for name in order_of_pass(graph)}
    except (EngineError, ValueError):
        return  # it makes no sense at these shapes
    if not all(np.all(np.isfinite(value)) for value in shown.values()):
        return
    sources = tuple(dict.fromkeys(slot.source for slot in graph.lines[line].slots))
    changes = [_change(shown[name], run.gradients[name]) for name in sources if name in shown]
    if changes and max(changes) > 0.0:
        yield _Planted(id, line, sources, shown, max(changes))


def _chosen(asked: Asked, found: list[_Planted]) -> _Planted:
    """One that shows; where none does, the clearest; where there is none at all, a sign turned on the way."""
    if not found:
        line = asked.run.graph.lines[asked.ask.of or backward_order(asked.run.graph)[0].name]
        found = [
            each
            for slot in line.slots
            for each in _planted(asked.run, "sign", line.name, AtEdge(slot.chain[-1], lambda run, total, right: -right))
        ]
        found = found or [_made_up(asked.run, line.name)]
    seen = [each for each in found if each.change > VISIBLE] or [max(found, key=lambda each: each.change)]
    return seen[(asked.seed + asked.nth) * 7919 % len(seen)]


def _made_up(run: Run, line: str) -> _Planted:
    """Where gradients are 0, or no numbers, no slip changes them: one is shown that is 1 too large."""
    shown = {name: np.asarray(run.gradients[name]) for name in order_of_pass(run.graph)}
    sources = tuple(dict.fromkeys(slot.source for slot in run.graph.lines[line].slots if slot.source in shown))
    source = sources[0] if sources else next(reversed(shown))
    shown[source] = np.nan_to_num(shown[source]) + 1.0
    return _Planted("sign", line, (source,), shown, 1.0)


def _answer(asked: Asked, name: str, convention: Convention) -> GradientQuestion:
    target = Target("total", None, (name,), convention=convention)
    expected = np.asarray(truth(asked.run, target))
    return GradientQuestion(
        id=f"{asked.number + 1}/find-slip {asked.nth} {name}",
        kind="total",
        part=asked.number,
        of=None,
        wrt=(name,),
        target=target,
        expected=expected,
        shape=tuple(expected.shape),
        symbol=symbol(asked.run, target),
        prompt=msg("drill.prompt-total"),
        typed=typed_numbers(expected),
        skills=(),
    )


def _change(shown: Any, right: Any) -> float:
    """The largest change of an entry, relative to the largest entry of the right gradient."""
    largest = float(np.max(np.abs(right), initial=0.0)) or 1.0
    return float(np.max(np.abs(shown - right), initial=0.0)) / largest


def _alike(shown: Any, right: Any) -> bool:
    return _change(shown, right) <= 1e-9
