"""The texts of a lesson in both languages: reports those that only some learners can read."""

from collections.abc import Iterator
from typing import Any

from tutor.lesson.file.document import Document, Steps, value_at_steps
from tutor.text import msg


def check_texts(document: Document) -> None:
    """Warns of every text of a lesson or a `unit.yaml` without a translation; of a file without any, once."""
    found = list(texts(document.data))
    if not any(translated for _, translated in found):
        document.report_key(("title",), msg("authoring.one-language"), severity="warning")
        return
    for steps, translated in found:
        if not translated:
            document.report(steps, msg("authoring.untranslated"), severity="warning")


def texts(data: Any) -> Iterator[tuple[Steps, bool]]:
    """Where texts stand, and whether each has a Chinese version."""
    yield from _text(data, ("title",))
    yield from _text(data, ("about",))
    for id, hints in (value_at_steps(data, ("hints",)) or {}).items():
        if not isinstance(hints, list):
            yield from _text(data, ("hints", id))
            continue
        for k in range(len(hints)):
            yield from _text(data, ("hints", id, k))
    yield from _of_questions(data, ())
    for k in range(len(value_at_steps(data, ("parts",)) or ())):
        yield from _text(data, ("parts", k, "name"))
        yield from _of_questions(data, ("parts", k))


def _of_questions(data: Any, at: Steps) -> Iterator[tuple[Steps, bool]]:
    asks = value_at_steps(data, (*at, "ask"))
    for k, ask in enumerate(asks if isinstance(asks, list) else ()):
        choose = ask.get("choose") if isinstance(ask, dict) else None
        bodies = enumerate(choose) if isinstance(choose, list) else [(None, choose)] if choose else []
        for j, body in bodies:
            where = (*at, "ask", k, "choose", *(() if j is None else (j,)))
            yield from _text(data, (*where, "question"))
            for n in range(len(body.get("why") or ())):
                yield from _text(data, (*where, "why", n))
            for n, option in enumerate(body["options"]):
                if isinstance(option, dict):  # a bare option may well be a formula
                    yield from _text(data, (*where, "options", n))


def _text(data: Any, steps: Steps) -> Iterator[tuple[Steps, bool]]:
    text = value_at_steps(data, steps)
    if text is not None:
        yield steps, isinstance(text, dict) and bool(text.get("zh"))
