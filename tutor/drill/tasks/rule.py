"""`rule: {forward: "a @ b", wrt: a}`: the backward of a gate, or its forward, for whatever comes."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from tutor.drill.formulas import typed_formula
from tutor.drill.numbers import run_at
from tutor.drill.question import Drill, DrillPart, GradientQuestion, TaskQuestion
from tutor.drill.tasks.asked import Asked
from tutor.drill.tasks.decompose import ops_in
from tutor.drill.texts import typed_numbers
from tutor.engine import Run
from tutor.engine.compile import callables
from tutor.engine.functions import answer_functions, functions
from tutor.engine.numeric import numeric_gradient
from tutor.engine.ordering import CONSTANTS
from tutor.expr import EvaluationError, Scope, evaluate, parse, to_text, to_unicode
from tutor.expr.tree import Tree
from tutor.lesson.draws import draw
from tutor.lesson.gates import OUT, gates, inputs_of
from tutor.lesson.model import Draw, Part
from tutor.lesson.workload import pass_work
from tutor.mistakes.target import Target, truth
from tutor.text import Message, msg

FORWARD = "forward"
EXAMPLES = 2
MOST_NUDGED = 20_000_000  # the work of nudging every entry
MEASURED = 1e-6  # how well nudges measure a gradient where they do


@dataclass(frozen=True, slots=True)
class Trial:
    """The gate at some numbers and sizes, and what its gradient is."""

    draw: Draw
    run: Run
    right: Any


@dataclass(frozen=True, eq=False)
class Gate:
    """The gate at shapes of one kind: a drill of its own with one question, for the formula of its gradient."""

    drill: Drill
    question: GradientQuestion

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """The gate's own numbers and eight fresh ones, sizes and all."""
        part = self.drill.parts[0]
        drawn = (part.draw, *part.runs.fresh_draws)
        runs = (part.run, *part.runs.fresh)
        wrt = self.question.wrt[0]
        return tuple(Trial(each, run, _slope(each, run, wrt)) for each, run in zip(drawn, runs, strict=True))


@dataclass(frozen=True, eq=False)
class Rule:
    """What is asked of a gate: the gradient that goes to `wrt`, or, where that is None, its forward."""

    forward: Tree
    inputs: tuple[str, ...]
    wrt: str | None
    gates: tuple[Gate, ...] = field(repr=False)

    @property
    def terms(self) -> tuple[object, ...]:
        """The gate and its shapes."""
        shapes = [[str(given.dims) for given in gate.drill.parts[0].part.given.values()] for gate in self.gates]
        return (to_text(self.forward), self.wrt, shapes)


def build(asked: Asked) -> TaskQuestion:
    """A gradient's rule from `up`, `out` and the gate's inputs; a forward from its inputs and an example or two."""
    options = asked.ask.options
    forward = parse(str(options["forward"]), Scope(None, callables(), frozenset()))
    inputs = inputs_of(forward, asked.part.sizes)
    wrt = None if asked.ask.wrt[0] == FORWARD else asked.ask.wrt[0]
    parts = gates(forward, options.get("shapes"), asked.part.sizes, asked.part.number)
    made = tuple(_gate(asked, part, wrt or inputs[0]) for part in parts)
    names = ops_in(forward) or ["copy"]
    first = made[-1]
    typed = to_text(forward) if wrt is None else _rule(made)
    question = asked.question(
        str(asked.nth),
        Rule(forward, inputs, wrt, made),
        symbol=f"d{wrt}" if wrt else f"{OUT}({', '.join(inputs)})",
        prompt=_prompt(wrt, names),
        typed=typed,
        skills=(f"rule:{names[-1]}",),
        details=(_gate_shown(forward, parts[-1]), *_sizes(made[-1])) if wrt else _examples(made[0]),
        shape=first.question.shape if wrt else first.drill.parts[0].run.shapes[-1],
    )
    return replace(question, of=None, wrt=())


