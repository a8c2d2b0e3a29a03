"""Messages, titles and problems as JSON and back, for the index."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from tutor.lesson.file.problem import Problem
from tutor.text import Localised, Message

_CLASSES = {each.__name__: each for each in (Localised, Message, Path, Problem)}


def to_json(value: object) -> str:
    """Any value made of these, of tuples, lists, maps, texts and numbers."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Any:
    """The same value; raises ValueError, TypeError or KeyError for what is none."""
    return _DECODER.decode(text)


def _plain(value: object) -> Any:
    match value:
        case Localised() | Message() | Problem():
            return {type(value).__name__: [_plain(getattr(value, each.name)) for each in fields(value)]}
        case Path():
            return {"Path": [str(value)]}
        case Mapping():
            return {"dict": [[name, _plain(each)] for name, each in value.items()]}
        case tuple():
            return {"tuple": [*map(_plain, value)]}
        case list():
            return [*map(_plain, value)]
    return value


def _back(plain: dict[str, Any]) -> Any:
    ((name, value),) = plain.items()
    if name in _CLASSES:
        return _CLASSES[name](*value)
    return {"dict": dict, "tuple": tuple}[name](value)


_DECODER = json.JSONDecoder(object_hook=_back)
