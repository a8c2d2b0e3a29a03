"""The course: units and lessons at the left, what the lesson under the cursor is about at the right."""

import contextlib
from typing import ClassVar

from textual import getters
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input

from tutor.places import real
from tutor.text import msg
from tutor.ui.keys import COURSE_HELP, COURSE_LANGUAGE, COURSE_QUIT, FIND, NEW_NUMBERS, OPEN, bindings
from tutor.ui.progress_view import FIRST, counted, lesson_to_go_on_with
from tutor.ui.screens.base import TutorScreen
from tutor.ui.widgets.course_list import CourseList
from tutor.ui.widgets.key_bar import KeyBar, Press
from tutor.ui.widgets.lesson_card import LessonCard
from tutor.ui.widgets.top_bar import TopBar, progress


class CourseTopBar(TopBar):
    """The name of the program, and how much of the course is done."""

    def left(self) -> Content:
        """`tutor`."""
        return Content.styled("tutor", "bold $accent")

    def right(self) -> Content:
        """`3 of 75 lessons done · 1 in progress`; how far reading has come while that takes long."""
        app = self.app
        if app.reading is not None:
            said = self.app.translate(msg("ui.course-reading-many"))
            return Content.assemble((f"{said}  ", "$muted"), progress(*app.reading))
        if app.course is None:
            return Content.styled(self.app.translate(msg("ui.course-reading")), "$muted")
        done, started = counted(app.course, app.marks)
        text = self.app.translate(msg("ui.course-known", done=done, total=len(app.course.ids)))
        if started:
            text += " ∙ " + self.app.translate(msg("ui.course-started", count=started))
        return Content.styled(text, "$muted")


class FindBox(Input):
    """Where the title of a lesson is typed; the list under it follows."""

    DEFAULT_CSS = """
    FindBox, FindBox:focus {
        height: 1; border: none; padding: 0 1; background: $background; background-tint: $background 0%; display: none;
    }
    FindBox.-open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "pass_on('move', -1)", show=False),
        Binding("down", "pass_on('move', 1)", show=False),
    ]

    def action_pass_on(self, action: str, by: int) -> None:
        """The arrows move in the list."""
        self.screen.query_one(CourseList).action_move(by)


class CourseScreen(TutorScreen[None]):
    """The first screen: nothing that it needs is slow to load; the files are looked through behind it."""

    find_box = getters.query_one(FindBox)
    lessons = getters.query_one(CourseList)
    top_bar = getters.query_one(CourseTopBar)
    card = getters.query_one(LessonCard)

    is_course = True

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(NEW_NUMBERS, FIND, COURSE_HELP, COURSE_LANGUAGE, COURSE_QUIT),
        Binding("escape", "unfind", show=False),
        Binding("enter", "start", show=False),
    ]
    DEFAULT_CSS = """
    CourseScreen #left { width: 1fr; min-width: 34; border: round $line; border-title-color: $accent; }
    CourseScreen #left { border-title-style: bold; }
    CourseScreen LessonCard { width: 1fr; height: 100%; }
    CourseScreen Horizontal { height: 1fr; margin-top: 1; }
    """

    def body(self) -> ComposeResult:
        """Two halves."""
        yield CourseTopBar()
        with Horizontal():
            with Vertical(id="left"):
                yield FindBox(compact=True, select_on_focus=False)
                yield CourseList()
            yield LessonCard()
        yield KeyBar(
            (
                Press(OPEN, rank=0),
                Press(NEW_NUMBERS, rank=3),
                Press(FIND, rank=2),
                Press(COURSE_LANGUAGE, rank=2),
                Press(COURSE_HELP, rank=1),
                Press(COURSE_QUIT, rank=1),
            )
        )

    def on_mount(self) -> None:
        """Show what is known from the last time."""
        self.relabel()
        self.lessons.focus()

    def on_screen_resume(self) -> None:
        """Back from a drill: it may be done now."""
        self.app.refresh_marks()
        self.show()

    def show(self) -> None:
        """List the course as it is known now, the cursor on the lesson that was left last."""
        app = self.app
        self.top_bar.refresh()
        if app.course is None:
            return
        going_on = lesson_to_go_on_with(app.course, app.marks)
        self.lessons.show(app.course, app.marks, going_on, app.left)
        app.left = None

    def relabel(self) -> None:
        """The titles of the frames and of the find box."""
        folder = self.app.folder
        title = msg("ui.course-title") if folder is None else real(folder).name
        self.query_one("#left").border_title = self.app.heading(title)
        self.find_box.placeholder = self.app.translate(msg("ui.course-find"))
        self._preview()

    # What the list says

    def on_course_list_pointed(self, event: CourseList.Pointed) -> None:
        """Another lesson is under the cursor."""
        event.stop()
        self._preview()

    def on_course_list_taken(self, event: CourseList.Taken) -> None:
        """Open it."""
        event.stop()
        self.action_unfind()
        self.app.open_entry(event.lesson)

    def _preview(self) -> None:
        app, row = self.app, self.lessons.row
        if row is not None and app.course is not None:
            self.card.show(app.course, app.marks, row.unit, row.lesson)

    # Keys

    def action_open(self) -> None:
        """The mouse on the key bar."""
        with contextlib.suppress(SkipAction):
            self.lessons.action_take()

    def action_start(self) -> None:
        """Enter before the lessons are read for the very first time: a newcomer need not wait for the others."""
        if self.app.course is None and self.app.folder is None:
            self.app.open_lesson(FIRST)

    def action_new_numbers(self) -> None:
        """The lesson under the cursor, begun again."""
        row = self.lessons.row
        if row is not None and row.lesson is not None and row.lesson.broken is None:
            self.app.open_entry(row.lesson, afresh=True)

    def action_find(self) -> None:
        """Type part of a title."""
        self.find_box.add_class("-open")
        self.find_box.focus()

    def action_unfind(self) -> None:
        """The whole list again, the cursor where it is."""
        self.find_box.value = ""
        self.find_box.remove_class("-open")
        self.lessons.find("")
        self.lessons.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The list follows what is typed."""
        event.stop()
        self.lessons.find(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes what is under the cursor."""
        event.stop()
        self.action_open()
