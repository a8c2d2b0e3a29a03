"""The index of lessons: what was found in each folder, kept in a SQLite file in the cache folder.

It is a cache: whatever is wrong with it (locked, damaged, read-only, a full disk), lessons are read again, and nothing
else is lost. Any number of processes may use it at once, and one that is killed leaves it whole.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from os.path import isfile
from pathlib import Path
from typing import Any, TypeAlias

from tutor import __version__
from tutor.course.index_rows import Contents, Page, digest
from tutor.places import places

Key: TypeAlias = tuple[str, str]
"""The lessons folder of a page, and where the page's folder lies below it."""

_FORMAT = 2
_TIMEOUT = 0.5
_KINDS = [each.type for each in fields(Page)]
_COLUMNS = ", ".join(each.name for each in fields(Page))
_MARKS = ", ".join("?" * len(fields(Page)))
_SQLITE_BROKEN = {
    *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH),
    *(sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_IOERR_SHORT_READ),
}
_ERRORS = (sqlite3.Error, OSError, UnicodeError, OverflowError, MemoryError)
"""What reading and writing a file ends in that may be damaged anywhere."""
_TABLES = (
    f"CREATE TABLE pages ({_COLUMNS}, version, sum, PRIMARY KEY (root, below)) WITHOUT ROWID",
    "CREATE TABLE contents (root, below, search, rows, PRIMARY KEY (root, below)) WITHOUT ROWID",
    "CREATE TABLE renderings (root, below, kind, page, text, sum, PRIMARY KEY (root, below, kind)) WITHOUT ROWID",
    "CREATE TABLE notes (name PRIMARY KEY, text)",
    f"PRAGMA user_version = {_FORMAT}",
)


def index_file() -> Path:
    """Where the index is kept."""
    return places().index


def read_pages(roots: Sequence[str]) -> dict[Key, Page]:
    """The pages of these lessons folders as they were last written; none where there is no index of this version."""
    marks = ", ".join("?" * len(roots))
    query = f"SELECT {_COLUMNS}, sum FROM pages WHERE version = ? AND root IN ({marks})"
    found = {}
    for *columns, total in _rows(query, (__version__, *roots)):
        page = Page(*columns)
        if [*map(type, columns)] == _KINDS and page.digest == total:  # else it is damaged
            found[page.root, page.below] = page
    return found


def read_contents(page: Page) -> Contents | None:
    """The contents that belong to a page; None where they are damaged, or those of another state of it."""
    query = "SELECT search, rows FROM contents WHERE root = ? AND below = ?"
    for search, rows in _rows(query, (page.root, page.below)):
        found = Contents(search, rows)
        if isinstance(search, str) and isinstance(rows, str) and found.digest == page.contents_digest:
            return found
    return None


def write_pages(pages: Sequence[Page], gone: Iterable[Key] = ()) -> None:
    """Keep these pages, and forget those that are gone, with all that was made of them."""
    pages = [page for page in pages if _can_be_kept(page)]

    def write(connection: sqlite3.Connection) -> None:
        for key in (*gone, *((page.root, page.below) for page in pages)):
            for table in ("pages", "contents", "renderings"):
                connection.execute(f"DELETE FROM {table} WHERE root = ? AND below = ?", key)
        for page in pages:
            row = (*page.columns, __version__, page.digest)
            connection.execute(f"INSERT INTO pages VALUES ({_MARKS}, ?, ?)", row)
            contents = (page.root, page.below, page.contents.search, page.contents.rows)
            connection.execute("INSERT INTO contents VALUES (?, ?, ?, ?)", contents)

    _changed(write)


def forget(page: Page) -> None:
    """Drop a page, unless another process has written it anew."""
    row = (page.root, page.below, page.digest)
    _changed(lambda connection: connection.execute("DELETE FROM pages WHERE root = ? AND below = ? AND sum = ?", row))


def read_renderings(kind: str, pages: Sequence[Page]) -> dict[Key, bytes]:
    """What was made of these pages, where it is still known."""
    digests = {(page.root, page.below): page.digest for page in pages}
    roots = list(dict.fromkeys(root for root, _ in digests))
    marks = ", ".join("?" * len(roots))
    query = f"SELECT root, below, page, text, sum FROM renderings WHERE kind = ? AND root IN ({marks})"
    return {
        (root, below): text
        for root, below, page, text, total in _rows(query, (kind, *roots))
        if digests.get((root, below)) == page and digest((text,)) == total
    }


def write_renderings(kind: str, made: Mapping[Key, bytes], pages: Sequence[Page]) -> None:
    """Keep what was made of pages until they change."""
    digests = {(page.root, page.below): page.digest for page in pages}
    rows = [(*key, kind, digests[key], text, digest((text,))) for key, text in made.items()]
    insert = "INSERT OR REPLACE INTO renderings VALUES (?, ?, ?, ?, ?, ?)"
    if rows:
        _changed(lambda connection: connection.executemany(insert, rows))


def _can_be_kept(page: Page) -> bool:
    """SQLite has no text for names that are none in the system's own encoding."""
    try:
        f"{page.root}{page.below}{page.names}".encode()
    except UnicodeEncodeError:
        return False
    return True


def read_note(name: str) -> Any:
    """A note as plain data, or None."""
    for (text,) in _rows("SELECT text FROM notes WHERE name = ?", (name,)):
        with suppress(ValueError, TypeError, RecursionError):
            return json.loads(text)
    return None


def write_note(name: str, plain: Any) -> None:
    """Keep a note."""
    row = (name, json.dumps(plain))
    _changed(lambda connection: connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", row))


def _rows(query: str, parameters: Sequence[object]) -> Iterator[tuple[Any, ...]]:
    """What a query finds; nothing where the index cannot be read. A damaged one goes, so that it is made anew."""
    path = index_file()
    if not isfile(path):
        return
    try:
        with _opened(path) as connection:
            rows = connection.execute(query, parameters).fetchall()
    except _ERRORS as error:
        # A table that is missing may be one that another process is about to make: who writes finds out.
        if _is_broken(error) and getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR:
            _remove(path)
        return
    yield from rows


def _changed(write: Callable[[sqlite3.Connection], object]) -> None:
    """Write in one transaction; a cache that cannot be written costs time at the next start, nothing else."""
    path = index_file()
    for _ in range(2):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with _opened(path) as connection:
                connection.execute("BEGIN IMMEDIATE")
                _prepare(connection)
                write(connection)
                connection.execute("COMMIT")
            return
        except UnicodeEncodeError:  # what is to be written is no text
            return
        except _ERRORS as error:
            if not _is_broken(error):
                return
            _remove(path)  # damaged, or of no use to us: begin anew


def _remove(path: Path) -> None:
    for file in (path, path.with_name(f"{path.name}-journal")):
        with suppress(OSError):
            file.unlink()


def _is_broken(error: Exception) -> bool:
    """Does what stands in the file make no sense? A text that is none in UTF-8 has no code of SQLite."""
    if not isinstance(error, sqlite3.Error):
        return not isinstance(error, OSError)
    code = getattr(error, "sqlite_errorcode", None)
    return code is None or code in _SQLITE_BROKEN or code & 0xFF in _SQLITE_BROKEN


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=_TIMEOUT, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous = OFF")  # a power cut may cost the index; the sums tell
        yield connection
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection) -> None:
    (format_,) = connection.execute("PRAGMA user_version").fetchone()
    if format_ == _FORMAT:
        return
    for table in ("pages", "contents", "renderings", "notes"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _TABLES:
        connection.execute(statement)
