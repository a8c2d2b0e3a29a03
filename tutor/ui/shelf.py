"""What the course screen shows of lessons and learner, and how a lesson on it becomes a drill."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

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


class Standing(NamedTuple):
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


def counted(course: Course, marks: "Mapping[str, StoredMark]") -> tuple[int, int]:
    """How many lessons of the course are done, and how many begun, without a look at each of them."""
    known = [mark for id, mark in marks.items() if is_whole(course, id)]
    begun = sum(mark.in_progress for mark in known)
    return sum(mark.done and not mark.in_progress for mark in known), begun


def done_by_unit(course: Course, marks: "Mapping[str, StoredMark]") -> dict[str, int]:
    """How many lessons of each unit are done; units without any are left out."""
    done: dict[str, int] = {}
    for id, mark in marks.items():
        unit = course.unit_of(id)
        if unit is not None and id in unit.whole and mark.done and not mark.in_progress:
            done[unit.id] = done.get(unit.id, 0) + 1
    return done


def is_whole(course: Course, id: str) -> bool:
    """Whether the course has a lesson of this id, and it is not broken."""
    unit = course.unit_of(id)
    return unit is not None and id in unit.whole


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


def lesson_after(course: Course, id: str, marks: "Mapping[str, StoredMark]") -> Entry | None:
    """The next lesson that is not done: of the same unit, from `id` on and then from its start, else of the course."""
    ids = list(course.ids)
    place = ids.index(id) if id in course.ids else -1
    unit = course.unit_of(id)
    own = list(unit.ids) if unit is not None else []
    here = own.index(id) if id in own else -1
    for other in (*own[here + 1 :], *own[: max(here, 0)], *ids[place + 1 :], *ids[: max(place, 0)]):
        if other != id and is_whole(course, other) and not (other in marks and marks[other].done):
            return course.entry(other)
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
    return course.unit_of(id) if course is not None else None


def begun(session: "Session") -> bool:
    """Has anything been answered, asked or skipped in this drill?"""
    return any(state.state != "open" or state.verdict or state.hints for state in session.states)


def open_session(
    lesson: str, store: "Store", *, id: str | None = None, seed: int | None = None, afresh: bool = False
) -> "Session | tuple[Problem, ...] | Message":
    """The drill of a lesson (an id, or a path): where it was left, also at its end, or `afresh`; else what is wrong.

    `id` is by what the course that shows knows it, and under what its answers are kept.
    """
    from dataclasses import replace

    from tutor.kinds import load
    from tutor.learner.session import Session
    from tutor.lesson.course import LessonNotFoundError, find
    from tutor.lesson.problem import LessonError

    try:
        loaded = load(find(lesson))
        known = replace(loaded, id=id or loaded.id)
        done = None if afresh else Session.look_back(store, known, seed)
        session = done if done is not None else Session.open(store, known, seed=seed, afresh=afresh)
    except LessonError as error:
        return error.problems
    except LessonNotFoundError as error:
        return error.message
    if session.current is not None:
        session.preview("1 + 1")  # the first reading loads the grammar, which the first key should not wait for
    return session
