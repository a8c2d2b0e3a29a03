"""One entry of an array as a question names it: `z[i]`, `W[i, j]`, `x[0]`, `s`."""

from dataclasses import dataclass

from tutor.expr import ParseError, Scope, Span, parse
from tutor.expr.tree import Name, Number, Subscript
from tutor.text import msg

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """An array and where in it: a letter that may be any index, or a number from 0, for each axis."""

    name: str
    indices: tuple[str | int, ...] = ()

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters in reading order."""
        return tuple(index for index in self.indices if isinstance(index, str))

    def axes(self, shape: Shape) -> tuple[str | int, ...] | None:
        """One index for every axis: axes of one entry may be left out, `z[i]` is `z[i, 0]`. None if it cannot fit."""
        left = list(self.indices)
        if len(left) != len(shape):
            if len(left) != sum(size != 1 for size in shape):
                return None
            left = [left.pop(0) if size != 1 else 0 for size in shape]
        fits = all(isinstance(index, str) or index < size for index, size in zip(left, shape, strict=True))
        return tuple(left) if fits else None


def place_of(text: str) -> Place:
    """The place that a text names; raises ParseError."""
    tree = parse(text, Scope(None, frozenset(), frozenset()))
    if isinstance(tree, Name):
        return Place(tree.name)
    if not isinstance(tree, Subscript) or not isinstance(tree.operand, Name):
        raise ParseError(msg("lesson.not-an-entry"), Span(0, len(text)))
    indices: list[str | int] = []
    for item in tree.items:
        if isinstance(item, Name):
            indices.append(item.name)
        elif isinstance(item, Number) and item.text.isdecimal():
            indices.append(int(item.value))
        else:
            raise ParseError(msg("lesson.not-an-entry"), item.span)
    return Place(tree.operand.name, tuple(indices))


def letter_sizes(places: tuple[tuple[Place, Shape], ...]) -> dict[str, int] | None:
    """How far every letter runs at these shapes; None where a place does not fit or a letter would run two ways."""
    sizes: dict[str, int] = {}
    for place, shape in places:
        axes = place.axes(shape)
        if axes is None:
            return None
        for index, size in zip(axes, shape, strict=True):
            if isinstance(index, str) and sizes.setdefault(index, size) != size:
                return None
    return sizes
