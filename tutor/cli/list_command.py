"""`tutor list`: the course, or a folder of lessons, as lines or as JSON."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tutor.cli.failure import Failure
from tutor.cli.named_lessons import tell_missing_folders
from tutor.cli.options import Options
from tutor.cli.output import aligned_table, complain, display_width, json_text, printable, write_data
from tutor.cli.progress import ProgressBar
from tutor.course.printed import keep, mark, printed
from tutor.course.refresh import refresh_index
from tutor.course.units import Course, CourseEntry, Unit
from tutor.lesson.file.problem import Problem
from tutor.text import Language, Localised, Message, msg, say, visible

_PATH = 78  # columns for the path of a lesson that goes by it
_HIDING = 32  # and for that of the lesson that has its id


def print_list(options: Options, folder: Path | None = None, *, as_json: bool = False) -> int:
    """Print every lesson of the course, or of a folder, in teaching order; raises Failure for a folder without any."""
    if folder is None:
        tell_missing_folders(options.language)
    form = f"{options.language} {options.ascii} {as_json}"
    files = mark() if folder is None else ""
    text = printed(form, files) if files else None
    remarks: list[str] = []
    if text is None:
        course = _course(options, folder)
        text = (_json(course, options) if as_json else _lines(course, options)).encode()
        if files:
            keep(form, files, course, text)
        # The JSON is of lessons alone; what else there is to say must not get lost.
        remarks = [*_remarks(course, options.language)] if as_json else []
    if as_json:
        write_data(text)
    else:
        print(text.decode(), end="")
    for remark in remarks:
        complain(f"tutor: {remark}")
    return 0


def _course(options: Options, folder: Path | None) -> Course:
    bar = ProgressBar(options)
    try:
        course = refresh_index(bar.show, opened=folder)
    finally:
        bar.clear()
    if folder is not None and not course.units:
        raise Failure(no_lessons_in(folder))
    return course


def no_lessons_in(folder: Path) -> Message:
    """What to say of a folder without lessons."""
    return msg("cli.no-lessons-in", folder=str(folder), file=str(folder / "first.yaml"))


def _json(course: Course, options: Options) -> str:
    return json_text([_plain(entry, options.language) for entry in course.entries], options)


def _remarks(course: Course, language: Language) -> Iterator[str]:
    for unit in course.units:
        if unit.broken is not None:
            yield _place(unit.broken, language)
        for entry in unit.lessons:
            if entry.wanted is not None:
                used = str(entry.hidden_by or "")
                yield say(msg("cli.hidden", id=entry.wanted, used=used, path=str(entry.path)), language)


def _plain(entry: CourseEntry, language: Language) -> dict[str, Any]:
    return {
        "id": entry.id,
        "unit": entry.unit,
        "title": {"en": entry.title.en, "zh": entry.title.zh},
        "covers": list(entry.info.covers),
        "skills": list(entry.info.skills),
        "requires": list(entry.info.requires),
        "questions": entry.questions or 0,
        "broken": None if entry.broken is None else _place(entry.broken, language),
    }


def _lines(course: Course, options: Options) -> str:
    lines = [] if course.units else [say(msg("cli.no-lessons"), options.language)]
    for number, unit in enumerate(course.units):
        lines += ([""] if number else []) + [*_block(unit, options.language)]
    return "".join(f"{printable(line, options)}\n" for line in lines)


def _block(unit: Unit, language: Language) -> Iterator[str]:
    yield visible(_title(unit.title, language))
    if unit.broken is not None:
        yield f"  {say(msg('cli.broken', problem=_place(unit.broken, language)), language)}"
    entries = [(entry, [visible(_title(entry.title, language)), _size(entry, language)]) for entry in unit.lessons]
    rows = [[f"  {visible(entry.id)}", *row] for entry, row in entries if entry.hidden_by is None]
    yield from aligned_table(rows) if rows else ()
    for entry, row in entries:
        if entry.hidden_by is not None:  # goes by its path, which would push all columns off the screen
            yield f"  {visible(_shortened(entry.path))}"
            yield f"    {'  '.join(row)}"


def _title(title: Localised | Message, language: Language) -> str:
    return title.in_(language).strip() if isinstance(title, Localised) else say(title, language)


def _size(entry: CourseEntry, language: Language) -> str:
    if entry.broken is not None:
        return say(msg("cli.broken", problem=_place(entry.broken, language)), language)
    count = entry.questions or 0
    if entry.hidden_by is not None:
        return say(msg("cli.questions-hidden", count=count, path=_shortened(entry.hidden_by, _HIDING)), language)
    return _questions(count, language)


@cache
def _questions(count: int, language: Language) -> str:
    return say(msg("cli.questions", count=count), language)


def _shortened(path: Path, most: int = _PATH) -> str:
    """A path as it can be typed, from here or from home; its end alone where that takes too many columns."""
    ways = [path.as_posix()]
    for base, sign in ((Path.cwd(), ""), (Path.home(), "~/")):
        if path.is_relative_to(base):
            ways.append(f"{sign}{path.relative_to(base).as_posix()}")
    text = min(ways, key=display_width)
    parts = text.split("/")
    while display_width(text) > most and len(parts) > 2:
        parts = parts[1:]
        text = f"…/{'/'.join(parts)}"
    return text


def _place(problem: Problem, language: Language) -> str:
    text = say(problem.message, language)
    return visible(f"{problem.file}:{problem.line}:{problem.column}: {text}") if problem.line else text
