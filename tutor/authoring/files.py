"""The files that paths name, and all of them checked with every core of the machine."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from os.path import isdir
from pathlib import Path
from typing import TypeAlias

from tutor.authoring.check import check_file
from tutor.lesson.crew import SECONDS, Lost, cores, shared
from tutor.lesson.problem import Problem
from tutor.lesson.scanning import folders
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


def check_files(paths: Sequence[Path], progress: Progress | None = None) -> Iterator[Checked]:
    """Every file in the order given; `progress(done, of)` is called as files are done.

    A file at which the process that checked it was killed is told as such.
    """
    workers = min(cores(), len(paths) // _ALONE + 1)
    done: dict[int, Checked] = {}
    given = 0
    for count, (place, checked) in enumerate(_in_turn(paths) if workers < 2 else _shared(paths, workers), 1):
        done[place] = checked
        while given in done:
            yield done.pop(given)
            given += 1
        if progress is not None:
            progress(count, len(paths))


def _in_turn(paths: Sequence[Path]) -> Iterator[tuple[int, Checked]]:
    return ((place, checked(path)) for place, path in enumerate(paths))


def _shared(paths: Sequence[Path], workers: int) -> Iterator[tuple[int, Checked]]:
    for place, found in shared(checked, paths, workers):
        yield place, _lost(paths[place], found) if isinstance(found, Lost) else found


def checked(path: Path) -> Checked:
    """One file, checked."""
    return Checked(path, check_file(path))


def _lost(path: Path, lost: Lost) -> Checked:
    message = msg("authoring.our-fault", error=lost.error) if lost.error else msg("authoring.check-killed")
    if lost.late:
        message = msg("authoring.check-late", seconds=int(SECONDS))
    return Checked(path, (Problem(str(path), 1, 1, "error", message.id.partition(".")[2], message, ""),))
