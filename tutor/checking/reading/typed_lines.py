"""Answers of several lines: set apart by line ends or `;` outside brackets, each with its place in the text."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tutor.checking.verdict import Verdict
from tutor.expr import EvaluationError, ParseError, Span
from tutor.text import Message, msg

_OPENING, _CLOSING, _ENDS = "([（［【", ")]）］】", "\n;；"
_GOES_ON = tuple("+-−*/@^·×⊙∘=")  # a line that ends in a sign goes on in the next
MOST_LINES = 60
MOST_LETTERS = 12_000  # of all lines together


def check_letters(text: str) -> None:
    """Refuse a text that is too long for any answer, before anything else is done with it; raises ParseError."""
    if len(text) > MOST_LETTERS:
        said = msg("expr.too-long", length=len(text), limit=MOST_LETTERS)
        raise ParseError(said, Span(MOST_LETTERS, len(text)))


def goes_on(text: str) -> bool:
    """Is a formula or a pasted matrix broken off here, behind a sign or within brackets?"""
    written = text.rstrip()
    if written.endswith((*_CLOSING, ",", "，")):
        return sum(map(written.count, _OPENING)) > sum(map(written.count, _CLOSING))
    return written.endswith(_GOES_ON)


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One line without the blanks around it; `start` is its offset in the whole text, `number` counts from 1."""

    number: int
    text: str
    start: int

    def moved(self, span: Span | None) -> Span | None:
        """A span within the line as a span of the whole text."""
        return None if span is None else Span(span.start + self.start, span.end + self.start)

    def unreadable(self, error: ParseError | EvaluationError) -> ParseError:
        """The error with its place in the whole text."""
        return ParseError(error.message, self.moved(error.span) or error.span)

    def placed(self, verdict: Verdict) -> Verdict:
        """A verdict on this line with its place in the whole text."""
        return replace(verdict, span=self.moved(verdict.span))

    def behind(self, width: int) -> "TypedLine":
        """The line without its first characters."""
        rest = self.text[width:]
        kept = rest.lstrip()
        return TypedLine(self.number, kept, self.start + width + len(rest) - len(kept))


def split_lines(text: str) -> list[TypedLine]:
    """The lines that are not blank; raises ParseError for a text without any, and for far too many."""
    lines: list[TypedLine] = []
    for start, end in _stretches(text):
        piece = text[start:end]
        kept = piece.strip()
        if kept:
            lines.append(TypedLine(len(lines) + 1, kept, start + len(piece) - len(piece.lstrip())))
    if not lines:
        raise ParseError(msg("checking.lines-wanted"), Span(0, len(text)))
    if len(lines) > MOST_LINES:
        raise ParseError(msg("checking.too-many-lines", most=MOST_LINES), Span(lines[MOST_LINES].start, len(text)))
    return lines


def in_line(number: int, said: Message) -> Message:
    """What is said about one line of several."""
    return msg("checking.in-line", number=number, said=said)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    depth, start = 0, 0
    for place, letter in enumerate(text):
        depth = max(0, depth + (letter in _OPENING) - (letter in _CLOSING))
        if letter == "\n" and text[start:place].rstrip(" \t\r").endswith(_GOES_ON):
            continue
        if letter == "\n" or (letter in _ENDS and depth == 0):
            yield start, place
            start, depth = place + 1, 0
    yield start, len(text)
