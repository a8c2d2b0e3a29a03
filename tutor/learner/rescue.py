"""Rescue files: what could not be written into the store lies beside it, or with temporary files, for the next start.

Every event has a key of its own, so that nothing is taken in twice, however many tutors start at once.
"""

import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from tutor.learner.stored_rows import DRILL, EVENT, DrillRecord, EventRow, StoredRows, repaired_drill, repaired_event

_ENDING = ".jsonl"
_LARGEST = 200_000_000  # bytes of a file that are read


def write(path: Path, found: StoredRows, *, only_beside: bool = False) -> Path | None:
    """Keep rows for the store at `path`; the file, once they were read back from it. None where no place takes them."""
    lines = [json.dumps({table: row}) for table, row in _lines(found)]
    text = "".join(f"{line}\n" for line in lines).encode("ascii")
    for folder, stem in _homes(path)[: 1 if only_beside else None]:
        file = folder / f"{stem}{os.urandom(6).hex()}{_ENDING}"
        part = file.with_suffix(".part")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_trusted(folder, path):
                continue
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            part.replace(file)
            if file.read_bytes() == text:
                return file
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    return None


def waiting_files(path: Path) -> list[Path]:
    """Rescue files for the store at `path` that nobody has taken in."""
    found: list[Path] = []
    for folder, stem in _homes(path):
        with suppress(OSError):
            if _is_trusted(folder, path):
                names = [name for name in os.listdir(folder) if name.startswith(stem) and name.endswith(_ENDING)]
                found += [folder / name for name in sorted(names)]
    return found


def import_rescued(connection: sqlite3.Connection, path: Path) -> int:
    """Write what waits into the store, and remove the files; how many steps are new in it. Raises sqlite3.Error."""
    taken = 0
    for file in waiting_files(path):
        try:
            found, whole = _read(file)
        except OSError:  # another tutor was quicker, or it can be read another time
            continue
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            taken += insert(connection, found)
        with suppress(OSError):
            if whole:
                file.unlink(missing_ok=True)
            else:  # what could not be read stays for somebody who can
                file.rename(file.with_suffix(".unread"))
    return taken


def insert(connection: sqlite3.Connection, found: StoredRows) -> int:
    """Write rows that are not there yet, inside a transaction of the caller's; how many steps were new."""
    new = 0
    for drill in found.drills:
        connection.execute(f"INSERT OR IGNORE INTO drills ({DRILL}) VALUES ({_marks(drill)})", drill)
    for event in found.events:
        done = connection.execute(f"INSERT OR IGNORE INTO events ({EVENT}) VALUES ({_marks(event)})", event)
        new += done.rowcount > 0 and event.is_step
    for drill_id, skipped in found.finished:
        # Its events may be lost; that it was finished is not.
        update = "UPDATE drills SET finished = 1, skipped = ?, at = COALESCE(at, opened), turn = COALESCE(turn, 0)"
        connection.execute(f"{update} WHERE id = ? AND NOT finished", (skipped, drill_id))
    return new


def _homes(path: Path) -> list[tuple[Path, str]]:
    """Folders in which rescue files of a store lie, the better first, and how their names begin."""
    import tempfile

    path = path.absolute()
    who = str(os.getuid()) if hasattr(os, "getuid") else "me"
    which = sha256(os.fsencode(path)).hexdigest()[:12]
    return [
        (path.parent, f"{path.stem}.rescue-"),
        (Path(tempfile.gettempdir()) / f"backprop-tutor-{who}", f"{which}-"),
    ]


def _is_trusted(folder: Path, path: Path) -> bool:
    """The temporary folder is open to all: what lies there counts where nobody else can write to it."""
    if folder == path.absolute().parent or not hasattr(os, "getuid"):
        return True
    state = folder.lstat()
    return stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o022


def _lines(found: StoredRows) -> Iterator[tuple[str, object]]:
    yield from (("drill", row) for row in found.drills)
    yield from (("event", row) for row in found.events)
    yield from (("finished", row) for row in found.finished)


def _read(file: Path) -> tuple[StoredRows, bool]:
    """The rows of a rescue file, and whether that was all: a line that is none is left out."""
    found, whole = StoredRows(), True
    for line in _read_lines(file):
        row: DrillRecord | EventRow | None = None
        with suppress(ValueError, RecursionError, TypeError, AttributeError):
            ((table, values),) = json.loads(line).items()
            if table == "drill" and (row := repaired_drill(values)) is not None:
                found.drills.append(row)
            elif table == "event" and (row := repaired_event(values)) is not None and row.key:
                found.events.append(row)
            elif table == "finished" and isinstance(values[0], str) and isinstance(values[1], int):
                found.finished.append((values[0], values[1]))
            else:
                whole = False
            continue
        whole = False
    return found, whole


def _read_lines(file: Path) -> list[bytes]:
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as lines:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{file} is no file")
        return lines.read(_LARGEST).splitlines()


def _marks(row: DrillRecord | EventRow) -> str:
    return ", ".join("?" * len(row))
