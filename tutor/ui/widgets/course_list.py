"""The list of units and lessons on the course screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events, getters
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tutor.course.units import Course, CourseEntry, Unit
from tutor.text import Message as Text
from tutor.ui.base_app import BaseApp
from tutor.ui.progress_view import Mark, Standing, done_by_unit, standing

if TYPE_CHECKING:
    from tutor.learner.store import Mark as StoredMark

MARKS: Mapping[Mark, str] = {"new": "·", "started": "•", "done": "✓", "broken": "!"}


class Row(NamedTuple):
    """One row: a unit, or a lesson of it."""

    unit: Unit
    place: int | None = None
    """The lesson's place in its unit."""

    @property
    def lesson(self) -> CourseEntry | None:
        """The lesson, if it is the row of one."""
        return None if self.place is None else self.unit.lessons[self.place]

    @property
    def id(self) -> str | None:
        """The id of the lesson, which is known without a look at the lesson itself."""
        return None if self.place is None else self.unit.ids[self.place]


class CourseList(ScrollView, can_focus=True):
    """Units that open and close; lessons with marks; `continue` on the one that Enter should take.

    Only the rows in view are drawn, so that ten thousand lessons cost what ten do.
    """

    app = getters.app(BaseApp)

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "course--unit",
        "course--lesson",
        "course--note",
        "course--mark",
        "course--continue",
        "course--broken",
        "course--cursor",
    }
    """
    | Class | What it colours |
    | :- | :- |
    | `course--unit`, `course--lesson` | Titles. |
    | `course--note` | Counts at the right. |
    | `course--mark` | The mark of a lesson that was begun or finished. |
    | `course--continue` | The word `continue`. |
    | `course--broken` | A lesson that cannot be opened. |
    | `course--cursor` | The row that Enter takes. |
    """

    DEFAULT_CSS = """
    CourseList {
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; overflow-x: hidden;
        .course--unit { text-style: bold; }
        .course--note { color: $muted; }
        .course--mark, .course--continue { color: $accent; }
        .course--continue { text-style: bold; }
        .course--broken { color: $error; }
        .course--cursor { background: $accent 18%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,g", "move(-100000)", show=False),
        Binding("end,G", "move(100000)", show=False),
        Binding("left", "fold(False)", show=False),
        Binding("right", "fold(True)", show=False),
        Binding("enter,space", "take", show=False),
    ]

    cursor: reactive[int] = reactive(0, init=False)
    """The row that Enter takes."""

    @dataclass
    class Pointed(Message):
        """The cursor has come to another row; replaces an older one that nobody has read; bubbles."""

        row: Row

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor is now matters."""
            return isinstance(message, CourseList.Pointed)

    @dataclass
    class Taken(Message):
        """A lesson was chosen; bubbles."""

        lesson: CourseEntry

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._units: Sequence[Unit] = ()
        self._marks: Mapping[str, StoredMark] = {}
        self._numbers: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._open: set[str] = set()
        self._next: str | None = None
        self._filter = ""
        self._rows: list[Row] = []

    # What is listed

    def show(self, course: Course, marks: "Mapping[str, StoredMark]", next_: str | None, at: str | None = None) -> None:
        """List the units of a course, the cursor on lesson `at`, else where it was, else on the one to go on with."""
        before = self.row
        self._units, self._marks, self._next = course.units, marks, next_
        self._numbers = {unit.id: number for number, unit in enumerate(course.units, 1)}
        self._done = done_by_unit(course, marks)
        if not self._open and next_ is not None and (unit := course.unit_of(next_)) is not None:
            self._open = {unit.id}
        if at is not None and (unit := course.unit_of(at)) is not None:
            self._open.add(unit.id)
        if at is not None or before is None or (before.place is None and before.unit.id not in self._numbers):
            self._arrange(None, at if at is not None else next_)
        else:
            self._arrange(before.unit.id, before.id)

    def find(self, text: str) -> None:
        """List only lessons whose title or id holds `text`, in open units; nothing: everything again."""
        self._filter = text.casefold().strip()
        row = self.row
        self._arrange(None, row.id if row is not None and row.place is not None else self._next)

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self.cursor] if 0 <= self.cursor < len(self._rows) else None

    def _arrange(self, unit_id: str | None, lesson_id: str | None) -> None:
        """List what is open or found, the cursor on this lesson, or on this unit as a whole."""
        self._rows = []
        at = first = None
        for unit in self._units:
            is_open = bool(self._filter) or unit.id in self._open
            found = self._found(unit) if is_open else []
            if self._filter and not found:
                continue
            if unit.id == unit_id and lesson_id is None:
                at = len(self._rows)
            self._rows.append(Row(unit))
            if found and first is None:
                first = len(self._rows)
            if at is None and lesson_id in unit.places_of and is_open:
                wanted = unit.places_of[lesson_id]
                at = len(self._rows) + found.index(wanted) if wanted in found else None
            self._rows += [Row(unit, place) for place in found]
        self.virtual_size = Size(self.size.width, len(self._rows))
        if at is None:
            at = (first or 0) if self._filter else min(self.cursor, max(len(self._rows) - 1, 0))
        self.set_reactive(CourseList.cursor, at)
        self.watch_cursor()
        self.refresh()

    def _found(self, unit: Unit) -> Sequence[int]:
        return unit.matching(self._filter) if self._filter else range(len(unit.ids))

    # Moving

    def watch_cursor(self) -> None:
        """Keep the cursor in view and tell the preview."""
        self.refresh()
        if (row := self.row) is not None:
            self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)
            self.post_message(self.Pointed(row))

    def validate_cursor(self, cursor: int) -> int:
        """The nearest row there is."""
        return max(0, min(cursor, len(self._rows) - 1))

    def action_move(self, rows: int) -> None:
        """Up or down."""
        self.cursor += rows

    def action_page(self, pages: int) -> None:
        """A screenful up or down."""
        self.cursor += pages * max(self.size.height - 1, 1)

    def action_fold(self, open_: bool) -> None:
        """Open or close the unit under the cursor; from a lesson, closing leads to its unit."""
        if (row := self.row) is None:
            return
        if row.place is not None and not open_:
            self.cursor = self._place_of(row.unit)
        elif row.place is None and open_ != (row.unit.id in self._open):
            self._toggle(row.unit)

    def action_take(self) -> None:
        """Open the lesson under the cursor, or open and close its unit; what to do without one the screen knows."""
        if (row := self.row) is None:
            raise SkipAction
        if row.lesson is None:
            self._toggle(row.unit)
        else:
            self.post_message(self.Taken(row.lesson))

    def _toggle(self, unit: Unit) -> None:
        self._open ^= {unit.id}
        self._arrange(unit.id, None)

    def _place_of(self, unit: Unit) -> int:
        return next(number for number, row in enumerate(self._rows) if row.place is None and row.unit is unit)

    def on_click(self, event: events.Click) -> None:
        """One click points, a click on what is pointed at takes."""
        at = event.get_content_offset(self)
        if at is None:
            return
        number = at.y + int(self.scroll_offset.y)
        if number >= len(self._rows):
            return
        if number == self.cursor or self._rows[number].place is None:
            self.cursor = number
            self.action_take()
        else:
            self.cursor = number

    def on_resize(self) -> None:
        """Rows are as wide as the list."""
        self.virtual_size = Size(self.size.width, len(self._rows))
        self.watch_cursor()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One row: mark, title, and at the right how far the learner is."""
        number = y + int(self.scroll_offset.y)
        width = self.scrollable_content_region.width
        if number >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row = self._rows[number]
        pointed = number == self.cursor
        base = self.get_component_rich_style("course--cursor") if pointed else self.rich_style
        accent = self.get_component_rich_style("course--mark", partial=True)
        parts = self._unit_parts(row.unit) if row.lesson is None else self._lesson_parts(row.lesson)
        (lead, title, title_style), (note, note_style) = parts
        going_on = note_style == "course--continue"
        lead = ("▌" if pointed and self.has_focus else " ") + lead
        if going_on and cell_len(lead) + cell_len(title) + cell_len(note) + 3 > width:
            note = ""  # the mark says it too, and the title tells more
        room = max(width - cell_len(lead) - cell_len(note) - 3, 1)
        if cell_len(title) > room:
            title = set_cell_size(title, room - 1).rstrip() + "…"
        gap = width - cell_len(lead) - cell_len(title) - cell_len(note) - 1
        style = self.get_component_rich_style(title_style, partial=True)
        return Strip(
            [
                Segment(lead, base + accent),
                Segment(title, base + style),
                Segment(" " * max(gap, 0), base),
                Segment(note, base + self.get_component_rich_style(note_style, partial=True)),
                Segment(" ", base),
            ],
            width,
        )

    def _unit_parts(self, unit: Unit) -> tuple[tuple[str, str, str], tuple[str, str]]:
        title = f"{self._numbers[unit.id]} {self.app.translate(unit.title)}"
        if not unit.ids:
            return (f"{MARKS['broken']} ", title, "course--broken"), (f"{self._say('ui.broken')}  ", "course--broken")
        done, count = self._done.get(unit.id, 0), len(unit.ids)
        whole = " ✓" if done == count and done else "  "
        sign = "▾" if self._filter or unit.id in self._open else "▸"
        return (f"{sign} ", title, "course--unit"), (f"{done}/{count}{whole}", "course--note")

    def _lesson_parts(self, lesson: CourseEntry) -> tuple[tuple[str, str, str], tuple[str, str]]:
        how_far = self._standing(lesson)
        going_on = lesson.id == self._next
        title = self.app.translate(lesson.title)
        if how_far.mark == "broken":
            return (f"    {MARKS['broken']} ", title, "course--broken"), (self._say("ui.broken"), "course--broken")
        mark = "▶" if going_on else self.app.spell(MARKS[how_far.mark])
        going = "ui.continue" if how_far.mark == "started" else "ui.next" if self._marks else "ui.start"
        note = self._say(going) if going_on else ""
        if how_far.mark == "started" and not going_on:
            note = f"{how_far.done}/{lesson.questions}" if lesson.questions else str(how_far.done)
        style = "course--continue" if going_on else "course--note"
        return (f"    {mark} ", title, "course--lesson"), (f"{note}  " if note else "", style)

    def _standing(self, lesson: CourseEntry) -> Standing:
        return standing(lesson, self._marks)

    def _say(self, id: str) -> str:
        return self.app.translate(Text(id))
