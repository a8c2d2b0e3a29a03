"""The course: units and lessons from all folders, known from an index that is read without any large library."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tutor.lesson.finding import LessonNotFoundError, find, lesson_ids, nearest_ids
from tutor.lesson.pages import LAST, UNIT_FILE, Entry, Page
from tutor.lesson.problem import Problem
from tutor.text import Localised, Message, msg

if TYPE_CHECKING:
    from tutor.lesson.model import Lesson

__all__ = ["UNIT_FILE", "Entry", "LessonNotFoundError", "find", "lesson_ids", "nearest_ids"]

Progress: TypeAlias = Callable[[int, int], None]
MANY = 150
"""So many files to read are shared among processes, and what is known meanwhile is shown."""


class Described(NamedTuple):
    """What the drill room knows about a lesson: how many questions it asks, and which skills they practise."""

    questions: int
    skills: tuple[str, ...]


Describe: TypeAlias = Callable[[str, Path], tuple["Lesson", Described]]


@dataclass(frozen=True)
class Share:
    """The lessons of a unit that one folder holds, and by which ids they go."""

    page: Page
    prefix: str | None
    """What stands before their names in their ids (`""`: nothing); None where they go by their paths."""
    hidden: tuple[tuple[str, str], ...] = ()
    """Names that an earlier folder has too, with the lesson's path there, if that is known: these go by their paths."""

    @cached_property
    def hidden_by(self) -> dict[str, str]:
        """The earlier lesson of each hidden name."""
        return dict(self.hidden)

    def path(self, stem: str) -> Path:
        """The file of a lesson."""
        return self.page.folder / f"{stem}.yaml"

    def id(self, stem: str) -> str:
        """The id of a lesson."""
        if self.prefix is None or stem in self.hidden_by:
            return self.path(stem).as_posix()
        return f"{self.prefix}/{stem}" if self.prefix else stem


@dataclass(frozen=True)
class Unit:
    """A folder of lessons in teaching order; its title is a message where the folder has no name of its own.

    With 10,000 lessons around, what is said of each is taken apart only where somebody asks.
    """

    id: str
    title: Localised | Message
    order: float = LAST
    about: Localised | None = None
    names: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()
    broken: Problem | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is no lesson in it."""
        return not any(share.page.stems for share in self.shares)

    @cached_property
    def places(self) -> tuple[tuple[int, int], ...]:
        """Of each lesson in teaching order its share and its place there."""
        if len(self.shares) == 1:
            return tuple((0, k) for k in range(len(self.shares[0].page.order)))
        place = {name: k for k, name in enumerate(self.names)}
        found = [
            (place.get(stem, len(place)), stem, number, k)
            for number, share in enumerate(self.shares)
            for k, stem in enumerate(share.page.order)
        ]
        return tuple((number, k) for _, _, number, k in sorted(found))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of its lessons."""
        return tuple(self.shares[number].id(self.shares[number].page.order[k]) for number, k in self.places)

    @cached_property
    def places_of(self) -> dict[str, int]:
        """The place of each id."""
        return {id: place for place, id in enumerate(self.ids)}

    @cached_property
    def whole(self) -> frozenset[str]:
        """The ids of those that are not broken."""
        return frozenset(share.id(stem) for share in self.shares for stem in share.page.whole)

    @property
    def lessons(self) -> tuple[Entry, ...]:
        """Its lessons."""
        return tuple(self.lesson(k) for k in range(len(self.places)))

    def lesson(self, k: int) -> Entry:
        """One of them."""
        if k not in self._known:
            self._known[k] = self._entry(*self.places[k])
        return self._known[k]

    @cached_property
    def _known(self) -> dict[int, Entry]:
        return {}

    def matching(self, text: str) -> list[int]:
        """Which of its lessons have a text (in lower case) in their id or title, in teaching order."""
        return [k for k, line in enumerate(self._searched) if text in line]

    @cached_property
    def _searched(self) -> tuple[str, ...]:
        lines = [share.page.searched for share in self.shares]
        return tuple(
            f"{id.casefold()}\t{lines[number][k]}" for id, (number, k) in zip(self.ids, self.places, strict=True)
        )

    def _entry(self, number: int, k: int) -> Entry:
        share = self.shares[number]
        row = share.page.row(k)
        hidden = share.hidden_by.get(row.stem)
        return Entry(
            id=share.id(row.stem),
            path=share.path(row.stem),
            unit=self.id,
            title=row.title,
            covers=row.covers,
            requires=row.requires,
            skills=row.skills,
            questions=row.questions,
            formula=row.formula,
            broken=row.broken,
            hidden_by=Path(hidden) if hidden else None,
        )


