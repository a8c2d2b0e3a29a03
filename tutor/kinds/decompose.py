"""`decompose: "u.T @ tanh(W @ x + b)"`: a formula as lines of one op each, with any names."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tutor.checking.judging.agreement import is_close
from tutor.checking.judging.numbers_tried import numbers_tried
from tutor.checking.reading.typed_lines import TypedLine, in_line, split_lines
from tutor.checking.verdict import UNFINISHED, Preview, Verdict
from tutor.checking.why.step import Step
from tutor.drill.question import Drill, DrillPart, Entered, Question
from tutor.engine import REGISTRY, Run
from tutor.engine.compile import callables
from tutor.engine.function_table import answer_functions, borrowed_calls, function_table
from tutor.engine.ordering import CONSTANTS
from tutor.expr import (
    OPERATORS,
    EvaluationError,
    ParseError,
    Scope,
    Span,
    Tree,
    evaluate,
    names_in,
    normalised,
    parse,
    to_text,
    to_unicode,
    walk,
)
from tutor.expr.tree import Binary, Call, Name, Negation, Node, Part, Subscript, Transposed, children
from tutor.kinds.kind import Asked, Kind, answer_hint, steps_of
from tutor.lesson.ask_entries import Notes, unknown
from tutor.lesson.file.ask_schema import Fields, Names
from tutor.lesson.model import Part as LessonPart
from tutor.text import Message, msg
from tutor.text.number_format import brief

_DEFINITION = re.compile(r"([^\W\d]\w*)\s*[=＝](?![=＝])\s*")


class Decompose(Fields):
    """A formula, written as a text."""

    formula: str


@dataclass(frozen=True, eq=False, kw_only=True)
class DecomposeQuestion(Question):
    """The formula, and one way to take it apart: lines in the order in which they can be computed."""

    formula: Tree
    lines: tuple[tuple[str, Tree], ...]

    @property
    def terms(self) -> tuple[object, ...]:
        """The formula in its own words."""
        return (to_text(self.formula),)


class DecomposeKind(Kind[Decompose, DecomposeQuestion]):
    """Answers are lines that together are the formula, at fresh numbers and sizes too."""

    name = "decompose"
    form = Names
    fields = Decompose
    short = "formula"
    describes = 'A formula to take apart into lines of one op each: `decompose: "u.T @ tanh(W @ x + b)"`'
    entered = Entered.DEFINITIONS
    tried_elsewhere = True
    names_nodes = False

    def note_faults(self, notes: Notes, fields: Decompose) -> None:
        """A formula with an op in it."""
        try:
            tree = parse(fields.formula, any_names())
        except ParseError as error:
            notes.report((), error.message, code="unreadable", inside=error.span.start)
            return
        if not any(isinstance(part, Binary | Call | Negation | Subscript) for part in walk(tree)):
            notes.report((), msg("lesson.nothing-to-decompose"))

    def misfit(self, part: LessonPart, fields: Decompose) -> Message | None:
        """Names that there are, of nodes among others."""
        known = [*part.graph.inputs, *part.graph.lines, *part.sizes]
        try:
            names = names_in(parse(fields.formula, any_names()))
        except ParseError:
            return None  # noted where texts are read
        strange = next((name for name in names if name not in {*known, *CONSTANTS}), None)
        if strange is not None:
            return unknown(strange, known)
        return None if any(name in part.graph.index for name in names) else msg("lesson.nothing-to-decompose")

    def build(self, asked: Asked[Decompose]) -> DecomposeQuestion:
        """`typed` names its lines z1, z2, ... in the order of evaluation."""
        tree = parse(asked.fields.formula, any_names())
        lines, shown = taken_apart(tree), to_unicode(tree)
        return DecomposeQuestion(
            **asked.head(str(asked.nth)),
            formula=tree,
            lines=lines,
            symbol=shown,
            prompt=msg("drill.prompt-decompose"),
            details=(msg("drill.about-decompose", formula=shown),),
            typed="; ".join(f"{name} = {to_text(each)}" for name, each in lines),
            skills=(f"decompose:{(ops_in(tree) or ['copy'])[-1]}",),
        )

    def check(self, drill: Drill, question: DecomposeQuestion, text: str, earlier: Mapping[str, str]) -> Verdict:
        """Every line one op of what is known by then; the last one is the formula, at fresh numbers and sizes too.

        `lines` of the verdict are those that stand: pieces of the formula, in front of the first line that is none.
        What stands and is not yet the whole is `right-but`, with the mistake `unfinished`.
        """
        part = drill.part_of(question)
        lines: list[Definition] = []
        try:
            for each in split_lines(text):
                lines.append(_read_line(part, question, each, lines))
        except ParseError as error:
            return Verdict("unreadable", error.message, span=error.span, lines=_standing(part, question, lines))
        verdict = _judged(part, question, lines)
        return verdict if verdict.lines else replace(verdict, lines=_standing(part, question, lines))

    def preview(self, drill: Drill, question: DecomposeQuestion, text: str) -> Preview:
        """The lines in mathematics, with the shape of the last; those that stand, which end a line, go without."""
        part = drill.part_of(question)
        lines = _read(part, question, text)
        typed = [line for line in lines if line.typed.start > text.rfind("\n")]
        shown = "; ".join(f"{line.name} = {to_unicode(line.tree)}" for line in typed)
        last = _running(part, question, lines, part.run)[-1]
        if isinstance(last, EvaluationError):
            return Preview(shown, message=last.message, span=lines[-1].typed.moved(last.span))
        return Preview(shown, tuple(np.shape(last)), last)

    def hints(self, drill: Drill, question: DecomposeQuestion) -> list[Message]:
        """How many lines, what comes first, which ops in which order, what they give here, the lines."""
        part = drill.part_of(question)
        ops = ops_in(question.formula)
        inner = next((part for part in _inside_out(question.formula) if is_op(part)), question.formula)
        known = _known(part, question, part.run)
        results: list[str] = []
        for name, tree in question.lines:
            value = evaluate(tree, known, function_table())
            known[name] = value
            results.append(brief(value))
        return [
            msg("checking.hint-decompose", count=len(question.lines)),
            msg("checking.hint-decompose-rule"),
            msg("checking.hint-decompose-order", ops=_signs(ops), first=to_unicode(inner))
            if len(question.lines) > 1
            else msg("checking.hint-decompose-single"),
            msg("checking.hint-decompose-here", results="; ".join(results)),
            answer_hint(question, to_text(question.formula)),
        ]

    def derivation(self, drill: Drill, question: DecomposeQuestion) -> Iterator[Step | Message]:
        yield from steps_of(question)


def any_names() -> Scope:
    """For a formula whose names are judged later."""
    return Scope(None, callables(), frozenset())


@dataclass(frozen=True, slots=True)
class Definition:
    """`z1 = W @ x`: one line as it was read."""

    typed: TypedLine
    name: str
    tree: Tree
    whole: str
    """The line with its name, as it was typed."""


def _judged(part: DrillPart, question: DecomposeQuestion, lines: list[Definition]) -> Verdict:
    for line in lines:
        ops = ops_in(line.tree)
        if len(ops) > 1:
            said = msg("checking.decompose-several", name=line.name, count=len(ops), ops=_signs(ops))
            return Verdict("wrong", in_line(line.typed.number, said), span=line.typed.moved(line.tree.span))
        if not ops and not _turns(line.tree):
            said = msg("checking.decompose-nothing", name=line.name)
            return Verdict("wrong", in_line(line.typed.number, said), span=line.typed.moved(line.tree.span))
    for line, values in zip(lines, _running(part, question, lines, part.run), strict=True):
        if isinstance(values, EvaluationError):
            said = in_line(line.typed.number, values.message)
            return Verdict("wrong-shape", said, span=line.typed.moved(values.span))
    if not _is_formula(part, question, lines, part.run):
        return _not_the_formula(part, question, lines)
    if not all(_is_formula(part, question, lines, run) for run in part.runs.resampled):
        return Verdict("wrong", msg("checking.decompose-here-only"), "coincidence")
    used = {name for line in lines for name in names_in(line.tree)}
    idle = [line.name for line in lines[:-1] if line.name not in used]
    if idle:
        # Kept lines cannot be taken back by hand: those that nothing uses go by themselves.
        stand = tuple(line.whole for line in lines[:-1] if line.name in used)
        return Verdict("right-but", msg("checking.decompose-unused", names=idle), lines=stand)
    stand = tuple(line.whole for line in lines)
    return Verdict("right", msg("checking.decompose-right", count=len(lines), tried=numbers_tried(part)), lines=stand)


def _standing(part: DrillPart, question: DecomposeQuestion, lines: Sequence[Definition]) -> tuple[str, ...]:
    """The lines in front of the first that is no single op, no piece of the formula, or all of it."""
    whole = _whole(part, question.formula, question, part.run)
    pieces = [_whole(part, each, question, part.run) for each in _inside_out(question.formula)]
    stand: list[str] = []
    for line, value in zip(lines, _running(part, question, lines, part.run), strict=True):
        single = len(ops_in(line.tree)) == 1 or (not ops_in(line.tree) and _turns(line.tree))
        if not single or _same(value, whole) or not _is_piece(value, pieces):
            break
        stand.append(line.whole)
    return tuple(stand)


def _read(part: DrillPart, question: DecomposeQuestion, text: str) -> list[Definition]:
    """The lines as definitions; raises ParseError, with its place in the whole text."""
    lines: list[Definition] = []
    for typed in split_lines(text):
        lines.append(_read_line(part, question, typed, lines))
    return lines


def _read_line(
    part: DrillPart, question: DecomposeQuestion, typed: TypedLine, lines: Sequence[Definition]
) -> Definition:
    """One line behind these; raises ParseError, with its place in the whole text."""
    of_formula = set(names_in(question.formula))
    head = _DEFINITION.match(typed.text)
    if head is None:
        raise ParseError(msg("checking.decompose-form"), Span(typed.start, typed.start + len(typed.text)))
    name = normalised(head.group(1))
    here = Span(typed.start, typed.start + len(head.group(1)))
    before = [line.name for line in lines]
    if name in before or name in of_formula or name in answer_functions({name}):
        raise ParseError(msg("checking.decompose-name-taken", name=name), here)
    body = typed.behind(head.end())
    known = frozenset({*of_formula, *before, *part.part.sizes, *CONSTANTS})
    try:
        tree = parse(body.text, Scope(known, answer_functions(known), borrowed=borrowed_calls()))
    except ParseError as error:
        raise body.unreadable(error) from None
    return Definition(body, name, tree, typed.text)


def _known(part: DrillPart, question: DecomposeQuestion, run: Run) -> dict[str, Any]:
    """What the formula's names stand for at a run."""
    sizes = {name: float(size) for name, size in part.runs.sizes_at(run).items()}
    values = {name: run.values[name] for name in names_in(question.formula) if name in run.graph.index}
    return {**CONSTANTS, **sizes, **values}


