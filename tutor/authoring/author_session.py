"""An author's own drill: it goes on from version to version of a lesson, and nothing of it is kept."""

from collections.abc import Iterator
from typing import Self

from tutor.authoring.watch import question_after
from tutor.drill.question import Drill, Question
from tutor.learner.session import QuestionState, Session
from tutor.learner.store import Event, Store


class AuthorSession(Session):
    """A session in memory alone, in which every question can be asked again: typing here is no learner's progress."""

    asks_again = True

    @classmethod
    def begin(cls, drill: Drill, before: "AuthorSession | None" = None) -> Self:
        """A trial of a drill, at the question and with the answers of the trial `before` as far as they still hold."""
        store = Store.in_memory()
        record = store.open_drill(drill.lesson.id, "", drill.seed, "[]", 0)
        events = tuple(_carried(before, drill)) if before is not None else ()
        for event in events:
            store.add(record.id, event)
        return cls(drill, store, record, events)

    def go_to(self, position: int) -> None:
        """Ask any question next; one that was answered is open again."""
        question = self.drill.questions[position]
        self._states[question.id] = QuestionState()
        self._lines.pop(question.id, None)
        super().go_to(position)


def _carried(before: AuthorSession, drill: Drill) -> Iterator[Event]:
    """What happened so far, as events of the new drill; the last of them leads to where the author was."""
    ids = [question.id for question in drill.questions]
    told = set()
    for question, state in zip(before.drill.questions, before.states, strict=True):
        if question.id not in ids:
            continue
        now = drill.by_id[question.id]
        if _same(question, now):
            if lines := before.lines_of(question.id):
                yield Event("lines", question.id, typed="\n".join(lines))
            if state.state == "right":
                told.add(question.id)
                yield Event("attempt", question.id, "right", state.typed, "right", skills=now.skills)
        if state.state == "shown":
            told.add(question.id)
            yield Event("hint", question.id, "shown", hints=state.hints)
        elif state.hints:
            yield Event("hint", question.id, hints=state.hints)
        if state.state == "skipped":
            yield Event("skip", question.id, "skipped", hints=state.hints)
    if before.current is None or not ids:
        return
    here = ids[question_after([question.id for question in before.drill.questions], before.position, ids)]
    if here not in told:
        yield Event("visit", here)


def _same(question: Question, now: Question) -> bool:
    """Whether an answer that was right still is. Terms may hold arrays, hence their texts."""
    before, after = ((each.kind, each.answer, each.terms) for each in (question, now))
    return repr(before) == repr(after)
