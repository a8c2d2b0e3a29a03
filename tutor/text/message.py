"""A message is an id with parameters; `say` turns it into a sentence of a language."""

import gettext
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tutor.text import number_format
from tutor.text.language import Language
from tutor.text.visible import visible, visible_lines

LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Message:
    """What to say, in no language yet: an id such as `expr.unknown-name` and what fills its fields.

    The room before the first dot names the catalogue that holds the text.
    """

    id: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Localised:
    """A text that a lesson brings along, in English and perhaps in Chinese."""

    en: str
    zh: str | None = None

    def in_(self, language: Language) -> str:
        """The text in `language`, in English where it is not translated."""
        return self.zh if language == "zh" and self.zh is not None else self.en


def msg(id: str, /, **params: object) -> Message:
    """A message, as `msg("expr.unknown-name", name="q", near="w")`."""
    return Message(id, params)


def say(message: Message, language: Language) -> str:
    """The sentence for `message` in `language`, in English where it is not translated.

    A field may hold a text, a number, a shape (a tuple), an array or a list of numbers, a list of texts,
    a `Message` or a `Localised`. In a text `{count:line|lines}` is the word that goes with the number in `count`.
    """
    fields = _Fields({name: _Field(render(value, language)) for name, value in message.params.items()})
    return _template(message.id, language).format_map(fields)


def parts_of(message: Message) -> Iterator[Message]:
    """A message and all messages within it."""
    yield message
    for value in message.params.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Message):
                yield from parts_of(each)


def render(value: object, language: Language) -> str:
    """One field of a message as text; a terminal has nothing to obey in it."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Message):
        return say(value, language)
    if isinstance(value, Localised):
        return visible_lines(value.in_(language))
    if isinstance(value, tuple):
        return _shape(render(item, language) for item in value)
    if isinstance(value, list) and value and all(isinstance(item, str | Message | Localised) for item in value):
        return _listed([render(item, language) for item in value], language)
    if value is None:
        return ""
    return number_format.format_value(value)


def _listed(items: list[str], language: Language) -> str:
    """Texts in a row; set apart by more than a comma where one of them holds a comma."""
    if language == "zh":
        return "、".join(items)
    return ("; " if any(", " in each for each in items) else ", ").join(items)


class _Field(str):
    __slots__ = ()

    def __format__(self, spec: str) -> str:
        one, _, many = spec.partition("|")
        return str(self) if not spec else one if self == "1" else many


class _Fields(dict[str, _Field]):
    def __missing__(self, name: str) -> _Field:
        # A text may never cost a learner the drill: a field without a value stays visible instead.
        return _Field("{" + name + "}")


def _shape(items: Iterable[str]) -> str:
    inside = list(items)
    return f"({inside[0]},)" if len(inside) == 1 else f"({', '.join(inside)})"


def _template(id: str, language: Language) -> str:
    for candidate in dict.fromkeys((language, "en")):
        text = _catalogue(id.partition(".")[0], candidate).get(id)
        if text:
            return text
    return id


@cache
def _catalogue(room: str, language: str) -> Mapping[str, str]:
    path = LOCALE / language / "LC_MESSAGES" / f"{room}.mo"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        texts: dict[str, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return texts
