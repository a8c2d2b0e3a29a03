"""The course as it is shown: units of lessons in teaching order, made from the rows of the index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from os.path import isdir, isfile
from pathlib import Path

from tutor.course.index import WHOLE, IndexedUnit, IndexRow, LessonInfo
from tutor.course.plain_data import from_json
from tutor.folders.locate import unit_home
from tutor.folders.scan import UNIT_FILE
from tutor.lesson.file.problem import Problem
from tutor.text import Localised, Message, msg


@dataclass(frozen=True)
class CourseEntry:
    """One lesson of the course. With 10,000 around, most of a row is taken apart only where somebody looks."""

    id: str
    unit: str
    row: IndexRow
    wanted: str | None = None
    """The id that it would have, had an earlier folder no lesson of that id; its own is its path then."""
    hidden_by: Path | None = None
    """That other lesson, if it is known."""

    @property
    def path(self) -> Path:
        """Its file."""
        return self.row.path

    @property
    def title(self) -> Localised:
        """Its title; until it is read, its name."""
        return Localised(self.row.en, self.row.zh or None)

    @property
    def questions(self) -> int | None:
        """How many questions it asks; None where that is not known."""
        return self.row.questions if self.row.questions >= 0 else None

    @property
    def is_whole(self) -> bool:
        """Whether it can be opened."""
        return self.row.state == WHOLE

    @property
    def broken(self) -> Problem | None:
        """Its first error."""
        return None if self.is_whole else self.info.broken

    @cached_property
    def info(self) -> LessonInfo:
        """What else is known of it: nothing, where that is damaged."""
        try:
            return LessonInfo(*from_json(self.row.about))
        except (ValueError, TypeError, KeyError):
            return LessonInfo()

    def has(self, text: str) -> bool:
        """Whether a text (in lower case) is in its id or title."""
        return any(text in " ".join(each.casefold().split()) for each in (self.id, self.row.en, self.row.zh))


@dataclass(frozen=True)
class Unit:
    """A folder of lessons in teaching order; its title is a message where the folder has no name of its own."""

    id: str
    title: Localised | Message
    order: float = IndexedUnit().order
    about: Localised | None = None
    lessons: tuple[CourseEntry, ...] = ()
    broken: Problem | None = None

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of its lessons."""
        return tuple(entry.id for entry in self.lessons)

    @cached_property
    def places_of(self) -> dict[str, int]:
        """The place of each id."""
        return {id: place for place, id in enumerate(self.ids)}

    def matching(self, text: str) -> list[int]:
        """Which of its lessons have a text (in lower case) in their id or title, in teaching order."""
        return [k for k, entry in enumerate(self.lessons) if entry.has(text)]


@dataclass(frozen=True)
class Course:
    """All units in teaching order; or, where somebody opened a folder, those of that folder."""

    units: tuple[Unit, ...]
    opened: Path | None = None

    @property
    def entries(self) -> tuple[CourseEntry, ...]:
        """All lessons in teaching order."""
        return tuple(self._lessons.values())

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(self._lessons)

    @cached_property
    def _lessons(self) -> dict[str, CourseEntry]:
        return {entry.id: entry for unit in self.units for entry in unit.lessons}

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    def entry(self, id: str) -> CourseEntry | None:
        """The lesson with an id."""
        return self._lessons.get(id)

    def unit_of(self, id: str) -> Unit | None:
        """The unit that a lesson belongs to."""
        entry = self.entry(id)
        return None if entry is None else self._units[entry.unit]

    def meant(self, id: str, near: CourseEntry) -> CourseEntry | None:
        """The lesson that another one means by an id, as in `requires`; by the ids of its folder of lessons too."""
        if (found := self.entry(id)) is not None:
            return found
        unit = self.unit_of(near.id)
        roots = dict.fromkeys(Path(entry.row.root) for entry in unit.lessons) if unit is not None else {}
        for root in roots:  # a folder of lessons that is itself a unit
            name, _, rest = id.partition("/")
            if name == root.name and (found := self.entry(rest)) is not None and unit == self.unit_of(rest):
                return found
        return next((found for root in roots if (found := self.entry(f"{(root / id).as_posix()}.yaml"))), None)


# From rows


