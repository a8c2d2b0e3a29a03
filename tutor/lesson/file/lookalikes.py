"""Characters that look like those YAML is made of, as keyboards, Word and web pages give them, and how YAML has them.

Texts that people read keep theirs: a look-alike is only spoken of where something could not be read as it was meant.
"""

import re
from collections.abc import Iterator
from unicodedata import name

from tutor.text import Message, msg

COLON = "：﹕︰︓∶꞉"
_SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_NARROW = {
    **_FULL_WIDTH,
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_INVISIBLE, ""),
    **dict.fromkeys(COLON, ":"),
    **dict.fromkeys("，﹐︐、﹑､", ","),
    **dict.fromkeys("【〔「『﹝", "["),
    **dict.fromkeys("】〕」』﹞", "]"),
    **dict.fromkeys("﹛", "{"),
    **dict.fromkeys("﹜", "}"),
    **dict.fromkeys("“”„‟«»〝〞″", '"'),
    **dict.fromkeys("‘’‚‛‹›′´", "'"),
    **dict.fromkeys("−–—―‐‑‒﹣➖", "-"),
    "﹟": "#",
}
_BULLETS = re.compile(r"^(\s*)[•·∙▪◦‣●*](?=\s)")  # what Word makes of the dash of a list
_KINDS = ("[]", "{}", " ", "", ":", ",", '"', "'", "-", "#")  # brackets are mended in pairs
_SPACED = {":": ": ", ",": ", "}
_TEXTS = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")


def without_texts(line: str) -> str:
    """The line with what stands in quotes blotted out."""
    return _TEXTS.sub(lambda found: "." * len(found.group()), line)


def first_lookalike(text: str) -> int | None:
    """Where the first look-alike stands, the bullet of a list among them; None where there is none."""
    if text.isascii():
        return None
    return 0 if _BULLETS.match(text) else next((k for k, each in enumerate(text) if each in _NARROW), None)


def in_yaml_characters(text: str) -> str:
    """The text as YAML has its characters, without the space around it."""
    return "".join(_NARROW.get(each, each) for each in text).strip()


def stripped(text: str) -> str:
    """The text without white space at its ends that is none to YAML, seen or unseen."""
    return text if text.isascii() else text.strip(_SPACES + _INVISIBLE)


def lookalike_message(character: str, line: int) -> Message:
    """What to say of a look-alike in a line."""
    known = {"line": line, "character": f"U+{ord(character):04X}, {name(character, 'tab').lower()}"}
    if character in _SPACES:
        return msg("lesson.yaml-space", **known)
    if character in _INVISIBLE:
        return msg("lesson.yaml-invisible", **known)
    if character in COLON:
        return msg("lesson.yaml-wide-colon", **known)
    return msg("lesson.yaml-wide", wide=character, narrow=_NARROW.get(character, "-"), **known)


def without_lookalikes(line: str) -> Iterator[tuple[str, int]]:
    """The line with its look-alikes as YAML has them, kind by kind and then all, and where the first one stood.

    What stands in straight quotes stays as it is.
    """
    if bullet := _BULLETS.match(line):
        yield f"{bullet.group(1)}-{line[bullet.end() :]}", bullet.end(1)
    plain = without_texts(line)
    here = {each for each in plain if each in _NARROW}
    kinds = [{each for each in here if (_NARROW[each] in kind if kind else not _NARROW[each])} for kind in _KINDS]
    for kind in [*filter(None, kinds), here] if here else []:
        columns = [k for k, each in enumerate(plain) if each in kind]
        letters = list(line)
        for k in columns:
            letters[k] = _SPACED.get(_NARROW[line[k]], _NARROW[line[k]])
        yield "".join(letters), columns[0]
        if "\u3000" in kind:  # as wide as two
            yield "".join(letters[k] * 2 if line[k] == "\u3000" else letters[k] for k in range(len(line))), columns[0]
