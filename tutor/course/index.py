"""The index of lessons: what was found in each file, kept in a SQLite file in the cache folder.

It is a cache that can be deleted at any time: one that is damaged or of another version is thrown away, one that cannot
be read or written is done without. Any number of processes may use it at once.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from os.path import isfile
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, TypeVar
from zlib import crc32

from tutor import __version__
from tutor.course.plain_data import from_json, to_json
from tutor.folders.scan import Stamp
from tutor.lesson.file.problem import Problem
from tutor.places import places
from tutor.text import Localised

Result = TypeVar("Result")
Key: TypeAlias = tuple[str, str, str]
"""Of a file: its lessons folder, where its folder lies there, and its name."""


WHOLE, BROKEN = 0, 1
FAILED = 2
"""Broken by what may pass without a touch to the file: a permission, a disk that is away, a fault of ours."""


class LessonInfo(NamedTuple):
    """What the course says of a lesson besides its title; `broken` is its first error."""

    covers: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    formula: str = ""
    broken: Problem | None = None


class IndexedUnit(NamedTuple):
    """What a `unit.yaml` says besides the title; `lessons` are the names that it puts in order."""

    order: float = 1e9
    about: Localised | None = None
    lessons: tuple[str, ...] = ()
    broken: Problem | None = None


class IndexRow(NamedTuple):
    """What is known of a file: a lesson, or a `unit.yaml`."""

    root: str
    below: str
    name: str
    mtime_ns: int
    size: int
    en: str
    """Its title."""
    zh: str
    questions: int
    """How many; -1 where nobody has counted them."""
    state: int
    """`WHOLE`, `BROKEN` or `FAILED`."""
    sources: str
    """The files that it takes graphs from, with their stamps, as JSON, or nothing."""
    about: str
    """All else, as JSON: a `LessonInfo` or a `IndexedUnit`."""

    @property
    def key(self) -> Key:
        """Which file."""
        return self[:3]

    @property
    def stamp(self) -> Stamp:
        """The file when it was read."""
        return self[3:5]

    @property
    def stem(self) -> str:
        """Its name without `.yaml`."""
        return self.name[:-5]

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.root, self.below, self.name)


_TYPES = [*IndexRow.__annotations__.values()]
_COLUMNS = ", ".join(IndexRow._fields)
_VERSION = crc32(f"{__version__} {_COLUMNS} 4".encode()) >> 1
_TIMEOUT = 0.5  # seconds to wait for another process
_UNUSABLE = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_IOERR_SHORT_READ)
_TABLES = (
    "DROP TABLE IF EXISTS files",
    "DROP TABLE IF EXISTS notes",
    f"CREATE TABLE files ({_COLUMNS}, PRIMARY KEY (root, below, name)) WITHOUT ROWID",
    "CREATE TABLE notes (name PRIMARY KEY, text)",
    f"PRAGMA user_version = {_VERSION}",
)


def index_file() -> Path:
    """Where the index is kept."""
    return places().index


def read(roots: Sequence[str]) -> list[IndexRow]:
    """What is known of the files in these lessons folders; nothing where there is no index of this version."""
    query = f"SELECT {_COLUMNS} FROM files WHERE root IN ({', '.join('?' * len(roots))})"
    return [IndexRow._make(row) for row in _found(query, roots) if row[0] in roots and [*map(type, row)] == _TYPES]


def write(rows: Iterable[IndexRow], gone: Iterable[Key] = ()) -> None:
    """Keep these rows, and forget the files that are gone."""
    insert = f"INSERT OR REPLACE INTO files VALUES ({', '.join('?' * len(IndexRow._fields))})"
    delete = "DELETE FROM files WHERE root = ? AND below = ? AND name = ?"
    _change((delete, [*gone]), (insert, [row for row in rows if _is_text(row)]))


def read_note(name: str) -> Any:
    """Something else to remember, or None."""
    with suppress(ValueError, TypeError, KeyError):
        return from_json(read_bytes(name).decode())
    return None


def write_note(name: str, note: object) -> None:
    """Remember something else."""
    write_bytes(name, to_json(note).encode())


def read_bytes(name: str) -> bytes:
    """Bytes to remember; none where they are not known."""
    found = _found("SELECT text FROM notes WHERE name = ?", (name,))
    return found[0][0] if found and isinstance(found[0][0], bytes) else b""


def write_bytes(name: str, text: bytes) -> None:
    """Remember bytes, as of a text that is printed as it is."""
    _change(("INSERT OR REPLACE INTO notes VALUES (?, ?)", [(name, text)]))


def _is_text(row: IndexRow) -> bool:
    """SQLite has no text for names that are none in the system's own encoding."""
    try:
        "".join(row.key).encode()
    except UnicodeEncodeError:
        return False
    return True


def _found(query: str, parameters: Sequence[str]) -> list[tuple[Any, ...]]:
    def find(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
        return connection.execute(query, parameters).fetchall() if _is_ours(connection) else []

    path = index_file()
    return (_tried(path, find) or []) if isfile(path) else []


def _change(*statements: tuple[str, Sequence[Sequence[object]]]) -> None:
    """Write in one transaction; a cache that cannot be written costs time at the next start, nothing else."""

    def change(connection: sqlite3.Connection) -> bool:
        connection.execute("BEGIN IMMEDIATE")
        if not _is_ours(connection):
            for statement in _TABLES:
                connection.execute(statement)
        for statement, rows in statements:
            connection.executemany(statement, rows)
        connection.execute("COMMIT")
        return True

    path = index_file()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    if not _tried(path, change) and not isfile(path):  # it was damaged, and is gone
        _tried(path, change)


def _is_ours(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA user_version").fetchone() == (_VERSION,))


def _tried(path: Path, work: Callable[[sqlite3.Connection], Result]) -> Result | None:
    """What the work gives; nothing where the index is in use, or not for us. One that makes no sense is removed."""
    try:
        with closing(sqlite3.connect(path, timeout=_TIMEOUT, isolation_level=None)) as connection:
            return work(connection)
    except (OSError, UnicodeEncodeError):
        return None
    except (sqlite3.Error, UnicodeError, OverflowError, MemoryError) as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # a text that is none has no code
        if not isinstance(error, sqlite3.OperationalError) or code in _UNUSABLE:
            for file in (path, path.with_name(f"{path.name}-journal")):
                with suppress(OSError):
                    file.unlink()
        return None
