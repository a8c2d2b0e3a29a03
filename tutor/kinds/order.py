"""`order: backward`: the lines in any order in which each finds what it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tutor.checking.reading.typed_names import read_names
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, Entered, Question
from tutor.engine import Graph, Line
from tutor.engine.ordering import topological
from tutor.kinds.kind import Asked, Kind, answer_hint
from tutor.lesson.file.ask_schema import Fields
from tutor.text import Message, msg

Direction = Literal["forward", "backward"]


class Order(Fields):
    """Which way the lines are to be visited."""

    direction: Direction


@dataclass(frozen=True, eq=False, kw_only=True)
class OrderQuestion(Question):
    """`typed` is the order that the drill itself would take."""

    backward: bool


class OrderKind(Kind[Order, OrderQuestion]):
    """Answers are names, with commas, arrows or blanks between them."""

    name = "order"
    form = Direction
    fields = Order
    short = "direction"
    describes = "The lines in an order in which a pass may go: `order: backward`"
    entered = Entered.NAMES
    names_nodes = id_names_nodes = False
    slips = ("order:before-its-users",)
    computes = False

    def build(self, asked: Asked[Order]) -> OrderQuestion:
        """Any valid order is right."""
        graph, backward = asked.run.graph, asked.fields.direction == "backward"
        names = [line.name for line in backward_order(graph)] if backward else list(graph.order)
        return OrderQuestion(
            **asked.head(asked.fields.direction),
            backward=backward,
            symbol=", ".join("…" for _ in names),
            prompt=msg("drill.prompt-order-backward") if backward else msg("drill.prompt-order-forward"),
            typed=", ".join(names),
            skills=("order",),
            details=(msg("drill.about-order-backward") if backward else msg("drill.about-order-forward"),),
        )

    def check(self, drill: Drill, question: OrderQuestion, text: str, earlier: Mapping[str, str]) -> Verdict:
        """Every line once; forward after what it uses, backward after all that use it."""
        graph = drill.part_of(question).graph
        names = read_names(text, graph.lines)
        missing = [name for name in graph.lines if name not in names]
        if missing:
            return Verdict("wrong", msg("checking.order-missing", names=missing))
        needs = _needs(graph, question.backward)
        for place, name in enumerate(names):
            late = [each for each in needs[name] if each not in names[:place]]
            if late and question.backward:
                message = msg("checking.order-before-its-users", name=name, users=late)
                return Verdict("wrong", message, "order:before-its-users", name)
            if late:
                return Verdict("wrong", msg("checking.order-before-its-inputs", name=name, inputs=late), None, name)
        return Verdict("right", msg("checking.right"))

    def preview(self, drill: Drill, question: OrderQuestion, text: str) -> Preview:
        """The names with arrows between them."""
        return Preview(" → ".join(read_names(text, drill.part_of(question).graph.lines)))

    def hints(self, drill: Drill, question: OrderQuestion) -> list[Message]:
        """From the idea to a first name to the whole order."""
        order = (question.typed or "").split(", ")
        needs = _needs(drill.part_of(question).graph, question.backward)
        waiting = [name for name in order if needs[name]]
        asked, rule = _BACKWARD if question.backward else _FORWARD
        return [
            Message(asked, {"count": len(order)}),
            Message(rule),
            msg("checking.hint-order-first", name=order[0]),
            msg("checking.hint-order-waits", name=waiting[-1], others=needs[waiting[-1]])
            if waiting
            else msg("checking.hint-order-free"),
            answer_hint(question),
        ]


_BACKWARD = "checking.hint-order-backward", "checking.hint-order-backward-rule"
_FORWARD = "checking.hint-order-forward", "checking.hint-order-forward-rule"


def _needs(graph: Graph, backward: bool) -> dict[str, list[str]]:
    """For each line those that must come before it."""
    if backward:
        return {name: list(dict.fromkeys(line for line, _ in graph.uses(name))) for name in graph.lines}
    used = {name: dict.fromkeys(slot.source for slot in line.slots) for name, line in graph.lines.items()}
    return {name: [source for source in sources if source in graph.lines] for name, sources in used.items()}


def backward_order(graph: Graph) -> list[Line]:
    """Lines from the output backward; of those whose users have all gone, the later in the file first."""
    users = _needs(graph, backward=True)
    return [graph.lines[name] for name in topological({name: users[name] for name in reversed(graph.lines)}, ())]
