"""Trees as LaTeX, for the browser and for what a learner copies into notes."""

import re
from collections.abc import Mapping
from typing import ClassVar

from tutor.expr.printing import POSTFIX, POWER, SIGN, Printer
from tutor.expr.spelling import FRACTIONS, greek
from tutor.expr.tree import (
    ArrayLiteral,
    Binary,
    Boolean,
    Call,
    Gradient,
    Keyword,
    Name,
    Negation,
    Number,
    Part,
    Subscript,
    Text,
    Tree,
)

_GREEK = frozenset(greek(letter) for letter in "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_ESCAPED = {"\\": r"\backslash ", **{letter: f"\\{letter}" for letter in "_#$%&{}"}, "^": r"\hat{}", "~": r"\sim "}
_NAME = re.compile(r"([^\W\d_₀-₉]+)_?([0-9₀-₉]+|(?<=_)\w+)")


def to_latex(tree: Tree, functions: Mapping[str, str]) -> str:
    r"""The expression in LaTeX's mathematics mode: `W^{\top} \, \delta`, `\frac{\partial h}{\partial z}`.

    `functions` says what functions are called, `\exp`, or how they stand around their one argument, `\sqrt{{{0}}}`;
    all others stand in upright letters.
    """
    return _Latex(functions).write(tree)


class _Latex(Printer):
    signs: ClassVar = {"*": r"\cdot", "@": r"\,", "<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne"}
    brackets = (r"\left(", r"\right)")
    transpose = r"^{\top}"
    dots = r"\dots"
    colon = "{:}"

    def __init__(self, functions: Mapping[str, str]) -> None:
        self.functions = functions

    def number(self, part: Number) -> str:
        digits, marker, exponent = part.text.lower().partition("e")
        if marker:
            return rf"{digits} \times 10^{{{int(exponent)}}}"
        if part.text.isascii():
            return part.text
        over, under = FRACTIONS[part.text]
        return rf"\tfrac{{{over}}}{{{under}}}"

    def name(self, name: str) -> str:
        """One letter as it is, Greek by its name, digits and what follows `_` as a subscript, words upright."""
        if split := _NAME.fullmatch(name):
            letters, below = split.groups()
            return f"{self.name(letters)}_{{{self.name(below.translate(_SUBSCRIPTS))}}}"
        if name in _GREEK:
            return f"\\{name}"
        if len(name) == 1:
            spelt = greek(name)
            return f"\\{spelt}" if spelt in _GREEK else name
        return name if name.isdecimal() else rf"\mathrm{{{_plain(name)}}}"

    def gradient(self, part: Gradient) -> str:
        if part.of is None:
            return rf"\mathrm{{d}}{self.name(part.wrt)}"
        return rf"\frac{{\partial {self.name(part.of)}}}{{\partial {self.name(part.wrt)}}}"

    def text(self, part: Text) -> str:
        return rf"\text{{{_plain(part.value)}}}"

    def truth(self, part: Boolean) -> str:
        return rf"\text{{{super().truth(part)}}}"

    def negated(self, operand: Tree) -> str:
        return self.enclosed(operand, SIGN + 1)

    def power(self, part: Binary) -> str:
        # A fraction, a transpose or a second power would share its raised place with the exponent.
        base = part.left
        simple = isinstance(base, Name | Call | ArrayLiteral) or (
            isinstance(base, Number) and "e" not in base.text.lower() and base.text.isascii()
        )
        return f"{self.enclosed(base, 0 if simple else POSTFIX + 1)}^{{{self.write(part.right)}}}"

    def binary(self, part: Binary) -> str:
        if part.op == "/":
            return rf"\frac{{{self.write(part.left)}}}{{{self.write(part.right)}}}"
        return super().binary(part)

    def right(self, part: Tree, strong: int) -> str:
        # A minus sign right behind another operator is set in brackets.
        return self.enclosed(part, POWER if isinstance(part, Negation) else strong + 1)

    def index(self, part: Subscript) -> str:
        return f"{self.enclosed(part.operand, POSTFIX)}_{{{self.listed(part.items)}}}"

    def end(self, part: Tree) -> str:
        return self.write(part)

    def keyword(self, part: Keyword) -> str:
        return rf"\text{{{_plain(part.name)}}} = {self.write(part.value)}"

    def call(self, part: Call) -> str:
        function = self.functions.get(part.function) or rf"\operatorname{{{_plain(part.function)}}}"
        listed = self.listed((*part.arguments, *part.keywords))
        if "{0}" not in function:
            return rf"{function}\left({listed}\right)"
        if len(part.arguments) == 1 and not part.keywords:
            return function.format(listed)
        return rf"\operatorname{{{_plain(part.function)}}}\left({listed}\right)"

    def array(self, part: ArrayLiteral) -> str:
        rows = [row.items for row in part.items if isinstance(row, ArrayLiteral)]
        if len(rows) < len(part.items):
            rows = [part.items]
        body = r" \\ ".join(" & ".join(map(self.write, row)) for row in rows)
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"

    def strength(self, part: Part) -> int:
        return POWER if isinstance(part, Binary) and part.op == "/" else super().strength(part)


def _plain(text: str) -> str:
    """A text without meaning for LaTeX."""
    return "".join(_ESCAPED.get(letter, letter) for letter in text)
