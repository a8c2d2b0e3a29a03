"""Which mistakes cannot be told apart in a part: by the classes of `mistakes`, at the numbers of 50 seeds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from tutor.drill.asking import asked, target_of
from tutor.drill.numbers import Runs, asked_classes, run_at
from tutor.engine import Run
from tutor.lesson.draws import draw
from tutor.lesson.model import Ask, Draw, Part
from tutor.mistakes.classes import MistakeClass
from tutor.mistakes.target import Target, truth

SEEDS = 50
# A drill takes the best of 50 draws: with so many clean ones among 50 seeds it finds one (0.9^50 is 0.5 %).
CLEAN = 5
_KINDS = frozenset({"local", "downstream", "upstream", "total", "path"})
_HIDDEN_WEIGHS = 1000
Alike: TypeAlias = tuple[int, int, int]  # the question, and two of its classes
Hidden: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """One draw: which classes look right there, and which look like each other, to two digits."""

    drawn: Draw
    hidden: frozenset[Hidden]
    alike: frozenset[Alike]

    @property
    def score(self) -> int:
        """What the drill goes by when it chooses among draws."""
        return len(self.hidden) * _HIDDEN_WEIGHS + len(self.alike)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What the numbers that drills will use cannot tell apart; `best` are these draws, the best first."""

    asks: tuple[Ask, ...]
    classes: tuple[tuple[MistakeClass, ...], ...]
    looks: tuple[Look, ...] = field(repr=False)

    @property
    def best(self) -> tuple[Draw, ...]:
        """The draws, those first that a drill would take."""
        return tuple(look.drawn for look in self.looks)

    @property
    def is_clean(self) -> bool:
        """Whether drills find numbers at which everything can be told apart."""
        clean = sum(look.score == 0 for look in self.looks)
        return clean >= min(CLEAN, len(self.looks))

    def hidden(self) -> Iterator[tuple[Ask, list[MistakeClass]]]:
        """Questions with the mistakes that look right at every one of the draws that a drill would take."""
        for number, ask in enumerate(self.asks):
            found = [k for question, k in sorted(self._everywhere("hidden")) if question == number]
            if found:
                yield ask, [self.classes[number][k] for k in found]

    def alike(self) -> Iterator[tuple[Ask, list[tuple[MistakeClass, MistakeClass]]]]:
        """Questions with the pairs of mistakes that give the same answer at each of these draws."""
        for number, ask in enumerate(self.asks):
            pairs = [(a, b) for question, a, b in sorted(self._everywhere("alike")) if question == number]
            if pairs:
                yield ask, [(self.classes[number][a], self.classes[number][b]) for a, b in pairs]

    def _everywhere(self, what: str) -> frozenset[Any]:
        if self.is_clean or not self.looks:
            return frozenset()
        taken: list[frozenset[Any]] = [getattr(look, what) for look in self.looks[:CLEAN]]
        return frozenset.intersection(*taken)


def likeness(part: Part, seeds: int = SEEDS) -> Likeness:
    """What cannot be told apart at the numbers of so many seeds; one look is enough where no number is drawn."""
    drawn = any(given.drawn for given in (*part.given.values(), *part.upstream.values()))
    draws = [draw(part, seed) for seed in range(seeds if drawn else 1)]
    first = run_at(part, draws[0])
    asks = tuple(ask for ask in asked(part, first) if ask.kind in _KINDS)
    targets = [target_of(ask, part) for ask in asks]
    classes = asked_classes(first, Runs(part, draws[0]), targets)
    looks = sorted((_look(part, each, targets, classes) for each in draws), key=lambda look: look.score)
    return Likeness(asks, tuple(map(tuple, classes)), tuple(looks))


def _look(part: Part, drawn: Draw, targets: Sequence[Target], classes: Sequence[Sequence[MistakeClass]]) -> Look:
    run = run_at(part, drawn)
    hidden: set[Hidden] = set()
    alike: set[Alike] = set()
    for number, (target, found) in enumerate(zip(targets, classes, strict=True)):
        same = _same(run, target, found)
        right = {k for one, k in same if one < 0}
        hidden |= {(number, k) for k in right}
        alike |= {(number, a, b) for a, b in same if a >= 0 and not {a, b} <= right}
    return Look(drawn, frozenset(hidden), frozenset(alike))


def _same(run: Run, target: Target, found: Sequence[MistakeClass]) -> list[tuple[int, int]]:
    """Pairs of classes whose answers would be typed alike with two significant digits; -1 is the right answer."""
    right = np.asarray(truth(run, target))
    answers = [(k, answer) for k, each in enumerate(found) if (answer := each.produce(run)) is not None]
    answers = [(k, answer) for k, answer in answers if answer.shape == right.shape]
    rows = np.array([right.ravel(), *(answer.ravel() for _, answer in answers)])
    numbers = [-1, *(k for k, _ in answers)]
    largest = np.max(np.abs(rows), axis=1, initial=0.0)
    pairs = []
    for i, size in enumerate(largest[:-1]):
        # An answer of zeros looks like nothing but zeros.
        unit = 10.0 ** (np.floor(np.log10(size)) - 1) if size else 1e-300
        with np.errstate(over="ignore"):
            same = np.all(np.round(rows[i + 1 :] / unit) == np.round(rows[i] / unit), axis=1)
        pairs += [(numbers[i], numbers[i + 1 + j]) for j in np.flatnonzero(same).tolist()]
    return pairs
