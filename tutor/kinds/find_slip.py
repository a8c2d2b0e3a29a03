"""`find-slip: {of: h, wrt: z, slip: tanh:square-forgotten}`: a whole backward pass with one slip in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import Field

from tutor.checking.explaining.reproduction import Reproduction
from tutor.checking.judging.number_answers import check_numbers
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.typed_entries import typed_answer
from tutor.checking.reading.typed_lines import TypedLine
from tutor.checking.reading.typed_names import unknown_choice
from tutor.checking.reading.typed_text import read, value_at
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.notation import line_formula, typed_numbers
from tutor.drill.question import Drill, Entered, GradientQuestion, Question
from tutor.engine import REGISTRY, EngineError, Graph, Run, Slot
from tutor.engine.ops import Op
from tutor.engine.replay import AtEdge, AtOp, Plant, replay
from tutor.expr import EvaluationError, ParseError, Span, normalised, to_unicode
from tutor.expr.tree import Gradient
from tutor.kinds.kind import Asked, Kind, answer_hint, inner
from tutor.kinds.order import backward_order
from tutor.lesson.ask_entries import Notes, unknown
from tutor.lesson.file.ask_schema import Fields
from tutor.lesson.file.problem import nearest
from tutor.lesson.model import Part
from tutor.lesson.numbers.draws import draw, run_of
from tutor.lesson.question_load import QuestionLoad, Shapes
from tutor.mistakes.jacobian_mistakes import op_slips
from tutor.mistakes.slip_texts import is_op_slip, slip_name
from tutor.mistakes.target import Target, in_convention
from tutor.text import Message, msg
from tutor.text.number_format import brief, format_value

ANY = "any"
VISIBLE = 0.02  # of the largest entry: less would pass for rounding
FEW = 12
_FORM = re.compile(r"\s*(?:[d∂]\w+\s*/\s*)?(∂?[^\W\d]\w*)\s*[=＝:：](?![=＝])\s*")


class FindSlip(Fields):
    """A backward pass with one slip in it."""

    slip: str = Field(
        "any",
        description=(
            "The slip by its id, such as tanh:square-forgotten, or any (the default). `tutor slips` lists them."
        ),
    )
    of: str | None = Field(None, description="The line where the slip is made; without it any line.")
    wrt: str | None = Field(None, description="The name in that line whose gradient is wrong; without it any name.")


@dataclass(frozen=True, eq=False, kw_only=True)
class FindSlipQuestion(Question):
    """The pass that is shown, and where it first goes wrong.

    `shown` are gradients by variable in the order of the pass; `wrong` the variables whose shown gradient is wrong,
    `first` those of them that the slip, made at `at`, made wrong itself. `answers` ask for their right gradients.
    """

    slip: str
    at: str
    shown: dict[str, Any]
    wrong: tuple[str, ...]
    answers: dict[str, GradientQuestion]

    @property
    def first(self) -> tuple[str, ...]:
        """The variables that the slip made wrong, not only what came from it; in the order of the pass."""
        return tuple(self.answers)

    @property
    def terms(self) -> tuple[object, ...]:
        """Which slip is planted, and where."""
        return (self.slip, self.at, *self.first)

    @property
    def shown_gradients(self) -> Mapping[str, Any]:
        """The pass."""
        return self.shown


class FindSlipKind(Kind[FindSlip, FindSlipQuestion]):
    """Answers are the first variable whose shown gradient is wrong, and its right gradient."""

    name = "find-slip"
    fields = FindSlip
    describes = "Find the first wrong gradient of a backward pass: `find-slip: {slip: any}`"
    entered = Entered.GRADIENT_AT_NODE
    names_nodes = False

    def note_faults(self, notes: Notes, fields: FindSlip) -> None:
        """A line, a name in it, and a slip of one of its ops."""
        graph = notes.graph
        if fields.of is not None and fields.of not in graph.lines:
            notes.report(("of",), unknown(fields.of, graph.lines), code="unknown-name")
            return
        if fields.wrt is not None and fields.wrt.partition("#")[0] not in graph.index:
            notes.report(("wrt",), unknown(fields.wrt, [*graph.inputs, *graph.lines]), code="unknown-name")
            return
        op, _, slip = fields.slip.partition(":")
        if not slip:
            if op != ANY:
                notes.report(("slip",), msg("lesson.unknown-slip", name=op))
        elif op not in REGISTRY or slip not in REGISTRY[op].slips:
            notes.report(("slip",), _unknown_slip(op, slip), code="unknown-slip")
        elif not any(each is not None and each.name == op for each in _ops(graph, fields.of)):
            notes.report(("slip",), msg("lesson.slip-without-op", op=REGISTRY[op].symbol))

    def misfit(self, part: Part, fields: FindSlip) -> Message | None:
        """A named slip that can be planted: there is such a slot, and it makes sense at these shapes."""
        run = run_of(part, draw(part, 0))
        if ":" not in fields.slip or run is None or any(_fits(run, *place) for place in _slots(part.graph, fields)):
            return None
        return msg("lesson.slip-does-not-fit", name=fields.slip)

    def loads(self, part: Part, shapes: Shapes, fields: FindSlip, whole: int) -> Iterator[QuestionLoad]:
        """Every slip at every op is a pass of its own."""
        yield QuestionLoad(1, 1, whole * len(part.graph.ops))

    def build(self, asked: Asked[FindSlip]) -> FindSlipQuestion:
        """One of the slips that the question allows and that changes the numbers visibly; the seed says which."""
        run, convention = asked.run, asked.convention
        planted = _chosen(asked, [*_candidates(run, asked)])
        names = list(planted.shown)
        wrong = tuple(name for name in names if not _alike(planted.shown[name], run.gradients[name]))
        targets = (Target("total", None, (name,), convention=convention) for name in wrong if name in planted.sources)
        answers = {target.wrt[0]: inner(asked, target, Entered.NUMBERS) for target in targets}
        first = next(iter(answers))
        shown = {name: in_convention(value, convention) for name, value in planted.shown.items()}
        given = (msg("drill.given-gradient", name=name, value=format_value(value)) for name, value in shown.items())
        return FindSlipQuestion(
            **asked.head(str(asked.nth)),
            slip=planted.id,
            at=planted.line,
            shown=shown,
            wrong=wrong,
            answers=answers,
            symbol="",
            prompt=msg("drill.prompt-find-slip"),
            typed=f"{first} = {typed_numbers(answers[first].expected)}",
            skills=("check", *([f"find-slip:{planted.id.partition(':')[0]}"] if ":" in planted.id else [])),
            details=(msg("drill.about-find-slip"), *given),
        )

    def check(self, drill: Drill, question: FindSlipQuestion, text: str, earlier: Mapping[str, str]) -> Verdict:
        """Right with the first wrong variable, or the line that made it wrong, and the right gradient."""
        named = _read(drill, question, text)
        variable = _variable(question, named.name)
        if variable is None:
            if named.name in question.wrong:
                return Verdict("wrong", msg("checking.slip-further-up", name=named.name))
            return Verdict("wrong", msg("checking.slip-not-here", name=named.name))
        words = _words(drill, question, variable)
        try:
            tree = read(words, named.value.text)
            answer = typed_answer(tree, value_at(words, tree, words.part.run))
            shown = Reproduction(answer, carried=False)
            if shown.gives(question.shown[variable]):
                return Verdict("wrong", msg("checking.slip-as-shown", name=variable), None, question.at)
            if named.name != variable and shown.gives(question.shown[named.name]):
                return Verdict("wrong", msg("checking.slip-not-here", name=named.name))
            verdict = check_numbers(words, tree, {})
        except ParseError as error:
            raise named.value.unreadable(error) from None
        except EvaluationError as error:
            raise EvaluationError(error.message, named.value.moved(error.span) or error.span) from None
        if verdict.kind == "right":
            said = msg("checking.slip-found", name=variable, line=question.at, slip=_slip(question))
            return Verdict("right", said, None, question.at, exact=verdict.exact)
        return named.value.placed(verdict)

    def preview(self, drill: Drill, question: FindSlipQuestion, text: str) -> Preview:
        """The variable and the value as they are understood."""
        named = _read(drill, question, text)
        if not named.value.text.strip():
            return Preview(message=msg("checking.slip-gradient-next", name=named.name))
        variable = _variable(question, named.name) or (
            named.name if named.name in question.shown else next(iter(question.shown))
        )
        words = _words(drill, question, variable)
        try:
            tree = read(words, named.value.text)
            value = value_at(words, tree, words.part.run)
        except (ParseError, EvaluationError) as error:
            return Preview(message=error.message, span=named.value.moved(error.span))
        return Preview(f"d{variable} = {to_unicode(tree)}", tuple(np.shape(value)), value)

    def hints(self, drill: Drill, question: FindSlipQuestion) -> list[Message]:
        """How to go about it, the rule that finds it, how far it is right, the line with its numbers, the answer."""
        part = drill.part_of(question)
        first = question.first[0]
        names = list(question.shown)
        good = names[: names.index(first)]
        line = part.graph.lines[question.at]
        values = [
            f"{name} = {brief(part.run.values[name], FEW)}"
            for name in dict.fromkeys(slot.source for slot in line.slots)
        ]
        return [
            msg("checking.hint-slip", count=len(names)),
            msg("checking.hint-slip-rule"),
            msg("checking.hint-slip-good", names=[f"d{name}" for name in good]),
            msg(
                "checking.hint-slip-line",
                line=question.at,
                formula=line_formula(part.graph, question.at),
                up=format_value(question.shown[question.at])
                if np.size(question.shown[question.at]) <= FEW
                else f"d{question.at}",
                values=values,
            ),
            answer_hint(question, "-"),
        ]


@dataclass(frozen=True, slots=True)
class NamedGradient:
    """An answer as it was read: the variable, or the line, and what stands behind the `=`."""

    name: str
    value: TypedLine
    span: Span


class SlipScope(AnswerScope):
    """Names for the right gradient; `dz` of every variable that the pass shows right."""

    wrong: tuple[str, ...]

    def _gradient_refused(self, part: Gradient) -> Message | None:
        if part.of is not None:
            return msg("checking.leibniz-not-here", name=part.name)
        if part.wrt in self.question.wrt:
            return msg("checking.gradient-is-the-question", name=part.name)
        if part.wrt in self.wrong:
            return msg("checking.slip-in-it", name=part.name)
        return None


@dataclass(frozen=True, slots=True)
class _Planted:
    """A slip at one slot: its id, the line, and what is shown for every variable."""

    id: str
    line: str
    sources: tuple[str, ...]
    shown: dict[str, Any]
    change: float


def _unknown_slip(op: str, slip: str) -> Message:
    """What was meant: a slip that begins so, one of the op's slips, or one that is spelt much the same."""
    typed = f"{op}:{slip}"
    every = [f"{name}:{each}" for name, kind in REGISTRY.items() for each in kind.slips]
    own = [each for each in every if each.startswith(f"{op}:")]
    near = next((each for each in own if each.startswith(typed)), None) or nearest(typed, own or every)
    if near is None and own:
        near = own[0]
    if near is None:
        return msg("lesson.unknown-slip", name=typed)
    return msg("lesson.unknown-slip-near", name=typed, near=near, op=near.partition(":")[0])


