"""The preview of a lesson that is being written: the drill as learners see it, and below it a report on the file."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList

from tutor.text import msg
from tutor.ui.conversation import Conversation
from tutor.ui.keys import COURSE_QUIT, IN_PREVIEW, LANGUAGE, NEXT_NUMBERS, PLOTS, REPORT, TO_LESSON, bindings
from tutor.ui.problems import problem_paragraphs
from tutor.ui.screens.base import TutorScreen
from tutor.ui.screens.drill import DrillScreen
from tutor.ui.screens.overview import OverviewScreen
from tutor.ui.screens.summary import SummaryScreen
from tutor.ui.widgets.graph_pane import GraphPane
from tutor.ui.widgets.key_bar import KeyBar, Press
from tutor.ui.widgets.lesson_bar import LessonBar
from tutor.ui.widgets.prose import Paragraph, Prose
from tutor.ui.widgets.top_bar import TopBar, breadcrumb

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from tutor.authoring.trial import Trial
    from tutor.authoring.watch import Version
    from tutor.ui.preview_app import PreviewApp


def preview_app(pump: "MessagePump") -> "PreviewApp":
    """The app that a screen of the preview belongs to, as the class it is."""
    return cast("PreviewApp", pump.app)


class PreviewBar(LessonBar):
    """`preview › A first circuit` and `! 2  read 14:03:27  ━━━━━━━╸────  7/13`: no row less for the lesson."""

    def left(self) -> Content:
        """Says that this is a preview, then what a learner reads there."""
        return Content.assemble(
            (self.app.translate(msg("ui.watch")), "bold $warning"), (" › ", "$muted"), super().left()
        )

    def right(self) -> Content:
        """Warnings, if there are any, and when the file was read; then how far the drill is."""
        app = preview_app(self)
        count = len(app.version.warnings) if app.version is not None else 0
        warnings = (f"! {count}  ", "bold $warning") if count else ("", "")
        return Content.assemble(warnings, (self.app.translate(app.read_note), "$muted"), "  ", super().right())


class PreviewDrill(DrillScreen):
    """The very drill, over a session that nobody keeps; a new version of the lesson takes its place at once."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(NEXT_NUMBERS)]
    own_keys = IN_PREVIEW

    def body(self) -> ComposeResult:
        """The drill's own, but for the bar at the top."""
        for widget in super().body():
            yield PreviewBar(self.session) if isinstance(widget, LessonBar) else widget

    async def show_version(self, session: "Trial") -> None:
        """Go on with another version of the lesson, at the question of its session."""
        as_table = self.graph.as_table
        self.session = session
        self._talk = Conversation(session)
        self._over = False
        await self.recompose()
        if as_table:
            self.graph.toggle_table()
        self.on_mount()  # the widgets are new ones

    def keep_draft(self) -> None:
        """What stands in the box is not lost when the drill makes way for an error."""
        self._keep_draft()

    def action_next_numbers(self) -> None:
        """The numbers of the next seed."""
        preview_app(self).next_numbers()

    def action_overview(self) -> None:
        """All questions; go to any of them."""
        self._keep_draft()
        self.app.push_screen(PreviewOverview(self.session, self.quiet), self._go_to)

    def on_graph_pane_played(self, event: GraphPane.Played | None = None) -> None:
        """On to a summary from which every question can be asked again."""
        if event is not None:
            event.prevent_default()
        if self.is_current:
            self.app.switch_screen(PreviewSummary(self.session, None))

    def _show_keys(self) -> None:
        super()._show_keys()
        shown = [press for press in self.key_bar.presses if press.key.action != REPORT.action]
        self.key_bar.presses = (*shown, Press(NEXT_NUMBERS, rank=2), Press(REPORT, rank=1))


class PreviewOverview(OverviewScreen):
    """Every question can be gone to, whatever became of it."""

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go there."""
        event.prevent_default()
        self.dismiss(event.option_index)


class PreviewSummary(SummaryScreen):
    """The learner's own, but for the way back to any question."""

    def action_overview(self) -> None:
        """All questions; go to any of them."""
        self.app.push_screen(PreviewOverview(self.session, False), self._go_to)


