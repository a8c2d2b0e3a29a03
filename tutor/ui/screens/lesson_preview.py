"""The preview of a lesson that is being written: the drill as learners see it, and below it a report on the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList

from tutor.authoring.author_session import AuthorSession
from tutor.authoring.watch import Version
from tutor.drill.question import Drill
from tutor.learner.session import Session
from tutor.text import Message, msg
from tutor.ui.conversation import Conversation
from tutor.ui.keys import COURSE_QUIT, IN_PREVIEW, LANGUAGE, NEXT_NUMBERS, PLOTS, REPORT, TO_LESSON, bindings
from tutor.ui.problems import problem_paragraphs
from tutor.ui.screens.base import TutorScreen
from tutor.ui.screens.drill import DrillScreen
from tutor.ui.screens.drill_plots import PlotsScreen
from tutor.ui.screens.overview import OverviewScreen
from tutor.ui.screens.summary import SummaryScreen
from tutor.ui.widgets.graph_pane import GraphPane
from tutor.ui.widgets.key_bar import KeyBar, Press
from tutor.ui.widgets.lesson_bar import LessonBar
from tutor.ui.widgets.prose import Paragraph, Prose
from tutor.ui.widgets.top_bar import TopBar


@dataclass
class LessonFile:
    """The file that is being written."""

    path: Path
    version: Version | None = None
    """What it held when it was read last; None before the first time."""
    note: Message | str = ""
    """When that was."""

    @property
    def drill(self) -> Drill | None:
        """The drill of the newest version; None where that is broken."""
        return self.version.drill if self.version is not None else None


class PreviewBar(LessonBar):
    """`preview › A first circuit` and `! 2  read 14:03:27  ━━━━━━━╸────  7/13`: no row less for the lesson."""

    def __init__(self, session: Session, file: LessonFile) -> None:
        super().__init__(session)
        self._file = file

    def left(self) -> Content:
        """Says that this is a preview, then what a learner reads there."""
        watch = self.app.translate(msg("ui.watch"))
        return Content.assemble((watch, "bold $warning"), (" › ", "$muted"), super().left())

    def right(self) -> Content:
        """Warnings, if there are any, and when the file was read; then how far the drill is."""
        count = len(self._file.version.warnings) if self._file.version is not None else 0
        warnings = (f"! {count}  ", "bold $warning") if count else ("", "")
        return Content.assemble(warnings, (self.app.translate(self._file.note), "$muted"), "  ", super().right())


class PreviewDrill(DrillScreen):
    """The very drill, over a session that nobody keeps; a new version of the lesson takes its place at once."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(NEXT_NUMBERS)]
    own_keys = IN_PREVIEW

    def __init__(self, session: Session, file: LessonFile) -> None:
        super().__init__(session)
        self._file = file

    def body(self) -> ComposeResult:
        """The drill's own, but for the bar at the top."""
        for widget in super().body():
            yield PreviewBar(self.session, self._file) if isinstance(widget, LessonBar) else widget

    async def show_version(self, session: AuthorSession) -> None:
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

    def __init__(self, file: LessonFile) -> None:
        super().__init__(msg("ui.watch"), file.path.name)
        self._file = file

    def right(self) -> Content:
        """The time of the last look that found something new."""
        return Content.styled(self.app.translate(self._file.note), "$muted")


class Report(Prose):
    """Everything that is wrong; of a lesson that can be opened its numbers, what to press, and warnings."""

    DEFAULT_CSS = """
    Report { padding: 1 2; }
    """

    def __init__(self, file: LessonFile) -> None:
        super().__init__()
        self._file = file

    def paragraphs(self) -> Sequence[Paragraph]:
        """What there is to say of the newest version."""
        version = self._file.version
        if version is None:
            return (Paragraph(msg("ui.opening"), style="$muted"),)
        return tuple(self._sound(version) if version.drill is not None else self._broken(version))

    def _broken(self, version: Version) -> Iterator[Paragraph]:
        errors = sum(problem.severity == "error" for problem in version.problems)
        yield Paragraph(msg("ui.watch-broken", count=errors), style="bold")
        yield from problem_paragraphs(self.app, version.problems)

    def _sound(self, version: Version) -> Iterator[Paragraph]:
        drill = version.drill
        assert drill is not None
        yield Paragraph(drill.lesson.title, style="bold")
        yield Paragraph(str(self._file.path), style="$muted")
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

    def __init__(self, file: LessonFile) -> None:
        super().__init__()
        self._file = file

    def body(self) -> ComposeResult:
        """One text that scrolls."""
        yield ReportBar(self._file)
        with VerticalScroll():
            yield Report(self._file)
        yield KeyBar()

    def on_mount(self) -> None:
        """The keys that do something at this moment."""
        self.show()

    def show(self) -> None:
        """Say what there is to say now."""
        drill = self._file.drill
        lesson = [Press(TO_LESSON, rank=0), Press(NEXT_NUMBERS, rank=1)] if drill is not None else []
        plots = [Press(PLOTS, rank=1)] if drill is not None and drill.lesson.plots else []
        self.key_bar.presses = (*lesson, *plots, Press(LANGUAGE, rank=2), Press(COURSE_QUIT, rank=0))
        self.top_bar.refresh()
        self.report.refresh(layout=True)

    def action_plots(self) -> None:
        """What learners see at the end, without the way there."""
        drill = self._file.drill
        if drill is not None and drill.lesson.plots:
            self.app.push_screen(PlotsScreen(drill))
