"""What was listed before is printed again as it was, and never when a file has changed."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.course.test_index import LESSON, many
from tutor.cli.main import main
from tutor.course import index

FORMS = (["list"], ["list", "--json"], ["list", "--lang", "zh"], ["list", "--ascii"])
Printed = pytest.CaptureFixture[str]


def listed(capsys: Printed, form: list[str]) -> tuple[str, str]:
    """What is printed, and what is complained of."""
    assert main(form) == 0
    told = capsys.readouterr()
    return told.out, told.err


@pytest.fixture
def unit(home: Path) -> Path:
    """A unit of three lessons."""
    many(home / "lessons", 1, 3)
    return home / "lessons" / "unit-00"


@pytest.mark.usefixtures("unit")
@pytest.mark.parametrize("form", FORMS, ids=" ".join)
def test_what_has_not_changed_is_not_made_anew(
    form: list[str], capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [listed(capsys, each) for each in FORMS]
    monkeypatch.setattr("tutor.cli.list_command.refresh_index", None)
    assert listed(capsys, form) == before[FORMS.index(form)]


@pytest.mark.parametrize("form", FORMS, ids=" ".join)
def test_every_change_of_a_file_is_listed(form: list[str], unit: Path, capsys: Printed) -> None:
    seen = [listed(capsys, form)]
    for name, text in (
        ("lesson-001", LESSON.format(k=77)),
        ("added", LESSON.format(k=78)),
        ("lesson-002", "title: {en: Broken, zh: 坏}\n"),
        ("unit", "title: {en: Other, zh: 别的}\nlessons: [lesson-001]\n"),
    ):
        (unit / f"{name}.yaml").write_text(text, "utf-8")
        seen.append(listed(capsys, form))
    (unit / "lesson-000.yaml").unlink()
    seen.append(listed(capsys, form))
    assert len(set(seen)) == 6
    index.index_file().unlink()
    assert listed(capsys, form) == seen[-1]


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_a_graph_from_a_folder_that_is_not_looked_through_may_change(
    unit: Path, tmp_path: Path, capsys: Printed
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (away / "base.yaml").write_text(LESSON.format(k=1), "utf-8")
    (unit.parent / "linked").symlink_to(away, target_is_directory=True)
    (unit / "taken.yaml").write_text("title: {en: Taken, zh: 取}\nparts:\n  - {from: linked/base}\n", "utf-8")
    whole = listed(capsys, ["list"])
    assert listed(capsys, ["list"]) == whole
    (away / "base.yaml").write_text("title: [", "utf-8")
    assert listed(capsys, ["list"]) != whole


def test_remarks_are_made_each_time(
    unit: Path, tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(tmp_path / "more", 1, 1)
    monkeypatch.setenv("TUTOR_LESSONS", str(tmp_path / "more"))
    first = listed(capsys, ["list", "--json"])
    assert "unit-00/lesson-000" in first[1]
    assert listed(capsys, ["list", "--json"]) == first


@pytest.mark.usefixtures("unit")
@pytest.mark.parametrize("form", FORMS, ids=" ".join)
def test_what_is_damaged_is_not_printed(form: list[str], capsys: Printed) -> None:
    whole = listed(capsys, form)
    with closing(sqlite3.connect(index.index_file())) as connection:
        notes = connection.execute("SELECT name, text FROM notes WHERE name LIKE 'printed %'").fetchall()
        assert len(notes) == 1
        for name, text in notes:
            for place in (0, 5, text.index(b"\n") - 3, text.index(b"\n"), len(text) // 2, len(text) - 2):
                damaged = text[:place] + b"\xff" + text[place + 1 :]
                connection.execute("UPDATE notes SET text = ? WHERE name = ?", (damaged, name))
                connection.commit()
                assert listed(capsys, form) == whole
