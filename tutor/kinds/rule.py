"""`rule: {forward: "a @ b", wrt: a}`: the backward of a gate, or its forward, for whatever comes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from pydantic import Field

from tutor.checking.judging.formula_answers import check_formula
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.typed_text import read, value_at
from tutor.checking.verdict import Preview, Verdict
from tutor.checking.why.step import Step
from tutor.drill.notation import entry_symbol, typed_numbers
from tutor.drill.question import Drill, DrillPart, Entered, GradientQuestion, Question
from tutor.drill.right_formulas import right_formula
from tutor.drill.runs import run_at
from tutor.engine import REGISTRY, EngineError, Run
from tutor.engine.function_table import answer_functions, borrowed_calls, function_table
from tutor.engine.numeric_gradient import numeric_gradient
from tutor.engine.ordering import CONSTANTS
from tutor.expr import EvaluationError, ParseError, Scope, Tree, evaluate, parse, parse_answer, to_text, to_unicode
from tutor.kinds.decompose import any_names, ops_in
from tutor.kinds.kind import Asked, Kind, answer_hint, steps_of
from tutor.lesson.ask_entries import Notes, unknown
from tutor.lesson.file.ask_schema import Fields
from tutor.lesson.file.schema_base import SizeOrNumber
from tutor.lesson.graph.named_sizes import SizeError
from tutor.lesson.graph.workload import pass_work
from tutor.lesson.inputs import label_names
from tutor.lesson.model import Draw, Part
from tutor.lesson.numbers.draws import draw
from tutor.lesson.rule_gates import OUT, gates, inputs_of
from tutor.mistakes.target import Target, right_answer
from tutor.text import Message, msg
from tutor.text.number_format import brief, format_value

FORWARD = "forward"
EXAMPLES = 2
MOST_NUDGED = 20_000_000  # the work of nudging every entry
MEASURED = 1e-6  # how well nudges measure a gradient where they do
NUMERIC = 1e-5  # central differences with h = 1e-4 are good to 1e-8 or so
CLOSE = 1e-9


class Rule(Fields):
    """The backward of a gate, in up, out and the names of the forward."""

    forward: str = Field(
        description="The formula of the gate: a @ b. Its inputs are names of its own, not those of the graph."
    )
    wrt: str = Field(description="The input whose backward is asked for, or the word forward for the gate itself.")
    shapes: dict[str, list[SizeOrNumber]] | None = Field(
        None,
        description=(
            "The shapes of its inputs: {a: [n, m], b: [m, k]}. Without it the gate must do for "
            "numbers, vectors and matrices."
        ),
    )


@dataclass(frozen=True, slots=True)
class Trial:
    """The gate at some numbers and sizes, and what its gradient is."""

    run: Run
    right: Any


@dataclass(frozen=True, eq=False)
class Gate:
    """The gate at shapes of one kind: a drill of its own with one question, for the formula of its gradient."""

    drill: Drill
    question: GradientQuestion

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """The gate's own numbers and eight fresh ones, sizes and all."""
        part = self.drill.parts[0]
        drawn = (part.draw, *part.runs.fresh_draws)
        runs = (part.run, *part.runs.resampled)
        wrt = self.question.wrt[0]
        return tuple(Trial(run, _slope(each, run, wrt)) for each, run in zip(drawn, runs, strict=True))


@dataclass(frozen=True, eq=False, kw_only=True)
class RuleQuestion(Question):
    """What is asked of a gate: the gradient that goes to `lower`, or, where that is None, its forward."""

    forward: Tree
    inputs: tuple[str, ...]
    lower: str | None
    gates: tuple[Gate, ...] = field(repr=False)

    @property
    def terms(self) -> tuple[object, ...]:
        """The gate and its shapes."""
        shapes = [[str(given.dims) for given in gate.drill.parts[0].part.given.values()] for gate in self.gates]
        return (to_text(self.forward), self.lower, shapes)

    @property
    def on_graph(self) -> bool:
        """A gate of its own: the graph would only mislead."""
        return False


