"""Lists of names as people type them: with commas, arrows or blanks between them."""

import re
from collections.abc import Collection

from tutor.expr import ParseError, Span, nearest_name, normalised
from tutor.expr.spelling import shortened
from tutor.text import Message, msg

_NAME = re.compile(r"[^\s,;，、；→>\-]+")
_BRACKETS = frozenset({"{}", "[]", "()", "｛｝", "［］", "（）", "【】"})
_NONE = frozenset({"none", "nothing", "无", "没有", "都不", "-", "–", "—", "∅", "[]", "{}", "()"})


def read_names(text: str, known: Collection[str]) -> list[str]:
    """The names in a text; raises ParseError for an empty text, an unknown name and one that comes twice.

    `-` and `>` stand between names, as in `x -> y`, and are never part of one.
    """
    found = list(_NAME.finditer(text, *_inside(text)))
    if not found:
        raise ParseError(msg("checking.names-wanted", names=list(known)), Span(0, len(text)))
    names: list[str] = []
    for match in found:
        name, span = normalised(match.group()), Span(*match.span())
        if name not in known:
            raise ParseError(unknown_choice(name, known), span)
        if name in names:
            raise ParseError(msg("checking.name-twice", name=name), span)
        names.append(name)
    return names


def unknown_choice(name: str, known: Collection[str]) -> Message:
    """What to say of a name that is none of `known`: the one that was probably meant, or all."""
    if near := nearest_name(name, frozenset(known)):
        return msg("checking.unknown-choice-near", name=shortened(name), near=near[0])
    return msg("checking.unknown-choice", name=shortened(name), names=list(known))


def _inside(text: str) -> tuple[int, int]:
    """Where the names begin and end, without the brackets of a set or a list and without a full stop behind them."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip().rstrip(".。"))
    brackets = text[start : start + 1] + text[end - 1 : end] if end - start > 1 else ""
    return (start + 1, end - 1) if brackets in _BRACKETS else (start, end)


def read_choice(text: str, known: Collection[str]) -> list[str]:
    """The names in a text, which may also say that there are none of them: `none`, `无`, `-`, `[]`."""
    said = normalised(text).strip().rstrip(".。").casefold()
    return [] if said in _NONE and said not in known else read_names(text, known)
