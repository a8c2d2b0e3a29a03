"""Which mistakes can be told apart: rules that agree on generic numbers are one class and go by one name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.engine import EngineError, Run
from tutor.mistakes.catalogue import mistakes
from tutor.mistakes.mistake import Distance, Mistake, Rank
from tutor.mistakes.target import Target, right_answer

SAME = 1e-9
FACTORS_LOST = frozenset({"local-forgotten", "upstream-forgotten", "factor-forgotten"})
# Of a quadratic form both say that one of its shares lacks a transpose.
ALIKE = frozenset({"matmul:symmetric", "matmul:transpose-missing"})


@dataclass(frozen=True, slots=True)
class MistakeClass:
    """Mistakes that give the same answer whatever the numbers; the first gives the class its name.

    Those `apart` do so only while the constants are what they are: a factor of 2 forgotten looks like a split in two.
    """

    members: tuple[Mistake, ...]
    apart: tuple[Mistake, ...] = ()

    @property
    def id(self) -> str:
        """The id of the first member."""
        return self.members[0].id

    @property
    def first(self) -> Mistake:
        """The member that the class goes by: nearest to the asked place, then op slips first."""
        return self.members[0]

    @property
    def distance(self) -> Distance:
        """How far from the asked place the nearest member lies."""
        return self.members[0].distance

    @property
    def explanations(self) -> tuple[Mistake, ...]:
        """The different mistakes among the members, of which no number can tell which it was; the first leads.

        Another op's slip or another fork's is one of its own. General rules elsewhere mostly say the same of the
        same missing factor; but a factor lost is no slip of the op or fork that comes first, unless that is what the
        slip at this line does.
        """
        found, places = {self.id: self.first}, {_place(self.first)}
        for each in self.members:
            other = each.rank <= Rank.FORK and _place(each) not in places and not {self.id, each.id} <= ALIKE
            named = {line for line, _ in places}
            is_other = each.node not in named or each in self.apart[:1]
            lost = self.first.rank <= Rank.FORK and each.id in FACTORS_LOST and is_other
            if other or lost:
                places.add(_place(each))
                found.setdefault(each.id, each)
        return tuple(found.values())

    @property
    def lost(self) -> tuple[Mistake, ...]:
        """Factors lost at the line at which the op or fork that comes first has its slip."""
        if self.first.rank > Rank.FORK:
            return ()
        return tuple(each for each in self.members if each.id in FACTORS_LOST and each.node == self.first.node)

    @property
    def lines(self) -> frozenset[str]:
        """The lines at which it may have happened: those equally far from the asked place, and those of the same id."""
        # An upstream forgotten further up is the same factor lost, said of a line that nobody was asked about.
        same = frozenset() if self.id == "upstream-forgotten" else self.lines_of(self.first)
        return same | {each.node for each in self.members if each.distance == self.distance}

    def lines_of(self, mistake: Mistake) -> frozenset[str]:
        """The lines at which this one of the members gives the answer."""
        return frozenset(each.node for each in self.members if each.id == mistake.id)

    def produce(self, run: Run) -> Any:
        """The wrong answer at a run; None where it cannot be computed."""
        return produced(self.first, run)


def classes_of_mistakes(run: Run, near: Sequence[Run], target: Target) -> list[MistakeClass]:
    """The classes of mistakes that apply to a target: computable here, and not right at the generic runs `near`."""
    return grouped_by_answer(mistakes(run, target), near, target)


def pair_classes(found: Sequence[Mistake], run: Run, near: Sequence[Run], target: Target) -> list[MistakeClass]:
    """The classes of these pairs of slips at once, those left out that one slip explains."""
    if not found:
        return []
    simple = {_key(each, near) for each in mistakes(run, target)}
    return [each for each in grouped_by_answer(found, near, target) if _key(each.first, near) not in simple]


def separated_by_constants(each: MistakeClass, runs: Sequence[Run]) -> MistakeClass:
    """The class that knows which of its lost factors the first does not give at runs with the constants moved."""
    first = _key(each.first, runs)
    return MistakeClass(each.members, tuple(lost for lost in each.lost if _key(lost, runs) != first))


def grouped_by_answer(found: Sequence[Mistake], near: Sequence[Run], target: Target) -> list[MistakeClass]:
    """Mistakes that are computable and wrong at the generic runs, those that agree there together."""
    rights = [np.asarray(right_answer(each, target)) for each in near]
    groups: dict[tuple[Any, ...], list[Mistake]] = {}
    for mistake in found:
        answers = [produced(mistake, each) for each in near]
        if any(answer is None for answer in answers):
            continue
        if all(agree_to_rounding(answer, right) for answer, right in zip(answers, rights, strict=True)):
            continue
        groups.setdefault(tuple(map(_signature, answers)), []).append(mistake)
    return [MistakeClass(tuple(members)) for members in groups.values()]


def produced(mistake: Mistake, run: Run) -> Any:
    """The answer that a mistake gives at a run; None where it makes no sense there or is not finite."""
    try:
        answer = np.asarray(mistake.produce(run))
    except (EngineError, ValueError):
        return None
    return answer if np.isfinite(answer).all() else None


def agree_to_rounding(answer: Any, right: Any) -> bool:
    """Are two arrays the same, to rounding, relative to the largest entry?"""
    if np.shape(answer) != np.shape(right):
        return False
    scale = max(float(np.max(np.abs(right), initial=0.0)), 1e-300)
    return bool(np.max(np.abs(answer - right), initial=0.0) <= SAME * scale)


def _place(mistake: Mistake) -> tuple[str, str]:
    """The line, and of an op slip the op in it: slips of one op have one name."""
    return mistake.node, mistake.place.partition(".")[0] if mistake.rank == Rank.OP else ""


def _key(mistake: Mistake, near: Sequence[Run]) -> tuple[Any, ...]:
    answers = [produced(mistake, each) for each in near]
    return tuple(None if answer is None else _signature(answer) for answer in answers)


def _signature(answer: Any) -> tuple[Any, ...]:
    # Eight digits tell rules apart; the 16th, in which equal rules may differ by rounding, must not.
    # Nor may a zero that one of them reaches by cancelling.
    tiny = 1e-12 * float(np.max(np.abs(answer), initial=0.0))
    flat = np.where(np.abs(answer) <= tiny, 0.0, answer).ravel()
    return (answer.shape, tuple(f"{entry:.8e}" for entry in flat.tolist()))
