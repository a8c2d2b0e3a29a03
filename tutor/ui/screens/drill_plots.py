"""The plots of a drill: what the lesson shows at the end, computed at this drill's numbers."""

from typing import ClassVar

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from tutor.drawing.plot_pictures import Plot, plot_of
from tutor.drill.drill_plots import drill_plots
from tutor.drill.question import Drill
from tutor.text import Localised, msg
from tutor.ui.keys import BACK, TABLE, bindings
from tutor.ui.screens.base import TutorScreen
from tutor.ui.widgets.key_bar import KeyBar, Press
from tutor.ui.widgets.plot_text import PlotText
from tutor.ui.widgets.top_bar import TopBar


class PlotsScreen(TutorScreen[None]):
    """Computes in a thread, times are measured there too, and then shows all plots one below the other."""

    key_bar = getters.query_one(KeyBar)
    plots = getters.query_one(PlotText)

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(TABLE, BACK)]

    def __init__(self, drill: Drill) -> None:
        super().__init__()
        self._drill = drill

    def body(self) -> ComposeResult:
        """One text that scrolls."""
        yield TopBar(self._drill.lesson.title, msg("ui.key-plots"))
        with VerticalScroll():
            yield PlotText()
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin to compute."""
        self._show_keys()
        self._compute()

    def action_table(self) -> None:
        """The numbers for the pictures, or back."""
        self.plots.toggle_table()
        self._show_keys()

    def _show_keys(self) -> None:
        label = msg("ui.key-pictures") if self.plots.as_table else None
        self.key_bar.presses = (Press(TABLE, label, rank=0), Press(BACK, rank=0))

    @work(thread=True, exclusive=True)
    def _compute(self) -> None:
        import plotext  # noqa: F401 (loaded here, it costs the screen no time)

        several = len(self._drill.parts) > 1
        made: list[tuple[Localised | None, Plot]] = []
        for shown in drill_plots(self._drill):
            part = self._drill.parts[shown.part]
            number = f"{shown.part + 1}"
            name = part.part.name or Localised(number)
            made.append((name if several else None, plot_of(shown.study, part.graph.outputs)))
        self.call_later(self._computed, made)

    def _computed(self, made: list[tuple[Localised | None, Plot]]) -> None:
        if self.is_mounted:
            self.plots.show(made)
