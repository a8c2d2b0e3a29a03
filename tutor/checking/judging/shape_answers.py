"""Shape before value: `check_shape` judges a typed shape, `wrong_shape` an array or formula of another shape."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from tutor.checking.explaining.advice import advice
from tutor.checking.explaining.reproduction import Reproduction
from tutor.checking.explaining.single_edits import SingleEdit
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.typed_entries import Judgement, TypedAnswer, judge, typed_answer
from tutor.checking.verdict import Verdict
from tutor.engine.function_table import function_table
from tutor.expr import EvaluationError, ParseError, Span, Tree, evaluate, nearest_name, parse_shape, to_text, walk
from tutor.expr.result_sizes import MAX_ELEMENTS
from tutor.expr.spelling import shortened
from tutor.expr.tree import Binary, Name, Number
from tutor.mistakes.broadcast_slips import unsummed
from tutor.text import Message, msg

Shape = tuple[int, ...]
_LONGEST_TOGETHER = 12
_MOST_FACTORS = 4


def check_shape(scope: AnswerScope, text: str) -> Verdict:
    """The verdict on a shape; raises ParseError for what is none."""
    question = scope.question
    given = read_shape(scope, text)
    right = question.shape
    if given == right:
        return Verdict("right", msg("checking.right-shape", shape=right, symbol=question.symbol))
    factors = _one_product(text)
    if 2 <= len(factors) <= _MOST_FACTORS and given[0] <= MAX_ELEMENTS:
        apart: dict[str, object] = {"typed": shortened(text.strip()), "size": given[0], "axes": ", ".join(factors)}
        return Verdict("unreadable", msg("checking.shape-one-size", **apart), span=Span(0, len(text)))
    return _wrong_row(scope, given) if question.convention == "jacobian" else _wrong_like(scope, given)


def _wrong_like(scope: AnswerScope, given: Shape) -> Verdict:
    """A shape that is not the variable's own, where that is asked for."""
    question, variable = scope.question, scope.question.shape
    size = int(np.prod(variable))
    known: dict[str, object] = {"given": given, "right": variable, "wrt": question.wrt[0]}
    if given in ((1, size), (size,)) and len(variable) == 2 and variable != (1, size):
        if given == (1, size):
            return Verdict("right-but", msg("checking.shape-jacobian-form", **known), "shape:jacobian-form")
        return Verdict("wrong", msg("checking.shape-flat", **known))
    if given == variable[::-1]:
        return Verdict("wrong", msg("checking.shape-transposed", **known), "shape:transposed")
    held, wanted = int(np.prod(given)), size
    if held != wanted and held <= MAX_ELEMENTS:
        return Verdict("wrong", msg("checking.shape-holds", **known, held=held, size=wanted))
    return Verdict("wrong", msg("checking.shape-wrong", **known))


def _wrong_row(scope: AnswerScope, given: Shape) -> Verdict:
    """A shape that is not the row of a Jacobian: outputs are rows, inputs columns."""
    question, right = scope.question, scope.question.shape
    variable = scope.part.run.shapes[scope.graph.find(question.wrt[0])]
    size = int(np.prod(variable))
    known: dict[str, object] = {"given": given, "wrt": question.wrt[0], "variable": variable, "size": size}
    if given == variable:
        return Verdict("right-but", msg("checking.shape-shape-form", **known), "shape-form")
    if right == ():
        return Verdict("wrong", msg("checking.shape-row-number", **known))
    if given == right[::-1]:
        return Verdict("wrong", msg("checking.shape-row-turned", **known), "shape:transposed")
    if given == (size,):
        return Verdict("wrong", msg("checking.shape-row-flat", **known))
    return Verdict("wrong", msg("checking.shape-row-wrong", **known))


def read_shape(scope: AnswerScope, text: str) -> Shape:
    """A typed shape as numbers, size names filled in; raises ParseError."""
    sizes = scope.part.part.sizes
    shape = []
    for size in parse_shape(text):
        if isinstance(size, int):
            shape.append(size)
            continue
        together = _run_together(size, sizes) if isinstance(size, str) and size not in sizes else None
        if together is not None:
            shape.extend(together)
            continue
        names = [size] if isinstance(size, str) else [part.name for part in walk(size) if isinstance(part, Name)]
        for name in names:
            if name not in sizes:
                place = max(text.find(name), 0)
                near = nearest_name(name, frozenset(sizes))
                shown = near[0] if near else ", ".join(sizes) or "-"
                raise ParseError(
                    msg("checking.unknown-size", name=shortened(name), near=shown), Span(place, place + len(name))
                )
        value = sizes[size] if isinstance(size, str) else _evaluated(size, sizes)
        shape.append(int(value))
    return tuple(shape)


def _run_together(name: str, sizes: Mapping[str, int]) -> tuple[int, ...] | None:
    """`nxm` as two sizes, and `nm`, as mathematics writes a product, as one; None for anything else."""
    if len(name) > _LONGEST_TOGETHER:
        return None
    axes = re.split("[xX]", name)
    if len(axes) > 1 and all(axis in sizes or axis.isdecimal() for axis in axes):
        return tuple(sizes.get(axis) or int(axis) for axis in axes)
    ways = list(islice(_as_product(name, sizes), 2))
    return (ways[0],) if len(ways) == 1 else None


def _as_product(name: str, sizes: Mapping[str, int]) -> Iterator[int]:
    """The products that a name may be, read as the names of sizes one behind the other."""
    if not name:
        yield 1
    for each, size in sizes.items():
        if name.startswith(each):
            yield from (size * rest for rest in _as_product(name[len(each) :], sizes))


