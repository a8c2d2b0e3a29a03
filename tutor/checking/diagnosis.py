"""Which mistake reproduces a wrong answer, and whether there is evidence enough to name it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tutor.checking.advice import advice, both, either
from tutor.checking.found import Found
from tutor.checking.typed import Typed, reproduced, reproduces, significant_digits
from tutor.checking.vocabulary import Vocabulary
from tutor.checking.whole import explain_whole, same_entries
from tutor.drill.question import DrillPart, GradientQuestion
from tutor.engine import Run
from tutor.mistakes.catalogue import Distance
from tutor.mistakes.classes import MistakeClass, agree, classes, pair_classes

DISTINCT_ENTRIES = 3
DIGITS = 3
NAMED_AT_MOST = 2


def explain(words: Vocabulary, answer: Typed, moved: Sequence[Any] | None = None) -> Found | None:
    """The mistake behind wrong numbers: at the asked node and its fork, then above, then of the whole answer.

    `moved` are the values of an expression of names at the near runs: a mistake must give these too.
    """
    question, part = words.question, words.part
    strong = moved is not None or enough_evidence(answer)
    applying = question_classes(part, question)
    for distance in Distance if strong else (Distance.ASKED,):
        fitting = [
            each
            for each in applying
            if each.distance == distance
            and reproduces(answer, _produced(each, part.run))
            and (moved is None or all(map(_same, moved, (_produced(each, run) for run in part.runs.near))))
        ]
        if fitting:
            return _named(words, fitting, sure=strong and len(fitting) == 1)
    elsewhere = [] if moved is None else list(zip(part.runs.near, moved, strict=True))
    found = explain_whole(words, lambda wrong: np.array(reproduced(answer, wrong)), answer.value, elsewhere)
    return found if found is not None or not strong else _two_at_once(words, answer, moved)


def explain_formula(words: Vocabulary, value: Callable[[Run], Any], here: Any) -> Found | None:
    """The mistake behind a wrong formula: it must give the formula's value at the drill's and at all fresh numbers."""
    part = words.part
    fitting = [
        each
        for each in question_classes(part, words.question)
        if _same(_produced(each, part.run), here)
        and all(_same(_produced(each, run), value(run)) for run in part.runs.fresh)
    ]
    nearest = [each for each in fitting if each.distance == min(other.distance for other in fitting)]
    if nearest:
        return _named(words, nearest, sure=len(nearest) == 1)
    elsewhere = [(run, value(run)) for run in part.runs.fresh]
    return explain_whole(words, lambda wrong: same_entries(here, wrong), here, elsewhere)


def _two_at_once(words: Vocabulary, answer: Typed, moved: Sequence[Any] | None) -> Found | None:
    """Two slips at the asked place, if just one pair of them gives these numbers."""
    part, target = words.part, words.question.target
    if target.kind not in ("downstream", "total", "upstream") or len(target.wrt) != 1:
        return None
    fitting = [
        each
        for each in pair_classes(part.run, part.runs.near, target)
        if reproduces(answer, _produced(each, part.run))
        and (moved is None or all(map(_same, moved, (_produced(each, run) for run in part.runs.near))))
    ]
    if len(fitting) != 1:
        return None
    return Found(fitting[0].id, fitting[0].first.node, both(words, fitting[0].first))


def question_classes(part: DrillPart, question: GradientQuestion) -> list[MistakeClass]:
    """The classes of mistakes that apply to a question; worked out once a question."""
    known: dict[str, list[MistakeClass]] = part.__dict__.setdefault("_classes", {})
    if question.id not in known:
        known[question.id] = classes(part.run, part.runs.near, question.target)
    return known[question.id]


def enough_evidence(answer: Typed) -> bool:
    """Can a slip far away be told from chance? Three distinct nonzero entries, or a scalar of three digits."""
    if len(answer.entries) == 1:
        return significant_digits(answer) >= DIGITS
    return len({entry.value for entry in answer.entries if entry.value}) >= DISTINCT_ENTRIES


def _named(words: Vocabulary, fitting: Sequence[MistakeClass], *, sure: bool) -> Found | None:
    if len(fitting) > NAMED_AT_MOST:
        return None
    first = fitting[0].first
    texts = [advice(words, each.first, sure=sure) for each in fitting]
    return Found(" | ".join(each.id for each in fitting), first.node, texts[0] if len(texts) == 1 else either(*texts))


def _produced(each: MistakeClass, run: Run) -> Any:
    return each.produce(run)


def _same(left: Any, right: Any) -> bool:
    return left is not None and right is not None and agree(np.asarray(left), np.asarray(right))
