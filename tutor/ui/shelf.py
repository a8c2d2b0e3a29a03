"""What the course screen shows of lessons and learner, and how a lesson on it becomes a drill."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from tutor.lesson.course import Course, Entry, Unit
from tutor.text import Message, msg

if TYPE_CHECKING:
    from tutor.learner.session import Session
    from tutor.learner.store import Mark as StoredMark
    from tutor.learner.store import Store
    from tutor.lesson.problem import Problem

Mark: TypeAlias = Literal["new", "started", "done", "broken"]

FIRST = "circuits/first-circuit"
"""Where a newcomer starts."""

SIGNS: Mapping[str, str] = {
    "add": "+",
    "sub": "−",
    "neg": "−",
    "mul": "·",
    "div": "/",
    "pow": "^",
    "matmul": "@",
    "transpose": "ᵀ",
}
SKILLS: Mapping[str, Message] = {
    "fork": msg("ui.skill-fork"),
    "reuse": msg("ui.skill-reuse"),
    "shape": msg("ui.skill-shape"),
    "convention": msg("ui.skill-convention"),
    "jacobian": msg("ui.skill-jacobian"),
    "order": msg("ui.skill-order"),
    "count": msg("ui.skill-count"),
    "broadcast": msg("ui.skill-broadcast"),
    "check": msg("ui.skill-check"),
}
_MINUTES_A_QUESTION = 0.4


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the learner is with a lesson."""

    mark: Mark
    done: int = 0


def standing(entry: Entry, marks: "Mapping[str, StoredMark]") -> Standing:
    """What the learner's marks say of a lesson."""
    if entry.broken is not None:
        return Standing("broken")
    mark = marks.get(entry.id)
    if mark is None:
        return Standing("new")
    if mark.in_progress:
        return Standing("started", mark.settled)
    return Standing("done" if mark.done else "new", mark.settled)


def lesson_to_go_on_with(course: Course, marks: "Mapping[str, StoredMark]") -> Entry | None:
    """What Enter should take: the drill left last, else the lesson after the one finished last, else the first."""
    whole = [entry for entry in course.entries if entry.broken is None]
    by_id = {entry.id: entry for entry in whole}
    worked_at = sorted((id for id in marks if id in by_id), key=lambda id: -marks[id].at)
    if not worked_at:
        return by_id.get(FIRST) or next(iter(whole), None)
    last = by_id[worked_at[0]]
    if marks[last.id].in_progress or not marks[last.id].done:
        return last
    return lesson_after(course, last.id, marks) or last


def lesson_after(course: Course, id: str, marks: "Mapping[str, StoredMark]") -> Entry | None:
    """The next lesson of the course that is not done, looking on from `id` and then from the start."""
    entries = course.entries
    place = next((place for place, entry in enumerate(entries) if entry.id == id), -1)
    for entry in (*entries[place + 1 :], *entries[: max(place, 0)]):
        if entry.id != id and entry.broken is None and not (entry.id in marks and marks[entry.id].done):
            return entry
    return None


def practised(entry: Entry) -> Iterator[str | Message]:
    """What a lesson practises: its ops, then its ideas."""
    ops = dict.fromkeys(skill.partition(":")[2] for skill in entry.skills if ":" in skill)
    yield from (SIGNS.get(op, op) for op in ops)
    yield from (SKILLS[skill] for skill in entry.skills if skill in SKILLS)


def minutes(questions: int) -> int:
    """About how long a drill takes."""
    return max(round(questions * _MINUTES_A_QUESTION), 1)


def unit_of(course: Course | None, id: str) -> Unit | None:
    """The unit that a lesson belongs to."""
    units = course.units if course is not None else ()
    return next((unit for unit in units if any(entry.id == id for entry in unit.lessons)), None)


def begun(session: "Session") -> bool:
    """Has anything been answered, asked or skipped in this drill?"""
    return any(state.state != "open" or state.verdict or state.hints for state in session.states)


def open_session(
    lesson: str, store: "Store", *, seed: int | None = None, afresh: bool = False
) -> "Session | tuple[Problem, ...] | Message":
    """The drill of a lesson (an id, or a path): where it was left, or `afresh`; else what is wrong."""
    from tutor.learner.session import Session
    from tutor.lesson.course import LessonNotFoundError, find
    from tutor.lesson.loading import load
    from tutor.lesson.problem import LessonError

    try:
        session = Session.open(store, load(find(lesson)), seed=seed, afresh=afresh)
    except LessonError as error:
        return error.problems
    except LessonNotFoundError as error:
        return error.message
    if session.current is not None:
        session.preview("1 + 1")  # the first reading loads the grammar, which the first key should not wait for
    return session
