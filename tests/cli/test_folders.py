"""A folder of lessons is opened, listed and checked as it is; two lessons with one id are told apart."""

import errno
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tutor.cli import main
from tutor.course.refresh import course_from_index, refresh_index
from tutor.kinds import load
from tutor.places import bundled_lessons
from tutor.text import Localised, msg
from tutor.text.columns import display_width

Printed = pytest.CaptureFixture[str]
LESSON = "title: {en: Good, zh: 好}\ngiven: {x: 1}\ngraph: {a: x + 1, f: a * x}\n"
UNIT = "title: {en: Week three, zh: 第三周}\norder: 3\nlessons: [second, first]\n"


def unit(folder: Path, *, head: str | None = UNIT) -> Path:
    """A teacher's folder: two lessons, the second borrows from the first, which is needed."""
    folder.mkdir(parents=True)
    if head is not None:
        (folder / "unit.yaml").write_text(head, "utf-8")
    (folder / "first.yaml").write_text(LESSON, "utf-8")
    text = f"title: {{en: Again, zh: 再来}}\nrequires: [{folder.name}/first]\nparts: [{{from: {folder.name}/first}}]\n"
    (folder / "second.yaml").write_text(text, "utf-8")
    return folder


def listed(capsys: Printed, *arguments: str) -> list[dict[str, Any]]:
    assert main(["list", *arguments, "--json"]) == 0
    lessons: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return lessons


