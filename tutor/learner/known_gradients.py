"""Which gradients a learner has found or been shown, for the picture of the graph."""

from collections.abc import Iterable
from dataclasses import dataclass

from tutor.drill.question import Question, totals_of
from tutor.engine.graph import Graph


@dataclass(frozen=True, slots=True)
class KnownGradients:
    """What may be shown of one part's backward pass; the gradient of an output is known from the start."""

    gradients: frozenset[str]
    """Lines and inputs whose total gradient is known."""
    downstream: frozenset[tuple[str, str]]
    """(line, slot label): what flows along this slot is known."""
    locals: frozenset[tuple[str, str]]
    """(line, slot label): this local gradient is known."""


def known_gradients(graph: Graph, asked: Iterable[Question], settled: Iterable[Question]) -> KnownGradients:
    """What is known of a graph about which `asked` are the questions and those of `settled` are right or shown.

    A total counts as known when it was asked for, when it is one slot's share, and when all its shares are known
    and no question asks to add them.
    """
    told = list(settled)
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
    return KnownGradients(frozenset(gradients), frozenset(downstream), frozenset(local))


def _slot(graph: Graph, question: Question) -> tuple[str, str]:
    """The line of a question and the label of the slot that it means."""
    line, name = question.line or "", question.wrt[0]
    slots = graph.lines[line].slots if line in graph.lines else ()
    return line, next((slot.label for slot in slots if name in (slot.label, slot.source)), name)
