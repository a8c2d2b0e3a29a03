"""The files that paths name, and all of them checked with every core of the machine."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from os.path import isdir
from pathlib import Path
from typing import TypeAlias

from tutor.authoring.lesson_check import check_file, check_packed
from tutor.course.packed import PackedLesson
from tutor.course.worker_pool import SECONDS, Lost, WorkerPool, cores, shared
from tutor.folders.scan import UNIT_FILE, folders
from tutor.lesson.file.problem import LessonError, Problem
from tutor.text import msg

Progress: TypeAlias = Callable[[int, int], None]
_ALONE = 12  # fewer files are done before other processes have started


@dataclass(frozen=True, slots=True)
class Checked:
    """One file with what was found in it, errors first."""

    path: Path
    problems: tuple[Problem, ...]


def lesson_files(path: Path) -> list[Path]:
    """The file itself, or every lesson and `unit.yaml` below a folder; hidden ones are left out.

    Folders that cannot be looked into are among them: to read one says why.
    """
    if not isdir(path):
        return [path]
    closed: list[Path] = []
    found = [folder.path / name for folder in folders(path, closed=closed) for name in folder.files]
    return [*found, *closed]


def check_files(
    paths: Sequence[Path], progress: Progress | None = None, pool: Executor | None = None
) -> Iterator[Checked]:
    """Every file in the order given; `progress(done, of)` is called as files are done.

    A file at which the process that checked it was killed is told as such. A `pool` of other machines is sent the
    texts of the lessons; without one those of this machine's cores read the files.
    """
    done: dict[int, Checked] = {}
    given = 0
    for count, (place, found) in enumerate(_here(paths) if pool is None else _away(paths, pool), 1):
        done[place] = Checked(paths[place], _lost(paths[place], found) if isinstance(found, Lost) else found)
        while given in done:
            yield done.pop(given)
            given += 1
        if progress is not None:
            progress(count, len(paths))


def _here(paths: Sequence[Path]) -> Iterator[tuple[int, tuple[Problem, ...] | Lost]]:
    workers = min(cores(), len(paths) // _ALONE + 1)
    if workers < 2:
        yield from ((place, check_file(path)) for place, path in enumerate(paths))
        return
    with WorkerPool(workers) as pool:
        yield from shared(check_file, paths, pool)


def _away(paths: Sequence[Path], pool: Executor) -> Iterator[tuple[int, tuple[Problem, ...] | Lost]]:
    packed: dict[int, PackedLesson] = {}
    for place, path in enumerate(paths):
        try:
            if path.name != UNIT_FILE:  # which is about the files beside it, and soon checked
                packed[place] = PackedLesson.of(path)
                continue
        except LessonError as error:
            yield place, error.problems
            continue
        yield place, check_file(path)
    places = list(packed)
    for k, found in shared(check_packed, [*packed.values()], pool):
        yield places[k], found


def _lost(path: Path, lost: Lost) -> tuple[Problem, ...]:
    message = msg("authoring.our-fault", error=lost.error) if lost.error else msg("authoring.check-killed")
    if lost.late:
        message = msg("authoring.check-late", seconds=int(SECONDS))
    return (Problem(str(path), 1, 1, "error", message.id.partition(".")[2], message, ""),)
