"""The top bar of a drill: unit and lesson, and how many questions are done."""

from collections.abc import Sequence

from textual.content import Content

from tutor.learner.session import Session
from tutor.ui.base_app import Spoken
from tutor.ui.widgets.top_bar import TopBar, progress


class LessonBar(TopBar):
    """`Circuits › A first circuit` and `━━━━━━━╸────  7/13`."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def steps(self) -> Sequence[Spoken]:
        """The unit, where the course has one, the lesson, and its part, where parts have names."""
        lesson, question = self._session.drill.lesson, self._session.current
        unit = self.app.unit_of(lesson.id)
        part = lesson.parts[question.part].name if question is not None else None
        steps = (unit.title if unit is not None else None, lesson.title, part)
        return [step for step in steps if step is not None]

    def right(self) -> Content:
        """Questions that are right, shown or answered, of those to answer; a skipped one is still to come."""
        states = self._session.states
        return progress(sum(state.state not in ("open", "skipped") for state in states), len(states))
