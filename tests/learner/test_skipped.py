"""Skipped questions are left for later: the next start asks them again."""

from pathlib import Path

from tutor.kinds import load
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.places import bundled_lessons
from tutor.text import say

ANSWERS = ["2", "3", "2", "3", "1", "0", "3", "0", "1", "1", "2", "2", "5"]


def opened(path: Path) -> Session:
    return Session.open(Store(path), load(bundled_lessons() / "circuits" / "first-circuit.yaml"))


def test_a_drill_with_skipped_questions_goes_on_with_them_at_the_next_start(tmp_path: Path) -> None:
    session = opened(tmp_path / "progress.sqlite")
    for number, answer in enumerate(ANSWERS):
        if number in (1, 4):
            session.skip()
        else:
            assert session.answer(answer).kind == "right"
    assert session.current is None

    again = opened(tmp_path / "progress.sqlite")
    assert again.record.id == session.record.id
    assert again.current is not None
    assert again.current.id == "local f b"
    assert again.answer("3").kind == "right"
    assert again.current is not None
    assert again.current.id == "local b y"
    assert again.answer("1").kind == "right"
    assert again.current is None
    assert opened(tmp_path / "progress.sqlite").record.id != session.record.id


def test_a_question_skipped_again_does_not_come_back_in_the_same_sitting(tmp_path: Path) -> None:
    session = opened(tmp_path / "progress.sqlite")
    for _ in ANSWERS:
        session.skip()
    again = opened(tmp_path / "progress.sqlite")
    for _ in ANSWERS:
        assert again.current is not None
        again.skip()
    assert again.current is None


def test_a_wrong_answer_of_an_exam_is_answered_and_not_asked_again(tmp_path: Path) -> None:
    session = opened(tmp_path / "progress.sqlite")
    for number, answer in enumerate(ANSWERS):
        session.answer("77" if number in (1, 4) else answer, final=True)
    assert session.current is None
    assert [state.state for state in session.states].count("answered") == 2
    assert (session.summary().right, session.summary().skipped) == (11, 0)
    assert "b" not in session.known.locals
    assert opened(tmp_path / "progress.sqlite").record.id != session.record.id


def test_an_exam_in_progress_does_not_tell_by_its_count_which_answers_were_right(tmp_path: Path) -> None:
    session = opened(tmp_path / "progress.sqlite")
    session.answer("77", final=True)
    session.answer("3", final=True)
    assert session.store.marks()[session.drill.lesson.id].settled == 2
    again = opened(tmp_path / "progress.sqlite")
    assert again.position == 2
    again.go_to(0)
    assert again.position == 2


def test_what_cannot_be_read_is_not_an_answer_of_an_exam(tmp_path: Path) -> None:
    session = opened(tmp_path / "progress.sqlite")
    session.answer("2 *", final=True)
    assert session.position == 0


def test_another_seed_says_which_drill_waits_and_that_one_is_found_again(tmp_path: Path) -> None:
    lesson = load(bundled_lessons() / "one-layer" / "score-gradient.yaml")
    store = Store(tmp_path / "progress.sqlite")
    first = Session.open(store, lesson, seed=3)
    assert first.notice is None
    first.answer("(3, 1)")
    other = Session.open(store, lesson, seed=5)
    assert other.record.id != first.record.id
    assert other.notice is not None
    assert "--seed 3" in say(other.notice, "en")
    assert "--seed 3" in say(other.notice, "zh")
    other.answer("(3, 1)")
    again = Session.open(store, lesson, seed=3)
    assert (again.record.id, again.notice) == (first.record.id, None)
    assert again.position == 1
    # With no seed named, the drill opened last goes on, as ever.
    assert Session.open(store, lesson).record.id == other.record.id
