"""Two slips at once at the asked place: an op's slip with another op's, with a fork's, or with a lost sign."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from tutor.engine import Run
from tutor.engine.replay import AtEdge, AtOp, Plant
from tutor.mistakes.catalogue import planted_mistake
from tutor.mistakes.mistake import Distance, Mistake, Rank
from tutor.mistakes.target import Target

MOST = 200


def slip_pairs(found: Sequence[Mistake], target: Target) -> list[Mistake]:
    """Every two of these mistakes that can happen together, as one mistake `a + b`; at most 200."""
    asked = [each for each in found if each.distance == Distance.ASKED and each.plants]
    made: list[Mistake] = []
    for first, second in combinations(asked, 2):
        if _together(first.plants, second.plants):
            plants = (*first.plants, *second.plants)
            id = f"{first.id} + {second.id}"
            made.append(planted_mistake(id, first.node, Rank.WHOLE, Distance.ASKED, target, plants, first.place))
    made.extend(_with_sign_lost(asked))
    return made[:MOST]


def _with_sign_lost(found: Sequence[Mistake]) -> Iterator[Mistake]:
    for each in found:

        def produce(run: Run, each: Mistake = each) -> object:
            return -np.asarray(each.produce(run))

        yield Mistake(f"{each.id} + sign", each.node, Rank.WHOLE, Distance.ASKED, produce, each.place, each.plants)


def _together(first: tuple[Plant, ...], second: tuple[Plant, ...]) -> bool:
    """Do the slips lie at different places, so that one does not undo the other?"""
    places = [_place(plant) for plant in (*first, *second)]
    return len(set(places)) == len(places)


def _place(plant: Plant) -> object:
    if isinstance(plant, AtOp):
        return (plant.node, plant.only)
    return plant.edge if isinstance(plant, AtEdge) else (plant.node, "total")
