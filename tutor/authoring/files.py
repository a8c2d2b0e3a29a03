"""The files that paths name, and all of them checked with every core of the machine."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tutor.lesson.problem import Problem

Progress: TypeAlias = Callable[[int, int], None]
_ALONE = 12  # fewer files are done before other processes have started
_CHUNK = 8


@dataclass(frozen=True, slots=True)
class Checked:
    """One file with what was found in it, errors first."""

    path: Path
    problems: tuple[Problem, ...]


def lesson_files(path: Path) -> list[Path]:
    """The file itself, or every lesson and `unit.yaml` below a folder; hidden ones are left out."""
    if not path.is_dir():
        return [path]
    found = []
    for root, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(root) / name for name in sorted(files) if name.endswith(".yaml") and not name.startswith(".")]
    return found


def check_files(paths: Sequence[Path], progress: Progress | None = None) -> Iterator[Checked]:
    """Every file in the order given; `progress(done, of)` is called as files are done."""
    workers = min(_cores(), (len(paths) + _CHUNK - 1) // _CHUNK)
    for done, checked in enumerate(_in_turn(paths) if len(paths) < _ALONE or workers < 2 else _shared(paths, workers)):
        yield checked
        if progress is not None:
            progress(done + 1, len(paths))


def _in_turn(paths: Sequence[Path]) -> Iterator[Checked]:
    return map(_checked, paths)


def _shared(paths: Sequence[Path], workers: int) -> Iterator[Checked]:
    pool = ProcessPoolExecutor(max_workers=workers)
    try:
        yield from pool.map(_checked, paths, chunksize=_CHUNK)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _checked(path: Path) -> Checked:
    from tutor.authoring.check import check_file

    return Checked(path, check_file(path))


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
