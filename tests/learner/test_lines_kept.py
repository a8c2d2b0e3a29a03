"""A derivation is answered line by line: what stands is kept at once, and the next line is all that is typed."""

import pytest

from tests.checking.lessons import NET
from tests.checking.lessons import lesson as net_lesson
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.lesson.model import Lesson
from tutor.text import say

CHAIN, MIDDLE, LAST = "ds/dh @ dh/dz @ dz/db", "u.T @ diag(1 - h^2) @ eye(n)", "u * (1 - h^2)"


@pytest.fixture
def lesson() -> Lesson:
    asked = 'ask: [derive: {wrt: b, using: [u, h]}, total: b, decompose: "u.T @ tanh(W @ x)"]'
    return net_lesson(NET + asked)


def test_right_lines_stand_and_cost_nothing_until_the_last_moves_on(store: Store, lesson: Lesson) -> None:
    session = Session.open(store, lesson)
    assert session.lines == ()
    assert session.answer(CHAIN).mistake == "unfinished"
    assert session.lines == (CHAIN,)
    assert session.answer(MIDDLE).kind == "right-but"
    assert session.lines == (CHAIN, MIDDLE)
    assert session.position == 0
    assert session.answer(LAST).kind == "right"
    assert session.position == 1
    assert session.lines == ()
    assert session.lines_of("derive b") == (CHAIN, MIDDLE, LAST)
    assert (session.states[0].state, session.states[0].attempts) == ("right", 1)


def test_a_line_with_matrices_may_go_on_or_end_with_nothing_typed(store: Store, lesson: Lesson) -> None:
    session = Session.open(store, lesson)
    session.answer(CHAIN)
    assert not session.may_end
    stands = session.answer(MIDDLE)
    assert (stands.kind, stands.mistake, session.position) == ("right-but", "unfinished", 0)
    assert "without diag, eye" in say(stands.message, "en")
    assert session.may_end
    ended = session.answer("")
    assert (ended.kind, ended.mistake, session.position) == ("right", None, 1)
    assert session.lines_of("derive b") == (CHAIN, MIDDLE)
    assert (session.states[0].state, session.states[0].attempts, session.states[0].typed) == ("right", 1, MIDDLE)


def test_the_jacobian_form_without_matrices_ends_it_at_once(store: Store, lesson: Lesson) -> None:
    session = Session.open(store, lesson)
    for line in (CHAIN, MIDDLE):
        session.answer(line)
    assert session.answer("(u * (1 - h^2)).T").kind == "right"
    assert session.position == 1


def test_nothing_typed_ends_nothing_that_is_not_at_its_end(store: Store, lesson: Lesson) -> None:
    session = Session.open(store, lesson)
    assert not session.may_end
    session.answer(CHAIN)
    assert session.answer("").mistake == "unfinished"
    assert session.position == 0


def test_a_wrong_line_costs_an_attempt_and_leaves_the_others(store: Store, lesson: Lesson) -> None:
    session = Session.open(store, lesson)
    session.answer(CHAIN)
    wrong = session.answer("u * (1 - h)")
    assert (wrong.kind, wrong.mistake) == ("wrong", "tanh:square-forgotten")
    assert session.lines == (CHAIN,)
    assert session.states[0].attempts == 1
    assert session.answer(LAST).kind == "right"


def test_several_lines_at_once_stand_as_far_as_they_are_right(store: Store, lesson: Lesson) -> None:
    session = Session.open(store, lesson)
    assert session.answer(f"{CHAIN}; {MIDDLE}; u").kind == "wrong"
    assert session.lines == (CHAIN, MIDDLE)


def test_a_place_in_a_line_is_its_place_in_what_was_typed(store: Store, lesson: Lesson) -> None:
    session = Session.open(store, lesson)
    session.answer(CHAIN)
    refused = session.answer("u * ?")
    assert refused.span is not None
    assert refused.span.start == 4
    shown = session.preview("u * ?")
    assert shown.span is not None
    assert shown.span.start == 4
    assert session.preview(LAST).text == "u · (1 − h²)"
    assert session.preview("").text == ""


def test_no_line_is_lost_when_the_process_dies(store: Store, lesson: Lesson) -> None:
    Session.open(store, lesson).answer(f"{CHAIN}\n{MIDDLE}")
    again = Session.open(Store(store.path), lesson)  # the first store was never closed
    assert again.lines == (CHAIN, MIDDLE)
    assert again.position == 0
    assert again.answer(LAST).kind == "right"
    later = Session.open(Store(store.path), lesson)
    assert later.position == 1
    assert later.lines_of("derive b") == (CHAIN, MIDDLE, LAST)


def test_an_unfinished_derivation_is_no_mistake_to_remember(store: Store, lesson: Lesson) -> None:
    session = Session.open(store, lesson)
    session.answer(CHAIN)
    session.answer("-" + LAST)
    assert session.summary().mistakes == (("sign", 1),)


def test_other_questions_have_no_lines(store: Store, lesson: Lesson) -> None:
    session = Session.open(store, lesson)
    session.skip()
    session.answer("[[1], [2], [3]]")
    assert session.lines == ()
    assert session.preview("[[1], [2], [3]]").shape == (3, 1)


def test_a_formula_is_taken_apart_line_by_line(store: Store, lesson: Lesson) -> None:
    session = Session.open(store, lesson)
    session.go_to(2)
    assert session.answer("q = W @ x").mistake == "unfinished"
    assert session.answer("p = q + b").kind == "unreadable"  # no b in this formula
    assert session.answer("p = 2 * q").kind == "wrong"
    assert session.lines == ("q = W @ x",)
    assert session.preview("p = tanh(q)").text == "p = tanh(q)"
    assert session.answer("p = tanh(q); s = u.T @ p").kind == "right"
    assert session.states[2].state == "right"
    assert session.states[2].attempts == 2
    assert session.summary().mistakes == ()
