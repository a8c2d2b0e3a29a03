"""An entry that is asked for, and the value of a formula in indices, for every choice of the indices at a run."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any

import numpy as np

from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.typed_text import read
from tutor.drill.question import Question
from tutor.engine import Run
from tutor.engine.function_table import function_table
from tutor.engine.gradient_formulas import replaced
from tutor.engine.ops import REGISTRY
from tutor.engine.rounding_noise import functions_at
from tutor.expr import EvaluationError, ParseError, PartValues, Scope, Tree, evaluate, walk
from tutor.expr.tree import (
    Binary,
    Call,
    EllipsisIndex,
    Gradient,
    Name,
    Negation,
    Number,
    Part,
    Slice,
    Subscript,
    children,
)
from tutor.lesson.array_entries import Place, letter_sizes
from tutor.mistakes.target import Convention
from tutor.text import Message, msg

# Choices of the indices at a run, where a formula cannot be computed for all at once: fewer at fresh numbers than at
# the drill's own, and fewer for long formulas.
MOST_TRIED = 24
LEAST_TRIED = 4
PARTS_TRIED = 120
LONGEST_INDEXED = 16
_KRONECKER = re.compile(r"(delta|Delta|δ)_?\w{0,2}$")


@dataclass(frozen=True, eq=False, kw_only=True)
class EntryQuestion(Question):
    """Which entry of what (`upper`), with respect to which entry (`lower`); indices count from 0."""

    upper: Place
    lower: Place
    using: tuple[str, ...] | None
    convention: Convention

    @property
    def terms(self) -> tuple[object, ...]:
        """What is asked besides the names in the id."""
        return (self.upper.indices, self.lower.indices, self.using)

    @property
    def letters(self) -> tuple[str, ...]:
        """The index letters in reading order, each once: the axes of `truth`."""
        return tuple(dict.fromkeys((*self.upper.letters, *self.lower.letters)))

    def sizes(self, run: Run) -> dict[str, int] | None:
        """How far each letter runs; None at a run where a numbered entry does not exist."""
        return letter_sizes(((self.upper, shape_at(run, self.upper)), (self.lower, shape_at(run, self.lower))))

    def truth(self, run: Run) -> Any:
        """The entry for every choice of the indices: one axis a letter."""
        sizes = self.sizes(run)
        assert sizes is not None
        grid = self.grid(sizes)
        shapes = shape_at(run, self.upper), shape_at(run, self.lower)
        whole = run.jacobian(self.upper.name, self.lower.name).reshape(*shapes[0], *shapes[1])
        axes = [*(self.upper.axes(shapes[0]) or ()), *(self.lower.axes(shapes[1]) or ())]
        picked = whole[tuple(grid[index] if isinstance(index, str) else index for index in axes)]
        return np.broadcast_to(picked, tuple(sizes[letter] for letter in self.letters))

    def grid(self, sizes: dict[str, int]) -> dict[str, Any]:
        """For every letter all its indices, along an axis of its own."""
        count = len(self.letters)
        return {
            letter: np.arange(sizes[letter]).reshape([-1 if axis == k else 1 for axis in range(count)])
            for k, letter in enumerate(self.letters)
        }


def shape_at(run: Run, place: Place) -> tuple[int, ...]:
    """The shape of the array that a place is in."""
    return run.shapes[run.graph.find(place.name)]


class EntryWords(AnswerScope):
    """What may be typed: nodes, sizes, the index letters, `dz` of what lies on the way to the output."""

    entry: EntryQuestion

    @property
    def parser_scope(self) -> Scope:
        """The letters are names like others, also where one is called `e`."""
        scope = super().parser_scope
        return replace(scope, names=frozenset({*(scope.names or ()), *self.entry.letters}))

    def _up_refused(self, name: str) -> Message | None:
        if name != "up" and len(self.entry.letters) > 1:
            return self._no_delta(name)
        return msg("checking.up-plays-no-part", name=name)

    def _no_delta(self, name: str) -> Message:
        first, second, *_ = self.entry.letters
        return msg("checking.entry-no-delta", name=name, first=first, second=second)

    def read(self, text: str) -> Tree:
        """The formula; raises ParseError, which for `x_j` and `xj` says how an index is written."""
        try:
            return read(self, text)
        except ParseError as error:
            name = str(error.message.params.get("name", "")) if error.message.id.startswith("expr.unknown-name") else ""
            if _KRONECKER.match(name) and len(self.entry.letters) > 1:
                raise ParseError(self._no_delta(name), error.span) from None
            meant = self._indexed(name)
            if meant is None:
                raise
            raise ParseError(msg("checking.entry-write-index", name=name, meant=meant), error.span) from None

    def _indexed(self, name: str) -> str | None:
        """`x_j`, `xj` and `W_ij` with their indices in brackets; None for what is nothing of the kind."""
        if len(name) > LONGEST_INDEXED:
            return None
        for array in sorted(self.graph.index, key=len, reverse=True):
            letters = name.removeprefix(array).strip("_") if name.startswith(array) else ""
            if letters and all(letter in self.entry.letters for letter in letters):
                return f"{array}[{', '.join(letters)}]"
        return None

    def _in_using(self, name: str) -> bool:
        return name in self.entry.letters or super()._in_using(name)


def value_of(words: EntryWords, tree: Tree, run: Run) -> Any:
    """The formula for every choice of the letters: one axis a letter; raises EvaluationError.

    Where it cannot be computed for all choices at once, some are tried and the others are NaN.
    """
    entry = words.entry
    sizes = entry.sizes(run)
    assert sizes is not None
    letters = entry.letters
    names = _used(tree, words.values(run))
    tree = _with_all_indices(tree, names, letters, sizes)
    shape = tuple(sizes[letter] for letter in letters)
    _at(tree, names, dict.fromkeys(letters, 0))
    if _at_once(tree, letters):
        value = evaluate(tree, _With(names, entry.grid(sizes)), functions_at(run))
        # Arrays of one entry, such as a score (1, 1), bring axes of their own in front.
        return np.broadcast_to(value.reshape(value.shape[max(value.ndim - len(shape), 0) :]), shape)
    found = np.full(shape, np.nan)
    elsewhere = min(MOST_TRIED, max(LEAST_TRIED, PARTS_TRIED // parts_in(tree)))
    here = min(MOST_TRIED, max(LEAST_TRIED, 4 * PARTS_TRIED // parts_in(tree)))
    for choice in islice(_choices(shape), here if run is words.part.run else elsewhere):
        found[choice] = _at(tree, names, dict(zip(letters, choice, strict=True)))
    return found


def value_at_one(words: EntryWords, tree: Tree, run: Run, choice: tuple[int, ...]) -> float:
    """The formula for one choice of the letters; raises EvaluationError."""
    sizes = words.entry.sizes(run) or {}
    names = _used(tree, words.values(run))
    tree = _with_all_indices(tree, names, words.entry.letters, sizes)
    return _at(tree, names, dict(zip(words.entry.letters, choice, strict=True)))


def parts_at_one(words: EntryWords, tree: Tree, run: Run, choice: tuple[int, ...]) -> PartValues:
    """The values of all parts of the formula that have one, for one choice of the letters."""
    sizes, letters = words.entry.sizes(run) or {}, words.entry.letters
    names = words.values(run)
    parts = PartValues(_With(names, dict(zip(letters, map(float, choice), strict=True))), function_table())
    for part in walk(tree):
        if isinstance(part, Subscript):
            with suppress(EvaluationError):
                parts.give(part, parts.value(_with_all_indices(part, names, letters, sizes)))
    parts.remember_rest(tree)
    return parts


def out_of_range(words: EntryWords, tree: Tree, run: Run) -> tuple[str, str, int, int] | None:
    """A letter that runs further than the axis it stands for: the letter, the array, how far, how long the axis is."""
    sizes, names = words.entry.sizes(run) or {}, words.values(run)
    for part in walk(_with_all_indices(tree, names, words.entry.letters, sizes)):
        if not isinstance(part, Subscript) or not isinstance(part.operand, Name | Gradient):
            continue
        if part.operand.name not in names:
            continue  # a letter cannot be picked from
        shape = np.shape(names[part.operand.name])
        for item, length in zip(part.items, shape, strict=False):
            if isinstance(item, Name) and sizes.get(item.name, 0) > length:
                return item.name, part.operand.name, sizes[item.name], length
    return None


def parts_in(tree: Tree) -> int:
    """How many parts a formula has, which is what it costs to try."""
    return sum(1 for _ in walk(tree))


class _With(Mapping[str, Any]):
    """Names with the letters on top."""

    def __init__(self, names: Mapping[str, Any], letters: Mapping[str, Any]) -> None:
        self._names, self._letters = names, letters

    def __getitem__(self, name: str) -> Any:
        return self._letters[name] if name in self._letters else self._names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._letters, *self._names]))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _used(tree: Tree, names: Mapping[str, Any]) -> dict[str, Any]:
    """What the tree's names stand for, each looked up once."""
    used = dict.fromkeys(part.name for part in walk(tree) if isinstance(part, Name | Gradient))
    return {name: names[name] for name in used if name in names}


