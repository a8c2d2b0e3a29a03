"""The course from the index, and the index against the folders as they are."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from os.path import isdir, isfile
from pathlib import Path
from typing import NamedTuple

from tutor.course import index
from tutor.course.index_rows import Page
from tutor.course.units import Course, Describe, Progress, Share, Unit, course_of, opened_course
from tutor.folders.locate import all_folders, unit_home
from tutor.folders.packages import Packaged, packaged_lessons
from tutor.folders.scan import UNIT_FILE, ground
from tutor.lesson.problem import Problem
from tutor.places import bundled_lessons, lesson_folders
from tutor.text import Localised, Message


def remembered(opened: Path | None) -> Course | None:
    """The course, or a folder, as the index has it; None where that has nothing of it."""
    noted = _noted()
    course = [*lesson_folders(), *(each.folder for each in noted if each.folder is not None)]
    place = _Place.of(opened, course)
    pages = index.read_pages([str(root) for root in place.roots])
    if not pages:
        return None
    order = {str(root): k for k, root in enumerate(place.roots)}
    kept = [pages[key] for key in sorted(pages, key=lambda key: (order[key[0]], key[1])) if place.holds(key[1])]
    return place.course(kept, () if opened is not None else noted)


def refreshed(
    describe: Describe | None, progress: Progress | None, opened: Path | None, partly: Callable[[Course], None] | None
) -> Course:
    """See `course.refresh_index`."""
    from tutor.course.folder_scan import Book, Sources, read_books
    from tutor.course.prefetch import found_in

    packages = packaged_lessons()
    place = _Place.of(opened, list(all_folders()))
    broken = () if opened is not None else packages
    found = [folder for root in place.roots for folder in found_in(root, place.below)]
    stored = index.read_pages([str(root) for root in place.roots])
    sources = Sources()
    books = [Book.of(folder, stored.get((folder.root, folder.below)), describe, sources) for folder in found]

    def now() -> Course:
        return place.course([book.now() for book in books], broken)

    stale = [book for book in books if book.page is None]
    if stale:
        first = str(bundled_lessons())  # whoever waits, waits for these
        stale.sort(key=lambda book: book.folder.root != first)
        read_books(stale, describe, progress, None if partly is None else lambda: partly(now()))
    gone = {key for key in stored if place.holds(key[1])} - {(folder.root, folder.below) for folder in found}
    if gone:
        index.write_pages((), gone)
    _note(packages)
    return now()


# Which folders


class _Place(NamedTuple):
    """The folders that are looked through: those of the course, or the one that was opened."""

    roots: tuple[Path, ...]
    below: str
    opened: Path | None
    course_roots: tuple[Path, ...]

    @classmethod
    def of(cls, opened: Path | None, course: Sequence[Path]) -> "_Place":
        """All of the course; of a folder in it what lies below; any other folder as the unit, or the units, it is."""
        roots = tuple(dict.fromkeys(course))
        if opened is None:
            return cls(roots, "", None, roots)
        root, below = ground(opened, roots)
        return cls((root,), below, opened, roots)

    def holds(self, below: str) -> bool:
        """Whether a folder is one of those that are looked through."""
        return not self.below or below == self.below or below.startswith(f"{self.below}/")

    def course(self, pages: Sequence[Page], packages: Sequence[Packaged]) -> Course:
        """What these pages are as a course; packages whose lessons cannot be found stand at its end."""
        broken = [_broken_unit(each) for each in packages if each.problem is not None]
        if self.opened is not None:
            return opened_course(map(self._share, pages), self.opened)
        return course_of((Share(each, each.below) for each in pages), broken)

    def _share(self, page: Page) -> Share:
        """A page of an opened folder, by the rules of `locate.lesson_id`."""
        (root,) = self.roots
        if root in self.course_roots:
            prefix, earlier = page.below, self.course_roots[: self.course_roots.index(root)]
        elif UNIT_FILE in page.names.split("/"):
            prefix, earlier = page.folder.relative_to(unit_home(page.folder)).as_posix(), self.course_roots
        else:
            return Share(page, None)
        there = [each / prefix for each in earlier if isdir(each / prefix)]
        hidden = [
            (stem, file.as_posix())
            for stem in (page.order if there else ())
            if (file := next((path for each in there if isfile(path := each / f"{stem}.yaml")), None)) is not None
        ]
        return Share(page, prefix, tuple(hidden))


def _broken_unit(packaged: Packaged) -> Unit:
    assert packaged.problem is not None
    problem = Problem(packaged.package, 0, 0, "error", "package", packaged.problem, "")
    return Unit(f"{packaged.package}:{packaged.name}", Localised(packaged.package), broken=problem)


def _packages_note() -> str:
    return f"packages {sys.prefix}"


def _note(packages: Sequence[Packaged]) -> None:
    """Remember where packages have lessons, so that the first screen need not look through what is installed."""
    plain = [
        {
            "package": each.package,
            "name": each.name,
            "folder": None if each.folder is None else str(each.folder),
            "problem": None if each.problem is None else [each.problem.id, dict(each.problem.params)],
        }
        for each in packages
    ]
    if (index.read_note(_packages_note()) or []) != plain:
        index.write_note(_packages_note(), plain)


def _noted() -> list[Packaged]:
    """Where packages had lessons the last time; nothing where the note cannot be understood."""
    with suppress(TypeError, KeyError, ValueError):
        return [
            Packaged(
                each["package"],
                each["name"],
                None if each["folder"] is None else Path(each["folder"]),
                None if each["problem"] is None else Message(*each["problem"]),
            )
            for each in index.read_note(_packages_note()) or []
        ]
    return []
