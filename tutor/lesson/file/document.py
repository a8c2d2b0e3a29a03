"""A YAML or JSON file as plain data that remembers where every key and value stood."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import Any, TypeAlias

from tutor.expr import composed, one_spelling
from tutor.lesson.file import scalars
from tutor.lesson.file.lookalikes import COLON, first_lookalike, in_yaml_characters, lookalike_message, stripped
from tutor.lesson.file.problem import LessonError, Problem, Severity
from tutor.lesson.file.yaml_errors import explain_yaml_error
from tutor.text import Message, msg

Steps: TypeAlias = tuple[str | int, ...]  # the way from the root of the data to a value: keys and positions
LARGEST_FILE = 1 << 20
MOST_PROBLEMS = 100
_LONGEST_QUOTE = 1_000
DEEPEST = 40
_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)
# `x:1`, which is one text for YAML, and `x：1`.
ENTRY = re.compile(rf"\w+(?: *(?==))?(:(?=\S)|[{COLON}]|=(?!=)) *")
# `(m, 1)`, `m, 1` and `m x 1`, which are texts to YAML and lists to people.
UNBRACKETED = re.compile(r"\(?\s*([\w.+-]+(?:\s*(?:,|\bx\b|×|(?<=\d)x(?=\d))\s*[\w.+-]+)+)\s*,?\s*\)?")
_COLONS = {":": "lesson.yaml-colon-space", "=": "lesson.yaml-equals"}
# What cannot be seen: control characters, ends of lines that are none to an editor, a byte order mark inside.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
# Said of a word that stands alone, which a look-alike in it can have made unknown.
_OF_WORDS = re.compile(r"lesson\.(expected|one-word-of|seed-not-whole|(unknown|not-a)-(name|size)(-known)?)")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(slots=True)
class Document:
    """Plain data (dicts, lists, scalars) with the offsets of its parts in `text`; `problems` collects what is wrong."""

    file: str
    text: str
    data: Any = None
    keys: dict[Steps, int] = field(default_factory=dict)
    spans: dict[Steps, tuple[int, int]] = field(default_factory=dict)
    typed: dict[Steps, str] = field(default_factory=dict)  # scalars as they were typed: `0.50`, `1e-3`
    problems: list[Problem] = field(default_factory=list)
    lost: set[Steps] = field(default_factory=set)  # inputs, lines and sizes that were refused as a whole
    starts: list[int] = field(default_factory=list)
    settled: set[int] = field(default_factory=set)  # offsets at which nothing more needs to be said

    def report(
        self, steps: Steps, message: Message, *, code: str = "", inside: int | None = None, severity: Severity = "error"
    ) -> None:
        """Note a problem at a value, `inside` characters into the text that is typed there."""
        typed = self.typed.get(steps, "")
        if inside is None and _OF_WORDS.fullmatch(message.id) and (odd := first_lookalike(typed)) is not None:
            self.report_lookalike(self._offset(steps, odd), typed[odd])
            return
        self.report_at(self._offset(steps, inside), message, code=code, severity=severity)

    def report_lookalike(self, offset: int, character: str) -> None:
        """Note a character that only looks like one of YAML's."""
        self.report_at(offset, lookalike_message(character, self._place(offset)[0]), code="yaml")
        self.settled.add(offset)

    def report_key(self, steps: Steps, message: Message, *, code: str = "", severity: Severity = "error") -> None:
        """Note a problem at a key."""
        offset = self.keys.get(steps)
        self.report_at(self._offset(steps, None) if offset is None else offset, message, code=code, severity=severity)

    def report_at(self, offset: int, message: Message, *, code: str = "", severity: Severity = "error") -> None:
        """Note a problem at an offset of the file's text; the code is the message's own words if none is given."""
        if offset in self.settled or len(self.problems) >= MOST_PROBLEMS:
            return
        line, column = self._place(offset)
        quoted = (
            self.text[self.starts[line - 1] : self.starts[line - 1] + _LONGEST_QUOTE]
            .partition("\n")[0]
            .partition("\r")[0]
        )
        code = code or message.id.partition(".")[2]
        self.problems.append(Problem(self.file, line, column, severity, code, message, quoted))

    def report_position(self, position: tuple[int, int], message: Message, severity: Severity = "error") -> None:
        """Note a problem at a line and column, from 1."""
        line, column = position
        self.report_at(self._starts()[line - 1] + column - 1, message, severity=severity)

    def position(self, steps: Steps) -> tuple[int, int]:
        """Line and column of a value, from 1."""
        return self._place(self._offset(steps, None))

    def position_of_key(self, steps: Steps) -> tuple[int, int]:
        """Line and column of a key, from 1."""
        return self._place(self.keys.get(steps, 0))

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "error"]

    def refuse(self) -> LessonError:
        """Everything found, in the order of the file."""
        return LessonError(sorted(self.problems, key=lambda p: (p.severity != "error", p.line, p.column)))

    def _place(self, offset: int) -> tuple[int, int]:
        starts = self._starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def _starts(self) -> list[int]:
        """The offset at which each line begins."""
        if not self.starts:
            self.starts = [0, *(end.end() for end in _LINE_END.finditer(self.text))]
        return self.starts

    def _offset(self, steps: Steps, inside: int | None) -> int:
        while steps and steps not in self.spans:
            steps = steps[:-1]
        start, end = self.spans.get(steps, (0, 0))
        typed = self.typed.get(steps, "").rstrip()
        # Where the text stands in the file as it is, quoted or not, its characters can be pointed at.
        shift = self.text[start:end].find(typed) if typed and inside is not None else -1
        return start + shift + min(inside or 0, len(typed)) if shift >= 0 else start


