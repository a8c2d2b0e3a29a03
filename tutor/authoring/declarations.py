"""What an author says of a formula's names: `W: n,m; y: N labels k` and `n=3,m=2`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tutor.expr import ParseError, Scope, Tree, names_in, one_spelling, parse
from tutor.text import Message, msg

Role: TypeAlias = Literal["real", "labels", "onehot", "mask", "choice", "constant", "rows"]
_ROLES: dict[str, Role] = {
    "labels": "labels",
    "onehot": "onehot",
    "one-hot": "onehot",
    "mask": "mask",
    "of": "choice",
    "constant": "constant",
}
_NUMBER = re.compile(r"\s*-?(\d+\.?\d*|\.\d+)\s*")
_SIZE = re.compile(r"\s*([^\W\d]\w*)\s*=\s*([0-9]+)\s*")
_FIRST_SIZE = 2


class UnclearError(ValueError):
    """What the author typed cannot be used; `text` is what was typed and `at` where in it the trouble lies."""

    def __init__(self, message: Message, text: str = "", at: int = 0) -> None:
        super().__init__(message.id)
        self.message, self.text, self.at = message, text, at


@dataclass(frozen=True, slots=True)
class Declared:
    """An input: its sizes as formulas of size names, and what its numbers are; `extra` is the k of labels and such."""

    name: str
    dims: tuple[str, ...] = ()
    role: Role = "real"
    extra: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The sizes that it speaks of, in reading order."""
        sizes = [*self.dims, *([self.extra] if self.role in ("labels", "onehot") else [])]
        return tuple(dict.fromkeys(name for size in sizes for name in names_in(_size(size, size, 0))))


def declarations(text: str) -> dict[str, Declared]:
    """`W: n,m; x: m,1; y: N labels k` as inputs by name; raises UnclearError."""
    found: dict[str, Declared] = {}
    position = 0
    for piece in re.split(r"[;\n]", one_spelling(text)):
        if piece.strip():
            name, colon, rest = piece.partition(":")
            if not colon or not name.strip().isidentifier():
                raise UnclearError(msg("authoring.shape-unclear"), text, position)
            if name.strip() in found:
                raise UnclearError(msg("authoring.shape-twice", name=name.strip()), text, position)
            found[name.strip()] = declaration(name.strip(), rest, text, position + len(name) + 1)
        position += len(piece) + 1
    return found


def declaration(name: str, shape: str, text: str | None = None, position: int = 0) -> Declared:
    """One input from its shape, `n,m` or `N labels k`; an empty one is a scalar. Raises UnclearError."""
    whole = shape if text is None else text
    words = re.fullmatch(r"(.*?)(?:\b(labels|one-?hot|mask|constant|of)\b(.*))?", shape.strip(), re.DOTALL)
    assert words is not None
    sizes, word, extra = (words.group(1) or "").strip(), words.group(2), (words.group(3) or "").strip()
    if sizes[:1] in ("(", "[") and sizes[-1:] in (")", "]"):
        sizes = sizes[1:-1]
    sizes = "" if sizes.strip() == "scalar" else sizes
    dims = tuple(size.strip() for size in re.split(r"[,×]", sizes.strip().rstrip(","))) if sizes.strip() else ()
    for size in dims:
        _size(size, whole, position)
    role: Role = _ROLES[word] if word else "real"
    if role == "onehot" and dims:
        extra = extra or dims[-1]
    if role in ("labels", "onehot"):
        _size(extra, whole, position)
    elif role == "mask":
        extra = extra or "0.8"
        if not re.fullmatch(r"0?\.[0-9]+|[01]", extra):
            raise UnclearError(msg("authoring.shape-unclear"), whole, position)
    elif role == "choice":
        values = [value.strip() for value in extra.split(",")]
        if len(values) < 2 or not all(_NUMBER.fullmatch(value) for value in values):
            raise UnclearError(msg("authoring.shape-unclear"), whole, position)
        extra = ", ".join(values)
    elif extra:
        raise UnclearError(msg("authoring.shape-unclear"), whole, position)
    return Declared(name, dims, role, extra)


def sizes_from(text: str) -> dict[str, int]:
    """`n=3,m=2` as sizes by name; raises UnclearError."""
    found: dict[str, int] = {}
    position = 0
    for piece in re.split(r"[,;\n]", one_spelling(text)):
        match = _SIZE.fullmatch(piece)
        if match is not None:
            if int(match.group(2)) < 1:
                raise UnclearError(msg("authoring.sizes-unclear"), text, position)
            found[match.group(1)] = int(match.group(2))
        elif piece.strip():
            raise UnclearError(msg("authoring.sizes-unclear"), text, position)
        position += len(piece) + 1
    return found


def with_all_sizes(sizes: Mapping[str, int], declared: Iterable[Declared]) -> dict[str, int]:
    """The sizes, and numbers that differ from each other for those that the author gave none; in reading order."""
    every = dict(sizes)
    for name in (name for each in declared for name in each.names):
        if name not in every:
            every[name] = next(k for k in range(_FIRST_SIZE, 1000) if k not in every.values())
    return every


def _size(size: str, text: str, position: int) -> Tree:
    try:
        return parse(size, Scope(None, frozenset(), frozenset()))
    except ParseError:
        raise UnclearError(msg("authoring.shape-unclear"), text, position) from None
