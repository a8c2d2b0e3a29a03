"""The top bar of a drill: unit and lesson, and how many questions are done."""

from typing import TYPE_CHECKING

from textual.content import Content

from tutor.ui.speech import Spoken, speak
from tutor.ui.widgets.top_bar import TopBar, breadcrumb, progress

if TYPE_CHECKING:
    from tutor.learner.session import Session


class LessonBar(TopBar):
    """`Circuits › A first circuit` and `━━━━━━━╸────  7/13`."""

    def __init__(self, session: "Session", unit: Spoken | None) -> None:
        super().__init__()
        self._session, self._unit = session, unit

    def left(self) -> Content:
        """Unit and lesson."""
        steps: list[Spoken] = [self._unit] if self._unit is not None else []
        return breadcrumb(*(speak(self, step) for step in (*steps, self._session.drill.lesson.title)))

    def right(self) -> Content:
        """Questions that are right, shown or skipped, of those to answer."""
        states = self._session.states
        return progress(sum(state.state != "open" for state in states), len(states))
