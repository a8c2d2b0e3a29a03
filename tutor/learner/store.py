"""What a learner has done, on disk: one row per event, written when it happens."""

import json
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os.path import exists  # false, where Path.exists raises for a name that is too long
from pathlib import Path
from typing import Any, Literal, Self, TypeAlias

from tutor.text import Message, msg

SCHEMA = 2

Kind: TypeAlias = Literal["attempt", "lines", "hint", "skip", "visit", "finished"]
State: TypeAlias = Literal["open", "right", "shown", "answered", "skipped"]
"""`answered`: taken as it is, in an exam; it is not asked again and nothing is said of it before the end."""


@dataclass(frozen=True, slots=True)
class DrillRecord:
    """A drill as it was opened: enough to ask the same questions with the same numbers again."""

    id: str
    lesson: str
    fingerprint: str
    seed: int
    numbers: str
    """The draws of its parts, as JSON."""
    generator: int
    opened: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a learner did in a drill; all that mastery and review will need stands here."""

    kind: Kind
    question: str = ""
    state: State = "open"
    """Of the question, after the event."""
    typed: str = ""
    verdict: str = ""
    mistake: str | None = None
    node: str | None = None
    free: bool = False
    """The answer cost no attempt."""
    hints: int = 0
    """Rungs of the ladder seen so far at this question."""
    seconds: float = 0.0
    """Time at this question since it was asked, in this sitting."""
    skills: tuple[str, ...] = ()
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a lesson is, for the course screen."""

    done: bool
    """A drill of it was finished without skipping a question."""
    in_progress: bool
    """Its latest drill has answers and is not finished."""
    settled: int
    """Questions answered, shown or skipped in its latest drill."""
    at: float
    """When it was last worked at, in seconds since 1970."""


