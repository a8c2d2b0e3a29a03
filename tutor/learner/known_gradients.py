"""Which gradients a learner has found or been shown, for the picture of the graph."""

from collections.abc import Iterable
from dataclasses import dataclass

from tutor.drill.question import Question, totals_of
from tutor.engine import Run
from tutor.engine.gradient_formulas import downstream_formula
from tutor.engine.graph import Graph
from tutor.expr.tree import Gradient


@dataclass(frozen=True, slots=True)
class KnownGradients:
    """What may be shown of one part's backward pass; the gradient of an output is known from the start."""

    gradients: frozenset[str]
    """Lines and inputs whose total gradient is known."""
    downstream: frozenset[tuple[str, str]]
    """(line, slot label): what flows along this slot is known."""
    locals: frozenset[tuple[str, str]]
    """(line, slot label): this local gradient is known."""


def known_gradients(run: Run, asked: Iterable[Question], settled: Iterable[Question]) -> KnownGradients:
    """What is known of a graph about which `asked` are the questions and those of `settled` are right or shown.

    A total counts as known when it was asked for, when it is one slot's share, when all its shares are known and no
    question asks to add them, and when it equals a known one by a single use and no open question asks for it.
    """
    graph = run.graph
    asked, told = list(asked), list(settled)
    numbers = [(question, target) for question in told if (target := question.gradient) is not None]
    downstream = {_slot(graph, question) for question, target in numbers if target.kind == "downstream"}
    local = {_slot(graph, question) for question, target in numbers if target.kind in ("local", "jacobian")}
    gradients = {name for question in told for name in totals_of(graph, question)}
    gradients |= {name for name in graph.outputs if not graph.uses(name)}
    to_add = {name for question in asked for name in totals_of(graph, question)} | set(graph.outputs)
    for name in (*graph.inputs, *graph.order):
        shares = {(line, slot.label) for line, slot in graph.uses(name)}
        if shares and shares <= downstream and name not in to_add:
            gradients.add(name)
    settled_ids = {question.id for question in told}
    open_now = [question for question in asked if question.id not in settled_ids]
    kept_back = {name.partition("#")[0] for question in open_now for name in question.wrt}
    kept_back |= {name for question in open_now for name in totals_of(graph, question)}
    gradients |= _equal_to(run, gradients - set(graph.outputs), kept_back)
    return KnownGradients(frozenset(gradients), frozenset(downstream), frozenset(local))


def _equal_to(run: Run, found: set[str], kept_back: set[str]) -> set[str]:
    """Lines and inputs whose gradient is one of those found: a single use passes it on as it is, as `+` does."""
    graph = run.graph
    pairs = []
    for name in (*graph.inputs, *graph.order):
        uses = graph.uses(name)
        if len(uses) != 1 or graph.find(name) in run.seeds or kept_back & {name, uses[0][0]} - found:
            continue
        line, slot = uses[0]
        if downstream_formula(run, slot.chain, Gradient(None, line)) == Gradient(None, line):
            pairs.append((name, line))
    equal = set(found)
    for name, line in (*pairs, *reversed(pairs)):  # up to the outputs, and down again
        if name in equal or line in equal:
            equal |= {name, line}
    return equal


def _slot(graph: Graph, question: Question) -> tuple[str, str]:
    """The line of a question and the label of the slot that it means."""
    line, name = question.line or "", question.wrt[0]
    slots = graph.lines[line].slots if line in graph.lines else ()
    return line, next((slot.label for slot in slots if name in (slot.label, slot.source)), name)
