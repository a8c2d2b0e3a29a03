"""Formulas as one writes them by hand: no factors of one, no exponents left to work out, no summand twice.

Every rewrite keeps the value and the shape at any numbers and sizes.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import reduce
from math import isfinite

from tutor.expr.tree import Binary, Call, Gradient, Name, Negation, Number, Transposed, Tree

ONE, ZERO = Number("1", 1.0), Number("0", 0.0)
_LONGEST = 6  # digits of a number that is worked out: longer ones say less than what they are made of


def simplified(tree: Tree) -> Tree:
    """The tree without factors of one, double transposes and double signs, its numbers worked out."""
    if isinstance(tree, Binary):
        return _binary(tree.op, simplified(tree.left), simplified(tree.right))
    if isinstance(tree, Transposed):
        inner = simplified(tree.operand)
        return inner.operand if isinstance(inner, Transposed) else inner if inner == ONE else Transposed(inner)
    if isinstance(tree, Negation):
        inner = simplified(tree.operand)
        return inner.operand if isinstance(inner, Negation) else Negation(inner)
    if isinstance(tree, Call):
        arguments = tuple(simplified(each) for each in tree.arguments)
        if tree.function == "sum" and arguments == (ZERO,):
            return ZERO
        return replace(tree, arguments=arguments)
    return tree


def transposed(tree: Tree, is_matrix: Callable[[Name | Gradient], bool]) -> Tree:
    """The transpose of a formula, simplified; where it is a product of transposed matrices, the product without them.

    >>> from tutor.expr import Scope, parse, to_text
    >>> to_text(transposed(parse("W.T @ up.T", Scope()), lambda name: True))
    'up @ W'
    """
    turned = [simplified(Transposed(factor)) for factor in _matrix_factors(simplified(tree))]
    # Of vectors, numbers and stacks the transpose of a product is another one.
    if any(isinstance(each, Transposed) or not _is_matrix(each, is_matrix) for each in turned):
        return simplified(Transposed(tree))
    return reduce(lambda product, factor: Binary("@", product, factor), reversed(turned))


def _matrix_factors(tree: Tree) -> list[Tree]:
    """The factors of `A @ B @ C`."""
    if isinstance(tree, Binary) and tree.op == "@":
        return [*_matrix_factors(tree.left), *_matrix_factors(tree.right)]
    return [tree]


def _is_matrix(tree: Tree, is_matrix: Callable[[Name | Gradient], bool]) -> bool:
    """Whether it surely has two axes, from what is known of the names in it."""
    match tree:
        case Name() | Gradient():
            return is_matrix(tree)
        case Negation() | Transposed():
            return _is_matrix(tree.operand, is_matrix)
        case Binary():
            parts = [each for each in (tree.left, tree.right) if tree.op == "@" or not isinstance(each, Number)]
            return bool(parts) and all(_is_matrix(each, is_matrix) for each in parts)
    return False


def unspread(tree: Tree) -> Tree:
    """A number that a sum hands to every entry, without the ones that say so; for a place where something fills up."""
    return simplified(_without_ones(tree))


def _without_ones(tree: Tree) -> Tree:
    if isinstance(tree, Call) and tree.function == "ones":
        return ONE
    if isinstance(tree, Negation):
        return Negation(_without_ones(tree.operand))
    if isinstance(tree, Binary) and tree.op in "*/+-":
        return Binary(tree.op, _without_ones(tree.left), _without_ones(tree.right))
    return tree


def _binary(op: str, left: Tree, right: Tree) -> Tree:
    if op in "*@" and left == ONE:
        return right
    if op in "*@/^" and right == ONE:
        return left
    if op in "*/@" and isinstance(left, Negation):
        return simplified(Negation(Binary(op, left.operand, right)))
    for share, other in ((left, right), (right, left)):
        if op == "*" and isinstance(share, Binary) and share.op == "/" and share.left == ONE:
            return _binary("/", other, share.right)
    if op == "*" and isinstance(right, Binary) and right.op in "*/":
        return _binary(right.op, _binary("*", left, right.left), right.right)
    if isinstance(left, Number) and isinstance(right, Number):
        return _worked_out(op, left, right)
    if op in "+-" and right == ZERO:
        return left
    if op == "+":
        return right if left == ZERO else _added(left, right)
    return Binary(op, left, right)


def _worked_out(op: str, left: Number, right: Number) -> Tree:
    if op not in "+-*" or not (isfinite(left.value) and isfinite(right.value)):
        return Binary(op, left, right)
    first, second = Decimal(repr(left.value)), Decimal(repr(right.value))
    value = {"+": first + second, "-": first - second, "*": first * second}[op]
    text = f"{abs(value).normalize():f}"
    if len(text) > _LONGEST:
        return Binary(op, left, right)
    number = Number(text, float(text))
    return Negation(number) if value < 0 else number


def _added(left: Tree, right: Tree) -> Tree:
    """A sum; a summand that stands there already is counted: `2 * dk * W`."""
    terms = [*_terms(left), right]
    equal = [k for k, term in enumerate(terms[:-1]) if _bare(term)[1] == right]
    if not equal:
        return Binary("-", left, right.operand) if isinstance(right, Negation) else Binary("+", left, right)
    count, bare = _bare(terms[equal[0]])
    terms[equal[0]] = _times(count + 1, bare)
    total = terms[0]
    for term in terms[1:-1]:
        total = Binary("+", total, term)
    return total


def _terms(tree: Tree) -> list[Tree]:
    """The summands of `a + b + c`."""
    if isinstance(tree, Binary) and tree.op == "+":
        return [*_terms(tree.left), tree.right]
    return [tree]


def _bare(term: Tree) -> tuple[int, Tree]:
    """How often a summand is counted, and the summand: of `3 * dk * W` 3 and `dk * W`."""
    factors = _factors(term)
    first = factors[0][1]
    if len(factors) < 2 or factors[1][0] == "/" or not isinstance(first, Number) or not first.text.isdecimal():
        return 1, term
    rest = factors[1][1]
    for op, factor in factors[2:]:
        rest = Binary(op, rest, factor)
    return int(first.text), rest


def _times(count: int, term: Tree) -> Tree:
    """The summand with a number in front: `2 * dk * W`, read from the left."""
    if isinstance(term, Negation):
        return Negation(_times(count, term.operand))
    factors = _factors(term)
    total: Tree = Binary("*", Number(str(count), float(count)), factors[0][1])
    for op, factor in factors[1:]:
        total = Binary(op, total, factor)
    return total


def _factors(tree: Tree) -> list[tuple[str, Tree]]:
    """The factors of `a * b / c`, each with what stands before it."""
    if isinstance(tree, Binary) and tree.op in "*/@":
        return [*_factors(tree.left), (tree.op, tree.right)]
    return [("*", tree)]
