"""An answer that is right given the learner's own earlier answer leads back to that one."""

from collections.abc import Mapping

import numpy as np

from tutor.checking.reading import read, value_at
from tutor.checking.typed import Judgement, Typed, judge, typed_at_size
from tutor.checking.verdict import Verdict
from tutor.checking.vocabulary import Vocabulary
from tutor.drill.question import GradientQuestion, totals_of
from tutor.expr import EvaluationError, ParseError
from tutor.mistakes.target import converted
from tutor.text import msg


def blame(words: Vocabulary, answer: Typed, earlier: Mapping[str, str]) -> Verdict | None:
    """The verdict that points back, if a wrong upstream of the learner's own explains a downstream answer."""
    question, run = words.question, words.part.run
    if question.target.kind != "downstream" or question.target.of is None:
        return None
    upstream = run.total(words.graph.find(question.target.of))
    for source in reversed(words.drill.before(question)):
        text = earlier.get(source.id)
        if text is None or not isinstance(source, GradientQuestion):
            continue
        if question.target.of not in totals_of(words.graph, source):
            continue
        own = _numbers(words, source, text)
        if own is None or own.value.shape != upstream.shape or Judgement.WRONG not in judge(own, upstream, 0.0):
            continue
        follows = converted(run.vjp_along(question.target.chain(words.graph), own.value), question.convention)
        if follows.shape == answer.value.shape and Judgement.WRONG not in judge(answer, follows, 0.0):
            return Verdict("wrong", msg("checking.follows-from", id=source.id, line=question.of), None, source.line)
    return None


def _numbers(words: Vocabulary, source: GradientQuestion, text: str) -> Typed | None:
    before = Vocabulary(words.drill, source)
    try:
        tree = read(before, text)
        return typed_at_size(tree, value_at(before, tree, words.part.run), {np.size(source.expected)})
    except (ParseError, EvaluationError):
        return None
