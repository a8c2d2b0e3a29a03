"""Plots to scroll through: title, what to see, and the picture or the table."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.cells import cell_len
from textual.content import Content

from tutor.drawing.plot_pictures import Bar, Plot, bar_of, curve_lines
from tutor.text import Localised, Message, msg
from tutor.text.columns import aligned_table
from tutor.text.message import render
from tutor.ui.base_app import Spoken
from tutor.ui.widgets.prose import Paragraph, Prose

WIDEST = 100
HEIGHT = 14
_SIGNS = {"→": "$value", "←": "$gradient", "×": "$accent", "+": "$secondary"}
_FRAME = re.compile(r"[│┤]")


class PlotText(Prose):
    """All plots of a drill, one below the other; before they are computed, that they are being computed."""

    DEFAULT_CSS = """
    PlotText { padding: 1 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._plots: Sequence[tuple[Localised | None, Plot]] | None = None
        self._as_table = False
        self._set: tuple[object, list[Content]] | None = None

    def show(self, plots: Sequence[tuple[Localised | None, Plot]]) -> None:
        """These plots, each with the name of its graph where the lesson has several."""
        self._plots = plots
        self._renew()

    @property
    def as_table(self) -> bool:
        """Tables show in place of pictures."""
        return self._as_table

    def toggle_table(self) -> None:
        """The numbers for the pictures, or back."""
        self._as_table = not self._as_table
        self._renew()

    def _renew(self) -> None:
        self._set = None
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[Content]:
        key = (width, self.app.language)
        if self._set is None or self._set[0] != key:
            lines = [line for paragraph in self._paragraphs(width) for line in self.lines_of(paragraph, width)]
            self._set = (key, lines)
        return self._set[1]

    def _paragraphs(self, width: int) -> Iterator[Paragraph]:
        if self._plots is None:
            yield Paragraph(msg("ui.plots-computing"), style="$muted")
        elif not self._plots:
            yield Paragraph(msg("ui.no-plots"), style="$muted")
        for number, (name, plot) in enumerate(self._plots or ()):
            if number:
                yield Paragraph("")
            title = self.app.translate(plot.title)
            yield Paragraph(title if name is None else f"{title} ∙ {self.app.translate(name)}", style="bold $accent")
            yield Paragraph(plot.caption)
            yield Paragraph("")
            for line in self._picture(plot, min(width, WIDEST)):
                yield Paragraph("", ready=line)

    def _picture(self, plot: Plot, width: int) -> Iterator[Content]:
        if self._as_table or not (plot.axes or plot.bars):
            head, *rows = aligned_table([[self._cell(cell) for cell in row] for row in (plot.head, *plot.rows)])
            yield Content.styled(head, "$muted")
            yield from map(Content, rows)
        elif plot.axes is not None:
            marks = {curve.mark for curve in plot.axes.curves}
            yield from (_coloured(line, marks) for line in curve_lines(plot.axes, width, HEIGHT))
        else:
            yield from self._bars(plot.bars, width)

    def _bars(self, bars: Sequence[Bar], width: int) -> Iterator[Content]:
        labels = [self._cell(bar.label) for bar in bars]
        texts = [self._cell(bar.text) for bar in bars]
        column = max(map(cell_len, labels)) + 2
        room = max(width - column - max(map(cell_len, texts)) - 4, 4)
        most = max(bar.value for bar in bars)
        for bar, label, text in zip(bars, labels, texts, strict=True):
            drawn, style = bar_of(bar, most, room), _SIGNS.get(bar.sign, "")
            label += " " * (column - cell_len(label))
            yield Content.assemble(label, (f"{bar.sign} ", style), (drawn, style), f" {text}" if drawn else text)

    def _cell(self, cell: Spoken) -> str:
        return render(cell, self.app.language) if isinstance(cell, Message) else self.app.translate(cell)


def _coloured(line: str, marks: set[str]) -> Content:
    """The marks of the curves stand out inside the frame, dots and frame step back."""
    frame = _FRAME.search(line)
    inside = frame.end() if frame is not None else len(line)
    parts = [(line[:inside], "$muted")]
    styles = dict(zip(sorted(marks), ("bold $accent", "bold $value"), strict=False))
    for style, run in groupby(line[inside:], lambda character: styles.get(character, "$muted")):
        parts.append(("".join(run), style))
    return Content.assemble(*parts)
