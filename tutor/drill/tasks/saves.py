"""`saves: {of: h, wrt: z}`: the values that the backward rule of a slot needs."""

from dataclasses import dataclass

from tutor.drill.question import TaskQuestion
from tutor.drill.saving import Saving
from tutor.drill.tasks.asked import Asked
from tutor.drill.tasks.predict import NONE
from tutor.text import msg


@dataclass(frozen=True, slots=True, eq=False)
class Saves:
    """The values of the line to choose among; any smallest set that is enough is right."""

    of: str
    wrt: str
    saving: Saving


def build(asked: Asked) -> TaskQuestion:
    """`typed` prefers what the node itself is given, then what it computes."""
    of, wrt = asked.ask.of or "", asked.ask.wrt[0]
    saving = Saving(asked.run, of, wrt)
    op = asked.run.graph.ops[asked.run.graph.chain(of, wrt)[-1][0]]
    return asked.question(
        f"{of} {wrt}",
        Saves(of, wrt, saving),
        symbol=f"save(∂{of}/∂{wrt})",
        prompt=msg("drill.prompt-saves"),
        typed=", ".join(saving.smallest[0]) or NONE,
        skills=(f"saves:{op.name}",) if op is not None else (),
        details=(msg("drill.about-saves", of=of, wrt=wrt, names=list(saving.names)),),
    )
