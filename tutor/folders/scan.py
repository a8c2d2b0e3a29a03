"""The lesson files on disk, folder by folder, each with a stamp that changes when the file does."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from stat import S_ISDIR
from typing import TypeAlias

from tutor.places import real

UNIT_FILE = "unit.yaml"
Stamp: TypeAlias = tuple[int, int]
"""Time of the last change (ns) and size of a file."""
_name = attrgetter("name")
_LATEST = (1 << 63) - 1  # ns, in the year 2262: more is no number to SQLite
_DEEPEST = 6  # units lie in units, perhaps; whoever names the root of a disk should not wait for all of it


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with lessons: which lessons folder it lies in, where there (`""`: it is that), and its YAML files."""

    root: str
    below: str
    files: dict[str, Stamp]

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.root, self.below)


def stamp_of(state: os.stat_result) -> Stamp:
    """The stamp of a file."""
    return min(state.st_mtime_ns, _LATEST), state.st_size


def ground(opened: Path, course: Iterable[Path]) -> tuple[Path, str]:
    """The folder of lessons that an opened folder belongs to, and where it lies there: one of the course's if it can.

    Else, if there are lessons right in it, it is a unit of the folder above; if not, its units are in it.
    """
    whole = real(opened)
    for root in course:
        if whole.is_relative_to(real(root)):
            below = whole.relative_to(real(root)).as_posix()
            return root, "" if below == "." else below
    if any(each.suffix == ".yaml" and not each.name.startswith(".") for each in whole.iterdir()):
        return whole.parent, whole.name
    return whole, ""


def folders(root: Path, below: str = "", closed: list[Path] | None = None) -> Iterator[Folder]:
    """Every folder that holds YAML files, from `below` in a lessons folder on; hidden ones are left out.

    Those that cannot be looked into are noted in `closed`.
    """
    files: dict[str, Stamp] = {}
    inside = []
    try:
        with os.scandir(root / below) as found:
            for item in sorted((item for item in found if item.name[0] != "."), key=_name):
                if item.name.endswith(".yaml"):
                    state = _state(item)
                    if state is None:
                        continue
                    if not S_ISDIR(state.st_mode):  # a pipe, a device or a broken link too: to read it says why not
                        files[item.name] = stamp_of(state)
                        continue
                if item.is_dir(follow_symlinks=False):
                    inside.append(f"{below}/{item.name}" if below else item.name)
    except OSError:  # not there, or not for us
        if closed is not None:
            closed.append(root / below)
        return
    if files:
        yield Folder(str(root), below, files)
    for each in inside:
        if each.count("/") < _DEEPEST:
            yield from folders(root, each, closed)


def _state(item: os.DirEntry[str]) -> os.stat_result | None:
    """Of the file, or of the link that leads to none; None where it is gone since it was listed."""
    try:
        return item.stat()
    except OSError:
        with suppress(OSError):
            return item.stat(follow_symlinks=False)
    return None