def _ops(graph: Graph, line: str | None) -> Iterable[Op | None]:
    return (op for node, op in enumerate(graph.ops) if line is None or graph.line_of(node) == line)


def _slots(graph: Graph, fields: FindSlip) -> Iterator[tuple[Plant, int]]:
    """The slip wherever the question allows it, and the node that the slot takes."""
    name, _, slip = fields.slip.partition(":")
    for _, slot in _allowed(graph, fields):
        for node, k in slot.chain:
            op = graph.ops[node]
            if op is not None and op.name == name and slip in op.slips:
                yield AtOp(node, op.slips[slip], k), graph.find(slot.source)


def _allowed(graph: Graph, fields: FindSlip) -> Iterator[tuple[str, Slot]]:
    """The lines and slots at which the question lets the slip be."""
    for line in graph.order:
        for slot in graph.lines[line].slots:
            if fields.of in (None, line) and fields.wrt in (None, slot.label, slot.source):
                yield line, slot


def _fits(run: Run, plant: Plant, node: int) -> bool:
    try:
        replay(run, [plant], node)
    except (EngineError, ValueError):
        return False
    return True


def order_of_pass(graph: Graph) -> list[str]:
    """Every line and input that has a gradient, each after all that use it."""
    lines = [line.name for line in backward_order(graph)]
    return [*lines, *(name for name in graph.inputs if graph.index[name] not in graph.integer)]


