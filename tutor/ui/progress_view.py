"""What the course screen shows of lessons and learner."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from tutor.course.units import Course, CourseEntry
from tutor.text import Message, msg

if TYPE_CHECKING:
    from tutor.learner.session import Session
    from tutor.learner.store import Mark as StoredMark

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


class Standing(NamedTuple):
    """How far the learner is with a lesson."""

    mark: Mark
    done: int = 0


def standing(entry: CourseEntry, marks: "Mapping[str, StoredMark]") -> Standing:
    """What the learner's marks say of a lesson."""
    if not entry.is_whole:
        return Standing("broken")
    mark = marks.get(entry.id)
    if mark is None:
        return Standing("new")
    if mark.in_progress:
        return Standing("started", mark.settled)
    return Standing("done" if mark.done else "new", mark.settled)


def counted(course: Course, marks: "Mapping[str, StoredMark]") -> tuple[int, int]:
    """How many lessons of the course are done, and how many begun, without a look at each of them."""
    known = [mark for id, mark in marks.items() if is_whole(course, id)]
    begun = sum(mark.in_progress for mark in known)
    return sum(mark.done and not mark.in_progress for mark in known), begun


def done_by_unit(course: Course, marks: "Mapping[str, StoredMark]") -> dict[str, int]:
    """How many lessons of each unit are done; units without any are left out."""
    done: dict[str, int] = {}
    for id, mark in marks.items():
        entry = course.entry(id)
        if entry is not None and entry.is_whole and mark.done and not mark.in_progress:
            done[entry.unit] = done.get(entry.unit, 0) + 1
    return done


def is_whole(course: Course, id: str) -> bool:
    """Whether the course has a lesson of this id, and it is not broken."""
    entry = course.entry(id)
    return entry is not None and entry.is_whole


def lesson_to_go_on_with(course: Course, marks: "Mapping[str, StoredMark]") -> str | None:
    """The id of what Enter takes: the drill left last, else the lesson after the one finished last, else the first."""
    worked_at = sorted((id for id in marks if is_whole(course, id)), key=lambda id: -marks[id].turn)
    if not worked_at:
        return FIRST if is_whole(course, FIRST) else next((id for id in course.ids if is_whole(course, id)), None)
    last = worked_at[0]
    if marks[last].in_progress or not marks[last].done:
        return last
    after = lesson_after(course, last, marks)
    return last if after is None else after.id


def lesson_after(course: Course, id: str, marks: "Mapping[str, StoredMark]") -> CourseEntry | None:
    """The next lesson that is not done: of the same unit, from `id` on and then from its start, else of the course."""
    ids = course.ids
    place = ids.index(id) if id in ids else -1
    unit = course.unit_of(id)
    own = unit.ids if unit is not None else ()
    here = own.index(id) if id in own else -1
    for other in (*own[here + 1 :], *own[: max(here, 0)], *ids[place + 1 :], *ids[: max(place, 0)]):
        if other != id and is_whole(course, other) and not (other in marks and marks[other].done):
            return course.entry(other)
    return None


def practised(entry: CourseEntry) -> Iterator[str | Message]:
    """What a lesson practises: its ops, then its ideas."""
    ops = dict.fromkeys(skill.partition(":")[2] for skill in entry.info.skills if ":" in skill)
    yield from (SIGNS.get(op, op) for op in ops)
    yield from (SKILLS[skill] for skill in entry.info.skills if skill in SKILLS)


def minutes(questions: int) -> int:
    """About how long a drill takes."""
    return max(round(questions * _MINUTES_A_QUESTION), 1)


def begun(session: "Session") -> bool:
    """Has anything been answered, asked or skipped in this drill?"""
    return any(state.state != "open" or state.verdict or state.hints for state in session.states)
