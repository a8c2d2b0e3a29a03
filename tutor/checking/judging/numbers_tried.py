"""Where a formula was tried, in words: a verdict claims no more than that."""

from collections.abc import Sequence

import numpy as np

from tutor.drill.question import DrillPart
from tutor.text import Message, msg


def numbers_tried(part: DrillPart) -> Message:
    """At how many fresh numbers, how many of them of other sizes, and which constants stayed as they are."""
    fresh = part.runs.fresh_draws
    if not fresh:
        return msg("checking.tried-here")
    others = sum(each.sizes != part.draw.sizes for each in fresh)
    if others == len(fresh):
        said = msg("checking.tried-other-sizes", count=len(fresh))
    elif others:
        said = msg("checking.tried-some-sizes", count=len(fresh), others=others)
    elif any(part.run.shapes):
        said = msg("checking.tried-same-sizes", count=len(fresh))
    else:
        said = msg("checking.tried-elsewhere", count=len(fresh))
    kept = _kept(part)
    return msg("checking.tried-with", tried=said, names=kept) if kept else said


def _kept(part: DrillPart) -> Sequence[str]:
    """Constants of the lesson that had the drill's own numbers everywhere."""
    constants = [name for name, given in part.part.given.items() if given.constant and given.kind != "rows"]
    here, fresh = part.draw.numbers, part.runs.fresh_draws
    return [name for name in constants if all(np.array_equal(each.numbers[name], here[name]) for each in fresh)]
