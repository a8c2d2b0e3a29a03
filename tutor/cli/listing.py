"""`tutor list`: the course as lines or as JSON."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tutor.cli.options import Options
from tutor.cli.printing import table, write
from tutor.text import Language, Localised, Message, msg, say

if TYPE_CHECKING:
    from tutor.lesson.course import Course, Entry
    from tutor.lesson.problem import Problem


def print_list(options: Options, *, as_json: bool = False) -> int:
    """Print every lesson of every folder in teaching order."""
    from tutor.learner.counting import describe
    from tutor.lesson.course import refresh_index

    course = refresh_index(describe)
    if as_json:
        entries = [_plain(entry, options.language) for entry in course.entries]
        print(json.dumps(entries, ensure_ascii=options.ascii, indent=2))
        return 0
    for line in _lines(course, options.language):
        write(line, options)
    return 0


def _plain(entry: "Entry", language: Language) -> dict[str, Any]:
    return {
        "id": entry.id,
        "unit": entry.unit,
        "title": {"en": entry.title.en, "zh": entry.title.zh},
        "covers": list(entry.covers),
        "skills": list(entry.skills),
        "requires": list(entry.requires),
        "questions": entry.questions or 0,
        "broken": None if entry.broken is None else _place(entry.broken, language),
    }


def _lines(course: "Course", language: Language) -> Iterator[str]:
    for number, unit in enumerate(course.units):
        if number:
            yield ""
        yield _title(unit.title, language)
        rows = [[f"  {entry.id}", entry.title.in_(language), _size(entry, language)] for entry in unit.lessons]
        yield from table(rows)
    if not course.units:
        yield say(msg("cli.no-lessons"), language)


def _title(title: "Localised | Message", language: Language) -> str:
    return title.in_(language) if isinstance(title, Localised) else say(title, language)


def _size(entry: "Entry", language: Language) -> str:
    if entry.broken is not None:
        return say(msg("cli.broken", problem=_place(entry.broken, language)), language)
    return say(msg("cli.questions", count=entry.questions or 0), language)


def _place(problem: "Problem", language: Language) -> str:
    return f"{problem.file}:{problem.line}:{problem.column}: {say(problem.message, language)}"
