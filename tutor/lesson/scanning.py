"""The lesson files on disk, folder by folder, each with a stamp that changes when the file does."""

import os
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

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


def folders(root: Path, below: str = "") -> Iterator[Folder]:
    """Every folder that holds YAML files, from `below` in a lessons folder on; hidden ones are left out."""
    try:
        with os.scandir(root / below if below else root) as found:
            items = sorted((item for item in found if not item.name.startswith(".")), key=lambda item: item.name)
    except OSError:  # not there, or not for us
        return
    files: dict[str, tuple[int, int]] = {}
    inside = []
    for item in items:
        name = item.name
        if name.endswith(".yaml"):
            try:
                state = item.stat()
            except OSError:  # gone since it was listed
                continue
            if _is_file(state.st_mode):
                files[name] = (state.st_mtime_ns, state.st_size)
                continue
        if item.is_dir(follow_symlinks=False):
            inside.append(f"{below}/{name}" if below else name)
    if files:
        yield Folder(str(root), below, *stamps_of(files))
    for each in inside:
        if each.count("/") < _DEEPEST:
            yield from folders(root, each)


def _is_file(mode: int) -> bool:
    return mode & 0o170000 == 0o100000
