"""The numbers of a drill: drawn so that mistakes show, and the same graph at other numbers."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np

from tutor.engine import Run
from tutor.lesson.draws import draws, near
from tutor.lesson.fresh import fresh_draws
from tutor.lesson.model import Draw, Part
from tutor.mistakes.catalogue import Distance
from tutor.mistakes.classes import classes
from tutor.mistakes.target import Target, truth

TRIES = 50
GENERIC = 3


class Runs:
    """A part's graph at other numbers: `near` its own, for telling rules apart, and `fresh`, sizes and all."""

    def __init__(self, part: Part, drawn: Draw) -> None:
        self.part, self.drawn = part, drawn

    @cached_property
    def near(self) -> tuple[Run, ...]:
        """Three runs at the drill's own numbers, each a little moved."""
        return tuple(run_at(self.part, each) for each in near(self.part, self.drawn, GENERIC))

    @cached_property
    def fresh_draws(self) -> tuple[Draw, ...]:
        """Eight draws of new numbers and sizes, for formulas."""
        return fresh_draws(self.part, like=self.drawn)

    @cached_property
    def fresh(self) -> tuple[Run, ...]:
        """The runs at these draws."""
        return tuple(run_at(self.part, each) for each in self.fresh_draws)

    def sizes_at(self, run: Run) -> Mapping[str, int]:
        """The sizes that one of these runs was made at."""
        for drawn, fresh in zip(self.fresh_draws, self.fresh, strict=True) if "fresh" in self.__dict__ else ():
            if fresh is run:
                return drawn.sizes
        return self.drawn.sizes


def run_at(part: Part, drawn: Draw) -> Run:
    """The part's graph at these numbers and sizes."""
    return part.graph_for(drawn.sizes).run(drawn.numbers, drawn.upstream)


def telling_draw(part: Part, seed: int, targets: Sequence[Target]) -> Draw:
    """The first of at most 50 draws at which no slip at an asked place looks right; otherwise the one with fewest."""
    if not any(given.drawn for given in (*part.given.values(), *part.upstream.values())):
        return next(draws(part, seed))
    best: tuple[int, Draw] | None = None
    for drawn in islice(draws(part, seed), TRIES):
        hidden = hidden_mistakes(part, drawn, targets)
        if best is None or hidden < best[0]:
            best = hidden, drawn
        if hidden == 0:
            break
    assert best is not None
    return best[1]


def hidden_mistakes(part: Part, drawn: Draw, targets: Sequence[Target]) -> int:
    """How many classes of slips at the asked places give the truth here, or round to the same two digits."""
    run, runs = run_at(part, drawn), Runs(part, drawn)
    count = 0
    for target in targets:
        right = np.asarray(truth(run, target))
        for each in classes(run, runs.near, target):
            answer = each.produce(run) if each.distance == Distance.ASKED else None
            if answer is not None and answer.shape == right.shape and _two_digits(answer, right):
                count += 1
    return count


def _two_digits(answer: Any, right: Any) -> bool:
    """Would the two be typed alike with two significant digits of the largest entry?"""
    largest = float(np.max(np.abs(right), initial=0.0))
    if largest == 0.0:
        return bool(np.all(answer == 0.0))
    unit = 10.0 ** (np.floor(np.log10(largest)) - 1)
    return bool(np.all(np.round(answer / unit) == np.round(right / unit)))
