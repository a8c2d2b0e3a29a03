"""Which mistake reproduces a wrong answer, and whether there is evidence enough to name it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from tutor.checking.explaining.advice import advice, both_slips, either_mistake, whole_answer_advice
from tutor.checking.explaining.diagnosis import Diagnosis
from tutor.checking.explaining.reproduction import (
    STATED_DIGITS,
    STRAYED,
    STRAYED_AT_MOST,
    Reproduction,
    enough_evidence,
)
from tutor.checking.explaining.whole_answer_slips import explain_whole_answer, same_entries
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.typed_entries import TypedAnswer, significant_digits, too_coarse
from tutor.drill.question import DrillPart, GradientQuestion
from tutor.engine import Run
from tutor.mistakes.catalogue import mistakes
from tutor.mistakes.mistake import Distance, Mistake, Rank
from tutor.mistakes.mistake_classes import (
    MistakeClass,
    agree_to_rounding,
    classes_of_mistakes,
    pair_classes,
    produced,
    separated_by_constants,
)
from tutor.mistakes.slip_pairs import slip_pairs
from tutor.mistakes.target import right_answer

NAMED_AT_MOST = 2
CONTRIVED = frozenset({"added", "times-z", "max:value-as-slope", "min:value-as-slope"})

T = TypeVar("T")


def search_mistake(
    scope: AnswerScope, answer: TypedAnswer, moved: Sequence[Any] | None = None, *, carried: bool = True
) -> Diagnosis | None:
    """The mistake behind wrong numbers: at the asked node and its fork, then above, then of the whole answer.

    `moved` are the values of an expression of names at the near runs: a mistake must give these too. `carried`: may
    the numbers have been rounded on the way, or do the digits typed alone count?
    """
    strong = moved is not None or enough_evidence(answer)
    held = Reproduction(answer, carried=carried)
    fitting = _fitting(scope, held, moved, strong=strong)
    if not strong:
        fitting = _simpler(fitting)
    turned = _turned_or_another(scope, held, fitting) if len(answer.entries) == 1 and moved is None else None
    if turned is not None:
        return turned
    # Of more that fit an array none is likelier for lying near: all of them bear out all of its entries.
    undecided = moved is None and strong and len(answer.entries) > 1 and len(fitting) > NAMED_AT_MOST
    sure = _is_sure(scope, answer, fitting, moved)
    named = _named(scope, fitting, far=strong, sure=sure) if fitting and not undecided else None
    if named is not None or (fitting and not strong):
        return named

    def elsewhere() -> Iterable[tuple[Run, Any]]:
        return () if moved is None else zip(scope.part.runs.perturbed, moved, strict=True)

    diagnosis = explain_whole_answer(scope, held.same, answer.value, elsewhere)
    if fitting:
        return _factor_alone(diagnosis)
    if diagnosis is not None or not (strong and _is_sure(scope, answer, (), moved)):
        return diagnosis
    return _two_at_once(scope, held if len(answer.entries) > 1 else Reproduction(answer, carried=False), moved)


def _turned_or_another(scope: AnswerScope, held: Reproduction, fitting: Sequence[MistakeClass]) -> Diagnosis | None:
    """Both, where one number is minus the right one and another mistake's too, by chance: -1 for 1, of an input -1."""
    part, target = scope.part, scope.question.target
    if not np.any(scope.question.expected) or not held.gives(-np.asarray(scope.question.expected)):
        return None
    values = [each for each in question_classes(part, scope.question) if each.id == "value"]
    offered = [
        one
        for each in fitting or [each for each in values if held.gives(_produced(each, part.run))]
        for one in each.explanations
        if not all(_same(_produced(each, run), -np.asarray(right_answer(run, target))) for run in part.runs.perturbed)
    ]
    if len(offered) != 1:
        return None
    sign = whole_answer_advice("sign", scope, sure=False)
    message = either_mistake(advice(scope, offered[0], sure=False), sign)
    return Diagnosis(f"{offered[0].id} | sign", scope.question.line, message)


def _is_sure(
    scope: AnswerScope, answer: TypedAnswer, fitting: Sequence[MistakeClass], moved: Sequence[Any] | None
) -> bool:
    """May it be stated? Of one number only what gives all of at least four digits: else chance may have done it."""
    if moved is not None:
        return True
    if len(answer.entries) > 1:
        return enough_evidence(answer)
    by_digits = Reproduction(answer, carried=False)
    return significant_digits(answer) >= STATED_DIGITS and all(
        by_digits.gives(_produced(each, scope.part.run)) for each in fitting
    )


def _factor_alone(diagnosis: Diagnosis | None) -> Diagnosis | None:
    """Of a factor that many a mistake leaves behind, as a ½ lost in a square or a mean, which factor it is."""
    return replace(diagnosis, id=None, node=None) if diagnosis is not None and diagnosis.id == "scale" else None


