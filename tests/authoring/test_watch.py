"""A lesson that is being edited is read again after every save, and only then."""

import os
from pathlib import Path

import pytest

from tutor.authoring.watch import Watched, question_after

LESSON = "title: T\ngiven: {x: 2, y: 3}\ngraph:\n  a: x * y\n  f: a^2\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "lesson.yaml"
    path.write_text(LESSON, "utf-8")
    return path


def test_a_save_gives_a_new_drill_and_no_save_gives_none(path: Path) -> None:
    watched = Watched(path)
    assert watched.version.drill is not None
    assert not watched.changed()
    path.write_text(LESSON.replace("x: 2", "x: 5"), "utf-8")
    assert watched.changed()
    assert watched.version.drill is not None
    assert float(watched.version.drill.parts[0].run.values["a"]) == 15
    assert not watched.changed()


def test_an_error_stands_in_place_of_the_lesson_and_goes_when_it_is_mended(path: Path) -> None:
    watched = Watched(path)
    path.write_text(LESSON.replace("a^2", "a^"), "utf-8")
    assert watched.changed()
    assert watched.version.drill is None
    assert [(each.line, each.code) for each in watched.version.problems] == [(5, "unreadable")]
    path.write_text(LESSON, "utf-8")
    assert watched.changed()
    assert watched.version.drill is not None
    assert watched.version.problems == ()


def test_editors_that_replace_the_file_are_understood(path: Path, tmp_path: Path) -> None:
    watched = Watched(path)
    path.unlink()
    assert not watched.changed()
    fresh = tmp_path / "other"
    fresh.write_text(LESSON.replace("y: 3", "y: 4"), "utf-8")
    os.replace(fresh, path)
    assert watched.changed()


def test_a_save_without_a_change_is_none(path: Path) -> None:
    watched = Watched(path)
    os.utime(path, ns=(1, 1))
    assert not watched.changed()


@pytest.mark.parametrize(
    ("position", "after", "expected"),
    [
        (1, ["a", "b", "c"], 1),
        (1, ["x", "a", "b"], 2),
        (1, ["a", "c"], 1),
        (2, ["a", "b"], 1),
        (1, ["p", "q"], 1),
        (2, ["p"], 0),
        (2, [], 0),
    ],
)
def test_the_question_is_kept_where_it_can_be(position: int, after: list[str], expected: int) -> None:
    assert question_after(["a", "b", "c"], position, after) == expected
