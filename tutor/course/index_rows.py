"""A page of the index: one folder of lessons, as texts that are taken apart only where somebody looks."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from tutor.lesson.problem import Problem
from tutor.text import Localised, Message

LAST = 1e9


class Head(NamedTuple):
    """What a `unit.yaml` says."""

    title: Localised
    order: float = LAST
    about: Localised | None = None
    names: tuple[str, ...] = ()
    broken: Problem | None = None


class Source(NamedTuple):
    """A file that a lesson takes a graph from: the id by which it does, and the file's stamp when it was read."""

    id: str
    path: str
    stamp: tuple[int, int] | None


class Row(NamedTuple):
    """What is known of one lesson file by its name alone, wherever its folder stands in the course."""

    stem: str
    title: Localised
    covers: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    questions: int | None = None
    formula: str = ""
    broken: Problem | None = None
    sources: tuple[Source, ...] = ()


class Contents(NamedTuple):
    """What is known of the lessons of a page, in teaching order."""

    search: str
    """A line a lesson: what a search looks at."""
    rows: str
    """A line of JSON a lesson."""

    @property
    def digest(self) -> int:
        """What tells these contents from others."""
        return digest((self.search, self.rows))


@dataclass(frozen=True)
class Page:
    """One folder of lessons. `names` and `stamps` are its files when they were read, `stems` its lessons in order.

    What is known of each lesson is fetched from the index where somebody asks for it.
    """

    root: str
    """The lessons folder that it lies in."""
    below: str
    """Where it lies there, `""` for the lessons folder itself."""
    names: str
    stamps: bytes
    unit: str
    """Its `unit.yaml` as JSON, or nothing."""
    stems: str
    broken: str
    """Those of its lessons that are."""
    sources: str
    """What its lessons take graphs from, as JSON, or nothing."""
    counted: int
    """Whether the questions of its lessons are known."""
    contents_digest: int
    """Of its contents."""

    @property
    def columns(self) -> tuple[str | bytes | int, ...]:
        """Everything, as the index keeps it."""
        return tuple(getattr(self, each.name) for each in fields(self))

    @cached_property
    def digest(self) -> int:
        """A number that tells whether something of it was damaged, or belongs to another state of the page."""
        return digest(self.columns)

    @property
    def folder(self) -> Path:
        """Where it is."""
        return Path(self.root, self.below)

    @cached_property
    def head(self) -> Head | None:
        """Its `unit.yaml`."""
        return Head(**_taken_apart(self.unit)) if self.unit else None

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The names of its lessons, without `.yaml`, in teaching order."""
        return tuple(self.stems.split("/")) if self.stems else ()

    @cached_property
    def whole(self) -> frozenset[str]:
        """Those that are not broken."""
        return frozenset(self.order) - frozenset(self.broken.split("/"))

    @cached_property
    def contents(self) -> Contents:
        """All that is known of its lessons: their names alone, where it is damaged or another process replaced it."""
        from tutor.course.index import forget, read_contents

        found = read_contents(self)
        if found is not None:
            return found
        forget(self)  # the next look at the files reads them again
        return _contents([Row(stem, Localised(stem)) for stem in self.order])

    def row(self, k: int) -> Row:
        """What is known of its lesson number k, in teaching order."""
        return _row(self._lines[k])

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """What is known of all its lessons."""
        return tuple(map(_row, self._lines)) if self.stems else ()

    @cached_property
    def searched(self) -> list[str]:
        """What a search looks at, lesson by lesson."""
        return self.contents.search.split("\n")

    @cached_property
    def _lines(self) -> list[str]:
        return self.contents.rows.split("\n")


def page(
    root: str, below: str, names: str, stamps: bytes, head: Head | None, rows: Sequence[Row], *, counted: bool
) -> Page:
    """The page of a folder with these files: its lessons stand as its unit names them, then by name."""
    place = {name: k for k, name in enumerate(head.names if head is not None else ())}
    rows = sorted(rows, key=lambda row: (place.get(row.stem, len(place)), row.stem))
    sources = {row.stem: [_plain(each) for each in row.sources] for row in rows if row.sources}
    contents = _contents(rows)
    made = Page(
        root,
        below,
        names,
        stamps,
        "" if head is None else _text(_plain(head)),
        "/".join(row.stem for row in rows),
        "/".join(row.stem for row in rows if row.broken is not None),
        _text(sources) if sources else "",
        int(counted),
        contents.digest,
    )
    made.__dict__["contents"] = contents
    return made


def digest(columns: Iterable[str | bytes | int]) -> int:
    """A checksum of texts, bytes and numbers."""
    total = 0
    for column in columns:
        total = crc32(column if isinstance(column, bytes) else str(column).encode("utf-8", "surrogatepass"), total)
    return total


def sources_of(page: Page) -> dict[str, tuple[Source, ...]]:
    """Of each lesson that takes graphs from others, from which."""
    kept = json.loads(page.sources) if page.sources else {}
    return {stem: tuple(Source(**_back(each)) for each in found) for stem, found in kept.items()}


# Plain data and back

_COLUMNS = ("stem", "title", "covers", "requires", "skills", "questions", "formula", "broken", "sources")


def _text(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _row(line: str) -> Row:
    stem, title, covers, requires, skills, questions, formula, broken, sources = json.loads(line)
    return Row(
        stem,
        Localised(title["en"], title["zh"]),
        tuple(covers["tuple"]),
        tuple(requires["tuple"]),
        tuple(skills["tuple"]),
        questions,
        formula,
        None if broken is None else Problem(**{name: _back(value) for name, value in broken.items()}),
        tuple(Source(**{name: _back(value) for name, value in each.items()}) for each in sources["tuple"]),
    )


def _contents(rows: Sequence[Row]) -> Contents:
    return Contents(
        "\n".join(_searched(row) for row in rows),
        "\n".join(_text([_plain(getattr(row, name)) for name in _COLUMNS]) for row in rows),
    )


def _searched(row: Row) -> str:
    texts = (row.stem, row.title.en, row.title.zh or "")
    return "\t".join(" ".join(text.casefold().split()) for text in texts)


def _taken_apart(text: str) -> dict[str, Any]:
    data = {name: _back(value) for name, value in json.loads(text).items()}
    if data["broken"] is not None:
        data["broken"] = Problem(**data["broken"])
    return data


def _plain(value: Any) -> Any:
    match value:
        case Head() | Source():
            return {name: _plain(each) for name, each in value._asdict().items()}
        case Problem():
            return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        case Localised():
            return {"en": value.en, "zh": value.zh}
        case Message():
            return {"message": value.id, "params": {name: _plain(each) for name, each in value.params.items()}}
        case tuple():
            return {"tuple": [_plain(each) for each in value]}
        case list():
            return [_plain(each) for each in value]
    return value


def _back(value: Any) -> Any:
    match value:
        case {"message": id, "params": params}:
            return Message(id, {name: _back(each) for name, each in params.items()})
        case {"tuple": items}:
            return tuple(_back(each) for each in items)
        case {"en": english, "zh": chinese}:
            return Localised(english, chinese)
        case dict():
            return {name: _back(each) for name, each in value.items()}
        case list():
            return [_back(each) for each in value]
    return value