def _candidates(run: Run, asked: Asked[FindSlip]) -> Iterator[_Planted]:
    """Every slip that the question allows, as far as it can be computed at these shapes."""
    for line, slot in _allowed(run.graph, asked.fields):
        for _, (node, k), id, rule in op_slips(run.graph, slot.chain):
            if asked.fields.slip in (ANY, id):
                yield from _planted(run, id, line, AtOp(node, rule, k))


def _planted(run: Run, id: str, line: str, plant: Plant) -> Iterator[_Planted]:
    graph = run.graph
    try:
        shown = {name: np.asarray(replay(run, [plant], graph.find(name))) for name in order_of_pass(graph)}
    except (EngineError, ValueError):
        return  # it makes no sense at these shapes
    if not all(np.all(np.isfinite(value)) for value in shown.values()):
        return
    sources = tuple(dict.fromkeys(slot.source for slot in graph.lines[line].slots))
    changes = [_change(shown[name], run.gradients[name]) for name in sources if name in shown]
    if changes and max(changes) > 0.0:
        yield _Planted(id, line, sources, shown, max(changes))


def _chosen(asked: Asked[FindSlip], found: list[_Planted]) -> _Planted:
    """One that shows; where none does, the clearest; where there is none at all, a sign turned on the way."""
    if not found:
        line = asked.run.graph.lines[asked.fields.of or backward_order(asked.run.graph)[0].name]
        found = [
            each
            for slot in line.slots
            for each in _planted(asked.run, "sign", line.name, AtEdge(slot.chain[-1], lambda run, total, right: -right))
        ]
        found = found or [_made_up(asked.run, line.name)]
    seen = [each for each in found if each.change > VISIBLE] or [max(found, key=lambda each: each.change)]
    return seen[(asked.seed + asked.nth) * 7919 % len(seen)]


