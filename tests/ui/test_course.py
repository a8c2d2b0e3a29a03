"""The course screen: what is listed, where the cursor is, what Enter takes."""

from pathlib import Path

import pytest

from tests.ui.conftest import Hand, Opened
from tutor.course.index import index_file
from tutor.ui.app import TutorApp
from tutor.ui.screens.course import CourseScreen
from tutor.ui.screens.lesson_opening import OpeningScreen
from tutor.ui.widgets.course_list import CourseList


async def test_the_very_first_start_lists_the_course_as_soon_as_it_is_read(opened: Opened) -> None:
    index_file().unlink()
    async with opened() as hand:
        assert "▶ A first circuit" in hand.text()


async def test_enter_at_the_very_first_start_does_not_wait_for_the_list(opened: Opened) -> None:
    index_file().unlink()
    app = TutorApp()
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.course is None
        await pilot.press("enter")
        hand = Hand(app, pilot)
        await hand.settle()
        await hand.past_the_text()
        assert hand.lesson == "circuits/first-circuit"


async def test_a_newcomer_is_one_enter_away_from_the_first_circuit(opened: Opened) -> None:
    async with opened() as hand:
        assert "▶ A first circuit" in hand.text()
        assert "start here" in hand.text()
        await hand.press("enter")
        await hand.past_the_text()
        assert "first circuit" in hand.lines()[0]
        assert hand.lesson == "circuits/first-circuit"


@pytest.mark.usefixtures("experienced")
async def test_enter_goes_on_with_what_was_left(opened: Opened) -> None:
    async with opened() as hand:
        assert "▶ One gate" in hand.text()
        assert "continue" in hand.text()
        await hand.press("enter")
        assert hand.in_drill
        assert hand.session.drill.lesson.id == "circuits/one-gate"
        assert hand.session.states[0].state == "skipped"


@pytest.mark.usefixtures("experienced")
async def test_n_begins_a_lesson_with_new_numbers(opened: Opened) -> None:
    async with opened() as hand:
        await hand.press("n")
        await hand.past_the_text()
        assert hand.in_drill
        assert hand.session.states[0].state == "open"
        assert hand.session.drill.seed == 1


async def test_the_preview_shows_formula_picture_and_length(opened: Opened) -> None:
    async with opened(size=(100, 30)) as hand:
        await hand.until(lambda: "──▶" in hand.text())
        text = hand.text()
        assert "f = (x + y) · max(y, z)" in text
        assert "13 questions, about 5 minutes" in text
        assert "nothing: start here" in text.split("Needs")[1]  # a newcomer is not sent elsewhere first
        assert "──▶" in text


async def test_units_fold_and_unfold(opened: Opened) -> None:
    async with opened() as hand:
        await hand.press("left", "left")
        assert "▸ 1 Circuits" in hand.text()
        assert "One gate" not in hand.text()
        await hand.press("right")
        assert "One gate" in hand.text()
        await hand.press("enter")
        assert "One gate" not in hand.text()


async def test_find_narrows_the_list_and_enter_opens(opened: Opened) -> None:
    async with opened() as hand:
        await hand.press("slash")
        await hand.type("score")
        assert "One gate" not in hand.text()
        assert "The gradient of a score" in hand.text()
        await hand.press("enter")
        await hand.past_the_text()
        assert hand.lesson == "one-layer/score-gradient"


async def test_escape_ends_finding(opened: Opened) -> None:
    async with opened() as hand:
        await hand.press("slash")
        await hand.type("score")
        await hand.press("escape")
        assert "One gate" in hand.text()
        assert isinstance(hand.app.focused, CourseList)


async def test_letters_that_are_keys_can_be_typed_into_the_find_box(opened: Opened) -> None:
    async with opened() as hand:
        await hand.press("slash")
        await hand.type("qn?l")
        assert hand.app.is_running
        assert isinstance(hand.app.screen, CourseScreen)
        assert "qn?l" in hand.text()


async def test_a_click_points_and_a_second_click_opens(opened: Opened) -> None:
    async with opened() as hand:
        row = next(number for number, line in enumerate(hand.lines()) if "Branches add up" in line[:40])
        await hand.pilot.click(offset=(10, row))
        await hand.settle()
        assert "─ Branches add up ─" in hand.text()
        assert isinstance(hand.app.screen, CourseScreen)
        await hand.pilot.click(offset=(10, row))
        await hand.settle()
        await hand.past_the_text()
        assert hand.lesson == "circuits/branches"


async def test_the_key_bar_of_the_course_can_be_clicked(opened: Opened) -> None:
    async with opened() as hand:
        await hand.pilot.click(offset=(hand.lines()[-1].index("help"), 23))
        await hand.settle()
        assert "On the course" in hand.text()


@pytest.fixture
def broken_lesson(home: Path) -> Path:
    path = home / "lessons" / "mine" / "bad.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("title: A title\ngiven: {x: 1}\ngraph:\n  a: x + q\n", "utf-8")
    return path


@pytest.mark.usefixtures("broken_lesson")
async def test_a_broken_lesson_is_listed_with_its_error(opened: Opened) -> None:
    async with opened(size=(100, 30)) as hand:
        while (entry := hand.app.course.entry("mine/bad")) is None or entry.broken is None:
            await hand.pilot.pause(0.01)
        await hand.press("end", "right", "down")
        text = hand.text()
        assert "! A title" in text
        assert "broken" in text
        assert "bad.yaml:4:" in text
        await hand.press("enter")
        assert isinstance(hand.app.screen, OpeningScreen)
        assert "▲" in hand.text()
        await hand.press("escape")
        assert isinstance(hand.app.screen, CourseScreen)


async def test_a_path_that_is_no_lesson_says_so(opened: Opened) -> None:
    async with opened("circuits/first-circut") as hand:
        assert "circuits/first-circuit" in hand.text()
        await hand.press("escape")
        assert isinstance(hand.app.screen, CourseScreen)


@pytest.mark.usefixtures("experienced")
async def test_after_a_drill_the_cursor_is_on_its_lesson(opened: Opened) -> None:
    async with opened("circuits/branches") as hand:
        await hand.press("escape")
        row = hand.app.screen.query_one(CourseList).row
        assert row is not None
        assert row.lesson is not None
        assert row.lesson.id == "circuits/branches"
