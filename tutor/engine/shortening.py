"""Shorter ways to write a formula: what cancels is cancelled, and products are multiplied out where that saves words.

>>> from tutor.expr import Scope, parse, to_text
>>> to_text(shortened(parse("(-(y / N / p) + (1 - y) / N / (1 - p)) * p * (1 - p)", Scope())))
'(p - y) / N'

A cancelled factor may have stretched the formula to its shape, so that whoever shortens one tries it at numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import reduce
from typing import Any

from tutor.engine.simplifying import ONE, simplified
from tutor.expr import to_text
from tutor.expr.tree import Binary, Name, Negation, Node, Number, Tree

_MOST_TERMS = 24  # of a sum that is multiplied out
_MOST_DIGITS = 6  # of a number that is worked with; longer ones and decimals stand as they are
_MOST_POWER = 3  # of a bracket that is multiplied out


@dataclass(frozen=True, slots=True)
class _Term:
    """A number times factors, each to a whole power; a bracket is one factor."""

    number: Fraction
    powers: Mapping[Tree, int]

    def __mul__(self, other: "_Term") -> "_Term":
        powers = dict(self.powers)
        for factor, power in other.powers.items():
            powers[factor] = powers.get(factor, 0) + power
        return _Term(self.number * other.number, {factor: power for factor, power in powers.items() if power})

    def to(self, power: int) -> "_Term":
        """The term to a whole power."""
        return _Term(self.number**power, {factor: each * power for factor, each in self.powers.items()})


def shortened(tree: Tree) -> Tree:
    """The formula as short as these rules make it; itself where they find nothing shorter."""
    tree = _inside(tree)
    if not _is_arithmetic(tree):
        return tree
    terms = _terms(tree)
    ways = (terms, _pulled_out(terms), _pulled_out(_collected(terms)))
    return min([tree, *(_written(way) for way in ways if _are_short(way))], key=lambda each: len(to_text(each)))


def _are_short(terms: list[_Term]) -> bool:
    """Are the numbers in front short enough to be written?"""
    most = 10**_MOST_DIGITS
    return all(abs(term.number.numerator) < most and term.number.denominator < most for term in terms)


def _inside(tree: Tree) -> Tree:
    """The tree with its parts shortened: operands of `@`, arguments of functions, brackets."""
    changes: dict[str, Any] = {}
    for each in fields(tree):
        value = getattr(tree, each.name)
        if each.name == "arguments":
            changes[each.name] = tuple(shortened(item) for item in value)
        elif each.name in ("left", "right", "operand") and isinstance(value, Node):
            changes[each.name] = _inside(value) if _is_arithmetic(tree) else shortened(value)  # type: ignore[arg-type]
    return replace(tree, **changes) if changes else tree


def _is_arithmetic(tree: Tree) -> bool:
    """Does it work entry by entry, so that factors may change places?"""
    if isinstance(tree, Binary) and tree.op == "^":
        return _whole(tree.right) is not None
    return isinstance(tree, Negation) or (isinstance(tree, Binary) and tree.op in "+-*/")


def _whole(tree: Tree) -> int | None:
    if isinstance(tree, Number) and tree.text.isdecimal() and 0 < int(tree.text) <= _MOST_POWER:
        return int(tree.text)
    return None


def _terms(tree: Tree) -> list[_Term]:
    """The summands of a formula."""
    if isinstance(tree, Number) and tree.text.isdecimal() and len(tree.text) <= _MOST_DIGITS:
        return [_Term(Fraction(int(tree.text)), {})]
    if isinstance(tree, Negation):
        return [_Term(-each.number, each.powers) for each in _terms(tree.operand)]
    if isinstance(tree, Binary) and tree.op in "+-":
        right = tree.right if tree.op == "+" else Negation(tree.right)
        return [*_terms(tree.left), *_terms(right)]
    if not _is_arithmetic(tree):
        return [_Term(Fraction(1), {tree: 1})]
    return _product(tree)


def _product(tree: Tree) -> list[_Term]:
    """A product; a sum in it is multiplied out where that cancels something in every summand."""
    whole = _Term(Fraction(1), {})
    sums: dict[Tree, list[_Term]] = {}
    for factor, power in _factors(tree, 1):
        terms = _terms(factor)
        if len(terms) != 1:
            sums[factor] = terms
            terms = [_Term(Fraction(1), {factor: 1})]
        if power < 0 and not terms[0].number:
            return [_Term(Fraction(1), {tree: 1})]
        whole = whole * terms[0].to(power)
    for factor, terms in sums.items():
        if whole.powers.get(factor) != 1:
            continue
        rest = whole * _Term(Fraction(1), {factor: -1})
        if all(_cancel(each, rest) for each in terms):
            return [each * rest for each in terms]
    return [whole]


def _cancel(one: _Term, other: _Term) -> bool:
    return any(power * other.powers.get(factor, 0) < 0 for factor, power in one.powers.items())


def _factors(tree: Tree, power: int) -> Iterator[tuple[Tree, int]]:
    """The factors of a product with their powers, brackets whole."""
    if isinstance(tree, Binary) and tree.op in "*/":
        yield from _factors(tree.left, power)
        yield from _factors(tree.right, power if tree.op == "*" else -power)
    elif isinstance(tree, Negation):
        yield Negation(ONE), power
        yield from _factors(tree.operand, power)
    elif isinstance(tree, Binary) and tree.op == "^" and (exponent := _whole(tree.right)) is not None:
        yield from _factors(tree.left, power * exponent)
    else:
        yield tree, power


def _collected(terms: list[_Term]) -> list[_Term]:
    """The summands with brackets multiplied out and like ones added; as they are where that would be many."""
    done: dict[frozenset[tuple[Tree, int]], _Term] = {}
    made = [each for term in terms for each in _multiplied_out(term)]
    if len(made) > _MOST_TERMS:
        return terms
    for each in made:
        key = frozenset(each.powers.items())
        before = done.get(key)
        done[key] = each if before is None else _Term(before.number + each.number, before.powers)
    return [each for each in done.values() if each.number]


def _multiplied_out(term: _Term) -> list[_Term]:
    made = [_Term(term.number, {})]
    for factor, power in term.powers.items():
        inner = _terms(factor) if isinstance(factor, Binary) and factor.op in "+-" else []
        if not inner or not 0 < power <= _MOST_POWER or len(made) * len(inner) ** power > _MOST_TERMS:
            made = [each * _Term(Fraction(1), {factor: power}) for each in made]
            continue
        for _ in range(power):
            made = [each * other for each in made for other in inner]
    return made


def _pulled_out(terms: list[_Term]) -> list[_Term]:
    """A sum as one product, what all summands share standing once."""
    if len(terms) < 2:
        return terms
    shared: dict[Tree, int] = {}
    for factor, power in terms[0].powers.items():
        powers = [each.powers.get(factor, 0) for each in terms]
        if all(each * power > 0 for each in powers):
            shared[factor] = min(powers) if power > 0 else max(powers)
    if not shared:
        return terms
    common = _Term(Fraction(1), shared)
    rest = _collected([each * common.to(-1) for each in terms])
    if not rest:
        return []
    return [_Term(Fraction(1), {_written(rest): 1}) * common] if len(rest) > 1 else [rest[0] * common]


def _written(terms: list[_Term]) -> Tree:
    """The sum, a positive summand first."""
    total: Tree | None = None
    for term in sorted(terms, key=lambda each: each.number < 0):
        written = _term_written(_Term(abs(term.number), term.powers))
        if total is None:
            total = Negation(written) if term.number < 0 else written
        else:
            total = Binary("-" if term.number < 0 else "+", total, written)
    return Number("0", 0.0) if total is None else simplified(total)


def _term_written(term: _Term) -> Tree:
    above = [*_numbers(term.number.numerator), *(_power(each, n) for each, n in term.powers.items() if n > 0)]
    below = [*_numbers(term.number.denominator), *(_power(each, -n) for each, n in term.powers.items() if n < 0)]
    total: Tree = above[0] if above else ONE
    for factor in above[1:]:
        total = Binary("*", total, factor)
    if all(isinstance(factor, Number | Name) for factor in below):
        below = [reduce(lambda product, factor: Binary("*", product, factor), below)] if below else []
    for factor in below:
        total = Binary("/", total, factor)
    return total


def _numbers(number: int) -> list[Tree]:
    return [] if number == 1 else [Number(str(number), float(number))]


def _power(factor: Tree, power: int) -> Tree:
    return factor if power == 1 else Binary("^", factor, Number(str(power), float(power)))
