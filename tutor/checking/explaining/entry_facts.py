"""What is true of the entries of a wrong answer beside the right ones, without saying those."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.checking.reading.typed_entries import Judgement, TypedAnswer, TypedEntry, judge
from tutor.drill.notation import place_from_1
from tutor.text import Message, msg
from tutor.text.number_format import format_value

NOTHING = 1e-9  # a sum below this part of the largest entry is 0
SURE = 0.02  # what rounding may do to a sum, as a part of all that is added up
NEAR = 0.05
FEW = 3


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """A wrong answer in the right shape, the right array, and which of its entries are off."""

    answer: TypedAnswer
    right: NDArray[np.float64]

    @property
    def value(self) -> NDArray[np.float64]:
        """The numbers typed."""
        return np.asarray(self.answer.value, dtype=np.float64)

    def gives(self, other: Any) -> bool:
        """Is the answer this array, to the digits typed?"""
        return np.shape(other) == self.value.shape and _fit(self.answer.entries, other)

    @property
    def off(self) -> NDArray[np.bool_]:
        """Which entries are off."""
        judged = judge(self.answer, self.right, 0.0)
        return np.reshape([each is not Judgement.RIGHT for each in judged], self.right.shape)


Fact: TypeAlias = Callable[[Entries], Message | None]


def _fit(entries: Sequence[TypedEntry], right: Any) -> bool:
    flat = np.ravel(np.asarray(right, dtype=np.float64))
    if len(entries) != flat.size or not np.all(np.isfinite(flat)):
        return False
    typed = np.array([each.value for each in entries])
    judged = judge(TypedAnswer(None, typed, tuple(entries)), flat, 0.0)  # type: ignore[arg-type]
    return all(each is Judgement.RIGHT for each in judged)


def signs(entries: Entries) -> Message | None:
    """Every entry has the right size, and some the wrong sign."""
    if entries.right.size < 2 or not _fit(_sizes(entries.answer.entries), np.abs(entries.right)):
        return None
    turned = np.argwhere(entries.value * entries.right < 0)
    if not len(turned):
        return None
    whole = _whole_line(entries.value * entries.right < 0, entries.right != 0)
    at = [whole] if whole is not None else [*_places(turned)]
    return msg("checking.fact-signs", places=at) if at else msg("checking.fact-signs-many", count=len(turned))


def _sizes(entries: Sequence[TypedEntry]) -> list[TypedEntry]:
    return [replace(each, value=abs(each.value)) for each in entries]


def order(entries: Entries) -> Message | None:
    """The right entries stand in other places."""
    if entries.right.size < 2:
        return None
    typed = sorted(entries.answer.entries, key=lambda each: each.value)
    return msg("checking.fact-order") if _fit(typed, np.sort(entries.right, axis=None)) else None


def off_diagonal(entries: Entries) -> Message | None:
    """What stands off the diagonal of a square where all of that is 0."""
    right = entries.right
    if right.ndim != 2 or right.shape[0] != right.shape[1] or len(right) < 2:
        return None
    beside = ~np.eye(len(right), dtype=bool)
    if np.any(right[beside] != 0) or not np.any(entries.off[beside]):
        return None
    return msg("checking.fact-off-diagonal")


def sums_to_zero(entries: Entries) -> Message | None:
    """The columns, the rows or all entries add up to 0, and those of the answer do not."""
    for id, axis in (("checking.fact-columns", 0), ("checking.fact-rows", 1), ("checking.fact-zero-sum", None)):
        if axis is not None and (entries.right.ndim != 2 or min(entries.right.shape) < 2):
            continue
        if entries.right.size < 2 or not np.any(entries.right):
            return None
        largest = float(np.max(np.abs(entries.right)))
        sums = np.atleast_1d(np.sum(entries.value, axis=axis))
        slack = np.atleast_1d(np.sum(_slack(entries), axis=axis))
        far = np.abs(sums) - slack
        if np.all(np.abs(np.sum(entries.right, axis=axis)) <= NOTHING * largest) and np.any(far > SURE * largest):
            at = int(np.argmax(far))
            return Message(id, {"sum": format_value(float(sums[at])), "number": at + 1})
    return None


def right_sum(entries: Entries) -> Message | None:
    """The entries add up to the right sum, and are not the right ones."""
    total, slack = float(np.sum(entries.right)), float(np.sum(_slack(entries)))
    most = float(np.sum(np.abs(entries.right)))
    if entries.right.size < 2 or abs(total) <= NEAR * most or slack > SURE * most:
        return None
    exact = NOTHING * max(most, float(np.sum(np.abs(entries.value))))
    return msg("checking.fact-sum") if abs(float(np.sum(entries.value)) - total) <= slack + exact else None


def _slack(entries: Entries) -> NDArray[np.float64]:
    """What rounding may have taken from each entry."""
    return np.reshape(
        [each.unit / 2 if not each.whole else 0.0 for each in entries.answer.entries], entries.right.shape
    )


def lines_right(entries: Entries) -> Message | None:
    """Some rows or columns are right altogether."""
    off = entries.off
    if off.ndim != 2 or np.all(off):
        return None
    for id, axis in (("checking.fact-rows-right", 1), ("checking.fact-columns-right", 0)):
        if off.shape[1 - axis] < 2 or off.shape[axis] < 2:
            continue
        right = np.flatnonzero(~np.any(off, axis=axis)) + 1
        if len(right) and np.any(entries.right):
            return Message(id, {"numbers": [str(each) for each in right]})
    return None


def some_right(entries: Entries) -> Message | None:
    """Some entries are right, and which ones are off."""
    off = np.argwhere(entries.off)
    if not len(off) or len(off) == entries.right.size:
        return None
    at = [*_places(off)]
    return msg("checking.fact-off", places=at) if at else msg("checking.fact-off-many", count=len(off))


def near(entries: Entries) -> Message | None:
    """No entry is off by more than a twentieth."""
    size = np.abs(entries.right)
    by = np.abs(entries.value - entries.right)
    if not np.any(size) or np.any(by > NEAR * size):
        return None
    return msg("checking.fact-near", percent=5 if np.any(by > 0.01 * size) else 1)


def too_much(entries: Entries) -> Message:
    """Which way the entry is off that is off most."""
    with np.errstate(all="ignore"):
        by = entries.value - entries.right
    at = np.unravel_index(int(np.argmax(np.abs(by))), by.shape)
    if not by.shape:
        return msg("checking.fact-too-large") if by > 0 else msg("checking.fact-too-small")
    place = next(iter(_places([at])))
    if by[at] > 0:
        return msg("checking.fact-too-large-at", place=place)
    return msg("checking.fact-too-small-at", place=place)


def _places(found: Iterable[Any]) -> Iterator[Message]:
    """Places as people count, from 1; none of more than a few."""
    found = list(found)
    for place in found if len(found) <= FEW else ():
        yield place_from_1(place)


def _whole_line(turned: Any, there: Any) -> Message | None:
    """The one row or column in which every entry that is not 0 is turned, where no other is."""
    if turned.ndim != 2 or min(turned.shape) < 2:
        return None
    for id, each, all_ in (("checking.place-row", turned, there), ("checking.place-column", turned.T, there.T)):
        rows = np.flatnonzero(np.any(each, axis=1))
        if len(rows) == 1 and np.array_equal(each[rows[0]], all_[rows[0]]):
            return Message(id, {"number": int(rows[0]) + 1})
    return None


PATTERNS: tuple[Fact, ...] = (signs, order, off_diagonal, sums_to_zero)
"""Facts that say much about an array."""
REMAINING: tuple[Fact, ...] = (right_sum, lines_right, near)
"""Facts for answers of which nothing better is known."""


def first_of(facts: Iterable[Fact], entries: Entries) -> Message | None:
    """The first fact that there is."""
    return next((told for told in (fact(entries) for fact in facts) if told is not None), None)
