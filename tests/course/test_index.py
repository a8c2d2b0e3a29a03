"""The index is a cache: nothing that happens to it costs more than time."""

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.course.work import dies_at_deadly
from tutor.course import index
from tutor.course.describe import describe_lesson
from tutor.course.refresh import course_from_index, refresh_index
from tutor.course.units import Course
from tutor.course.worker_pool import Lost

LESSON = "title: {{en: Lesson {k}, zh: 第 {k} 课}}\ngiven: {{x: {k}}}\ngraph: {{f: x * x}}\n"
ROOT = Path(__file__).parents[2]


def many(folder: Path, units: int, lessons: int) -> None:
    """So many units of so many lessons."""
    for u in range(units):
        unit = folder / f"unit-{u:02}"
        unit.mkdir(parents=True)
        (unit / "unit.yaml").write_text(f"title: {{en: Unit {u}, zh: 单元 {u}}}\norder: {100 + u}\n", "utf-8")
        for k in range(lessons):
            (unit / f"lesson-{k:03}.yaml").write_text(LESSON.format(k=k), "utf-8")


@pytest.fixture
def large(home: Path) -> Path:
    """Some hundred lessons, more than are read in one process."""
    many(home / "lessons", 2, 90)
    return home / "lessons"


@pytest.mark.usefixtures("large")
def test_hundreds_of_lessons_are_read_by_several_processes() -> None:
    seen: list[tuple[int, int]] = []
    partly: list[Course] = []
    course = refresh_index(lambda *so_far: seen.append(so_far), partly=partly.append)
    own = [entry for entry in course.entries if entry.unit.startswith("unit-")]
    assert len(own) == 180
    assert [entry.questions for entry in own] == [5] * 180
    assert own[-1].title.in_("zh") == "第 89 课"
    total = seen[0][1]
    assert seen == [(k, total) for k in range(total)]
    # Before all are read every lesson is listed already, under its name at least.
    assert [len(each.ids) for each in partly[:1]] == [len(course.ids)]
    assert course_from_index() == course


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_a_lesson_that_ends_whoever_reads_it_hides_no_other_from_a_screen(home: Path) -> None:
    many(home / "lessons", 1, 3)
    (home / "lessons" / "unit-00" / "deadly.yaml").write_text(LESSON.format(k=1), "utf-8")
    shown: list[Course] = []
    course = refresh_index(partly=shown.append, describe=dies_at_deadly)
    broken = {entry.id: entry.broken.message.id for entry in course.entries if entry.broken is not None}
    assert broken == {"unit-00/deadly": "lesson.reading-killed"}
    meanwhile = [each.entries for each in shown if not any(entry.broken for entry in each.entries)]
    assert [entry.questions for entry in meanwhile[-1] if entry.unit == "unit-00"] == [None, 5, 5, 5]


