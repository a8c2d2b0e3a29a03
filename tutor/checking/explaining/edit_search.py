"""The search for the single edit that makes a formula right, within a bounded work."""

from collections.abc import Callable, Collection
from typing import Any

from tutor.checking.explaining.single_edits import SingleEdit, single_edits
from tutor.expr import EvaluationError, PartValues, Tree

# What all edits of one formula may take, in entries made: some 400 calls on small arrays.
MOST_WORK = 300_000
# Edits that are right here and not elsewhere: more than a few come from numbers that tell nothing, as zeros.
MOST_COINCIDENCES = 8


def find_edit(
    tree: Tree,
    parts: PartValues,
    is_right: Callable[[Any], bool],
    holds: Callable[[Tree], bool],
    without: Collection[str] = (),
) -> SingleEdit | None:
    """The first single edit after which a formula is right, if there is one within the work.

    `parts` remembers the formula's parts at the drill's numbers; `is_right` judges a value there, `holds` a formula
    that is right there at other numbers. Kinds of edits `without` which to search are given by their ids.
    """
    most, coincidences = parts.work + MOST_WORK, 0
    for edit in single_edits(tree):
        if parts.work > most or coincidences > MOST_COINCIDENCES:
            return None
        if edit.id in without:
            continue
        try:
            value = parts.with_part(edit.part, edit.new, edit.rebuild)
        except EvaluationError:
            continue
        if value is not None and is_right(value):
            if holds(edit.tree):
                return edit
            coincidences += 1
    return None
