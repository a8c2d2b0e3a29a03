"""Shape before value: questions about shapes, and advice where an answer has the wrong one."""

from typing import Any

import numpy as np

from tutor.checking.advice import advice
from tutor.checking.edits import Edit
from tutor.checking.typed import Judgement, Typed, judge, reproduces, typed
from tutor.checking.verdict import Verdict
from tutor.checking.vocabulary import Vocabulary
from tutor.expr import EvaluationError, ParseError, Span, evaluate, nearest, parse_shape, walk
from tutor.expr.tree import Name
from tutor.mistakes.broadcasting import unsummed
from tutor.text import Message, msg

Shape = tuple[int, ...]


def check_shape(words: Vocabulary, text: str) -> Verdict:
    """The verdict on a shape; raises ParseError for what is none."""
    question = words.question
    given = read_shape(words, text)
    right = question.shape
    if given == right:
        return Verdict("right", msg("checking.right-shape", shape=right, symbol=question.symbol))
    variable = words.part.run.shapes[words.graph.find(question.wrt[0])]
    known: dict[str, object] = {"given": given, "right": variable, "wrt": question.wrt[0]}
    size = int(np.prod(variable))
    if (
        question.convention == "shape"
        and given in ((1, size), (size,))
        and len(variable) == 2
        and variable != (1, size)
    ):
        if given == (1, size):
            return Verdict("right-but", msg("checking.shape-jacobian-form", **known), "shape:jacobian-form")
        return Verdict("wrong", msg("checking.shape-flat", **known))
    if question.convention == "jacobian" and given == variable:
        return Verdict("right-but", msg("checking.shape-shape-form", size=size, **known), "shape-form")
    if given == right[::-1]:
        return Verdict("wrong", msg("checking.shape-transposed", **known), "shape:transposed")
    return Verdict("wrong", msg("checking.shape-wrong", **known))


def read_shape(words: Vocabulary, text: str) -> Shape:
    """A typed shape as numbers, size names filled in; raises ParseError."""
    sizes = words.part.part.sizes
    shape = []
    for size in parse_shape(text):
        if isinstance(size, int):
            shape.append(size)
            continue
        names = [size] if isinstance(size, str) else [part.name for part in walk(size) if isinstance(part, Name)]
        for name in names:
            if name not in sizes:
                place = max(text.find(name), 0)
                near = nearest(name, frozenset(sizes))
                shown = near[0] if near else ", ".join(sizes) or "-"
                raise ParseError(msg("checking.unknown-size", name=name, near=shown), Span(place, place + len(name)))
        value = sizes[size] if isinstance(size, str) else _evaluated(size, sizes)
        shape.append(int(value))
    return tuple(shape)


def wrong_shape(words: Vocabulary, answer: Typed, tolerance: float) -> Verdict:
    """The verdict on an answer of another shape than asked, named where the numbers are right."""
    question = words.question
    given, right = tuple(np.shape(answer.value)), question.shape
    known: dict[str, object] = {"symbol": question.symbol, "right": right, "given": given, "like": _like(words)}
    for mistake in unsummed(words.part.run, question.target):
        wrong = np.asarray(mistake.produce(words.part.run))
        if given == wrong.shape and reproduces(typed(answer.tree, answer.value), wrong):
            return Verdict("wrong-shape", advice(words, mistake, sure=True), mistake.id, mistake.node)
    if right == ():
        fits = np.size(answer.value) == 1 and _fits(answer.reshaped(()), question.expected, tolerance)
        asked = msg("checking.wants-a-number", **known)
        return Verdict("wrong-shape", asked, "keepdims", question.line) if fits else Verdict("wrong-shape", asked)
    if len(given) == 2 and given[::-1] == right:
        turned = [k for row in np.arange(int(np.prod(given))).reshape(given).T for k in row]
        flipped = Typed(answer.tree, np.transpose(answer.value), tuple(answer.entries[k] for k in turned))
        if _fits(flipped, question.expected, tolerance):
            return Verdict("wrong-shape", msg("checking.transposed", **known), "transposed", question.line)
        return Verdict("wrong-shape", msg("checking.shape-turned", **known))
    squeezed = [size for size in given if size != 1] == [size for size in right if size != 1]
    if squeezed and _fits(answer.reshaped(right), question.expected, tolerance):
        return Verdict("wrong-shape", msg("checking.keepdims", **known), "keepdims", question.line)
    if given == ():
        return Verdict("wrong-shape", msg("checking.wants-an-array", **known))
    return Verdict("wrong-shape", msg("checking.wrong-shape", **known))


def misfit(words: Vocabulary, error: EvaluationError, edit: Edit | None = None) -> Verdict:
    """The verdict on a formula whose parts do not fit each other: which of them needs a turn?

    Which factor to turn is the learner's to find: the message asks; only when it happens again the `edit` tells.
    """
    question, reason = words.question, error.message
    if reason.id.startswith("engine.matmul-inner-sizes"):
        reason = Message("checking.misfit-inner-sizes", reason.params)
    swapped = edit is not None and edit.message.id == "checking.edit-swapped"
    known: dict[str, object] = {"reason": reason, "symbol": question.symbol, "right": question.shape}
    asked = msg("checking.misfit-order" if swapped else "checking.misfit", **known)
    if edit is None:
        return Verdict("wrong-shape", error.message if question.shape == () else asked, span=error.span)
    told = msg("checking.edit-and-advice", edit=edit.message, advice=reason)
    return Verdict("wrong-shape", asked, edit=edit.shown, span=error.span, told=told)


def _like(words: Vocabulary) -> Message:
    """What the shape is like: the variable's own in the shape convention."""
    question = words.question
    if question.elementwise:
        return msg("checking.like-variable", wrt=question.target.of or "")
    if question.kind == "jacobian" or question.target.kind == "local":
        rows, columns = question.target.of or "", question.wrt[0]
        return msg("checking.like-jacobian", of=rows, wrt=columns)
    if question.convention == "jacobian":
        return msg("checking.like-row", wrt=question.wrt[0])
    return msg("checking.like-variable", wrt=question.wrt[0].partition("#")[0])


def _fits(answer: Typed, right: Any, tolerance: float) -> bool:
    return all(each in (Judgement.RIGHT, Judgement.CLOSE) for each in judge(answer, right, tolerance))


def _evaluated(size: Any, sizes: Any) -> float:
    from tutor.engine.functions import functions

    return float(evaluate(size, sizes, functions()))
