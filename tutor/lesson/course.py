"""The course: units and lessons from all folders, known from an index that is read without any large library."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tutor.lesson.problem import Problem
from tutor.places import lesson_folders
from tutor.text import Localised, Message, msg

if TYPE_CHECKING:
    from tutor.lesson.model import Lesson

Progress: TypeAlias = Callable[[int, int], None]
UNIT_FILE = "unit.yaml"
_LAST = 1e9


@dataclass(frozen=True, slots=True)
class Entry:
    """One lesson of the course; `broken` is its first error. `questions` is None until somebody has counted them."""

    id: str
    path: Path
    unit: str
    title: Localised
    covers: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    questions: int | None = None
    formula: str = ""
    borrows: bool = False
    broken: Problem | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A folder of lessons in teaching order; its title is a message where the folder has no name of its own."""

    id: str
    title: Localised | Message
    order: float = _LAST
    about: Localised | None = None
    names: tuple[str, ...] = ()
    lessons: tuple[Entry, ...] = ()
    broken: Problem | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """What the drill room knows about a lesson: how many questions it asks, and which skills they practise."""

    questions: int
    skills: tuple[str, ...]


Describe: TypeAlias = Callable[["Lesson"], Described]


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


@dataclass(frozen=True, slots=True)
class Course:
    """All units in teaching order."""

    units: tuple[Unit, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All lessons in teaching order."""
        return tuple(entry for unit in self.units for entry in unit.lessons)

    @classmethod
    def from_index(cls) -> "Course | None":
        """The course as it was last seen, without a look at the files; None where there is no index."""
        from tutor.lesson.index import read_index

        index = read_index()
        return None if index is None else arranged(index.units, index.entries)

    def find(self, name: str) -> Path:
        """The file of a lesson by its id or path; raises LessonNotFoundError with the nearest ids."""
        return find(name)


def refresh_index(describe: Describe | None = None, progress: Progress | None = None) -> Course:
    """The course as the files are now: reads what has changed since the last time, and writes the index.

    `describe` counts the questions of a lesson; `progress(done, of)` is called for each file that is read. A file that
    is broken is listed with its error. Without changes nothing large is imported. Safe to call in a thread.
    """
    from tutor.lesson.index import refreshed

    index = refreshed(lesson_files(), describe, progress)
    return arranged(index.units, index.entries)


def find(name: str) -> Path:
    """The file of a lesson by its id or its path; raises LessonNotFoundError with the nearest ids."""
    path = Path(name).expanduser()
    inside = not path.is_absolute() and ".." not in path.parts
    for folder in lesson_folders():
        candidate = folder / f"{name}.yaml"
        if inside and name and path.name != "unit" and candidate.is_file():
            return candidate
    if path.suffix in (".yaml", ".yml") and path.is_file():
        return path
    raise LessonNotFoundError(name, nearest_ids(name))


def nearest_ids(name: str, count: int = 3) -> tuple[str, ...]:
    """The ids most like a name, whether its unit was typed or not."""
    ids = [id for _, id in lesson_files() if Path(id).name != "unit"]
    wanted = name.removesuffix(".yaml").casefold()
    whole = get_close_matches(wanted, ids, n=count, cutoff=0.6)
    last = {id.rpartition("/")[2]: id for id in reversed(ids)}
    by_last = [last[each] for each in get_close_matches(wanted.rpartition("/")[2], last, n=count, cutoff=0.6)]
    inside = [id for id in ids if wanted and wanted in id]
    return tuple(dict.fromkeys([*whole, *by_last, *inside]))[:count]


def lesson_files() -> list[tuple[Path, str]]:
    """Every YAML file of all folders with its id; a file whose id an earlier folder has goes by its path."""
    found: dict[str, Path] = {}
    for folder in lesson_folders():
        for path in _yaml_files(folder):
            id = path.relative_to(folder).with_suffix("").as_posix()
            found[id if id not in found else path.as_posix()] = path
    return [(path, id) for id, path in found.items()]


def arranged(units: tuple[Unit, ...], entries: tuple[Entry, ...]) -> Course:
    """Units by their order, lessons as their unit names them and then by name."""
    known = {unit.id: unit for unit in units}
    members: dict[str, list[Entry]] = {}
    for entry in entries:
        members.setdefault(entry.unit, []).append(entry)
    made = []
    for id, lessons in members.items():
        unit = known.get(id) or Unit(id, Localised(id.rpartition("/")[2]) if id else msg("lesson.own-unit"))
        place = {name: k for k, name in enumerate(unit.names)}
        lessons.sort(key=lambda entry: (place.get(Path(entry.id).stem, len(place)), entry.id))
        made.append(replace(unit, lessons=tuple(lessons)))
    return Course(tuple(sorted(made, key=lambda unit: (unit.order, unit.id))))


def _yaml_files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(".yaml") and not name.startswith("."):
                yield Path(root) / name
