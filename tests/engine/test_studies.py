"""The numbers behind a lesson's plots, against theory, NumPy, autograd and counting by hand."""

import itertools
import json
import math
from pathlib import Path
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad

from tutor.engine import Graph, Run
from tutor.engine.studies import counts, gradient_check, gradient_norms, study, timing

PROBLEMS = json.loads((Path(__file__).parent / "data/published.json").read_text("utf-8"))
EPSILON = np.finfo(float).eps


def first_circuit() -> Run:
    return Graph.parse({"a": "x + y", "b": "max(y, z)", "f": "a * b"}).run({"x": 1, "y": 2, "z": 0})


# The gradient check


@pytest.mark.parametrize(("formula", "x"), [("exp(x)", 1.0), ("sin(x)", 1.0), ("x^3 + x", 2.0), ("tanh(x)", 0.4)])
def test_the_error_is_least_where_theory_says(formula: str, x: float) -> None:
    """One-sided near the square root of the rounding error, two-sided near its cube root."""
    found = gradient_check(Graph.parse({"f": formula}).run({"x": x}))
    assert found is not None
    assert abs(math.log10(found.best_one) - math.log10(EPSILON) / 2) <= 1
    assert abs(math.log10(found.best_two) - math.log10(EPSILON) / 3) <= 1


def test_the_errors_fall_by_ten_and_by_a_hundred() -> None:
    found = gradient_check(Graph.parse({"f": "exp(x)"}).run({"x": 1.0}))
    assert found is not None
    large, small = (next(each for each in found.series if math.isclose(each.h, h)) for h in (1e-2, 1e-3))
    assert large.one_sided / small.one_sided == pytest.approx(10, rel=0.02)
    assert large.two_sided / small.two_sided == pytest.approx(100, rel=0.02)
    # exp is its own derivative, so that the series of Taylor tells the error itself.
    assert large.one_sided == pytest.approx(1e-2 / 2, rel=0.01)
    assert large.two_sided == pytest.approx(1e-4 / 6, rel=0.01)


def test_the_entry_with_the_clearest_error_is_shown() -> None:
    run = Graph.parse({"f": "a * b + sum(exp(W))"}).run({"a": 2, "b": 3, "W": [[0.0, 0.1], [2.0, 0.3]]})
    found = gradient_check(run)
    assert found is not None
    assert found.wrt == "W"
    run = Graph.parse({"f": "sum(W) + sin(x[1])"}).run({"W": [1.0, 2.0], "x": [0.5, 1.2, 0.1]})
    found = gradient_check(run)
    assert found is not None
    assert (found.wrt, found.place) == ("x", (1,))


@pytest.mark.parametrize(
    ("formula", "linear", "quadratic"), [("3 * x + 1", True, True), ("x^2", False, True), ("x^3", False, False)]
)
def test_lines_and_parabolas_have_no_error_to_show(formula: str, linear: bool, quadratic: bool) -> None:
    found = gradient_check(Graph.parse({"f": formula}).run({"x": 1.3}))
    assert found is not None
    assert (found.is_linear, found.is_quadratic) == (linear, quadratic)


def test_outputs_are_weighed_by_what_arrives_at_them() -> None:
    run = Graph.parse({"p": "exp(x)", "q": "x * y"}).run({"x": 1.0, "y": 2.0}, {"p": 2.0, "q": -1.0})
    found = gradient_check(run)
    assert found is not None
    assert found.wrt == "x"
    assert min(each.two_sided for each in found.series) < 1e-8


def test_labels_alone_leave_nothing_to_nudge() -> None:
    graph = Graph.parse({"f": "sum(y * 2)"}, integer=["y"])
    assert gradient_check(graph.run({"y": [1, 2]})) is None


