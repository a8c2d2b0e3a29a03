"""What the YAML parser could not read, in our own words."""

import re
from typing import TYPE_CHECKING

from tutor.lesson.file.yaml_repair import find_repair
from tutor.text import Message, msg

if TYPE_CHECKING:
    import yaml

# The parser in C and the one in Python word the same problem differently; the first line that fits is taken.
_PATTERNS: tuple[tuple[str, str], ...] = (
    (r"maximum nesting depth", "lesson.too-deep"),  # libyaml's own bound, met before ours in one long line
    (r"while scanning an (alias|anchor)", "lesson.yaml-alias"),
    (r"cannot start any token", "lesson.yaml-start"),
    (r"unexpected end of stream", "lesson.yaml-quote"),
    (r"unknown escape|hexdecimal|escape sequence", "lesson.yaml-escape"),
    (r"mapping values are not allowed", "lesson.yaml-colon"),
    (r"sequence entries are not allowed", "lesson.yaml-dash"),
    (r"flow (mapping|sequence|node)", "lesson.yaml-flow"),
    (r"block scalar", "lesson.yaml-bar"),
    (r"undefined tag handle|incompatible YAML|(parsing|scanning) a (tag|directive)", "lesson.yaml-tag"),
    (r"could not find expected ':'", "lesson.yaml-no-colon"),
    (r"while parsing a block (mapping|collection)", "lesson.yaml-block"),
    (r"", "lesson.yaml-unreadable"),
)
_CERTAIN = frozenset({"lesson.too-deep", "lesson.yaml-escape"})


def explain_yaml_error(error: "yaml.YAMLError", text: str) -> tuple[int, Message]:
    """Where in the text the parser stopped, and why."""
    words = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or error}"
    id = next(id for pattern, id in _PATTERNS if re.search(pattern, words))
    mark = getattr(error, "context_mark" if id == "lesson.yaml-quote" else "problem_mark", None)
    offset = min(mark.index, len(text)) if mark is not None else 0
    if id not in _CERTAIN:
        stopped = getattr(error, "problem_mark", None)
        found = find_repair(text, offset if stopped is None else min(stopped.index, len(text)))
        if found is not None:
            return found
    if not text[offset:].strip():  # nothing follows: the last thing typed is the place to look
        offset = len(text.rstrip())
    if id == "lesson.yaml-no-colon" and " #" in text[text.rfind("\n", 0, offset) + 1 :].partition("\n")[0]:
        id = "lesson.yaml-comment"
    return offset, msg(id, character=text[offset : offset + 1], line=text.count("\n", 0, offset) + 1)