class RuleKind(Kind[Rule, RuleQuestion]):
    """Answers are judged by nudging every entry at many numbers, sizes and ranks."""

    name = "rule"
    fields = Rule
    describes = 'The backward of a gate: `rule: {forward: "a @ b", wrt: a, shapes: {a: [n, m], b: [m, k]}}`'
    entered = Entered.FORMULA
    asks_how = True
    names_nodes = False

    def variables(self, fields: Rule) -> tuple[str, ...]:
        return ()

    def note_faults(self, notes: Notes, fields: Rule) -> None:
        """A formula with names of its own, one of which is asked for."""
        try:
            tree = parse(fields.forward, any_names())
        except ParseError as error:
            notes.report(("forward",), error.message, code="unreadable", inside=error.span.start)
            return
        names = inputs_of(tree, {})
        taken = next((name for name in names if name in (OUT, "up")), None)
        if taken is not None:
            notes.report(("forward",), msg("lesson.gate-name-taken", name=taken))
        if fields.wrt not in (*names, FORWARD):
            notes.report(("wrt",), unknown(fields.wrt, [*names, FORWARD]), code="unknown-name")
        for name in fields.shapes or ():
            if name not in names:
                where = (*notes.where, "shapes", name)
                notes.document.report_key(where, unknown(name, names), code="unknown-name")

    def misfit(self, part: Part, fields: Rule) -> Message | None:
        """A gate that can be run at its shapes."""
        forward = parse(fields.forward, any_names())
        try:
            missing = [name for name in inputs_of(forward, part.sizes) if name not in (fields.shapes or ())]
            if missing and fields.shapes is not None:
                return msg("lesson.gate-shape-missing", names=missing)
            for gate in gates(forward, fields.shapes, part.sizes):
                gate.graph.run(draw(gate, 0).numbers, draw(gate, 0).upstream)
        except EngineError as error:
            labels = [name for name in dict.fromkeys(label_names([forward])) if name not in part.sizes]
            return msg("lesson.gate-labels", names=labels) if labels else error.message
        except (ParseError, KeyError, SizeError, ZeroDivisionError):
            return msg("lesson.gate-shapes")
        return None

    def build(self, asked: Asked[Rule]) -> RuleQuestion:
        """A gradient's rule from `up`, `out` and the gate's inputs; a forward from its inputs and an example or two."""
        fields, sizes = asked.fields, asked.part.sizes
        forward = parse(fields.forward, any_names())
        inputs = inputs_of(forward, sizes)
        wrt = None if fields.wrt == FORWARD else fields.wrt
        parts = gates(forward, fields.shapes, sizes, asked.part.number)
        made = tuple(_gate(asked, part, wrt or inputs[0]) for part in parts)
        names = ops_in(forward) or ["copy"]
        return RuleQuestion(
            **asked.head(str(asked.nth)),
            forward=forward,
            inputs=inputs,
            lower=wrt,
            gates=made,
            symbol=f"d{wrt}" if wrt else f"{OUT}({', '.join(inputs)})",
            prompt=_prompt(wrt, names),
            typed=to_text(forward) if wrt is None else _typed(made),
            skills=(f"rule:{names[-1]}",),
            details=(_gate_shown(forward, parts[-1]), *_sizes(made[-1])) if wrt else _examples(made[0]),
            shape=made[-1].question.shape if wrt else made[-1].drill.parts[0].run.shapes[-1],
        )

    def check(self, drill: Drill, question: RuleQuestion, text: str, earlier: Mapping[str, str]) -> Verdict:
        """Right if it agrees with the numeric gradient at every trial of the gate; its shape counts too."""
        if question.lower is None:
            return _check_forward(question, text)
        for gate in question.gates:
            scope = AnswerScope(gate.drill, gate.question)
            tree = read(scope, text)
            if not _passes(scope, gate, tree):
                verdict = check_formula(scope, tree)
                if verdict.kind == "right":  # the engine's rule is not what the gate's numbers do
                    return Verdict("wrong", msg("checking.rule-not-numeric"))
                return verdict
        return Verdict("right", msg("checking.rule-right", **_trials(question)))

    def preview(self, drill: Drill, question: RuleQuestion, text: str) -> Preview:
        """The rule in mathematics, with its shape at the gate's own sizes."""
        gate = question.gates[-1]
        if question.lower is None:
            return Preview(to_unicode(_read_forward(question, text)))
        scope = AnswerScope(gate.drill, gate.question)
        tree = read(scope, text)
        return replace(Preview.of_tree(tree, lambda: value_at(scope, tree, scope.part.run)), value=None)

    def hints(self, drill: Drill, question: RuleQuestion) -> list[Message]:
        """What must come out, the rule of the op, which names, the shapes at hand, the rule."""
        gate = question.gates[-1]
        run = gate.drill.parts[0].run
        ops = ops_in(question.forward)
        rule = Message(REGISTRY[ops[-1]].rule) if ops and ops[-1] in REGISTRY else msg("checking.hint-rule-several")
        shapes = [f"{name}: {_shape(run, name)}" for name in (*question.inputs, OUT)]
        answer = answer_hint(question, format_value(gate.question.expected))
        if question.lower is None:
            return [
                msg("checking.hint-forward", inputs=list(question.inputs)),
                msg("checking.hint-forward-rule", ops=[REGISTRY[op].symbol if op in REGISTRY else op for op in ops]),
                msg("checking.hint-forward-names", count=len(ops)),
                msg("checking.hint-rule-shapes", shapes=shapes),
                answer,
            ]
        slope = format_value(np.ravel(gate.question.expected)[0])
        entry = entry_symbol(f"d{question.lower}", [0] * len(gate.question.shape))
        known = [f"{name} = {brief(run.values[name])}" for name in question.inputs]
        up = brief(run.gradients[OUT])
        return [
            msg("checking.hint-rule", wrt=question.lower, forward=to_unicode(question.forward)),
            rule if len(ops) == 1 else msg("checking.hint-rule-several"),
            msg("checking.hint-rule-names", inputs=list(question.inputs), wrt=question.lower),
            msg("checking.hint-rule-here", values=[*known, f"up = {up}"], entry=entry, slope=slope),
            answer,
        ]

    def derivation(self, drill: Drill, question: RuleQuestion) -> Iterator[Step | Message]:
        yield from steps_of(question, f"{question.symbol} = ")


