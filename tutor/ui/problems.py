"""What is wrong with a lesson, as paragraphs: the sentence, the place, the line in question and a caret under it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tutor.text import visible
from tutor.ui.base_app import BaseApp
from tutor.ui.widgets.prose import Paragraph

if TYPE_CHECKING:
    from tutor.lesson.file.problem import Problem

_MARKS = {"error": ("✗", "bold $error"), "warning": ("!", "bold $warning")}
_FAR = 48  # columns before the spot that are shown of a long line
_LONGEST = 56


def problem_paragraphs(app: BaseApp, problems: "Sequence[Problem]") -> Iterator[Paragraph]:
    """Each problem below an empty line, in the language on screen."""
    for problem in problems:
        mark, style = _MARKS[problem.severity]
        where = f"{Path(problem.file).name}:{problem.line}:{problem.column}"
        yield Paragraph("")
        yield Paragraph(problem.message, mark=mark, mark_style=style)
        yield Paragraph(where, mark=" ", style="$muted")
        if problem.quoted.strip():
            yield Paragraph("\n".join(pointed_at(problem)), mark=" ", as_is=True)


def pointed_at(problem: "Problem") -> tuple[str, str]:
    """The quoted line and the caret; of a long line only what stands around the spot."""
    quoted = problem.quoted.expandtabs(1)
    start = max(problem.column - 1 - _FAR, 0) if cell_len(quoted) > _LONGEST else 0
    cut = "…" if start else ""
    before = cut + visible(quoted[start : problem.column - 1])
    return cut + visible(quoted[start:]), " " * cell_len(before) + "▲"
