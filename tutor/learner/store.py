"""What a learner has done, on disk: one row per event, written when it happens."""

import os
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tutor.learner import rescue
from tutor.learner.progress_file import HURRY, MEMORY, ProgressFile, Result, Work
from tutor.learner.stored_rows import (
    DRILL,
    EVENT,
    DamagedError,
    DrillRecord,
    Event,
    EventRow,
    Kind,
    Mark,
    State,
    StoredRows,
    drill_of,
    event_of,
    row_of,
    utf8,
)
from tutor.text import Message, msg

__all__ = ["DrillRecord", "Event", "Kind", "Mark", "SittingSaved", "State", "Store"]

PATIENCE = 5.0
"""Seconds that the end of a sitting waits for another program to let go of the file."""


@dataclass(frozen=True, slots=True)
class SittingSaved:
    """What became of a sitting."""

    message: Message | None = None
    """Which part of it is not in the store, and where it is; None: all of it was read back from there."""


class Store:
    """The file with everything a learner has answered.

    It never stands in the way of practice: when the file cannot be written (locked, read-only, a full disk), what
    happens is kept in memory, written as soon as that works again, and `warning` says so meanwhile; what cannot be
    written to the end goes into a rescue file, which the next start takes in. A damaged file is set aside, with all
    that can be read carried over. Several tutors may use the file at once.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = ProgressFile(path)
        self._sitting: list[DrillRecord | EventRow] = []
        """All that was to be written: a file that takes the place of another gets it again."""
        self._written = self._copy = 0
        self._records: dict[str, DrillRecord] = {}
        self._unwritten_because: Message | None = None
        self._kept: tuple[int, SittingSaved] | None = None

    @classmethod
    def in_memory(cls) -> Self:
        """A store that no file stands behind: it is gone when it is closed."""
        return cls(MEMORY)

    @property
    def warning(self) -> Message | None:
        """Why answers cannot be written at the moment, if they cannot."""
        return self._unwritten_because or self._file.warning

    def news(self) -> tuple[Message, ...]:
        """What has happened to the file that the learner should know; each thing is told once."""
        news = tuple(self._file.news)
        self._file.news.clear()
        return news

    def open_drill(self, lesson: str, fingerprint: str, seed: int, numbers: str, generator: int) -> DrillRecord:
        """Note that a drill begins."""
        record = DrillRecord(os.urandom(8).hex(), utf8(lesson), fingerprint, seed, numbers, generator, time.time())
        self._sitting.append(record)
        self.retry()
        return record

    def add(self, drill: str, event: Event) -> None:
        """Note one event of a drill; it is on disk when this returns, unless there is a `warning`."""
        if drill in self._records:
            # Should the file go, the next one knows what this belongs to.
            self._sitting.append(self._records.pop(drill))
        self._sitting.append(row_of(drill, event, time.time()))
        self.retry()

    def latest(self, lesson: str) -> DrillRecord | None:
        """The drill of a lesson that was opened last, if it is not finished."""
        newest = "WHERE lesson = ? ORDER BY rowid DESC LIMIT 1"
        return self._record(f"SELECT {DRILL}, NOT finished FROM drills {newest}", utf8(lesson))

    def unfinished(self, lesson: str, seed: int | None = None) -> DrillRecord | None:
        """The drill of a lesson that was worked at last and is not finished; with `seed` one with these numbers."""
        where = "WHERE lesson = ? AND NOT finished AND turn IS NOT NULL AND (? IS NULL OR seed = ?)"
        return self._record(
            f"SELECT {DRILL}, TRUE FROM drills {where} ORDER BY turn DESC LIMIT 1", utf8(lesson), seed, seed
        )

    def finished(self, lesson: str, seed: int | None = None) -> DrillRecord | None:
        """The drill of a lesson that was opened last (of those with `seed`), if it is finished."""
        newest = "WHERE lesson = ? AND (? IS NULL OR seed = ?) ORDER BY rowid DESC LIMIT 1"
        return self._record(f"SELECT {DRILL}, finished FROM drills {newest}", utf8(lesson), seed, seed)

    def drills(self, lesson: str) -> int:
        """How many drills of a lesson were opened so far."""
        query = "SELECT COUNT(*) FROM drills WHERE lesson = ?"
        return self._read(lambda connection: int(connection.execute(query, (utf8(lesson),)).fetchone()[0]), 0)

    def events(self, drill: str) -> tuple[Event, ...]:
        """All events of a drill, in the order in which they happened."""
        return self._read(lambda connection: _events(connection, drill), ())

    def marks(self) -> dict[str, Mark]:
        """How far each lesson is that was ever worked at."""
        if not self._file.is_there:
            return {}
        return self._file.run(_marks, {})

    def read_back(self, drill: str) -> tuple[Event, ...]:
        """The events of a drill that stand in the file at this moment, whatever this store believes."""
        return self._file.read_back(lambda connection: _events(connection, drill), ())

    # Until everything is written

    def unsaved(self) -> int:
        """Write what waits; how many answers, hints and skips cannot be read back even so."""
        if not self._sitting or self.path == MEMORY:
            return 0
        self.retry()
        return _steps(self._missing())

    def retry(self, patience: float = HURRY) -> None:
        """Write what waits; where that does not work there is a `warning`."""
        if self._written < len(self._sitting) or self._file.is_another:
            written = self._file.write(self._write, None, patience)
            self._unwritten_because = self._file.warning  # until it is written: what is read meanwhile may work
            if written is not None:
                self._written = written

    def put_away(self, patience: float = PATIENCE) -> SittingSaved:
        """Write what waits, into a rescue file if need be, and say what became of the sitting."""
        if not self._sitting or self.path == MEMORY:
            return SittingSaved()
        if self._kept is not None and self._kept[0] == len(self._sitting):
            return self._kept[1]  # as it was put away before
        self.retry(patience)
        return self.rescue(self._missing())

    def rescue(self, rows: Sequence[DrillRecord | EventRow] | None = None) -> SittingSaved:
        """Put rows, those that wait if none are given, into a rescue file; waits for nobody, from any thread."""
        rows = self._sitting[self._written :] if rows is None else rows
        if not rows or self.path == MEMORY:
            return SittingSaved()
        if self._kept is not None and self._kept[0] == len(self._sitting):
            return self._kept[1]
        drills = [row for row in self._sitting if isinstance(row, DrillRecord)]
        events = [row for row in rows if isinstance(row, EventRow)]
        file = rescue.write(self.path, StoredRows(drills, events))
        count = _steps(events)
        message = (
            msg("learner.lost", count=count, path=str(self.path))
            if file is None
            else msg("learner.rescued", count=count, path=str(self.path), file=str(file))
        )
        kept = SittingSaved(message if count else None)
        self._kept = len(self._sitting), kept
        return kept

    def close(self, patience: float = PATIENCE) -> SittingSaved:
        """Put everything away, and let go of the file."""
        kept = self.put_away(patience)
        self._file.close()
        return kept

    def _write(self, connection: sqlite3.Connection) -> int:
        """In a transaction: write what waits; how much of the sitting the file then has."""
        if self._copy != self._file.copies:
            self._written, self._copy = 0, self._file.copies
        count = len(self._sitting)
        rows = self._sitting[self._written :]
        events = [row for row in rows if isinstance(row, EventRow)]
        rescue.insert(connection, StoredRows([row for row in rows if isinstance(row, DrillRecord)], events))
        return count

    def _missing(self) -> list[DrillRecord | EventRow]:
        """The rows of this sitting that cannot be read back."""

        def there(connection: sqlite3.Connection) -> set[str | None]:
            queries = ("SELECT key FROM events WHERE key = ?", "SELECT id FROM drills WHERE id = ?")
            rows = [(queries[isinstance(row, DrillRecord)], row.key) for row in self._sitting]
            return {found for query, key in rows for (found,) in connection.execute(query, (key,))}

        nothing: set[str | None] = set()
        found = self._file.read_back(there, nothing)
        return [row for row in self._sitting if row.key not in found]

    def _record(self, query: str, *parameters: object) -> DrillRecord | None:
        """The drill that a query finds, if its last column holds."""

        def find(connection: sqlite3.Connection) -> DrillRecord | None:
            row = connection.execute(query, parameters).fetchone()
            return drill_of(row[:-1]) if row is not None and row[-1] else None

        record = self._read(find, None)
        if record is not None:
            self._records[record.id] = record
        return record

    def _read(self, work: Work[Result], otherwise: Result) -> Result:
        """What `work` finds, in a file that is in order; a file that is not there has nothing, and is not made."""
        return self._file.run(work, otherwise, whole=True) if self._file.is_there else otherwise


def _steps(rows: Sequence[DrillRecord | EventRow]) -> int:
    return sum(row.is_step for row in rows if isinstance(row, EventRow))


def _events(connection: sqlite3.Connection, drill: str) -> tuple[Event, ...]:
    rows: Iterable[Any] = connection.execute(f"SELECT {EVENT} FROM events WHERE drill = ? ORDER BY id", (drill,))
    return tuple(event_of(row) for row in rows)


# One row per lesson: was a drill of it ever done, and how far is the latest.
_MARKS = """
WITH latest AS (
    SELECT lesson, turn IS NOT NULL AS touched, finished, told + skipped AS settled, MAX(rowid)
    FROM drills GROUP BY lesson
), ever AS (
    SELECT lesson, MAX(finished AND NOT skipped) AS done, MAX(turn) AS turn FROM drills GROUP BY lesson
)
SELECT lesson, done, touched, finished, settled, turn FROM ever JOIN latest USING (lesson) WHERE turn IS NOT NULL
"""


def _marks(connection: sqlite3.Connection) -> dict[str, Mark]:
    marks = {}
    for lesson, done, touched, finished, settled, turn in connection.execute(_MARKS):
        if not (isinstance(lesson, str) and isinstance(settled, int) and isinstance(turn, int)):
            raise DamagedError
        marks[lesson] = Mark(bool(done), bool(touched and not finished), settled, turn)
    return marks
