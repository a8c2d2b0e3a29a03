"""Which mistake reproduces a wrong answer, and whether there is evidence enough to name it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.checking.advice import advice, both, either, whole
from tutor.checking.typed import Typed, reproduces, significant_digits
from tutor.checking.vocabulary import Vocabulary
from tutor.drill.question import DrillPart, GradientQuestion
from tutor.engine import Run
from tutor.mistakes.catalogue import Distance
from tutor.mistakes.classes import MistakeClass, agree, classes, pair_classes
from tutor.text import Message

DISTINCT_ENTRIES = 3
DIGITS = 3
SCALE_ENTRIES = 3
ONE_ENTRY_ENTRIES = 4
NAMED_AT_MOST = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A mistake that may be named: its id (`"a | b"` for two that fit equally), the line, and what to say."""

    id: str
    node: str
    message: Message


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
    found = _of_the_whole(words, answer.value, np.asarray(question.expected))
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
    return _of_the_whole(words, here, np.asarray(words.question.expected))


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


def _of_the_whole(words: Vocabulary, value: Any, right: Any) -> Found | None:
    """Mistakes that need no place: the sign, a square array turned, a factor, one entry."""
    node = words.question.line
    if value.shape != right.shape or not np.any(right):
        return None
    if agree(value, -right):
        return Found("sign", node, whole("sign", words))
    if right.ndim == 2 and right.shape[0] == right.shape[1] and agree(value, right.T):
        return Found("transposed", node, whole("transposed", words))
    nonzero = right != 0
    if np.count_nonzero(right) >= SCALE_ENTRIES and np.array_equal(nonzero, value != 0):
        factor = float(value[nonzero][0] / right[nonzero][0])
        if agree(value, factor * right):
            return Found("scale", node, whole("scale", words, factor=factor))
    off = np.argwhere(np.abs(value - right) > 1e-9 * np.max(np.abs(right)))
    if right.size >= ONE_ENTRY_ENTRIES and len(off) == 1:
        return Found("one-entry", node, whole("one-entry", words, place=", ".join(map(str, off[0].tolist()))))
    return None


def _produced(each: MistakeClass, run: Run) -> Any:
    return each.produce(run)


def _same(left: Any, right: Any) -> bool:
    return left is not None and right is not None and agree(np.asarray(left), np.asarray(right))
