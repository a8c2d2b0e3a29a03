"""What is said of a mistake is true of it, and said once."""

import pytest

from tests.checking.lessons import NET, bundled, drill, verdict
from tutor.text import say

CIRCUIT = bundled("circuits/first-circuit")
SCORE = bundled("one-layer/score-gradient")


def test_of_a_branch_without_its_upstream_the_text_speaks_of_that_branch() -> None:
    """2 comes through a, and b's slope is 1: the answer 3 is no local gradient, and 3 is what arrives at b."""
    found = verdict(CIRCUIT, "total y", "3")
    assert found.mistake == "one-branch | upstream-forgotten"
    text = say(found.message, "en")
    assert "slope of b alone" not in text
    assert "What came through b is its local gradient alone" in text
    assert "what arrives at b: 3" in text


@pytest.mark.parametrize(("typed", "mistake"), [("6", "branches-multiplied"), ("2.5", "branches-averaged")])
def test_at_a_fork_the_simpler_explanation_is_not_joined_by_a_contrived_one(typed: str, mistake: str) -> None:
    assert verdict(CIRCUIT, "total y", typed).mistake == mistake


@pytest.mark.parametrize("id", ["formula b", "total b"])
def test_where_entries_meet_entries_the_other_product_is_asked_about(id: str) -> None:
    found = verdict(SCORE, id, "u @ (1 - h^2)")
    assert (found.kind, found.message.id) == ("wrong-shape", "checking.misfit-elementwise")
    assert "*" in say(found.message, "en")
    assert found.told is not None
    assert "needs * here" in say(found.told, "en")


def test_two_arrays_of_the_shape_asked_for_are_multiplied_entry_by_entry() -> None:
    """No single edit mends it, and a transpose would not either."""
    found = verdict(SCORE, "total b", "u @ u @ h")
    assert found.message.id == "checking.misfit-elementwise"


def test_a_lost_sign_is_told_once() -> None:
    found = verdict(SCORE, "formula b", "-u * (1 - h^2)")
    assert found.mistake == "sign"
    assert say(found.message, "en") == "One sign away: look at -u."


def test_behind_the_edit_that_mends_it_a_slip_is_explained_and_not_named_again() -> None:
    text = say(verdict(SCORE, "formula b", "u * (1 - h)").message, "en")
    assert text.startswith("One square away: look at h. tanh levels off on both sides alike")
    assert "A square forgotten. tanh levels off" in say(verdict(SCORE, "total b", slipped()).message, "en")


def slipped() -> str:
    """db with the square forgotten, in numbers."""
    values = SCORE.parts[0].run.values
    column = (values["u"] * (1 - values["h"])).ravel()
    return "[" + ", ".join(f"[{number:.6f}]" for number in column) + "]"


def test_the_gradient_that_up_stands_for_may_be_called_by_its_node_too() -> None:
    for named in ("dz", "δz", "delta_z", "grad_z", "z.grad", "ds/dz", "∂s/∂z", "dL/dz", "δ", "up"):
        assert verdict(SCORE, "formula W", f"{named} @ x.T").kind == "right", named
    assert verdict(SCORE, "formula W", "dh @ x.T").message.id == "checking.not-in-using"


def test_what_is_refused_is_not_said_to_be_unreadable() -> None:
    assert verdict(SCORE, "formula W", "dh @ x.T").parsed
    assert not verdict(SCORE, "formula W", "up @").parsed


def test_the_lowest_step_given_for_a_path_is_told_of_the_steps_above() -> None:
    net = drill(NET + "ask: [{path: {wrt: z, through: [h, s]}}]")
    found = verdict(net, "path z h s", "1 - h^2")
    assert (found.mistake, found.node) == ("upstream-forgotten", "h")
    assert say(found.message, "en").endswith("the steps above h belong to it too.")


@pytest.mark.parametrize("typed", ["y > z", "z < y"])
def test_a_condition_that_lets_the_loser_through_has_its_sides_exchanged(typed: str) -> None:
    found = verdict(bundled("circuits/first-circuit"), "local b z", typed)
    assert found.mistake == "max:wrong-winner"
    assert say(found.message, "en").startswith(f"The two sides of {typed} stand the wrong way round. ")


BATCH = """
sizes: {N: 4, d: 3, k: 2}
given:
  X: {shape: [N, d], uniform: [-2, 2], decimals: 1, nonzero: true, distinct: true}
  W: {shape: [d, k], uniform: [-1, 1], decimals: 1, nonzero: true, distinct: true}
  c: {shape: [N, k], uniform: [1, 2], decimals: 1, distinct: true}
graph: {z: X @ W, h: tanh(z), f: sum(c * h)}
ask:
  - total: [h, z, W]
  - formula: {wrt: W, using: [up, X]}
"""


@pytest.mark.parametrize(("id", "typed"), [("formula W", "X.T @ up / N"), ("total W", "X.T @ dz / N")])
def test_a_mean_that_nobody_asked_for_is_one_division_too_many(id: str, typed: str) -> None:
    found = verdict(drill(BATCH), id, typed)
    assert found.kind == "wrong"
    assert say(found.message, "en") == f"One division too many: look at {typed}."


def test_what_arrives_is_named_where_it_is_too_large_to_show() -> None:
    assert "multiply it by what arrives there: dh." in say(verdict(drill(BATCH), "total z", "1 - h^2").message, "en")