def _at(tree: Tree, names: Mapping[str, Any], choice: Mapping[str, int]) -> float:
    """The value at one choice of the letters; raises EvaluationError where it is no number."""
    value = evaluate(tree, _With(names, {letter: float(index) for letter, index in choice.items()}), function_table())
    if value.size != 1:
        raise EvaluationError(msg("checking.entry-not-a-number", shape=value.shape), tree.span)
    return float(value.ravel()[0])


def _with_all_indices(tree: Tree, names: Mapping[str, Any], letters: tuple[str, ...], sizes: Mapping[str, int]) -> Tree:
    """`x[j]` of a column as `x[j, 0]`: an axis of one entry may be left out."""

    def change(part: Tree) -> Tree | None:
        if not isinstance(part, Subscript) or any(isinstance(item, Slice) for item in part.items):
            return None
        if isinstance(part.operand, Subscript) and not any(
            isinstance(item, Slice | EllipsisIndex) for item in part.operand.items
        ):
            # `W[i][j]` is `W[i, j]`.
            return change(replace(part, operand=part.operand.operand, items=(*part.operand.items, *part.items)))
        operand = replaced(part.operand, change)
        try:
            shape = np.shape(evaluate(operand, _With(names, dict.fromkeys(letters, 0.0)), function_table()))
        except EvaluationError:
            return None
        items = list(part.items)
        if len(items) < len(shape) and len(items) == sum(size != 1 for size in shape):
            filled = [items.pop(0) if size != 1 else Number("0", 0.0) for size in shape]
            return replace(part, operand=operand, items=tuple(filled))
        return replace(part, operand=operand)

    return replaced(tree, change)


def _at_once(tree: Part, letters: tuple[str, ...]) -> bool:
    """May every letter be an array of all its indices, each along an axis of its own?"""
    if not any(isinstance(part, Name) and part.name in letters for part in walk(tree)):
        return True
    match tree:
        case Name():
            return True
        case Binary() if tree.op != "@":
            return _at_once(tree.left, letters) and _at_once(tree.right, letters)
        case Negation():
            return _at_once(tree.operand, letters)
        case Call(keywords=()) if tree.function in REGISTRY and REGISTRY[tree.function].elementwise:
            return all(_at_once(each, letters) for each in tree.arguments)
        case Subscript():
            whole = not any(isinstance(part, Name) and part.name in letters for part in walk(tree.operand))
            return whole and all(_is_index(item, letters) for item in tree.items)
    return False


def _is_index(item: Part, letters: tuple[str, ...]) -> bool:
    return isinstance(item, Name | Number | Binary) and all(_is_index(each, letters) for each in children(item))


def _choices(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """All choices, in strides that reach every part of the grid early."""
    every = list(product(*(range(size) for size in shape)))
    stride = next(step for step in (37, 41, 43, 47) if len(every) % step) if len(every) > 1 else 1
    return (every[k * stride % len(every)] for k in range(len(every)))