@dataclass(slots=True)
class _Folder:
    """The rows of one folder, and by which ids its lessons go."""

    root: str
    below: str
    unit: IndexRow | None = None
    rows: dict[str, IndexRow] = field(default_factory=dict)
    prefix: str | None = None
    """What stands before their names in their ids (`""`: nothing); None where they go by their paths."""
    hidden: dict[str, Path | None] = field(default_factory=dict)
    """Names that an earlier folder has too, with the lesson there if that is known: these go by their paths."""

    @property
    def path(self) -> Path:
        return Path(self.root, self.below)

    def wanted(self, stem: str) -> str:
        return f"{self.prefix}/{stem}" if self.prefix else stem

    def entry(self, unit: str, stem: str) -> CourseEntry:
        row = self.rows[stem]
        if self.prefix is None:
            return CourseEntry(row.path.as_posix(), unit, row)
        if stem in self.hidden:
            return CourseEntry(row.path.as_posix(), unit, row, self.wanted(stem), self.hidden[stem])
        return CourseEntry(self.wanted(stem), unit, row)


def course_of(rows: Iterable[IndexRow], broken: Sequence[Unit] = ()) -> Course:
    """The course: folders of one name are one unit. Units by their order; `broken` at the end."""
    members: dict[str, list[_Folder]] = {}
    for folder in _folders(rows):
        folder.prefix = folder.below
        members.setdefault(folder.below, []).append(folder)
    units: dict[str, Unit] = {}
    for id, of_one in members.items():
        earlier: dict[str, Path] = {}
        for folder in of_one if len(of_one) > 1 else ():
            folder.hidden = {stem: earlier[stem] for stem in folder.rows if stem in earlier}
            earlier = {stem: row.path for stem, row in folder.rows.items()} | earlier
        # A folder of lessons that is itself a unit says nothing of what lies right in the other folders.
        alone = [folder for folder in of_one if not id and folder.unit is not None]
        if others := [folder for folder in of_one if folder not in alone]:
            units[id] = _unit(id, others)
        for folder in alone:
            name = folder.path.name
            own = folder.path.as_posix() if name in members or name in units else name
            units[own] = _unit(own, [folder])
    return Course((*_in_order(units.values()), *broken))


def opened_course(rows: Iterable[IndexRow], opened: Path, course: Sequence[Path]) -> Course:
    """The lessons of an opened folder, by the rules of `locate.lesson_id`: every folder in it is a unit of its own.

    `course` are the lessons folders of the whole course.
    """
    units: dict[str, Unit] = {}
    known: set[str] = set()
    for folder in _folders(rows):
        root = Path(folder.root)
        earlier = course[: course.index(root)] if root in course else course
        if root in course:
            folder.prefix = folder.below
        elif folder.unit is not None:
            folder.prefix = folder.path.relative_to(unit_home(folder.path)).as_posix()
        if folder.prefix is not None:
            there = [each / folder.prefix for each in earlier if isdir(each / folder.prefix)]
            for stem in folder.rows:
                other = next((path for each in there if isfile(path := each / f"{stem}.yaml")), None)
                if other is not None or folder.wanted(stem) in known:
                    folder.hidden[stem] = other
        id = folder.below if folder.prefix is None else folder.prefix
        id = id if id not in units else folder.path.as_posix()
        units[id] = _unit(id, [folder])
        known.update(entry.id for entry in units[id].lessons)
    return Course(_in_order(units.values()), opened)


def _folders(rows: Iterable[IndexRow]) -> Iterable[_Folder]:
    found: dict[tuple[str, str], _Folder] = {}
    for row in rows:
        place = row[:2]
        if place not in found:
            found[place] = _Folder(*place)
        if row.name == UNIT_FILE:
            found[place].unit = row
        else:
            found[place].rows[row.stem] = row
    return found.values()


def _in_order(units: Iterable[Unit]) -> tuple[Unit, ...]:
    return tuple(sorted((unit for unit in units if unit.lessons), key=lambda unit: (unit.order, unit.id)))


def _unit(id: str, folders: Sequence[_Folder]) -> Unit:
    """A unit of these folders; it is what the first of them says that says anything."""
    head = next((folder.unit for folder in folders if folder.unit is not None), None)
    info = IndexedUnit()
    title: Localised | Message = msg("lesson.own-unit")
    if head is not None:
        title = Localised(head.en, head.zh or None)
        info = _info_of(head)
    elif name := id.rpartition("/")[2] or (folders[0].path.name if folders[0].prefix is None else ""):
        title = Localised(name)
    place = {name: k for k, name in enumerate(info.lessons)}
    found = [(place.get(stem, len(place)), stem, k) for k, folder in enumerate(folders) for stem in folder.rows]
    lessons = tuple(folders[k].entry(id, stem) for _, stem, k in sorted(found))
    return Unit(id, title, info.order, info.about, lessons, info.broken)


def _info_of(row: IndexRow) -> IndexedUnit:
    try:
        return IndexedUnit(*from_json(row.about))
    except (ValueError, TypeError, KeyError):
        return IndexedUnit()
