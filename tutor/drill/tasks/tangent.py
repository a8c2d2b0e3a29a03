"""`tangent: {along: {x: 1}}`: how fast the output moves when the inputs move in a direction (forward mode)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tutor.drill.question import TaskQuestion
from tutor.drill.tasks.asked import Asked
from tutor.drill.tasks.skills import skills_of
from tutor.drill.texts import typed_numbers
from tutor.engine import Run
from tutor.text import msg
from tutor.text.numbers import show


@dataclass(frozen=True, slots=True, eq=False)
class Tangent:
    """The direction in which inputs move, by name; those left out stand still."""

    along: Mapping[str, Any]
    expected: Any

    @property
    def terms(self) -> tuple[object, ...]:
        """The direction."""
        return tuple((name, np.asarray(direction).tolist()) for name, direction in self.along.items())

    def at(self, run: Run) -> Any:
        """How fast the output moves, at any numbers."""
        return run.tangents(self.along)[run.graph.outputs[0]]


def build(asked: Asked) -> TaskQuestion:
    """`df/dt` for inputs that move with the velocities of the direction."""
    along = {name: np.asarray(value, dtype=np.float64) for name, value in asked.ask.options["along"].items()}
    graph = asked.run.graph
    expected = np.asarray(asked.run.tangents(along)[graph.outputs[0]])
    direction = [f"d{name}/d{clock(graph.index)} = {show(value)}" for name, value in along.items()]
    question = asked.question(
        str(asked.nth),
        Tangent(along, expected),
        symbol=f"d{graph.outputs[0]}/d{clock(graph.index)}",
        prompt=msg("drill.prompt-tangent"),
        typed=typed_numbers(expected),
        skills=skills_of(graph, "tangent", along),
        details=(msg("drill.about-tangent", direction=direction, of=graph.outputs[0]),),
        shape=tuple(expected.shape),
    )
    return replace(question, wrt=tuple(along))


def clock(names: Mapping[str, int]) -> str:
    """The letter of what everything moves along: t, or τ where a node is called t."""
    return "τ" if "t" in names else "t"