def _simpler(fitting: list[MistakeClass]) -> list[MistakeClass]:
    """Of a short number at a fork: what was done with the branches, without what must be done to one of them first."""
    if not any(each.first.rank == Rank.FORK for each in fitting):
        return fitting
    return [each for each in fitting if each.id not in CONTRIVED]


def search_slip(scope: AnswerScope, answer: TypedAnswer) -> Diagnosis | None:
    """The slip that gives these numbers, which as a rounding have too few digits; nothing about the whole answer.

    With evidence it is stated; a number that says little is asked about where a slip at the asked place gives it.
    """
    strong = enough_evidence(answer)
    if not strong and not too_coarse(answer, scope.question.expected):
        return None
    fitting = _fitting(scope, Reproduction(answer, carried=False), None, strong=strong)
    fitting = fitting if strong else _simpler(fitting)
    return _named(scope, fitting, far=strong, sure=_is_sure(scope, answer, fitting, None)) if fitting else None


def is_some_slips(scope: AnswerScope, answer: TypedAnswer) -> bool:
    """Is there a mistake, however far above, that gives these very digits?"""
    held = Reproduction(answer, carried=False)
    known = _comparable_classes(scope.part, scope.question)
    return held.shape == scope.question.shape and bool(np.any(np.all(held.fitting(known.rows), axis=1)))


def _fitting(
    scope: AnswerScope, held: Reproduction, moved: Sequence[Any] | None, *, strong: bool
) -> list[MistakeClass]:
    """The classes that give the answer, those at the asked node and its fork first; far ones on evidence alone.

    None where the right answer, rounded on the way, may have been meant as well.
    """
    part = scope.part
    right = np.asarray(scope.question.expected)
    if held.shape != right.shape:
        return []
    known = _comparable_classes(part, scope.question)
    rows = known.rows if strong else known.rows[: known.asked]
    if not (held.carried and strong and right.size > 1):
        found = held.closest(rows)
        if len(found) and held.carried and held.gives(right):
            found = []
    else:
        # Where terms cancel rounding does more than it does to each of them: how much, runs that are rounded tell.
        near = held.near(known.rows_and_right)
        spread = _strayed(part, scope.question, known, near, held.digits)
        found = [near[k] for k in held.closest(known.rows_and_right[near], spread)]
        found = [] if len(rows) in found else found
    return [
        each
        for each in (known.classes[k] for k in found)
        if moved is None or all(map(_same, moved, (_produced(each, run) for run in part.runs.perturbed)))
    ]


def search_mistake_of_formula(scope: AnswerScope, value: Callable[[Run], Any], here: Any) -> Diagnosis | None:
    """The mistake behind a wrong formula: it must give the formula's value at the drill's and at all fresh numbers."""
    part = scope.part
    likely = [each for each in question_classes(part, scope.question) if _same(_produced(each, part.run), here)]
    # With constants moved, members of a class go ways of their own.
    fitting = [
        MistakeClass(members, tuple(one for one in members if one in each.apart))
        for each in likely
        if (members := tuple(one for one in each.members if _gives(one, value, part.runs.resampled)))
    ]
    named = _named(scope, fitting, far=True, sure=True) if fitting else None
    if named is not None:
        return named

    def elsewhere() -> Iterable[tuple[Run, Any]]:
        return ((run, value(run)) for run in part.runs.resampled)

    diagnosis = explain_whole_answer(scope, lambda wrong: same_entries(here, wrong), here, elsewhere)
    return _factor_alone(diagnosis) if fitting else diagnosis


def _two_at_once(scope: AnswerScope, held: Reproduction, moved: Sequence[Any] | None) -> Diagnosis | None:
    """Two slips at the asked place, if just one pair of them gives these numbers."""
    part, target = scope.part, scope.question.target
    if target.kind not in ("downstream", "total", "upstream") or len(target.wrt) != 1:
        return None
    pairs, rows = _pairs_here(part, scope.question)
    here = [pairs[k] for k in held.closest(rows)]
    fitting = [
        each
        for each in pair_classes(here, part.run, part.runs.perturbed, target)
        if moved is None or all(map(_same, moved, (_produced(each, run) for run in part.runs.perturbed)))
    ]
    if len(fitting) != 1:
        return None
    return Diagnosis(fitting[0].id, fitting[0].first.node, both_slips(scope, fitting[0].first))


def _pairs_here(part: DrillPart, question: GradientQuestion) -> tuple[list[Mistake], NDArray[np.float64]]:
    """Every pair of slips with what it gives at the drill's numbers, row by row; worked out once a question."""
    known: dict[str, tuple[list[Mistake], NDArray[np.float64]]] = part.__dict__.setdefault("_pairs", {})
    if question.id not in known:
        made = slip_pairs(mistakes(part.run, question.target), question.target)
        known[question.id] = _stacked(question, made, [produced(each, part.run) for each in made])
    return known[question.id]


