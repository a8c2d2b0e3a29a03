"""A lesson with all that it takes from the disk, for a worker that may see none of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tutor.folders.locate import lesson_id, nearest_ids, resolve
from tutor.kinds import load_text
from tutor.lesson.file.document import Document, parse_document, read_text
from tutor.lesson.file.problem import LessonError, Problem
from tutor.lesson.model import Lesson


@dataclass(frozen=True, slots=True)
class Named:
    """What a lesson means by an id: a file with its text, or what is wrong with that; else ids that are like it."""

    id: str
    path: Path | None
    text: str = ""
    problems: tuple[Problem, ...] = ()
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackedLesson:
    """The text of a lesson, and what it means by the ids of others."""

    id: str
    path: Path
    text: str
    named: tuple[Named, ...]

    @classmethod
    def of(cls, path: Path, text: str | None = None) -> "PackedLesson":
        """The lesson in a file, or in a text that would stand there; raises LessonError where it cannot be read."""
        text = read_text(path) if text is None else text
        return cls(lesson_id(path), path, text, tuple(_named(id, path) for id in dict.fromkeys(_ids(text, path))))

    def load(self) -> Lesson:
        """The lesson; raises LessonError."""
        return replace(load_text(self.text, self.path, self.resolve, self._read), id=self.id)

    def document(self) -> Document:
        """Its text with the places of everything in it; raises LessonError."""
        return parse_document(self.text, str(self.path))

    def resolve(self, id: str) -> Path | None:
        """The file that the lesson means by an id."""
        return next((each.path for each in self.named if each.id == id), None)

    def near(self, id: str) -> tuple[str, ...]:
        """The ids that are like one that there is not."""
        return next((each.near for each in self.named if each.id == id), ())

    def _read(self, path: Path) -> str:
        found = next(each for each in self.named if each.path == path)
        if found.problems:
            raise LessonError(found.problems)
        return found.text


def _ids(text: str, path: Path) -> Iterator[str]:
    """Other lessons that a text names, as far as it can be read."""
    try:
        data: Any = parse_document(text, str(path)).data
    except LessonError:
        return
    entries = data if isinstance(data, dict) else {}
    parts = [part.get("from") for part in _items(entries.get("parts")) if isinstance(part, dict)]
    yield from (each for each in [*_items(entries.get("requires")), *parts] if isinstance(each, str))


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _named(id: str, near: Path) -> Named:
    path = resolve(id, near)
    if path is None:
        return Named(id, None, near=nearest_ids(id))
    try:
        return Named(id, path, read_text(path))
    except LessonError as error:
        return Named(id, path, problems=error.problems)