def _gate(asked: Asked, part: Part, wrt: str) -> Gate:
    numbers = draw(part, asked.nth)
    run = run_at(part, numbers)
    target = Target("total", None, (wrt,))
    expected = np.asarray(truth(run, target))
    question = GradientQuestion(
        id=f"rule {wrt}",
        kind="formula",
        part=0,
        of=None,
        wrt=(wrt,),
        target=target,
        expected=expected,
        shape=tuple(expected.shape),
        symbol=f"d{wrt}",
        prompt=msg("drill.prompt-formula"),
        typed=typed_formula(run, target, None),
        skills=(),
    )
    return Gate(Drill(asked.lesson, 0, (DrillPart(part, run.graph, numbers, run),), (question,)), question)


def _slope(drawn: Draw, run: Run, wrt: str) -> Any:
    """The gradient by nudging every entry; where nudges are no measure of it, by definition.

    They are none near a pole, as of tan, and for stop_gradient and straight_through; and not at too many entries.
    """
    exact = np.asarray(run.gradients[wrt])
    if exact.size * pass_work(run.graph, run.shapes) > MOST_NUDGED:
        return exact
    nudged = numeric_gradient(run.graph, drawn.numbers, wrt, upstream=drawn.upstream)
    return nudged if np.allclose(nudged, exact, rtol=MEASURED, atol=MEASURED) else exact


def _rule(made: tuple[Gate, ...]) -> str | None:
    """A rule that is right at every rank and size: that of the highest, where no shape is special; None without one."""
    typed = made[-1].question.typed
    if typed is None:
        return None
    tree = parse(typed, Scope(None, answer_functions(), frozenset()))
    return typed if all(_holds(tree, gate) for gate in made) else None


def _holds(tree: Tree, gate: Gate) -> bool:
    part, wrt = gate.drill.parts[0], gate.question.wrt[0]
    for drawn, run in zip((part.draw, *part.runs.fresh_draws), (part.run, *part.runs.fresh), strict=True):
        known = {**CONSTANTS, **{name: float(size) for name, size in drawn.sizes.items()}, **run.values}
        try:
            value = np.asarray(evaluate(tree, known | {"up": run.gradients[OUT]}, functions()))
        except EvaluationError:
            return False
        right = np.asarray(run.gradients[wrt])
        if value.shape != right.shape or not np.allclose(value, right, rtol=1e-7, atol=1e-9):
            return False
    return True


def _prompt(wrt: str | None, ops: list[str]) -> Message:
    if wrt is not None:
        return msg("drill.prompt-rule")
    # The name of a single op would be the answer; several cannot be guessed from numbers alone.
    return msg("drill.prompt-rule-forward") if len(ops) == 1 else msg("drill.prompt-rule-forward-ops", ops=ops)


def _gate_shown(forward: Tree, part: Part) -> Message:
    """The gate, and the shapes that it is tried at, by the names of their sizes."""
    shapes = []
    for name, given in part.given.items():
        dims = [str(dim) if isinstance(dim, int) else to_text(dim) for dim in given.dims]
        shapes.append(f"{name}: ({dims[0]},)" if len(dims) == 1 else f"{name}: ({', '.join(dims)})")
    return msg("drill.rule-gate", forward=to_unicode(forward), shapes=shapes)


def _sizes(gate: Gate) -> tuple[Message, ...]:
    """The sizes that a gate is tried at first, where its shapes have any."""
    sizes = gate.drill.parts[0].draw.sizes
    text = [f"{name} = {size}" for name, size in sizes.items()]
    return (msg("drill.rule-gate-sizes", sizes=text),) if text else ()


def _examples(gate: Gate) -> tuple[Message, ...]:
    """What goes in and what comes out, for a forward."""
    part = gate.drill.parts[0]
    drawn = [(part.draw, part.run)]
    if part.run.shapes[-1] == ():
        second = draw(part.part, 1_000)
        drawn.append((second, run_at(part.part, second)))
    return tuple(
        msg(
            "drill.rule-example",
            inputs=[f"{name} = {typed_numbers(run.values[name])}" for name in part.graph.inputs],
            out=run.values[OUT],
        )
        for _, run in drawn[:EXAMPLES]
    )
