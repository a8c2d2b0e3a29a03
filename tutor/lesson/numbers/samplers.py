"""Numbers from a seed, the same on every machine: only additions, products and roundings of `random()`."""

import math
import random
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.lesson.graph.named_sizes import shape_of, size_of
from tutor.lesson.model import Given

_TRIES = 10_000
_MASK_TRIES = 100
_MOST_PLACES = 15


class RandomStream:
    """An endless row of numbers that a seed determines."""

    def __init__(self, seed: int) -> None:
        self.unit = random.Random(seed).random  # Mersenne Twister: its random() is specified for all versions

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def uniform(self, low: float, high: float) -> float:
        """A number from low to high."""
        return low + (high - low) * self.unit()

    def sign(self) -> float:
        """1 or -1."""
        return 1.0 if self.unit() < 0.5 else -1.0

    def normal(self) -> float:
        """About the standard normal distribution, by the sum of twelve, which needs no logarithm or sine."""
        return sum(self.unit() for _ in range(12)) - 6.0


def sample(given: Given, sizes: Mapping[str, int], stream: RandomStream, tries: int = _TRIES) -> NDArray[Any]:
    """Numbers as the lesson describes them, in the shape that the input has at these sizes.

    After so many `tries` the options `distinct` and `nonzero` are given up: other sizes may have too many entries.
    """
    shape = shape_of(given, sizes)
    match given.kind:
        case "fixed":
            return lesson_numbers(given)
        case "labels":
            assert given.classes is not None
            classes = size_of(given.classes, sizes)
            return _filled(shape, lambda: stream.integer(0, classes - 1), given, tries).astype(np.int64)
        case "onehot":
            return one_hot(shape, stream, given.axis)
        case "rows":
            return np.arange(math.prod(shape), dtype=np.int64).reshape(shape)
        case "mask":
            return mask(shape, given.scale, stream)
    return _filled(shape, _one(given, stream), given, tries)


def generic_numbers(given: Given, sizes: Mapping[str, int], stream: RandomStream, scale: float = 1.0) -> NDArray[Any]:
    """Generic numbers from the input's domain, for checking formulas; `scale` shrinks those that go into products."""
    shape = shape_of(given, sizes)
    match given.domain:
        case "labels":
            return _filled(shape, lambda: stream.integer(0, _classes(given, sizes) - 1)).astype(np.int64)
        case "onehot":
            return one_hot(shape, stream, given.axis)
        case "mask":
            return mask(shape, given.scale if given.kind == "mask" else 0.5, stream)
        case "probability":
            return _filled(shape, lambda: stream.uniform(0.1, 0.9))
        case "shares":
            parts = _filled(shape, lambda: stream.uniform(0.2, 1.0))
            return np.asarray(parts / np.sum(parts, axis=-1, keepdims=True))
        case "positive":
            return _filled(shape, lambda: scale * stream.uniform(0.4, 2.0))
    return _filled(shape, lambda: scale * stream.sign() * stream.uniform(0.3, 1.7))


def lesson_numbers(given: Given) -> NDArray[Any]:
    """The numbers of the lesson."""
    return np.asarray(given.value, dtype=np.int64 if given.integer else np.float64)


def mask(shape: tuple[int, ...], keep: float, stream: RandomStream) -> NDArray[Any]:
    """Ones with probability `keep`, zeros otherwise; among several entries some of each, where both can be."""
    for _ in range(_MASK_TRIES):
        made = _filled(shape, lambda: 1.0 if stream.unit() < keep else 0.0)
        if made.size < 2 or keep <= 0.0 or keep >= 1.0 or 0 < made.sum() < made.size:
            return made
    odd = stream.integer(0, made.size - 1)
    made.flat[odd] = 1.0 - made.flat[odd]
    return made


