"""Trees as text again: as typed (reads back as the same tree), in Unicode; and what all notations have in common."""

from collections.abc import Mapping
from typing import ClassVar

from tutor.expr.tree import (
    COMPARISONS,
    ArrayLiteral,
    Binary,
    Boolean,
    Call,
    EllipsisIndex,
    Gradient,
    Keyword,
    Name,
    Negation,
    Number,
    Part,
    Slice,
    Subscript,
    Text,
    Transposed,
    Tree,
)

# How tightly a part holds together; a part inside a tighter one needs brackets.
COMPARISON, SUM, PRODUCT, SIGN, POWER, POSTFIX = range(6)
_STRENGTH = {
    **dict.fromkeys(COMPARISONS, COMPARISON),
    **dict.fromkeys("+-", SUM),
    **dict.fromkeys("*/@", PRODUCT),
    "^": POWER,
}
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def to_text(tree: Tree) -> str:
    """The expression as one types it, with no more brackets than it needs; `parse` reads the same tree from it."""
    return _TEXT.write(tree)


def to_unicode(tree: Tree) -> str:
    """The expression in the signs of mathematics: `x² · Wᵀ @ δ`, `∂h/∂z`; `parse` reads the same tree from it."""
    return _UNICODE.write(tree)


class Printer:
    """Writes a tree as one types it; other notations say what they write differently."""

    signs: ClassVar[Mapping[str, str]] = {}
    brackets: ClassVar[tuple[str, str]] = ("(", ")")
    transpose: ClassVar[str] = ".T"
    dots: ClassVar[str] = "..."
    colon: ClassVar[str] = ":"

    def write(self, part: Part) -> str:
        """The text of a part."""
        match part:
            case Number():
                return self.number(part)
            case Name():
                return self.name(part.name)
            case Gradient():
                return self.gradient(part)
            case Text():
                return self.text(part)
            case Boolean():
                return self.truth(part)
            case Negation():
                return self.signs.get("-", "-") + self.negated(part.operand)
            case Transposed():
                return self.enclosed(part.operand, POSTFIX) + self.transpose
            case Binary(op="^"):
                return self.power(part)
            case Binary():
                return self.binary(part)
            case Subscript():
                return self.index(part)
            case Slice():
                ends = ["" if each is None else self.end(each) for each in (part.start, part.stop)]
                return self.colon.join([*ends, self.end(part.step)] if part.step else ends)
            case EllipsisIndex():
                return self.dots
            case Keyword():
                return self.keyword(part)
            case Call():
                return self.call(part)
            case ArrayLiteral():
                return self.array(part)

    def number(self, part: Number) -> str:
        """The digits as typed."""
        return part.text

    def name(self, name: str) -> str:
        """A node, a size or a constant."""
        return name

    def gradient(self, part: Gradient) -> str:
        """`dz`, `dh/dz`."""
        return part.name

    def text(self, part: Text) -> str:
        """A word in quotes."""
        return f"'{part.value}'" if '"' in part.value else f'"{part.value}"'

    def truth(self, part: Boolean) -> str:
        """`true`, `false`."""
        return "true" if part.value else "false"

    def negated(self, operand: Tree) -> str:
        """What stands behind a minus sign."""
        return self.enclosed(operand, SIGN)

    def power(self, part: Binary) -> str:
        """`x^2`, `x^-1`, `x^(a + b)`."""
        plain = isinstance(part.right, Negation) and bool(_whole_exponent(part.right))
        raised = self.write(part.right) if plain else self.enclosed(part.right, POWER)
        return f"{self.enclosed(part.left, POSTFIX)}^{raised}"

    def binary(self, part: Binary) -> str:
        """Two operands around their sign."""
        strong = self.strength(part)
        left = self.enclosed(part.left, strong + (part.op in COMPARISONS))
        return f"{left} {self.signs.get(part.op, part.op)} {self.right(part.right, strong)}"

    def right(self, part: Tree, strong: int) -> str:
        """The right operand of a sign that holds together as tightly as `strong`."""
        return self.enclosed(part, strong + 1)

    def index(self, part: Subscript) -> str:
        """`x[0, 1:3]`."""
        return f"{self.enclosed(part.operand, POSTFIX)}[{self.listed(part.items)}]"

    def end(self, part: Tree) -> str:
        """Where a slice begins or ends."""
        return self.enclosed(part, SUM)

    def keyword(self, part: Keyword) -> str:
        """`axis=0`."""
        return f"{part.name}={self.write(part.value)}"

    def call(self, part: Call) -> str:
        """`sum(x, axis=0)`."""
        return f"{part.function}({self.listed((*part.arguments, *part.keywords))})"

    def array(self, part: ArrayLiteral) -> str:
        """`[1, 2]`."""
        return f"[{self.listed(part.items)}]"

    def strength(self, part: Part) -> int:
        """How tightly a part holds together, from comparisons (0) to names and calls (5)."""
        if isinstance(part, Binary):
            return _STRENGTH[part.op]
        return SIGN if isinstance(part, Negation) else POSTFIX

    def enclosed(self, part: Part, least: int) -> str:
        """The text of a part, in brackets where it holds together less tightly than `least`."""
        text = self.write(part)
        return text if self.strength(part) >= least else f"{self.brackets[0]}{text}{self.brackets[1]}"

    def listed(self, parts: tuple[Part, ...]) -> str:
        """Parts with commas between them."""
        return ", ".join(map(self.write, parts))


class _Unicode(Printer):
    signs: ClassVar = {"*": "·", "-": "−", "<=": "≤", ">=": "≥", "!=": "≠"}
    transpose = "ᵀ"

    def gradient(self, part: Gradient) -> str:
        return part.name.replace("d", "∂", 1).replace("/d", "/∂", 1) if part.of else part.name

    def power(self, part: Binary) -> str:
        digits = _whole_exponent(part.right)
        return self.enclosed(part.left, POSTFIX) + digits.translate(_RAISED) if digits else super().power(part)


_TEXT, _UNICODE = Printer(), _Unicode()


def _whole_exponent(exponent: Part) -> str:
    """The digits of `2` and `-1`; nothing for any other exponent."""
    if isinstance(exponent, Negation):
        inner = _whole_exponent(exponent.operand) if isinstance(exponent.operand, Number) else ""
        return f"-{inner}" if inner else ""
    return exponent.text if isinstance(exponent, Number) and exponent.text.isascii() and exponent.text.isdigit() else ""
