"""The lesson files on disk, folder by folder, each with a stamp that changes when the file does."""

import os
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from tutor.places import real

UNIT_FILE = "unit.yaml"
_name = attrgetter("name")
_HALF = 1 << 63
_DEEPEST = 6  # units lie in units, perhaps; whoever names the root of a disk should not wait for all of it


@dataclass(frozen=True)
class Folder:
    """A folder with lessons: the names of its YAML files, and of each the time (ns) and size when it was looked at."""

    root: str
    below: str
    names: str
    """Joined by `/`, which no name holds."""
    stamps: bytes

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.root, self.below)

    @cached_property
    def files(self) -> dict[str, tuple[int, int]]:
        """Names and stamps."""
        return stamped(self.names, self.stamps)


def stamp_of(state: os.stat_result) -> tuple[int, int]:
    """Time and size of a file, each in 64 bits, also where a file is from the year 2300."""
    return (state.st_mtime_ns + _HALF) % (2 * _HALF) - _HALF, state.st_size


def stamped(names: str, stamps: bytes) -> dict[str, tuple[int, int]]:
    """Names and stamps of a folder's files."""
    numbers = array("q", stamps)
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return dict(zip(names.split("/"), pairs, strict=True)) if names else {}


def stamps_of(files: dict[str, tuple[int, int]]) -> tuple[str, bytes]:
    """The same as a folder keeps them."""
    numbers = array("q")
    for stamp in files.values():
        numbers.extend(stamp)
    return "/".join(files), numbers.tobytes()


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
    names: list[str] = []
    numbers = array("q")
    inside = []
    try:
        with _listed(root / below if below else root) as found:
            for item in sorted((item for item in found if item.name[0] != "."), key=_name):
                name = item.name
                if name.endswith(".yaml"):
                    try:
                        state = item.stat()
                    except OSError:  # gone since it was listed
                        continue
                    if state.st_mode & 0o170000 == 0o100000:
                        names.append(name)
                        numbers.extend(stamp_of(state))
                        continue
                if item.is_dir(follow_symlinks=False):
                    inside.append(f"{below}/{name}" if below else name)
    except OSError:  # not there, or not for us
        if closed is not None:
            closed.append(root / below if below else root)
        return
    if names:
        yield Folder(str(root), below, "/".join(names), numbers.tobytes())
    for each in inside:
        if each.count("/") < _DEEPEST:
            yield from folders(root, each, closed)


@contextmanager
def _listed(folder: Path) -> Iterator[Iterable[os.DirEntry[str]]]:
    """What is in a folder, held open where the system knows how: the way to it is gone once, not for every file."""
    if os.scandir not in os.supports_fd:
        with os.scandir(folder) as found:
            yield found
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)  # a pipe is no folder to wait for
    try:
        with os.scandir(descriptor) as found:
            yield found
    finally:
        os.close(descriptor)
