"""A backward pass with one slip in it: found by the variable or the line, and put right."""

import numpy as np
import pytest

from tests.checking.lessons import NET, drill, judged, verdict
from tutor.drill.question import Drill
from tutor.kinds import build, hints
from tutor.kinds.find_slip import FindSlipQuestion
from tutor.text import say

ONE = "find-slip 1"
SQUARE = drill(NET + 'ask: [{find-slip: {of: h, wrt: z, slip: "tanh:square-forgotten"}}]')

# The net of NET by hand.
X, U = np.array([[2.0], [-1.0]]), np.array([[2.0], [-3.0], [1.0]])
W = np.array([[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]])
H = np.tanh(W @ X + np.array([[0.1], [-0.3], [0.2]]))
DZ = U * (1 - H**2)


def text(array: np.ndarray) -> str:
    return str(np.round(array, 5).tolist())


def task(drill: Drill) -> FindSlipQuestion:
    (question,) = drill.questions
    assert isinstance(question, FindSlipQuestion)
    return question


def test_the_slip_is_carried_on_from_where_it_is_made() -> None:
    shown, wrong = task(SQUARE).shown, U * (1 - H)
    assert np.allclose(shown["z"], wrong)
    assert np.allclose(shown["b"], wrong)
    assert np.allclose(shown["W"], wrong @ X.T)
    assert np.allclose(shown["x"], W.T @ wrong)
    assert np.allclose(shown["h"], U)
    assert np.allclose(shown["u"], H)
    assert task(SQUARE).wrong == ("z", "x", "W", "b")
    assert task(SQUARE).first == ("z",)


def test_the_pass_is_shown_a_line_a_variable_from_the_output_on() -> None:
    about, *lines = [say(each, "en") for each in SQUARE.questions[0].details]
    assert about.startswith("Someone made one slip")
    assert [line.partition(" =")[0] for line in lines] == ["ds", "dh", "dz", "dx", "dW", "db", "du"]
    assert lines[1] == "dh = [[2], [-3], [1]]"


@pytest.mark.parametrize("name", ["z", "dz", "ds/dz", "∂s/∂z", "h"])
def test_the_variable_or_the_line_that_made_it_counts(name: str) -> None:
    assert judged(SQUARE, ONE, f"{name} = {text(DZ)}") == ("right", None)


@pytest.mark.parametrize("typed", ["z = dh * (1 - h^2)", "z = u * (1 - h^2)", f"z: {text(DZ)}", f"z ＝ {text(DZ)}"])
def test_the_gradient_may_be_computed_from_what_is_shown_right(typed: str) -> None:
    assert judged(SQUARE, ONE, typed) == ("right", None)


@pytest.mark.parametrize(
    ("typed", "kind", "id"),
    [
        (f"z = {text(U * (1 - H))}", "wrong", "checking.slip-as-shown"),
        (f"b = {text(DZ)}", "wrong", "checking.slip-further-up"),
        (f"u = {text(H)}", "wrong", "checking.slip-not-here"),
        ("z = db", "unreadable", "checking.slip-in-it"),
        ("z = dz", "unreadable", "checking.gradient-is-the-question"),
        ("q = 1", "unreadable", "checking.unknown-choice"),
        ("z", "unreadable", "checking.slip-form"),
        (f"z = {text(DZ.T)}", "right-but", "checking.jacobian-form"),
        ("z = 3", "wrong-shape", "checking.wants-an-array"),
    ],
)
def test_what_is_off_is_said(typed: str, kind: str, id: str) -> None:
    found = verdict(SQUARE, ONE, typed)
    assert (found.kind, found.message.id) == (kind, id)


def test_another_slip_at_the_right_place_is_named() -> None:
    assert judged(SQUARE, ONE, f"z = {text(U)}") == ("wrong", "local-forgotten")


def test_any_slip_changes_with_the_seed_and_always_shows() -> None:
    lesson = drill(NET + "ask: [{find-slip: {slip: any}}, {find-slip: {slip: any}}]").lesson
    planted = set()
    for seed in range(12):
        made = build(lesson, seed)
        for question in made.questions:
            assert isinstance(question, FindSlipQuestion)
            run = made.parts[0].run
            first = question.first[0]
            right = run.gradients[first]
            assert np.max(np.abs(question.shown[first] - right)) > 0.02 * np.max(np.abs(right))
            before = list(question.shown)[: list(question.shown).index(first)]
            assert all(np.allclose(question.shown[name], run.gradients[name]) for name in before)
            assert judged(made, question.id, question.typed or "") == ("right", None)
            planted.add((question.at, question.slip))
    assert len(planted) > 3


def test_a_slip_may_be_bound_to_a_line_in_a_circuit() -> None:
    circuit = drill(
        "given: {x: 2, y: 5, z: -3}\ngraph: {a: x * y, b: x + z, f: a * b}\n"
        "ask: [{find-slip: {of: a, slip: 'mul:own-input'}}]"
    )
    (question,) = circuit.questions
    assert task(circuit).at == "a"
    # By hand: f = xy(x + z), df/dx = 2xy + yz = 5, df/dy = x² + xz = -2.
    wrong = task(circuit).first[0]
    assert judged(circuit, ONE, f"{wrong} = {5 if wrong == 'x' else -2}") == ("right", None)
    assert question.typed == f"{wrong} = {5 if wrong == 'x' else -2}"


def test_the_ladder_leads_to_the_line() -> None:
    (question,) = SQUARE.questions
    for language in ("en", "zh"):
        rungs = [say(each, language) for each in hints(SQUARE, question)]  # type: ignore[arg-type]
        assert len(set(rungs)) == 5
        assert question.typed is not None
        assert question.typed in rungs[4]
        assert "h = tanh(z)" in rungs[3]
        assert not any("z =" in rung.replace("with z =", "").replace("其中 z =", "") for rung in rungs[:3])


def test_the_line_of_the_slip_with_its_own_gradient_is_right_as_shown() -> None:
    assert verdict(SQUARE, ONE, "h = u").message.id == "checking.slip-not-here"
    assert verdict(SQUARE, ONE, "h = u * (1 - h^2)").kind == "right"
