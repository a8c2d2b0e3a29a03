"""How the screens look: pictures that a person has looked at, kept as snapshots.

After a wanted change: `pytest tests/ui/test_looks.py --snapshot-update`, and look at every picture that changed.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import Hand, StraightApp
from tutor.ui.widgets.answer_box import AnswerBox
from tutor.ui.widgets.course_list import CourseList

Compare = Callable[..., bool]
Steps = Callable[[Hand], Awaitable[None]]

FIRST, SCORE = "circuits/first-circuit", "one-layer/score-gradient"


@pytest.fixture
def looks(snap_compare: Compare) -> Callable[..., bool]:
    """Compares the screen after some steps with the picture that is kept."""

    def compare(
        start: str | None, steps: Steps | None = None, *, size: tuple[int, int] = (80, 24), theme: str, **options: Any
    ) -> bool:
        app = StraightApp(start, **options)
        app.animation_level = "none"
        app.theme = theme

        async def before(pilot: Pilot[Any]) -> None:
            hand = Hand(app, pilot)
            await hand.settle()
            # The first look through the lessons.
            await hand.until(lambda: app.course is not None and all(entry.questions for entry in app.course.entries))
            for box in app.screen.query(AnswerBox):
                box.cursor_blink = False
            if steps is not None:
                await steps(hand)
            await hand.settle()

        return snap_compare(app, terminal_size=size, run_before=before)

    return compare


async def preview(hand: Hand) -> None:
    await hand.settle()
    assert hand.app.screen.query_one(CourseList).has_focus
    await hand.until(lambda: "──▶" in hand.text())


def test_the_course_of_a_newcomer(looks: Compare) -> None:
    assert looks(None, preview, theme="tutor-dark")


@pytest.mark.usefixtures("experienced")
def test_the_course_in_chinese_on_paper(looks: Compare) -> None:
    async def steps(hand: Hand) -> None:
        await hand.press("end", "up")
        await preview(hand)

    assert looks(None, steps, size=(100, 30), theme="tutor-light", language="zh")


def test_the_tour(looks: Compare) -> None:
    async def steps(hand: Hand) -> None:
        await hand.press("enter")

    assert looks(FIRST, steps, theme="tutor-dark")


async def half_way(hand: Hand) -> None:
    for answer in ("2", "3", "2", "3", "1", "0", "1"):
        await hand.answer(answer)


@pytest.mark.usefixtures("experienced")
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 50)])
def test_the_first_circuit_half_way(looks: Compare, size: tuple[int, int]) -> None:
    assert looks(FIRST, half_way, size=size, theme="tutor-dark")


@pytest.mark.usefixtures("experienced")
def test_the_first_circuit_half_way_in_chinese(looks: Compare) -> None:
    assert looks(FIRST, half_way, theme="tutor-light", language="zh")


@pytest.mark.usefixtures("experienced")
def test_the_first_circuit_with_high_contrast(looks: Compare) -> None:
    assert looks(FIRST, half_way, theme="tutor-contrast")


@pytest.mark.usefixtures("experienced")
def test_the_first_circuit_in_ascii(looks: Compare) -> None:
    assert looks(FIRST, half_way, theme="tutor-dark", ascii=True)


@pytest.mark.usefixtures("experienced")
def test_looking_at_a_node(looks: Compare) -> None:
    async def steps(hand: Hand) -> None:
        await hand.press("left")

    assert looks(FIRST, steps, theme="tutor-dark")


async def to_the_matrix(hand: Hand) -> None:
    await hand.answer("(3, 1)")
    while (question := hand.session.current) is not None and question.id != "total W":
        await hand.press("f6")


@pytest.mark.usefixtures("experienced")
@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
def test_a_question_about_matrices(looks: Compare, size: tuple[int, int]) -> None:
    assert looks(SCORE, to_the_matrix, size=size, theme="tutor-dark", seed=0)


@pytest.mark.usefixtures("experienced")
def test_a_matrix_typed_cell_by_cell(looks: Compare) -> None:
    async def steps(hand: Hand) -> None:
        await to_the_matrix(hand)
        await hand.press("f2", "f5")
        for entry in ("1", "2", "3", "4", "5"):
            await hand.type(entry)
            await hand.press("tab")

    assert looks(SCORE, steps, size=(100, 30), theme="tutor-light", seed=0)


@pytest.mark.usefixtures("experienced")
def test_the_table(looks: Compare) -> None:
    async def steps(hand: Hand) -> None:
        await to_the_matrix(hand)
        await hand.press("f3")

    assert looks(SCORE, steps, theme="tutor-dark", seed=0)


@pytest.mark.usefixtures("experienced")
def test_the_questions_of_a_drill(looks: Compare) -> None:
    async def steps(hand: Hand) -> None:
        await to_the_matrix(hand)
        await hand.press("f7")

    assert looks(SCORE, steps, theme="tutor-dark", seed=0)


KINDS = str(Path(__file__).parent / "all_kinds.yaml")


def to_question(number: int) -> Steps:
    async def steps(hand: Hand) -> None:
        await hand.press("f7", *["down"] * number, "enter")

    return steps


@pytest.mark.usefixtures("experienced")
@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
def test_a_slip_to_find(looks: Compare, size: tuple[int, int]) -> None:
    async def steps(hand: Hand) -> None:
        await to_question(25)(hand)
        await hand.type("z = ")

    assert looks(KINDS, steps, size=size, theme="tutor-dark")


@pytest.mark.usefixtures("experienced")
def test_an_option_to_choose(looks: Compare) -> None:
    assert looks(KINDS, to_question(14), theme="tutor-light")


@pytest.mark.usefixtures("experienced")
def test_where_an_answer_went_wrong(looks: Compare) -> None:
    async def steps(hand: Hand) -> None:
        await to_question(17)(hand)
        await hand.answer("(u * (1 - h)) @ x.T")
        await hand.press("f10")

    assert looks(KINDS, steps, theme="tutor-dark")


@pytest.mark.usefixtures("experienced")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_why_an_answer_is_right(looks: Compare, language: str) -> None:
    async def steps(hand: Hand) -> None:
        await to_question(8)(hand)
        await hand.answer("5")
        await hand.press("f10")
        await hand.until(lambda: "max(y, z)" in hand.text())

    assert looks(KINDS, steps, theme="tutor-dark", language=language)


@pytest.mark.usefixtures("experienced")
def test_a_derivation_to_keep(looks: Compare) -> None:
    async def steps(hand: Hand) -> None:
        await to_question(20)(hand)
        await hand.answer("ds/dh @ dh/dz @ dz/db")
        await hand.answer("u.T @ diag(1 - h^2) @ eye(n); u * (1 - h^2)")
        await hand.press("t")

    assert looks(KINDS, steps, theme="tutor-light")


@pytest.mark.usefixtures("experienced")
def test_the_text_of_a_lesson(looks: Compare) -> None:
    async def steps(hand: Hand) -> None:
        await hand.press("f4")

    assert looks(SCORE, steps, theme="tutor-dark", seed=0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_help(looks: Compare, language: str) -> None:
    async def steps(hand: Hand) -> None:
        await hand.press("question_mark")

    assert looks(None, steps, size=(80, 60), theme="tutor-dark", language=language)
