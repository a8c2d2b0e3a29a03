"""How well mistakes are named: slips planted in whole drills, and answers that nobody thought about.

`python -m tests.checking.naming [DIGITS] [--examples]` prints the table for every bundled lesson, the published
problems and random graphs; answers are typed to so many digits (4).
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.checking.graphs import published_drills, random_drills
from tests.checking.lessons import BUNDLED, bundled
from tutor.checking.explaining.mistake_search import CONTRIVED, enough_evidence, question_classes
from tutor.checking.reading.typed_entries import typed_answer as entries_of
from tutor.drill.question import Drill, GradientQuestion
from tutor.expr import parse_answer
from tutor.kinds import check
from tutor.mistakes.mistake import Distance, Mistake, Rank
from tutor.mistakes.mistake_classes import MistakeClass

KINDS = ("local", "downstream", "upstream", "total", "path", "jacobian")
DIGITS = 4


@dataclass
class Tally:
    """Counts by what became of an answer; `examples` are those that were named as something else."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    @property
    def planted(self) -> int:
        return sum(self.counts.values())

    def share(self, *outcomes: str) -> float:
        """The part of all answers with these outcomes; 1 where there were none."""
        return sum(self.counts[each] for each in outcomes) / self.planted if self.planted else 1.0

    def __iadd__(self, other: "Tally") -> "Tally":
        self.counts += other.counts
        self.examples += other.examples
        return self


def numeric_questions(drill: Drill) -> list[GradientQuestion]:
    """The questions of a drill that ask for numbers."""
    return [each for each in drill.all_questions if isinstance(each, GradientQuestion) and each.kind in KINDS]


def as_typed(array: Any, digits: int = DIGITS) -> str:
    """An array as a learner types it: whole numbers whole, others to so many digits of the largest entry."""
    array = np.asarray(array, dtype=float)
    largest = float(np.max(np.abs(array), initial=0.0))
    decimals = digits if largest == 0.0 else max(0, digits - 1 - int(np.floor(np.log10(largest))))
    return _text(array, decimals)


def _text(array: Any, decimals: int) -> str:
    if array.ndim:
        return "[" + ", ".join(_text(item, decimals) for item in array) + "]"
    number = float(array)
    return str(int(number)) if number == round(number) and abs(number) < 1e15 else f"{number:.{decimals}f}"


def has_evidence(text: str) -> bool:
    """Do the digits typed allow a search far from the asked place?"""
    from tutor.engine.function_table import answer_functions, function_table
    from tutor.expr import Scope, evaluate

    tree = parse_answer(text, Scope(frozenset(), answer_functions(), frozenset()))
    return enough_evidence(entries_of(tree, np.asarray(evaluate(tree, {}, function_table()))))


def planted_slips(drill: Drill, question: GradientQuestion, digits: int) -> Iterator[tuple[Mistake, str]]:
    """Every slip that applies to a question, with the wrong answer as it would be typed; of those alike one a line."""
    part = drill.part_of(question)
    for alike in question_classes(part, question):
        wrong = alike.produce(part.run)
        if wrong is not None and wrong.shape == np.shape(question.expected):
            for planted in told_apart(alike):
                yield planted, as_typed(wrong, digits)


def told_apart(alike: MistakeClass) -> list[Mistake]:
    """The first of a class, and each slip of an op or a fork at another line, which must not be taken for it."""
    found = {alike.first.node: alike.first}
    for each in alike.members:
        if each.rank <= Rank.FORK:
            found.setdefault(each.node, each)
    return list(found.values())


def outcome(drill: Drill, question: GradientQuestion, planted: Mistake, text: str) -> str:
    """`right`, `one of two`, `other` (named as another), `none` (not named), `hidden` (taken for right, too coarse).

    `simpler`: a short number at a fork that is more simply explained by what was done with the branches.
    """
    found = check(drill, question, text)
    if found.kind in ("right", "right-but") or found.mistake == "coarse":
        return "hidden"
    if found.mistake is None:
        return "none"
    names = found.mistake.split(" | ")
    if planted.id not in names and planted.id in CONTRIVED and not has_evidence(text):
        return "simpler"
    return ("right" if len(names) == 1 else "one of two") if planted.id in names else "other"


def plant_all(drills: Sequence[Drill], digits: int = DIGITS) -> dict[str, Tally]:
    """Every slip at every node of every question: tallies by place (asked, above) and evidence (clear, short)."""
    found: dict[str, Tally] = {}
    for drill in drills:
        for question in numeric_questions(drill):
            for planted, text in planted_slips(drill, question, digits):
                became = outcome(drill, question, planted, text)
                if became == "hidden":
                    found.setdefault("hidden", Tally()).counts[became] += 1
                    continue
                place = "asked" if planted.distance == Distance.ASKED else "above"
                tally = found.setdefault(f"{place}, {'clear' if has_evidence(text) else 'short'}", Tally())
                tally.counts[became] += 1
                if became in ("other", "none"):
                    named = check(drill, question, text).mistake
                    tally.examples.append(
                        f"{drill.lesson.path.stem}: {question.id}: {planted.id} at {planted.node}: {text} -> {named}"
                    )
    return found


def arbitrary_answer(question: GradientQuestion, dice: random.Random) -> str:
    """An answer of the truth's shape and size that nobody thought about, to three digits."""
    right = np.asarray(question.expected)
    most = 2 * max(float(np.abs(right).max(initial=0.0)), 0.5)
    return as_typed(np.array([dice.uniform(-most, most) for _ in range(right.size)]).reshape(right.shape), 3)


def arbitrary(drills: Sequence[Drill], count: int) -> Counter[str]:
    """So many arbitrary answers: how many were wrong, and how many of these were given a name (or asked about one)."""
    dice = random.Random(str([drill.lesson.path.stem for drill in drills]))
    cases = [(drill, question) for drill in drills for question in numeric_questions(drill)]
    found: Counter[str] = Counter()
    while cases and found["tried"] < count:
        drill, question = dice.choice(cases)
        found["tried"] += 1
        verdict = check(drill, question, arbitrary_answer(question, dice))
        if verdict.kind != "wrong" or verdict.mistake == "coarse":
            continue
        found["wrong"] += 1
        found["named"] += verdict.mistake is not None
    return found


def groups(seeds: range) -> Iterator[tuple[str, list[Drill]]]:
    """What the table is about: each bundled lesson at these seeds, the published problems, random graphs."""
    for id in BUNDLED:
        yield id, [bundled(id, seed) for seed in seeds]
    yield "published problems", published_drills()
    yield "50 random graphs", random_drills(50)


def main(arguments: Sequence[str]) -> None:
    examples = "--examples" in arguments
    digits = next((int(each) for each in arguments if each.isdigit()), DIGITS)
    columns = ("asked, clear", "above, clear", "asked, short", "above, short")
    print("planted / named right / one of two / named another / not named")
    for name, drills in groups(range(3)):
        found = plant_all(drills, digits)
        chance = arbitrary(drills, 1000)
        hidden = found.get("hidden", Tally()).planted
        print(f"{name}: arbitrary {chance['wrong']}, named {chance['named']}; taken for right or too coarse {hidden}")
        for column in columns:
            tally = found.get(column, Tally())
            c = tally.counts
            print(f"  {column}: {tally.planted} / {c['right']} / {c['one of two']} / {c['other']} / {c['none']}")
            if examples and "clear" in column:
                for each in tally.examples[:12]:
                    print("      ", each)
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