class ReportBar(TopBar):
    """Which file, and when it was read."""

    def left(self) -> Content:
        """`preview › layer.yaml`."""
        return breadcrumb(self.app.translate(msg("ui.watch")), preview_app(self).path.name)

    def right(self) -> Content:
        """The time of the last look that found something new."""
        return Content.styled(self.app.translate(preview_app(self).read_note), "$muted")


class Report(Prose):
    """Everything that is wrong; of a lesson that can be opened its numbers, what to press, and warnings."""

    DEFAULT_CSS = """
    Report { padding: 1 2; }
    """

    def paragraphs(self) -> Sequence[Paragraph]:
        """What there is to say of the newest version."""
        version = preview_app(self).version
        if version is None:
            return (Paragraph(msg("ui.opening"), style="$muted"),)
        return tuple(self._sound(version) if version.drill is not None else self._broken(version))

    def _broken(self, version: "Version") -> Iterator[Paragraph]:
        errors = sum(problem.severity == "error" for problem in version.problems)
        yield Paragraph(msg("ui.watch-broken", count=errors), style="bold")
        yield from problem_paragraphs(self.app, version.problems)

    def _sound(self, version: "Version") -> Iterator[Paragraph]:
        drill = version.drill
        assert drill is not None
        yield Paragraph(drill.lesson.title, style="bold")
        yield Paragraph(str(preview_app(self).path), style="$muted")
        yield Paragraph("")
        facts = msg("ui.watch-facts", questions=len(drill.questions), worked=len(drill.worked), seed=drill.seed)
        yield Paragraph(facts)
        yield Paragraph(msg("ui.watch-unrecorded"))
        yield Paragraph("")
        if version.warnings:
            yield Paragraph(msg("ui.watch-warnings", count=len(version.warnings)), style="bold $accent")
            yield from problem_paragraphs(self.app, version.warnings)
            yield Paragraph("")
        yield Paragraph(msg("ui.watch-check"), style="$muted")


class ReportScreen(TutorScreen[None]):
    """Stands under the drill: it shows while there is no lesson to show, and when the author leaves the drill."""

    key_bar = getters.query_one(KeyBar)
    top_bar = getters.query_one(ReportBar)
    report = getters.query_one(Report)

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(TO_LESSON, NEXT_NUMBERS, PLOTS, COURSE_QUIT)]
    own_keys = (TO_LESSON, NEXT_NUMBERS, PLOTS, COURSE_QUIT)
    DEFAULT_CSS = """
    ReportScreen VerticalScroll { scrollbar-size-vertical: 1; }
    """

    def body(self) -> ComposeResult:
        """One text that scrolls."""
        yield ReportBar()
        with VerticalScroll():
            yield Report()
        yield KeyBar()

    def on_mount(self) -> None:
        """The keys that do something at this moment."""
        self.show()

    def show(self) -> None:
        """Say what there is to say now."""
        drill = preview_app(self).drill
        lesson = [Press(TO_LESSON, rank=0), Press(NEXT_NUMBERS, rank=1)] if drill is not None else []
        plots = [Press(PLOTS, rank=1)] if drill is not None and drill.lesson.plots else []
        self.key_bar.presses = (*lesson, *plots, Press(LANGUAGE, rank=2), Press(COURSE_QUIT, rank=0))
        self.top_bar.refresh()
        self.report.refresh(layout=True)

    def action_go_on(self) -> None:
        """Back to the drill."""
        preview_app(self).go_on()

    def action_plots(self) -> None:
        """What learners see at the end, without the way there."""
        from tutor.ui.screens.drill_plots import PlotsScreen

        drill = preview_app(self).drill
        if drill is not None and drill.lesson.plots:
            self.app.push_screen(PlotsScreen(drill))

    def action_next_numbers(self) -> None:
        """The numbers of the next seed."""
        preview_app(self).next_numbers()
