"""Where lessons are found: the learner's folder, folders they name, ours, those of installed packages, and any path."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from os.path import isfile  # which is false, and does not raise, behind a folder that cannot be read
from pathlib import Path

from tutor.folders.packages import packaged_lessons
from tutor.folders.scan import UNIT_FILE, folders
from tutor.places import lesson_folders, named_path, real
from tutor.text import Message, msg

_ID = r"[\w-]+(/[\w-]+)*"
_SUFFIXES = (".yaml", ".yml")


class LessonNotFoundError(ValueError):
    """No lesson has this name; `near` are the ids most like it."""

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name, self.near = name, near

    @property
    def message(self) -> Message:
        if self.near:
            return msg("lesson.not-found-near", name=self.name, near=list(self.near))
        return msg("lesson.not-found", name=self.name)


def all_folders() -> Iterator[Path]:
    """Every folder with lessons, the one whose lessons win first; what is installed is looked through last of all."""
    seen = set()
    for folder in lesson_folders():
        seen.add(folder)
        yield folder
    for each in packaged_lessons():
        if each.folder is not None and each.folder not in seen:
            seen.add(each.folder)
            yield each.folder


def find(name: str) -> Path:
    """The file of a lesson by its id or its path; raises LessonNotFoundError with the nearest ids."""
    path = named_path(name)
    by_path = path.suffix in _SUFFIXES and isfile(path)
    # A path that leads to a file needs no look at what is installed, unless an earlier folder has it as an id.
    if name and not path.is_absolute() and ".." not in path.parts and path.name != "unit":
        for folder in lesson_folders() if by_path else all_folders():
            if isfile(candidate := folder / f"{name}.yaml"):
                return candidate
    if by_path:
        return path
    beside = path.with_name(f"{path.name}.yaml") if path.name else path
    if path.name != "unit" and isfile(beside):  # the id of a lesson in a folder that was opened from here
        return beside
    raise LessonNotFoundError(name, nearest_ids(name))


def name_of(path: Path, id: str) -> str:
    """What to type after `tutor` for a lesson: its id where that leads to it, else its path."""
    same = next((file for folder in all_folders() if isfile(file := folder / f"{id}.yaml")), None)
    return id if same is not None and real(same) == real(path) else str(path)


def resolve(id: str, near: Path) -> Path | None:
    """The lesson that the lesson in the file `near` means by an id: one of its own folder of lessons, or any other."""
    if not re.fullmatch(_ID, id):
        return None
    if isfile(file := home_of(near) / f"{id}.yaml"):
        return file
    # A unit may be one of the course's folders itself: its lessons say their unit's name all the same.
    if isfile(near.parent / UNIT_FILE) and isfile(file := unit_home(real(near).parent) / f"{id}.yaml"):
        return file
    return next((file for folder in all_folders() if isfile(file := folder / f"{id}.yaml")), None)


def lesson_id(path: Path) -> str:
    """The id of a lesson: its path below the folder of lessons that it stands in, without the suffix.

    That is one of the course's folders, or the one in which its unit stands, if its folder has a `unit.yaml`.
    Anywhere else, or where the course has another lesson of that id, it is the whole path. Bytes of a name that are no
    UTF-8 are written out.
    """
    return _place(path).encode("utf-8", "backslashreplace").decode()


def _place(path: Path) -> str:
    whole = real(path)
    earlier: list[Path] = []
    for folder in all_folders():
        root = real(folder)
        if root in whole.parents:
            break
        earlier.append(root)
    else:
        if not isfile(whole.parent / UNIT_FILE):
            return whole.as_posix()
        root = home_of(whole)
    below = whole.relative_to(root)
    hidden = whole.suffix != ".yaml" or any(isfile(each / below) for each in earlier)
    return whole.as_posix() if hidden else below.with_suffix("").as_posix()


def home_of(path: Path) -> Path:
    """The folder of lessons that a file stands in: one of the course's, else the one above its outermost unit."""
    whole = real(path)
    for folder in all_folders():
        if (root := real(folder)) in whole.parents:
            return root
    return unit_home(whole.parent)


def unit_home(unit: Path) -> Path:
    """The folder above a unit's folder; where units lie in units, above the outermost."""
    while unit.parent != unit and isfile(unit.parent / UNIT_FILE):
        unit = unit.parent
    return unit.parent


def nearest_ids(name: str, count: int = 3) -> tuple[str, ...]:
    """The ids most like a name, whether its unit was typed or not."""
    ids = lesson_ids()
    wanted = name.removesuffix(".yaml").casefold()
    whole = get_close_matches(wanted, ids, n=count, cutoff=0.6)
    last = {id.rpartition("/")[2]: id for id in reversed(ids)}
    by_last = [last[each] for each in get_close_matches(wanted.rpartition("/")[2], last, n=count, cutoff=0.6)]
    inside = [id for id in ids if wanted and wanted in id]
    return tuple(dict.fromkeys([*whole, *by_last, *inside]))[:count]


def lesson_ids() -> list[str]:
    """The ids of all lessons of the course, without a look into their files; those that are hidden are left out."""
    ids: dict[str, None] = {}
    for root in all_folders():
        for folder in folders(root):
            for name in folder.files:
                if name != UNIT_FILE:
                    stem = name.removesuffix(".yaml")
                    ids[f"{folder.below}/{stem}" if folder.below else stem] = None
    return list(ids)