def _one_product(text: str) -> list[str]:
    """The factors of `3*2`, typed where a shape is asked; none for anything else."""
    pieces = parse_shape(text)
    if "," in text or len(pieces) != 1 or not isinstance(pieces[0], Binary):
        return []
    factors: list[str] = []
    left: list[Tree] = [pieces[0]]
    while left:
        part = left.pop()
        if isinstance(part, Binary) and part.op == "*":
            left += [part.right, part.left]
        elif isinstance(part, Name | Number):
            factors.append(to_text(part))
        else:
            return []
    return factors


def wrong_shape(scope: AnswerScope, answer: TypedAnswer, tolerance: float) -> Verdict:
    """The verdict on an answer of another shape than asked, named where the numbers are right."""
    question = scope.question
    given, right = tuple(np.shape(answer.value)), question.shape
    known: dict[str, object] = {"symbol": question.symbol, "right": right, "given": given, "like": _like(scope)}
    for mistake in unsummed(scope.part.run, question.target):
        wrong = np.asarray(mistake.produce(scope.part.run))
        if given == wrong.shape and Reproduction(typed_answer(answer.tree, answer.value)).gives(wrong):
            return Verdict("wrong-shape", advice(scope, mistake, sure=wrong.size > 1), mistake.id, mistake.node)
    if right == ():
        fits = np.size(answer.value) == 1 and _fits(answer.reshaped(()), question.expected, tolerance)
        asked = msg("checking.wants-a-number", **known)
        return Verdict("wrong-shape", asked, "keepdims", question.line) if fits else Verdict("wrong-shape", asked)
    if len(given) == 2 and given[::-1] == right:
        turned = [k for row in np.arange(int(np.prod(given))).reshape(given).T for k in row]
        flipped = TypedAnswer(answer.tree, np.transpose(answer.value), tuple(answer.entries[k] for k in turned))
        if _fits(flipped, question.expected, tolerance):
            return Verdict("wrong-shape", msg("checking.transposed", **known), "transposed", question.line)
        return Verdict("wrong-shape", msg("checking.shape-turned", **known))
    squeezed = [size for size in given if size != 1] == [size for size in right if size != 1]
    if squeezed and _fits(answer.reshaped(right), question.expected, tolerance):
        return Verdict("wrong-shape", msg("checking.keepdims", **known), "keepdims", question.line)
    if given == ():
        return Verdict("wrong-shape", msg("checking.wants-an-array", **known))
    return Verdict("wrong-shape", msg("checking.wrong-shape", **known))


def shape_misfit(scope: AnswerScope, error: EvaluationError, edit: SingleEdit | None = None) -> Verdict:
    """The verdict on a formula whose parts do not fit each other.

    What to turn is the learner's to find: the message asks; only when it happens again the `edit` tells.
    """
    question, reason = scope.question, error.message
    if reason.id.startswith("engine.matmul-inner-sizes"):
        reason = Message("checking.misfit-inner-sizes", reason.params)
    asked = Message(
        _asks(question.shape, reason, edit), {"reason": reason, "symbol": question.symbol, "right": question.shape}
    )
    if edit is None:
        return Verdict("wrong-shape", error.message if question.shape == () else asked, span=error.span)
    told = msg("checking.edit-and-advice", edit=edit.message, advice=reason)
    return Verdict("wrong-shape", asked, edit=edit.shown, span=error.span, told=told)


def _asks(right: Shape, reason: Message, edit: SingleEdit | None) -> str:
    """The id of what to ask: about a transpose, the order, the kind of product; of no known help, nothing."""
    helps = edit.message.id if edit is not None else ""
    if helps == "checking.edit-swapped":
        return "checking.misfit-order"
    if helps == "checking.edit-product" and edit is not None:
        return f"checking.misfit-{'elementwise' if edit.message.params['wanted'] == '*' else 'product'}"
    if not helps and _would_multiply(reason):
        return "checking.misfit-product"
    if not helps and reason.params.get("left") == reason.params.get("right") == right and right.count(1) == 1:
        return "checking.misfit-elementwise"  # two columns of the length that is asked for
    if helps in ("checking.edit-transpose-added", "checking.edit-transpose-dropped") or (
        not helps and reason.id == "checking.misfit-inner-sizes"
    ):
        return "checking.misfit"
    return "checking.misfit-shapes"


def _would_multiply(reason: Message) -> bool:
    """Did `*` stand between two matrices of which `@` would make a product?"""
    left, right = reason.params.get("left"), reason.params.get("right")
    if reason.id != "engine.shapes-do-not-broadcast" or reason.params.get("op") != "*":
        return False
    return isinstance(left, tuple) and isinstance(right, tuple) and left[-1] == right[max(len(right) - 2, 0)]


def _like(scope: AnswerScope) -> Message:
    """What the shape is like: the variable's own in the shape convention."""
    question = scope.question
    if question.elementwise:
        return msg("checking.like-variable", wrt=question.target.of or "")
    if len(question.wrt) > 1 and question.target.kind == "total":
        return msg("checking.like-several", names=list(question.wrt))
    if question.target.kind in ("jacobian", "local"):
        rows, columns = question.target.of or "", question.wrt[0]
        return msg("checking.like-jacobian", of=rows, wrt=columns)
    if question.convention == "jacobian":
        return msg("checking.like-row", wrt=question.wrt[0])
    return msg("checking.like-variable", wrt=question.wrt[0].partition("#")[0])


def _fits(answer: TypedAnswer, right: Any, tolerance: float) -> bool:
    return all(each in (Judgement.RIGHT, Judgement.CLOSE) for each in judge(answer, right, tolerance))


def _evaluated(size: Any, sizes: Any) -> float:
    return float(evaluate(size, sizes, function_table()))
