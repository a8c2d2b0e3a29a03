"""The course from the index, and the index against the folders as they are."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeAlias

from tutor.course import index
from tutor.course.describe import Description, describe_lesson, describe_unit, lost, source_of
from tutor.course.index import FAILED, IndexRow, Key
from tutor.course.plain_data import from_json
from tutor.course.units import Course, Unit, course_of, opened_course
from tutor.folders.locate import all_folders
from tutor.folders.packages import Packaged, packaged_lessons
from tutor.folders.scan import UNIT_FILE, Folder, Stamp, folders, ground
from tutor.lesson.file.problem import Problem
from tutor.places import bundled_lessons, lesson_folders
from tutor.text import Localised

Progress: TypeAlias = Callable[[int, int], None]
Describe: TypeAlias = Callable[[Path], Description]
MANY = 150
"""So many files to read are shared among processes, and what is known meanwhile is shown."""
_OFTEN = 0.5  # seconds between two looks at what is known so far, which is written then
_PART = 10  # of the time that goes by, a tenth at most goes into these looks


def course_from_index(opened: Path | None = None) -> Course | None:
    """The course, or a folder, as it was last seen, without a look at the files; None where there is no index."""
    noted = _noted_packages()
    scope = _Scope.of(opened, [*lesson_folders(), *(each.folder for each in noted if each.folder is not None)])
    order = {str(root): k for k, root in enumerate(scope.roots)}
    rows = [row for row in index.read([*order]) if scope.holds(row.below)]
    return scope.course(sorted(rows, key=lambda row: (order[row.root], row.below)), noted) if rows else None


def refresh_index(
    progress: Progress | None = None,
    *,
    opened: Path | None = None,
    partly: Callable[[Course], None] | None = None,
    describe: Describe = describe_lesson,
) -> Course:
    """The course, or the lessons of a folder, as the files are now: reads what has changed, and writes the index.

    `progress(done, of)` is called for each file that is read; where that takes long, `partly` gets what is known so
    far, with lessons that are not read yet under their names. A file that is broken is listed with its error. Without
    changes nothing large is imported. Safe to call in a thread.
    """
    packages = packaged_lessons()
    scope = _Scope.of(opened, list(all_folders()))
    found = [folder for root in scope.roots for folder in folders(root, scope.below)]
    known = {row.key: row for row in index.read([str(root) for root in scope.roots])}
    reading = _Reading(found, known)

    def course() -> Course:
        return scope.course(reading.rows.values(), packages)

    if reading.stale:
        reading.read(describe, progress, None if partly is None else lambda: partly(course()))
    gone = [key for key, row in known.items() if scope.holds(row.below) and key not in reading.rows]
    if gone:
        index.write((), gone)
    if _noted_packages() != list(packages):
        index.write_note(_packages_note(), packages)
    return course()


class _Reading:
    """The rows of all files as far as they are known, and which files are still to be read."""

    def __init__(self, found: Iterable[Folder], known: dict[Key, IndexRow]) -> None:
        self.rows: dict[Key, IndexRow] = {}
        self.stale: dict[Key, Stamp] = {}
        self._new: list[IndexRow] = []
        sources: dict[tuple[str, Path], object] = {}
        for folder in found:
            near = folder.path / UNIT_FILE
            for name, stamp in folder.files.items():
                key = (folder.root, folder.below, name)
                row = known.get(key)
                if row is None or row.stamp != stamp or row.state == FAILED or _has_moved(row, near, sources):
                    self.stale[key] = stamp
                    row = IndexRow._make((*key, *stamp, *Description(Path(name).stem)))
                self.rows[key] = row

    def read(self, describe: Describe, progress: Progress | None, show: Callable[[], None] | None) -> None:
        """Read what is stale, write it to the index as it comes, and `show` from time to time where it takes long."""
        total = len(self.stale)
        due = time.monotonic() + (0.0 if total >= MANY else _OFTEN)

        def look() -> None:
            nonlocal due
            before = time.monotonic()
            if show is not None and before >= due:
                show()
                self._write()
                after = time.monotonic()
                due = after + max(_OFTEN, _PART * (after - before))

        try:
            if progress is not None:
                progress(0, total)
            for done, (key, description) in enumerate(self._described(describe, look if show else None), 1):
                self.rows[key] = IndexRow._make((*key, *self.stale[key], *description))
                self._new.append(self.rows[key])
                if progress is not None and done < total:
                    progress(done, total)
                look()
        finally:
            self._write()

    def _write(self) -> None:
        index.write(self._new)
        self._new = []

    def _described(self, describe: Describe, idle: Callable[[], None] | None) -> Iterator[tuple[Key, Description]]:
        """By other processes where it is much, or where a screen must not wait for what is not ours."""
        ours = str(bundled_lessons())  # those are quick, and first
        for key in [key for key in self.stale if key[2] == UNIT_FILE]:
            yield key, describe_unit(Path(*key))
        # Large files come last: whatever they take, the others are known by then.
        lessons = sorted(
            (key for key in self.stale if key[2] != UNIT_FILE), key=lambda key: (key[0] != ours, self.stale[key][1])
        )
        many = len(self.stale) >= MANY
        here = [key for key in lessons if not many and (idle is None or key[0] == ours)]
        for key in here:
            yield key, describe(Path(*key))
        away = lessons[len(here) :]
        if not away:
            return
        from tutor.course.worker_pool import Lost, WorkerPool, cores, shared

        paths = [Path(*key) for key in away]
        with WorkerPool(min(cores(), len(paths)), behind=True) as pool:
            for k, described in shared(describe, paths, pool, idle):
                if isinstance(described, Lost):
                    described = lost(paths[k], error=described.error, late=described.late)
                yield away[k], described


def _has_moved(row: IndexRow, near: Path, sources: dict[tuple[str, Path], object]) -> bool:
    """Whether a lesson would take its graphs from other files now, or from files that have changed."""
    if not row.sources:
        return False
    with suppress(ValueError, TypeError, KeyError):
        for source in from_json(row.sources):
            place = (source[0], near)
            if place not in sources:
                sources[place] = source_of(*place)
            if sources[place] != source:
                return True
        return False
    return True


# Which folders


class _Scope(NamedTuple):
    """The folders that are looked through: those of the course, or the one that was opened."""

    roots: tuple[Path, ...]
    below: str
    opened: Path | None
    course_roots: tuple[Path, ...]

    @classmethod
    def of(cls, opened: Path | None, course: Sequence[Path]) -> "_Scope":
        """All of the course; of a folder in it what lies below; any other folder as the unit, or the units, it is."""
        roots = tuple(dict.fromkeys(course))
        if opened is None:
            return cls(roots, "", None, roots)
        root, below = ground(opened, roots)
        return cls((root,), below, opened, roots)

    def holds(self, below: str) -> bool:
        """Whether a folder is one of those that are looked through."""
        return not self.below or below == self.below or below.startswith(f"{self.below}/")

    def course(self, rows: Iterable[IndexRow], packages: Sequence[Packaged]) -> Course:
        """What these rows are as a course; packages whose lessons cannot be found stand at its end."""
        if self.opened is not None:
            return opened_course(rows, self.opened, self.course_roots)
        return course_of(rows, [_broken_unit(each) for each in packages if each.problem is not None])


def _broken_unit(packaged: Packaged) -> Unit:
    assert packaged.problem is not None
    problem = Problem(packaged.package, 0, 0, "error", "package", packaged.problem, "")
    return Unit(f"{packaged.package}:{packaged.name}", Localised(packaged.package), broken=problem)


# Where packages have lessons is remembered, so that the first screen need not look through what is installed.


def _packages_note() -> str:
    return f"packages {sys.prefix}"


def _noted_packages() -> list[Packaged]:
    """Where packages had lessons the last time; nothing where the note cannot be understood."""
    with suppress(TypeError, ValueError):
        return [Packaged(*each) for each in index.read_note(_packages_note()) or ()]
    return []
