"""Trees as text again: as typed (reads back as the same tree), as Unicode mathematics, as LaTeX."""

from tutor.expr.tree import (
    COMPARISONS,
    Array,
    Binary,
    Call,
    Dots,
    Gradient,
    Index,
    Keyword,
    Name,
    Negate,
    Number,
    Part,
    Slice,
    Text,
    Transpose,
    Tree,
    Truth,
)

# How tightly a part holds together; a part inside a tighter one needs brackets.
_COMPARISON, _SUM, _PRODUCT, SIGN, POWER, POSTFIX = range(6)
_STRENGTH = {
    **dict.fromkeys(COMPARISONS, _COMPARISON),
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _PRODUCT,
    "@": _PRODUCT,
    "^": POWER,
}

_UNICODE = {"*": "·", "-": "−", "<=": "≤", ">=": "≥", "!=": "≠"}
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def to_text(tree: Tree) -> str:
    """The expression as one types it, with no more brackets than it needs; `parse` reads the same tree from it."""
    return _write(tree, unicode=False)


def to_unicode(tree: Tree) -> str:
    """The expression in the signs of mathematics: `x² · Wᵀ @ δ`, `∂h/∂z`; `parse` reads the same tree from it."""
    return _write(tree, unicode=True)


def strength(part: Part) -> int:
    """How tightly a part holds together, from comparisons (0) to names and calls (5)."""
    if isinstance(part, Binary):
        return _STRENGTH[part.op]
    return SIGN if isinstance(part, Negate) else POSTFIX


def _write(part: Part, unicode: bool) -> str:
    match part:
        case Number():
            return part.text
        case Name():
            return part.name
        case Gradient():
            return part.name.replace("d", "∂", 1).replace("/d", "/∂", 1) if unicode and part.of else part.name
        case Text():
            return f"'{part.value}'" if '"' in part.value else f'"{part.value}"'
        case Truth():
            return "true" if part.value else "false"
        case Negate():
            return ("−" if unicode else "-") + _enclosed(part.operand, SIGN, unicode)
        case Transpose():
            return _enclosed(part.operand, POSTFIX, unicode) + ("ᵀ" if unicode else ".T")
        case Binary():
            return _write_binary(part, unicode)
        case Index():
            return f"{_enclosed(part.operand, POSTFIX, unicode)}[{_listed(part.items, unicode)}]"
        case Slice():
            ends = [_enclosed(each, _SUM, unicode) if each else "" for each in (part.start, part.stop)]
            return ":".join([*ends, _enclosed(part.step, _SUM, unicode)] if part.step else ends)
        case Dots():
            return "..."
        case Keyword():
            return f"{part.name}={_write(part.value, unicode)}"
        case Call():
            return f"{part.function}({_listed((*part.arguments, *part.keywords), unicode)})"
        case Array():
            return f"[{_listed(part.items, unicode)}]"


def _write_binary(part: Binary, unicode: bool) -> str:
    if part.op == "^":
        base = _enclosed(part.left, POSTFIX, unicode)
        digits = _whole_exponent(part.right)
        if unicode and digits:
            return base + digits.translate(_RAISED)
        sign = isinstance(part.right, Negate)
        return f"{base}^{_write(part.right, unicode) if sign and digits else _enclosed(part.right, POWER, unicode)}"
    strong = _STRENGTH[part.op]
    left = _enclosed(part.left, strong + (part.op in COMPARISONS), unicode)
    right = _enclosed(part.right, strong + 1, unicode)
    return f"{left} {_UNICODE.get(part.op, part.op) if unicode else part.op} {right}"


def _whole_exponent(exponent: Part) -> str:
    """The digits of `2` and `-1`; nothing for any other exponent."""
    if isinstance(exponent, Negate):
        inner = _whole_exponent(exponent.operand) if isinstance(exponent.operand, Number) else ""
        return f"-{inner}" if inner else ""
    return exponent.text if isinstance(exponent, Number) and exponent.text.isascii() and exponent.text.isdigit() else ""


def _enclosed(part: Part, least: int, unicode: bool) -> str:
    text = _write(part, unicode)
    return text if strength(part) >= least else f"({text})"


def _listed(parts: tuple[Part, ...], unicode: bool) -> str:
    return ", ".join(_write(part, unicode) for part in parts)
