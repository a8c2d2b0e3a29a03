"""Which questions a learner may ask the reason of, and what is kept back for the sake of those still open."""

from tutor.checking.explaining.nudge_evidence import nudge_evidence
from tutor.drill.question import Question
from tutor.kinds.why_views import Name, View, gives_away, why, withheld
from tutor.learner.session import Session
from tutor.text import Message

_TOLD = ("right", "shown")


def last_revealed(session: Session) -> Question | None:
    """The question whose answer became known last: right, or told by the last hint."""
    settled = [event.question for event in session.events if event.state in _TOLD and event.kind in ("attempt", "hint")]
    return session.drill.by_id[settled[-1]] if settled else None


def is_revealed(session: Session, question: Question) -> bool:
    """Is the answer known to the learner, so that nothing is lost by explaining it?"""
    states = zip(session.drill.questions, session.states, strict=True)
    return question.worked or any(each is question and state.state in _TOLD for each, state in states)


def why_view(session: Session, question: Question, view: Name) -> View:
    """A view of a question, or a sentence in its place while it would tell the answer to another one."""
    states = zip(session.drill.questions, session.states, strict=True)
    open_ = [each for each, state in states if state.state not in _TOLD and each is not question]
    told = gives_away(question, open_, view)
    return why(session.drill, question, view) if told is None else (withheld(told),)


def nudge_evidence_of(session: Session) -> Message | None:
    """What a nudge shows about the wrong answer that stands; None where none stands or a nudge shows nothing."""
    question = session.current
    if question is None or not last_answer_is_wrong(session):
        return None
    return nudge_evidence(session.drill, question, session.states[session.position].typed)


def last_answer_is_wrong(session: Session) -> bool:
    """Was the last answer to the current question a wrong one?"""
    if session.current is None:
        return False
    state = session.states[session.position]
    return state.state == "open" and state.verdict == "wrong"