@dataclass(frozen=True)
class Course:
    """All units in teaching order; or, where somebody opened a folder, those of that folder."""

    units: tuple[Unit, ...]
    opened: Path | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All lessons in teaching order. Of a large course that takes a while."""
        return tuple(entry for unit in self.units for entry in unit.lessons)

    @cached_property
    def ids(self) -> dict[str, int]:
        """The ids of all lessons in teaching order, each with the number of its unit."""
        return {id: number for number, unit in enumerate(self.units) for id in unit.ids}

    def unit_of(self, id: str) -> Unit | None:
        """The unit that a lesson belongs to."""
        number = self.ids.get(id)
        return None if number is None else self.units[number]

    def entry(self, id: str) -> Entry | None:
        """The lesson with an id."""
        unit = self.unit_of(id)
        return None if unit is None else unit.lesson(unit.places_of[id])

    def meant(self, id: str, near: Entry) -> Entry | None:
        """The lesson that another one means by an id, as in `requires`; by the ids of its folder of lessons too."""
        if (found := self.entry(id)) is not None:
            return found
        unit = self.unit_of(near.id)
        roots = dict.fromkeys(Path(share.page.root) for share in unit.shares) if unit is not None else {}
        for root in roots:  # a folder of lessons that is itself a unit
            name, _, rest = id.partition("/")
            if name == root.name and (found := self.entry(rest)) is not None and unit == self.unit_of(rest):
                return found
        return next((found for root in roots if (found := self.entry(f"{(root / id).as_posix()}.yaml"))), None)

    @classmethod
    def from_index(cls, opened: Path | None = None) -> "Course | None":
        """The course, or a folder, as it was last seen, without a look at the files; None where there is no index."""
        from tutor.lesson.refreshing import remembered

        return remembered(opened)

    def find(self, name: str) -> Path:
        """The file of a lesson by its id or path; raises LessonNotFoundError with the nearest ids."""
        return find(name)


def refresh_index(
    describe: Describe | None = None,
    progress: Progress | None = None,
    *,
    opened: Path | None = None,
    partly: Callable[[Course], None] | None = None,
) -> Course:
    """The course, or the lessons of a folder, as the files are now: reads what has changed, and writes the index.

    `describe` reads the text of a lesson at a path and counts its questions; `progress(done, of)` is called for each
    file that is read; where that takes long, `partly` gets what is known so far, with lessons that are not read yet
    under their names. A file that is broken is listed with its error. Without changes nothing large is imported. Safe
    to call in a thread.
    """
    from tutor.lesson.refreshing import refreshed

    return refreshed(describe, progress, opened, partly)


def course_of(shares: Iterable[Share], broken: Sequence[Unit] = ()) -> Course:
    """The course: folders of one name are one unit. Units by their order; `broken` at the end."""
    members: dict[str, list[Share]] = {}
    for share in shares:
        members.setdefault(share.page.below, []).append(share)
    units: dict[str, Unit] = {}
    for id, of_one in members.items():
        told = _told(of_one)
        # A folder of lessons that is itself a unit says nothing of what lies right in the other folders.
        alone = [share for share in told if not id and share.page.head is not None]
        if others := [share for share in told if share not in alone]:
            units[id] = _unit(id, others)
        for share in alone:
            name = share.page.folder.name
            own = share.page.folder.as_posix() if name in members or name in units else name
            units[own] = _unit(own, [share])
    return Course((*_in_order(units.values()), *broken))


def opened_course(shares: Iterable[Share], folder: Path) -> Course:
    """The lessons of an opened folder: every folder in it is a unit of its own."""
    units: dict[str, Unit] = {}
    known: set[str] = set()
    for share in shares:
        twice = [(stem, "") for stem in share.page.order if share.id(stem) in known]
        told = Share(share.page, share.prefix, (*share.hidden, *twice)) if twice else share
        known.update(told.id(stem) for stem in told.page.order)
        id = share.page.below if share.prefix is None else share.prefix
        id = id if id not in units else share.page.folder.as_posix()
        units[id] = _unit(id, [told])
    return Course(_in_order(units.values()), folder)


def _told(shares: Sequence[Share]) -> list[Share]:
    """The shares of a unit in the order of their folders, each told which of its names an earlier one has."""
    if len(shares) == 1:
        return list(shares)
    earlier: dict[str, str] = {}
    told = []
    for share in shares:
        hidden = tuple((stem, earlier[stem]) for stem in share.page.order if stem in earlier)
        told.append(Share(share.page, share.prefix, hidden))
        for stem in share.page.order:
            earlier.setdefault(stem, share.path(stem).as_posix())
    return told


def _in_order(units: Iterable[Unit]) -> tuple[Unit, ...]:
    return tuple(sorted((unit for unit in units if not unit.is_empty), key=lambda unit: (unit.order, unit.id)))


def _unit(id: str, shares: Sequence[Share]) -> Unit:
    """What the first of its folders says that says anything."""
    head = next((share.page.head for share in shares if share.page.head is not None), None)
    if head is None:
        name = id.rpartition("/")[2] or (shares[0].page.folder.name if shares[0].prefix is None else "")
        return Unit(id, Localised(name) if name else msg("lesson.own-unit"), shares=tuple(shares))
    return Unit(id, head.title, head.order, head.about, head.names, tuple(shares), head.broken)