def _running(part: DrillPart, question: DecomposeQuestion, lines: Sequence[Definition], run: Run) -> list[Any]:
    """The value of every line; an EvaluationError where it has none, and for all behind it that use it."""
    known = _known(part, question, run)
    results: list[Any] = []
    for line in lines:
        try:
            known[line.name] = evaluate(line.tree, known, function_table())
        except EvaluationError as error:
            results.append(error)
            continue
        results.append(known[line.name])
    return results


def _is_formula(part: DrillPart, question: DecomposeQuestion, lines: list[Definition], run: Run) -> bool:
    return _same(_running(part, question, lines, run)[-1], _whole(part, question.formula, question, run))


def _whole(part: DrillPart, tree: Tree, question: DecomposeQuestion, run: Run) -> Any:
    try:
        return evaluate(tree, _known(part, question, run), function_table())
    except EvaluationError as error:
        return error


def _not_the_formula(part: DrillPart, question: DecomposeQuestion, lines: list[Definition]) -> Verdict:
    """Where the lines leave the formula: it stands too early, or a line is none of its pieces."""
    values = _running(part, question, lines, part.run)
    whole = _whole(part, question.formula, question, part.run)
    early = next((line.name for line, value in zip(lines, values, strict=True) if _same(value, whole)), None)
    if early is not None:
        return Verdict("right-but", msg("checking.decompose-early", name=early))
    pieces = [_whole(part, each, question, part.run) for each in _inside_out(question.formula)]
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
    return is_close(value, right)


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


