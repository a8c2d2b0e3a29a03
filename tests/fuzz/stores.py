"""Damaged stores: copies of a learner's file, broken in every way, are opened and used; nothing readable may be lost.

`python -m tests.fuzz.stores 2000 [SEED]` runs so many and prints the counts.
"""

import random
import resource
import shutil
import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tutor.kinds import load
from tutor.learner.session import Session
from tutor.learner.store import Event, Store
from tutor.learner.stored_rows import DRILL, EventRow
from tutor.lesson.model import Lesson
from tutor.places import bundled_lessons

KINDS = ("attempt", "lines", "hint", "skip", "visit", "finished")
STATES = ("open", "right", "shown", "answered", "skipped")
LESSON = "circuits/one-gate"
LAST = 600
"""Rows that the independent reader asks for, one by one: more than there are."""

Step = tuple[str, ...]


def lesson() -> Lesson:
    """A short one."""
    return load(bundled_lessons() / f"{LESSON}.yaml")


def practise(path: Path, course: Lesson, chance: random.Random) -> None:
    """Fill a store as learners do: several lessons, drills that are finished, left, skipped through."""
    store = Store(path)
    for place in range(9):
        record = store.open_drill(f"lesson-{place % 4}", "f" * 16, place, '[{"numbers": [1, 2]}]', 1)
        for number in range(chance.randint(0, 45)):
            text = chance.choice(["1.5", "u.T @ h", "∂f/∂a = 数", "x" * chance.randint(1, 900)])
            kind = chance.choice(KINDS[:5])
            store.add(record.id, Event(kind, f"q{number % 13}", chance.choice(STATES), text, "wrong", skills=("a:b",)))
        if place % 3 == 0:
            store.add(record.id, Event("finished"))
    session = Session.open(store, course)
    session.answer("2")
    session.skip()
    assert store.close().message is None


def readable(path: Path, scratch: Path) -> Counter[Step]:
    """What plain sqlite3 reads of a copy, row by row: steps whose every value is one that a tutor writes."""
    copy = scratch / "copy.sqlite"
    for ending in ("", "-wal", "-shm"):
        (scratch / f"copy.sqlite{ending}").unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            shutil.copy(f"{path}{ending}", f"{copy}{ending}")
    found: Counter[Step] = Counter()
    if not copy.exists():
        return found
    with closing(sqlite3.connect(copy)) as connection:
        connection.text_factory = bytes
        for number in range(1, LAST):
            with suppress(sqlite3.Error, UnicodeError):
                query = "SELECT drill, kind, question, state, typed, verdict FROM events WHERE id = ?"
                row = connection.execute(query, (number,)).fetchone()
                if row is not None and all(isinstance(value, bytes) for value in row):
                    step = tuple(value.decode("utf-8", "replace") for value in row)
                    if step[1] in KINDS and step[3] in STATES:
                        found[step] += 1
    return found


# Ways to break a file


def truncated(path: Path, chance: random.Random) -> None:
    """Cut off anywhere."""
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data))])


def zeroed(path: Path, chance: random.Random) -> None:
    """A stretch, or a whole page, of nothing."""
    data = bytearray(path.read_bytes())
    length = chance.choice([1, 16, 512, 4096, 12288])
    start = chance.randrange(len(data)) // 4096 * 4096 if length >= 4096 else chance.randrange(len(data))
    data[start : start + length] = bytes(len(data[start : start + length]))
    path.write_bytes(data)


def flipped(path: Path, chance: random.Random) -> None:
    """Single bits, anywhere."""
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 1, 2, 5, 40, 400])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def flipped_at_the_head(path: Path, chance: random.Random) -> None:
    """Bits of the header and of the schema."""
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 2, 4])):
        data[chance.randrange(4096 if chance.random() < 0.5 else 100)] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def garbled(path: Path, chance: random.Random) -> None:
    """A stretch of noise."""
    data = bytearray(path.read_bytes())
    start, length = chance.randrange(len(data)), chance.choice([4, 100, 4096])
    data[start : start + length] = chance.randbytes(len(data[start : start + length]))
    path.write_bytes(data)