def _gate(asked: Asked[Rule], part: Part, wrt: str) -> Gate:
    numbers = draw(part, asked.nth)
    run = run_at(part, numbers)
    target = Target("total", None, (wrt,))
    expected = np.asarray(right_answer(run, target))
    question = GradientQuestion(
        id=f"rule {wrt}",
        kind=asked.ask.kind,
        entered=Entered.FORMULA,
        part=0,
        wrt=(wrt,),
        target=target,
        expected=expected,
        shape=tuple(expected.shape),
        symbol=f"d{wrt}",
        prompt=msg("drill.prompt-formula"),
        typed=right_formula(run, target, None),
    )
    return Gate(Drill(asked.lesson, 0, (DrillPart(part, run.graph, numbers, run),), (question,)), question)


def _slope(drawn: Draw, run: Run, wrt: str) -> Any:
    """The gradient by nudging every entry; where nudges are no measure of it, by definition.

    They are none near a pole, as of tan, and for stop_gradient and straight_through; and not at too many entries.
    """
    exact = np.asarray(run.gradients[wrt])
    if exact.size * pass_work(run.graph, run.shapes) > MOST_NUDGED:
        return exact
    nudged = numeric_gradient(run.graph, drawn.numbers, wrt, upstream=drawn.upstream)
    return nudged if np.allclose(nudged, exact, rtol=MEASURED, atol=MEASURED) else exact


def _typed(made: tuple[Gate, ...]) -> str | None:
    """A rule that is right at every rank and size: that of the highest, where no shape is special; None without one."""
    typed = made[-1].question.typed
    if typed is None:
        return None
    tree = parse(typed, Scope(None, answer_functions(), frozenset()))
    return typed if all(_holds(tree, gate) for gate in made) else None


def _holds(tree: Tree, gate: Gate) -> bool:
    part, wrt = gate.drill.parts[0], gate.question.wrt[0]
    for run in (part.run, *part.runs.resampled):
        try:
            value = np.asarray(evaluate(tree, _known(gate, run) | {"up": run.gradients[OUT]}, function_table()))
        except EvaluationError:
            return False
        right = np.asarray(run.gradients[wrt])
        if value.shape != right.shape or not np.allclose(value, right, rtol=1e-7, atol=1e-9):
            return False
    return True


