"""The title of a file that is broken otherwise, so that its author finds it again in the list."""

import re
from typing import TypeGuard

from tutor.lesson.file.document import parse_document
from tutor.lesson.file.problem import LessonError
from tutor.text import Localised

_TITLE = re.compile(r"^title:.*(\n[ \t]+.*)*", re.MULTILINE)
_LONGEST = 200


def title_of_broken(text: str) -> Localised | None:
    """The title in the text of a lesson or a unit; None where none can be read.

    Where the whole is no YAML, the lines of the title alone may be.
    """
    lines = _TITLE.search(text)
    for piece in (text, lines.group() if lines is not None else ""):
        try:
            data = parse_document(piece, "").data
        except LessonError:
            continue
        return _title(data.get("title")) if isinstance(data, dict) else None
    return None


def _title(said: object) -> Localised | None:
    english, chinese = (said.get("en"), said.get("zh")) if isinstance(said, dict) else (said, None)
    if not _is_line(english):
        english = chinese
    return Localised(english, chinese if _is_line(chinese) else None) if _is_line(english) else None


def _is_line(text: object) -> TypeGuard[str]:
    return isinstance(text, str) and bool(text.strip()) and "\n" not in text.strip() and len(text) <= _LONGEST
