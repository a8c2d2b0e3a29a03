"""What a terminal would obey instead of showing it, made visible: escapes, line breaks, marks that turn text around."""

import re
from functools import cache
from unicodedata import category

_OBEYED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, formats (bidi, zero width), lone surrogates, separators
_UNUSUAL = re.compile(r"[^ -~]")


def visible(text: str) -> str:
    """`text` on one line: ESC becomes ␛, a line break ␊, and what has no picture its number, as <U+202E>."""
    return text if text.isprintable() else _UNUSUAL.sub(lambda found: _pictured(found.group()), text)


def visible_lines(text: str) -> str:
    """A text of several lines, whose line breaks and tabs are meant; everything else as in `visible`."""
    return text if text.isprintable() else "\n".join(visible(line.expandtabs(4)) for line in text.split("\n"))


def escaped(json: str) -> str:
    """The same for JSON, which has escapes of its own: what needs them stands in its texts alone."""
    return "\n".join(
        line if line.isprintable() else _UNUSUAL.sub(lambda found: _escaped(found.group()), line)
        for line in json.split("\n")
    )


@cache
def _pictured(character: str) -> str:
    code = ord(character)
    if category(character) not in _OBEYED:
        return character
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else f"<U+{code:04X}>"


@cache
def _escaped(character: str) -> str:
    if category(character) not in _OBEYED:
        return character
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
