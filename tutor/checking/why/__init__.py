"""Why an answer is what it is, in three views: derived, with this drill's numbers, and measured at this very point."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias

from tutor.checking.hints import RUNGS, hints
from tutor.checking.why.derived import derived
from tutor.checking.why.filled import entries_filled
from tutor.checking.why.measured import measured
from tutor.checking.why.step import Step, View
from tutor.drill.question import Drill, GradientQuestion, Question
from tutor.text import Message, msg

Name: TypeAlias = Literal["derivation", "numbers", "check"]

__all__ = ["VIEWS", "Name", "Step", "View", "gives_away", "is_empty", "why", "withheld"]

_NOTHING = ("checking.why-no-derivation", "checking.why-no-check")
_ASKS_HOW = frozenset({"formula", "entry", "derive", "rule", "local", "jacobian"})
"""Kinds whose answer is what the derivation of a gradient says."""


def _with_numbers(drill: Drill, question: Question) -> View:
    """The rule, in words, in names and with numbers: the ladder of hints from its second rung to the answer."""
    *ladder, answer = hints(drill, question)[-RUNGS:]
    steps = entries_filled(drill.part_of(question), question) if isinstance(question, GradientQuestion) else ()
    return (*ladder[1:], *steps, answer)


VIEWS: Mapping[Name, Callable[[Drill, Question], View]] = {
    "derivation": derived,
    "numbers": _with_numbers,
    "check": measured,
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
    if question.kind == "shape" or other.part != question.part or other.kind not in _ASKS_HOW or other is question:
        return False
    mine = {name.partition("#")[0] for name in question.wrt}
    theirs = {name.partition("#")[0] for name in other.wrt}
    return bool(mine & theirs) and (question.of is None or other.of is None or question.of == other.of)


def withheld(other: Question) -> Message:
    """What to say in place of a view that would give the answer to another question away."""
    return msg("checking.why-later", prompt=other.prompt, symbol=other.symbol)