def test_a_nudge_out_of_the_domain_is_no_best_step() -> None:
    found = gradient_check(Graph.parse({"f": "log(x)"}).run({"x": 0.05}))
    assert found is not None
    assert not math.isfinite(found.series[0].two_sided)
    assert 1e-8 < found.best_two < 1e-5


def test_a_large_input_is_looked_at_where_its_gradient_is_largest() -> None:
    x = np.linspace(0.0, 1.0, 3000)
    x[1234] = 5.0
    found = gradient_check(Graph.parse({"f": "sum(x^3)"}).run({"x": x}))
    assert found is not None
    assert found.place == (1234,)


def test_only_the_inputs_asked_for_are_nudged() -> None:
    run = Graph.parse({"f": "exp(x) + 0.1 * sin(t)"}).run({"x": 2.0, "t": 0.3})
    found = gradient_check(run, ["t"])
    assert found is not None
    assert found.wrt == "t"


# The sizes of gradients


def test_sizes_are_those_of_numpy_and_run_from_the_output_back() -> None:
    rng = np.random.default_rng(0)
    W, V = rng.normal(size=(4, 3)), rng.normal(size=(2, 4))
    x = rng.normal(size=(3, 1))
    graph = Graph.parse({"z": "W @ x", "h": "tanh(z)", "y": "V @ h", "s": "sum(y * y)"})
    found = gradient_norms(graph.run({"W": W, "V": V, "x": x}))
    h = np.tanh(W @ x)
    dy = 2 * (V @ h)
    dh = V.T @ dy
    dz = dh * (1 - h**2)
    expected = {"s": 1.0, "y": dy, "h": dh, "z": dz}
    assert [each.line for each in found.lines] == ["s", "y", "h", "z"]
    for each in found.lines:
        assert each.size == pytest.approx(np.linalg.norm(expected[each.line]))
    sizes = {each.line: each.size for each in found.inputs}
    assert sizes["W"] == pytest.approx(np.linalg.norm(dz @ x.T))
    assert sizes["x"] == pytest.approx(np.linalg.norm(W.T @ dz))


def test_sizes_in_a_deep_chain_agree_with_autograd() -> None:
    def sigmoid(value: float) -> float:
        return 1 / (1 + anp.exp(-value))  # type: ignore[no-any-return]

    lines = {"h1": "sigmoid(w * x)"} | {f"h{k}": f"sigmoid(w * h{k - 1})" for k in range(2, 13)}
    found = gradient_norms(Graph.parse(lines).run({"w": 2.0, "x": 0.5}))
    # The output as a function of each layer, differentiated by somebody else's code.
    value, values = 0.5, []
    for _ in range(12):
        value = sigmoid(2.0 * value)
        values.append(value)
    for depth, each in enumerate(found.lines):

        def onward(start: float, steps: int = depth) -> float:
            for _ in range(steps):
                start = sigmoid(2.0 * start)
            return start

        assert each.size == pytest.approx(abs(float(elementwise_grad(onward)(values[11 - depth]))))


def test_sizes_show_where_gradients_vanish() -> None:
    found = gradient_norms(Graph.parse({"a": "0.1 * x", "b": "0.1 * a", "f": "sum(b)"}).run({"x": [3.0, 4.0]}))
    sizes = {each.line: each.size for each in (*found.lines, *found.inputs)}
    assert sizes == pytest.approx({"x": 0.01 * 2**0.5, "a": 0.1 * 2**0.5, "b": 2**0.5, "f": 1.0})


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_a_size_is_right_where_squares_leave_the_range_of_floats(scale: float) -> None:
    found = gradient_norms(Graph.parse({"f": f"sum(x * [3, 4]) * {scale!r}"}).run({"x": [1.0, 1.0]}))
    assert found.inputs[0].size == pytest.approx(5 * scale)


def test_labels_have_no_size() -> None:
    graph = Graph.parse({"f": "cross_entropy(z, y)"}, integer=["y"])
    assert [each.line for each in gradient_norms(graph.run({"z": [1.0, 2.0], "y": 1})).inputs] == ["z"]


