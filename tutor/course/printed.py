"""What was printed of the whole course, kept in the index until a file changes: ten thousand lines take long to make.

Only a course with nothing to remark upon is kept: no lesson that could not be read, hidden lesson or broken unit.
"""

from contextlib import suppress
from zlib import crc32

from tutor.course import index
from tutor.course.describe import source_of
from tutor.course.index import FAILED
from tutor.course.plain_data import from_json, to_json
from tutor.course.units import Course
from tutor.folders.locate import all_folders
from tutor.folders.packages import packaged_lessons
from tutor.folders.scan import UNIT_FILE, folders


def mark() -> str:
    """Stands for all files as they are: another one as soon as one of them changes."""
    found = [folder for root in dict.fromkeys(all_folders()) for folder in folders(root)]
    text = repr((packaged_lessons(), found))
    return f"{crc32(text.encode())} {len(text)}"


def printed(form: str, files: str) -> bytes | None:
    """What was printed in this form of the files of this mark; None where that is not known."""
    head, _, text = index.read_bytes(_note(form)).partition(b"\n")
    with suppress(ValueError, TypeError, KeyError):
        before, check, sources = from_json(head.decode())
        if (before, check) == (files, crc32(text)) and all(
            source_of(source[0], near) == source for near, source in sources
        ):
            return text
    return None


def keep(form: str, files: str, course: Course, text: bytes) -> None:
    """Keep what was printed of a course that was read after its mark was taken."""
    entries = [entry for unit in course.units for entry in unit.lessons]
    if any(unit.broken for unit in course.units):
        return
    if any(entry.wanted is not None or entry.row.state == FAILED for entry in entries):
        return
    # Graphs may come from files that no folder of lessons shows, as through a link.
    sources = {
        (source[0], near): [near, source]
        for entry in entries
        if entry.row.sources
        for near in [entry.path.parent / UNIT_FILE]
        for source in from_json(entry.row.sources)
    }
    head = to_json((files, crc32(text), [*sources.values()])).encode()
    index.write_bytes(_note(form), b"%b\n%b" % (head, text))


def _note(form: str) -> str:
    return f"printed {form}"
