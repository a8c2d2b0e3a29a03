"""One way to write each character: what people type (`−`, `（`, `µ`, decomposed accents) as the grammar wants it.

Unicode's NFC and a table of our own, never NFKC, which makes `x2` of `x²`.
"""

from dataclasses import dataclass
from unicodedata import combining, is_normalized, name, normalize

from tutor.expr.tree import Span

# Full-width forms, as a Chinese keyboard types them, are their ASCII counterparts.
_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}

_TABLE: dict[str, str] = {
    **_FULL_WIDTH,
    **dict.fromkeys("−–—‐‑‒﹣➖", "-"),
    **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("∙⋅•∗⋆", "*"),
    **dict.fromkeys("⨯✕✖", "×"),
    **dict.fromkeys("“”„", '"'),
    **dict.fromkeys("‘’′", "'"),
    **dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    ),
    **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f", ""),
    **dict.fromkeys("、", ","),
    **dict.fromkeys("【〔", "["),
    **dict.fromkeys("】〕", "]"),
    "。": ".",
    "⊤": "ᵀ",
    "…": "...",
    "µ": "μ",
    "⩽": "≤",
    "⩾": "≥",
}

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
FRACTIONS = {
    **{"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5)},
    **{"⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8)},
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text in the grammar's letters; `offsets[i]` is where character i stood in the text as typed."""

    text: str
    typed: str
    offsets: tuple[int, ...] | None

    def span(self, start: int, end: int) -> Span:
        """The stretch from `start` to `end` of `text`, as offsets in what was typed."""
        if self.offsets is None:
            return Span(start, end)
        return Span(self.offsets[start], self.offsets[end] if end > start else self.offsets[start])


def spell(typed: str) -> Spelling:
    """`typed` in the grammar's letters, with the way back to the offsets that the caret needs."""
    if typed.isascii():
        return Spelling(typed, typed, None)
    body = len(typed.rstrip())
    if typed[body - 1 : body] == "。":  # the end of a sentence, not a decimal point
        body -= 1
    letters: list[str] = []
    offsets: list[int] = []
    start = 0
    while start < len(typed):
        end = start + 1
        while end < len(typed) and combining(typed[end]):
            end += 1
        for letter in normalize("NFC", typed[start:end]):
            written = _TABLE.get(letter, letter) if start != body else " "
            letters.append(written)
            offsets.extend([start] * len(written))
        start = end
    return Spelling("".join(letters), typed, (*offsets, len(typed)))


def normalised(typed: str) -> str:
    """A name in the grammar's letters, so that a lesson's names and a learner's meet (`µ` is `μ`)."""
    return spell(typed).text


def one_spelling(text: str) -> str:
    """A text in which a letter that Unicode has twice is written in one way: `µ` as `μ`, the sign for ohm as `Ω`.

    Every character stays where it was. `ϵ` and `ε`, two letters in print too, stay apart.
    """
    text = text.replace("µ", "μ")
    if is_normalized("NFC", text):
        return text
    return "".join(once if len(once := normalize("NFC", letter)) == 1 else letter for letter in text)


def composed(text: str) -> str:
    """A text in which an accent is part of its letter (NFC), however it was typed, so that names can be compared."""
    return text if is_normalized("NFC", text) else normalize("NFC", text)


def shortened(text: str, limit: int = 24) -> str:
    """A text that fits into a sentence: its beginning and its end where it is long."""
    half = (limit - 3) // 2
    return text if len(text) <= limit else f"{text[:half]}...{text[-half:]}"


def first_few(items: list[str], most: int = 8) -> list[str]:
    """The first of many items, for a sentence."""
    return items if len(items) <= most else [*items[:most], "..."]


def greek(letter: str) -> str:
    """The English name of a Greek letter, with a capital for a capital: δ is `delta`, Δ `Delta`; else nothing."""
    match name(letter, "").split():
        case ["GREEK", "SMALL" | "CAPITAL" as size, "LETTER", spelt]:
            spelt = spelt.lower().replace("lamda", "lambda")
            return spelt if size == "SMALL" else spelt.capitalize()
    return ""
