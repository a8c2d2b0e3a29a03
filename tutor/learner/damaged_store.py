"""A damaged store is set aside: all that can be read of it goes into a rescue file, which a new store then takes in."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from os.path import exists, isfile  # false, where those of Path raise for a name that is too long
from pathlib import Path
from typing import Any

from tutor.learner.rescue import write
from tutor.learner.store_schema import SCHEMA, WrittenByNewerError, recognise
from tutor.learner.stored_rows import (
    DRILL,
    EVENT,
    DamagedError,
    StoredRows,
    drill_of,
    event_of,
    repaired_drill,
    repaired_event,
)

_PATIENCE = 10.0  # seconds for another tutor that is mending the same file
_BEYOND = 1000  # rows looked for after the last that was seen: what a damaged page can hold
_SINGLY = 500_000  # rows that are asked for one by one
_LENGTH = 50_000_000  # bytes of a value; ours have a few hundred
_BROKEN = {
    *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH),
    *(sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_SCHEMA),
}
_MOST = 2**53  # events; beyond, SQLite would give numbers at random at last
_ODD_SUMS = """
SELECT COUNT(*) FROM drills
WHERE typeof(told) || typeof(skipped) || typeof(finished) != 'integerintegerinteger'
    OR typeof(turn) NOT IN ('integer', 'null') OR NOT told + skipped BETWEEN 0 AND 1000000
"""
_NEEDED = {"id", "lesson", "drill", "kind", "question", "state", "typed", "verdict"}
"""Columns without which a row says nothing; others may be broken."""
_UNREADABLE = (sqlite3.Error, UnicodeError, OverflowError, MemoryError)


@dataclass(frozen=True, slots=True)
class SetAside:
    """What became of a damaged store."""

    file: Path
    """Where it is now, as it was."""
    drills: int
    steps: int
    """How much of it was carried over."""


def is_damage(error: BaseException) -> bool:
    """Does an error mean that what stands in the file is broken, and not that the file cannot be reached just now?"""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)  # None: a text that is none in UTF-8
        return code is None or code & 0xFF in _BROKEN or code == sqlite3.SQLITE_IOERR_SHORT_READ
    return isinstance(error, DamagedError | UnicodeError | OverflowError | RecursionError | MemoryError)


def check_integrity(connection: sqlite3.Connection) -> None:
    """Raise DamagedError where pages or indexes do not fit together, or nothing has room behind the last event."""
    if connection.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
        raise DamagedError
    if connection.execute("SELECT 1 FROM events WHERE id > ?", (_MOST,)).fetchone() is not None:
        raise DamagedError


def check_header(path: Path) -> None:
    """Raise DamagedError where the head names a form of file that SQLite would only read.

    Only while this process has no connection to the file: to close it, as POSIX has it, ends all locks of the process,
    and another tutor would then remove the log into which this one writes.
    """
    head = b""
    if isfile(path):
        with path.open("rb") as file:
            head = file.read(20)
    if len(head) == 20 and not {*head[18:]} <= {1, 2}:
        raise DamagedError


def set_aside(path: Path) -> SetAside | None:
    """Set a damaged store aside; None where it is not damaged, or no longer.

    Raises sqlite3.Error where another program holds it, and OSError where what was read cannot be kept elsewhere first.
    Whatever interrupts this, the next try finds everything.
    """
    with _alone(path):
        if _is_whole(path):
            return None
        found = _readable(path)
        if (found.drills or found.events) and write(path, found, only_beside=True) is None:
            raise OSError(28, f"no room beside {path}")
        aside = next(
            file for n in count(1) if not (file := path.with_name(f"{path.stem}.damaged-{n}{path.suffix}")).exists()
        )
        for ending in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
        return SetAside(aside, len(found.drills), found.steps)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """No other tutor mends this file meanwhile: SQLite's locks serve on every system, and end with the process."""
    with closing(sqlite3.connect(path.with_name(f"{path.stem}.mending"), timeout=_PATIENCE)) as lock:
        lock.isolation_level = None
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _is_whole(path: Path) -> bool:
    """Can everything in the file be read, and is it all ours?"""
    if not exists(path):
        return True
    try:
        check_header(path)
        with closing(sqlite3.connect(path, timeout=_PATIENCE)) as connection:
            recognise(connection)
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version:
                check_integrity(connection)
                for row in connection.execute(f"SELECT {DRILL} FROM drills"):
                    drill_of(row)
                for row in connection.execute(f"SELECT {_columns(connection, 'events', EVENT)} FROM events"):
                    event_of(row)
                if version == SCHEMA and connection.execute(_ODD_SUMS).fetchone() != (0,):
                    return False
    except WrittenByNewerError:
        return True
    except (*_UNREADABLE, DamagedError) as error:
        if not is_damage(error):
            raise
        return False
    return True


