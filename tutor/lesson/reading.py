"""What the index keeps of lesson files, read anew where they have changed."""

import pickle
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tutor.lesson import index
from tutor.lesson.course import MANY, Describe, Progress
from tutor.lesson.finding import resolve
from tutor.lesson.pages import UNIT_FILE, Head, Page, Row, Source, page, sources_of
from tutor.lesson.problem import LessonError, Problem
from tutor.lesson.scanning import Folder, stamp_of, stamped, stamps_of
from tutor.places import bundled_lessons
from tutor.text import Localised, msg

_OFTEN = 0.5  # seconds between two looks at what is known so far, which is written then
_PART = 10  # of the time that goes by, a tenth at most goes into these looks
_FROM = re.compile(r"\bfrom:\s*[\"']?([\w/-]+)")


class Sources:
    """The files that ids mean, each looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Path], Source] = {}

    def has_changed(self, page: Page, sources: Sequence[Source]) -> bool:
        """Whether a lesson of a page would take its graphs from other files now, or from files that have changed."""
        near = page.folder / UNIT_FILE
        return any(self._now(source.id, near) != source for source in sources)

    def _now(self, id: str, near: Path) -> Source:
        key = (id, near.parent)
        if key not in self._known:
            self._known[key] = source_of(id, near)
        return self._known[key]


def source_of(id: str, near: Path) -> Source:
    """The file that the lesson at `near` means by an id, as it is now."""
    path = resolve(id, near)
    if path is None:
        return Source(id, "", None)
    with suppress(OSError):
        state = path.stat()
        return Source(id, str(path), stamp_of(state))
    return Source(id, str(path), None)


@dataclass(slots=True)
class Book:
    """A folder as it is on disk, with what is known of its lessons and what is still to be read."""

    folder: Folder
    page: Page | None
    """The page of the index, where all of it still holds."""
    rows: dict[str, Row] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    head: Head | None = None
    counted: bool = False
    is_new: bool = False
    """Something was read since it was last written."""
    shown: Page | None = None
    """What is known so far as a page, until something more is read."""

    @classmethod
    def of(cls, folder: Folder, before: Page | None, describe: Describe | None, sources: Sources) -> "Book":
        """What the index has of a folder, and the files that it does not have as they are."""
        borrowing = sources_of(before) if before is not None and before.sources else {}
        moved = {stem for stem, each in borrowing.items() if before and sources.has_changed(before, each)}
        counts = describe is not None
        same = before is not None and before.names == folder.names and before.stamps == folder.stamps
        if before is not None and same and not moved and bool(before.counted) >= counts:
            return cls(folder, before)
        read = stamped(before.names, before.stamps) if before is not None else {}
        book = cls(folder, None, counted=counts)
        known = {row.stem: row for row in before.all_rows} if before is not None else {}
        for name, stamp in folder.files.items():
            stem = name.removesuffix(".yaml")
            if name == UNIT_FILE:
                if read.get(name) == stamp and before is not None:
                    book.head = before.head
                else:
                    book.unread.insert(0, name)
                continue
            row = known.get(stem)
            uncounted = counts and row is not None and row.questions is None and row.broken is None
            if row is None or read.get(name) != stamp or stem in moved or uncounted:
                book.unread.append(name)
            else:
                book.rows[stem] = row
        return book

    def take(self, name: str, found: Row | Head) -> None:
        """Something was read."""
        self.unread.remove(name)
        self.is_new, self.shown = True, None
        if isinstance(found, Head):
            self.head = found
        else:
            self.rows[found.stem] = found

    def now(self) -> Page:
        """The page as far as it is known; what is not read yet stands under its name."""
        known = self.page or self.shown
        if known is not None:
            return known
        names = (name.removesuffix(".yaml") for name in self.unread if name != UNIT_FILE)
        rows = [*self.rows.values(), *(Row(name, Localised(name)) for name in names)]
        self.shown = self._page(rows, self.folder.names, self.folder.stamps)
        if not self.unread:
            self.page = self.shown
        return self.shown

    def read_so_far(self) -> Page:
        """The page with the files alone that were read: what may be written."""
        if not self.unread:
            return self.now()
        unread = set(self.unread)
        files = {name: stamp for name, stamp in self.folder.files.items() if name not in unread}
        return self._page(list(self.rows.values()), *stamps_of(files))

    def _page(self, rows: Sequence[Row], names: str, stamps: bytes) -> Page:
        # What a file holds had no part in these failures, so that its stamp will not tell when they are over.
        failed = {f"{row.stem}.yaml" for row in rows if row.broken is not None and _may_pass(row.broken)}
        if self.head is not None and self.head.broken is not None and _may_pass(self.head.broken):
            failed.add(UNIT_FILE)
        if failed:
            files = {name: (0, 0) if name in failed else stamp for name, stamp in stamped(names, stamps).items()}
            names, stamps = stamps_of(files)
        return page(self.folder.root, self.folder.below, names, stamps, self.head, rows, counted=self.counted)


def _may_pass(problem: Problem) -> bool:
    """Whether a lesson is broken for want of a permission, by a disk that is away, or by a fault of ours.

    So may be the lesson that one takes a graph from.
    """
    return problem.message.id in ("lesson.unreadable-file", "lesson.reading-lost", "lesson.from-broken")


def read_books(
    books: Sequence[Book], describe: Describe | None, progress: Progress | None, show: Callable[[], None] | None
) -> None:
    """Read what is unread, write it to the index as it comes, and `show` from time to time where it takes long."""
    total = sum(len(book.unread) for book in books)
    pace = _Pace(books, show, at_once=total >= MANY)
    try:
        results = _results(books, describe, total, progress, None if show is None else pace.look)
        for done, (book, name, found) in enumerate(results):
            book.take(name, found)
            if progress is not None and done + 1 < total:
                progress(done + 1, total)
            pace.look()
    finally:
        pace.write()


def _results(
    books: Sequence[Book],
    describe: Describe | None,
    total: int,
    progress: Progress | None,
    idle: Callable[[], None] | None,
) -> Iterator[tuple[Book, str, Row | Head]]:
    """What is read; by other processes where it is much, or where a screen must not wait for what is not ours."""
    if progress is not None and total:
        progress(0, total)
    for book in books:
        if UNIT_FILE in book.unread:
            yield book, UNIT_FILE, read_unit(book.folder.path / UNIT_FILE)
    ours = str(bundled_lessons())  # those are quick, and first
    alone = not _can_travel(describe) or (total < MANY and idle is None)
    tasks = [(book, name) for book in books for name in book.unread]
    # Large files come last: whatever they take, the others are known by then.
    tasks.sort(key=lambda task: (task[0].folder.root != ours, task[0].folder.files[task[1]][1]))
    away = []
    for book, name in tasks:
        if alone or (total < MANY and book.folder.root == ours):
            yield book, name, read_lesson(book.folder.path / name, describe)
        else:
            away.append((book, name))
    if not away:
        return
    from tutor.lesson.crew import cores, shared

    paths = [book.folder.path / name for book, name in away]
    for k, found in shared(partial(read_lesson, describe=describe), paths, cores(), behind=True, idle=idle):
        book, name = away[k]
        yield book, name, found if isinstance(found, Row) else _lost(paths[k], found.error, late=found.late)


class _Pace:
    """Writes, and shows, what is known so far: often enough to lose little, not so often that it costs much."""

    def __init__(self, books: Sequence[Book], show: Callable[[], None] | None, *, at_once: bool) -> None:
        self.books, self.show = books, show
        self.next = time.monotonic() + (0.0 if at_once else _OFTEN)

    def look(self) -> None:
        """If it is time."""
        before = time.monotonic()
        if before < self.next or self.show is None:
            return
        self.show()
        self.write()
        after = time.monotonic()
        self.next = after + max(_OFTEN, _PART * (after - before))

    def write(self) -> None:
        """What was read since it was last written."""
        # A unit without any of its lessons would look empty at the next start.
        new = [book for book in self.books if (book.is_new and book.rows) or (book.page is None and not book.unread)]
        index.write_pages([book.read_so_far() for book in new])
        for book in new:
            book.is_new = False


# One file


def read_lesson(path: Path, describe: Describe | None) -> Row:
    """What the index keeps of a lesson."""
    from tutor.lesson.document import read_text
    from tutor.lesson.loading import load_text
    from tutor.lesson.previews import formula_of
    from tutor.lesson.titles import title_in

    text = ""
    try:
        text = read_text(path)
        lesson, described = (load_text(text, path), None) if describe is None else describe(text, path)
    except LessonError as error:
        # What it takes graphs from may be mended without a touch to it.
        named = dict.fromkeys(_FROM.findall(text))
        sources = tuple(source_of(id, path) for id in named)
        title = title_in(text) or Localised(path.stem)
        return Row(path.stem, title, broken=error.problems[0], sources=sources)
    except Exception as error:  # one lesson that trips us must not cost the learner the others
        return _lost(path, type(error).__name__)
    return Row(
        stem=path.stem,
        title=lesson.title,
        covers=lesson.covers,
        requires=lesson.requires,
        skills=described.skills if described is not None else (),
        questions=described.questions if described is not None else None,
        formula=formula_of(lesson),
        sources=tuple(source_of(id, path) for id in lesson.borrows),
    )


def read_unit(path: Path) -> Head:
    """What the index keeps of a `unit.yaml`."""
    from tutor.lesson.document import read_text
    from tutor.lesson.loading import load_unit
    from tutor.lesson.titles import title_in

    text = ""
    try:
        text = read_text(path)
        unit = load_unit(path, path.parent.name, text)
    except LessonError as error:
        return Head(title_in(text) or Localised(path.parent.name), broken=error.problems[0])
    assert isinstance(unit.title, Localised)
    return Head(unit.title, unit.order, unit.about, unit.names)


def _lost(path: Path, error: str, *, late: bool = False) -> Row:
    """A lesson that could not be read by a fault of ours, or since the process was killed: listed as broken."""
    message = msg("lesson.reading-lost", error=error) if error else msg("lesson.reading-killed")
    if late:
        message = msg("lesson.reading-late", path=str(path))
    problem = Problem(str(path), 1, 1, "error", "our-fault", message, "")
    return Row(path.stem, Localised(path.stem), broken=problem)


def _can_travel(describe: Describe | None) -> bool:
    """Whether another process can be told how to describe a lesson."""
    try:
        pickle.dumps(describe)
    except (pickle.PicklingError, AttributeError, TypeError):
        return False
    return True
