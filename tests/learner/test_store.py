"""Every event is on disk when it happened, and a file that cannot be written never stops practice."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.learner.store import DrillRecord, Event, Store


@pytest.fixture
def path(store: Store) -> Path:
    return store.path


def open_drill(store: Store, lesson: str = "circuits/first", seed: int = 0) -> DrillRecord:
    return store.open_drill(lesson, "f1", seed, "[]", 1)


RIGHT = Event("attempt", "local f a", "right", "2", "right", hints=1, seconds=4.5, skills=("local:mul",))
WRONG = Event("attempt", "local f b", "open", "2", "wrong", "mul:own-input", "f")


def test_what_is_written_is_read_back(path: Path) -> None:
    store = Store(path)
    record = open_drill(store, seed=2**63 - 1)
    store.add(record.id, RIGHT)
    store.add(record.id, WRONG)
    again = Store(path)
    assert again.latest("circuits/first") == record
    events = again.events(record.id)
    assert [(event.kind, event.question, event.verdict, event.mistake) for event in events] == [
        ("attempt", "local f a", "right", None),
        ("attempt", "local f b", "wrong", "mul:own-input"),
    ]
    assert (events[0].hints, events[0].seconds, events[0].skills) == (1, 4.5, ("local:mul",))
    assert events[0].at >= record.opened > 0


def test_asking_about_nothing_writes_nothing(store: Store, path: Path) -> None:
    assert store.latest("circuits/first") is None
    assert store.marks() == {}
    assert not path.exists()


def test_a_killed_process_has_lost_nothing(path: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from tutor.learner.store import Event, Store
store = Store(Path({str(path)!r}))
drill = store.open_drill("one", "f", 0, "[]", 1).id
for number in range(20):
    store.add(drill, Event("attempt", f"q{{number}}", "right", str(number)))
    print(number, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.split() == [str(number) for number in range(20)]
    store = Store(path)
    record = store.latest("one")
    assert record is not None
    assert [event.typed for event in store.events(record.id)] == [str(number) for number in range(20)]


def test_two_tutors_share_the_file(path: Path) -> None:
    one, two = Store(path), Store(path)
    first, second = open_drill(one, "one"), open_drill(two, "two")
    for _ in range(5):
        one.add(first.id, RIGHT)
        two.add(second.id, WRONG)
    assert (one.warning, two.warning) == (None, None)
    assert (len(two.events(first.id)), len(one.events(second.id))) == (5, 5)


def test_what_is_written_after_another_tutor_has_ended_is_in_the_file(path: Path) -> None:
    store = Store(path)
    drill = open_drill(store).id
    other = f"""
