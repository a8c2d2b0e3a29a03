"""The course is known from an index; what has changed is read again, and nothing broken stops it."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tutor.course import index
from tutor.course.refresh import course_from_index, refresh_index
from tutor.course.units import Course
from tutor.folders.locate import LessonNotFoundError, find
from tutor.kinds import build, load
from tutor.places import bundled_lessons
from tutor.text import Localised, msg, say

GOOD = (
    "title: {en: Good, zh: 好}\ncovers: [S1]\nrequires: [circuits/one-gate]\ngiven: {x: 1}\n"
    "graph: {a: x + 1, f: a * x}\n"
)
ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("indexed")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a unit of two lessons and a broken one, beside the bundled lessons."""
    unit = tmp_path / "mine" / "unit"
    unit.mkdir(parents=True)
    (unit / "unit.yaml").write_text("title: {en: Mine, zh: 我的}\norder: 99\nlessons: [second, first]\n", "utf-8")
    (unit / "first.yaml").write_text(GOOD, "utf-8")
    (unit / "second.yaml").write_text(GOOD, "utf-8")
    (unit / "broken.yaml").write_text("title: T\ngiven: {x: 1}\ngraph: {f: y}\n", "utf-8")
    monkeypatch.setenv("TUTOR_LESSONS", str(unit.parent))
    return unit.parent


def ids(course: Course | None) -> list[str]:
    assert course is not None
    return [entry.id for entry in course.entries]


@pytest.mark.usefixtures("folder")
def test_units_and_lessons_stand_in_teaching_order() -> None:
    course = refresh_index()
    assert [unit.id for unit in course.units] == ["circuits", "one-layer", "unit"]
    assert ids(course)[-3:] == ["unit/second", "unit/first", "unit/broken"]
    assert course.units[-1].title == Localised("Mine", "我的")


@pytest.mark.usefixtures("folder")
def test_an_entry_says_what_a_list_and_a_preview_show() -> None:
    entry = next(entry for entry in refresh_index().entries if entry.id == "unit/first")
    assert entry.title == Localised("Good", "好")
    assert (entry.info.covers, entry.info.requires, entry.unit) == (("S1",), ("circuits/one-gate",), "unit")
    assert entry.info.formula == "f = (x + 1) · x"


def test_questions_are_counted_and_skills_told(folder: Path) -> None:
    drill = build(load(folder / "unit" / "first.yaml"), 0)
    for course in (refresh_index(), course_from_index()):
        assert course is not None
        first, broken = course.entry("unit/first"), course.entry("unit/broken")
        assert first is not None
        assert broken is not None
        assert (first.questions, broken.questions) == (len(drill.questions), None)
        assert set(first.info.skills) == {skill for question in drill.all_questions for skill in question.skills}


@pytest.mark.usefixtures("folder")
def test_a_broken_lesson_is_listed_with_its_error() -> None:
    entry = refresh_index().entries[-1]
    assert entry.broken is not None
    assert (entry.broken.line, entry.broken.column, entry.broken.code) == (3, 12, "unknown-name")
    assert say(entry.broken.message, "en").startswith("y is not known here.")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("title: {en: Two gates, zh: 两个门}\ngiven: {x: 1}\ngraph: {f: y}\n", Localised("Two gates", "两个门")),
        ("title: Two gates\ngiven: {x: 1\ngraph: {f: x}\n", Localised("Two gates")),  # no YAML
        ("given: [\ntitle:\n  en: Two gates\n  zh: 两个门\n", Localised("Two gates", "两个门")),
        ("title: {zh: 两个门}\n", Localised("两个门", "两个门")),
        ("title: {en: Two gates\n", Localised("broken")),
        ("title: [1]\n", Localised("broken")),
        ("- title\n", Localised("broken")),
        ("", Localised("broken")),
    ],
)
def test_a_broken_lesson_keeps_a_title_that_can_be_read(folder: Path, text: str, title: Localised) -> None:
    (folder / "unit" / "broken.yaml").write_text(text, "utf-8")
    entry = refresh_index().entries[-1]
    assert entry.broken is not None
    assert entry.title == title


def test_a_broken_unit_keeps_its_title(folder: Path) -> None:
    (folder / "unit" / "unit.yaml").write_text("title: {en: Mine, zh: 我的}\nordre: 99\n", "utf-8")
    unit = next(unit for unit in refresh_index().units if unit.id == "unit")
    assert unit.broken is not None
    assert unit.title == Localised("Mine", "我的")


def test_a_broken_unit_keeps_its_lessons(folder: Path) -> None:
    (folder / "unit" / "unit.yaml").write_text("titel: T\n", "utf-8")
    unit = next(unit for unit in refresh_index().units if unit.id == "unit")
    assert unit.broken is not None
    assert [entry.id for entry in unit.lessons] == ["unit/broken", "unit/first", "unit/second"]


@pytest.mark.usefixtures("folder")
def test_the_index_gives_back_what_was_seen() -> None:
    index.index_file().unlink()
    assert course_from_index() is None
    course = refresh_index()
    assert course_from_index() == course


