"""Ways to draw a new lesson's numbers, the plainest first: whole numbers, decimals, ranges found by trying."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tutor.authoring.declarations import Declared
from tutor.authoring.sketch import LessonSketch
from tutor.authoring.unknown_shapes import shape_at
from tutor.engine.compile import called, scope_of
from tutor.expr import Tree, parse, walk
from tutor.expr.tree import Binary, Call
from tutor.lesson.inputs import positive_names
from tutor.lesson.numbers.samplers import RandomStream

_SEED = 20_210_209
_RANDOM_SCHEMES = 40


@dataclass(frozen=True, slots=True)
class _Range:
    """Where an input's numbers lie: whole ones, or decimals of so many places."""

    low: float
    high: float
    decimals: int = 1

    def text(self, count: int) -> str:
        """The range as a lesson writes it, for an input of so many entries."""
        whole = self.decimals == 0
        sampler = f"{'integers' if whole else 'uniform'}: [{self.low:g}, {self.high:g}]"
        places = "" if whole else f", decimals: {self.decimals}"
        nonzero = ", nonzero: true" if self.low <= 0 <= self.high else ""
        values = round((self.high - self.low) * 10**self.decimals) + (0 if nonzero else 1)
        distinct = ", distinct: true" if 1 < count <= values else ""
        return f"{sampler}{places}{nonzero}{distinct}"


_WHOLE, _SMALL_WHOLE = _Range(-6, 6, 0), _Range(-3, 3, 0)
_UNIT, _FINE, _TWO = _Range(-1, 1), _Range(-1, 1, 2), _Range(-2, 2)
_NARROW = _Range(-0.3, 0.3, 2)  # sums of many products stay small, so that no tanh saturates
_POSITIVE, _ABOVE, _SHARE = _Range(0.5, 2), _Range(1, 3), _Range(0.1, 0.9, 2)
_ANY = (
    _Range(0.1, 0.9, 2),
    _Range(1, 2),
    _Range(2, 4),
    _Range(4, 9),
    _Range(-1, 1, 2),
    _Range(-3, -1),
    _Range(0.5, 0.9, 2),
)


def schemes(sketch: LessonSketch) -> Iterator[tuple[bool, dict[str, str]]]:
    """For every input how its numbers are drawn, one way after the other; True for plain ways, False for guesses."""
    scope = scope_of(sketch.lines, sketch.inputs, sketch.sizes)
    trees = [parse(text, scope) for text in sketch.lines.values()]
    positive = positive_names(trees)
    counts = {name: math.prod(shape_at(each, sketch.sizes)) for name, each in sketch.inputs.items()}

    def drawn(ranges: Mapping[str, _Range]) -> dict[str, str]:
        return {name: _text(each, ranges[name], counts[name]) for name, each in sketch.inputs.items()}

    names = list(sketch.inputs)
    if all(_is_exact(tree) for tree in trees):
        yield True, drawn(dict.fromkeys(names, _WHOLE))
        yield True, drawn(dict.fromkeys(names, _SMALL_WHOLE))
    wide = {name: _UNIT if len(each.dims) > 1 and counts[name] > 3 else _TWO for name, each in sketch.inputs.items()}
    yield True, drawn({name: _POSITIVE if name in positive else wide[name] for name in names})
    yield True, drawn({name: _POSITIVE if name in positive else _UNIT for name in names})
    yield True, drawn({name: _POSITIVE if name in positive else _FINE for name in names})
    narrow = {name: _NARROW if len(each.dims) > 1 else _UNIT for name, each in sketch.inputs.items()}
    yield True, drawn({name: _POSITIVE if name in positive else narrow[name] for name in names})
    for everywhere in (_SHARE, _ABOVE, _POSITIVE):
        yield True, drawn(dict.fromkeys(names, everywhere))
    stream = RandomStream(_SEED)
    for _ in range(_RANDOM_SCHEMES):
        yield False, drawn({name: _ANY[stream.integer(0, len(_ANY) - 1)] for name in names})


def _text(each: Declared, range_: _Range, count: int) -> str:
    match each.role:
        case "labels" | "onehot" | "mask":
            return f"{each.role}: {each.extra}"
        case "choice":
            return f"choice: [{each.extra}]"
        case "constant":
            return f"{range_.text(count)}, constant: true"
        case "rows":
            return f"rows: {each.dims[0]}"
    return range_.text(count)


def _is_exact(tree: Tree) -> bool:
    """Whether only + - * @ max and the like are used, so that whole numbers stay whole."""
    for part in walk(tree):
        if isinstance(part, Binary) and part.op not in ("+", "-", "*", "@"):
            return False
        if isinstance(part, Call) and called(part).exact == "none":
            return False
    return True
