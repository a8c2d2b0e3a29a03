"""The longer questions as lines of text: each can be answered, a derivation line by line, and goes on where it was."""

import io
from pathlib import Path

import pytest

from tests.drill.tasks.test_long_kinds import EVERYTHING
from tutor.kinds import load_text
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.lesson.model import Lesson
from tutor.places import places
from tutor.plain import practise

CHAIN, MIDDLE, LAST = "ds/dh @ dh/dz @ dz/db", "u.T @ diag(1 - h^2) @ eye(n)", "u * (1 - h^2)"


@pytest.fixture
def lesson() -> Lesson:
    return load_text(EVERYTHING, Path("/nowhere/everything.yaml"))


def sitting(lesson: Lesson, *typed: str) -> tuple[int, str]:
    output = io.StringIO()
    session = Session.open(Store(places().progress), lesson)
    status = practise(session, answers=io.StringIO("".join(f"{line}\n" for line in typed)), output=output)
    session.store.close()
    return status, output.getvalue()


def test_the_texts_of_solve_answer_every_question(lesson: Lesson) -> None:
    session = Session.open(Store(places().progress), lesson)
    answers = [question.typed or "" for question in session.drill.questions]
    session.store.close()
    status, printed = sitting(lesson, *answers)
    assert status == 0
    assert "Not right" not in printed
    assert f"{len(answers)} questions" in printed or f"of {len(answers)}" in printed


def test_a_derivation_is_typed_line_by_line_and_stands_at_the_end_to_be_copied(lesson: Lesson) -> None:
    _, printed = sitting(lesson, "x[j]", "(i == k) * x[j]", CHAIN, "u", MIDDLE, LAST)
    assert "Line 1 stands. Go on: ds/dh, dh/dz, dz/db must still be replaced." in printed
    assert "Not right. Line 2:" in printed
    assert f"∂s/∂b\n  = {CHAIN}\n  = {MIDDLE}\n  → {LAST}    (1, 3) → (3, 1)\n" in printed


def test_an_empty_line_ends_a_derivation_that_could_go_on(lesson: Lesson) -> None:
    _, printed = sitting(lesson, "x[j]", "(i == k) * x[j]", CHAIN, "", MIDDLE, "", "quit")
    assert printed.count("Type an answer") == 1
    assert "Line 2 stands, and only allowed names are left." in printed
    assert "Derived in 2 lines" in printed


def test_the_lines_that_stand_are_shown_again_at_the_next_start(lesson: Lesson) -> None:
    sitting(lesson, "x[j]", "(i == k) * x[j]", CHAIN, MIDDLE)
    _, printed = sitting(lesson, LAST)
    assert f"  {CHAIN}\n  {MIDDLE}\n> {LAST}" in printed
    assert "Derived in 3 lines" in printed


def test_a_given_pass_and_a_gate_are_read_before_they_are_asked_about(lesson: Lesson) -> None:
    _, printed = sitting(lesson, *["skip"] * 9, "quit")
    assert "out = a @ b, with a: (n, m); b: (m, k)" in printed
    assert "dh = [[2], [-3], [1]]\n" in printed


def test_a_derivation_is_printed_again_as_text_and_as_latex(lesson: Lesson) -> None:
    _, printed = sitting(lesson, "x[j]", "(i == k) * x[j]", "text", CHAIN, MIDDLE, LAST, "latex", "text", "quit")
    assert "Type text to see this again, latex for LaTeX." in printed
    assert "> latex\n\\begin{aligned}\n\\frac{\\partial s}{\\partial b}" in printed
    assert f"> text\n∂s/∂b\n  = {CHAIN}\n" in printed
    # Before there is a derivation it is an answer like any other.
    assert "> text\n∂s/∂b" not in printed.partition(CHAIN)[0]


def test_the_derivation_can_be_had_after_the_last_question_too() -> None:
    text = EVERYTHING.partition("ask:")[0] + "ask:\n  - derive: {wrt: b, using: [u, h]}\n"
    derived = load_text(text, Path("/nowhere/derive.yaml"))
    status, printed = sitting(derived, CHAIN, MIDDLE, LAST, "latex", "")
    assert status == 0
    assert "Done." in printed
    assert "\\begin{aligned}" in printed.partition("Done.")[2]


def test_why_derives_the_gradient_of_a_matrix_from_the_sum() -> None:
    text = (
        "title: T\ngiven: {W: [[1, 2], [3, 4]], x: [[5], [-1]], u: [[2], [-1]]}\n"
        "graph: {z: W @ x, s: u.T @ z}\nask: [{total: W}]"
    )
    _, printed = sitting(load_text(text, Path("/nowhere/layer.yaml")), "[[10, -2], [-5, 1]]", "why")
    lines = [
        "∂s/∂W[j, k] = Σᵢ dz[i, 0] · ∂z[i, 0]/∂W[j, k]  (chain rule)",
        "= Σᵢ dz[i, 0] · (i == j) · x[k, 0]  (the slope of one entry put in)",
        "= dz[j, 0] · x[k, 0]  (where the equation fails, nothing is added)",
        "All entries at once:",
        "∂s/∂W = dz @ xᵀ",
    ]
    assert "\n  ".join(lines) in printed


def test_why_shows_a_nudge_after_a_wrong_answer_and_three_views_after_a_right_one() -> None:
    text = "title: T\ngiven: {x: 3, y: 2}\ngraph: {f: x * y}\nask: [{total: x}, {total: y}]"
    product = load_text(text, Path("/nowhere/product.yaml"))
    status, printed = sitting(product, "why", "3", "why", "2", "why", "3", "why")
    assert status == 0
    assert "Answer a question first" in printed
    assert "x + 0.001, and the output shows a rise of 0.002; yours predicts a rise of 0.003." in printed
    for said in ("Why: ∂f/∂x, total gradient", "Derived:", "With this drill's numbers:", "Measured at this point:"):
        assert said in printed
    assert "Why: ∂f/∂y, total gradient" in printed.partition("Done.")[2]


def test_a_node_that_is_called_like_a_command_can_be_an_answer() -> None:
    text = "title: T\ngiven: {why: 3, y: 2}\ngraph: {f: why * y}\nask: [{predict: {largest: [why, y]}}, {total: y}]"
    status, printed = sitting(load_text(text, Path("/nowhere/named.yaml")), "y", "why")
    assert status == 0
    assert "Done." in printed
