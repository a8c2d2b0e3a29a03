"""`derive: {wrt: b, using: [u, h]}`: from the chain rule to a formula, each line equal to the one before."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
from pydantic import Field

from tutor.checking.reading.typed_lines import in_line, split_lines
from tutor.checking.verdict import Preview, Verdict
from tutor.checking.why.measured import total_measured
from tutor.checking.why.step import Step
from tutor.drill.chain_rule import chain_rule, gates_between, worked_out
from tutor.drill.named_lengths import NamedLengths
from tutor.drill.question import Drill, DrillPart, Entered, GradientQuestion
from tutor.drill.right_formulas import as_row, right_formula
from tutor.engine import Graph, Run
from tutor.expr import EvaluationError, ParseError, to_text
from tutor.expr.tree import Gradient, Name, Tree
from tutor.kinds.derivations import derivation_text
from tutor.kinds.derive_lines import DerivationLine, DeriveQuestion, Form, TypedDerivation
from tutor.kinds.derive_verdicts import at_the_end, judged
from tutor.kinds.kind import Asked, Kind, answer_hint, inner, skills_of
from tutor.lesson.ask_entries import Notes
from tutor.lesson.file.ask_schema import Fields, NameList
from tutor.lesson.model import Part
from tutor.lesson.question_load import PASSES, QuestionLoad, Shapes, sizes_of
from tutor.mistakes.target import Target
from tutor.text import Message, msg
from tutor.text.number_format import format_value


class Derive(Fields):
    """A derivation in lines, each equal to the one before."""

    wrt: str = Field(description="With respect to what: an input or a line.")
    using: NameList | None = Field(None, description="The names that may be left at the end: [u, h].")
    first: Literal["chain", "any"] = Field(
        "chain",
        description=(
            "chain (the default): the first line holds factors dA/dB only. any: it may be anything that is right."
        ),
    )


class DeriveKind(Kind[Derive, DeriveQuestion]):
    """Answers are lines, one at a time, that are kept where they are right."""

    name = "derive"
    fields = Derive
    describes = "A derivation, line by line: `derive: {wrt: b, using: [u, h]}`"
    entered = Entered.DERIVATION
    asks_how = True
    tried_elsewhere = True

    def note_faults(self, notes: Notes, fields: Derive) -> None:
        """A variable that is a node."""
        notes.must_be(("wrt",), fields.wrt, notes.nodes)

    def loads(self, part: Part, shapes: Shapes, fields: Derive, whole: int) -> Iterator[QuestionLoad]:
        """The factors dA/dB of neighbouring lines above a variable, each a Jacobian: a pass for a row or a column."""
        graph: Graph = part.graph
        above, matrix, passes = {fields.wrt}, 1, 1
        for line in graph.order:
            for source in {slot.source for slot in graph.lines[line].slots} & above:
                above.add(line)
                one, other = sizes_of(graph, shapes, line, source)
                matrix, passes = max(matrix, one * other), max(passes, min(one, other))
        yield QuestionLoad(1, matrix, whole * (PASSES + passes))

    def build(self, asked: Asked[Derive]) -> DeriveQuestion:
        """`typed` is the chain rule, its Jacobians written out where they are short, and the formula."""
        run, fields, convention = asked.run, asked.fields, asked.convention
        row = _form(asked, "jacobian")
        shaped = _form(asked, "shape") if convention == "shape" and _differ(run, fields.wrt) else None
        chain = chain_rule(run, fields.wrt, _arriving(asked))
        wants_chain = fields.first == "chain" and chain is not None
        given = tuple(f"d{name}" for name in asked.part.upstream)
        using = None if fields.using is None else tuple(fields.using)
        return DeriveQuestion(
            **asked.head(fields.wrt),
            wrt=(fields.wrt,),
            using=using,
            convention=convention,
            chain=wants_chain,
            row=row,
            shaped=shaped,
            given=given,
            symbol=row.symbol,
            prompt=msg("drill.prompt-derive-using", using=list(using)) if using else msg("drill.prompt-derive"),
            typed=_typed(asked, chain, given, wants_chain=wants_chain),
            skills=(*skills_of(run.graph, "derive", [fields.wrt]), *(("convention",) if shaped is None else ())),
            shape=(shaped or row).shape,
        )

    def check(self, drill: Drill, question: DeriveQuestion, text: str, earlier: Mapping[str, str]) -> Verdict:
        """The verdict on all lines so far: on the first that departs, or on how far the last one has come.

        `lines` of the verdict are those that stand. A right derivation that is not at its end is `right-but`, with the
        mistake `unfinished`; it ends with the first line of allowed names only, which may be in Jacobian form whatever
        the question goes by. In a text that was read, what comes behind a wrong line is not judged.
        """
        derivation = TypedDerivation(drill, question)
        before: DerivationLine | None = None
        passed = False
        form: Form = "both"
        stand: tuple[str, ...] = ()
        for typed_line in split_lines(text):
            try:
                line = derivation.read(typed_line)
                verdict, form = judged(derivation, line, before, passed=passed)
            except EvaluationError as error:
                return Verdict("unreadable", error.message, span=line.typed.moved(error.span), lines=stand)
            except ParseError as error:
                return Verdict("unreadable", error.message, span=error.span, lines=stand)
            if verdict is not None:
                several = typed_line.number > 1 or typed_line.text != text.strip()
                said = in_line(typed_line.number, verdict.message) if several else verdict.message
                return replace(line.typed.placed(verdict), message=said, lines=stand)
            stand, before, passed = (*stand, typed_line.text), line, passed or form == "shaped"
        assert before is not None
        return replace(at_the_end(derivation, before, form, len(stand)), lines=stand)

    def preview(self, drill: Drill, question: DeriveQuestion, text: str) -> Preview:
        """What was understood of the last line, with its shape."""
        derivation = TypedDerivation(drill, question)
        line = derivation.read(split_lines(text)[-1])
        made = Preview.of_tree(line.tree, lambda: derivation.value(line.tree, derivation.part.run))
        return replace(made, span=line.typed.moved(made.span))

    def hints(self, drill: Drill, question: DeriveQuestion) -> list[Message]:
        """What is asked, the rule, the way from the output, this drill's sizes, a whole derivation."""
        run = drill.part_of(question).run
        graph = run.graph
        stops = gates_between(graph, graph.outputs[0], question.wrt[0])
        sizes = [f"{name}: {run.shapes[graph.find(name)]}" for name in stops]
        form = (question.shaped or question.row).shape
        return [
            msg("checking.hint-derive", symbol=question.symbol, first=msg("checking.hint-derive-chain"))
            if question.chain
            else msg("checking.hint-derive", symbol=question.symbol, first=msg("checking.hint-derive-any")),
            msg("checking.hint-derive-rule"),
            msg("checking.hint-derive-way", way=" → ".join(stops)),
            msg("checking.hint-derive-sizes", sizes=sizes, shape=form),
            answer_hint(question, format_value((question.shaped or question.row).expected)),
        ]

    def derivation(self, drill: Drill, question: DeriveQuestion) -> Iterator[Step | Message]:
        if question.typed is not None:
            lines = [line.strip() for line in question.typed.split(";")]
            yield from (Step(line.strip()) for line in derivation_text(drill, question, lines).split("\n"))

    def measured(self, part: DrillPart, question: DeriveQuestion) -> Iterator[Step | Message]:
        yield from total_measured(part, question.line or "")


