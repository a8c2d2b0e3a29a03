"""A verdict as paragraphs: its sign, what the tutor says, and a matrix with the entries that are off."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from tutor.checking import Verdict
from tutor.drill.notation import places_off
from tutor.drill.question import Question
from tutor.text import msg
from tutor.ui.base_app import Spoken
from tutor.ui.widgets.answer_grid import cells_of
from tutor.ui.widgets.prose import Paragraph

SIGNS = {"right": ("✓", "bold $success"), "wrong": ("✗", "bold $error")}
FREE = ("↺", "bold $warning")
MOST_ROWS = 6


def paragraphs_of(question: Question, verdict: Verdict, typed: str) -> list[Paragraph]:
    """What to show for a verdict; anything but right and wrong costs nothing and says so."""
    sign, style = SIGNS["right"] if verdict.unfinished else SIGNS.get(verdict.kind, FREE)
    if verdict.kind == "right":
        answer = f"{question.symbol} = {typed}" if question.has_symbol else typed
        return [Paragraph((f"{answer} ∙ ", verdict.message), mark=sign, mark_style=style)]
    if verdict.unfinished:
        return [Paragraph(verdict.message, mark=sign, mark_style=style)]
    text: tuple[Spoken, ...] = (verdict.message,)
    if verdict.kind == "unreadable" and verdict.span is not None:
        # What is wrong stands right under the spot.
        text = (msg("ui.refused" if verdict.parsed else "ui.unreadable"),)
    elif verdict.free:
        text = (verdict.message, " ", msg("ui.free"))
    return [Paragraph(text, mark=sign, mark_style=style), *_marked(verdict.wrong_entries, typed, question.shape)]


def _marked(wrong: Sequence[tuple[int, ...]], typed: str, shape: tuple[int, ...]) -> list[Paragraph]:
    cells = cells_of(typed) if wrong else None
    places, axes = places_off(wrong, shape), len(shape)
    named = [] if places is None else [Paragraph(places, mark=" ")]
    if cells is None or len(cells) * len(cells[0]) < 2:
        return named
    off = {place if axes == 2 else (0, *place) for place in wrong}
    widths = [max(cell_len(row[column]) + 1 for row in cells) for column in range(len(cells[0]))]
    lines = named
    for row, entries in enumerate(cells[:MOST_ROWS]):
        parts: list[tuple[str, str]] = []
        for column, entry in enumerate(entries):
            is_off = (row, column) in off or (len(cells[0]) == 1 and axes == 1 and (0, row) in off)
            text = entry + ("✗" if is_off else "")
            parts.append((text + " " * (widths[column] - cell_len(text) + 2), "bold $error" if is_off else ""))
        lines.append(Paragraph("", mark=" ", ready=Content.assemble(*parts)))
    return lines
