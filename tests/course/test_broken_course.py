"""A folder of broken lessons: the course opens all the same, and lists each with its error."""

import json
import re
from pathlib import Path

import pytest

from tests.lesson.broken_files import FILES
from tests.lesson.broken_questions import QUESTIONS
from tutor.cli import main
from tutor.course.refresh import refresh_index
from tutor.course.units import CourseEntry
from tutor.text import LANGUAGES, say
from tutor.ui.app import TutorApp
from tutor.ui.screens.course import CourseScreen

pytestmark = pytest.mark.usefixtures("indexed", "in_a_thread")
TEXTS = [text for text, _ in [*FILES.values(), *QUESTIONS.values()]]


@pytest.fixture
def folder(home: Path) -> Path:
    unit = home / "lessons" / "broken"
    unit.mkdir(parents=True)
    for k, text in enumerate(TEXTS):
        (unit / f"{k:03}.yaml").write_bytes(text.encode("utf-8"))
    (unit / "bytes.yaml").write_bytes(b"title: caf\xe9\n")
    (unit / "unit.yaml").write_text("title: [no, title]\norder: first\n", "utf-8")
    return unit


def test_more_than_a_hundred_and_each_is_listed_with_its_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(TEXTS) >= 150
    assert main(["list", "--json"]) == 0
    listed = {each["id"]: each for each in json.loads(capsys.readouterr().out)}
    for k, _ in enumerate(TEXTS):
        broken = listed[f"broken/{k:03}"]["broken"]
        assert re.search(rf"{k:03}\.yaml:\d+:\d+: \S", broken), broken
    assert listed["broken/bytes"]["broken"]
    assert listed["circuits/first-circuit"]["broken"] is None


@pytest.mark.timeout(120)
def test_no_broken_file_hangs_or_trips_the_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in sorted(folder.glob("*.yaml")):
        assert main(["check", str(path), "--json"]) == 1, path
        assert "our-fault" not in {each["code"] for each in json.loads(capsys.readouterr().out)}, path


@pytest.mark.usefixtures("folder")
def test_the_index_keeps_each_error_in_both_languages() -> None:
    for _ in range(2):  # read anew, and from the index
        entries = {entry.id: entry for unit in refresh_index().units for entry in unit.lessons}
        for k, _ in enumerate(TEXTS):
            problem = entries[f"broken/{k:03}"].broken
            assert problem is not None
            assert all(say(problem.message, language) for language in LANGUAGES)


async def test_the_course_screen_opens_with_all_of_them(folder: Path) -> None:
    app = TutorApp()
    async with app.run_test(size=(100, 40)) as pilot:
        for _ in range(1200):  # files are read behind the screen
            await pilot.pause(0.05)
            if isinstance(app.screen, CourseScreen) and len(broken_of(app)) == len(TEXTS) + 1:
                break
        assert len(broken_of(app)) == len(TEXTS) + 1
        await pilot.press("end", "up", "down", "enter")
        await pilot.pause()
        assert app.is_running


def broken_of(app: TutorApp) -> list[CourseEntry]:
    units = () if app.course is None else app.course.units
    return [entry for unit in units for entry in unit.lessons if entry.broken is not None]
