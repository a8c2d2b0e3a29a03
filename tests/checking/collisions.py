"""How many of 50 seeds give a drill whose mistakes can be told apart (`python -m tests.checking.collisions`)."""

from collections import Counter
from itertools import combinations

import numpy as np

from tests.checking.lessons import BUNDLED, bundled
from tests.checking.naming import numeric_questions
from tutor.checking.explaining.mistake_search import question_classes
from tutor.drill.question import Drill
from tutor.mistakes.mistake import Distance

SEEDS = 50


def collisions(drill: Drill) -> Counter[str]:
    """Pairs of mistakes at an asked node that would be typed alike to two digits; `right` for the right answer."""
    found: Counter[str] = Counter()
    for question in numeric_questions(drill):
        run = drill.part_of(question).run
        made = [("right", np.asarray(question.expected))]
        for each in question_classes(drill.part_of(question), question):
            wrong = each.produce(run)
            if each.distance == Distance.ASKED and wrong is not None and wrong.shape == made[0][1].shape:
                made.append((each.id, wrong))
        for (one, left), (other, right) in combinations(made, 2):
            if _alike(left, right):
                found[f"{question.id}: {one} = {other}"] += 1
    return found


def _alike(left: object, right: object) -> bool:
    shown = [[f"{number:.1e}" for number in np.ravel(array)] for array in (left, right)]
    return shown[0] == shown[1]


def main() -> None:
    for id in BUNDLED:
        made = [collisions(bundled(id, seed)) for seed in range(SEEDS)]
        passing = sum(not each for each in made)
        hidden = sum(any("right = " in pair for pair in each) for each in made)
        total: Counter[str] = sum(made, Counter())
        print(f"{id}: {passing} of {SEEDS} seeds tell all apart; a mistake looks right at {hidden}")
        for pair, count in total.most_common(6):
            print(f"    {pair}: at {count}")


if __name__ == "__main__":
    main()