def _made_up(run: Run, line: str) -> _Planted:
    """Where gradients are 0, or no numbers, no slip changes them: one is shown that is 1 too large."""
    shown = {name: np.asarray(run.gradients[name]) for name in order_of_pass(run.graph)}
    sources = tuple(dict.fromkeys(slot.source for slot in run.graph.lines[line].slots if slot.source in shown))
    source = sources[0] if sources else next(reversed(shown))
    shown[source] = np.nan_to_num(shown[source]) + 1.0
    return _Planted("sign", line, (source,), shown, 1.0)


def _change(shown: Any, right: Any) -> float:
    """The largest change of an entry, relative to the largest entry of the right gradient."""
    largest = float(np.max(np.abs(right), initial=0.0)) or 1.0
    return float(np.max(np.abs(shown - right), initial=0.0)) / largest


def _alike(shown: Any, right: Any) -> bool:
    return _change(shown, right) <= 1e-9


def _read(drill: Drill, question: FindSlipQuestion, text: str) -> NamedGradient:
    """`z = [[1], [2]]`, also `dz = ...`; raises ParseError for another form and for names that are not there."""
    graph = drill.part_of(question).graph
    head = _FORM.match(text)
    if head is None:
        raise ParseError(msg("checking.slip-form"), Span(0, len(text)))
    name, span = normalised(head.group(1)), Span(*head.span(1))
    known = [*graph.lines, *graph.inputs]
    if name not in known and name[:1] in ("d", "∂") and name[1:] in known:
        name = name[1:]
    if name not in known:
        raise ParseError(unknown_choice(name, known), span)
    return NamedGradient(name, TypedLine(1, text, 0).behind(head.end()), span)


def _variable(question: FindSlipQuestion, name: str) -> str | None:
    """The variable meant: one that the slip made wrong, or, by the line that made it, the first of these."""
    if name in question.answers:
        return name
    return question.first[0] if name == question.at else None


def _slip(question: FindSlipQuestion) -> Message:
    return slip_name(question.slip) if is_op_slip(question.slip) else msg("mistakes.sign")


def _words(drill: Drill, question: FindSlipQuestion, variable: str) -> SlipScope:
    words = SlipScope(drill, question.answers.get(variable) or next(iter(question.answers.values())))
    words.wrong = question.wrong
    return words
