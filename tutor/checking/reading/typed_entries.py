"""A typed answer as entries, each with the precision it was typed to; and the rules for typed decimals."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from tutor.expr.tree import ArrayLiteral, Binary, Negation, Number, Tree, walk

EXACT = 1e-9
COARSEST = 0.1
LOOSE_MATCH = 1e-3
_WHOLE = 2.0**-44  # relative: beyond, exp(20) = 485165195.41 would pass for a whole number
_MANY = 1 / EXACT  # a number of more digits nobody types out: it is rounded, whole or not
_LONGEST_EXPONENT = 9  # letters of an exponent that are read; by then the number is 0


class Precision(Enum):
    """How exactly an entry was meant."""

    DECIMAL = "decimal"  # digits typed: 0.42, 12
    EXACT = "exact"  # 1/3, sqrt(2)/2, names
    LOOSE = "loose"  # a computation with a decimal in it: 2*0.42


class Judgement(Enum):
    """One entry against the exact value."""

    RIGHT = "right"
    COARSE = "coarse"  # right as far as it goes, too few digits
    CLOSE = "close"  # within the lesson's tolerance, not correctly rounded
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class TypedEntry:
    """One number: its value and how it was typed; `unit` is that of the last decimal."""

    value: float
    precision: Precision
    unit: float = 0.0
    whole: bool = False
    digits: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class TypedAnswer:
    """An answer: its tree, its value, and its entries in row-major order."""

    tree: Tree
    value: Any
    entries: tuple[TypedEntry, ...]

    @property
    def literal(self) -> bool:
        """Is it a list or a number written out, rather than a formula that computes one?"""
        return isinstance(self.tree, ArrayLiteral)

    def reshaped(self, shape: tuple[int, ...]) -> "TypedAnswer":
        """The same entries read in another shape."""
        return TypedAnswer(self.tree, np.reshape(self.value, shape), self.entries)


def typed_answer(tree: Tree, value: Any) -> TypedAnswer:
    """The entries of a tree whose value is known."""
    flat = np.ravel(np.asarray(value, dtype=np.float64)).tolist()
    leaves = leaves_of(tree)
    if len(leaves) == len(flat):
        return TypedAnswer(tree, value, tuple(_entry(leaf, number) for leaf, number in zip(leaves, flat, strict=True)))
    loose = _has_decimal(tree)
    return TypedAnswer(tree, value, tuple(_computed(number, loose) for number in flat))


def typed_at_size(tree: Tree, value: Any, sizes: Collection[int]) -> TypedAnswer:
    """The same, without entries where the value has none of the sizes wanted: a million ones are no answer."""
    return typed_answer(tree, value) if np.size(value) in sizes else TypedAnswer(tree, value, ())


def judge(answer: TypedAnswer, right: Any, tolerance: float) -> list[Judgement]:
    """Every entry against the right array of the same shape (rule 3 of the answers' rules: typed decimals)."""
    flat = np.ravel(np.asarray(right, dtype=np.float64))
    largest = float(np.max(np.abs(flat), initial=0.0))
    return [_judged(entry, float(exact), largest, tolerance) for entry, exact in zip(answer.entries, flat, strict=True)]


def says_little(entry: TypedEntry, exact: float, largest: float) -> bool:
    """Has a decimal fewer than two digits of the largest entry? 1.0 has two of 0.9996, and one of 0.96."""
    if entry.precision is not Precision.DECIMAL or entry.unit <= COARSEST * largest * (1 + EXACT):
        return False
    return entry.unit > COARSEST * abs(entry.value) * (1 + EXACT) or abs(entry.value - exact) > entry.unit / 20


def places(judged: list[Judgement], shape: tuple[int, ...], *marked: Judgement) -> tuple[tuple[int, ...], ...]:
    """The indices of the entries that were judged so."""
    found = (place for place, each in enumerate(judged) if each in marked)
    return tuple(tuple(int(k) for k in np.unravel_index(place, shape)) for place in found)


def too_coarse(answer: TypedAnswer, right: Any) -> bool:
    """Is an entry typed in a unit larger than every entry, as 1 for 0.95? It may be another number as well."""
    largest = float(np.max(np.abs(right), initial=0.0))
    return any(each.precision is Precision.DECIMAL and each.unit > largest * (1 + EXACT) for each in answer.entries)


def fits(answer: TypedAnswer, right: Any, tolerance: float) -> bool:
    """Is it the right array as far as its digits go, and do they say enough to tell?"""
    return Judgement.WRONG not in judge(answer, right, tolerance) and not too_coarse(answer, right)


def is_whole(exact: float, largest: float) -> bool:
    """Is it a whole number, up to what a few additions and products leave? A large float need not be, just for that."""
    return abs(exact) < _MANY and abs(exact - round(exact)) <= _WHOLE * max(largest, 1.0) < 0.5


def significant_digits(answer: TypedAnswer) -> int:
    """Digits of a scalar that carry evidence: `0.40` has two, `1/3` has many, `6` has one."""
    return answer.entries[0].digits if len(answer.entries) == 1 else 0


def _judged(entry: TypedEntry, exact: float, largest: float, tolerance: float) -> Judgement:
    if not np.isfinite(exact):
        return Judgement.WRONG
    difference = abs(entry.value - exact)
    if difference <= EXACT * max(largest, abs(entry.value)):
        return Judgement.RIGHT
    close = exact != 0.0 and entry.value * exact > 0.0 and difference <= tolerance * abs(exact)
    if entry.precision is Precision.EXACT:
        return Judgement.WRONG
    if entry.precision is Precision.LOOSE:
        return Judgement.CLOSE if close else Judgement.WRONG
    if entry.whole and is_whole(exact, largest):
        return Judgement.WRONG
    rounded = difference <= entry.unit / 2 * (1 + EXACT) + EXACT * largest
    if not rounded and not close:
        return Judgement.WRONG
    if says_little(entry, exact, largest):
        return Judgement.COARSE
    return Judgement.RIGHT if rounded else Judgement.CLOSE


def leaves_of(tree: Tree) -> list[Tree]:
    """What stands in the places of a list written out, row by row; of anything else the tree itself."""
    if isinstance(tree, ArrayLiteral):
        return [leaf for item in tree.items for leaf in leaves_of(item)]
    return [tree]


def _entry(leaf: Tree, value: float) -> TypedEntry:
    inner = leaf.operand if isinstance(leaf, Negation) else leaf
    if (digits := _times_power_of_ten(inner)) is not None:
        return _decimal(digits, value)
    if isinstance(inner, Number) and inner.text.isascii():  # `¼` is no whole number either
        return _decimal(inner.text, value)
    return _computed(value, _has_decimal(leaf))


def _times_power_of_ten(tree: Tree) -> str | None:
    """The digits of `1.43×10^2`, as 1.43e2; None for any other expression."""
    match tree:
        case Binary("*", left, Binary("^", Number(text="10"), Number(text=exponent))):
            sign = ""
        case Binary("*", left, Binary("^", Number(text="10"), Negation(Number(text=exponent)))):
            sign = "-"
        case _:
            return None
    mantissa = left.operand if isinstance(left, Negation) else left
    digits = mantissa.text if isinstance(mantissa, Number) else ""
    plain = digits.isascii() and digits and "e" not in digits.lower() and exponent.isdecimal()
    return f"{digits}e{sign}{exponent}" if plain else None


def _has_decimal(tree: Tree) -> bool:
    return any(isinstance(part, Number) and _is_decimal(part) for part in walk(tree))


def _is_decimal(number: Number) -> bool:
    """Typed as a decimal: `0.5` and `1e-3` may be rounded, `7` and `¼` are not."""
    return number.text.isascii() and not number.text.isdecimal()


def _computed(value: float, loose: bool) -> TypedEntry:
    digits = len(f"{abs(value):.12g}".partition("e")[0].replace(".", "").strip("0")) or 1
    return TypedEntry(value, Precision.LOOSE if loose else Precision.EXACT, digits=digits)


def _decimal(text: str, value: float) -> TypedEntry:
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    # 0e999 is a number too, and 1e-400 has a unit that no float holds.
    unit = 10.0 ** max(min(int(exponent[:_LONGEST_EXPONENT] or 0) - decimals, 300), -300)
    digits = mantissa.replace(".", "").lstrip("0")
    # Zeros behind a whole number say nothing about its precision: 100 has one digit.
    shown = digits if "." in mantissa else digits.rstrip("0")
    return TypedEntry(value, Precision.DECIMAL, unit, whole=unit >= 1.0, digits=len(shown))
