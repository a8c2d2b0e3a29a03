"""What the index keeps of a file: a lesson or a `unit.yaml`, read as a whole."""

import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeAlias

from tutor.course.index import BROKEN, FAILED, WHOLE, IndexedUnit, LessonInfo
from tutor.course.plain_data import to_json
from tutor.folders.locate import resolve
from tutor.folders.scan import Stamp, stamp_of
from tutor.lesson.file.problem import LessonError, Problem
from tutor.text import Localised, msg

Source: TypeAlias = tuple[str, str, Stamp | None]
"""A file that a lesson takes a graph from: the id by which it does, its path, and its stamp when it was read."""
_FROM = re.compile(r"\bfrom:\s*[\"']?([\w/-]+)")
_MAY_PASS = ("lesson.unreadable-file", "lesson.reading-lost", "lesson.from-broken")


class Description(NamedTuple):
    """The columns of the index that come from what a file holds."""

    en: str
    zh: str = ""
    questions: int = -1
    state: int = WHOLE
    sources: str = ""
    about: str = to_json(())


def describe_lesson(path: Path) -> Description:
    """A lesson: the one place at which the course reads lessons in full."""
    from tutor.kinds import build, load_text
    from tutor.lesson.file.document import read_text
    from tutor.lesson.file.title_of_broken import title_of_broken
    from tutor.lesson.formula_line import formula_line
    from tutor.lesson.numbers.draws import draw

    text = ""
    try:
        text = read_text(path)
        lesson = load_text(text, path)
        drill = build(lesson, 0, tuple(draw(part, 0) for part in lesson.parts))
        skills = dict.fromkeys(skill for question in drill.all_questions for skill in question.skills)
        info = LessonInfo(lesson.covers, lesson.requires, tuple(skills), formula_line(lesson))
    except LessonError as error:
        # What it takes graphs from may be mended without a touch to it.
        named = tuple(dict.fromkeys(_FROM.findall(text)))
        return _broken(title_of_broken(text) or Localised(path.stem), error.problems[0], LessonInfo(), named, path)
    except Exception as error:  # one lesson that trips us must not cost the learner the others
        return lost(path, error=type(error).__name__)
    sources = _sources(lesson.borrows, path)
    return Description(lesson.title.en, lesson.title.zh or "", len(drill.questions), WHOLE, sources, to_json(info))


def describe_unit(path: Path) -> Description:
    """A `unit.yaml`."""
    from tutor.lesson.file.document import read_text
    from tutor.lesson.file.title_of_broken import title_of_broken
    from tutor.lesson.loading import load_unit

    text = ""
    try:
        text = read_text(path)
        unit = load_unit(text, path)
    except LessonError as error:
        return _broken(title_of_broken(text) or Localised(path.parent.name), error.problems[0], IndexedUnit(), (), path)
    about = to_json(IndexedUnit(unit.order, unit.about, unit.lessons))
    return Description(unit.title.en, unit.title.zh or "", about=about)


def lost(path: Path, *, error: str = "", late: bool = False) -> Description:
    """A lesson that could not be read by a fault of ours, or since the process was killed: listed as broken."""
    message = msg("lesson.reading-lost", error=error) if error else msg("lesson.reading-killed")
    if late:
        message = msg("lesson.reading-late", path=str(path))
    problem = Problem(str(path), 1, 1, "error", "our-fault", message, "")
    return _broken(Localised(path.stem), problem, LessonInfo(), (), path)


def source_of(id: str, near: Path) -> Source:
    """The file that the lesson at `near` means by an id, as it is now."""
    path = resolve(id, near)
    with suppress(OSError):
        if path is not None:
            return id, str(path), stamp_of(path.stat())
    return id, str(path or ""), None


def _broken(
    title: Localised, problem: Problem, info: LessonInfo | IndexedUnit, sources: tuple[str, ...], path: Path
) -> Description:
    state = FAILED if problem.message.id in _MAY_PASS else BROKEN
    about = to_json(info._replace(broken=problem))
    return Description(title.en, title.zh or "", -1, state, _sources(sources, path), about)


def _sources(ids: tuple[str, ...], path: Path) -> str:
    return to_json([source_of(id, path) for id in ids]) if ids else ""
