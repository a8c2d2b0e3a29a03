"""How large a text, a tree and its exponents may be, so that nothing typed can hang or exhaust the machine."""

from tutor.expr.errors import ParseError
from tutor.expr.letters import shortened
from tutor.expr.tree import Binary, Negate, Number, Part, Span, Tree, depth, walk
from tutor.text import msg

MAX_LENGTH = 4_000
MAX_TOKENS = 1_200
MAX_NESTING = 50
MAX_DEPTH = 200
MAX_EXPONENT = 1_000


def check_length(typed: str) -> None:
    """Refuse a text of more than MAX_LENGTH characters; raises ParseError."""
    if len(typed) > MAX_LENGTH:
        raise ParseError(msg("expr.too-long", length=len(typed), limit=MAX_LENGTH), Span(MAX_LENGTH, len(typed)))


def check_count(tokens: int, span: Span) -> None:
    """Refuse a text of more than MAX_TOKENS numbers, names and signs; raises ParseError."""
    if tokens > MAX_TOKENS:
        raise ParseError(msg("expr.too-many-parts", limit=MAX_TOKENS), span)


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


def _constant(part: Part) -> float | None:
    """The value of an expression of numbers alone; None where a name comes in or it has no real value."""
    match part:
        case Number():
            return part.value
        case Negate():
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