def test_a_unit_is_listed_alone_under_its_title_in_its_order(tmp_path: Path, capsys: Printed) -> None:
    folder = unit(tmp_path / "week-3")
    assert [lesson["id"] for lesson in listed(capsys, str(folder))] == ["week-3/second", "week-3/first"]
    assert main(["list", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "Week three"
    assert main(["--plain", str(folder)]) == 0
    assert "week-3/second" in capsys.readouterr().out


def test_a_folder_without_a_unit_file_goes_by_its_name_and_its_lessons_by_their_paths(
    tmp_path: Path, capsys: Printed
) -> None:
    folder = unit(tmp_path / "loose", head=None)
    course = refresh_index(opened=folder)
    assert [each.title for each in course.units] == [Localised("loose")]
    paths = [(folder / f"{name}.yaml").as_posix() for name in ("first", "second")]
    assert [lesson["id"] for lesson in listed(capsys, str(folder))] == paths


def test_a_folder_of_units_is_a_course_of_them(tmp_path: Path, capsys: Printed) -> None:
    unit(tmp_path / "mine" / "b")
    unit(tmp_path / "mine" / "a", head=UNIT.replace("order: 3", "order: 9"))
    ids = [lesson["id"] for lesson in listed(capsys, str(tmp_path / "mine"))]
    assert ids == ["b/second", "b/first", "a/second", "a/first"]


def test_the_id_of_a_lesson_is_the_same_however_it_is_opened(tmp_path: Path) -> None:
    for folder in (unit(tmp_path / "week-3"), unit(tmp_path / "loose", head=None)):
        course = refresh_index(opened=folder)
        assert [load(entry.path).id for entry in course.entries] == [entry.id for entry in course.entries]


def test_what_a_lesson_of_a_folder_needs_is_found_beside_it(tmp_path: Path, capsys: Printed) -> None:
    for folder in (unit(tmp_path / "week-3"), unit(tmp_path / "loose", head=None)):
        course = refresh_index(opened=folder)
        again = next(entry for entry in course.entries if entry.path.stem == "second")
        assert again.broken is None
        meant = course.meant(again.info.requires[0], again)
        assert meant is not None
        assert meant.path == folder / "first.yaml"
        assert main(["check", str(folder)]) == 0
        assert "There is no lesson" not in capsys.readouterr().out


def test_a_folder_of_the_course_has_the_courses_ids(capsys: Printed) -> None:
    ids = [lesson["id"] for lesson in listed(capsys, str(bundled_lessons() / "circuits"))]
    assert "circuits/first-circuit" in ids
    assert all(id.startswith("circuits/") for id in ids)


def test_a_lesson_that_the_course_has_too_goes_by_its_path(tmp_path: Path, capsys: Printed) -> None:
    folder = unit(tmp_path / "circuits")
    (folder / "first-circuit.yaml").write_text(LESSON, "utf-8")
    ids = [lesson["id"] for lesson in listed(capsys, str(folder))]
    assert ids == ["circuits/second", "circuits/first", (folder / "first-circuit.yaml").as_posix()]
    assert load(folder / "first-circuit.yaml").id == ids[-1]


def test_two_units_of_one_name_stay_apart(tmp_path: Path) -> None:
    for teacher in ("ada", "ben"):
        unit(tmp_path / "all" / teacher / "week-1")
    course = refresh_index(opened=tmp_path / "all")
    assert [len(each.ids) for each in course.units] == [2, 2]
    assert len(set(course.ids)) == 4
    assert course_from_index(tmp_path / "all") == course


def test_the_index_remembers_a_folder_apart_from_the_course(tmp_path: Path) -> None:
    course = refresh_index()
    folder = unit(tmp_path / "week-3")
    opened = refresh_index(opened=folder)
    assert course_from_index(folder) == opened
    assert course_from_index() == course


@pytest.mark.parametrize("arguments", [["list"], ["--plain"], ["check"]])
def test_an_empty_folder_says_what_to_do(arguments: list[str], tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "empty").mkdir()
    assert main([*arguments, str(tmp_path / "empty")]) == 2
    assert str(tmp_path / "empty") in capsys.readouterr().err


def test_an_empty_folder_is_told_how_to_get_a_lesson(tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "unit.yaml").write_text(UNIT, "utf-8")
    assert main(["list", str(tmp_path)]) == 2
    assert f"`tutor new {tmp_path / 'first.yaml'}`" in capsys.readouterr().err


def test_what_is_no_folder_is_not_listed(capsys: Printed) -> None:
    assert main(["list", "circuits/first-circuit"]) == 2
    assert "circuits/first-circuit is no folder" in capsys.readouterr().err


def test_an_id_of_a_folder_opens_its_lesson_from_where_the_folder_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    unit(tmp_path / "week-3")
    monkeypatch.chdir(tmp_path)
    assert main(["solve", "week-3/first", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lesson"] == "week-3/first"


def test_the_list_says_which_of_two_lessons_an_id_means(home: Path, capsys: Printed) -> None:
    own = home / "lessons" / "circuits" / "first-circuit.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(LESSON, "utf-8")
    ours = bundled_lessons() / "circuits" / "first-circuit.yaml"
    assert main(["list"]) == 0
    rows = capsys.readouterr().out.splitlines()
    (lost,) = (k for k, row in enumerate(rows) if (Path.cwd() / Path(row.strip()).expanduser()) == ours)
    assert "hidden by …/" in rows[lost + 1]
    assert rows[lost + 1].endswith("/circuits/first-circuit.yaml")
    assert sum(row.strip().startswith("circuits/first-circuit ") for row in rows) == 1
    assert main(["list", "--json"]) == 0
    out, err = capsys.readouterr()
    lessons = {lesson["id"]: lesson for lesson in json.loads(out)}
    assert lessons["circuits/first-circuit"]["title"]["en"] == "Good"
    assert lessons[ours.as_posix()]["title"]["en"] == "A first circuit"
    assert list(lessons[ours.as_posix()]) == list(lessons["circuits/first-circuit"])
    assert "circuits/first-circuit" in err
    assert str(own) in err
    assert str(ours) in err


def test_no_row_of_a_hidden_lesson_is_wider_than_a_terminal(home: Path, capsys: Printed) -> None:
    own = home / "lessons" / "circuits" / "first-circuit.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(LESSON, "utf-8")
    for language in ("en", "zh"):
        assert main(["list", "--lang", language]) == 0
        assert [row for row in capsys.readouterr().out.splitlines() if display_width(row) > 80] == []


def test_a_unit_that_is_itself_a_folder_of_lessons_keeps_its_title_to_itself(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    (home / "lessons").mkdir()
    (home / "lessons" / "mine.yaml").write_text(LESSON, "utf-8")
    folder = unit(tmp_path / "week-3")
    monkeypatch.setenv("TUTOR_LESSONS", str(folder))
    course = refresh_index()
    titles = {each.id: course.unit_of(each.id) for each in course.entries}
    own, theirs = titles["mine"], titles["first"]
    assert own is not None
    assert theirs is not None
    assert own.title == msg("lesson.own-unit")
    assert (theirs.title, theirs.ids) == (Localised("Week three", "第三周"), ("second", "first"))
    assert course_from_index() == course
    again = course.entry("second")
    assert again is not None
    assert again.broken is None  # it borrows from week-3/first
    meant = course.meant("week-3/first", again)
    assert meant is not None
    assert meant.id == "first"
    assert main(["list"]) == 0
    assert "Week three\n  second" in capsys.readouterr().out


def test_a_folder_of_tutor_lessons_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("TUTOR_LESSONS", str(tmp_path / "nowhere"))
    assert main(["list"]) == 0
    printed = capsys.readouterr()
    assert str(tmp_path / "nowhere") in printed.err
    assert "circuits/first-circuit" in printed.out
    assert main(["solve", "week-1/first"]) == 2
    assert str(tmp_path / "nowhere") in capsys.readouterr().err


def test_a_broken_unit_file_is_told_with_its_place(tmp_path: Path, capsys: Printed) -> None:
    folder = unit(tmp_path / "week-3", head="title: U\norder: third\n")
    assert main(["list", str(folder), "--json"]) == 0
    printed = capsys.readouterr()
    assert len(json.loads(printed.out)) == 2
    assert printed.err == f"tutor: {folder / 'unit.yaml'}:2:8: Expected a number here.\n"


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as one on a disk that is away: every look at it, or into it, fails."""
    folder = unit(tmp_path / "away")

    def failing(real: Any) -> Any:
        def look(path: Any, *arguments: Any, **options: Any) -> Any:
            if isinstance(path, str | Path) and Path(path).is_relative_to(folder):
                raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")
            return real(path, *arguments, **options)

        return look

    for owner, name in ((os, "stat"), (os, "open"), (os, "scandir"), (os, "listdir"), (io, "open")):
        monkeypatch.setattr(owner, name, failing(getattr(owner, name)))
    return folder


def test_a_folder_on_a_disk_that_is_away_costs_no_other_lesson(
    away: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("TUTOR_LESSONS", str(away))
    bundled = listed(capsys)
    assert bundled
    assert not any(lesson["broken"] for lesson in bundled)


@pytest.mark.parametrize(
    ("below", "command"),
    [
        (below, command)
        for below in ("", "first.yaml", "sub/first.yaml")
        for command in (["check"], ["list"], ["solve"], ["new"], ["preview", "--plain"], ["--plain"])
        if below or command != ["new"]  # which would write a file beside the folder, and may
    ],
)
def test_what_cannot_be_looked_at_is_told_and_ends_nothing(
    away: Path, below: str, command: list[str], capsys: Printed
) -> None:
    assert main([*command, str(away / below)]) == 2
    said = capsys.readouterr().err
    assert str(away) in said
    assert "an error of its own" not in said


def test_a_folder_that_cannot_be_looked_into_is_an_error_of_a_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    unit(tmp_path / "week")
    (tmp_path / "closed").mkdir()
    real = os.scandir

    def refused(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refused)
    assert main(["check", str(tmp_path), "--json"]) == 1
    (problem,) = (each for each in json.loads(capsys.readouterr().out) if each["severity"] == "error")
    assert (problem["file"], problem["code"]) == (str(tmp_path / "closed"), "unreadable-file")


def test_a_lesson_that_could_not_be_read_is_tried_again_though_its_file_is_the_same(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    folder = unit(home / "lessons" / "week-3")
    real = Path.open

    def refused(self: Path, *arguments: Any, **options: Any) -> Any:
        if self.name in ("first.yaml", "unit.yaml"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(self, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refused)
        broken = {lesson["id"] for lesson in listed(capsys) if lesson["broken"]}
        assert broken >= {"week-3/first"}
    assert not any(lesson["broken"] for lesson in listed(capsys))
    assert main(["list", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "Week three"


def test_the_list_follows_a_change_of_one_lesson(home: Path, capsys: Printed) -> None:
    folder = unit(home / "lessons" / "week-3")
    assert main(["list"]) == 0
    assert "Good" in capsys.readouterr().out
    (folder / "first.yaml").write_text(LESSON.replace("Good", "Better"), "utf-8")
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    assert "Better" in out
    assert "Good" not in out