def _prompt(wrt: str | None, ops: list[str]) -> Message:
    if wrt is not None:
        return msg("drill.prompt-rule")
    # The name of a single op would be the answer; several cannot be guessed from numbers alone.
    return msg("drill.prompt-rule-forward") if len(ops) == 1 else msg("drill.prompt-rule-forward-ops", ops=ops)


def _gate_shown(forward: Tree, part: Part) -> Message:
    """The gate, and the shapes that it is tried at, by the names of their sizes."""
    shapes = []
    for name, given in part.given.items():
        dims = [str(dim) if isinstance(dim, int) else to_text(dim) for dim in given.dims]
        shapes.append(f"{name}: ({dims[0]},)" if len(dims) == 1 else f"{name}: ({', '.join(dims)})")
    return msg("drill.rule-gate", forward=to_unicode(forward), shapes=shapes)


def _sizes(gate: Gate) -> tuple[Message, ...]:
    """The sizes that a gate is tried at first, where its shapes have any."""
    sizes = gate.drill.parts[0].draw.sizes
    text = [f"{name} = {size}" for name, size in sizes.items()]
    return (msg("drill.rule-gate-sizes", sizes=text),) if text else ()


def _examples(gate: Gate) -> tuple[Message, ...]:
    """What goes in and what comes out, for a forward."""
    part = gate.drill.parts[0]
    drawn = [(part.draw, part.run)]
    if part.run.shapes[-1] == ():
        second = draw(part.part, 1_000)
        drawn.append((second, run_at(part.part, second)))
    return tuple(
        msg(
            "drill.rule-example",
            inputs=[f"{name} = {typed_numbers(run.values[name])}" for name in part.graph.inputs],
            out=run.values[OUT],
        )
        for _, run in drawn[:EXAMPLES]
    )


def _passes(scope: AnswerScope, gate: Gate, tree: Tree) -> bool:
    for trial in gate.trials:
        try:
            value = np.asarray(value_at(scope, tree, trial.run))
        except EvaluationError:
            return False
        if not _close(value, trial.right, NUMERIC):
            return False
    return True


def _check_forward(question: RuleQuestion, text: str) -> Verdict:
    tree = _read_forward(question, text)
    for gate in question.gates:
        for trial in gate.trials:
            right = trial.run.values[OUT]
            try:
                value = np.asarray(evaluate(tree, _known(gate, trial.run), function_table()))
            except EvaluationError:
                if trial is gate.trials[0]:
                    raise
                value = np.full((0,), 0.0)
            if not _close(value, np.asarray(right), CLOSE):
                values = [f"{name} = {brief(trial.run.values[name])}" for name in question.inputs]
                known: dict[str, object] = {"values": values, "right": brief(right)}
                return Verdict("wrong", msg("checking.forward-differs", yours=brief(value), **known))
    return Verdict("right", msg("checking.forward-right", **_trials(question)))


def _trials(question: RuleQuestion) -> dict[str, object]:
    """How many trials there were, and what was different in them."""
    trials = [trial for gate in question.gates for trial in gate.trials]
    sizes = len({tuple(trial.run.shapes) for trial in trials}) > 1
    return {"count": len(trials), "of": msg("checking.of-sizes") if sizes else msg("checking.of-numbers")}


def _read_forward(question: RuleQuestion, text: str) -> Tree:
    sizes = {name for gate in question.gates for name in gate.drill.parts[0].part.sizes}
    names = frozenset({*question.inputs, *sizes, *CONSTANTS})
    return parse_answer(text, Scope(names, answer_functions(), borrowed=borrowed_calls()))


def _known(gate: Gate, run: Run) -> dict[str, Any]:
    """What names stand for at one of the gate's runs."""
    sizes = {name: float(size) for name, size in gate.drill.parts[0].runs.sizes_at(run).items()}
    return {**CONSTANTS, **sizes, **run.values}  # an input may be called as a size is


def _close(value: Any, right: Any, tolerance: float) -> bool:
    if np.shape(value) != np.shape(right):
        return False
    largest = max(float(np.max(np.abs(right), initial=0.0)), 1e-6)
    return bool(np.max(np.abs(value - right), initial=0.0) <= tolerance * largest)


def _shape(run: Run, name: str) -> tuple[int, ...]:
    return run.shapes[run.graph.find(name)]
