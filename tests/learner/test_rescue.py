"""What could not be written waits in a rescue file, is taken in once, and is said to be where it is."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tutor.learner import rescue
from tutor.learner.session import Session
from tutor.learner.store import Event, Store
from tutor.lesson.model import Lesson

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another program holds the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("COMMIT")


def attempts(store: Store, drill: str) -> list[str]:
    return [event.typed for event in store.events(drill)]


def a_rescue(path: Path, answers: int = 3) -> str:
    """Answers that could not be written; the id of their drill."""
    store = Store(path)
    drill = store.open_drill("one", "f", 0, "[]", 1).id
    store.add(drill, Event("attempt", "q", typed="written"))
    with held(path):
        for number in range(answers):
            store.add(drill, Event("attempt", "q", typed=str(number)))
        kept = store.close(patience=0.1)
    assert kept.message is not None
    assert kept.message.id == "learner.rescued"
    assert kept.message.params["count"] == answers
    return drill


def test_what_was_rescued_is_taken_in_by_the_next_start_and_once(store: Store) -> None:
    drill = a_rescue(store.path)
    assert len(rescue.waiting_files(store.path)) == 1
    assert attempts(store, drill) == ["written", "0", "1", "2"]
    assert [news.id for news in store.news()] == ["learner.taken-in"]
    assert rescue.waiting_files(store.path) == []
    assert attempts(Store(store.path), drill) == ["written", "0", "1", "2"]


def test_a_rescue_file_that_is_there_twice_is_taken_in_once(store: Store) -> None:
    drill = a_rescue(store.path)
    (file,) = rescue.waiting_files(store.path)
    shutil.copy(file, file.with_name(f"{store.path.stem}.rescue-again.jsonl"))
    assert attempts(store, drill) == ["written", "0", "1", "2"]


def test_tutors_that_start_at_once_take_it_in_once(store: Store) -> None:
    drill = a_rescue(store.path)
    program = "import sys, pathlib, tutor.learner.store as s; s.Store(pathlib.Path(sys.argv[1])).marks()"
    command = [sys.executable, "-c", program, str(store.path)]
    started = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0] * 4
    assert attempts(store, drill) == ["written", "0", "1", "2"]
    assert rescue.waiting_files(store.path) == []


def test_where_the_folder_cannot_be_used_the_temporary_one_is(tmp_path: Path, temporary: Path) -> None:
    home = tmp_path / "home"
    home.touch()
    store = Store(home / "progress.sqlite")
    drill = store.open_drill("one", "f", 0, "[]", 1).id
    store.add(drill, Event("attempt", "q", typed="2"))
    message = store.close(patience=0.1).message
    assert message is not None
    assert message.id == "learner.rescued"
    assert Path(message.params["file"]).is_relative_to(temporary)
    home.unlink()
    again = Store(home / "progress.sqlite")
    assert attempts(again, drill) == ["2"]
    assert list(again.marks()) == ["one"]


@pytest.mark.skipif(os.name != "posix", reason="owners and modes")
def test_a_temporary_folder_that_others_may_write_to_is_not_believed(tmp_path: Path, temporary: Path) -> None:
    home = tmp_path / "home"
    home.touch()
    shared = temporary / f"backprop-tutor-{os.getuid()}"
    shared.mkdir()
    shared.chmod(0o777)
    store = Store(home / "progress.sqlite")
    store.add(store.open_drill("one", "f", 0, "[]", 1).id, Event("attempt", "q", typed="2"))
    message = store.close(patience=0.1).message
    assert message is not None
    assert message.id == "learner.lost"
    assert list(shared.iterdir()) == []


def test_lines_that_are_none_of_ours_cost_no_other(store: Store) -> None:
    drill = a_rescue(store.path)
    (file,) = rescue.waiting_files(store.path)
    lines = file.read_text().splitlines()
    odd = ["[" * 5000, '{"event": [1, 2]}', '{"drop": ["events"]}', "\udcff", '{"finished": [1]}', '{"drill": null}']
    file.write_text("\n".join([odd[0], lines[0], *odd[1:], *lines[1:]]), errors="surrogateescape")
    assert attempts(store, drill) == ["written", "0", "1", "2"]
    assert file.with_suffix(".unread").exists()


def test_a_file_that_is_removed_meanwhile_is_made_anew_with_this_sitting(store: Store) -> None:
    drill = store.open_drill("one", "f", 0, "[]", 1).id
    store.add(drill, Event("attempt", "q", typed="1"))
    shutil.rmtree(store.path.parent)
    store.add(drill, Event("attempt", "q", typed="2"))
    shutil.rmtree(store.path.parent)
    assert store.close().message is None
    assert [news.id for news in store.news()] == ["learner.gone"] * 2
    again = Store(store.path)
    assert attempts(again, drill) == ["1", "2"]
    assert again.latest("one") is not None


def test_a_drill_of_an_earlier_sitting_goes_along_into_a_new_file(store: Store) -> None:
    drill = store.open_drill("one", "f", 0, "[]", 1).id
    store.add(drill, Event("attempt", "q", typed="1"))
    store.close()
    later = Store(store.path)
    record = later.latest("one")
    assert record is not None
    shutil.rmtree(store.path.parent)
    later.add(record.id, Event("attempt", "q", typed="2"))
    assert Store(store.path).latest("one") == record


def test_saved_counts_what_is_read_back(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    session.answer("2")
    assert (store.unsaved(), session.settled_on_disk()) == (0, 1)
    with held(store.path):
        session.answer("3")
        assert (store.unsaved(), session.settled_on_disk()) == (1, 1)
        store.marks()  # reading works, and the warning stands
        assert store.warning is not None
    assert (store.unsaved(), session.settled_on_disk()) == (0, 2)


def test_a_planted_trigger_changes_nothing_that_is_stored(store: Store) -> None:
    drill = store.open_drill("one", "f", 0, "[]", 1).id
    store.add(drill, Event("attempt", "q", typed="1"))
    with closing(sqlite3.connect(store.path)) as other:  # while the store is open
        other.execute("CREATE TRIGGER lies AFTER INSERT ON events BEGIN UPDATE events SET typed = 'no'; END")
        other.commit()
    store.add(drill, Event("attempt", "q", typed="2"))
    assert [news.id for news in store.news()] == ["learner.set-aside"]
    assert attempts(Store(store.path), drill) == ["1", "2"]


@pytest.mark.parametrize("column", ["typed", "kind", "drill", "lesson", "numbers"])
def test_a_flipped_bit_in_the_name_of_a_column_loses_nothing(store: Store, column: str) -> None:
    """It makes a small letter large, and names are the same to SQLite either way."""
    drill = store.open_drill("one", "f", 0, "[]", 1).id
    store.add(drill, Event("attempt", "q", typed="1"))
    store.close()
    name = f"        {column} TEXT".encode()
    whole = store.path.read_bytes()
    assert name in whole
    store.path.write_bytes(whole.replace(name, name.replace(name[8:9], name[8:9].upper(), 1)))
    again = Store(store.path)
    assert attempts(again, drill) == ["1"]
    assert [news.id for news in again.news()] == ["learner.set-aside"]


def test_tutors_that_find_a_damaged_file_at_once_mend_it_once(store: Store) -> None:
    drill = store.open_drill("one", "f", 0, "[]", 1).id
    store.add(drill, Event("attempt", "q", typed="1"))
    store.close()
    with closing(sqlite3.connect(store.path)) as other:
        other.execute("UPDATE events SET skills = '{}'")
        other.commit()
    one, two = Store(store.path), Store(store.path)
    two.marks()  # has it open while the other mends it
    assert attempts(one, drill) == attempts(two, drill) == ["1"]
    assert len([*store.path.parent.glob("*.damaged-*.sqlite")]) == 1
    two.add(drill, Event("attempt", "q", typed="2"))
    assert attempts(one, drill) == ["1", "2"]


def test_a_clock_that_is_set_back_hides_no_drill(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 2e9
    monkeypatch.setattr("time.time", lambda: clock)
    first = store.open_drill("one", "f", 0, "[]", 1)
    store.add(first.id, Event("attempt", "q"))
    clock = 1e9
    second = store.open_drill("one", "f", 1, "[]", 1)
    store.add(second.id, Event("attempt", "q", "right"))
    assert store.latest("one") == store.unfinished("one") == second
    assert store.marks()["one"].settled == 1
    other = store.open_drill("two", "f", 0, "[]", 1)
    store.add(other.id, Event("attempt", "q"))
    assert max(store.marks(), key=lambda lesson: store.marks()[lesson].turn) == "two"
    store.add(second.id, Event("finished"))
    assert store.finished("one") == second
