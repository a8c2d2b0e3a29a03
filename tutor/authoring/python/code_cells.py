"""The text of a Python file or of a notebook's code cells, and where in it a problem lies."""

import ast
import json
from dataclasses import dataclass

from tutor.lesson.file.problem import Problem
from tutor.text import Message


@dataclass(frozen=True, slots=True)
class CodeCell:
    """Python text; of a notebook, the line at which each cell begins."""

    text: str
    file: str
    starts: tuple[int, ...] = ()  # line numbers from 0

    def problem(self, line: int, column: int, message: Message) -> Problem:
        """An error at a line and column, both from 1; in a notebook the lines of each cell are counted."""
        rows = self.text.splitlines() or [""]
        quoted = rows[min(line, len(rows)) - 1]
        file, within = self.file, line
        for number, start in enumerate(self.starts, 1):
            if start < line:
                file, within = f"{self.file}[{number}]", line - start
        return Problem(file, within, column, "error", message.id.partition(".")[2], message, quoted)

    def problem_at(self, node: ast.AST, message: Message) -> Problem:
        """An error at a piece of code."""
        return self.problem(getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1, message)


def code_cells(text: str, file: str) -> CodeCell:
    """The Python that a file holds: all of it, or the code cells of a notebook without their magic lines."""
    if not file.endswith(".ipynb"):
        return CodeCell(text, file)
    try:
        cells = json.loads(text)["cells"]
        codes = [_code(each["source"]) for each in cells if each["cell_type"] == "code"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return CodeCell(text, file)  # no notebook: as Python it is refused in its first line
    starts, lines = [], 0
    for code in codes:
        starts.append(lines)
        lines += code.count("\n") + 1
    return CodeCell("\n".join(codes), file, tuple(starts))


def _code(source: str | list[str]) -> str:
    """A cell's text; lines for the notebook itself, `%matplotlib inline`, are emptied."""
    text = source if isinstance(source, str) else "".join(source)
    if text.lstrip().startswith("%%"):
        return ""
    return "\n".join("" if line.lstrip()[:1] in ("%", "!", "?") else line for line in text.splitlines())