def swapped(path: Path, chance: random.Random) -> None:
    """Two pages in each other's place."""
    data = bytearray(path.read_bytes())
    one, two = (chance.randrange(len(data) // 4096) * 4096 for _ in range(2))
    data[one : one + 4096], data[two : two + 4096] = data[two : two + 4096], data[one : one + 4096]
    path.write_bytes(data)


ODD = (
    *("NULL", "x'ff00fe'", "CAST(x'c328' AS TEXT)", "'odd'", "-1", "9223372036854775807", "1e999", "''", "'{}'"),
    *("'{\"a\": [1]}'", "'" + "[" * 2000 + "]" * 2000 + "'", "'[1, 2'", "'\ud7ff'", "zeroblob(100)", "3.75"),
)
COLUMNS = {
    "events": (*EventRow._fields, "id"),
    "drills": (*DRILL.split(", "), "at", "told", "skipped", "finished", "turn"),
}


def odd_values(path: Path, chance: random.Random) -> None:
    """Values that a tutor never writes, by SQL."""
    with closing(sqlite3.connect(path)) as connection:
        for _ in range(chance.choice([1, 1, 3, 20])):
            table = chance.choice(["events", "drills"])
            column = chance.choice(COLUMNS[table])
            with suppress(sqlite3.Error, UnicodeError):
                value = chance.choice(ODD)
                connection.execute(
                    f"UPDATE {table} SET {column} = {value} WHERE rowid = ?",
                    (chance.randrange(1, 120 if table == "events" else 11),),
                )
        connection.commit()


PLANTED = (
    "CREATE TRIGGER lies AFTER INSERT ON events BEGIN UPDATE events SET typed = 'no', state = 'open'; END",
    "CREATE TRIGGER lies AFTER INSERT ON events BEGIN DELETE FROM events WHERE id < NEW.id; END",
    "CREATE TRIGGER lies BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no'); END",
    "CREATE TRIGGER lies BEFORE INSERT ON events BEGIN SELECT RAISE(IGNORE); END",
    "CREATE TRIGGER lies AFTER INSERT ON drills BEGIN DELETE FROM drills; DELETE FROM events; END",
    "CREATE VIEW more AS SELECT * FROM events",
    "CREATE TABLE other (thing)",
    "CREATE UNIQUE INDEX narrow ON events (kind, id)",
    "DROP TRIGGER sum_up",
    "DROP INDEX events_by_drill",
    "DROP INDEX events_by_key",
    "DROP TABLE drills",
    "ALTER TABLE events ADD COLUMN more DEFAULT 'x'",
    "ALTER TABLE events DROP COLUMN node",
    "PRAGMA user_version = 0",
    "PRAGMA user_version = 1",
    "PRAGMA user_version = 2",
    "PRAGMA user_version = 1000003",
    "PRAGMA user_version = -3",
    "ANALYZE",
    "PRAGMA journal_mode = DELETE",
)


def planted(path: Path, chance: random.Random) -> None:
    """Triggers, views, tables and versions that are not ours; what is ours and is missing."""
    with closing(sqlite3.connect(path)) as connection:
        for _ in range(chance.choice([1, 1, 2])):
            with suppress(sqlite3.Error, UnicodeError):
                connection.execute(chance.choice(PLANTED))
                connection.commit()


WAYS: tuple[Callable[[Path, random.Random], None], ...] = (
    *(truncated, zeroed, flipped, flipped, flipped_at_the_head, garbled, swapped, odd_values, odd_values, planted),
)


# One try


@dataclass
class Counts:
    """What a run found."""

    tries: int = 0
    set_aside: int = 0
    left_alone: int = 0
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return (
            f"{self.tries} damaged stores: {len(self.failures)} failures, {self.set_aside} set aside, "
            f"{self.left_alone} left alone, slowest {self.slowest:.2f} s, worst memory {memory:.0f} MB"
        )


def use(path: Path, course: Lesson) -> tuple[Store, str]:
    """What a tutor does with a store from the first screen to the end; the id of a drill that was new in it."""
    store = Store(path)
    store.marks()
    for name in (*(f"lesson-{place}" for place in range(4)), LESSON):
        for found in (store.latest(name), store.unfinished(name), store.finished(name)):
            if found is not None:
                store.events(found.id)
        store.drills(name)
    session = Session.open(store, course)
    if session.current is not None:
        session.answer("17")
    session.settled_on_disk()
    record = store.open_drill("new", "f", 0, "[]", 1)
    for number in range(3):
        store.add(record.id, Event("attempt", f"q{number}", "right", f"new {number}", "right"))
    store.marks()
    return store, record.id


def attempt(whole: Path, folder: Path, course: Lesson, chance: random.Random, counts: Counts) -> None:
    """Break a copy, use it, and look for everything that was readable in it."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    path = home / "progress.sqlite"
    shutil.copy(whole, path)
    ways = [chance.choice(WAYS) for _ in range(chance.choice([1, 1, 1, 2]))]
    for way in ways:
        with suppress(sqlite3.Error, ValueError):  # it is broken already
            way(path, chance)
    name = "+".join(way.__name__ for way in ways)
    shutil.copy(path, folder / "broken.sqlite")
    before = readable(path, folder)
    counts.tries += 1
    began = time.perf_counter()
    try:
        store, record = use(path, course)
        news = store.news()
        warning = store.warning
        kept = store.close()
    except Exception:
        counts.failures.append(f"{name}: {traceback.format_exc()}")
        return
    counts.slowest = max(counts.slowest, time.perf_counter() - began)
    if warning is not None and warning.id == "learner.newer":
        counts.left_alone += 1
        if before - readable(path, folder):
            counts.failures.append(f"{name}: a newer file was changed")
        if kept.message is None or kept.message.id != "learner.rescued":
            counts.failures.append(f"{name}: {kept}")
        return
    counts.set_aside += any(each.id == "learner.set-aside" for each in news)
    after = readable(path, folder)
    if lost := before - after:
        counts.failures.append(f"{name}: lost {sum(lost.values())} of {sum(before.values())}: {[*lost][:2]} {warning}")
    if sum(step[0] == record and step[4].startswith("new") for step in after.elements()) != 3 or kept.message:
        counts.failures.append(f"{name}: what was new is not there: {kept} {warning}")
    if warning is not None:
        counts.failures.append(f"{name}: {warning}")


def run(tries: int, folder: Path, seed: int = 0) -> Counts:
    """So many tries, in a folder of their own."""
    chance = random.Random(seed)
    course, counts = lesson(), Counts()
    for number in range(tries):
        if number % 100 == 0:
            whole = folder / f"whole-{number}.sqlite"
            practise(whole, course, chance)
        before = len(counts.failures)
        attempt(whole, folder, course, chance, counts)
        if len(counts.failures) > before:
            shutil.copy(folder / "broken.sqlite", folder / f"failed-{number}.sqlite")
    return counts


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        kept = Path(sys.argv[3]) if len(sys.argv) > 3 else Path(scratch)
        counts = run(int(sys.argv[1]), kept, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
        print(counts)
        for failure in counts.failures[:20]:
            print(failure)
        sys.exit(bool(counts.failures))
