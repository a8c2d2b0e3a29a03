"""A forgotten factor is told apart from what happens to give the same, and named inside a line of several ops."""

import numpy as np
import pytest

from tests.checking.lessons import drill, judged, verdict
from tutor.drill.question import Drill
from tutor.text import say

SPLIT = "given: {s: {value: 2, constant: true}, x: [1.7, 0.3, -0.4], y: [0.6, 0.2, 1.1]}\n" + (
    "graph: {z: s * (x + y), f: sum(exp(z))}\nask: [{formula: {wrt: x, using: [z, s]}}, {total: x}]\n"
)
WRITTEN = SPLIT.replace("s: {value: 2, constant: true}, ", "").replace("s * (", "2 * (").replace("[z, s]", "[z]")
FORK = """
given: {x: [1.7, 0.3, -0.4], s: {value: 2, constant: true}}
graph: {a: x^2, b: exp(x), f: s * sum(a + b)}
ask: [{formula: {wrt: x, using: [x, s]}}]
"""
HALF = """
given: {p: [1.9, 0.3, -0.4], t: {value: [1, 0.5, 0.3], constant: true}}
graph: {r: p - t, L: 0.5 * sum(r^2)}
ask: [{formula: {wrt: p, using: [p, t, r]}}, {total: p}]
"""
ATTENTION = """
sizes: {n: 3, m: 2, d: 4}
given:
  Q: {shape: [n, d], uniform: [-1, 1], decimals: 1, nonzero: true}
  K: {shape: [m, d], uniform: [-1, 1], decimals: 1, nonzero: true}
graph: {S: Q @ K.T / sqrt(d), A: softmax(S)}
upstream: {A: {shape: [n, m], choice: [-2, 1, 2]}}
ask: [{formula: {wrt: Q, using: [dS, K]}}, {formula: {wrt: K, using: [dS, Q]}}]
"""
WEIGHTED = """
sizes: {n: 3}
given:
  x: {shape: [n], value: [0.3, -0.8, 0.5]}
  r: {shape: [n], value: [1.3, 0.4, 2.1], constant: true}
  t: {shape: [n], value: [-0.6, 0.1, 0.9]}
graph: {L: "sum(r * (x - t)^2)"}
ask: [{formula: {wrt: x, using: [x, r, t]}}, {downstream: {of: L, wrt: x}}]
"""


@pytest.mark.parametrize("text", [SPLIT, WRITTEN], ids=["a constant", "a number in the formula"])
def test_a_forgotten_two_and_a_gradient_split_in_two_are_both_offered(text: str) -> None:
    both = ("wrong", "add:splits | local-forgotten")
    assert judged(drill(text), "formula x", "exp(z)") == both
    x, y = np.array([1.7, 0.3, -0.4]), np.array([0.6, 0.2, 1.1])
    assert judged(drill(text), "total x", f"{np.exp(2 * (x + y)).round(3).tolist()}") == both


@pytest.mark.parametrize("factor", ["s", "2"])
def test_of_three_slips_that_give_the_same_none_is_named(factor: str) -> None:
    """The 2 of the square, the factor 2, or half of a sum: no two of them are likelier than the third."""
    given = "{x: [1.7, 0.3, -0.4], y: [0.6, 0.2, 1.1], s: {value: 2, constant: true}}"
    asked = drill(f"given: {given}\ngraph: {{z: {factor} * (x + y), f: sum(z^2)}}\nask: [{{formula: {{wrt: x}}}}]")
    found = verdict(asked, "formula x", "2 * z")
    assert (found.kind, found.mistake, found.node) == ("wrong", None, None)


def test_a_factor_that_drills_draw_is_told_from_a_split_by_formulas() -> None:
    drawn: Drill = drill(SPLIT.replace("value: 2", "choice: [2, 3, 5]"))
    assert judged(drawn, "formula x", "exp(z)") == ("wrong", "local-forgotten")
    assert judged(drawn, "formula x", "s * exp(z) / 2") == ("wrong", "add:splits")


def test_a_forgotten_two_and_averaged_branches_are_both_offered() -> None:
    assert judged(drill(FORK), "formula x", "2*x + exp(x)") == ("wrong", "branches-averaged | factor-forgotten")


def test_a_lost_half_is_a_factor_and_no_average() -> None:
    assert judged(drill(HALF), "formula p", "2 * r") == ("wrong", "factor-forgotten")
    assert judged(drill(HALF), "total p", "[1.8, -0.4, -1.4]") == ("wrong", "factor-forgotten")
    assert judged(drill(HALF), "formula p", "r / 2") == ("wrong", "pow:factor-forgotten")


def test_a_factor_inside_a_line_is_named_with_the_line_and_the_factor() -> None:
    asked = drill(ATTENTION)
    assert judged(asked, "formula Q", "dS @ K / sqrt(d)")[0] == "right"
    for name, typed in (("Q", "dS @ K"), ("K", "dS.T @ Q")):
        found = verdict(asked, f"formula {name}", typed)
        assert (found.kind, found.mistake, found.node) == ("wrong", "factor-forgotten", "S")
        assert "sqrt(d) scales Q @ Kᵀ" in say(found.message, "en")
    weighted = drill(WEIGHTED)
    assert judged(weighted, "formula x", "2 * (x - t)") == ("wrong", "factor-forgotten")
    assert judged(weighted, "downstream L x", "[1.8, -1.8, -0.8]") == ("wrong", "factor-forgotten")
    assert judged(weighted, "formula x", "r * (x - t)") == ("wrong", "pow:factor-forgotten")


def test_without_evidence_no_factor_inside_a_line_is_named() -> None:
    """A short number may be anything: 4 is what f = 3 * (x * y) gives without the 3, and much else."""
    asked = drill("given: {x: 2, y: 4}\ngraph: {f: 3 * (x * y)}\nask: [{total: x}]")
    assert judged(asked, "total x", "4")[1] != "factor-forgotten"
