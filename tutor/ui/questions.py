"""At which node a question is asked, and which arrays it is about."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tutor.checking import Verdict
from tutor.checking.reading.typed_lines import split_lines
from tutor.drill.question import DrillPart, Question, totals_of
from tutor.engine import Graph
from tutor.engine.named_lines import Slot
from tutor.learner.known_gradients import KnownGradients, known_gradients
from tutor.learner.session import Session
from tutor.ui.picture import compact
from tutor.ui.widgets.array_view import Named


def asked_node(part: DrillPart, question: Question) -> str | None:
    """The node that gets the heavy frame: of an inner op, the line it is in."""
    name = (question.line or "").partition(".")[0]
    return name if name in part.graph.lines or name in part.graph.inputs else None


def blamed_node(part: DrillPart, question: Question, verdict: Verdict) -> str | None:
    """The node at which an answer went wrong, where that is another than the one asked about."""
    name = (verdict.node or "").partition(".")[0]
    elsewhere = name in part.graph.lines or name in part.graph.inputs
    return name if elsewhere and name != asked_node(part, question) else None


def own_gradients(session: Session, part: int) -> dict[str, str]:
    """What the learner has answered so far, right or wrong, by the node whose gradient was asked for."""
    graph = session.drill.parts[part].graph
    answered = [
        (question, state.typed)
        for question, state in zip(session.drill.questions, session.states, strict=True)
        if question.part == part and state.typed and question.entered.in_grid
    ]
    return {name: typed for question, typed in answered for name in totals_of(graph, question)}


def takes_grid(question: Question) -> bool:
    """Can the answer be typed cell by cell?"""
    return question.entered.in_grid and len(question.shape) in (1, 2)


def may_know_shape(session: Session, question: Question) -> bool:
    """A grid gives the shape away: only after it was asked, hinted at or named."""
    state = session.states[session.position]
    if state.hints or state.verdict == "wrong-shape":
        return True
    return any(
        other.entered.is_shape and other.part == question.part and set(other.wrt) & set(question.wrt)
        for other, settled in zip(session.drill.questions, session.states, strict=True)
        if settled.state in ("right", "shown")
    )


def behind_lines(text: str, count: int) -> str:
    """What stands in a text behind its first `count` lines; nothing where it has no more, or where lines have gone."""
    lines = split_lines(text)
    return text[lines[count].start :] if 0 <= count < len(lines) else ""


def nothing_known(part: DrillPart) -> KnownGradients:
    """Before the first answer: the gradients of the outputs alone."""
    return known_gradients(part.run, (), ())


def places_of(part: DrillPart, node: str) -> tuple[str, ...]:
    """The lines that use an input: where its gradient comes from. A line stands for itself."""
    graph = part.graph
    return (node,) if node in graph.lines else tuple(dict.fromkeys(line for line, _ in graph.uses(node)))


def arrays_of(part: DrillPart, question: Question, known: KnownGradients, room: int) -> tuple[Named, ...]:
    """The arrays that a learner must compute from, where boxes with so much room hide any of them."""
    if not question.entered.in_grid:
        return ()
    found = {(named.name, named.gradient): named for named in _arrays(part, question, known)}
    arrays = [named for named in found.values() if getattr(named.value, "size", 1) > 1]
    hidden = any(len(compact(named.value)) > room for named in arrays)
    return tuple(arrays) if hidden else ()


def arrays_given(part: DrillPart, node: str, given: Mapping[str, Any], room: int) -> tuple[Named, ...]:
    """What the gradient of a node is computed from, in a backward pass that is given, where boxes hide any of it."""
    arrays = []
    for line, slot in part.graph.uses(node):
        arrays += [Named(f"d{line}", given[line], gradient=True), *_needed(part, line, slot)]
    found = {(each.name, each.gradient): each for each in arrays if getattr(each.value, "size", 1) > 1}
    hidden = any(len(compact(each.value)) > room for each in found.values())
    return tuple(sorted(found.values(), key=lambda each: not each.gradient)) if hidden else ()


def _arrays(part: DrillPart, question: Question, known: KnownGradients) -> Iterator[Named]:
    """What goes in and out at the line asked about; of a variable, what its gradients are computed from."""
    graph, run = part.graph, part.run
    if question.of in graph.lines:
        if not _is_within_lines(question) and question.of in known.gradients:
            yield Named(f"d{question.of}", run.gradients[question.of], gradient=True)
        for slot in graph.lines[question.of].slots:
            yield Named(slot.source, run.values[slot.source])
        yield Named(question.of, run.values[question.of])
        return
    waiting = [name.partition("#")[0] for name in question.wrt]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        for line, slot in graph.uses(name):
            if line in known.gradients:
                yield Named(f"d{line}", run.gradients[line], gradient=True)
                yield from _needed(part, line, slot)
                continue
            # What arrives may be known from another input of the line: db is dz where z = W @ x + b.
            shape = run.shapes[graph.find(line)]
            for other in (slot.source for slot in graph.lines[line].slots):
                if other in known.gradients and run.shapes[graph.find(other)] == shape:
                    yield Named(f"d{other}", run.gradients[other], gradient=True)
            yield from _needed(part, line, slot)
            waiting.append(line)


def _is_within_lines(question: Question) -> bool:
    """Is it about lines alone, so that nothing arrives at them?"""
    target = question.gradient
    return target is not None and target.kind in ("local", "jacobian")


def _needed(part: DrillPart, line: str, slot: Slot) -> Iterator[Named]:
    """The values that the backward rules along a slot speak of."""
    graph, run = part.graph, part.run
    for node, k in slot.chain:
        op, arguments = graph.ops[node], graph.arguments[node]
        assert op is not None
        rule = set(re.findall(r"\w+", op.backward_text(k, [run.shapes[place] for place in arguments])))
        names = [name.rstrip("*?") for name in op.inputs]
        for name, argument in zip(names, arguments, strict=False):
            if name in rule or not rule:
                yield from (Named(leaf, run.values[leaf]) for leaf in _leaves(graph, argument))
        if "out" in rule and node == graph.lines[line].root:
            yield Named(line, run.values[line])


def _leaves(graph: Graph, node: int) -> list[str]:
    """The lines and inputs that a node inside a line is made of."""
    name = graph.names[node]
    if name and "." not in name:
        return [name]
    return [leaf for argument in graph.arguments[node] for leaf in _leaves(graph, argument)]