def taken_apart(tree: Tree) -> tuple[tuple[str, Tree], ...]:
    """The formula as lines of one op each, with names that it does not use itself."""
    lines: list[tuple[str, Tree]] = []
    letter = next(each for each in "zvtqrk" if not any(name.startswith(each) for name in names_in(tree)) or each == "k")

    def apart(part: Tree) -> Tree:
        inner = _with_parts(part, apart)
        if not is_op(part):
            return inner
        lines.append((f"{letter}{len(lines) + 1}", inner))
        return Name(lines[-1][0])

    last = apart(tree)
    if not lines or lines[-1][0] != getattr(last, "name", ""):
        lines.append((f"{letter}{len(lines) + 1}", last))  # a transpose at the very end
    return tuple(lines)


def ops_in(tree: Tree) -> list[str]:
    """The names of the ops of an expression in the order of evaluation; transposes and literals are none."""
    found: list[str] = []

    def visit(part: Part) -> None:
        for below in children(part):
            visit(below)
        if is_op(part):
            found.append(_op(part))

    visit(tree)
    return found


def is_op(part: Part) -> bool:
    """Does the part compute something from names? A number with its sign is a literal."""
    return isinstance(part, Binary | Call | Subscript | Negation) and bool(names_in(part))


def _op(part: Part) -> str:
    match part:
        case Binary():
            return OPERATORS[part.op]
        case Call():
            return part.function
        case Subscript():
            return "index"
    return "neg"


def _with_parts(part: Tree, change: Callable[[Tree], Tree]) -> Tree:
    match part:
        case Binary():
            return replace(part, left=change(part.left), right=change(part.right))
        case Negation() | Transposed():
            return replace(part, operand=change(part.operand))
        case Call():
            return replace(part, arguments=tuple(change(each) for each in part.arguments))
        case Subscript():
            return replace(part, operand=change(part.operand))
    return part
