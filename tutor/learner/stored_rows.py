"""Drills and events as they are kept: what a row of each table means, and how an odd one is mended."""

import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

Kind: TypeAlias = Literal["attempt", "lines", "hint", "skip", "visit", "finished"]
State: TypeAlias = Literal["open", "right", "shown", "answered", "skipped"]
"""`answered`: taken as it is, in an exam; it is not asked again and nothing is said of it before the end."""


class DrillRecord(NamedTuple):
    """A drill as it was opened: enough to ask the same questions with the same numbers again.

    A row of `drills`, without what only sums up its events.
    """

    id: str
    lesson: str
    fingerprint: str
    seed: int
    numbers: str
    """The draws of its parts, as JSON."""
    generator: int
    opened: float
    """Seconds since 1970."""

    @property
    def key(self) -> str:
        """What tells its row from others, as an event's key does."""
        return self.id


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a learner did in a drill; all that mastery and review will need stands here."""

    kind: Kind
    question: str = ""
    state: State = "open"
    """Of the question, after the event."""
    typed: str = ""
    verdict: str = ""
    mistake: str | None = None
    node: str | None = None
    free: bool = False
    """The answer cost no attempt."""
    hints: int = 0
    """Rungs of the ladder seen so far at this question."""
    seconds: float = 0.0
    """Time at this question since it was asked, in this sitting."""
    skills: tuple[str, ...] = ()
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a lesson is, for the course screen."""

    done: bool
    """A drill of it was finished without skipping a question."""
    in_progress: bool
    """Its latest drill has answers and is not finished."""
    settled: int
    """Questions answered, shown or skipped in its latest drill."""
    turn: int
    """The larger, the later it was worked at: the id of its last event. No clock, since clocks are set back."""


class EventRow(NamedTuple):
    """A row of `events`. The key is the event's own, so that it is kept once, however often it is written."""

    drill: str
    at: float
    kind: str
    question: str
    state: str
    typed: str
    verdict: str
    mistake: str | None
    node: str | None
    free: int
    hints: int
    seconds: float
    skills: str
    key: str | None

    @property
    def is_step(self) -> bool:
        """An answer, a hint or a skip: what a learner would miss."""
        return self.kind in ("attempt", "hint", "skip")


DRILL = ", ".join(DrillRecord._fields)
EVENT = ", ".join(EventRow._fields)
_KINDS, _STATES = frozenset(get_args(Kind)), frozenset(get_args(State))


class DamagedError(Exception):
    """What stands in the file is nothing that we have written."""


def row_of(drill: str, event: Event, now: float) -> EventRow:
    """The row of an event, with a new key."""
    return EventRow(
        *(drill, event.at or now, event.kind, event.question, event.state, utf8(event.typed), event.verdict),
        *(event.mistake, event.node, int(event.free), event.hints, event.seconds, json.dumps(event.skills)),
        key=os.urandom(8).hex(),
    )


def event_of(values: Sequence[Any]) -> Event:
    """The event of a row; raises DamagedError for one that we have not written."""
    row = repaired_event(values)
    if row is None or tuple(row) != tuple(values):
        raise DamagedError
    _, at, kind, question, state, typed, verdict, mistake, node, free, hints, seconds, skills, _ = values
    skills = tuple(json.loads(skills))
    return Event(kind, question, state, typed, verdict, mistake, node, bool(free), hints, seconds, skills, at)


def drill_of(values: Sequence[Any]) -> DrillRecord:
    """The drill of a row; raises DamagedError for one that we have not written."""
    row = repaired_drill(values)
    if row is None or tuple(row) != tuple(values):
        raise DamagedError
    return row


def repaired_event(values: Sequence[Any]) -> EventRow | None:
    """The row with what can be done without in place of what is odd; None where it does not say what was done."""
    if len(values) != len(EventRow._fields):
        return None
    row: Any = EventRow(*map(_decoded, values))
    needed = (row.drill, row.question, row.typed, row.verdict)
    if row.kind not in _KINDS or row.state not in _STATES or not all(isinstance(each, str) for each in needed):
        return None
    mended: EventRow = row._replace(
        at=_number(row.at),
        mistake=_text(row.mistake),
        node=_text(row.node),
        free=min(_count(row.free), 1),
        hints=_count(row.hints),
        seconds=_number(row.seconds),
        skills=row.skills if _is_list_of_texts(row.skills) else "[]",
        key=_text(row.key) or None,
    )
    return mended


def repaired_drill(values: Sequence[Any]) -> DrillRecord | None:
    """The same for a drill: without its numbers it begins anew, without its lesson it is none."""
    if len(values) != len(DrillRecord._fields):
        return None
    row: Any = DrillRecord(*map(_decoded, values))
    if not isinstance(row.id, str) or not isinstance(row.lesson, str):
        return None
    mended: DrillRecord = row._replace(
        fingerprint=_text(row.fingerprint) or "",
        seed=row.seed if isinstance(row.seed, int) and abs(row.seed) < 2**63 else 0,
        numbers=row.numbers if isinstance(row.numbers, str) else "[]",
        generator=_count(row.generator),
        opened=_number(row.opened),
    )
    return mended


@dataclass(slots=True)
class StoredRows:
    """Rows that go together: what a sitting could not write, or what was read of a damaged file."""

    drills: list[DrillRecord] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    finished: list[tuple[str, int]] = field(default_factory=list)
    """Drills that were finished, each with how many of its questions stayed skipped."""

    @property
    def steps(self) -> int:
        """How many answers, hints and skips are among the events."""
        return sum(row.is_step for row in self.events)


def _decoded(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return utf8(value) if isinstance(value, str) else value


def utf8(text: str) -> str:
    """The text as SQLite can keep it: without halves of characters, as file names may have."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> float:
    return value if isinstance(value, int | float) and math.isfinite(value) else 0.0


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0


def _is_list_of_texts(text: object) -> bool:
    try:
        plain = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return False
    return isinstance(plain, list) and all(isinstance(each, str) for each in plain)