# Counts


def test_counts_are_those_made_by_hand() -> None:
    """f = (x + y) · max(y, z): two products at f have the 1 of the output; a sends its gradient along two slots."""
    found = {plan: (cost.multiply, cost.add) for plan, cost in counts(first_circuit()).plans}
    assert found == {"forward": (1, 1), "shared": (4, 1), "separate": (4, 1), "paths": (4, 1)}


def test_a_chain_with_a_shared_weight_pays_for_every_path() -> None:
    """h1 = w·x, h2 = w·h1, f = w·h2: w has three paths of 0, 1 and 2 products below the output, x one of 2."""
    graph = Graph.parse({"h1": "w * x", "h2": "w * h1", "f": "w * h2"})
    found = {plan: (cost.multiply, cost.add) for plan, cost in counts(graph.run({"w": 2, "x": 3})).plans}
    assert found["forward"] == (3, 0)
    assert found["shared"] == (4, 2)
    assert found["separate"] == (3 + 2, 2)
    assert found["paths"] == (0 + 1 + 2 + 2, 2)


def test_only_the_inputs_asked_for_are_counted() -> None:
    assert dict(counts(first_circuit(), ["z"]).plans)["shared"].multiply == 1
    assert study("counts", first_circuit(), ["z"]) == counts(first_circuit(), ["z"])


# Times


def test_every_op_is_timed_once_a_pass_forward_and_every_edge_backward() -> None:
    """By a clock that ticks at each look, an op takes 1; z has two of them and two edges more than constants have."""
    ticks = itertools.count()
    graph = Graph.parse({"z": "w * x + b", "h": "tanh(z)", "f": "h^2 + 1"})
    found = timing(graph.run({"w": 2, "x": 3, "b": 1}), seconds=0, clock=lambda: float(next(ticks)))
    assert [each.line for each in found.lines] == ["z", "h", "f"]
    assert [each.forward for each in found.lines] == [2, 1, 2]
    assert [each.backward for each in found.lines] == [4, 1, 2]
    assert (found.forward, found.backward) == (5, 7)


def test_times_are_medians_so_that_one_slow_pass_does_not_count() -> None:
    # Each look at the clock is 1 later than the one before, but for two that come after a long interruption: at the
    # end of an op in the first pass that counts, and at the end of an edge in the second.
    times = itertools.accumulate(1000.0 if look in (6, 12) else 1.0 for look in itertools.count())
    found = timing(Graph.parse({"f": "tanh(x)"}).run({"x": 1}), seconds=0, clock=lambda: next(times))
    assert (found.forward, found.backward) == (1, 1)


def test_a_real_clock_gives_times_above_zero() -> None:
    found = timing(first_circuit(), seconds=0)
    assert all(each.forward > 0 and each.backward > 0 for each in found.lines)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem["id"])
def test_every_published_problem_can_be_studied(problem: dict[str, Any]) -> None:
    run = Graph.parse(problem["graph"], inputs=problem["given"], integer=problem["integer"]).run(problem["given"])
    check = gradient_check(run)
    assert check is not None
    assert min(each.two_sided for each in check.series if math.isfinite(each.two_sided)) < 1e-6
    assert all(math.isfinite(each.size) for each in gradient_norms(run).lines)
    costs = dict(counts(run).plans)
    assert costs["shared"].multiply <= costs["separate"].multiply <= costs["paths"].multiply
    assert {each.line for each in timing(run, seconds=0).lines} == set(run.graph.lines)


@pytest.mark.parametrize("kind", ["gradient-check", "gradient-norms", "counts"])
def test_a_plot_is_studied_by_its_name(kind: str) -> None:
    run = first_circuit()
    expected = {"gradient-check": gradient_check, "gradient-norms": gradient_norms, "counts": counts}[kind](run)
    assert study(kind, run) == expected
