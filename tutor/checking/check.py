"""From typed text to a verdict: read it, then convention and shape, then value, then why it is wrong."""

from collections.abc import Mapping
from dataclasses import replace
from math import prod

import numpy as np

from tutor.checking import formulas, numbers, shapes
from tutor.checking.reading import read
from tutor.checking.tasks import KINDS
from tutor.checking.tasks.lines import check_letters
from tutor.checking.verdict import Verdict
from tutor.checking.vocabulary import Vocabulary
from tutor.drill.question import Drill, GradientQuestion, Question, TaskQuestion
from tutor.expr import EvaluationError, ParseError, decimal_commas
from tutor.text import msg


@np.errstate(all="ignore")  # typed numbers may be of any size: the terminal hears nothing of that
def check(drill: Drill, question: Question, text: str, earlier: Mapping[str, str] | None = None) -> Verdict:
    """The verdict on an answer; `earlier` holds the learner's other answers by question id, for blame.

    Never raises for anything typed: what cannot be read is a verdict too.
    """
    verdict = _verdict(drill, question, text, earlier)
    # `0,5; 1,5` can be read, as a matrix: what was meant may be a column.
    commas = decimal_commas(text, prod(question.shape)) if verdict.kind == "wrong-shape" else None
    if commas is None:
        return verdict
    return replace(verdict, message=msg("checking.wrong-shape-by-commas", shape=verdict.message, commas=commas))


def _verdict(drill: Drill, question: Question, text: str, earlier: Mapping[str, str] | None) -> Verdict:
    try:
        check_letters(text)
        if not isinstance(question, GradientQuestion):
            assert isinstance(question, TaskQuestion)
            return KINDS[question.kind].check(drill, question, text)
        words = Vocabulary(drill, question)
        if question.kind == "shape":
            return shapes.check_shape(words, text)
        tree = read(words, text)
        if question.kind == "formula":
            return formulas.check_formula(words, tree)
        return numbers.check_numbers(words, tree, dict(earlier or {}))
    except (ParseError, EvaluationError) as error:
        return Verdict("unreadable", error.message, span=error.span)


def missing(question: Question) -> Verdict:
    """The verdict on a question that a file of answers leaves out."""
    return Verdict("missing", msg("checking.missing", id=question.id))
