"""The top bar of a drill: unit and lesson, and how many questions are done."""

from typing import TYPE_CHECKING

from textual.content import Content

from tutor.ui.base_app import Spoken
from tutor.ui.widgets.top_bar import TopBar, breadcrumb, progress

if TYPE_CHECKING:
    from tutor.learner.session import Session


class LessonBar(TopBar):
    """`Circuits › A first circuit` and `━━━━━━━╸────  7/13`."""

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self._session = session

    def left(self) -> Content:
        """The unit, where the course has one, the lesson, and its part, where parts have names."""
        lesson = self._session.drill.lesson
        unit = self.app.unit_of(lesson.id)
        steps: list[Spoken] = [unit.title, lesson.title] if unit is not None else [lesson.title]
        question = self._session.current
        if question is not None and (name := lesson.parts[question.part].name) is not None:
            steps.append(name)
        return breadcrumb(*(self.app.translate(step) for step in steps))

    def right(self) -> Content:
        """Questions that are right, shown or answered, of those to answer; a skipped one is still to come."""
        states = self._session.states
        return progress(sum(state.state not in ("open", "skipped") for state in states), len(states))
