"""At which node a question is asked, and which arrays it is about."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.ui.picture import compact
from tutor.ui.widgets.numbers import Named

if TYPE_CHECKING:
    from tutor.drill.question import DrillPart, Question
    from tutor.learner.known import Known
    from tutor.learner.session import Session

NUMERIC = {"upstream", "local", "downstream", "path", "total", "jacobian", "difference", "tangent", "update"}
"""Kinds whose answer is an array of numbers, which a grid can hold."""


def asked_node(part: "DrillPart", question: "Question") -> str | None:
    """The node that gets the heavy frame: of an inner op, the line it is in."""
    name = (question.line or "").partition(".")[0]
    return name if name in part.graph.lines or name in part.graph.inputs else None


def own_gradients(session: "Session", part: int) -> dict[str, str]:
    """What the learner has answered so far, right or wrong, by the node whose gradient was asked for."""
    from tutor.drill.question import totals_of

    graph = session.drill.parts[part].graph
    answered = [
        (question, state.typed)
        for question, state in zip(session.drill.questions, session.states, strict=True)
        if question.part == part and state.typed and question.kind in NUMERIC
    ]
    return {name: typed for question, typed in answered for name in totals_of(graph, question)}


def nothing_known(part: "DrillPart") -> "Known":
    """Before the first answer: the gradients of the outputs alone."""
    from tutor.learner.known import known

    return known(part.graph, (), ())


def arrays_of(part: "DrillPart", question: "Question", known: "Known", room: int) -> tuple[Named, ...]:
    """The arrays that a learner must compute from, where boxes with so much room hide any of them."""
    if question.kind not in NUMERIC:
        return ()
    found = {(named.name, named.gradient): named for named in _arrays(part, question, known)}
    arrays = [named for named in found.values() if getattr(named.value, "size", 1) > 1]
    hidden = any(len(compact(named.value)) > room for named in arrays)
    return tuple(arrays) if hidden else ()


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