def _readable(path: Path) -> StoredRows:
    """Every row that can still be read, odd values mended, in the order in which they were written."""
    found = StoredRows()
    with suppress(*_UNREADABLE), closing(sqlite3.connect(path, timeout=_PATIENCE)) as connection:
        connection.text_factory = bytes  # not every text is one any more
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LENGTH)
        for statement in ("PRAGMA query_only = ON", "PRAGMA trusted_schema = OFF"):
            with suppress(*_UNREADABLE):
                connection.execute(statement)
        for _, row in _rows(connection, "drills", _columns(connection, "drills", DRILL)):
            if (drill := repaired_drill(row)) is not None:
                found.drills.append(drill)
        for id_, skipped, finished in _sums(connection):
            if finished:
                found.finished.append((id_, skipped))
        keys: set[str] = set()
        for rowid, row in _rows(connection, "events", _columns(connection, "events", EVENT)):
            event = repaired_event(row)
            if event is not None:
                if event.key is None or event.key in keys:  # the same one at every try
                    event = event._replace(key=sha256(repr((rowid, row)).encode()).hexdigest()[:16])
                assert event.key is not None
                keys.add(event.key)
                found.events.append(event)
    return found


def _sums(connection: sqlite3.Connection) -> Iterator[tuple[str, int, int]]:
    for _, (id_, skipped, finished) in _rows(
        connection, "drills", _columns(connection, "drills", "id, skipped, finished")
    ):
        if isinstance(id_, bytes) and isinstance(skipped, int) and isinstance(finished, int):
            yield id_.decode("utf-8", "replace"), min(max(skipped, 0), 1000), finished


def _columns(connection: sqlite3.Connection, table: str, wanted: str) -> str:
    """The columns that are wanted, NULL in place of those that the table does not have: files of old have no keys."""
    names: set[Any] = set()
    with suppress(*_UNREADABLE):
        # To SQLite `tYped` is `typed`: one flipped bit makes one of the other.
        names = {_name(row[1]).lower() for row in connection.execute(f"PRAGMA table_info({table})")}
    return ", ".join(name if name in names else "NULL" for name in wanted.split(", "))


def _name(text: str | bytes) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def _rows(connection: sqlite3.Connection, table: str, columns: str) -> list[tuple[int, tuple[Any, ...]]]:
    """All rows of a table that can be read, by their numbers: from both ends, and each by itself."""
    kinds: list[Any] = []
    least = ", ".join(name if name in _NEEDED else "NULL" for name in columns.split(", "))
    with suppress(*_UNREADABLE):
        kinds = connection.execute("SELECT type FROM sqlite_master WHERE name = ?", (table,)).fetchall()
    if kinds and kinds != [(b"table",)]:
        return []
    found: set[tuple[int, tuple[Any, ...]]] = set()  # a damaged table may have two rows of one number

    def look(condition: str, *bounds: int, columns: str = columns) -> bool:
        query = f"SELECT rowid, {columns} FROM {table} NOT INDEXED WHERE {condition}"
        try:
            for rowid, *row in connection.execute(query, bounds):
                found.add((rowid, tuple(row)))
        except _UNREADABLE:
            return False
        return True

    look("TRUE")
    look("TRUE ORDER BY rowid DESC")
    for first, last in _ranges({*(number for number, _ in found), *_numbers(connection, table)}):
        # One by one: a range that begins well may end too early, where rows are out of order.
        if last - first < _SINGLY:
            for number in range(first, last + 1):
                if not look("rowid = ?", number):
                    look("rowid = ?", number, columns=least)
        else:
            _halve(look, first, last)
    return sorted(found, key=lambda each: each[0])


def _numbers(connection: sqlite3.Connection, table: str) -> Iterator[int]:
    """Numbers of rows as the indexes know them, which may outlive the rows' own pages."""
    names: Sequence[Any] = ()
    with suppress(*_UNREADABLE):
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall()
    for (name,) in names:
        for order in ("ASC", "DESC"):
            with suppress(*_UNREADABLE):
                column = connection.execute(f"PRAGMA index_info({name.decode()})").fetchone()[2].decode()
                query = f"SELECT rowid FROM {table} INDEXED BY {name.decode()} ORDER BY {column} {order}"
                yield from (number for (number,) in connection.execute(query))


def _ranges(numbers: set[int]) -> Iterator[tuple[int, int]]:
    """Where rows may be: around those that are known, and from the first on."""
    first, last = 0, _BEYOND
    for number in sorted(numbers):
        if number > last:
            yield first, last
            first = max(number - _BEYOND, last + 1)
        last = max(last, number + _BEYOND)
    yield first, min(last, 2**63 - 1)


def _halve(look: Callable[..., bool], first: int, last: int) -> None:
    ranges = [(first, last)]
    while ranges:
        first, last = ranges.pop()
        if first == last:
            look("rowid = ?", first)  # which looks at no other row, as a range does
        elif not look("rowid BETWEEN ? AND ?", first, last):
            middle = (first + last) // 2
            ranges += [(middle + 1, last), (first, middle)]
