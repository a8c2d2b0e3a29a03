"""Derivations to keep: the learner's own lines or the answer that was shown, in files that never overwrite another."""

from pathlib import Path

import pytest

from tutor.kinds import load_text
from tutor.learner.derivation_export import derivation_of, derivations
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.lesson.model import Lesson

LESSON = """title: The gradient of b
sizes: {n: 2}
given: {W: [[0.5, -0.2], [0.1, 0.3]], x: [[2], [-1]], b: [[0.4], [-0.7]], u: [[-1], [3]]}
graph: {z: W @ x + b, h: tanh(z), s: u.T @ h}
ask: [{derive: {wrt: b, using: [u, h]}}, {total: b}]
"""
CHAIN = "ds/dh @ dh/dz @ dz/db"


@pytest.fixture
def lesson() -> Lesson:
    return load_text(LESSON, Path("/nowhere/my-lesson.yaml"))


def sitting(lesson: Lesson, path: Path, *lines: str) -> Session:
    session = Session.open(Store(path), lesson, afresh=True)
    for line in lines:
        session.answer(line)
    return session


def test_lines_that_stand_are_kept_from_the_first_on(lesson: Lesson, tmp_path: Path) -> None:
    session = sitting(lesson, tmp_path / "progress.sqlite")
    assert derivations(session) == ()
    session.answer(CHAIN)
    (kept,) = derivations(session)
    assert kept.text == f"∂s/∂b\n  = {CHAIN}"
    assert derivation_of(session, session.drill.questions[0]) is not None
    assert derivation_of(session, session.drill.questions[1]) is None


def test_a_derivation_that_was_shown_is_kept_too(lesson: Lesson, tmp_path: Path) -> None:
    session = sitting(lesson, tmp_path / "progress.sqlite")
    while session.position == 0:
        session.hint()
    (kept,) = derivations(session)
    assert kept.lines[0] == CHAIN
    assert len(kept.lines) > 1


def test_another_derivation_of_the_same_question_gets_files_of_its_own(lesson: Lesson, tmp_path: Path) -> None:
    folder = tmp_path / "derivations"
    first = derivations(sitting(lesson, tmp_path / "1.sqlite", CHAIN, "u * (1 - h^2)"))[0]
    other = derivations(sitting(lesson, tmp_path / "2.sqlite", CHAIN, "(1 - h * h) * u"))[0]
    assert [path.name for path in first.save(folder)] == ["my-lesson-derive-b.txt", "my-lesson-derive-b.tex"]
    assert first.save(folder) == first.save(folder)
    assert [path.name for path in other.save(folder)] == ["my-lesson-derive-b-2.txt", "my-lesson-derive-b-2.tex"]
    assert "1 - h^2" in (folder / "my-lesson-derive-b.txt").read_text("utf-8")
    assert (folder / "my-lesson-derive-b-2.tex").read_text("utf-8").startswith("\\begin{aligned}")
