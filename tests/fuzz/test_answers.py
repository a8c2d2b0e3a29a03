"""Whatever is typed for whatever question: a verdict and a preview, in both languages, soon, and in little memory.

What comes out right is evaluated once more by NumPy, through a reader of the tests' own.
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import Random

import pytest

from tests.checking.every_kind import CONVENTIONS, every_kind
from tests.checking.fuzz import texts
from tests.fuzz.answers import NUMERIC, Tally, assert_keeps_promises, judge_again, judged_again, run_of_texts, tried
from tutor.drill.question import Drill, GradientQuestion
from tutor.kinds import check, preview

MOST_GROWTH = 64 * 2**20
WORKERS, TEXTS = 2, 200_000
# One of each family of questions, for the plain run.
FEW = {
    *("1/predict 1", "1/order backward", "1/choose 1", "1/count add paths", "1/local f a", "1/difference f y"),
    *("1/saves f a", "1/tangent 1", "1/update y", "1/formula x", "2/shape W", "2/total W", "2/jacobian h z"),
    *("2/formula W", "2/formula h z", "2/entry z W", "2/derive b", "2/decompose 1", "2/rule 1", "2/find-slip 1"),
}


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_no_text_breaks_a_promise(convention: str) -> None:
    drill, random, tally = every_kind(convention), Random(convention), Tally()
    for id in sorted(FEW):
        question = drill.by_id[id]
        check(drill, question, question.typed or "1")
        for text, _ in zip(texts(drill, question, random), range(25), strict=False):
            tried(drill, question, text, tally)
    assert not [each for each in tally.broken if " ms, preview " not in each.what]  # speed is for the long run


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_drills_own_answers_are_right_to_numpy_too(convention: str) -> None:
    drill, tally = every_kind(convention), Tally()
    for question in drill.questions:
        if question.kind in NUMERIC and question.typed is not None:
            judge_again(drill, question, question.typed, tally)
    assert (tally.broken, tally.unknown) == ([], [])
    assert tally.compared > 40


@pytest.fixture(scope="module")
def layer() -> Drill:
    return every_kind("shape")


@pytest.mark.parametrize(
    "text", ["1 / 0, 2", "[1, 1/0]", "[[1/0, 2], [3, 4], [5, 6]]", "[0^-1, 1]", "[½/0, 1]", "[2, 1/(1 - 1)]", "[[1]/0]"]
)
def test_dividing_by_zero_inside_an_array_is_a_verdict(layer: Drill, text: str) -> None:
    for question in layer.questions:
        tally = Tally()
        tried(layer, question, text, tally)
        assert [each for each in tally.broken if " ms, preview " not in each.what] == []


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("number", ["5e-324", "1e-320", "1e-400", "0e-999", "1e-9_9", "1e308", "-1e308", "9_9", "0._9"])
@pytest.mark.parametrize(
    "frame", ["{0}", "[{0}, {0}]", "{0}; {0}", "{0}, {0}, {0}", "[[{0}, {0}], [{0}, {0}], [{0}, {0}]]"]
)
def test_no_number_is_too_small_or_too_long_for_a_verdict(layer: Drill, number: str, frame: str) -> None:
    text = frame.format(number.replace("_", "9" * 5000))
    for question in layer.questions:
        assert_keeps_promises(check(layer, question, text), preview(layer, question, text), text)


def test_the_second_judge_sees_what_is_wrong(layer: Drill) -> None:
    for question in layer.questions:
        if isinstance(question, GradientQuestion) and question.kind == "total" and question.typed not in (None, "0"):
            assert judged_again(layer, question, str(question.typed)) is None
            assert judged_again(layer, question, f"1.05 * ({question.typed})") is not None


@pytest.mark.thorough
@pytest.mark.timeout(3600)
def test_two_hundred_thousand_texts_break_no_promise(capsys: pytest.CaptureFixture[str]) -> None:
    # Every worker is a process of its own, since memory is measured; the numbers of a drill differ between them.
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        tallies = list(pool.map(run_of_texts, range(WORKERS), [TEXTS // WORKERS] * WORKERS))
    with capsys.disabled():
        for tally in tallies:
            print(f"\n{tally}")
    broken = [each for tally in tallies for each in tally.broken]
    assert not broken, "\n".join(map(str, broken))
    assert max(tally.grown for tally in tallies) < MOST_GROWTH
