"""Which gradients a learner has found or been shown, for the picture of the graph."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.drill import Question
    from tutor.engine.graph import Graph


@dataclass(frozen=True, slots=True)
class Known:
    """What may be shown of one part's backward pass; the gradient of an output is known from the start."""

    gradients: frozenset[str]
    """Lines and inputs whose total gradient is known."""
    downstream: frozenset[tuple[str, str]]
    """(line, slot label): what flows along this slot is known."""
    locals: frozenset[tuple[str, str]]
    """(line, slot label): this local gradient is known."""


def known(graph: "Graph", part: int, questions: "Iterable[Question]", settled: "Iterable[Question]") -> Known:
    """What is known of a part once the questions of `settled` are right or shown.

    A total counts as known when it was asked for, or when it is one slot's share, or when all shares are known
    and no question asks to add them.
    """
    mine = [question for question in settled if question.part == part]
    downstream = {_slot(graph, question) for question in mine if question.kind == "downstream" and question.of}
    local = {_slot(graph, question) for question in mine if question.kind in _LOCAL and question.of}
    outputs = set(graph.outputs)
    asked = {name for question in questions if question.part == part for name in _totals(question)}
    gradients = {name for question in mine for name in _totals(question)}
    gradients |= {name for name in outputs if not graph.uses(name)}
    for name in (*graph.inputs, *graph.order):
        shares = {(line, slot.label) for line, slot in graph.uses(name)}
        alone = len(shares) == 1 or name not in asked
        if shares and alone and shares <= downstream and name not in outputs:
            gradients.add(name)
    return Known(frozenset(gradients), frozenset(downstream), frozenset(local))


_LOCAL = ("local", "jacobian", "formula")


def _slot(graph: "Graph", question: "Question") -> tuple[str, str]:
    of, wrt = question.of or "", question.wrt[0]
    fitting = (
        [slot.label for slot in graph.lines[of].slots if wrt in (slot.label, slot.source)] if of in graph.lines else []
    )
    return (of, fitting[0] if len(fitting) == 1 else wrt)


def _totals(question: "Question") -> tuple[str, ...]:
    """The names whose total gradient a question asks for."""
    if question.kind == "total" or (question.kind == "formula" and question.of is None):
        return question.wrt
    if question.kind == "upstream":
        return question.wrt or ((question.of,) if question.of else ())
    return ()
