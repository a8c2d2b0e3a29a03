"""What is left of a lesson without the pieces that the schema refuses, so that the rest can be judged too."""

import copy
from typing import Any

from pydantic import ValidationError

from tutor.lesson.file.document import Document, Steps, value_at_steps
from tutor.lesson.file.schema import LessonModel
from tutor.lesson.file.schema_errors import steps_of
from tutor.lesson.lesson_model import lesson_model

_ROUNDS = 20
_SECTIONS = frozenset({"sizes", "given", "graph", "upstream"})


def partial_lesson(document: Document, error: ValidationError) -> LessonModel | None:
    """The lesson without its refused pieces, noted in `document.lost`; None where too little is left."""
    data = copy.deepcopy(document.data)
    for _ in range(_ROUNDS):
        for each in error.errors(include_url=False, include_input=False):
            if not _dropped(document, data, each):
                return None
        try:
            return lesson_model().model_validate(data)
        except ValidationError as another:
            error = another
    return None


def _dropped(document: Document, data: dict[str, Any], error: Any) -> bool:
    """Takes the smallest piece that can go out of the data; False where nothing can."""
    steps = steps_of(document, error["loc"])
    kind, at = error["type"], error.get("ctx", {}).get("at")
    if kind == "extra_forbidden" or (at is not None and kind.startswith("beside-")):
        return _delete(data, steps if at is None else (*steps, at))
    if kind == "missing" and error["loc"] == ("title",):
        data["title"] = ""
        return True
    owner: Steps = steps[:2] if len(steps) > 1 and steps[0] == "parts" else ()
    rest = steps[len(owner) :]
    if not rest or rest[0] == "parts":
        return False
    if rest[0] == "title":
        data["title"] = ""
        return True
    if rest[0] == "ask" and len(rest) > 1:
        # A question that names nothing holds the place, so that the others keep their numbers.
        value_at_steps(data, (*owner, "ask"))[rest[1]] = "all"
        return True
    piece = (*owner, *rest[: 2 if rest[0] in _SECTIONS else 1])
    if rest[0] in _SECTIONS:
        document.lost.add(piece)
    return _delete(data, piece)


def _delete(data: dict[str, Any], steps: Steps) -> bool:
    holder = value_at_steps(data, steps[:-1])
    if isinstance(holder, dict):  # two errors may lie in one piece, and then it is gone already
        holder.pop(str(steps[-1]), None)
    return True