def test_only_what_has_changed_is_read_again(folder: Path) -> None:
    refresh_index()
    read: list[tuple[int, int]] = []
    refresh_index(progress=lambda done, of: read.append((done, of)))
    assert read == []
    (folder / "unit" / "broken.yaml").write_text(GOOD, "utf-8")
    (folder / "unit" / "third.yaml").write_text(GOOD, "utf-8")
    (folder / "unit" / "first.yaml").unlink()
    course = refresh_index(progress=lambda done, of: read.append((done, of)))
    assert read == [(0, 2), (1, 2)]
    assert ids(course)[-3:] == ["unit/second", "unit/broken", "unit/third"]
    assert all(entry.broken is None for entry in course.entries)


def test_a_borrower_is_read_again_when_its_source_changes(folder: Path) -> None:
    (folder / "unit" / "borrower.yaml").write_text("title: B\nparts: [{from: unit/first}]\n", "utf-8")
    assert [entry.broken for entry in refresh_index().entries if entry.id == "unit/borrower"] == [None]
    (folder / "unit" / "first.yaml").write_text("title: T\n", "utf-8")
    (entry,) = [entry for entry in refresh_index().entries if entry.id == "unit/borrower"]
    assert entry.broken is not None


@pytest.mark.parametrize("damage", [b"", b"no database", b"\0" * 5000], ids=["empty", "text", "zeros"])
def test_a_damaged_index_is_no_index(damage: bytes) -> None:
    refresh_index()
    index.index_file().write_bytes(damage)
    assert course_from_index() is None
    course = refresh_index()
    assert ids(course)
    assert course_from_index() == course


def test_the_index_of_another_version_is_no_index() -> None:
    refresh_index()
    with closing(sqlite3.connect(index.index_file())) as connection:
        connection.execute("PRAGMA user_version = 1")
    assert course_from_index() is None
    assert ids(refresh_index())


def test_a_cache_that_cannot_be_written_costs_nothing_else(home: Path) -> None:
    index.index_file().unlink()
    index.index_file().parent.rmdir()
    (home / "cache").write_text("in the way", "utf-8")
    assert ids(refresh_index())
    assert course_from_index() is None


def test_a_fresh_index_needs_no_large_library() -> None:
    code = (
        "import sys\n"
        "from tutor.course.refresh import course_from_index, refresh_index\n"
        "assert course_from_index() is not None and refresh_index() == course_from_index()\n"
        "print(sorted({'yaml', 'numpy', 'pydantic', 'lark', 'sympy', 'textual'} & sys.modules.keys()))\n"
    )
    refresh_index()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


# Finding


@pytest.mark.usefixtures("folder")
def test_a_lesson_is_found_by_its_id_and_by_its_path(tmp_path: Path) -> None:
    assert find("circuits/first-circuit") == bundled_lessons() / "circuits" / "first-circuit.yaml"
    path = tmp_path / "mine" / "unit" / "first.yaml"
    assert find("unit/first") == path
    assert find(str(path)) == path


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("circuits/first-circit", "circuits/first-circuit"),
        ("first-circuit", "circuits/first-circuit"),
        ("First-Circuit.yaml", "circuits/first-circuit"),
        ("score", "one-layer/score-gradient"),
    ],
)
def test_a_misspelt_lesson_is_told_the_nearest(name: str, near: str) -> None:
    with pytest.raises(LessonNotFoundError) as caught:
        find(name)
    assert caught.value.near[0] == near
    assert near in say(caught.value.message, "en")


@pytest.mark.parametrize(
    "name", ["", "unit", "circuits/unit", "../circuits/first-circuit", "/etc/passwd", "nothing.yaml"]
)
def test_what_is_no_lesson_is_not_found(name: str) -> None:
    with pytest.raises(LessonNotFoundError):
        find(name)


def test_of_two_lessons_with_one_id_the_learners_own_wins_and_the_other_goes_by_its_path(folder: Path) -> None:
    (folder / "circuits").mkdir()
    path = folder / "circuits" / "first-circuit.yaml"
    path.write_text(GOOD, "utf-8")
    ours = bundled_lessons() / "circuits" / "first-circuit.yaml"
    course = refresh_index()
    assert ids(course).count("circuits/first-circuit") == 1
    won, lost = course.entry("circuits/first-circuit"), course.entry(ours.as_posix())
    assert (won is not None, lost is not None) == (True, True)
    assert won is not None
    assert lost is not None
    assert (won.path, won.title, won.hidden_by) == (path, Localised("Good", "好"), None)
    assert (lost.path, lost.hidden_by, lost.unit) == (ours, path, "circuits")
    assert find("circuits/first-circuit") == path
    assert find(ours.as_posix()) == ours
    assert load(path).id == "circuits/first-circuit"
    assert load(ours).id == ours.as_posix()


def test_lessons_outside_units_stand_together(home: Path) -> None:
    (home / "lessons").mkdir()
    (home / "lessons" / "loose.yaml").write_text(GOOD, "utf-8")
    unit = refresh_index().units[-1]
    assert unit.title == msg("lesson.own-unit")
    assert [entry.id for entry in unit.lessons] == ["loose"]
