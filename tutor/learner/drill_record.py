"""A drill as it is kept: its numbers as JSON, and what tells whether its questions are still the same."""

import json
from dataclasses import fields
from hashlib import sha256
from typing import Any

from tutor.drill.question import Drill
from tutor.expr import to_text
from tutor.kinds import build
from tutor.learner.store import DrillRecord
from tutor.lesson.model import Draw, Given, Lesson

_UNFIT = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, MemoryError)
"""What numbers lead to that do not fit the graph of today, or are none."""

_LATER = ("axis", "follows")
"""What inputs have since learners keep drills: it counts where a lesson uses it, so that drills from before go on."""


def rebuild_drill(lesson: Lesson, record: DrillRecord) -> Drill | None:
    """The drill of a record, with the numbers it had; None where the lesson asks other questions by now."""
    try:
        drill = build(lesson, record.seed, from_json(record.numbers))
    except _UNFIT:
        return None
    return drill if fingerprint(drill) == record.fingerprint else None


def to_json(drill: Drill) -> str:
    """The numbers of every part; floats come back as the very same ones."""
    return json.dumps([_draw_to_plain(part.draw) for part in drill.parts])


def from_json(text: str) -> tuple[Draw, ...]:
    """The draws that `to_json` wrote."""
    return tuple(_draw_from_plain(plain) for plain in json.loads(text))


def fingerprint(drill: Drill) -> str:
    """What a drill asks, in a few letters: graphs, inputs and questions count, texts do not."""
    parts = [
        {
            "sizes": dict(part.sizes),
            "graph": {name: _text(tree) for name, tree in part.trees.items()},
            "given": [_given(given) for given in (*part.given.values(), *part.upstream.values())],
            "convention": part.convention,
        }
        for part in drill.lesson.parts
    ]
    questions = [(question.id, question.worked, *question.terms) for question in drill.all_questions]
    return sha256(json.dumps([parts, questions], default=str).encode()).hexdigest()[:16]


def _given(given: Given) -> dict[str, str]:
    values = {field.name: getattr(given, field.name) for field in fields(given)}
    unused = {field.name for field in fields(given) if field.name in _LATER and values[field.name] == field.default}
    return {name: _text(value) for name, value in values.items() if name not in unused}


def _text(value: Any) -> str:
    """A formula in its own words, whatever the spaces in the file; anything else as Python shows it."""
    if isinstance(value, tuple):
        return ", ".join(_text(item) for item in value)
    return to_text(value) if hasattr(value, "span") else repr(value)


def _draw_to_plain(draw: Draw) -> dict[str, object]:
    return {
        "sizes": dict(draw.sizes),
        "numbers": {name: array.tolist() for name, array in draw.numbers.items()},
        "upstream": {name: array.tolist() for name, array in draw.upstream.items()},
    }


def _draw_from_plain(plain: Any) -> Draw:
    import numpy as np

    return Draw(
        sizes=plain["sizes"],
        numbers={name: np.asarray(value) for name, value in plain["numbers"].items()},
        upstream={name: np.asarray(value) for name, value in plain["upstream"].items()},
    )
