"""Pictures and texts without characters of ambiguous width, for terminals that draw those two cells wide."""

import re
from functools import cache
from unicodedata import east_asian_width

_REPLACED = {
    **dict.fromkeys("─╌┄┈╍╴╶‐‑‒–—―−", "-"),
    **dict.fromkeys("═", "="),
    **dict.fromkeys("│╎┆┇┊║‖|∣", "|"),
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼┣┫┳┻╋╔╗╚╝╠╣╦╩╬", "+"),
    **dict.fromkeys("━┃┏┓┗┛╸╺", "#"),  # the heavy frame is told from the others, and a bar from its track
    **dict.fromkeys("▶▸▷→⇒⟶↦", ">"),
    **dict.fromkeys("◀◂◁←⇐", "<"),
    **dict.fromkeys("▲▴△↑⇧", "^"),
    **dict.fromkeys("▼▾▽↓", "v"),
    **dict.fromkeys("·⋅×⊙∘★☆", "*"),
    **dict.fromkeys("∙", "|"),  # sets apart, where · multiplies
    **dict.fromkeys("•", "+"),
    **dict.fromkeys("█▓▒░■▌▐▉▊▋", "#"),
    **dict.fromkeys("▁▂▃▄▅▆▇▔", " "),  # the ends of a scrollbar
    **dict.fromkeys("●◆○◇◎", "o"),
    **dict.fromkeys("…", "."),
    **dict.fromkeys("“”„", '"'),
    **dict.fromkeys("‘’′", "'"),
    **dict.fromkeys("∂δ", "d"),
    **dict.fromkeys("∇Δ", "D"),
    **dict.fromkeys("≈", "~"),
    **dict.fromkeys("≤", "<"),
    **dict.fromkeys("≥", ">"),
    **dict.fromkeys("∈", "e"),
    **dict.fromkeys("∞", "8"),
    **dict.fromkeys("±", "+"),
    **dict.fromkeys("÷½", "/"),
    **dict.fromkeys("√", "v"),
    **dict.fromkeys("∑Σ", "S"),
    **dict.fromkeys("∏Π", "P"),
    **dict.fromkeys("⏎↵", "<"),
    **dict.fromkeys("✓✔", "v"),
    **dict.fromkeys("✗✘", "x"),
    **dict.fromkeys("ᵀ", "T"),
    **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789", strict=True)),
    **dict(zip("ᵢⱼₖₗₘₙᵣₛₜᵤᵥ", "ijklmnrstuv", strict=True)),
    **dict(zip("αβγεζηθικλμνξοπρςστυφχψω", "abgezhqiklmnxoprsstufcyw", strict=True)),
    **dict(zip("ΑΒΓΕΖΗΘΙΚΛΜΝΞΟΡΤΥΦΧΨΩ", "ABGEZHQIKLMNXORTUFCYW", strict=True)),
    **dict.fromkeys("µ", "u"),  # of microseconds: ms would be a thousand times as long
    **dict.fromkeys(map(chr, range(0x2801, 0x2900)), "."),  # the dots of which curves are drawn
}

# What one character cannot say; as formulas are typed, so that h² is no name h2 and δ no derivative.
_WRITTEN_OUT = {"⏎": "Enter", "…": "...", "ᵀ": ".T", "≤": "<=", "≥": ">=", "½": "1/2", "δ": "delta"}
_POWER = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_MARK = re.compile(r"(^|[:：] ?)·(?= |$)")


def spelled_out(text: str) -> str:
    """`text` for `--ascii`, where it may grow: what one character cannot say is written out.

    A `·` with nothing before it is the mark of what is open or empty; only between two does it multiply.
    """
    if text.isascii():
        return text
    text = _POWER.sub(lambda power: f"^{power.group().translate(_DIGITS)}", text)
    for character, written in _WRITTEN_OUT.items():
        text = text.replace(character, written)
    return to_ascii(_MARK.sub(r"\1.", text))


def to_ascii(text: str) -> str:
    """`text` with every character of ambiguous width replaced, one for one, so that pictures stay aligned.

    Wide characters (Chinese) have one width everywhere and stay.
    """
    return text if text.isascii() else "".join(map(_narrow, text))


@cache
def _narrow(character: str) -> str:
    if character in _REPLACED:
        return _REPLACED[character]
    return "?" if east_asian_width(character) == "A" else character
