"""A file of answers, YAML or JSON: every value is kept as the text that was typed, `0.50` with its zero."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutor.expr import composed, one_spelling
from tutor.lesson.file.document import DEEPEST, Document, Steps, parse_document, read_text
from tutor.text import msg

_NO_QUESTIONS = ("lesson", "seed", "student")
_WHOLE = re.compile(r"-?\d{1,300}")  # thousands of digits are no number to Python


@dataclass(frozen=True, slots=True)
class Answers:
    """What one student typed, by question id, and where in the file each id stands (line and column)."""

    path: Path
    typed: Mapping[str, str]
    lesson: str | None = None
    seed: int | None = None
    student: str | None = None
    positions: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    """Of the answers that are lists: the items as lines, for questions that want lines and not an array."""


def read_answers(path: Path | str) -> Answers:
    """The answers in a file, JSON where its name ends in `.json`; raises LessonError with all problems at once."""
    path = Path(path)
    return answers_in(read_text(path), path)


def answers_in(text: str, path: Path) -> Answers:
    """The answers in a text that stands at `path`; raises LessonError."""
    text = one_spelling(text)
    document = _json(composed(text), str(path)) if path.suffix == ".json" else parse_document(text, str(path))
    if document.data is not None and not isinstance(document.data, dict):
        document.report((), msg("lesson.answers-not-a-map"))
    entries = document.data if isinstance(document.data, dict) else {}
    items = {id: _items(document, (id,), value) for id, value in entries.items() if isinstance(value, list)}
    typed = {
        id: _array(items[id]) if id in items else _as_typed(document, (id,), value) for id, value in entries.items()
    }
    seed = typed.get("seed")
    if seed is not None and not _WHOLE.fullmatch(seed):
        document.report(("seed",), msg("lesson.seed-not-whole"))
    if document.errors:
        raise document.refuse()
    answers = {id: answer for id, answer in typed.items() if id not in _NO_QUESTIONS}
    return Answers(
        path=path,
        typed=answers,
        lesson=typed.get("lesson"),
        seed=None if seed is None else int(seed),
        student=typed.get("student"),
        positions={id: document.position_of_key((id,)) for id in answers},
        lines={id: "\n".join(texts) for id, texts in items.items()},
    )


def _items(document: Document, steps: Steps, value: list[Any]) -> list[str]:
    return [_as_typed(document, (*steps, k), item) for k, item in enumerate(value)]


def _array(texts: list[str]) -> str:
    return f"[{', '.join(texts)}]"


def _as_typed(document: Document, steps: Steps, value: Any) -> str:
    if isinstance(value, list):
        return _array(_items(document, steps, value))
    if isinstance(value, dict):
        document.report(steps, msg("lesson.answer-not-text"))
        return ""
    return document.typed.get(steps, "").rstrip("\n")


def _json(text: str, file: str) -> Document:
    """JSON as a document whose scalars are the texts that stand there."""
    document = Document(file, text)
    try:
        pairs = json.loads(text, object_pairs_hook=_Pairs, parse_float=_Raw, parse_int=_Raw, parse_constant=_Raw)
    except json.JSONDecodeError as error:
        document.report_at(error.pos, msg("lesson.json-unreadable"))
        raise document.refuse() from None
    except RecursionError:
        document.report_at(0, msg("lesson.too-deep"))
        raise document.refuse() from None
    document.data = _plain(document, (), pairs)
    return document


class _Raw(str):
    """A number as it was typed."""

    __slots__ = ()


class _Pairs(list[tuple[str, Any]]):
    """A map with all its keys, those that come twice too."""


def _plain(document: Document, steps: Steps, value: Any) -> Any:
    if len(steps) > DEEPEST:
        document.report(steps, msg("lesson.too-deep"))
        raise document.refuse()
    if isinstance(value, _Pairs):
        entries: dict[str, Any] = {}
        for key, item in value:
            where = (*steps, key)
            # JSON's parser keeps no positions: the next place where the key stands in quotes will do.
            before = next(reversed(document.keys.values()), 0)
            document.keys[where] = max(document.text.find(json.dumps(key, ensure_ascii=False), before), before)
            document.spans[where] = (document.keys[where], document.keys[where])
            if key in entries:
                document.report_key(where, msg("lesson.duplicate-key", key=key))
            entries[key] = _plain(document, where, item)
        return entries
    if isinstance(value, list):
        return [_plain(document, (*steps, k), item) for k, item in enumerate(value)]
    if value is not None:
        document.typed[steps] = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    return value
