"""Answers to `rule`: the backward of a gate, judged by nudging every entry at many numbers, sizes and ranks."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from tutor.checking.formulas import check_formula
from tutor.checking.reading import read, value_at
from tutor.checking.verdict import Preview, Verdict
from tutor.checking.vocabulary import Vocabulary
from tutor.drill.question import Drill, TaskQuestion
from tutor.drill.tasks.decompose import ops_in
from tutor.drill.tasks.rule import Gate, Rule
from tutor.engine import REGISTRY, Run
from tutor.engine.functions import answer_functions, functions
from tutor.engine.ordering import CONSTANTS
from tutor.expr import EvaluationError, Scope, Tree, evaluate, parse_answer, to_unicode
from tutor.lesson.gates import OUT
from tutor.text import Message, msg
from tutor.text.numbers import show

NUMERIC = 1e-5  # central differences with h = 1e-4 are good to 1e-8 or so
CLOSE = 1e-9


def check(drill: Drill, question: TaskQuestion, text: str) -> Verdict:
    """Right if it agrees with the numeric gradient at every trial of the gate; its shape counts too."""
    task: Rule = question.task
    if task.wrt is None:
        return _check_forward(task, text)
    for gate in task.gates:
        words = Vocabulary(gate.drill, gate.question)
        tree = read(words, text)
        if not _passes(words, gate, tree):
            verdict = check_formula(words, tree)
            if verdict.kind == "right":  # the engine's rule is not what the gate's numbers do
                return Verdict("wrong", msg("checking.rule-not-numeric"))
            return verdict
    return Verdict("right", msg("checking.rule-right", **_trials(task)))


def preview(drill: Drill, question: TaskQuestion, text: str) -> Preview:
    """The rule in mathematics, with its shape at the gate's own sizes."""
    task: Rule = question.task
    gate = task.gates[-1]
    if task.wrt is None:
        return Preview(to_unicode(_read_forward(task, text)))
    words = Vocabulary(gate.drill, gate.question)
    tree = read(words, text)
    shown = to_unicode(tree)
    try:
        return Preview(shown, tuple(np.shape(value_at(words, tree, words.part.run))))
    except EvaluationError as error:
        return Preview(shown, message=error.message, span=error.span)


def hints(drill: Drill, question: TaskQuestion) -> list[Message]:
    """What must come out, the rule of the op, which names, the shapes at hand, the rule."""
    task: Rule = question.task
    gate = task.gates[-1]
    run = gate.drill.parts[0].run
    ops = ops_in(task.forward)
    rule = Message(REGISTRY[ops[-1]].rule) if ops and ops[-1] in REGISTRY else msg("checking.hint-rule-several")
    shapes = [f"{name}: {_shape(run, name)}" for name in (*task.inputs, OUT)]
    answer = msg("checking.hint-answer", answer=question.typed or show(gate.question.expected))
    if task.wrt is None:
        return [
            msg("checking.hint-forward", inputs=list(task.inputs)),
            msg("checking.hint-forward-rule", ops=[REGISTRY[op].symbol if op in REGISTRY else op for op in ops]),
            msg("checking.hint-forward-names", count=len(ops)),
            msg("checking.hint-rule-shapes", shapes=shapes),
            answer,
        ]
    slope = show(np.ravel(gate.question.expected)[0])
    place = ", ".join("0" for _ in gate.question.shape)
    entry = f"d{task.wrt}[{place}]" if place else f"d{task.wrt}"
    known = [f"{name} = {_brief(run, name)}" for name in task.inputs]
    up = _brief_value(run.gradients[OUT])
    return [
        msg("checking.hint-rule", wrt=task.wrt, forward=to_unicode(task.forward)),
        rule if len(ops) == 1 else msg("checking.hint-rule-several"),
        msg("checking.hint-rule-names", inputs=list(task.inputs), wrt=task.wrt),
        msg("checking.hint-rule-here", values=[*known, f"up = {up}"], entry=entry, slope=slope),
        answer,
    ]


def _passes(words: Vocabulary, gate: Gate, tree: Tree) -> bool:
    for trial in gate.trials:
        try:
            value = np.asarray(value_at(words, tree, trial.run))
        except EvaluationError:
            return False
        if not _close(value, trial.right, NUMERIC):
            return False
    return True


def _check_forward(task: Rule, text: str) -> Verdict:
    tree = _read_forward(task, text)
    for gate in task.gates:
        for trial in gate.trials:
            right = trial.run.values[OUT]
            try:
                value = np.asarray(evaluate(tree, _inputs(task, gate, trial.run, trial.draw.sizes), functions()))
            except EvaluationError:
                if trial is gate.trials[0]:
                    raise
                value = np.full((0,), 0.0)
            if not _close(value, np.asarray(right), CLOSE):
                values = [f"{name} = {_brief(trial.run, name)}" for name in task.inputs]
                known: dict[str, object] = {"values": values, "right": _brief_value(right)}
                return Verdict("wrong", msg("checking.forward-differs", yours=_brief_value(value), **known))
    return Verdict("right", msg("checking.forward-right", **_trials(task)))


def _trials(task: Rule) -> dict[str, object]:
    """How many trials there were, and what was different in them."""
    trials = [trial for gate in task.gates for trial in gate.trials]
    sizes = len({tuple(trial.run.shapes) for trial in trials}) > 1
    return {"count": len(trials), "of": msg("checking.of-sizes") if sizes else msg("checking.of-numbers")}


def _read_forward(task: Rule, text: str) -> Tree:
    sizes = {name for gate in task.gates for name in gate.drill.parts[0].part.sizes}
    return parse_answer(text, Scope(frozenset({*task.inputs, *sizes, *CONSTANTS}), answer_functions(), frozenset()))


def _inputs(task: Rule, gate: Gate, run: Run, sizes: Mapping[str, int]) -> dict[str, Any]:
    return {**CONSTANTS, **{name: float(size) for name, size in sizes.items()}} | {
        name: run.values[name] for name in task.inputs
    }


def _close(value: Any, right: Any, tolerance: float) -> bool:
    if np.shape(value) != np.shape(right):
        return False
    largest = max(float(np.max(np.abs(right), initial=0.0)), 1e-6)
    return bool(np.max(np.abs(value - right), initial=0.0) <= tolerance * largest)


def _shape(run: Run, name: str) -> tuple[int, ...]:
    return run.shapes[run.graph.find(name)]


def _brief(run: Run, name: str) -> str:
    return _brief_value(run.values[name])


def _brief_value(value: Any) -> str:
    return show(value) if np.size(value) <= 6 else str(tuple(np.shape(value)))
