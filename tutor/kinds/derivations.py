"""The derivation that stands at the end, to keep as text and as LaTeX."""

from collections.abc import Sequence

from tutor.checking.reading.typed_lines import split_lines
from tutor.drill.notation import output_name
from tutor.drill.question import Drill, Question
from tutor.engine.function_table import latex_functions
from tutor.expr import to_latex, to_text
from tutor.expr.tree import Gradient
from tutor.kinds.derive_lines import DerivationLine, DeriveQuestion, TypedDerivation


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


def _read(drill: Drill, question: Question, lines: Sequence[str]) -> list[tuple[DerivationLine, str]]:
    """Every line, and where it passes over to the variable's shape, from which shape to which."""
    assert isinstance(question, DeriveQuestion)
    derivation = TypedDerivation(drill, question)
    found: list[tuple[DerivationLine, str]] = []
    passed = False
    for typed in split_lines("\n".join(lines)):
        line = derivation.read(typed)
        over = not passed and derivation.form_of(line.tree, passed=False) == "shaped"
        passed = passed or over
        shapes = f"{question.row.shape} → {derivation.question_of('shaped').shape}"
        found.append((line, shapes if over else ""))
    return found
