"""Why an answer is what it is, in three views: derived, with this drill's numbers, and measured at this very point."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias

from tutor.checking.why.step import Step, View
from tutor.drill.question import Drill, Entered, Question
from tutor.engine import EngineError
from tutor.kinds.answering import hints
from tutor.kinds.kind import kind_of
from tutor.text import Message, msg

Name: TypeAlias = Literal["derivation", "numbers", "check"]

__all__ = ["VIEWS", "Name", "Step", "View", "gives_away", "is_empty", "why", "withheld"]

RUNGS = 5
_NOTHING = ("checking.why-no-derivation", "checking.why-no-check")


def _derived(drill: Drill, question: Question) -> View:
    """How the answer comes about, in names; where there is nothing to derive, a sentence that says so."""
    return tuple(kind_of(question).derivation(drill, question)) or (msg("checking.why-no-derivation"),)


def _with_numbers(drill: Drill, question: Question) -> View:
    """The rule, in words, in names and with numbers: the ladder of hints from its second rung to the answer."""
    *ladder, answer = hints(drill, question)[-RUNGS:]
    return (*ladder[1:], *kind_of(question).filled(drill.part_of(question), question), answer)


def _measured(drill: Drill, question: Question) -> View:
    """A row for each of the first entries: the two values, the slope between them, the exact one."""
    try:
        rows = tuple(kind_of(question).measured(drill.part_of(question), question))
    except EngineError:
        rows = ()
    return rows or (msg("checking.why-no-check"),)


VIEWS: Mapping[Name, Callable[[Drill, Question], View]] = {
    "derivation": _derived,
    "numbers": _with_numbers,
    "check": _measured,
}
"""The views in the order in which they are shown; the first needs SymPy and may take a second."""


def why(drill: Drill, question: Question, view: Name) -> View:
    """One view of a question whose answer is known; a view that has nothing to show says so."""
    return VIEWS[view](drill, question)


def is_empty(view: View) -> bool:
    """Does a view say no more than that it has nothing to show?"""
    return all(isinstance(each, Message) and each.id in _NOTHING for each in view)


def gives_away(question: Question, open_: Iterable[Question], view: Name) -> Question | None:
    """A question still to be answered whose answer this view would tell; None where there is none."""
    if view == "check":
        return None
    return next((each for each in open_ if _is_told(question, each)), None)


def _is_told(question: Question, other: Question) -> bool:
    if question.entered is Entered.SHAPE or other.part != question.part or other is question:
        return False
    if not kind_of(other).asks_how:
        return False
    mine = {name.partition("#")[0] for name in question.wrt}
    theirs = {name.partition("#")[0] for name in other.wrt}
    return bool(mine & theirs) and (question.of is None or other.of is None or question.of == other.of)


def withheld(other: Question) -> Message:
    """What to say in place of a view that would give the answer to another question away."""
    return msg("checking.why-later", prompt=other.prompt, symbol=other.symbol)
