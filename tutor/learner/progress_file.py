"""The learner's file as something that may be locked, full, damaged, moved or deleted while a tutor works with it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from os.path import exists  # false, where Path.exists raises for a name that is too long
from pathlib import Path
from threading import RLock
from typing import TypeVar

from tutor.learner import rescue
from tutor.learner.damaged_store import check_header, check_integrity, is_damage, set_aside
from tutor.learner.store_schema import WrittenByNewerError, prepare, recognise, schema_cookie
from tutor.learner.stored_rows import DamagedError
from tutor.text import Message, msg

MEMORY = Path(":memory:")  # as SQLite calls a file that is none
HURRY = 0.5
"""Seconds that an answer waits for another program to let go of the file."""

_TRIES = 4  # it may be mended, or another may have come in its place, while we are at it

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Result]


class ProgressFile:
    """Does work on the file at `path`; what goes wrong becomes a `warning`, and costs no more than the work."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warning: Message | None = None
        """Why the last work could not be done, if it could not."""
        self.news: list[Message] = []
        """What the learner should be told once."""
        self.copies = 0
        """Counts the files that were opened: with another one, nothing that was written before is there for sure."""
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._cookie = 0
        self._checked = self._rescues_taken = self._mended = False
        self._using = RLock()

    @property
    def is_there(self) -> bool:
        """Is there anything to read?"""
        return self._connection is not None or exists(self.path) or bool(rescue.waiting_files(self.path))

    @property
    def is_another(self) -> bool:
        """Is the file that was opened not the one that has the name now?"""
        return self._identity is not None and not self._is_same()

    def run(self, work: Work[Result], otherwise: Result, *, whole: bool = False, patience: float = HURRY) -> Result:
        """What `work` returns, else `otherwise`; `whole`: only if all of the file was found in order before.

        A file that turns out damaged, or not to be there any more, gives way to a new one, and the work is done again.
        """
        with self._using:
            for _ in range(_TRIES):
                try:
                    done = work(self._connected(whole, patience))
                    if self._is_same():
                        self.warning = None
                        return done
                except WrittenByNewerError:
                    self.warning = msg("learner.newer", path=str(self.path))
                    return otherwise
                except Exception as error:
                    if not is_damage(error):
                        if not isinstance(error, sqlite3.Error | OSError):
                            raise
                        self.warning = explain_file_error(error, self.path)
                        return otherwise
                    if not self._mend():
                        return otherwise
            self.warning = msg("learner.damaged", path=str(self.path))
            return otherwise

    def write(self, work: Work[Result], otherwise: Result, patience: float = HURRY) -> Result:
        """The same for work that changes the file: all of it or nothing."""

        def change(connection: sqlite3.Connection) -> Result:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                if self._cookie != schema_cookie(connection):  # somebody has planted something since
                    recognise(connection)
                return work(connection)

        return self.run(change, otherwise, whole=True, patience=patience)

    def read_back(self, work: Work[Result], otherwise: Result) -> Result:
        """What `work` finds through a connection of its own: what stands in the file, whatever we believe."""
        if not exists(self.path):
            return otherwise
        try:
            with self._using, closing(sqlite3.connect(self.path, timeout=HURRY)) as connection:
                return work(connection)
        except (sqlite3.Error, OSError, DamagedError, UnicodeError):
            return otherwise

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def _connected(self, whole: bool, patience: float) -> sqlite3.Connection:
        if self._connection is not None and not self._is_same():
            self.close()
        if self._connection is None:
            self._connection = self._opened(patience)
        connection = self._connection
        connection.execute(f"PRAGMA busy_timeout = {int(1000 * patience)}")
        if whole and not self._checked and self.path != MEMORY:
            check_integrity(connection)
            self._checked = True
        if not self._rescues_taken and self.path != MEMORY:
            self._take_in(connection)
        return connection

    def _opened(self, patience: float) -> sqlite3.Connection:
        is_gone = self._identity is not None and not exists(self.path) and not self._mended
        if self.path != MEMORY:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            check_header(self.path)
        connection = sqlite3.connect(self.path, timeout=patience, isolation_level=None, check_same_thread=False)
        try:
            prepare(connection)
            self._cookie = schema_cookie(connection)
        except BaseException:
            connection.close()
            raise
        if is_gone:
            self.news.append(msg("learner.gone", path=str(self.path)))
        self._identity = self._identity_now()
        self._checked = self._rescues_taken = False
        self.copies += 1
        return connection

    def _take_in(self, connection: sqlite3.Connection) -> None:
        """Take in what an earlier sitting could not write; where that does not work now, it will another time."""
        with suppress(sqlite3.OperationalError):
            taken = rescue.import_rescued(connection, self.path)
            self._rescues_taken = True
            if taken and not self._mended:
                self.news.append(msg("learner.taken-in", count=taken))
            self._mended = False

    def _mend(self) -> bool:
        """Set a damaged file aside; False, and a warning, where that cannot be done."""
        self.close()
        try:
            done = set_aside(self.path)
        except (sqlite3.Error, OSError) as error:
            self.warning = (
                msg("learner.damaged", path=str(self.path))
                if is_damage(error)
                else explain_file_error(error, self.path)
            )
            return False
        if done is not None:
            self._mended = True
            counts = {"drills": done.drills, "count": done.steps}
            self.news.append(msg("learner.set-aside", path=str(self.path), file=str(done.file), **counts))
        return True

    def _is_same(self) -> bool:
        return self._identity == self._identity_now()

    def _identity_now(self) -> tuple[int, int] | None:
        """What tells the file from another of its name; None where there is none."""
        try:
            state = self.path.stat()
        except OSError:
            return None
        return state.st_dev, state.st_ino


def explain_file_error(error: sqlite3.Error | OSError, path: Path) -> Message:
    """Why the file cannot be used, for a learner."""
    where = str(path)
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return msg("learner.locked", path=where)
    if primary == sqlite3.SQLITE_READONLY or isinstance(error, PermissionError):
        return msg("learner.read-only", path=where)
    if primary == sqlite3.SQLITE_FULL or getattr(error, "errno", None) == 28 or _is_full(path):
        return msg("learner.disk-full", path=where)
    return msg("learner.unreachable", path=where, reason=str(error))


def _is_full(path: Path) -> bool:
    """SQLite has no word for a disk on which nothing but its index in memory found no room."""
    import shutil

    try:
        return shutil.disk_usage(path.parent).free < 65536
    except OSError:
        return False
