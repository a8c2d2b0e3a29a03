"""Lists of names as people type them: with commas, arrows or blanks between them."""

import re
from collections.abc import Collection

from tutor.expr import ParseError, Span, nearest, normal
from tutor.expr.letters import shortened
from tutor.text import msg

_NAME = re.compile(r"[^\s,;，、；→>\-]+")
_NONE = frozenset({"none", "nothing", "无", "没有", "都不", "-", "–", "—", "∅", "[]", "{}", "()"})


def read_names(text: str, known: Collection[str]) -> list[str]:
    """The names in a text; raises ParseError for an empty text, an unknown name and one that comes twice."""
    found = list(_NAME.finditer(text))
    if not found:
        raise ParseError(msg("checking.names-wanted", names=list(known)), Span(0, len(text)))
    names: list[str] = []
    for match in found:
        name, span = normal(match.group()), Span(*match.span())
        if name not in known:
            near = nearest(name, frozenset(known))
            raise ParseError(msg("checking.unknown-choice", name=shortened(name), names=near or list(known)), span)
        if name in names:
            raise ParseError(msg("checking.name-twice", name=name), span)
        names.append(name)
    return names


def read_choice(text: str, known: Collection[str]) -> list[str]:
    """The names in a text, which may also say that there are none of them: `none`, `无`, `-`, `[]`."""
    said = normal(text).strip().rstrip(".。").casefold()
    return [] if said in _NONE and said not in known else read_names(text, known)
