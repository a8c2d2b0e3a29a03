"""At which node a question is asked, and which arrays it is about."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.ui.picture import ROOM, compact
from tutor.ui.widgets.numbers import Named

if TYPE_CHECKING:
    from tutor.drill.question import DrillPart, Question
    from tutor.learner.known import Known

NUMERIC = {"upstream", "local", "downstream", "path", "total", "jacobian", "difference", "tangent", "update"}
"""Kinds whose answer is an array of numbers, which a grid can hold."""


def asked_node(part: "DrillPart", question: "Question") -> str | None:
    """The node that gets the heavy frame."""
    graph = part.graph
    for name in (question.of, *question.wrt):
        if name is None:
            continue
        bare = name.partition("#")[0].partition(".")[0]
        if bare in graph.lines or bare in graph.inputs:
            return bare
    return None


def arrays_of(part: "DrillPart", question: "Question", known: "Known") -> tuple[Named, ...]:
    """The arrays that a learner must compute from, those that the boxes do not show in full."""
    if question.kind not in NUMERIC:
        return ()
    shown: dict[tuple[str, bool], Named] = {}
    for named in _arrays(part, question, known):
        if getattr(named.value, "ndim", 0) and len(compact(named.value)) > ROOM:
            shown.setdefault((named.name, named.gradient), named)
    return tuple(shown.values())


def _arrays(part: "DrillPart", question: "Question", known: "Known") -> Iterator[Named]:
    graph, run = part.graph, part.run
    lines = [question.of] if question.of in graph.lines else []
    if not lines:
        wanted = {name.partition("#")[0] for name in question.wrt}
        lines = [line for line in graph.order if wanted & {slot.source for slot in graph.lines[line].slots}]
    for line in lines:
        for slot in graph.lines[line].slots:
            yield Named(slot.source, run.values[slot.source])
        yield Named(line, run.values[line])
        if question.kind not in ("local", "jacobian") and line in known.gradients:
            yield Named(f"d{line}", run.gradients[line], gradient=True)
