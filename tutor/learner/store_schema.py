"""The tables of the learner's file: made, brought up to date, and recognised as ours and nobody else's."""

import re
import sqlite3
from typing import TypeAlias

from tutor.learner.stored_rows import DamagedError

SCHEMA = 3

Objects: TypeAlias = dict[tuple[str, str], str]
"""Tables, indexes and triggers by kind and name; the text of each without what may be written in several ways."""

# `at`, `turn`, `told`, `skipped` and `finished` sum up a drill's events, so that the course need not read them all.
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
            ),
            turn = NEW.id
        WHERE id = NEW.drill;
    END
    """
_SUM_UP_2 = _SUM_UP.replace(",\n            turn = NEW.id", "")
_SUM_UP_1 = _SUM_UP_2.replace(", 'answered'", "")
_DRILLS_2 = """
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
    """
_EVENTS_2 = """
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
    """
_TABLES_2 = (
    _DRILLS_2,
    "CREATE INDEX drills_by_lesson ON drills (lesson, opened)",
    _EVENTS_2,
    "CREATE INDEX events_by_drill ON events (drill, question, state)",
)
_SINCE_2 = (
    "ALTER TABLE drills ADD COLUMN turn INTEGER",
    "ALTER TABLE events ADD COLUMN key TEXT",
    "CREATE UNIQUE INDEX events_by_key ON events (key)",
    "UPDATE drills SET turn = (SELECT MAX(id) FROM events WHERE drill = drills.id)",
    _SUM_UP,
)
_STEPS = {
    0: (*_TABLES_2, *_SINCE_2),
    1: ("DROP TRIGGER sum_up", *_SINCE_2),
    2: ("DROP TRIGGER sum_up", *_SINCE_2),
}
"""What brings a file of each version up to date."""


class WrittenByNewerError(Exception):
    """The file has a schema that this version does not know."""


def prepare(connection: sqlite3.Connection) -> None:
    """Bring the file up to date; raises DamagedError for one that is not ours, WrittenByNewerError for a newer one."""
    # Nothing that stands in the file may call a function of ours, and a damaged page shows when it is read.
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    recognise(connection)
    # Readers and a writer do not block each other, and an answer survives even a power cut.
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    if _version(connection) < SCHEMA:
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            version = _version(connection)  # another tutor may have been quicker
            for statement in _STEPS.get(version, ()):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA}")


def recognise(connection: sqlite3.Connection) -> None:
    """Is this a file of ours, empty or of any version up to this one, with nothing in it that is not?

    A planted trigger could change what is stored, a planted view what is read. Raises as `prepare` does.
    """
    version = _version(connection)
    found = _objects(connection)
    if found == _known().get(version):
        return
    if version > SCHEMA and found not in _known().values():
        raise WrittenByNewerError
    raise DamagedError


def schema_cookie(connection: sqlite3.Connection) -> int:
    """A number that changes with the schema."""
    return int(connection.execute("PRAGMA schema_version").fetchone()[0])


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _objects(connection: sqlite3.Connection) -> Objects:
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    # Those of SQLite itself, such as statistics and the index of a primary key.
    return {
        (kind, name): _squeezed(sql)
        for kind, name, sql in rows
        if not (kind in ("table", "index") and str(name).startswith("sqlite_"))
    }


def _squeezed(sql: object) -> str:
    return "".join(str(sql).split())


def _known() -> dict[int, Objects]:
    """The objects of each version."""
    if not _KNOWN:
        with_columns = {_DRILLS_2: ", turn INTEGER)", _EVENTS_2: ", key TEXT)"}
        now = [_extended(each, with_columns.get(each, "")) for each in _TABLES_2]
        _KNOWN[0] = {}
        _KNOWN[1] = _named((*_TABLES_2, _SUM_UP_1))
        _KNOWN[2] = _named((*_TABLES_2, _SUM_UP_2))
        _KNOWN[3] = _named((*now, "CREATE UNIQUE INDEX events_by_key ON events (key)", _SUM_UP))
    return _KNOWN


_KNOWN: dict[int, Objects] = {}
_CREATED = re.compile(r"\A\s*CREATE (?:UNIQUE )?(\w+) (\w+)")


def _extended(statement: str, column: str) -> str:
    """A table's text after SQLite has added a column."""
    return statement.rstrip().removesuffix(")") + column if column else statement


def _named(statements: tuple[str, ...]) -> Objects:
    return {(kind.lower(), name): _squeezed(each) for each in statements for kind, name in _CREATED.findall(each)}
