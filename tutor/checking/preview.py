"""What was understood of a text while it is being typed; says nothing about right or wrong."""

import numpy as np

from tutor.checking.reading import read, value_at
from tutor.checking.shapes import read_shape
from tutor.checking.tasks import KINDS
from tutor.checking.tasks.lines import check_letters
from tutor.checking.verdict import Preview
from tutor.checking.vocabulary import Vocabulary
from tutor.drill.question import Drill, GradientQuestion, Question, TaskQuestion
from tutor.expr import EvaluationError, ParseError, to_unicode


@np.errstate(all="ignore")
def preview(drill: Drill, question: Question, text: str) -> Preview:
    """The text in mathematical notation with its shape and value, or what could not be read and where."""
    if not text.strip():
        return Preview()
    shown = ""
    try:
        check_letters(text)
        if not isinstance(question, GradientQuestion):
            assert isinstance(question, TaskQuestion)
            return KINDS[question.kind].preview(drill, question, text)
        words = Vocabulary(drill, question)
        if question.kind == "shape":
            shape = read_shape(words, text)
            return Preview(str(shape), shape)
        tree = read(words, text)
        shown = to_unicode(tree)
        value = value_at(words, tree, words.part.run)
    except (ParseError, EvaluationError) as error:
        return Preview(shown, message=error.message, span=error.span)
    return Preview(shown, tuple(np.shape(value)), value)
