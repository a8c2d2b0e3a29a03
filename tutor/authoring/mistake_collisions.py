"""Which mistakes cannot be told apart in a part: by the classes of `mistakes`, at the numbers of many seeds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, Literal, TypeAlias

from tutor.drill.carried_rounding import alike_answers
from tutor.drill.runs import Runs, asked_classes, run_at
from tutor.kinds.all import asked
from tutor.kinds.kind import telling_targets
from tutor.lesson.model import Ask, Draw, Part
from tutor.mistakes.mistake_classes import MistakeClass
from tutor.mistakes.target import Target, right_answer

# A drill takes the best of 50 draws: with so many clean ones among 50 seeds it finds one (0.9^50 is 0.5 %).
CLEAN = 5
_HIDDEN_WEIGHS = 1000
_WORK = 2_000  # questions times ops
_MOST_OPS = 200
_MOST_REPLAYED = 600_000  # mistakes looked at times ops; beyond it, no further draw than are needed
Alike: TypeAlias = tuple[int, int, int]  # the question, and two of its classes
Hidden: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DrawCollisions:
    """One draw: which classes look right there, and which look like each other."""

    drawn: Draw
    hidden: frozenset[Hidden]
    alike: frozenset[Alike]

    @property
    def score(self) -> int:
        """What the drill goes by when it chooses among draws."""
        return len(self.hidden) * _HIDDEN_WEIGHS + len(self.alike)


@dataclass(frozen=True, slots=True)
class MistakeCollisions:
    """What the numbers that drills will use cannot tell apart; `best` are these draws, the best first."""

    asks: tuple[Ask, ...]
    classes: tuple[tuple[MistakeClass, ...], ...]
    looks: tuple[DrawCollisions, ...] = field(repr=False)
    left_out: int = 0  # questions that were not looked at, since there are so many

    @property
    def best(self) -> tuple[Draw, ...]:
        """The draws, those first that a drill would take."""
        return tuple(sample.drawn for sample in self.looks)

    @property
    def is_clean(self) -> bool:
        """Whether drills find numbers at which everything can be told apart."""
        clean = sum(sample.score == 0 for sample in self.looks)
        return clean >= min(CLEAN, len(self.looks))

    def hidden(self) -> Iterator[tuple[Ask, list[MistakeClass]]]:
        """Questions with the mistakes that look right at every one of the draws that a drill would take."""
        for number, found in groupby(sorted(self._everywhere("hidden")), key=itemgetter(0)):
            yield self.asks[number], [self.classes[number][k] for _, k in found]

    def alike(self) -> Iterator[tuple[Ask, list[tuple[MistakeClass, MistakeClass]]]]:
        """Questions with the pairs of mistakes that give the same answer at each of these draws."""
        for number, found in groupby(sorted(self._everywhere("alike")), key=itemgetter(0)):
            yield self.asks[number], [(self.classes[number][a], self.classes[number][b]) for _, a, b in found]

    def _everywhere(self, what: Literal["hidden", "alike"]) -> frozenset[Any]:
        return frozenset() if self.is_clean else _shared(self.looks, what)


def mistake_collisions(part: Part, draws: Iterable[Draw]) -> MistakeCollisions:
    """What cannot be told apart at the numbers of these seeds.

    The rest of the seeds is not drawn once enough of them are clean, or the best have nothing in common that looks
    right or alike: they could not change the answer. Nor is it where each look at so many mistakes takes long.
    """
    draws = iter(draws)
    first = next(draws)
    run = run_at(part, first)
    every = [*telling_targets(part, asked(part, run))]
    looked_at = every[: _most_questions(part)]
    asks, targets = tuple(ask for ask, _ in looked_at), [target for _, target in looked_at]
    classes = asked_classes(run, Runs(part, first), targets)
    most = _MOST_REPLAYED // max(1, sum(map(len, classes)) * len(part.graph.ops))
    looks: list[DrawCollisions] = []
    for drawn in chain([first], draws):
        looks.append(_look(part, drawn, targets, classes))
        looks.sort(key=lambda sample: sample.score)
        if len(looks) < CLEAN:
            continue
        if len(looks) >= most or not any(_shared(looks, what) for what in ("hidden", "alike")):
            break
    return MistakeCollisions(asks, tuple(map(tuple, classes)), tuple(looks), len(every) - len(asks))


def _shared(looks: Sequence[DrawCollisions], what: Literal["hidden", "alike"]) -> frozenset[Any]:
    """What the draws that a drill would take have in common; nothing where there are none."""
    taken: list[frozenset[Any]] = [getattr(sample, what) for sample in looks[:CLEAN]]
    return frozenset.intersection(*taken) if taken else frozenset()


def _most_questions(part: Part) -> int:
    """How many questions of a part are looked at: mistakes are sought in the whole graph, for every one of them."""
    ops = len(part.graph.ops)
    return _WORK // ops if ops <= _MOST_OPS else 0


def _look(
    part: Part, drawn: Draw, targets: Sequence[Target], classes: Sequence[Sequence[MistakeClass]]
) -> DrawCollisions:
    run = run_at(part, drawn)
    hidden: set[Hidden] = set()
    alike: set[Alike] = set()
    for number, (target, found) in enumerate(zip(targets, classes, strict=True)):
        same = alike_answers(right_answer(run, target), [each.produce(run) for each in found])
        right = {k for one, k in same if one < 0}
        hidden |= {(number, k) for k in right}
        alike |= {(number, a, b) for a, b in same if a >= 0 and not {a, b} <= right}
    return DrawCollisions(drawn, frozenset(hidden), frozenset(alike))
