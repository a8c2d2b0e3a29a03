"""Answers to `decompose`: lines of one op each, with any names, that together are the formula."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tutor.checking.agreement import close
from tutor.checking.tasks.lines import TypedLine, in_line, split_lines
from tutor.checking.tried import tried
from tutor.checking.verdict import UNFINISHED, Preview, Verdict
from tutor.drill.question import Drill, DrillPart, TaskQuestion
from tutor.drill.tasks.decompose import Decompose, is_op, ops_in
from tutor.engine import REGISTRY, Run
from tutor.engine.functions import answer_functions, functions
from tutor.engine.ordering import CONSTANTS
from tutor.expr import (
    EvaluationError,
    ParseError,
    Scope,
    Span,
    Tree,
    evaluate,
    names_in,
    normal,
    parse,
    to_text,
    to_unicode,
    walk,
)
from tutor.expr.tree import Node
from tutor.text import Message, msg
from tutor.text.numbers import show

FEW = 6
_DEFINITION = re.compile(r"([^\W\d]\w*)\s*[=＝](?![=＝])\s*")


@dataclass(frozen=True, slots=True)
class Definition:
    """`z1 = W @ x`: one line as it was read."""

    typed: TypedLine
    name: str
    tree: Tree
    whole: str
    """The line with its name, as it was typed."""


def check(drill: Drill, question: TaskQuestion, text: str) -> Verdict:
    """Every line one op of what is known by then; the last one is the formula, at fresh numbers and sizes too.

    `lines` of the verdict are those that stand: pieces of the formula, in front of the first line that is none. What
    stands and is not yet the whole is `right-but`, with the mistake `unfinished`.
    """
    part, task = drill.part_of(question), question.task
    lines: list[Definition] = []
    try:
        for each in split_lines(text):
            lines.append(_read_line(part, task, each, lines))
    except ParseError as error:
        return Verdict("unreadable", error.message, span=error.span, lines=_standing(part, task, lines))
    verdict = _judged(part, task, lines)
    return verdict if verdict.lines else replace(verdict, lines=_standing(part, task, lines))


def _judged(part: DrillPart, task: Decompose, lines: list[Definition]) -> Verdict:
    for line in lines:
        ops = ops_in(line.tree)
        if len(ops) > 1:
            said = msg("checking.decompose-several", name=line.name, count=len(ops), ops=_signs(ops))
            return Verdict("wrong", in_line(line.typed.number, said), span=line.typed.moved(line.tree.span))
        if not ops and not _turns(line.tree):
            said = msg("checking.decompose-nothing", name=line.name)
            return Verdict("wrong", in_line(line.typed.number, said), span=line.typed.moved(line.tree.span))
    for line, values in zip(lines, _running(part, task, lines, part.run), strict=True):
        if isinstance(values, EvaluationError):
            said = in_line(line.typed.number, values.message)
            return Verdict("wrong-shape", said, span=line.typed.moved(values.span))
    if not _is_formula(part, task, lines, part.run):
        return _not_the_formula(part, task, lines)
    if not all(_is_formula(part, task, lines, run) for run in part.runs.fresh):
        return Verdict("wrong", msg("checking.decompose-here-only"), "coincidence")
    used = {name for line in lines for name in names_in(line.tree)}
    idle = [line.name for line in lines[:-1] if line.name not in used]
    if idle:
        # Kept lines cannot be taken back by hand: those that nothing uses go by themselves.
        stand = tuple(line.whole for line in lines[:-1] if line.name in used)
        return Verdict("right-but", msg("checking.decompose-unused", names=idle), lines=stand)
    stand = tuple(line.whole for line in lines)
    return Verdict("right", msg("checking.decompose-right", count=len(lines), tried=tried(part)), lines=stand)


def _standing(part: DrillPart, task: Decompose, lines: Sequence[Definition]) -> tuple[str, ...]:
    """The lines in front of the first that is no single op, no piece of the formula, or all of it."""
    whole = _whole(part, task.formula, task, part.run)
    pieces = [_whole(part, each, task, part.run) for each in _inside_out(task.formula)]
    stand: list[str] = []
    for line, value in zip(lines, _running(part, task, lines, part.run), strict=True):
        single = len(ops_in(line.tree)) == 1 or (not ops_in(line.tree) and _turns(line.tree))
        if not single or _same(value, whole) or not _is_piece(value, pieces):
            break
        stand.append(line.whole)
    return tuple(stand)


def preview(drill: Drill, question: TaskQuestion, text: str) -> Preview:
    """The lines in mathematics, with the shape of the last; those that stand, which end with a line end, go without."""
    part, task = drill.part_of(question), question.task
    lines = _read(part, task, text)
    typed = [line for line in lines if line.typed.start > text.rfind("\n")]
    shown = "; ".join(f"{line.name} = {to_unicode(line.tree)}" for line in typed)
    last = _running(part, task, lines, part.run)[-1]
    if isinstance(last, EvaluationError):
        return Preview(shown, message=last.message, span=lines[-1].typed.moved(last.span))
    return Preview(shown, tuple(np.shape(last)), last)


def hints(drill: Drill, question: TaskQuestion) -> list[Message]:
    """How many lines, what comes first, which ops in which order, what they give here, the lines."""
    part, task = drill.part_of(question), question.task
    ops = ops_in(task.formula)
    inner = next((part for part in _inside_out(task.formula) if is_op(part)), task.formula)
    known = _known(part, task, part.run)
    results: list[str] = []
    for name, tree in task.lines:
        value = evaluate(tree, known, functions())
        known[name] = value
        results.append(show(value) if np.size(value) <= FEW else str(tuple(value.shape)))
    return [
        msg("checking.hint-decompose", count=len(task.lines)),
        msg("checking.hint-decompose-rule"),
        msg("checking.hint-decompose-order", ops=_signs(ops), first=to_unicode(inner))
        if len(task.lines) > 1
        else msg("checking.hint-decompose-single"),
        msg("checking.hint-decompose-here", results="; ".join(results)),
        msg("checking.hint-answer", answer=question.typed or to_text(task.formula)),
    ]


def _read(part: DrillPart, task: Decompose, text: str) -> list[Definition]:
    """The lines as definitions; raises ParseError, with its place in the whole text."""
    lines: list[Definition] = []
    for typed in split_lines(text):
        lines.append(_read_line(part, task, typed, lines))
    return lines


def _read_line(part: DrillPart, task: Decompose, typed: TypedLine, lines: Sequence[Definition]) -> Definition:
    """One line behind these; raises ParseError, with its place in the whole text."""
    of_formula = set(names_in(task.formula))
    head = _DEFINITION.match(typed.text)
    if head is None:
        raise ParseError(msg("checking.decompose-form"), Span(typed.start, typed.start + len(typed.text)))
    name = normal(head.group(1))
    here = Span(typed.start, typed.start + len(head.group(1)))
    before = [line.name for line in lines]
    if name in before or name in of_formula or name in answer_functions({name}):
        raise ParseError(msg("checking.decompose-name-taken", name=name), here)
    body = typed.behind(head.end())
    known = frozenset({*of_formula, *before, *part.part.sizes, *CONSTANTS})
    try:
        tree = parse(body.text, Scope(known, answer_functions(known), frozenset()))
    except ParseError as error:
        raise body.unreadable(error) from None
    return Definition(body, name, tree, typed.text)


def _known(part: DrillPart, task: Decompose, run: Run) -> dict[str, Any]:
    """What the formula's names stand for at a run."""
    sizes = {name: float(size) for name, size in part.runs.sizes_at(run).items()}
    values = {name: run.values[name] for name in names_in(task.formula) if name in run.graph.index}
    return {**CONSTANTS, **sizes, **values}


