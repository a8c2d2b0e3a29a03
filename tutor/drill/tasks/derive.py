"""`derive: {wrt: b, using: [u, h]}`: from the chain rule to a formula, line by line."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tutor.drill.formulas import as_row, typed_formula
from tutor.drill.lengths import Lengths
from tutor.drill.question import GradientQuestion, TaskQuestion
from tutor.drill.tasks.asked import Asked
from tutor.drill.tasks.chain import chain_rule, worked_out
from tutor.drill.tasks.skills import skills_of
from tutor.drill.texts import symbol
from tutor.engine import Run
from tutor.expr import to_text
from tutor.expr.tree import Gradient, Name, Tree
from tutor.mistakes.target import Convention, Target, truth
from tutor.text import msg

Forms = tuple[GradientQuestion, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Derive:
    """What lines may be equal to: `row` is the gradient in Jacobian form, `shaped` in its variable's shape.

    `shaped` is None where the question asks for Jacobian form, or where the two are the same. `chain` asks that the
    first line hold factors `dA/dB` only. `given` are the gradients `dA` of outputs that the lesson gives.
    """

    wrt: str
    using: tuple[str, ...] | None
    convention: Convention
    chain: bool
    row: GradientQuestion
    shaped: GradientQuestion | None
    given: tuple[str, ...]

    @property
    def terms(self) -> tuple[object, ...]:
        """What decides whether a line is right or the last."""
        return (self.using, self.convention, self.chain)


def build(asked: Asked) -> TaskQuestion:
    """`typed` is the chain rule, its Jacobians written out where they are short, and the formula."""
    run, wrt = asked.run, asked.ask.wrt[0]
    convention = asked.ask.convention or asked.part.convention
    row = _form(asked, "jacobian")
    shaped = _form(asked, "shape") if convention == "shape" and _differ(run, wrt) else None
    factors = chain_rule(run, wrt, _arriving(asked, convention))
    task = Derive(
        wrt=wrt,
        using=asked.ask.using,
        convention=convention,
        chain=asked.ask.options.get("first", "chain") == "chain" and factors is not None,
        row=row,
        shaped=shaped,
        given=tuple(f"d{name}" for name in asked.part.upstream),
    )
    using = list(task.using or ())
    return asked.question(
        wrt,
        task,
        symbol=row.symbol,
        prompt=msg("drill.prompt-derive-using", using=using) if using else msg("drill.prompt-derive"),
        typed=_typed(asked, task),
        skills=(*skills_of(run.graph, "derive", [wrt]), *(("convention",) if shaped is None else ())),
        shape=(shaped or row).shape,
    )


def _form(asked: Asked, convention: Literal["shape", "jacobian"]) -> GradientQuestion:
    """The gradient in one convention, as a question for its formula."""
    target = Target("total", None, asked.ask.wrt, convention=convention)
    expected = np.asarray(truth(asked.run, target))
    sign = symbol(asked.run, target)
    return GradientQuestion(
        id=f"{asked.number + 1}/derive {asked.ask.wrt[0]} {convention}",
        kind="formula",
        part=asked.number,
        of=None,
        wrt=target.wrt,
        target=target,
        expected=expected,
        shape=tuple(expected.shape),
        symbol=sign,
        prompt=msg("drill.prompt-formula"),
        typed=None,
        skills=(),
    )


def _differ(run: Run, wrt: str) -> bool:
    """Is the gradient's shape another than that of the row of a Jacobian?"""
    shape = run.shapes[run.graph.find(wrt)]
    return shape not in ((), (1, int(np.prod(shape))))


def _arriving(asked: Asked, convention: Convention) -> Tree | None:
    """What the lesson gives the output, as a row in front of the chain; None where nothing but the 1 arrives."""
    top = asked.run.graph.outputs[0]
    if top not in asked.part.upstream:
        return None
    # In Jacobian form `ds` is a row already.
    given = Gradient(None, top)
    return given if convention == "jacobian" else as_row(given, asked.run.shapes[asked.run.graph.find(top)], asked.run)


def _typed(asked: Asked, task: Derive) -> str | None:
    run = asked.run
    names = set(run.graph.index)
    using = (*(task.using if task.using is not None else (*names, "e", "pi")), *task.given)
    lengths = Lengths(asked.part, asked.draw, run)
    target = Target("total", None, (task.wrt,), convention=task.convention)
    last = typed_formula(run, target, using, asked.part.sizes, asked.part.upstream, lengths)
    arriving = _arriving(asked, task.convention)
    chain = chain_rule(run, task.wrt, arriving)
    if last is None or (task.chain and chain is None):
        return None
    lines = [] if chain is None else [to_text(chain)]
    middle = worked_out(run, task.wrt, _lengths(asked), arriving) if len(run.graph.outputs) == 1 else None
    if middle is not None:
        lines.append(to_text(middle))
    if last not in lines:
        lines.append(last)
    return "; ".join(lines)


def _lengths(asked: Asked) -> dict[str, str]:
    """The names of the lengths of inputs that are columns (n, 1) or vectors (n,)."""
    return {
        name: given.dims[0].name
        for name, given in asked.part.given.items()
        if given.dims and isinstance(given.dims[0], Name) and given.dims[1:] in ((), (1,))
    }
