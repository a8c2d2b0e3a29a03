"""What is wrong with a file, where, and in words that a teacher would use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, TypeAlias

from tutor.text import Message

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: line and column count from 1, `quoted` is the line as it stands in the file."""

    file: str
    line: int
    column: int
    severity: Severity
    code: str
    message: Message = field(hash=False)
    quoted: str


class LessonError(ValueError):
    """A file that cannot be used; `problems` holds everything that is wrong with it, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.file}:{p.line}:{p.column}: {p.code}" for p in self.problems))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was probably meant to be, or None."""
    candidates = list(dict.fromkeys(known))
    close = get_close_matches(name, candidates, n=1, cutoff=0.6)
    if close:
        return close[0]
    same = [candidate for candidate in candidates if candidate.casefold() == name.casefold()]
    return same[0] if same else None


def shortened_list(names: Sequence[str], most: int = 12) -> list[str]:
    """The first names for a sentence, with a … where there are more."""
    return list(names) if len(names) <= most else [*names[:most], "…"]