def read_text(path: Path) -> str:
    """The text of a file in UTF-8 of at most 1 MiB; raises LessonError."""
    name = str(path)
    try:
        if not S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise _alone(name, "", 0, msg("lesson.no-plain-file"))  # to read a pipe or a device may never end
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _alone(
            name, "", 0, msg("lesson.unreadable-file", reason=error.strerror or type(error).__name__)
        ) from None
    if len(raw) > LARGEST_FILE:
        raise _alone(name, "", 0, msg("lesson.file-too-large"))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", errors="replace")
        raise _alone(name, before, len(before), msg("lesson.not-utf-8")) from None


def parse_document(text: str, file: str) -> Document:
    """The YAML of a text; raises LessonError where it is no YAML at all, with what was found until then."""
    text = one_spelling(text)
    document = Document(file, text)
    for tab in _TAB_INDENT.finditer(text):
        document.report_at(tab.end() - 1, msg("lesson.tab"))
    unprintable = _UNPRINTABLE.search(text)
    if unprintable:
        character = f"U+{ord(unprintable.group()):04X}"
        document.report_at(unprintable.start(), msg("lesson.control-character", character=character))
    if document.problems:
        raise document.refuse()
    import yaml

    try:
        document.data = _TreeBuilder(document).read()
    except yaml.YAMLError as error:
        offset, message = explain_yaml_error(error, text)
        document.report_at(offset, message, code="yaml" if message.id.startswith("lesson.yaml-") else "")
        raise document.refuse() from None
    except _TooDeepError as error:
        document.report_at(error.offset, msg("lesson.too-deep"))
        raise document.refuse() from None
    return document


def colon_message(entry: re.Match[str], line: int) -> Message:
    """What the colon of an `ENTRY` lacks, or that something else stands in its place."""
    colon = entry.group(1)
    return lookalike_message(colon, line) if colon in COLON else msg(_COLONS[colon], line=line)


def value_at_steps(data: Any, steps: Steps) -> Any:
    """What stands at `steps` in plain data; None where nothing does."""
    for step in steps:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


class _TooDeepError(Exception):
    def __init__(self, offset: int) -> None:
        self.offset = offset


