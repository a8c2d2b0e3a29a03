"""What a mistake is: a rule from a run to the wrong answer it gives, with its place in the order of names."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from tutor.engine import Edge, Run
from tutor.engine.replay import Plant


class Rank(IntEnum):
    """Which name a class of mistakes that look alike goes by: the lowest first."""

    OP = 0
    FORK = 1
    GENERAL = 2
    WHOLE = 3


class Distance(IntEnum):
    """How far from the asked place a slip lies."""

    ASKED = 0
    ABOVE = 1


@dataclass(frozen=True, slots=True)
class Mistake:
    """One way to get a question wrong: `produce(run)` is the answer it gives at any run of the same graph.

    `node` is the line it happens at, `place` what distinguishes several at one line (a slot, a set of paths), `edge`
    the op and its input where the slip is one of an op.
    """

    id: str
    node: str
    rank: Rank
    distance: Distance
    produce: Callable[[Run], Any]
    place: str = ""
    plants: tuple[Plant, ...] = ()
    edge: Edge | None = None
