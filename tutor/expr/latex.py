"""Trees as LaTeX, for the browser and for what a learner copies into notes."""

import re

from tutor.expr.letters import FRACTIONS, greek
from tutor.expr.printing import POSTFIX, POWER, SIGN, strength
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

_SIGNS = {"*": r"\cdot", "@": r"\,", "<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne"}
_AROUND = {"sqrt": (r"\sqrt{", "}"), "abs": (r"\left|", r"\right|"), "norm": (r"\left\|", r"\right\|")}
_NAMED_FUNCTIONS = frozenset({"exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "max", "min"})
_GREEK = frozenset(greek(letter) for letter in "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_ESCAPED = {"\\": r"\backslash ", **{letter: f"\\{letter}" for letter in "_#$%&{}"}, "^": r"\hat{}", "~": r"\sim "}
_NAME = re.compile(r"([^\W\d_₀-₉]+)_?([0-9₀-₉]+|(?<=_)\w+)")


def to_latex(tree: Tree) -> str:
    r"""The expression in LaTeX's mathematics mode: `W^{\top} \, \delta`, `\frac{\partial h}{\partial z}`."""
    return _write(tree)


def _write(part: Part) -> str:
    match part:
        case Number():
            return _number(part)
        case Name():
            return _name(part.name)
        case Gradient(of=None):
            return rf"\mathrm{{d}}{_name(part.wrt)}"
        case Gradient():
            return rf"\frac{{\partial {_name(part.of or '')}}}{{\partial {_name(part.wrt)}}}"
        case Text():
            return rf"\text{{{_plain(part.value)}}}"
        case Truth():
            return r"\text{true}" if part.value else r"\text{false}"
        case Negate():
            return f"-{_enclosed(part.operand, SIGN + 1)}"
        case Transpose():
            return f"{_enclosed(part.operand, POSTFIX)}^{{\\top}}"
        case Binary():
            return _write_binary(part)
        case Index():
            return f"{_enclosed(part.operand, POSTFIX)}_{{{_listed(part.items)}}}"
        case Slice():
            ends = [_write(each) if each else "" for each in (part.start, part.stop)]
            return "{:}".join([*ends, _write(part.step)] if part.step else ends)
        case Dots():
            return r"\dots"
        case Keyword():
            return rf"\text{{{_plain(part.name)}}} = {_write(part.value)}"
        case Call():
            return _call(part)
        case Array():
            return _matrix(part)


def _write_binary(part: Binary) -> str:
    if part.op == "/":
        return rf"\frac{{{_write(part.left)}}}{{{_write(part.right)}}}"
    if part.op == "^":
        return f"{_base(part.left)}^{{{_write(part.right)}}}"
    strong = strength(part)
    left = _enclosed(part.left, strong + (part.op in COMPARISONS))
    # A minus sign right behind another operator is set in brackets.
    right = _enclosed(part.right, POWER if isinstance(part.right, Negate) else strong + 1)
    return f"{left} {_SIGNS.get(part.op, part.op)} {right}"


def _base(base: Part) -> str:
    # A fraction, a transpose or a second power would share its raised place with the exponent.
    simple = isinstance(base, Name | Call | Array) or (
        isinstance(base, Number) and "e" not in base.text.lower() and base.text.isascii()
    )
    return _write(base) if simple else rf"\left({_write(base)}\right)"


def _call(call: Call) -> str:
    if call.function in _AROUND and len(call.arguments) == 1 and not call.keywords:
        left, right = _AROUND[call.function]
        return f"{left}{_write(call.arguments[0])}{right}"
    if call.function in _NAMED_FUNCTIONS:
        function = f"\\{call.function}"
    elif call.function in {"σ", "sigmoid"}:
        function = r"\sigma"
    else:
        function = rf"\operatorname{{{_plain(call.function)}}}"
    return rf"{function}\left({_listed((*call.arguments, *call.keywords))}\right)"


def _matrix(array: Array) -> str:
    rows = [row.items if isinstance(row, Array) else None for row in array.items]
    if any(row is None for row in rows):
        rows = [array.items]
    body = r" \\ ".join(" & ".join(_write(item) for item in row or ()) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def _number(number: Number) -> str:
    digits, marker, exponent = number.text.lower().partition("e")
    if marker:
        return rf"{digits} \times 10^{{{int(exponent)}}}"
    if number.text.isascii():
        return number.text
    over, under = FRACTIONS[number.text]
    return rf"\tfrac{{{over}}}{{{under}}}"


def _name(name: str) -> str:
    """One letter as it is, Greek by its name, digits and what follows `_` as a subscript, words upright."""
    if split := _NAME.fullmatch(name):
        letters, below = split.groups()
        return f"{_name(letters)}_{{{_name(below.translate(_SUBSCRIPTS))}}}"
    if name in _GREEK:
        return f"\\{name}"
    if len(name) == 1:
        spelt = greek(name)
        return f"\\{spelt}" if spelt in _GREEK else name
    return name if name.isdecimal() else rf"\mathrm{{{_plain(name)}}}"


def _enclosed(part: Part, least: int) -> str:
    text = _write(part)
    fraction = isinstance(part, Binary) and part.op == "/"
    return text if (POWER if fraction else strength(part)) >= least else rf"\left({text}\right)"


def _listed(parts: tuple[Part, ...]) -> str:
    return ", ".join(_write(part) for part in parts)


def _plain(text: str) -> str:
    """A text without meaning for LaTeX."""
    return "".join(_ESCAPED.get(letter, letter) for letter in text)
