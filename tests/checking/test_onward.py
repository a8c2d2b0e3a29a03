"""Whoever goes on from rounded answers of their own is right as long as the rules are; mistakes stay mistakes."""

import numpy as np
import pytest

from tests.checking.graphs import random_drills
from tests.checking.lessons import BUNDLED, bundled, drill, verdict
from tests.checking.onward import typed_onward
from tutor.drill.question import Drill
from tutor.kinds import check

DIGITS = (2, 3, 4)

# f = c · tanh(b · x): ∂f/∂h = c = -0.1425, dz = c (1 - h²), dx = b dz.
CHAIN = drill(
    "given: {x: 0.3127, b: 1.6487, c: -0.1425}\ngraph: {z: b * x, h: tanh(z), f: c * h}\n"
    "ask: [total: h, total: z, total: x, update: {of: x, rate: 0.5}]"
)
H, Z = np.tanh(1.6487 * 0.3127), -0.1425 * (1 - np.tanh(1.6487 * 0.3127) ** 2)


def refused(made: Drill, digits: int) -> list[tuple[str, str]]:
    return [
        (question.id, text)
        for question, text, earlier in typed_onward(made, digits)
        if check(made, question, text, earlier).kind != "right"
    ]


@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize("id", BUNDLED)
def test_a_lesson_can_be_worked_forward_from_rounded_answers(id: str, digits: int) -> None:
    for seed in range(2):
        assert refused(bundled(id, seed), digits) == []


@pytest.mark.thorough
@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize("id", BUNDLED)
def test_a_lesson_can_be_worked_forward_at_any_seed(id: str, digits: int) -> None:
    for seed in range(20):
        assert refused(bundled(id, seed), digits) == []


@pytest.mark.parametrize("digits", DIGITS)
def test_the_error_may_grow_as_long_as_the_chain_is(digits: int) -> None:
    """Sixteen factors; each step is rounded, and after all of them two digits are off by many times the tolerance."""
    factors = [1.349, 0.8149, 1.249, 0.7349] * 4
    lines = [f"a{k}: {factor} * {f'a{k - 1}' if k else 'x'}" for k, factor in enumerate(factors)]
    asked = ", ".join(f"total: {f'a{k}' if k >= 0 else 'x'}" for k in range(len(factors) - 2, -2, -1))
    made = drill(f"given: {{x: 2.5}}\ngraph: {{{', '.join(lines)}}}\nask: [{asked}]")
    assert refused(made, digits) == []


def test_the_next_answer_is_right_as_far_as_it_was_rounded() -> None:
    own = {"total h": "-0.14"}
    slope = f"{1 - H * H:.4f}"
    for typed in (f"-0.14*{slope}", f"{-0.14 * (1 - H * H):.2f}", f"{-0.14 * (1 - H * H):.3f}", f"{Z:.3f}"):
        assert verdict(CHAIN, "total z", typed, own).kind == "right", typed
    found = verdict(CHAIN, "total z", f"{-0.14 * (1 - H * H):.4f}", own)
    assert (found.message.id, found.exact) == ("checking.right-carried", pytest.approx(Z))
    assert verdict(CHAIN, "total z", f"{-0.14 * (1 - H * H):.4f}").kind == "wrong"


def test_an_accepted_answer_that_was_carried_itself_is_carried_on() -> None:
    z = f"{-0.14 * (1 - H * H):.3f}"
    x = 1.6487 * float(z)
    assert verdict(CHAIN, "total x", f"{x:.4f}", {"total h": "-0.14", "total z": z}).kind == "right"
    moved = 0.3127 - 0.5 * x
    own = {"total h": "-0.14", "total z": z, "total x": f"{x:.4f}"}
    assert verdict(CHAIN, "update x", f"{moved:.5f}", own).kind == "right"
    assert verdict(CHAIN, "update x", f"{0.3127 + 0.5 * x:.5f}", own).kind == "wrong"


def test_a_wrong_answer_is_blamed_and_not_carried() -> None:
    own = {"total h": "-0.19"}
    found = verdict(CHAIN, "total z", f"{-0.19 * (1 - H * H):.4f}", own)
    assert (found.kind, found.message.id) == ("wrong", "checking.follows-from")


@pytest.mark.parametrize("typed", ["0", "0.00", "0.0000", "0.111", "-0.14", "-0.16", "-0.08"])
def test_neither_zero_nor_another_sign_nor_what_is_further_off_is_a_rounding(typed: str) -> None:
    assert verdict(CHAIN, "total z", typed, {"total h": "-0.14"}).kind == "wrong"


def test_whole_numbers_are_carried_exactly() -> None:
    made = drill("given: {w: 3, x: 101}\ngraph: {a: w * x, f: 2 * a}\nask: [total: a, total: w]")
    assert verdict(made, "total w", "201", {"total a": "2"}).kind == "wrong"
    assert verdict(made, "total w", "202", {"total a": "2"}).kind == "right"


@pytest.mark.thorough
@pytest.mark.parametrize("digits", DIGITS)
def test_random_graphs_can_be_worked_forward_from_rounded_answers(digits: int) -> None:
    for made in random_drills(30):
        assert refused(made, digits) == []
