"""The mistakes that were named in a drill, with what was said of them at the time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.drill.question import Question
from tutor.kinds import check
from tutor.learner.session import Session
from tutor.learner.store import Event
from tutor.text import Message


@dataclass(frozen=True, slots=True)
class NamedMistake:
    """A mistake that was named in this drill: the first answer with it, what was said, how often it was made."""

    question: Question
    typed: str
    message: Message
    times: int


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """An answer, the lines that stood above it when it was given, and the last answers to the questions before it."""

    event: Event
    lines: tuple[str, ...]
    earlier: dict[str, str]


def named_mistakes(session: Session) -> Sequence[NamedMistake]:
    """The mistakes that were named in a drill, most frequent first."""
    drill = session.drill
    made: dict[str, list[AnswerContext]] = {}
    for setting in _attempts(session):
        if setting.event.mistake is not None and not setting.event.free:
            made.setdefault(setting.event.mistake, []).append(setting)
    slips = []
    for settings in sorted(made.values(), key=len, reverse=True):
        first = settings[0]
        question = drill.by_id[first.event.question]
        text = "\n".join((*first.lines, first.event.typed))
        said = check(drill, question, text, first.earlier).message
        slips.append(NamedMistake(question, first.event.typed, said, len(settings)))
    return slips


def _attempts(session: Session) -> Iterator[AnswerContext]:
    """The answers in order, each as it was judged."""
    places = {question.id: place for place, question in enumerate(session.drill.questions)}
    lines: dict[str, tuple[str, ...]] = {}
    before: dict[str, tuple[str, ...]] = {}
    typed: dict[str, str] = {}
    for event in session.store.events(session.record.id):
        if event.question not in places:
            continue
        if event.kind == "lines":  # written right before the answer that made them stand
            before[event.question] = lines.get(event.question, ())
            lines[event.question] = tuple(event.typed.split("\n")) if event.typed else ()
        elif event.kind == "attempt":
            stood = before.pop(event.question, lines.get(event.question, ()))
            here = places[event.question]
            yield AnswerContext(event, stood, {name: last for name, last in typed.items() if places[name] < here})
            typed[event.question] = event.typed