def one_hot(shape: tuple[int, ...], stream: RandomStream, axis: int = -1) -> NDArray[Any]:
    """One 1 along an axis."""
    made = np.zeros(shape)
    along = np.moveaxis(made, axis, -1)
    for place in np.ndindex(along.shape[:-1]):
        along[(*place, stream.integer(0, shape[axis] - 1))] = 1.0
    return made


def decimals_of(given: Given) -> int:
    """Decimal places of drawn numbers: as the lesson says, otherwise such that there are two significant digits.

    A range too narrow for those gets as many as it needs to hold a number other than 0.
    """
    if given.decimals is not None:
        return given.decimals
    largest = 2 * given.scale if given.kind == "normal" else max(abs(given.low), abs(given.high))
    places = next((places for bound, places in ((1, 2), (10, 1)) if largest <= bound), 0)
    while largest > 0 and places < _MOST_PLACES and not _holds_a_number(given, places):
        places += 1
    return places


def _holds_a_number(given: Given, places: int) -> bool:
    if given.kind == "normal":
        return 2 * given.scale >= 10.0**-places
    low, high = range_ends(given, places)
    return low <= high and (low, high) != (0, 0)


def range_ends(given: Given, places: int) -> tuple[int, int]:
    """The first and the last number of a uniform range in steps of the last decimal; the first is larger in none."""
    steps = 10**places
    # Whole steps, so that 0.3 is the number that people read as 0.3.
    return math.ceil(given.low * steps - 1e-9), math.floor(given.high * steps + 1e-9)


def values_of(given: Given, sizes: Mapping[str, int]) -> tuple[int, bool] | None:
    """How many different numbers an entry can be, and whether 0 is one; None where that is not counted."""
    match given.kind:
        case "choice":
            return len(set(given.choices)), 0.0 in given.choices
        case "labels" if given.classes is not None:
            return size_of(given.classes, sizes), True
        case "integers":
            low, high = int(given.low), int(given.high)
        case "uniform":
            low, high = range_ends(given, decimals_of(given))
        case "normal":  # numbers beyond twice the scale are rare
            high = round(2 * given.scale * 10 ** decimals_of(given))
            low = -high
        case _:
            return None
    return max(high - low + 1, 0), low <= 0 <= high


def can_keep_options(given: Given, sizes: Mapping[str, int]) -> bool:
    """Whether there are numbers enough for `nonzero` and `distinct`."""
    found = values_of(given, sizes)
    if found is None:
        return True
    values, has_zero = found
    values -= given.nonzero and has_zero
    return values >= (math.prod(shape_of(given, sizes)) if given.distinct else 1)


def _one(given: Given, stream: RandomStream) -> Callable[[], float]:
    if given.kind == "integers":
        return lambda: float(stream.integer(int(given.low), int(given.high)))
    if given.kind == "choice":
        return lambda: given.choices[stream.integer(0, len(given.choices) - 1)]
    places = decimals_of(given)
    steps = 10**places
    if given.kind == "normal":
        return lambda: round(given.scale * stream.normal() * steps) / steps
    low, high = range_ends(given, places)
    return lambda: stream.integer(low, max(low, high)) / steps


def _filled(
    shape: tuple[int, ...], one: Callable[[], float], given: Given | None = None, most: int = _TRIES
) -> NDArray[np.float64]:
    """An array filled entry by entry in row-major order, with the options `nonzero` and `distinct` kept."""
    count = math.prod(shape)
    numbers: list[float] = []
    seen: set[float] = set()
    tries = 0
    while len(numbers) < count:
        number = one()
        tries += 1
        unwanted = given is not None and ((given.nonzero and number == 0) or (given.distinct and number in seen))
        if not unwanted or tries > most + count:
            numbers.append(number + 0.0)  # -0.0 would be shown as -0
            seen.add(number)
    return np.array(numbers, dtype=np.float64).reshape(shape)


def _classes(given: Given, sizes: Mapping[str, int]) -> int:
    if given.classes is not None:
        return size_of(given.classes, sizes)
    return int(np.max(given.value)) + 1
