"""A lesson that is being edited is read again after every save, and only then."""

import os
import threading
import time
from pathlib import Path
from queue import Queue

import pytest

from tutor.authoring.watch import Version, Watch, Watched, question_after
from tutor.lesson.file import document

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


def test_a_file_that_stays_away_is_a_problem_until_it_is_back(path: Path) -> None:
    watched = Watched(path, patience=0)
    path.unlink()
    assert watched.changed()
    assert [each.code for each in watched.version.problems] == ["unreadable-file"]
    assert not watched.changed()
    path.write_text(LESSON, "utf-8")
    assert watched.changed()
    assert watched.version.drill is not None


def test_a_file_that_goes_between_two_looks_is_only_gone_for_a_moment(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(path)
    path.write_text(LESSON.replace("x: 2", "x: 55"), "utf-8")

    def read_text(path: Path) -> str:
        path.unlink()
        return document.read_text(path)

    with monkeypatch.context() as patch:
        patch.setattr("tutor.authoring.watch.read_text", read_text)
        assert not watched.changed()
    path.write_text(LESSON.replace("x: 2", "x: 66"), "utf-8")
    assert watched.changed()
    assert watched.version.drill is not None


@pytest.mark.parametrize("half", ["", LESSON[:60]])
def test_what_is_read_while_a_save_begins_is_no_version(half: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(path)

    def read_text(path: Path) -> str:
        path.write_text(half, "utf-8")
        return document.read_text(path)

    with monkeypatch.context() as patch:
        patch.setattr("tutor.authoring.watch.read_text", read_text)
        assert not watched.changed()
    path.write_text(LESSON.replace("x: 2", "x: 66"), "utf-8")
    assert watched.changed()
    assert watched.version.drill is not None


def test_an_empty_file_keeps_the_lesson_for_a_moment_and_is_then_a_problem(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(path, patience=2)
    path.write_text("", "utf-8")
    now = time.monotonic()
    for later, told in ((0, False), (1.9, False), (2.1, True), (2.2, False)):
        monkeypatch.setattr("tutor.authoring.watch.time.monotonic", lambda at=now + later: at)
        assert watched.changed() == told
    assert watched.version.drill is None
    path.write_text(LESSON, "utf-8")
    assert watched.changed()
    assert watched.version.drill is not None


def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "later.yaml", patience=0)
    assert [each.code for each in watched.version.problems] == ["unreadable-file"]
    assert not watched.changed()
    watched.path.write_text(LESSON, "utf-8")
    assert watched.changed()
    assert watched.version.drill is not None


def test_a_second_save_within_the_same_tick_of_the_file_system_is_noticed(path: Path) -> None:
    watched = Watched(path)
    state = path.stat()
    path.write_text(LESSON.replace("x: 2", "x: 7"), "utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert path.stat().st_size == state.st_size
    assert watched.changed()


def test_a_file_that_cannot_be_read_is_told_once(path: Path) -> None:
    watched = Watched(path)
    path.write_bytes(b"title: \xff\n")
    assert watched.changed()
    assert [each.code for each in watched.version.problems] == ["not-utf-8"]
    assert not watched.changed()
    path.write_text(LESSON, "utf-8")
    assert watched.changed()


def test_other_numbers_can_be_drawn_for_the_same_text(path: Path) -> None:
    path.write_text(LESSON.replace("x: 2", "x: {shape: [], integers: [10, 99]}"), "utf-8")
    watched = Watched(path)
    before = watched.version.drill
    watched.draw(5)
    assert before is not None
    assert watched.version.drill is not None
    assert watched.version.drill.seed == 5
    assert watched.version.drill.parts[0].run.values["x"] != before.parts[0].run.values["x"]
    assert not watched.changed()


def test_the_watch_tells_every_version_until_it_is_stopped(path: Path) -> None:
    told: Queue[Version] = Queue()
    watch = Watch(path)
    thread = threading.Thread(target=watch.run, args=(told.put,), daemon=True)
    thread.start()
    assert told.get(timeout=60).drill is not None
    path.write_text(LESSON.replace("a^2", "a^"), "utf-8")
    assert told.get(timeout=60).drill is None
    path.write_text(LESSON, "utf-8")
    assert told.get(timeout=60).drill is not None
    watch.draw(3)
    drawn = told.get(timeout=60).drill
    assert drawn is not None
    assert drawn.seed == 3
    watch.stop()
    thread.join(timeout=60)
    assert not thread.is_alive()


def test_a_file_that_is_written_in_pieces_is_told_once_it_is_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: Queue[Version] = Queue()
    watch = Watch(path)
    pieces = [LESSON.replace("x: 2", "x: 44")[:end] for end in (20, 40, 55)] + [LESSON.replace("x: 2", "x: 44")]
    slept = []

    def write_on(seconds: float) -> None:
        slept.append(seconds)
        if pieces:
            path.write_text(pieces.pop(0), "utf-8")

    monkeypatch.setattr("tutor.authoring.watch.time.sleep", write_on)
    thread = threading.Thread(target=watch.run, args=(told.put,), daemon=True)
    thread.start()
    assert told.get(timeout=60).drill is not None
    path.write_text(pieces.pop(0), "utf-8")
    assert told.get(timeout=60).drill is not None
    watch.stop()
    thread.join(timeout=60)
    assert told.empty()
    assert pieces == []
    assert len(slept) == 4


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