def _running(part: DrillPart, task: Decompose, lines: Sequence[Definition], run: Run) -> list[Any]:
    """The value of every line; an EvaluationError where it has none, and for all behind it that use it."""
    known = _known(part, task, run)
    results: list[Any] = []
    for line in lines:
        try:
            known[line.name] = evaluate(line.tree, known, functions())
        except EvaluationError as error:
            results.append(error)
            continue
        results.append(known[line.name])
    return results


def _is_formula(part: DrillPart, task: Decompose, lines: list[Definition], run: Run) -> bool:
    return _same(_running(part, task, lines, run)[-1], _whole(part, task.formula, task, run))


def _whole(part: DrillPart, tree: Tree, task: Decompose, run: Run) -> Any:
    try:
        return evaluate(tree, _known(part, task, run), functions())
    except EvaluationError as error:
        return error


def _not_the_formula(part: DrillPart, task: Decompose, lines: list[Definition]) -> Verdict:
    """Where the lines leave the formula: it stands too early, or a line is none of its pieces."""
    values = _running(part, task, lines, part.run)
    whole = _whole(part, task.formula, task, part.run)
    early = next((line.name for line, value in zip(lines, values, strict=True) if _same(value, whole)), None)
    if early is not None:
        return Verdict("right-but", msg("checking.decompose-early", name=early))
    pieces = [_whole(part, each, task, part.run) for each in _inside_out(task.formula)]
    strange = next(
        (line for line, value in zip(lines, values, strict=True) if not _is_piece(value, pieces)),
        None,
    )
    if strange is None:
        return Verdict(
            "right-but", msg("checking.decompose-unfinished", number=len(lines), name=lines[-1].name), UNFINISHED
        )
    said = msg("checking.decompose-strange", name=strange.name, piece=to_unicode(strange.tree))
    return Verdict("wrong", said, span=strange.typed.moved(strange.tree.span))


def _same(value: Any, right: Any) -> bool:
    if isinstance(value, EvaluationError) or isinstance(right, EvaluationError):
        return False
    return close(value, right)


def _is_piece(value: Any, pieces: Sequence[Any]) -> bool:
    """Is it a piece, or one turned over, as where products are taken the other way round?"""
    turned = value.T if getattr(value, "ndim", 0) == 2 else value
    return any(_same(value, piece) or _same(turned, piece) for piece in pieces)


def _signs(ops: list[str]) -> list[str]:
    """The ops as people write them."""
    return [REGISTRY[op].symbol if op in REGISTRY else op for op in ops]


def _turns(tree: Tree) -> bool:
    """Does the line turn an array, so that a transpose is all it does?"""
    return to_text(tree) not in names_in(tree) and bool(names_in(tree))


def _inside_out(tree: Tree) -> list[Tree]:
    """The parts of a formula, the innermost first."""
    return [part for part in reversed(list(walk(tree))) if isinstance(part, Node)]  # type: ignore[misc]
