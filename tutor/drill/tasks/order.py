"""`order: backward`: the lines in an order in which they can be computed."""

from dataclasses import dataclass

from tutor.drill.asking import backward_order
from tutor.drill.question import TaskQuestion
from tutor.drill.tasks.asked import Asked
from tutor.text import msg


@dataclass(frozen=True, slots=True)
class Order:
    """Which way the lines are to be visited."""

    backward: bool


def build(asked: Asked) -> TaskQuestion:
    """Any valid order is right; `typed` is the one that the drill itself would take."""
    direction = str(asked.ask.options["text"])
    backward = direction == "backward"
    graph = asked.run.graph
    names = [line.name for line in backward_order(graph)] if backward else list(graph.order)
    return asked.question(
        direction,
        Order(backward),
        symbol=", ".join("…" for _ in names),
        prompt=msg("drill.prompt-order-backward") if backward else msg("drill.prompt-order-forward"),
        typed=", ".join(names),
        skills=("order",),
        details=(msg("drill.about-order-backward") if backward else msg("drill.about-order-forward"),),
    )