class _TreeBuilder:
    """Builds the data from the parser's events, which still know anchors, aliases, tags and further documents."""

    def __init__(self, document: Document) -> None:
        import yaml

        self.yaml = yaml
        self.document = document
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is not in every wheel
        self.events: Iterator[Any] = iter(yaml.parse(document.text, Loader=loader))

    def read(self) -> Any:
        document, yaml = self.document, self.yaml
        data, seen = None, False
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    document.report_at(event.start_mark.index, msg("lesson.several-documents"))
                    return data
                data, seen = self._node(next(self.events), ()), True
        return data

    def _node(self, event: Any, steps: Steps) -> Any:
        yaml, document = self.yaml, self.document
        start = event.start_mark.index
        if len(steps) > DEEPEST:
            raise _TooDeepError(start)
        document.spans[steps] = (start, event.end_mark.index)
        if isinstance(event, yaml.AliasEvent):
            document.report_at(start, msg("lesson.alias", name=event.anchor))
            document.settled.add(start)
            return None
        if event.anchor is not None:
            document.report_at(start, msg("lesson.anchor", name=event.anchor))
        if event.tag is not None:
            document.report_at(start, msg("lesson.tag", tag=_tag_as_typed(document.text, start)))
        if isinstance(event, yaml.ScalarEvent):
            plain = _is_plain(event)
            value = document.typed[steps] = composed(stripped(event.value) if plain else event.value)
            return scalars.plain_value(value) if plain else value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(steps)
        return self._map(steps, in_braces=bool(event.flow_style))

    def _list(self, steps: Steps) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), self.yaml.SequenceEndEvent):
            items.append(self._node(event, (*steps, len(items))))
        self._ends(steps, event)
        return items

    def _map(self, steps: Steps, *, in_braces: bool) -> dict[str, Any]:
        document, yaml = self.document, self.yaml
        entries: dict[str, Any] = {}
        last = ""
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            start = event.start_mark.index
            if not isinstance(event, yaml.ScalarEvent):
                document.report_at(start, msg("lesson.key-not-a-name"))
                # What stands there is read and dropped, so that the rest is judged too.
                self._node(event, (*steps, ""))
                self._node(next(self.events), (*steps, ""))
                continue
            key = composed(event.value)
            odd = first_lookalike(key) if _is_plain(event) else None
            if odd is not None and not (in_braces and ENTRY.match(key)):
                document.report_lookalike(start + odd, key[odd])
                document.settled.add(start)
                key = in_yaml_characters(key)
            where = (*steps, key)
            if event.anchor is not None:
                document.report_at(start, msg("lesson.anchor", name=event.anchor))
            if event.tag is not None:
                document.report_at(start, msg("lesson.tag", tag=_tag_as_typed(document.text, start)))
            if key in entries:
                document.report_at(start, msg("lesson.duplicate-key", key=key))
                self._node(next(self.events), (*steps, ""))
                continue
            document.keys[where] = start
            value = self._node(next(self.events), where)
            alone = in_braces and value is None and document.typed.get(where) == ""
            if alone and (colon := ENTRY.match(key)) is not None:
                last = self._part(entries, steps, key, colon)
                continue
            if alone and set(key) & set("()[]"):
                self._rejoin(entries, steps, last, key, start)
                continue
            entries[key] = value
            last = key
        self._ends(steps, event)
        return entries

    def _rejoin(self, entries: dict[str, Any], steps: Steps, last: str, stray: str, start: int) -> None:
        """An expression that a comma in braces cut in two: say so once, and go on with the whole of it."""
        document, where = self.document, (*steps, last)
        before = document.typed.get(where, "")
        if last in entries and before.count("(") + before.count("[") > before.count(")") + before.count("]"):
            whole = f"{before}, {stray}"
            if not UNBRACKETED.fullmatch(whole):
                document.report_at(start, msg("lesson.comma-in-braces", name=last, expression=whole))
            entries[last] = document.typed[where] = whole
        else:
            document.report_at(start, msg("lesson.comma-in-braces-alone", text=stray))

    def _part(self, entries: dict[str, Any], steps: Steps, key: str, colon: re.Match[str]) -> str:
        """An entry `x:1` or `x = 1` in braces, which is one name so: say so once, and go on as if there were one."""
        document, name, value = self.document, key[: colon.start(1)].rstrip(), key[colon.end() :]
        start, where = document.keys[(*steps, key)], (*steps, name)
        offset = start + colon.start(1)
        document.report_at(offset, colon_message(colon, document.text.count("\n", 0, offset) + 1))
        document.keys[where], document.spans[where] = start, (start + colon.end(), start + len(key))
        document.typed[where], entries[name] = value, scalars.plain_value(value)
        return name

    def _ends(self, steps: Steps, event: Any) -> None:
        self.document.spans[steps] = (self.document.spans[steps][0], event.end_mark.index)


def _is_plain(event: Any) -> bool:
    """Whether a scalar stands without quotes."""
    return event.style is None or event.style == ""


def _tag_as_typed(text: str, start: int) -> str:
    found = re.search(r"!\S*", text[start : start + 80])
    return found.group() if found else "!"


def _alone(file: str, text: str, offset: int, message: Message) -> LessonError:
    document = Document(file, text)
    document.report_at(offset, message)
    return document.refuse()