from pathlib import Path
from tutor.learner.store import Store
store = Store(Path({str(path)!r}))
store.open_drill("two", "f", 0, "[]", 1)
assert store.close().message is None
"""
    subprocess.run([sys.executable, "-c", other], check=True, timeout=60)
    store.add(drill, RIGHT)
    # A process of its own: what this one believes may stand in a log that is gone.
    reading = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT typed FROM events').fetchall())"
    read = subprocess.run([sys.executable, "-c", reading, str(path)], capture_output=True, check=True, timeout=60)
    assert read.stdout.decode().strip() == "[('2',)]"


def test_a_locked_file_is_written_when_it_is_free_again(store: Store, path: Path) -> None:
    record = open_drill(store)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    store.add(record.id, RIGHT)
    assert store.warning is not None
    assert store.warning.id == "learner.locked"
    other.execute("COMMIT")
    store.add(record.id, WRONG)
    assert store.warning is None
    assert [event.verdict for event in Store(path).events(record.id)] == ["right", "wrong"]


def test_a_file_locked_from_the_start_is_written_when_it_is_free_again(store: Store, path: Path) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    record = open_drill(store)
    assert store.warning is not None
    assert store.warning.id == "learner.locked"
    other.execute("COMMIT")
    store.close()
    assert Store(path).latest("circuits/first") == record


def test_a_full_disk_is_said_and_keeps_the_answers_for_later(store: Store, path: Path) -> None:
    record = open_drill(store)
    (pages,) = store._file._connection.execute("PRAGMA page_count").fetchone()
    store._file._connection.execute(f"PRAGMA max_page_count = {pages}")
    store.add(record.id, Event("attempt", "q", "open", "1" * 100_000))
    assert store.warning is not None
    assert store.warning.id == "learner.disk-full"
    store._file._connection.execute("PRAGMA max_page_count = 1000000")
    store.close()
    assert [len(event.typed) for event in Store(path).events(record.id)] == [100_000]


def test_what_is_written_later_is_written_once(store: Store, path: Path) -> None:
    record = open_drill(store)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    store.add(record.id, RIGHT)
    other.execute("COMMIT")
    (pages,) = store._file._connection.execute("PRAGMA page_count").fetchone()
    store._file._connection.execute(f"PRAGMA max_page_count = {pages}")
    store.add(record.id, Event("attempt", "q", "open", "1" * 100_000))
    store._file._connection.execute("PRAGMA max_page_count = 1000000")
    store.close()
    assert [event.question for event in Store(path).events(record.id)] == ["local f a", "q"]


def test_a_read_only_file_is_said(store: Store) -> None:
    record = open_drill(store)
    store._file._connection.execute("PRAGMA query_only = ON")
    store.add(record.id, RIGHT)
    assert store.warning is not None
    assert store.warning.id == "learner.read-only"


def test_a_file_that_is_not_ours_is_set_aside_and_said(store: Store, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 100)
    drill = open_drill(store)
    store.add(drill.id, RIGHT)
    assert store.warning is None
    assert [news.id for news in store.news()] == ["learner.set-aside"]
    assert store.news() == ()
    assert path.with_name("progress.damaged-1.sqlite").read_bytes().startswith(b"not a database")
    assert len(Store(path).events(drill.id)) == 1


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = Store(tmp_path / "file" / "progress.sqlite")
    open_drill(store)
    assert store.warning is not None
    assert store.warning.id == "learner.unreachable"


def test_a_file_of_a_newer_tutor_is_left_alone(store: Store, path: Path) -> None:
    path.parent.mkdir()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 99")
    newer.execute("CREATE TABLE better (thing)")
    newer.close()
    open_drill(store)
    assert store.warning is not None
    assert store.warning.id == "learner.newer"
    tables = sqlite3.connect(path).execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("better",)]


def test_a_file_of_an_older_tutor_counts_on_with_what_it_holds(store: Store, path: Path) -> None:
    drill = open_drill(store)
    store.add(drill.id, RIGHT)
    store.close()
    older = sqlite3.connect(path)
    (trigger,) = older.execute("SELECT sql FROM sqlite_master WHERE name = 'sum_up'").fetchone()
    older.execute("DROP TRIGGER sum_up")
    older.execute(trigger.replace(", 'answered'", ""))
    older.execute("PRAGMA user_version = 1")
    older.commit()
    older.close()
    now = Store(path)
    now.add(drill.id, Event("attempt", "local f b", "answered"))
    assert now.warning is None
    assert now.marks()["circuits/first"].settled == 2
    assert len(now.events(drill.id)) == 2


def test_the_latest_drill_is_found_until_it_is_finished(store: Store) -> None:
    open_drill(store, seed=1)
    second = open_drill(store, seed=2)
    assert store.latest("circuits/first") == second
    store.add(second.id, Event("finished"))
    assert store.latest("circuits/first") is None
    assert store.drills("circuits/first") == 2


def test_a_lesson_that_was_only_looked_at_has_no_mark(store: Store) -> None:
    open_drill(store)
    assert store.marks() == {}


def test_marks_say_how_far_each_lesson_is(store: Store) -> None:
    begun, finished, skipped, again = (open_drill(store, name) for name in ("begun", "finished", "skipped", "again"))
    store.add(begun.id, RIGHT)
    store.add(begun.id, WRONG)
    store.add(finished.id, RIGHT)
    store.add(finished.id, Event("finished"))
    store.add(skipped.id, Event("skip", "local f a", "skipped"))
    store.add(skipped.id, Event("finished"))
    store.add(again.id, Event("skip", "local f a", "skipped"))
    store.add(again.id, RIGHT)
    store.add(again.id, Event("finished"))
    second = open_drill(store, "again", seed=1)
    store.add(second.id, WRONG)
    marks = store.marks()
    assert {lesson: (mark.done, mark.in_progress, mark.settled) for lesson, mark in marks.items()} == {
        "begun": (False, True, 1),
        "finished": (True, False, 1),
        "skipped": (False, False, 1),
        "again": (True, True, 0),
    }
    assert max(marks, key=lambda lesson: marks[lesson].turn) == "again"


def test_each_answer_is_on_the_disk_before_the_next_question(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a log before writing and FULL (2), SQLite waits for the disk at each commit: nothing else is lost by a
    closed terminal, a killed process or a power cut; with NORMAL the last answers are, with OFF the file may be."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *args, **options: opened.append(connect(*args, **options)) or opened[-1]
    )
    store = Store(path)
    store.add(open_drill(store).id, RIGHT)
    assert opened
    for connection in opened:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
