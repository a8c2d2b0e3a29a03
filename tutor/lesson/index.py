"""The index of the course: what the first screen shows of each lesson, kept as JSON in the cache folder."""

import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor import __version__
from tutor.lesson.course import Describe, Described, Entry, Progress, Unit
from tutor.lesson.problem import LessonError, Problem
from tutor.places import places
from tutor.text import Localised, Message

_FORMAT = 1


@dataclass(slots=True)
class Index:
    """What is known of every file, and the stamp (time and size) it had when it was read."""

    stamps: dict[str, tuple[int, int]]
    lessons: dict[str, Entry]
    folders: dict[str, Unit]

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(self.folders.values())

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(self.lessons.values())


def index_file() -> Path:
    """Where the index is kept."""
    return places().cache / "course.json"


def read_index() -> Index | None:
    """The index as it was last written; None where there is none of this version."""
    try:
        data = json.loads(index_file().read_text("utf-8"))
        if data["format"] != _FORMAT or data["version"] != __version__:
            return None
        return Index(
            {path: (time, size) for path, (time, size) in data["stamps"].items()},
            {path: _entry(each) for path, each in data["lessons"].items()},
            {path: _unit(each) for path, each in data["units"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def refreshed(files: Sequence[tuple[Path, str]], describe: Describe | None, progress: Progress | None) -> Index:
    """The index of these files, as they are now; written when anything has changed."""
    before = read_index() or Index({}, {}, {})
    stamps = {str(path): stamp for path, _ in files if (stamp := _stamp(path)) is not None}
    changed = {path for path, stamp in stamps.items() if before.stamps.get(path) != stamp}
    any_change = bool(changed) or stamps.keys() != before.stamps.keys()
    after = Index(stamps, {}, {})
    stale = []
    for path, id in files:
        key = str(path)
        if key not in stamps:
            continue
        unit, entry = before.folders.get(key), before.lessons.get(key)
        if key not in changed and unit is not None:
            after.folders[key] = unit
        elif key not in changed and entry is not None and entry.id == id and not _is_stale(entry, any_change, describe):
            after.lessons[key] = entry
        else:
            stale.append((path, id))
    for done, (path, id) in enumerate(stale):
        if progress is not None:
            progress(done, len(stale))
        if path.name == "unit.yaml":
            after.folders[str(path)] = _read_unit(path, id)
        else:
            after.lessons[str(path)] = _read_entry(path, id, describe)
    if stale or any_change:
        _write(after)
    return after


def _is_stale(entry: Entry, any_change: bool, describe: Describe | None) -> bool:
    uncounted = describe is not None and entry.questions is None and entry.broken is None
    return uncounted or (entry.borrows and any_change)  # what it borrows from may have changed


def _read_entry(path: Path, id: str, describe: Describe | None) -> Entry:
    from tutor.lesson.loading import load
    from tutor.lesson.previews import formula_of

    unit = Path(id).parent.as_posix() if "/" in id and not Path(id).is_absolute() else ""
    unit = "" if unit == "." else unit
    try:
        lesson = load(path)
    except LessonError as error:
        return Entry(id, path, unit, Localised(path.stem), broken=error.problems[0])
    described = describe(lesson) if describe is not None else Described(0, ())
    return Entry(
        id=id,
        path=path,
        unit=unit,
        title=lesson.title,
        covers=lesson.covers,
        requires=lesson.requires,
        skills=described.skills,
        questions=described.questions if describe is not None else None,
        formula=formula_of(lesson),
        borrows=bool(lesson.borrows),
    )


def _read_unit(path: Path, id: str) -> Unit:
    from tutor.lesson.loading import load_unit

    folder = Path(id).parent.as_posix()
    name = "" if folder == "." else folder
    try:
        return load_unit(path, name)
    except LessonError as error:
        return Unit(name, Localised(path.parent.name), broken=error.problems[0])


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except OSError:  # gone since it was listed
        return None
    return state.st_mtime_ns, state.st_size


def _write(index: Index) -> None:
    data = {
        "format": _FORMAT,
        "version": __version__,
        "stamps": index.stamps,
        "lessons": {path: _plain(entry) for path, entry in index.lessons.items()},
        "units": {path: _plain(unit) for path, unit in index.folders.items()},
    }
    path = index_file()
    partial = path.with_suffix(f".{os.getpid()}.tmp")
    # A cache that cannot be written costs time at the next start, nothing else.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        os.replace(partial, path)


# Plain data and back


def _plain(value: Any) -> Any:
    match value:
        case Entry() | Unit() | Problem():
            return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
        case Localised():
            return {"en": value.en, "zh": value.zh}
        case Message():
            return {"message": value.id, "params": {name: _plain(each) for name, each in value.params.items()}}
        case Path():
            return str(value)
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
        case list():
            return [_back(each) for each in value]
    return value


def _entry(data: dict[str, Any]) -> Entry:
    kept = {name: _back(value) for name, value in data.items() if name not in ("path", "broken")}
    return Entry(**kept, path=Path(data["path"]), broken=_problem(data["broken"]))


def _unit(data: dict[str, Any]) -> Unit:
    kept = {name: _back(value) for name, value in data.items() if name != "broken"}
    return Unit(**kept, broken=_problem(data["broken"]))


def _problem(data: dict[str, Any] | None) -> Problem | None:
    return None if data is None else Problem(**{name: _back(value) for name, value in data.items()})
