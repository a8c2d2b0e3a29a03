"""What was said of a mistake is said again at the end: with the lines that stood and the answers before it."""

from tests.checking.lessons import NET
from tests.checking.lessons import lesson as net_lesson
from tutor.learner.named_mistakes import named_mistakes
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.lesson.model import Lesson
from tutor.text import Message, say

CHAIN = "ds/dh @ dh/dz @ dz/db"


def lesson() -> Lesson:
    return net_lesson(NET + "ask: [derive: {wrt: b, using: [u, h]}]")


def said(message: Message) -> str:
    return say(message, "en")


def test_a_wrong_second_line_is_told_as_the_second(store: Store) -> None:
    session = Session.open(store, lesson())
    session.answer(CHAIN)
    wrong = session.answer("u * (1 - h)")
    (slip,) = named_mistakes(session)
    assert said(slip.message) == said(wrong.message)
    assert said(slip.message).startswith("Line 2")
    assert (slip.typed, slip.times) == ("u * (1 - h)", 1)


def test_also_when_a_line_came_to_stand_with_the_same_answer(store: Store) -> None:
    session = Session.open(store, lesson())
    wrong = session.answer(f"{CHAIN}; u * (1 - h)")
    session.answer("u * (1 - h^2)")
    (slip,) = named_mistakes(session)
    assert said(slip.message) == said(wrong.message)
