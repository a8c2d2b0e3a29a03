"""A folder of lessons on the course screen, and a course of hundreds: what shows while it is read, and how it moves."""

import threading
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from tests.cli.test_folders import LESSON, unit
from tests.course.test_index import many
from tests.ui.conftest import Opened
from tutor.course import refresh, worker_pool
from tutor.course.index import index_file
from tutor.course.refresh import refresh_index
from tutor.course.units import Course
from tutor.ui.app import TutorApp
from tutor.ui.screens.course import CourseScreen
from tutor.ui.widgets.course_list import CourseList

WORKER_POOL = worker_pool.WorkerPool


async def test_a_folder_shows_alone_under_its_name(opened: Opened, tmp_path: Path) -> None:
    async with opened(folder=unit(tmp_path / "week-3")) as hand:
        text = hand.text()
        assert "─ week-3 ─" in text
        assert "Week three" in text
        assert "0 of 2 lessons done" in text
        assert "One gate" not in text


@pytest.mark.usefixtures("experienced")
@pytest.mark.parametrize("head", [None, "title: {en: Week three, zh: 第三周}\norder: 3\n"])
async def test_progress_in_a_folder_is_kept(head: str | None, opened: Opened, tmp_path: Path) -> None:
    folder = unit(tmp_path / "week-3", head=head)
    async with opened(folder=folder) as hand:
        await hand.press("enter")
        assert hand.in_drill
        first = hand.session.drill.lesson.id
        await hand.answer("2")
        await hand.press("escape")
        assert isinstance(hand.app.screen, CourseScreen)
        assert "1 in progress" in hand.text()
    async with opened(folder=folder) as hand:
        assert "continue" in hand.text()
        await hand.press("enter")
        assert hand.session.drill.lesson.id == first
        assert hand.session.states[0].typed == "2"


async def test_the_preview_names_what_a_lesson_of_the_folder_needs(opened: Opened, tmp_path: Path) -> None:
    for folder in (unit(tmp_path / "week-3"), unit(tmp_path / "loose", head=None)):
        async with opened(folder=folder, size=(100, 30)) as hand:
            await hand.press("slash")
            await hand.type("again")
            assert "Good" in hand.text().split("Needs")[1]


@pytest.mark.usefixtures("experienced")
async def test_a_lesson_that_is_hidden_can_be_opened_from_the_list(opened: Opened, home: Path) -> None:
    own = home / "lessons" / "circuits" / "branches.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(LESSON, "utf-8")
    index_file().unlink()
    async with opened() as hand:
        await hand.press("slash")
        await hand.type("branches add")
        await hand.press("enter")
        await hand.past_the_text()
        assert hand.lesson.endswith("/circuits/branches.yaml")
        assert hand.session.drill.lesson.title.en == "Branches add up"


async def test_lessons_can_be_opened_while_hundreds_are_read_by_processes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_pool, "WorkerPool", WORKER_POOL)
    many(home / "lessons", 2, 90)
    index_file().unlink()
    app = TutorApp()
    seen: list[str] = []
    was_seen, tell = threading.Event(), app._read_so_far

    def tell_and_wait(done: int, of: int) -> None:
        tell(done, of)
        was_seen.wait(60)  # reading is quick: without this it could be over before it is looked at

    app._read_so_far = tell_and_wait  # type: ignore[method-assign]
    async with app.run_test(size=(80, 24)) as pilot:
        while app.course is None or app.reading is not None or not app.course.units[-1].lessons[0].questions:
            strips = app.screen._compositor.render_strips(app.size)
            seen.append(strips[0].text)
            if "Reading the lessons  " in strips[0].text:
                was_seen.set()
            await pilot.press("down")
            await pilot.pause(0.02)
        assert len(app.course.ids) > 180
    told = [line for line in seen if "Reading the lessons  " in line and "/18" in line]
    assert told, seen


async def test_a_large_course_is_searched_and_unfolded(home: Path, opened: Opened) -> None:
    many(home / "lessons", 8, 18)
    refresh_index()
    async with opened() as hand:
        await hand.press("slash")
        await hand.type("Unit-06/LESSON-01")
        text = hand.text()
        assert "Lesson 10" in text
        assert "Unit 6" in text
        assert "Unit 7" not in text
        await hand.press("escape", "end", "right")
        assert "Unit 7" in hand.text()
        await hand.press("end")
        row = hand.app.screen.query_one(CourseList).row
        assert row is not None
        assert row.id == "unit-07/lesson-017"


async def test_the_cursor_stays_on_its_unit_when_more_lessons_are_known(home: Path, opened: Opened) -> None:
    many(home / "lessons", 3, 2)
    async with opened() as hand:
        await hand.press("end")
        course = hand.app.course
        assert course is not None
        listed = hand.app.screen.query_one(CourseList)
        assert (listed.row and listed.row.unit.id) == "unit-02"
        many(home / "lessons" / "more", 1, 2)
        hand.app._load_the_rest()
        await hand.until(lambda: hand.app.course is not course)
        assert (listed.row and listed.row.unit.id) == "unit-02"


async def test_a_package_that_is_broken_is_listed_with_what_is_wrong(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "bad_course-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: bad-course\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[tutor.lessons]\nmine = bad_course.lessons\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    index_file().unlink()
    async with opened(size=(100, 30)) as hand:
        await hand.press("end")
        assert "! 3 bad-course" in hand.text()
        assert "no such folder" in hand.text()
        await hand.press("enter", "right")
        assert isinstance(hand.app.screen, CourseScreen)


async def test_the_palette_finds_one_lesson_among_hundreds(home: Path, opened: Opened) -> None:
    many(home / "lessons", 12, 18)
    refresh_index()
    async with opened() as hand:
        await hand.press("f9")
        await hand.type("LESSON 17")
        await hand.shows("unit-")
        assert "unit-" in hand.text()


async def test_the_palette_waits_for_titles_that_are_being_read(
    home: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(home / "lessons", 12, 18)
    may_read = threading.Event()
    look = refresh.refresh_index

    def wait_and_look(*arguments: Any, **options: Any) -> Course:
        may_read.wait(120)
        return look(*arguments, **options)

    monkeypatch.setattr("tutor.ui.app.refresh_index", wait_and_look)
    async with opened(held=True) as hand:
        try:
            await hand.shows("0 of 5 lessons done")
            await hand.press("f9")
            hand.app.screen.query_one(Input).value = "lesson 17"
            await hand.pilot.pause(0.8)
            assert "unit-" not in hand.text()
            assert "No matches" not in hand.text()
        finally:
            may_read.set()
        await hand.shows("unit-")
