"""How well mistakes are named: slips planted in whole drills, and answers that nobody thought about.

`python -m tests.checking.naming [--examples]` prints the table for every bundled lesson, the published problems and
random graphs. Answers are typed to four digits of what the slip gives exactly, and carried to four and to three
digits: worked out from numbers of which so many were written down at every step (see `carrying`).
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.checking.carrying import carried_to, carrying, written_down
from tests.checking.graphs import published_drills, random_drills
from tests.checking.lessons import BUNDLED, bundled
from tutor.checking.explaining.mistake_search import CONTRIVED, question_classes
from tutor.checking.explaining.reproduction import enough_evidence
from tutor.checking.reading.typed_entries import typed_answer as entries_of
from tutor.drill.question import Drill, GradientQuestion
from tutor.expr import parse_answer
from tutor.kinds import check
from tutor.mistakes.mistake import Distance, Mistake, Rank
from tutor.mistakes.mistake_classes import MistakeClass, produced

KINDS = ("local", "downstream", "upstream", "total", "path", "jacobian")
DIGITS = 4
ASKING = frozenset({"checking.asked", "checking.asked-at", "checking.either"})


@dataclass(frozen=True, slots=True)
class Typing:
    """How a wrong answer is worked out and typed: to so many digits, of the exact numbers or of those carried."""

    digits: int = DIGITS
    carried: bool = False

    def __str__(self) -> str:
        return f"{'carried' if self.carried else 'exact'} {self.digits} digits"


TYPINGS = (Typing(4), Typing(4, carried=True), Typing(3, carried=True))


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


def evidence(text: str) -> str:
    """What the digits typed allow: `clear` (three distinct entries), `number` (one, of three digits) or `short`."""
    from tutor.engine.function_table import answer_functions, function_table
    from tutor.expr import Scope, evaluate

    tree = parse_answer(text, Scope(frozenset(), answer_functions(), frozenset()))
    answer = entries_of(tree, np.asarray(evaluate(tree, {}, function_table())))
    if not enough_evidence(answer):
        return "short"
    return "number" if len(answer.entries) == 1 else "clear"


def planted_slips(drill: Drill, question: GradientQuestion, typing: Typing) -> Iterator[tuple[Mistake, str]]:
    """Every slip that applies to a question, with the wrong answer as it would be typed; of those alike one a line."""
    part = drill.part_of(question)
    run = carried_to(part.run, typing.digits, question.kind) if typing.carried else part.run
    for alike in question_classes(part, question):
        for planted in told_apart(alike):
            wrong = carrying(planted, run) if typing.carried else produced(planted, run)
            if wrong is not None and wrong.shape == np.shape(question.expected):
                # Digits that were never written down cannot be typed.
                wrong = written_down(wrong, typing.digits) if typing.carried else wrong
                yield planted, as_typed(wrong, typing.digits)


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
    if planted.id not in names and planted.id in CONTRIVED and evidence(text) == "short":
        return "simpler"
    return ("right" if len(names) == 1 else "one of two") if planted.id in names else "other"


def plant_all(drills: Sequence[Drill], typing: Typing = TYPINGS[0]) -> dict[str, Tally]:
    """Every slip at every node of every question: tallies by place (asked, above) and evidence."""
    found: dict[str, Tally] = {}
    for drill in drills:
        for question in numeric_questions(drill):
            for planted, text in planted_slips(drill, question, typing):
                became = outcome(drill, question, planted, text)
                if became == "hidden":
                    found.setdefault("hidden", Tally()).counts[became] += 1
                    continue
                place = "asked" if planted.distance == Distance.ASKED else "above"
                tally = found.setdefault(f"{place}, {evidence(text)}", Tally())
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
    """So many arbitrary answers: how many were wrong, how many of these given a name, and how many as a fact."""
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
        found["stated"] += verdict.mistake is not None and verdict.message.id not in ASKING
    return found


def groups(seeds: range) -> Iterator[tuple[str, list[Drill]]]:
    """What the table is about: each bundled lesson at these seeds, the published problems, random graphs."""
    for id in BUNDLED:
        yield id, [bundled(id, seed) for seed in seeds]
    yield "published problems", published_drills()
    yield "50 random graphs", random_drills(50)


def main(arguments: Sequence[str]) -> None:
    print("planted / named right / one of two / named another / not named")
    for name, drills in groups(range(3)):
        chance = arbitrary(drills, 1000)
        print(f"{name}: arbitrary {chance['wrong']}, named {chance['named']}, as a fact {chance['stated']}")
        for typing in TYPINGS:
            found = plant_all(drills, typing)
            hidden = found.pop("hidden", Tally()).planted
            print(f"  {typing}; taken for right or too coarse {hidden}")
            for column, tally in sorted(found.items()):
                c = tally.counts
                counts = f"{tally.planted} / {c['right']} / {c['one of two']} / {c['other']} / {c['none']}"
                print(f"    {column}: {counts}  {100 * tally.share('right', 'one of two'):.1f} %")
                for each in tally.examples[:12] if "--examples" in arguments and "clear" in column else ():
                    print("        ", each)
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
