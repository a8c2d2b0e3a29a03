"""Answers to `order`: names, in any order in which each line finds what it needs."""

from tutor.checking.tasks.names import read_names
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, TaskQuestion
from tutor.engine import Graph
from tutor.text import Message, msg


def check(drill: Drill, question: TaskQuestion, text: str) -> Verdict:
    """Every line once; forward after what it uses, backward after all that use it."""
    graph = drill.part_of(question).graph
    names = read_names(text, graph.lines)
    missing = [name for name in graph.lines if name not in names]
    if missing:
        return Verdict("wrong", msg("checking.order-missing", names=missing))
    needs = _needs(graph, question.task.backward)
    for place, name in enumerate(names):
        late = [each for each in needs[name] if each not in names[:place]]
        if late and question.task.backward:
            message = msg("checking.order-before-its-users", name=name, users=late)
            return Verdict("wrong", message, "order:before-its-users", name)
        if late:
            return Verdict("wrong", msg("checking.order-before-its-inputs", name=name, inputs=late), None, name)
    return Verdict("right", msg("checking.right"))


def preview(drill: Drill, question: TaskQuestion, text: str) -> Preview:
    """The names with arrows between them."""
    return Preview(" → ".join(read_names(text, drill.part_of(question).graph.lines)))


_BACKWARD = "checking.hint-order-backward", "checking.hint-order-backward-rule"
_FORWARD = "checking.hint-order-forward", "checking.hint-order-forward-rule"


def hints(drill: Drill, question: TaskQuestion) -> list[Message]:
    """From the idea to a first name to the whole order."""
    graph, backward = drill.part_of(question).graph, question.task.backward
    order = (question.typed or "").split(", ")
    needs = _needs(graph, backward)
    waiting = [name for name in order if needs[name]]
    asked, rule = _BACKWARD if backward else _FORWARD
    return [
        Message(asked, {"count": len(order)}),
        Message(rule),
        msg("checking.hint-order-first", name=order[0]),
        msg("checking.hint-order-waits", name=waiting[-1], others=needs[waiting[-1]])
        if waiting
        else msg("checking.hint-order-free"),
        msg("checking.hint-answer", answer=question.typed or ""),
    ]


def _needs(graph: Graph, backward: bool) -> dict[str, list[str]]:
    """For each line those that must come before it."""
    if backward:
        return {name: list(dict.fromkeys(line for line, _ in graph.uses(name))) for name in graph.lines}
    used = {name: dict.fromkeys(slot.source for slot in line.slots) for name, line in graph.lines.items()}
    return {name: [source for source in sources if source in graph.lines] for name, sources in used.items()}