class Store:
    """The file with everything a learner has answered.

    It never stands in the way of practice: when the file cannot be written (locked, read-only, a full disk), what
    happens is kept in memory, written as soon as that works again, and `warning` says so meanwhile. Several
    tutors may use the file at once. Use it from one thread at a time.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warning: Message | None = None
        self._connection: sqlite3.Connection | None = None
        self._unwritten: list[tuple[str, tuple[object, ...]]] = []

    @classmethod
    def in_memory(cls) -> Self:
        """A store that no file stands behind: it is gone when it is closed."""
        return cls(Path(":memory:"))  # as SQLite calls it

    def open_drill(self, lesson: str, fingerprint: str, seed: int, numbers: str, generator: int) -> DrillRecord:
        """Note that a drill begins."""
        record = DrillRecord(secrets.token_hex(8), lesson, fingerprint, seed, numbers, generator, time.time())
        row = (record.id, lesson, fingerprint, seed, numbers, generator, record.opened)
        self._write(f"INSERT INTO drills ({_DRILL}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return record

    def add(self, drill: str, event: Event) -> None:
        """Note one event of a drill; it is on disk when this returns, unless there is a `warning`."""
        row = (
            *(drill, event.at or time.time(), event.kind, event.question, event.state, event.typed, event.verdict),
            *(event.mistake, event.node, event.free, event.hints, event.seconds, json.dumps(event.skills)),
        )
        self._write(f"INSERT INTO events ({_EVENT}) VALUES ({', '.join('?' * len(row))})", row)

    def latest(self, lesson: str) -> DrillRecord | None:
        """The drill of a lesson that was opened last, if it is not finished."""
        newest = "WHERE lesson = ? ORDER BY opened DESC, rowid DESC LIMIT 1"
        rows = self._read(f"SELECT {_DRILL}, finished FROM drills {newest}", (lesson,))
        return DrillRecord(*rows[0][:-1]) if rows and not rows[0][-1] else None

    def unfinished(self, lesson: str, seed: int | None = None) -> DrillRecord | None:
        """The drill of a lesson that was worked at last and is not finished; with `seed` one with these numbers."""
        where = "WHERE lesson = ? AND NOT finished AND at IS NOT NULL AND (? IS NULL OR seed = ?)"
        rows = self._read(f"SELECT {_DRILL} FROM drills {where} ORDER BY at DESC LIMIT 1", (lesson, seed, seed))
        return DrillRecord(*rows[0]) if rows else None

    def finished(self, lesson: str, seed: int | None = None) -> DrillRecord | None:
        """The drill of a lesson that was opened last (of those with `seed`), if it is finished."""
        where = "WHERE lesson = ? AND (? IS NULL OR seed = ?)"
        newest = f"SELECT {_DRILL}, finished FROM drills {where} ORDER BY opened DESC, rowid DESC LIMIT 1"
        rows = self._read(newest, (lesson, seed, seed))
        return DrillRecord(*rows[0][:-1]) if rows and rows[0][-1] else None

    def drills(self, lesson: str) -> int:
        """How many drills of a lesson were opened so far."""
        rows = self._read("SELECT COUNT(*) FROM drills WHERE lesson = ?", (lesson,))
        return int(rows[0][0]) if rows else 0

    def events(self, drill: str) -> tuple[Event, ...]:
        """All events of a drill, in the order in which they happened."""
        rows = self._read(f"SELECT {_EVENT} FROM events WHERE drill = ? ORDER BY id", (drill,))
        return tuple(
            Event(kind, question, state, typed, verdict, mistake, node, bool(free), hints, seconds, tuple(skills), at)
            for (_, at, kind, question, state, typed, verdict, mistake, node, free, hints, seconds, skills) in (
                (*row[:-1], json.loads(row[-1])) for row in rows
            )
        )

    def marks(self) -> dict[str, Mark]:
        """How far each lesson is that was ever worked at."""
        return {
            lesson: Mark(bool(done), bool(touched and not finished), settled, at)
            for lesson, done, touched, finished, settled, at in self._read(_MARKS, ())
        }

    def close(self) -> None:
        """Write what could not be written before, and let go of the file."""
        if self._unwritten:
            self._flush()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _write(self, statement: str, row: tuple[object, ...]) -> None:
        self._unwritten.append((statement, row))
        self._flush()

    def _flush(self) -> None:
        with self._excused():
            connection = self._connected()
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                for statement, row in self._unwritten:
                    connection.execute(statement, row)
            self._unwritten.clear()

    def _read(self, query: str, parameters: tuple[object, ...]) -> list[Any]:
        rows: list[Any] = []
        if self._connection is None and not exists(self.path):
            return rows
        with self._excused():
            rows = self._connected().execute(query, parameters).fetchall()
        return rows

    @contextmanager
    def _excused(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            self.warning = _explain(error, self.path)
        except _WrittenByNewerError:
            self.warning = msg("learner.newer", path=str(self.path))
        else:
            self.warning = None

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=0.5, isolation_level=None, check_same_thread=False)
            try:
                _prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection


class _WrittenByNewerError(Exception):
    """The file has a schema that this version does not know."""


# `at`, `told`, `skipped` and `finished` sum up a drill's events, so that the course need not read them all.
# `told` counts what is settled by an answer, whatever it is.
_SUM_UP = """
    CREATE TRIGGER sum_up AFTER INSERT ON events BEGIN
        UPDATE drills SET
            at = NEW.at,
            finished = finished OR NEW.kind = 'finished',
            told = (
                SELECT COUNT(DISTINCT question) FROM events
                WHERE drill = NEW.drill AND state IN ('right', 'shown', 'answered')
            ),
            skipped = (
                SELECT COUNT(DISTINCT question) FROM events AS skip
                WHERE drill = NEW.drill AND state = 'skipped' AND NOT EXISTS (
                    SELECT 1 FROM events
                    WHERE drill = NEW.drill AND question = skip.question AND state IN ('right', 'shown', 'answered')
                )
            )
        WHERE id = NEW.drill;
    END
    """
_TABLES = (
    """
    CREATE TABLE drills (
        id TEXT PRIMARY KEY,
        lesson TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        seed INTEGER NOT NULL,
        numbers TEXT NOT NULL,
        generator INTEGER NOT NULL,
        opened REAL NOT NULL,
        at REAL,
        told INTEGER NOT NULL DEFAULT 0,
        skipped INTEGER NOT NULL DEFAULT 0,
        finished INTEGER NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX drills_by_lesson ON drills (lesson, opened)",
    """
    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        drill TEXT NOT NULL REFERENCES drills (id),
        at REAL NOT NULL,
        kind TEXT NOT NULL,
        question TEXT NOT NULL,
        state TEXT NOT NULL,
        typed TEXT NOT NULL,
        verdict TEXT NOT NULL,
        mistake TEXT,
        node TEXT,
        free INTEGER NOT NULL,
        hints INTEGER NOT NULL,
        seconds REAL NOT NULL,
        skills TEXT NOT NULL
    )
    """,
    "CREATE INDEX events_by_drill ON events (drill, question, state)",
    _SUM_UP,
)

_SINCE_1 = ("DROP TRIGGER sum_up", _SUM_UP)

_DRILL = "id, lesson, fingerprint, seed, numbers, generator, opened"
_EVENT = "drill, at, kind, question, state, typed, verdict, mistake, node, free, hints, seconds, skills"

# One row per lesson: was a drill of it ever done, and how far is the latest.
_MARKS = """
WITH latest AS (
    SELECT lesson, at IS NOT NULL AS touched, finished, told + skipped AS settled, MAX(opened)
    FROM drills GROUP BY lesson
), ever AS (
    SELECT lesson, MAX(finished AND NOT skipped) AS done, MAX(at) AS at FROM drills GROUP BY lesson
)
SELECT lesson, done, touched, finished, settled, at FROM ever JOIN latest USING (lesson) WHERE at IS NOT NULL
"""


def _prepare(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA:
        raise _WrittenByNewerError
    # Readers and a writer do not block each other, and an answer survives even a power cut.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    if version < SCHEMA:
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version < SCHEMA:  # another tutor may have been quicker
                for statement in _TABLES if version == 0 else _SINCE_1:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _explain(error: sqlite3.Error | OSError, path: Path) -> Message:
    where = str(path)
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return msg("learner.locked", path=where)
    if primary == sqlite3.SQLITE_READONLY or isinstance(error, PermissionError):
        return msg("learner.read-only", path=where)
    if primary == sqlite3.SQLITE_FULL or getattr(error, "errno", None) == 28:
        return msg("learner.disk-full", path=where)
    if primary in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return msg("learner.damaged", path=where)
    return msg("learner.unreachable", path=where, reason=str(error))
