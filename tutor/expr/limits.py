"""How large a text, a tree and its exponents may be, so that nothing typed can hang or exhaust the machine."""

from tutor.expr.errors import ParseError
from tutor.expr.spelling import shortened
from tutor.expr.tree import Binary, Negation, Number, Part, Span, Tree, children, depth, walk
from tutor.text import msg

MAX_LENGTH = 4_000
MAX_TABLE = 12_000  # of a table of nothing but numbers, which is read faster
MAX_NUMBERS = 2_000
MAX_TOKENS = 1_200
MAX_NESTING = 50
MAX_DEPTH = 200
MAX_EXPONENT = 1_000


def check_length(typed: str, limit: int = MAX_LENGTH) -> None:
    """Refuse a text of more than `limit` characters; raises ParseError."""
    if len(typed) > limit:
        raise ParseError(msg("expr.too-long", length=len(typed), limit=limit), Span(limit, len(typed)))


def check_count(parts: int, span: Span, limit: int = MAX_TOKENS) -> None:
    """Refuse a text of more than `limit` numbers, names and signs; raises ParseError."""
    if parts > limit:
        raise ParseError(msg("expr.too-many-parts", limit=limit), span)


def check_nesting(level: int, span: Span) -> None:
    """Refuse brackets within brackets beyond MAX_NESTING; raises ParseError."""
    if level > MAX_NESTING:
        raise ParseError(msg("expr.too-nested", limit=MAX_NESTING), span)


def check_tree(tree: Tree, typed: str) -> None:
    """Refuse a tree of more than MAX_DEPTH levels or with an exponent beyond MAX_EXPONENT; raises ParseError."""
    if depth(tree) > MAX_DEPTH:
        raise ParseError(msg("expr.too-deep", limit=MAX_DEPTH), tree.span)
    for part in walk(tree):
        if isinstance(part, Binary) and part.op == "^":
            exponent = _constant(part.right)
            if exponent is not None and not abs(exponent) <= MAX_EXPONENT:
                shown = shortened(typed[slice(*part.right.span)])
                raise ParseError(msg("expr.exponent-too-large", exponent=shown, limit=MAX_EXPONENT), part.right.span)


def is_typable(tree: Tree) -> bool:
    """Whether a tree that was made, not typed, keeps to MAX_TOKENS parts and MAX_DEPTH levels; looks no further."""
    levels, parts = 0, 0
    row: list[Part] = [tree]
    while row:
        levels, parts = levels + 1, parts + len(row)
        if levels > MAX_DEPTH or parts > MAX_TOKENS:
            return False
        row = [below for each in row for below in children(each)]
    return True


def _constant(part: Part) -> float | None:
    """The value of an expression of numbers alone; None where a name comes in or it has no real value."""
    match part:
        case Number():
            return part.value
        case Negation():
            value = _constant(part.operand)
            return None if value is None else -value
        case Binary():
            left, right = _constant(part.left), _constant(part.right)
            return None if left is None or right is None else _combine(part.op, left, right)
    return None


def _combine(op: str, left: float, right: float) -> float | None:
    try:
        match op:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*" | "@":
                return left * right
            case "/":
                return left / right
            case "^":
                power = left**right
                return power if isinstance(power, float) else None
    except ZeroDivisionError:
        return None
    except OverflowError:
        return float("inf")
    return None
