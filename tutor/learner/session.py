"""A drill that is going on: where the learner is, what was answered, and every step of it on disk."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from tutor.checking import Preview, Verdict
from tutor.drill.question import Drill, Question
from tutor.expr import Span
from tutor.kinds import build, check, hints, preview
from tutor.learner.drill_record import fingerprint, rebuild_drill, to_json
from tutor.learner.known_gradients import KnownGradients, known_gradients
from tutor.learner.store import DrillRecord, Event, State, Store
from tutor.lesson.model import Lesson
from tutor.lesson.numbers.draws import GENERATOR
from tutor.text import Message, msg

_TOLD = ("right", "shown")
_SETTLED = (*_TOLD, "answered")


@dataclass(frozen=True, slots=True)
class QuestionState:
    """Where one question stands."""

    state: State = "open"
    attempts: int = 0
    """Answers that counted; free ones do not."""
    hints: int = 0
    """Rungs of the ladder seen so far."""
    typed: str = ""
    """The last answer."""
    verdict: str = ""
    """Its kind of verdict."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A drill looked back at."""

    questions: int
    right: int
    alone: int
    """Right at the first attempt and without a hint."""
    shown: int
    skipped: int
    open: int
    attempts: int
    hints: int
    mistakes: tuple[tuple[str, int], ...]
    """Mistakes that were named, most frequent first."""
    seconds: float
    """Time spent answering, over all sittings."""