def _form(asked: Asked[Derive], convention: Literal["shape", "jacobian"]) -> GradientQuestion:
    """The gradient in one convention, as a question for its formula."""
    return inner(asked, Target("total", None, asked.fields.variables, convention=convention), Entered.FORMULA)


def _differ(run: Run, wrt: str) -> bool:
    """Is the gradient's shape another than that of the row of a Jacobian?"""
    shape = run.shapes[run.graph.find(wrt)]
    return shape not in ((), (1, int(np.prod(shape))))


def _arriving(asked: Asked[Derive]) -> Tree | None:
    """What the lesson gives the output, as a row in front of the chain; None where nothing but the 1 arrives."""
    top = asked.run.graph.outputs[0]
    if top not in asked.part.upstream:
        return None
    # In Jacobian form `ds` is a row already.
    given = Gradient(None, top)
    return (
        given
        if asked.convention == "jacobian"
        else as_row(given, asked.run.shapes[asked.run.graph.find(top)], asked.run)
    )


def _typed(asked: Asked[Derive], chain: Tree | None, given: tuple[str, ...], *, wants_chain: bool) -> str | None:
    run, wrt, allowed = asked.run, asked.fields.wrt, asked.fields.using
    using = (*(allowed if allowed is not None else (*run.graph.index, "e", "pi")), *given)
    lengths = NamedLengths(asked.part, asked.draw, run)
    target = Target("total", None, (wrt,), convention=asked.convention)
    last = right_formula(run, target, using, asked.part.sizes, asked.part.upstream, lengths)
    if last is None or (wants_chain and chain is None):
        return None
    lines = [] if chain is None else [to_text(chain)]
    if len(run.graph.outputs) == 1:
        middle = worked_out(run, wrt, _lengths(asked), _arriving(asked))
        if middle is not None:
            lines.append(to_text(middle))
    if last not in lines:
        lines.append(last)
    return "; ".join(lines)


def _lengths(asked: Asked[Derive]) -> dict[str, str]:
    """The names of the lengths of inputs that are columns (n, 1) or vectors (n,)."""
    return {
        name: given.dims[0].name
        for name, given in asked.part.given.items()
        if given.dims and isinstance(given.dims[0], Name) and given.dims[1:] in ((), (1,))
    }
