"""Skipped questions are left for later: the next start asks them again."""

from pathlib import Path

from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.lesson.loading import load
from tutor.places import bundled_lessons

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