class Session:
    """The state that every way of practising shares: the screens and the lines of text.

    Each answer, hint and skip is written by the store before the method returns.
    """

    asks_again: ClassVar[bool] = False
    """Can a question whose answer is known be asked once more?"""

    def __init__(self, drill: Drill, store: Store, record: DrillRecord, events: Sequence[Event] = ()) -> None:
        self.drill = drill
        self.store = store
        self.record = record
        self.notice: Message | None = None
        """Something the learner should know about how this drill was opened."""
        self._events = [event for event in events if event.question in {q.id for q in drill.questions}]
        self._states = {question.id: QuestionState() for question in drill.questions}
        self._finished = any(event.kind == "finished" for event in events)
        self._lines: dict[str, tuple[str, ...]] = {}
        for event in self._events:
            self._take_in(event)
        self._again = {question for question, state in self._states.items() if state.state == "skipped"}
        """Questions skipped in an earlier sitting: in this one they are asked once more, after the open ones."""
        places = {question.id: place for place, question in enumerate(drill.questions)}
        self._position = places[self._events[-1].question] if self._events else 0
        self._asked_at = time.monotonic()
        if not self._events or self._events[-1].kind != "visit":
            self._move_on()

    @classmethod
    def open(cls, store: Store, lesson: Lesson, *, seed: int | None = None, afresh: bool = False) -> Self:
        """The lesson's drill where it was left, with the same numbers; a new one where there is none to go on with.

        `afresh` begins a new drill; so does a `seed` with which no drill was left, and `notice` then says which one
        waits. Without a seed the first drill of a lesson has seed 0, the next 1, and so on. A drill whose questions
        have changed since begins anew and says so in `notice`.
        """
        left = None if afresh else store.latest(lesson.id) if seed is None else store.unfinished(lesson.id, seed)
        if left is not None:
            session = cls.resume(store, lesson, left)
            if session is not None:
                return session
            session = cls._begin(store, lesson, left.seed)
            session.notice = msg("learner.started-anew")
            return session
        waiting = None if afresh or seed is None else store.unfinished(lesson.id)
        session = cls._begin(store, lesson, store.drills(lesson.id) if seed is None else seed)
        if waiting is not None:
            session.notice = msg("learner.another-waits", seed=waiting.seed)
        return session

    @classmethod
    def resume(cls, store: Store, lesson: Lesson, left: DrillRecord | None = None) -> Self | None:
        """The drill of the lesson that was `left` (the latest), at the same question with the same numbers.

        None where there is no such drill, or where the lesson's questions are no longer the same.
        """
        record = left if left is not None else store.latest(lesson.id)
        drill = rebuild_drill(lesson, record) if record is not None else None
        if record is None or drill is None:
            return None
        return cls(drill, store, record, store.events(record.id))

    @classmethod
    def look_back(cls, store: Store, lesson: Lesson, seed: int | None = None) -> Self | None:
        """The drill of the lesson that was opened last (of those with `seed`), where it is through; else None."""
        record = store.finished(lesson.id, seed)
        return None if record is None else cls.resume(store, lesson, record)

    @classmethod
    def _begin(cls, store: Store, lesson: Lesson, seed: int) -> Self:
        drill = build(lesson, seed)
        record = store.open_drill(lesson.id, fingerprint(drill), seed, to_json(drill), GENERATOR)
        return cls(drill, store, record)

    # Where we are

    @property
    def position(self) -> int:
        """The place of the current question among all; their number when none is open."""
        return self._position

    @property
    def current(self) -> Question | None:
        """The question that is asked now, None when the drill is through."""
        questions = self.drill.questions
        return questions[self._position] if self._position < len(questions) else None

    @property
    def finished(self) -> bool:
        """No question is open any more."""
        return all(state.state != "open" for state in self.states)

    @property
    def states(self) -> tuple[QuestionState, ...]:
        """Where each question stands, in the drill's order."""
        return tuple(self._states[question.id] for question in self.drill.questions)

    @property
    def warning(self) -> Message | None:
        """Why answers cannot be written at the moment, if they cannot."""
        return self.store.warning

    def settled_on_disk(self) -> int:
        """How many questions are settled as the file has it; it is read once more for this."""
        states = {question.id: QuestionState() for question in self.drill.questions}
        for event in self.store.read_back(self.record.id):
            if event.question in states:
                states[event.question] = _after(states[event.question], event)
        return sum(state.state != "open" for state in states.values())

    @property
    def known(self) -> KnownGradients:
        """What the learner has found or been shown in the part of the current question (at the end, the last)."""
        questions = self.drill.questions
        return self.known_in(questions[min(self._position, len(questions) - 1)].part if questions else 0)

    def known_in(self, part: int) -> KnownGradients:
        """What the learner has found or been shown in one part."""
        mine = [question for question in self.drill.all_questions if question.part == part]
        told = [question for question in mine if question.worked or self._states[question.id].state in _TOLD]
        return known_gradients(self.drill.parts[part].run, mine, told)

    @property
    def events(self) -> tuple[Event, ...]:
        """What has happened in this drill so far, in order."""
        return tuple(self._events)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the current question that stand, where it is answered line by line: only the next is typed."""
        question = self.current
        return self.lines_of(question.id) if question is not None else ()

    def lines_of(self, question: str) -> tuple[str, ...]:
        """The lines of a question that stand, also after its end."""
        return self._lines.get(question, ())

    # What the learner does

    @property
    def may_end(self) -> bool:
        """Is the current question a derivation whose lines may be all, so that an empty one ends it?"""
        question = self.current
        if question is None or not question.entered.is_kept or not self.lines:
            return False
        return check(self.drill, question, self._with_lines(""), self._earlier(question)).kind == "right"

    def preview(self, typed: str) -> Preview:
        """What is understood of a text that is being typed; nothing is written."""
        if not self.lines or not typed.strip():
            return preview(self.drill, self._asked(), typed)
        understood = preview(self.drill, self._asked(), self._with_lines(typed))
        return replace(understood, span=self._in_typed(understood.span))

    def answer(self, typed: str, *, final: bool = False) -> Verdict:
        """The verdict on an answer to the current question; a right one moves on to the next.

        `final`, as in an exam, a wrong one is taken as it is and moves on too: it is answered, not asked again.
        Nothing at all ends a derivation that `may_end`, and could go on.
        """
        question = self._asked()
        before = self._states[question.id]
        verdict = check(self.drill, question, self._with_lines(typed), self._earlier(question))
        verdict = replace(verdict, span=self._in_typed(verdict.span))
        if typed.strip():
            verdict = verdict.going_on()
        else:
            typed = self.lines[-1] if self.lines else typed
        again = verdict.kind == "wrong" and before.verdict == "wrong" and before.typed.split() == typed.split()
        if verdict.told is not None and before.verdict == verdict.kind:
            verdict = replace(verdict, message=verdict.told)  # asked once, told when it happens again
        if again:  # what was said of it stays on the screen
            verdict = replace(verdict, message=msg("learner.same-as-before", why=verdict.message))
        settled: State = "right" if verdict.kind == "right" else "open"
        if final and verdict.kind == "wrong":
            settled = "answered"
        if verdict.lines != self.lines:
            # Before the answer itself, so that no line is lost when the process dies in between.
            self._note(Event("lines", question.id, typed="\n".join(verdict.lines), hints=before.hints))
        self._note(
            Event(
                kind="attempt",
                question=question.id,
                state=settled,
                typed=typed,
                verdict=verdict.kind,
                mistake=None if again or verdict.unfinished else verdict.mistake,
                node=verdict.node,
                free=verdict.free or again,
                hints=before.hints,
            )
        )
        return verdict

    def hint(self) -> tuple[int, int, Message]:
        """The next rung of the ladder: its number, how many there are, and what it says.

        The last rung is the answer: the question then counts as shown, and the next one is asked.
        """
        question = self._asked()
        ladder = hints(self.drill, question)
        rung = min(self._states[question.id].hints + 1, len(ladder))
        self._note(Event("hint", question.id, "shown" if rung == len(ladder) else "open", hints=rung))
        return rung, len(ladder), ladder[rung - 1]

    def skip(self) -> None:
        """Leave the current question for later and go on."""
        question = self._asked()
        self._note(Event("skip", question.id, "skipped", hints=self._states[question.id].hints))

    def go_to(self, position: int) -> None:
        """Ask another question next: one that is open or was skipped."""
        state = self.states[position]
        if state.state in ("open", "skipped"):
            self._position = position
            self._asked_at = time.monotonic()
            self._note(Event("visit", self._asked().id, state.state, hints=state.hints))

    def summary(self) -> Summary:
        """The drill looked back at; examples that were shown solved do not count."""
        asked = self.states
        named: dict[str, int] = {}
        for event in self._events:
            if event.mistake is not None:
                named[event.mistake] = named.get(event.mistake, 0) + 1
        return Summary(
            questions=len(asked),
            right=sum(state.state == "right" for state in asked),
            alone=sum(state.state == "right" and state.attempts == 1 and not state.hints for state in asked),
            shown=sum(state.state == "shown" for state in asked),
            skipped=sum(state.state == "skipped" for state in asked),
            open=sum(state.state == "open" for state in asked),
            attempts=sum(state.attempts for state in asked),
            hints=sum(state.hints for state in asked),
            mistakes=tuple(sorted(named.items(), key=lambda item: -item[1])),
            seconds=sum(_times(self._events)),
        )

    def _asked(self) -> Question:
        question = self.current
        if question is None:
            raise ValueError("the drill is through: no question is asked")
        return question

    def _with_lines(self, typed: str) -> str:
        """The lines that stand and, below them, what is typed."""
        return "\n".join((*self.lines, typed))

    def _in_typed(self, span: Span | None) -> Span | None:
        """A span in the text with all lines as one in what was typed."""
        before = sum(len(line) + 1 for line in self.lines)
        return None if span is None else type(span)(max(span.start - before, 0), max(span.end - before, 0))

    def _earlier(self, question: Question) -> dict[str, str]:
        """The last answer to each question before this one."""
        earlier: dict[str, str] = {}
        for other in self.drill.questions:
            if other.id == question.id:
                break
            if typed := self._states[other.id].typed:
                earlier[other.id] = typed
        return earlier

    def _note(self, event: Event) -> None:
        now = time.monotonic()
        question = self._asked()
        event = replace(event, seconds=now - self._asked_at, skills=tuple(question.skills), at=time.time())
        self.store.add(self.record.id, event)
        self._events.append(event)
        self._take_in(event)
        if event.state != "open":
            self._again.discard(event.question)
        if event.state != "open" and event.kind != "visit":
            self._asked_at = now
            self._move_on()

    def _take_in(self, event: Event) -> None:
        self._states[event.question] = _after(self._states[event.question], event)
        if event.kind == "lines":
            self._lines[event.question] = tuple(event.typed.split("\n")) if event.typed else ()

    def _move_on(self) -> None:
        """Go to the next open question, after this one first; note the end of the drill once.

        A drill with skipped questions has not ended: the next start goes on with them.
        """
        count = len(self.drill.questions)
        states = self.states
        onward = [*range(self._position, count), *range(min(self._position, count))]
        left = [place for place in onward if states[place].state == "open"]
        left += [place for place in onward if self.drill.questions[place].id in self._again]
        self._position = left[0] if left else count
        if all(state.state in _SETTLED for state in states) and not self._finished:
            self._finished = True
            self.store.add(self.record.id, Event("finished"))


def _after(before: QuestionState, event: Event) -> QuestionState:
    """The state of a question after an event; what is right stays right, also when two tutors write at once."""
    state = before.state if before.state in _SETTLED else event.state
    if event.kind == "attempt":
        return replace(
            before,
            state=state,
            attempts=before.attempts + (not event.free),
            typed=event.typed,
            verdict=event.verdict,
        )
    return replace(before, state=state, hints=max(before.hints, event.hints))


def _times(events: Sequence[Event]) -> list[float]:
    """The time spent at each question, in each sitting: the clock of a question runs on until it is settled."""
    times: list[float] = []
    before: Event | None = None
    for event in events:
        # Asked after the event before it is asked anew; the clocks of day and of answering agree to a millisecond.
        if before is not None and before.question == event.question and event.at - event.seconds < before.at - 1e-3:
            times[-1] = event.seconds
        else:
            times.append(event.seconds)
        before = event
    return times