def test_a_lesson_at_which_a_process_dies_is_listed_as_broken(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deadly(work: object, paths: list[Path], *_: object, **__: object) -> object:
        for k, path in enumerate(paths):
            yield k, Lost() if path.stem == "lesson-007" else describe_lesson(path)

    monkeypatch.setattr("tutor.course.worker_pool.shared", deadly)
    course = refresh_index()
    broken = [entry.id for entry in course.entries if entry.broken is not None]
    assert broken == [f"unit-0{u}/lesson-007" for u in range(2)]
    assert len(course.ids) > 180


@pytest.mark.usefixtures("large", "in_a_thread")
def test_what_was_read_before_an_interruption_is_not_read_again() -> None:
    def until(done: int, of: int) -> None:
        if done == 120:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh_index(until)
    seen: list[int] = []
    refresh_index(lambda done, of: seen.append(of))
    assert 50 < seen[0] < 80


def test_a_killed_process_leaves_an_index_that_can_be_used(large: Path) -> None:
    code = (
        "import os, signal\nfrom tutor.course import refresh\n"
        "def until(done, of):\n    if done == 120: os.kill(os.getpid(), signal.SIGKILL)\n"
        "refresh.refresh_index(until, partly=lambda so_far: None)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    killed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert killed.returncode != 0
    course = refresh_index()
    assert len([id for id in course.ids if id.startswith("unit-")]) == 180
    assert course_from_index() == course


def test_two_processes_may_write_at_once(home: Path) -> None:
    many(home / "lessons", 2, 40)
    code = "from tutor.course.refresh import refresh_index\nprint(len(refresh_index().ids))\n"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    both = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    told = [each.communicate(timeout=120) for each in both]
    assert told[0] == told[1]
    assert told[0][1] == b""
    assert course_from_index() == refresh_index()


def test_an_index_that_another_process_holds_is_done_without(home: Path) -> None:
    many(home / "lessons", 1, 3)
    refresh_index()
    (home / "lessons" / "unit-00" / "lesson-001.yaml").unlink()
    with closing(sqlite3.connect(index.index_file(), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert len([id for id in refresh_index().ids if id.startswith("unit-")]) == 2
        other.execute("ROLLBACK")
    course = refresh_index()
    assert course_from_index() == course


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_damage_in_the_middle_costs_no_lesson_and_is_mended(home: Path, share: float) -> None:
    many(home / "lessons", 3, 20)
    course = refresh_index()
    raw = bytearray(index.index_file().read_bytes())
    place = int(len(raw) * share)
    raw[place : place + 3000] = b"\x55" * 3000
    index.index_file().write_bytes(raw)
    known = course_from_index()
    if known is not None:  # what is listed meanwhile may be less, but it can be looked at
        assert all(entry.title.en for entry in known.entries)
    assert refresh_index().entries  # whoever looks at what is damaged sees names at least, and that it is
    assert refresh_index() == course
    assert course_from_index() == course
    assert [entry.title for entry in refresh_index().entries] == [entry.title for entry in course.entries]


def test_an_index_cut_short_is_made_anew(home: Path) -> None:
    many(home / "lessons", 3, 20)
    course = refresh_index()
    raw = index.index_file().read_bytes()
    index.index_file().write_bytes(raw[: len(raw) // 2])
    assert refresh_index() == course
    assert course_from_index() == course


def test_an_index_that_is_damaged_anywhere_costs_no_lesson_and_can_be_deleted(home: Path) -> None:
    many(home / "lessons", 2, 5)
    course = refresh_index()
    whole = index.index_file().read_bytes()
    chance = random.Random(1)
    for _ in range(25):
        raw = bytearray(whole)
        for _ in range(chance.choice([1, 10, 200])):
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        index.index_file().write_bytes(raw)
        known = course_from_index()  # whatever it shows can be looked at
        assert known is None or all((entry.info, entry.title, entry.has("lesson")) for entry in known.entries)
        assert len(refresh_index().ids) == len(course.ids)
    index.index_file().unlink(missing_ok=True)
    assert refresh_index() == course


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE files SET en = CAST(en AS BLOB), size = CAST(size AS TEXT)",
        "UPDATE files SET en = CAST(x'ff' AS TEXT)",
        "UPDATE files SET about = '[' || about, sources = '[' || sources",
        "UPDATE notes SET text = '[' || text",
        "CREATE TRIGGER no BEFORE INSERT ON files BEGIN SELECT RAISE(ABORT, 'no'); END",
        "DROP TABLE files",
    ],
)
def test_an_index_with_odd_values_is_made_anew(home: Path, sql: str) -> None:
    many(home / "lessons", 2, 5)
    course = refresh_index()
    with closing(sqlite3.connect(index.index_file())) as connection:
        connection.execute(sql)
        connection.commit()
    many(home / "lessons" / "more", 1, 2)
    assert len(refresh_index().ids) == len(course.ids) + 2
    again = refresh_index()  # what had been read before the damage is written now
    assert course_from_index() == again
    assert len([entry.title for entry in again.entries]) == len(course.ids) + 2


@pytest.mark.skipif(os.name != "posix", reason="needs permissions")
def test_a_cache_that_is_read_only_is_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(home / "lessons", 1, 3)
    course = refresh_index()
    real = sqlite3.connect

    def read_only(path: Path, **options: object) -> sqlite3.Connection:
        return real(f"file:{path}?mode=ro", uri=True, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr("tutor.course.index.sqlite3.connect", read_only)  # root may write whatever the mode says
    assert course_from_index() == course
    (home / "lessons" / "unit-00" / "lesson-001.yaml").unlink()
    assert len(refresh_index().ids) == len(course.ids) - 1


def test_a_full_disk_costs_nothing_else(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(home / "lessons", 1, 3)
    refresh_index()
    real = sqlite3.connect

    def full(path: Path, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(path, **options)  # type: ignore[call-overload]
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    monkeypatch.setattr("tutor.course.index.sqlite3.connect", full)
    many(home / "lessons" / "more", 2, 30)
    course = refresh_index()
    assert len([id for id in course.ids if id.startswith("more/")]) == 60


def test_a_borrower_that_was_broken_is_whole_when_its_source_is(home: Path) -> None:
    many(home / "lessons", 1, 1)
    source = home / "lessons" / "unit-00" / "lesson-000.yaml"
    whole = source.read_text("utf-8")
    (source.parent / "borrower.yaml").write_text("title: B\nparts: [{from: unit-00/lesson-000}]\n", "utf-8")
    for text, is_broken in ((whole, False), ("title: T\n", True), (whole + "# mended\n", False)):
        source.write_text(text, "utf-8")
        entry = refresh_index().entry("unit-00/borrower")
        assert entry is not None
        assert (entry.broken is not None) == is_broken


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are no text")
def test_a_name_that_is_no_text_costs_no_other_lesson_its_row(home: Path) -> None:
    many(home / "lessons", 2, 2)
    odd = os.fsencode(home / "lessons" / "unit-00") + b"/odd\xff.yaml"
    Path(os.fsdecode(odd)).write_text(LESSON.format(k=1), "utf-8")
    assert len([id for id in refresh_index().ids if id.startswith("unit-00/")]) == 3
    known = course_from_index()
    assert known is not None
    for unit in ("unit-00", "unit-01"):
        assert [id for id in known.ids if id.startswith(unit)] == [f"{unit}/lesson-00{k}" for k in range(2)]


def test_what_is_deeper_than_units_lie_is_left_alone(home: Path) -> None:
    deep = home / "lessons" / "/".join("abcdefghi")
    many(deep, 1, 1)
    assert not [id for id in refresh_index().ids if id.startswith("a/")]


def test_a_search_looks_at_ids_and_titles_in_both_languages(home: Path) -> None:
    many(home / "lessons", 2, 5)
    unit = next(unit for unit in refresh_index().units if unit.id == "unit-01")
    assert unit.matching("lesson 3") == [3]
    assert unit.matching("第 4 课") == [4]
    assert unit.matching("unit-01/lesson-00") == [0, 1, 2, 3, 4]
    assert unit.matching("unit-00") == []
