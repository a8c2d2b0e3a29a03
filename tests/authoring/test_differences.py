"""Differences find a wrong rule wherever it stands, know a kink when they meet one, and trust the engine otherwise."""

from typing import Any

import numpy as np
import pytest

from tutor.authoring.differences import disagreements
from tutor.engine import Graph, Run
from tutor.engine.ops.activations import Tanh
from tutor.engine.ops.products import MatMul

RNG = np.random.default_rng(7)
W, X = RNG.uniform(-1, 1, (4, 5)), RNG.uniform(-1, 1, (5, 6))
NET = {"z": "W @ X", "h": "tanh(z)", "f": "sum(h^2)"}


def net() -> Run:
    return Graph.parse(NET).run({"W": W, "X": X})


def test_right_rules_agree_with_differences() -> None:
    assert list(disagreements(net())) == []


@pytest.mark.parametrize("factor", [0.999, 1.001, -1.0, 0.0])
def test_a_rule_that_is_a_little_wrong_is_found_in_a_large_array(
    factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = MatMul.vjp

    def wrong(self: MatMul, i: int, up: Any, out: Any, a: Any, b: Any) -> Any:
        return right(self, i, up, out, a, b) * (factor if i == 0 else 1.0)

    monkeypatch.setattr(MatMul, "vjp", wrong)
    found = list(disagreements(net()))
    assert {(each.finding, each.node) for each in found} == {("wrong", "z"), ("wrong", "W")}
    local = next(each for each in found if each.slot is not None)
    assert local.slot == 0
    assert local.backward == pytest.approx(factor * local.nudge, abs=1e-6)


def test_one_wrong_entry_is_found_in_a_small_array(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tanh, "derivative", lambda self, i, out, x: (1 - out**2) * np.where(x == x.flat[2], 1.01, 1))
    run = Graph.parse({"h": "tanh(x)", "f": "sum(h)"}).run({"x": np.array([[0.1], [0.5], [-0.7]])})
    assert {(each.finding, each.node) for each in disagreements(run)} == {("wrong", "h"), ("wrong", "x")}


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("max(x, y)", {"x": 2.0, "y": 2.0}),
        ("relu(x)", {"x": 0.0}),
        ("abs(x)", {"x": 0.0}),
        ("sum(max_pool(x, size=2))", {"x": [[[[1.0, 3.0], [3.0, 2.0]]]]}),
        ("hinge(x, y)", {"x": [[1.0, 2.0, 0.0]], "y": [1]}),
        ("norm(x)", {"x": [0.0, 0.0]}),
        ("sum(clip(x, 0, 1))", {"x": [0.0, 0.5]}),
    ],
)
def test_a_kink_is_no_error_of_the_rules(line: str, numbers: dict[str, Any]) -> None:
    labels = ("y",) if line.startswith("hinge") else ()
    run = Graph.parse({"f": line}, integer=labels).run(numbers)
    found = list(disagreements(run))
    assert found
    assert {each.finding for each in found} == {"kink"}


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("stop_gradient(x) * x", {"x": 1.5}),
        ("straight_through(x > 0, tanh(x)) * x", {"x": 0.4}),
        ("sum(where(m, x, 2 * x))", {"m": [1.0, 0.0], "x": [0.3, -0.2]}),
        ("sum(E[ids])", {"E": [[0.1, 0.2], [0.3, 0.4]], "ids": [1, 1, 0]}),
        ("x^3", {"x": -2.0}),
        ("exp(x)", {"x": 30.0}),
        ("log(x)", {"x": 1e-4}),
        ("1e6 + x^2", {"x": 0.01}),
        ("1e-7 * tanh(x)", {"x": 0.3}),
    ],
)
def test_conventions_labels_and_extreme_numbers_are_no_disagreement(line: str, numbers: dict[str, Any]) -> None:
    run = Graph.parse({"f": line}, integer=[name for name in numbers if name == "ids"]).run(numbers)
    assert list(disagreements(run)) == []


def test_a_long_chain_is_checked_without_trying_every_pair() -> None:
    lines = {f"a{k + 1}": f"a{k} + 0.001 * sin(a{k})" for k in range(2000)}
    run = Graph.parse(lines).run({"a0": 0.5})
    assert list(disagreements(run)) == []
