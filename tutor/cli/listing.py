"""`tutor list`: the course, or a folder of lessons, as lines or as JSON."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.cli.failure import Failure
from tutor.cli.lessons import tell_missing_folders
from tutor.cli.options import Options
from tutor.cli.printing import complain, json_text, table, width, write, write_bytes, write_data
from tutor.text import Language, Localised, Message, catalogues_stamp, msg, say, visible

if TYPE_CHECKING:
    from tutor.course.units import Course, Entry, Unit
    from tutor.lesson.problem import Problem

_PATH = 78  # columns for the path of a lesson that goes by it
_HIDING = 32  # and for that of the lesson that has its id


def print_list(options: Options, folder: Path | None = None, *, as_json: bool = False) -> int:
    """Print every lesson of the course, or of a folder, in teaching order; raises Failure for a folder without any."""
    from tutor.cli.progress import Bar
    from tutor.course.units import refresh_index
    from tutor.learner.counting import describe

    if folder is None:
        tell_missing_folders(options.language)
    bar = Bar(options)
    try:
        course = refresh_index(describe, bar.show, opened=folder)
    finally:
        bar.clear()
    if folder is not None and not course.units:
        raise Failure(no_lessons_in(folder))
    if as_json:
        _print_json(course, options)
    else:
        _print_lines(course, options)
    return 0


def no_lessons_in(folder: Path) -> Message:
    """What to say of a folder without lessons."""
    return msg("cli.no-lessons-in", folder=str(folder), file=str(folder / "first.yaml"))


def _print_json(course: "Course", options: Options) -> None:
    def listed(unit: "Unit") -> str:
        entries = [_plain(entry, options.language) for entry in unit.lessons]
        return json_text(entries, options).removeprefix("[\n").removesuffix("\n]")

    units = [unit for unit in course.units if not unit.is_empty]
    texts = _rendered(units, f"entries {options.language} {options.ascii}", listed, options)
    write_data(b"[\n%b\n]\n" % b",\n".join(texts) if texts else b"[]\n")
    # The list is of lessons alone; what else there is to say must not get lost.
    for text in _remarks(course, options.language):
        complain(f"tutor: {text}")


def _remarks(course: "Course", language: Language) -> Iterator[str]:
    for unit in course.units:
        if unit.broken is not None:
            yield _place(unit.broken, language)
        for share in unit.shares:
            for stem, used in share.hidden:
                id = f"{share.prefix}/{stem}" if share.prefix else stem
                yield say(msg("cli.hidden", id=id, used=used, path=str(share.path(stem))), language)


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


def _print_lines(course: "Course", options: Options) -> None:
    language = options.language

    def listed(unit: "Unit") -> str:
        lines = [visible(_title(unit.title, language))]
        if unit.broken is not None:
            lines.append(f"  {say(msg('cli.broken', problem=_place(unit.broken, language)), language)}")
        entries = [(entry, [visible(_title(entry.title, language)), _size(entry, language)]) for entry in unit.lessons]
        rows = [[f"  {visible(entry.id)}", *row] for entry, row in entries if entry.hidden_by is None]
        lines += table(rows) if rows else []
        for entry, row in entries:
            if entry.hidden_by is not None:  # goes by its path, which would push all columns off the screen
                lines += [f"  {visible(_shortened(entry.path))}", f"    {'  '.join(row)}"]
        return "\n".join(lines)

    texts = _rendered(course.units, f"lines {language}", listed, options)
    if texts:
        write_bytes(b"\n\n".join(texts) + b"\n", options)
    else:
        write(say(msg("cli.no-lessons"), language), options)


def _rendered(units: "Sequence[Unit]", kind: str, make: "Callable[[Unit], str]", options: Options) -> list[bytes]:
    """What `make` makes of each unit: of a unit in one folder it is kept until the folder changes."""
    from tutor.course.index import Key, read_renderings, write_renderings
    from tutor.course.index_rows import Page

    kind = f"{kind} {catalogues_stamp(options.language)}"
    pages: dict[str, dict[Key, Page]] = {}
    homes: dict[str, tuple[str, Key]] = {}
    for unit in units:
        if len(unit.shares) == 1 and not unit.shares[0].hidden:
            share = unit.shares[0]
            own = kind if share.prefix == share.page.below else f"{kind} as {share.prefix}"
            homes[unit.id] = own, (share.page.root, share.page.below)
            pages.setdefault(own, {})[homes[unit.id][1]] = share.page
    kept = {own: read_renderings(own, list(group.values())) for own, group in pages.items()}
    made: dict[str, dict[Key, bytes]] = {}
    texts = []
    for unit in units:
        own, key = homes.get(unit.id, ("", ("", "")))
        text = kept.get(own, {}).get(key)
        if text is None:
            text = make(unit).encode("utf-8", "replace")
            if own:
                made.setdefault(own, {})[key] = text
        texts.append(text)
    for own, found in made.items():
        write_renderings(own, found, list(pages[own].values()))
    return texts


def _title(title: "Localised | Message", language: Language) -> str:
    return title.in_(language).strip() if isinstance(title, Localised) else say(title, language)


def _size(entry: "Entry", language: Language) -> str:
    if entry.broken is not None:
        return say(msg("cli.broken", problem=_place(entry.broken, language)), language)
    count = entry.questions or 0
    if entry.hidden_by is not None:
        return say(msg("cli.questions-hidden", count=count, path=_shortened(entry.hidden_by, _HIDING)), language)
    return say(msg("cli.questions", count=count), language)


def _shortened(path: Path, most: int = _PATH) -> str:
    """A path as it can be typed, from here or from home; its end alone where that takes too many columns."""
    ways = [path.as_posix()]
    for base, sign in ((Path.cwd(), ""), (Path.home(), "~/")):
        if path.is_relative_to(base):
            ways.append(f"{sign}{path.relative_to(base).as_posix()}")
    text = min(ways, key=width)
    parts = text.split("/")
    while width(text) > most and len(parts) > 2:
        parts = parts[1:]
        text = f"…/{'/'.join(parts)}"
    return text


def _place(problem: "Problem", language: Language) -> str:
    text = say(problem.message, language)
    return visible(f"{problem.file}:{problem.line}:{problem.column}: {text}") if problem.line else text
