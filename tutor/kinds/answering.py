"""From typed text to a verdict, what is understood of it while it is being typed, and hints."""

from collections.abc import Mapping
from dataclasses import replace
from math import prod

import numpy as np

from tutor.checking.reading.typed_lines import check_letters
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, Question
from tutor.expr import EvaluationError, ParseError, decimal_commas
from tutor.kinds.kind import kind_of
from tutor.text import Message, msg


@np.errstate(all="ignore")  # typed numbers may be of any size: the terminal hears nothing of that
def check(drill: Drill, question: Question, text: str, earlier: Mapping[str, str] | None = None) -> Verdict:
    """The verdict on an answer; `earlier` holds the learner's other answers by question id, for blame.

    Never raises for anything typed: what cannot be read is a verdict too.
    """
    try:
        check_letters(text)
        verdict = kind_of(question).check(drill, question, text, dict(earlier or {}))
    except (ParseError, EvaluationError) as error:
        return Verdict("unreadable", error.message, span=error.span)
    # `0,5; 1,5` can be read, as a matrix: what was meant may be a column.
    commas = decimal_commas(text, prod(question.shape)) if verdict.kind == "wrong-shape" else None
    if commas is None:
        return verdict
    return replace(verdict, message=msg("checking.wrong-shape-by-commas", shape=verdict.message, commas=commas))


def missing(question: Question) -> Verdict:
    """The verdict on a question that a file of answers leaves out."""
    return Verdict("missing", msg("checking.missing", id=question.id))


@np.errstate(all="ignore")
def preview(drill: Drill, question: Question, text: str) -> Preview:
    """The text in mathematical notation with its shape and value, or what could not be read and where.

    It says nothing about right or wrong.
    """
    if not text.strip():
        return Preview()
    try:
        check_letters(text)
        return kind_of(question).preview(drill, question, text)
    except (ParseError, EvaluationError) as error:
        return Preview(message=error.message, span=error.span)


def hints(drill: Drill, question: Question) -> tuple[Message, ...]:
    """The rungs in order: the lesson's own hints first, then five of ours; the last is the answer."""
    own = (msg("checking.own-hint", text=text) for text in drill.lesson.hints.get(question.id, ()))
    return (*own, *kind_of(question).hints(drill, question))
