"""Lessons that installed packages bring along: each names a folder of its own by the entry point `tutor.lessons`."""

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tutor.text import Message, msg

if TYPE_CHECKING:
    from importlib.metadata import Distribution

GROUP = "tutor.lessons"
_DOTTED = r"[^\W\d]\w*(\.\w+)*"


class Packaged(NamedTuple):
    """What one entry point names: a folder of lessons, or why there is none."""

    package: str
    name: str
    folder: Path | None
    problem: Message | None = None


def packaged_lessons() -> tuple[Packaged, ...]:
    """What the packages that can be imported declare, by their names; none of their code is run."""
    return _found(tuple(sys.path))


@lru_cache(maxsize=4)
def _found(path: tuple[str, ...]) -> tuple[Packaged, ...]:
    from importlib.metadata import distributions

    found: dict[str, list[Packaged]] = {}
    for distribution in distributions(path=list(path)):
        name = _name(distribution)
        try:
            declared = distribution.read_text("entry_points.txt") or ""
            if GROUP in declared:
                # Of two versions of a package the one that stands first on the path is imported.
                found.setdefault(name, list(_declared(distribution, name)))
        except Exception as error:  # one package that is damaged must not cost the learner the course
            broken = msg("lesson.package-unreadable", package=name, error=type(error).__name__)
            found.setdefault(name, [Packaged(name, "", None, broken)])
    return tuple(each for name in sorted(found) for each in found[name])


def _declared(distribution: "Distribution", name: str) -> Iterator[Packaged]:
    for point in sorted(distribution.entry_points):
        if point.group == GROUP:
            folder = _folder(point.value)
            problem = msg("lesson.package-without-folder", package=name, folder=point.value)
            yield Packaged(name, point.name, folder, None if folder is not None else problem)


def _folder(value: str) -> Path | None:
    """The folder of a dotted name such as `my_course.lessons`: the top package is located, nothing is imported."""
    from importlib.util import find_spec

    if not re.fullmatch(_DOTTED, value):
        return None
    top, *rest = value.split(".")
    spec = find_spec(top)
    locations = spec.submodule_search_locations if spec is not None else None
    return next((folder for place in locations or () if isdir(folder := Path(place, *rest))), None)


def _name(distribution: "Distribution") -> str:
    try:
        return distribution.name or "?"
    except Exception:
        return "?"
