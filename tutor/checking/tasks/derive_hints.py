"""Hints for `derive`, and the derivation that stands at the end, to keep as text and as LaTeX."""

from collections.abc import Sequence

from tutor.checking.tasks.derive_lines import Derivation, Line
from tutor.checking.tasks.lines import split_lines
from tutor.drill.question import Drill, Question, TaskQuestion
from tutor.drill.tasks.chain import gates_between
from tutor.drill.texts import output_name
from tutor.engine.functions import latex_functions
from tutor.expr import to_latex, to_text
from tutor.expr.tree import Gradient
from tutor.text import Message, msg
from tutor.text.numbers import show


def hints(drill: Drill, question: TaskQuestion) -> list[Message]:
    """What is asked, the rule, the way from the output, this drill's sizes, a whole derivation."""
    part, task = drill.part_of(question), question.task
    run, graph = part.run, part.graph
    stops = gates_between(graph, graph.outputs[0], task.wrt)
    sizes = [f"{name}: {run.shapes[graph.find(name)]}" for name in stops]
    form = (task.shaped or task.row).shape
    return [
        msg("checking.hint-derive", symbol=question.symbol, first=msg("checking.hint-derive-chain"))
        if task.chain
        else msg("checking.hint-derive", symbol=question.symbol, first=msg("checking.hint-derive-any")),
        msg("checking.hint-derive-rule"),
        msg("checking.hint-derive-way", way=" → ".join(stops)),
        msg("checking.hint-derive-sizes", sizes=sizes, shape=form),
        msg("checking.hint-answer", answer=question.typed or show((task.shaped or task.row).expected)),
    ]


def derivation_text(drill: Drill, question: Question, lines: Sequence[str]) -> str:
    """The lines as a derivation to keep: `∂s/∂b`, then `= ...` line by line, `→` where one passes to a shape.

    Raises ParseError for a line that cannot be read.
    """
    written = [question.symbol]
    for line, over in _read(drill, question, lines):
        written.append(f"  {'→' if over else '='} {to_text(line.tree)}{'    ' + over if over else ''}")
    return "\n".join(written)


def derivation_latex(drill: Drill, question: Question, lines: Sequence[str]) -> str:
    """The same as an `aligned` block for LaTeX's mathematics mode; raises ParseError."""
    rows = []
    for line, over in _read(drill, question, lines):
        sign = r"\longrightarrow" if over else "="
        size = rf" \qquad {over.replace('→', chr(92) + 'to')}" if over else ""
        rows.append(rf"&{sign} {to_latex(line.tree, latex_functions())}{size}")
    top = output_name(drill.part_of(question).run)
    head = to_latex(Gradient(top, question.wrt[0]), latex_functions())
    return "\\begin{aligned}\n" + head + " " + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _read(drill: Drill, question: Question, lines: Sequence[str]) -> list[tuple[Line, str]]:
    """Every line, and where it passes over to the variable's shape, from which shape to which."""
    assert isinstance(question, TaskQuestion)
    derivation = Derivation(drill, question)
    found: list[tuple[Line, str]] = []
    passed = False
    for typed in split_lines("\n".join(lines)):
        line = derivation.read(typed)
        over = not passed and derivation.form_of(line.tree, passed=False) == "shaped"
        passed = passed or over
        shapes = f"{derivation.task.row.shape} → {derivation.question_of('shaped').shape}"
        found.append((line, shapes if over else ""))
    return found
