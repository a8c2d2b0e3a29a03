"""A verdict as paragraphs: its sign, what the tutor says, and a matrix with the entries that are off."""

from itertools import product
from math import prod

from rich.cells import cell_len
from textual.content import Content

from tutor.checking import Verdict
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
    return [Paragraph(text, mark=sign, mark_style=style), *_marked(verdict, typed, question.shape)]


def _marked(verdict: Verdict, typed: str, shape: tuple[int, ...]) -> list[Paragraph]:
    """The entries that are off: marked where they are typed one by one, else named."""
    cells = cells_of(typed) if verdict.wrong_entries else None
    columns = 0 if cells is None else len(cells[0])
    if cells is None or not 2 <= len(cells) * columns == prod(shape):
        places = verdict.places_off(shape)
        return [] if places is None else [Paragraph(places, mark=" ")]
    # A column may be typed as a row: what counts is the order of reading.
    off = {number for number, place in enumerate(product(*map(range, shape))) if place in verdict.wrong_entries}
    widths = [max(cell_len(row[column]) + 1 for row in cells) for column in range(columns)]
    lines = []
    for row, entries in enumerate(cells[:MOST_ROWS]):
        parts: list[tuple[str, str]] = []
        for column, entry in enumerate(entries):
            is_off = row * columns + column in off
            text = entry + ("✗" if is_off else "")
            parts.append((text + " " * (widths[column] - cell_len(text) + 2), "bold $error" if is_off else ""))
        lines.append(Paragraph("", mark=" ", ready=Content.assemble(*parts)))
    return lines