class _Comparable(NamedTuple):
    """Classes whose answers have the shape asked for, and these; the first `asked` of them are at the asked place."""

    classes: list[MistakeClass]
    rows_and_right: NDArray[np.float64]
    asked: int

    @property
    def rows(self) -> NDArray[np.float64]:
        """What the classes give, row by row."""
        return self.rows_and_right[:-1]


def _comparable_classes(part: DrillPart, question: GradientQuestion) -> _Comparable:
    """The classes with what they give at the drill's numbers; worked out once a question."""
    known: dict[str, _Comparable] = part.__dict__.setdefault("_comparable", {})
    if question.id not in known:
        nearest_first = sorted(question_classes(part, question), key=lambda each: each.distance)
        classes, rows = _stacked(question, nearest_first, [_produced(each, part.run) for each in nearest_first])
        asked = sum(each.distance == Distance.ASKED for each in classes)
        known[question.id] = _Comparable(classes, np.vstack([rows, np.ravel(question.expected)]), asked)
    return known[question.id]


def _strayed(
    part: DrillPart, question: GradientQuestion, comparable: _Comparable, which: Sequence[int], digits: int
) -> NDArray[np.float64]:
    """How far carried rounding leads from what these classes give, on average; worked out once for each of them."""
    known: dict[tuple[str, int, int], NDArray[np.float64]] = part.__dict__.setdefault("_strayed", {})
    for k in which:
        if (question.id, digits, k) not in known:
            row = comparable.rows_and_right[k]
            produce = comparable.classes[k].produce if k < len(comparable.classes) else _right(question)
            made = [produce(run) for run in part.runs.rounded(digits)]
            off = [np.ravel(each) - row for each in made if each is not None and np.size(each) == row.size]
            mean = np.sqrt(np.mean(np.square(off), axis=0)) if off else np.zeros_like(row)
            known[question.id, digits, k] = np.minimum(mean, STRAYED_AT_MOST / STRAYED * np.max(np.abs(row)))
    return np.array([known[question.id, digits, k] for k in which]).reshape(len(which), question.expected.size)


def _right(question: GradientQuestion) -> Callable[[Run], Any]:
    return lambda run: right_answer(run, question.target)


def _stacked(
    question: GradientQuestion, made: Sequence[T], given: Sequence[Any]
) -> tuple[list[T], NDArray[np.float64]]:
    """Those whose answer has the shape asked for, and these answers as rows."""
    shape = np.shape(question.expected)
    kept = [k for k, wrong in enumerate(given) if wrong is not None and np.shape(wrong) == shape]
    rows = np.array([np.ravel(given[k]) for k in kept], dtype=float)
    return [made[k] for k in kept], rows.reshape(len(kept), question.expected.size)


def question_classes(part: DrillPart, question: GradientQuestion) -> list[MistakeClass]:
    """The classes of mistakes that apply to a question; worked out once a question."""
    known: dict[str, list[MistakeClass]] = part.__dict__.setdefault("_classes", {})
    if question.id not in known:
        found = classes_of_mistakes(part.run, part.runs.perturbed, question.target)
        known[question.id] = [
            separated_by_constants(each, part.runs.with_constants_perturbed) if each.lost else each for each in found
        ]
    return known[question.id]


def _named(scope: AnswerScope, fitting: Sequence[MistakeClass], *, far: bool, sure: bool) -> Diagnosis | None:
    """One explanation is stated, or asked about where chance could have done it; of several, two at most are offered.

    What lies far from the asked place takes evidence (`far`).
    Where more classes fit, those at the asked place are meant before those far from it.
    """
    if len(fitting) > NAMED_AT_MOST:
        fitting = [each for each in fitting if each.distance == Distance.ASKED]
    offered = [(each, one) for each in fitting for one in each.explanations if far or one.distance == Distance.ASKED]
    if not 1 <= len(offered) <= NAMED_AT_MOST:
        return None
    # Of slips at several lines that give the same nobody can know where it was: ask, and point at the question.
    if len(offered) == 1:
        only, one = offered[0]
        node = one.node if len(only.lines) == 1 else scope.question.line
        return Diagnosis(one.id, node, advice(scope, one, sure=sure and len(only.lines) == 1))
    apart = len({one.node for _, one in offered}) > 1
    node = scope.question.line if apart else offered[0][1].node
    texts = [advice(scope, one, sure=False, at_line=apart and len(each.lines_of(one)) == 1) for each, one in offered]
    return Diagnosis(" | ".join(one.id for _, one in offered), node, either_mistake(*texts))


def _gives(mistake: Mistake, value: Callable[[Run], Any], runs: Sequence[Run]) -> bool:
    return all(_same(produced(mistake, run), value(run)) for run in runs)


def _produced(each: MistakeClass, run: Run) -> Any:
    return each.produce(run)


def _same(left: Any, right: Any) -> bool:
    return left is not None and right is not None and agree_to_rounding(np.asarray(left), np.asarray(right))
