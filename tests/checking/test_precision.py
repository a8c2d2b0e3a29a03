"""Names are given sparingly: each one reproduces what was typed, and few arbitrary answers get one."""

import random
from typing import Any

import numpy as np
import pytest

from tests.checking.lessons import BUNDLED, bundled
from tutor.checking.explaining.mistake_search import question_classes
from tutor.drill.question import Drill, GradientQuestion
from tutor.kinds import check

WHOLE = ("sign", "transposed", "scale", "one-entry")
Case = tuple[Drill, GradientQuestion]


def asked(id: str, seed: int) -> list[Case]:
    made = bundled(id, seed)
    numeric = [q for q in made.all_questions if isinstance(q, GradientQuestion) and q.kind not in ("shape", "formula")]
    return [(made, question) for question in numeric]


def typed(array: Any, decimals: int) -> str:
    array = np.asarray(array)
    if array.ndim:
        return "[" + ", ".join(typed(item, decimals) for item in array) + "]"
    return f"{float(array):.{decimals}f}" if array != round(float(array)) else str(int(array))


def produces(case: Case, id: str, answer: Any, decimals: int) -> bool:
    """Does a rule of this name give the answer, when rounded as it was typed? Pairs are built of two such rules."""
    made, question = case
    right = np.asarray(question.expected)
    unit = 0.5 * 10.0**-decimals + 1e-9 * np.max(np.abs(answer), initial=1.0)
    if id == "sign":
        return bool(np.all(np.abs(answer + right) <= unit))
    if id == "scale":
        ratios = answer[right != 0] / right[right != 0]
        return bool(np.ptp(ratios) <= 0.1 * np.max(np.abs(ratios)))
    if id == "one-entry":
        return int(np.count_nonzero(np.abs(answer - right) > unit)) == 1
    part = made.part_of(question)
    alike = [each for each in question_classes(part, question) if id in {one.id for one in each.members}]
    found = [each.produce(part.run) for each in alike]
    return any(
        wrong is not None and wrong.shape == answer.shape and np.all(np.abs(wrong - answer) <= unit) for wrong in found
    )


def arbitrary(question: GradientQuestion, dice: random.Random) -> tuple[Any, int]:
    """An answer that nobody thought about: whole numbers where the right ones are, two decimals otherwise."""
    right = np.asarray(question.expected)
    if np.all(right == np.round(right)):
        made = [float(dice.randint(-12, 12)) for _ in range(right.size)]
        return np.array(made).reshape(right.shape), 0
    most = 2 * max(float(np.abs(right).max()), 0.5)
    return np.array([round(dice.uniform(-most, most), 2) for _ in range(right.size)]).reshape(right.shape), 2


def judge_arbitrary(id: str, seeds: range, each: int) -> tuple[int, int]:
    """How many arbitrary wrong answers were judged, and how many got a name; every name must reproduce its answer."""
    dice = random.Random(id)
    judged = named = 0
    for seed in seeds:
        for case in asked(id, seed):
            for _ in range(each):
                answer, decimals = arbitrary(case[1], dice)
                found = check(*case, typed(answer, decimals))
                if found.kind != "wrong" or found.mistake == "coarse":
                    continue
                judged += 1
                if found.mistake is not None and " + " not in found.mistake:
                    named += 1
                    for name in found.mistake.split(" | "):
                        assert produces(case, name, answer, decimals), (case[1].id, name, answer)
    return judged, named


@pytest.mark.parametrize("id", BUNDLED)
def test_every_name_reproduces_the_answer(id: str) -> None:
    judged, _ = judge_arbitrary(id, range(1), 6)
    assert judged > 20


def test_arbitrary_arrays_of_decimals_are_hardly_ever_explained() -> None:
    judged, named = judge_arbitrary("one-layer/score-gradient", range(3), 15)
    assert named <= 0.03 * judged


@pytest.mark.thorough
@pytest.mark.parametrize("id", BUNDLED)
def test_every_name_reproduces_the_answer_long(id: str) -> None:
    """On whole numbers one slip explains 30 % of arbitrary answers; naming only the asked node keeps well below."""
    judged, named = judge_arbitrary(id, range(12), 60)
    assert judged > 1000
    assert named < 0.3 * judged


@pytest.mark.parametrize("id", BUNDLED)
@pytest.mark.parametrize("seed", [0, pytest.param(range(1, 20), marks=pytest.mark.thorough)])
def test_a_planted_slip_is_named_as_itself_or_not_at_all(id: str, seed: int | range) -> None:
    """Typed to six digits. What another rule gives too may go by its name, and a slip may give minus the truth."""
    for each in [seed] if isinstance(seed, int) else seed:
        for made, question in asked(id, each):
            part = made.part_of(question)
            for planted in question_classes(part, question):
                wrong = planted.produce(part.run)
                if wrong is None or wrong.shape != question.shape:
                    continue
                text = typed(wrong, 6)
                found = check(made, question, text)
                if found.kind != "wrong" or found.mistake in (None, "coarse"):
                    continue
                names = str(found.mistake).split(" | ")
                assert planted.id in names or all(produces((made, question), n, wrong, 6) for n in names), (
                    question.id,
                    planted.id,
                    found.mistake,
                )
