"""The right half of the course screen: what the lesson under the cursor is about."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import work
from textual.content import Content
from textual.timer import Timer

from tutor.course.units import Course, CourseEntry, Unit
from tutor.folders.scan import UNIT_FILE
from tutor.text import Message, msg
from tutor.ui.progress_view import FIRST, done_by_unit, minutes, practised, standing
from tutor.ui.widgets.prose import Paragraph, Prose
from tutor.ui.wrapping import flowed

if TYPE_CHECKING:
    from tutor.drawing import Picture
    from tutor.learner.store import Mark as StoredMark

PATIENCE = 0.06  # seconds on a lesson before its picture is drawn: whoever only passes by waits for nothing
ROLES = {"name": "bold", "value": "$value", "border": "$line", "wire": "$line", "arrow": "$line"}


class LessonCard(Prose, can_focus=False):
    """Formula, picture of the graph, what it practises and needs; of a unit, what it is about."""

    DEFAULT_CSS = """
    LessonCard { border: round $line; border-title-color: $accent; border-title-style: bold; padding: 0 1; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._unit: Unit | None = None
        self._entry: CourseEntry | None = None
        self._course: Course | None = None
        self._marks: Mapping[str, StoredMark] = {}
        self._pictures: dict[tuple[str, tuple[int, int]], Picture | None] = {}
        self._waiting: Timer | None = None

    def show(self, course: Course, marks: "Mapping[str, StoredMark]", unit: Unit, entry: CourseEntry | None) -> None:
        """Turn to this lesson, or (None) to the unit as a whole."""
        self._course, self._marks, self._unit, self._entry = course, marks, unit, entry
        self.border_title = self.app.heading(entry.title if entry is not None else unit.title)
        self.refresh()
        if self._waiting is not None:
            self._waiting.stop()
        if entry is not None and entry.broken is None and self._key(entry) not in self._pictures:
            self._waiting = self.set_timer(PATIENCE, self._draw)

    def on_resize(self) -> None:
        """Another size may hold another picture."""
        if self._course is not None and self._unit is not None:
            self.show(self._course, self._marks, self._unit, self._entry)

    def paragraphs(self) -> Sequence[Paragraph]:
        """What there is to know before opening it."""
        if self._entry is not None:
            return self._of_broken(self._entry) if self._entry.broken is not None else self._of_lesson(self._entry)
        return self._of_unit(self._unit) if self._unit is not None else ()

    def _of_lesson(self, entry: CourseEntry) -> Sequence[Paragraph]:
        said = [Paragraph(""), Paragraph(entry.info.formula, style="bold"), Paragraph("")]
        picture = self._pictures.get(self._key(entry))
        if picture is not None:
            said += [Paragraph("", ready=_row(picture, row)) for row in range(picture.height)]
            said.append(Paragraph(""))
        labelled: list[tuple[Message, list[str]]] = []
        if words := [self.app.translate(word) for word in practised(entry)]:
            labelled.append((msg("ui.preview-practises"), words))
        if entry.id == FIRST and not self._marks:
            labelled.append((msg("ui.preview-needs"), [self.app.translate(msg("ui.preview-needs-nothing"))]))
        elif entry.info.requires:
            labelled.append((msg("ui.preview-needs"), [self._title_of(id, entry) for id in entry.info.requires]))
        labels = [self.app.translate(label) for label, _ in labelled]
        widest = max(map(cell_len, labels), default=0)
        for label, (_, items) in zip(labels, labelled, strict=True):
            mark = label + " " * (widest - cell_len(label) + 1)
            text = flowed(items, self.content_size.width - widest - 2)
            said.append(Paragraph(text, mark=mark, mark_style="$muted", as_is=True))
        said += [Paragraph(""), *self._standing_of(entry)]
        return said

    def _standing_of(self, entry: CourseEntry) -> Sequence[Paragraph]:
        count = entry.questions
        if count is None:
            return ()
        how_far = standing(entry, self._marks)
        if how_far.mark == "started":
            return [Paragraph(msg("ui.preview-started", done=how_far.done, total=count))]
        said = [Paragraph(msg("ui.preview-questions", count=count, minutes=minutes(count)))]
        if how_far.mark == "done":
            said.append(Paragraph(msg("ui.preview-done", key="n"), mark="✓", mark_style="bold $success"))
        return said

    def _of_broken(self, entry: CourseEntry) -> Sequence[Paragraph]:
        problem = entry.broken
        assert problem is not None
        return [
            Paragraph(""),
            Paragraph(msg("ui.preview-broken"), style="bold $error"),
            Paragraph(""),
            Paragraph(problem.message, mark="✗", mark_style="bold $error"),
            Paragraph(f"{entry.path.name}:{problem.line}:{problem.column}", mark=" ", style="$muted"),
            Paragraph(problem.quoted.strip(), mark=" "),
        ]

    def _of_unit(self, unit: Unit) -> Sequence[Paragraph]:
        done = done_by_unit(Course((unit,)), self._marks).get(unit.id, 0)
        said = [Paragraph("")]
        if unit.broken is not None:
            said.append(Paragraph(unit.broken.message, mark="✗", mark_style="bold $error"))
            if unit.broken.line:
                where = f"{UNIT_FILE}:{unit.broken.line}:{unit.broken.column}"
                said += [Paragraph(where, mark=" ", style="$muted"), Paragraph(unit.broken.quoted.strip(), mark=" ")]
            said.append(Paragraph(""))
        if not unit.ids:
            return said
        if unit.about is not None:
            said += [Paragraph(unit.about), Paragraph("")]
        return [*said, Paragraph(msg("ui.preview-lessons", count=len(unit.ids), done=done))]

    def _title_of(self, id: str, near: CourseEntry) -> str:
        entry = self._course.meant(id, near) if self._course is not None else None
        return id if entry is None else self.app.translate(entry.title)

    # The picture

    def _key(self, entry: CourseEntry) -> tuple[str, tuple[int, int]]:
        return entry.id, (self.content_size.width, self.content_size.height)

    def _draw(self) -> None:
        if self._entry is not None:
            self._draw_in_thread(self._entry, self._key(self._entry))

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _draw_in_thread(self, entry: CourseEntry, key: tuple[str, tuple[int, int]]) -> None:
        from tutor.ui.picture import picture_of_lesson

        width, height = key[1]
        picture = picture_of_lesson(entry.path, (width, height - 10))
        self.call_later(self._drawn, key, picture)

    def _drawn(self, key: tuple[str, tuple[int, int]], picture: "Picture | None") -> None:
        self._pictures[key] = picture
        self.refresh()


def _row(picture: "Picture", row: int) -> Content:
    return Content.assemble(*((text, ROLES.get(role, "")) for text, role in picture.runs(row)))
