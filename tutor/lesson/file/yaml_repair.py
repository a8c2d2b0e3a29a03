"""Where a YAML file is really wrong: small mends near the spot are tried, and the one that helps names the cause.

The parser stops where it cannot go on, often a line after the slip.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from tutor.lesson.file.lookalikes import COLON, lookalike_message, without_lookalikes, without_texts
from tutor.lesson.file.schema import LessonModel, UnitModel
from tutor.text import Message, msg

_MOST_READ = 400_000  # characters that are parsed again in all
_MOST_TRIES = 60
_LINES_BACK = 3
_NO_SPACE = re.compile(r"^(\s*(?:- +)?[^\s:#\"'{}\[\],]+):(?=[^\s:/])")
_EQUALS = re.compile(r"^(\s*(?:- +)?\w+) *=(?!=) *(?=\S)")
_WIDE_COLON = re.compile(f"[{COLON}]")
_WIDE_FIELD = re.compile(rf"\w+ *[{COLON}]")
_NO_COLON = re.compile(r"^(\s*(?:- +)?(?!- )\w+) *(?=$| [^=:]*$)")
_QUOTE_OPENS = re.compile(r"(?:^|(?<=[\s\[{,]))[\"']")
_CLOSES = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class Repair:
    """A text that differs in one line, the offset of the slip in the text as it is, and what to say of it."""

    text: str
    offset: int
    line: int
    message: Message


def find_repair(text: str, stopped: int) -> tuple[int, Message] | None:
    """Where the slip is that made the parser stop at an offset; None where no small mend helps."""
    tries = min(_MOST_READ // max(len(text), 1), _MOST_TRIES)
    lines = text.split("\n")
    at = text.count("\n", 0, stopped)
    helped: Repair | None = None
    for repair in islice(_repairs(lines, at), tries):
        left = _stops_at(repair.text)
        if left is None:
            return repair.offset, repair.message
        if helped is None and left > max(at, repair.line):  # another slip further down
            helped = repair
    return None if helped is None else (helped.offset, helped.message)


def _stops_at(text: str) -> int | None:
    """The line, from 0, at which the parser stops; None where it reads all."""
    import yaml

    try:
        for _ in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            pass
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return mark.line if mark is not None else 0
    return None


def _repairs(lines: list[str], at: int) -> Iterator[Repair]:
    """Mends of lines near the one where the parser stopped; of quotes and brackets, of any line before it."""
    # A line of nothing but a no-break space is no empty one to YAML.
    near = [k for k in range(min(at, len(lines) - 1), max(at - _LINES_BACK, -1), -1) if lines[k].strip(" \r")]
    for k in near:
        yield from _colons(lines, k)
        yield from _wide(lines, k)
    for k in range(min(at, len(lines) - 1), -1, -1):
        yield from _equals(lines, k)
    for k in range(min(at + 1, len(lines))):
        yield from _quotes(lines, k)
    for k in range(min(at + 1, len(lines))):
        yield from _brackets(lines, k)
    for k in near:
        yield from _no_colons(lines, k)
    for lonely in (True, False):
        for k in near:
            yield from _indents(lines, k, lonely=lonely)


def _wide(lines: list[str], k: int) -> Iterator[Repair]:
    """Characters that only look like those of YAML, outside of texts in quotes."""
    for line, column in without_lookalikes(lines[k]):
        yield _repair(lines, k, line, column, lookalike_message(lines[k][column], k + 1))


def wide_colon(text: str) -> tuple[int, Message] | None:
    """Where a full-width colon stands behind the first name of a text that is no map, if it does."""
    offset = 0
    for k, line in enumerate(text.split("\n")):
        if _counts(line):
            found = _WIDE_FIELD.match(line)
            return (
                None if found is None else (offset + found.end() - 1, lookalike_message(line[found.end() - 1], k + 1))
            )
        offset += len(line) + 1
    return None


def _colons(lines: list[str], k: int) -> Iterator[Repair]:
    line = lines[k]
    if (wide := _WIDE_COLON.search(line)) is not None:
        column = wide.start()
        yield _repair(
            lines, k, f"{line[:column]}: {line[column + 1 :].lstrip()}", column, lookalike_message(wide.group(), k + 1)
        )
    if (found := _NO_SPACE.match(line)) is not None:
        column = found.end(1)
        spaced = f"{line[: column + 1]} {line[column + 1 :]}"
        yield _repair(lines, k, spaced, column, msg("lesson.yaml-colon-space", line=k + 1))


def _equals(lines: list[str], k: int) -> Iterator[Repair]:
    """`z = W @ x`, as formulas are written elsewhere, where YAML wants `z: W @ x`."""
    line = lines[k]
    if (found := _EQUALS.match(line)) is not None:
        column = line.index("=")
        yield _repair(
            lines, k, f"{found.group(1)}: {line[found.end() :]}", column, msg("lesson.yaml-equals", line=k + 1)
        )


def _no_colons(lines: list[str], k: int) -> Iterator[Repair]:
    """`z W @ x` with the colon that belongs behind the name, and `graph` alone in its line."""
    line = lines[k]
    if (found := _NO_COLON.match(line)) is not None:
        column = found.end(1)
        said = msg("lesson.yaml-missing-colon", line=k + 1, name=found.group(1).split()[-1])
        yield _repair(lines, k, f"{line[:column]}:{line[column:]}", column, said)


def _quotes(lines: list[str], k: int) -> Iterator[Repair]:
    """A quote closed at the end of its line, before the brackets there, or before the next name in braces."""
    line = lines[k]
    for found in _QUOTE_OPENS.finditer(line):
        quote, start = found.group(), found.start()
        if line.replace('\\"', "").count(quote) % 2 == 0:
            continue
        yield from _wide(lines, k)  # closed by another kind of quote, perhaps
        behind = line[end + 1 : end + 2] if (end := line.find(quote, start + 1)) >= 0 else "?"
        if behind in ("", " ", ",", "}", "]", ":"):
            continue  # this one is closed
        said = msg("lesson.yaml-quote", line=k + 1)
        if (comma := re.search(r", *\w+: ", line[start:])) is not None:
            end = start + comma.start()
            yield _repair(lines, k, line[:end] + quote + line[end:], start, said)
        bare = line.rstrip().rstrip("}] ")
        yield _repair(lines, k, bare + quote + line[len(bare) :], start, said)
        yield _repair(lines, k, line.rstrip() + quote, start, said)


def _brackets(lines: list[str], k: int) -> Iterator[Repair]:
    """A bracket closed at the end of the line that opens it."""
    line = without_texts(lines[k])
    open_: list[int] = []
    for column, character in enumerate(line):
        if character in _CLOSES:
            open_.append(column)
        elif character in _CLOSES.values() and open_:
            if _CLOSES[line[open_[-1]]] != character:
                yield from _closed_before_a_name(lines, k, open_[-1])
                return
            open_.pop()
    if open_:
        closed = "".join(_CLOSES[line[column]] for column in reversed(open_))
        comment = line.find(" #")
        end = len(lines[k].rstrip()) if comment < 0 else comment
        yield _repair(lines, k, lines[k][:end] + closed + lines[k][end:], open_[0], _not_closed(line[open_[0]], k))


def _closed_before_a_name(lines: list[str], k: int, column: int) -> Iterator[Repair]:
    """`[n, m, integers: ..}` with the bracket closed before `, integers:`."""
    line = lines[k]
    if (comma := re.search(r", *\w+: ", line[column:])) is not None:
        end, character = column + comma.start(), line[column]
        yield _repair(lines, k, line[:end] + _CLOSES[character] + line[end:], column, _not_closed(character, k))


def _not_closed(bracket: str, k: int) -> Message:
    return msg("lesson.yaml-bracket", bracket=bracket, closing=_CLOSES[bracket], line=k + 1)


def _indents(lines: list[str], k: int, *, lonely: bool) -> Iterator[Repair]:
    """A line moved to where the line before it, or the one after it, stands; lonely: where both agree against it."""
    above = next((each for each in reversed(lines[:k]) if _counts(each)), "")
    below = next((each for each in lines[k + 1 :] if _counts(each)), "")
    own = _indent(lines[k])
    if above.rstrip().endswith(":") and own > _indent(above):
        above = ""  # what it belongs to, no neighbour
    agree = bool(above and below) and _indent(above) == _indent(below)
    for other in (above, below) if agree == lonely else ():
        wanted = _indent(other)
        if other and wanted != own and (wanted > 0 or _is_field(lines[k])):
            id = "lesson.yaml-indent-less" if own < wanted else "lesson.yaml-indent-more"
            said = msg(id, line=k + 1, spaces=own, others=wanted)
            yield _repair(lines, k, " " * wanted + lines[k].lstrip(" "), own, said)


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _is_field(line: str) -> bool:
    """Whether a line begins with what may stand at the left: a field of a lesson or a unit."""
    return line.partition(":")[0].strip() in {*LessonModel.model_fields, *UnitModel.model_fields}


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _repair(lines: list[str], k: int, mended: str, column: int, message: Message) -> Repair:
    offset = sum(len(line) + 1 for line in lines[:k]) + column
    return Repair("\n".join([*lines[:k], mended, *lines[k + 1 :]]), offset, k, message)
