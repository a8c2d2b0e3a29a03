"""What SymPy derives is what the engine computes."""

import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import sympy

from tutor.engine import REGISTRY, EngineError, Graph
from tutor.engine.function_table import function_table
from tutor.engine.ops.op import Elementwise, operation
from tutor.engine.symbolic import derivation, entry_derivative, gradient, graph_expression, one_line
from tutor.engine.symbolic.translate import symbol
from tutor.text import say

FLAT = {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"}
CHEATS = {"stop_gradient"}
SMOOTH = sorted(name for name, op in REGISTRY.items() if issubclass(op, Elementwise) and name not in FLAT | CHEATS)
ATTRIBUTES = {"clip": {"lo": -0.6, "hi": 0.8}}


def at(expression: Any, numbers: Mapping[str, float]) -> float:
    return float(expression.subs({symbol(name): sympy.Float(value, 17) for name, value in numbers.items()}).doit())


@pytest.mark.parametrize("name", SMOOTH)
def test_derivations_end_in_the_derivative(name: str) -> None:
    op = operation(name, **ATTRIBUTES.get(name, {}))
    assert isinstance(op, Elementwise)
    count = 2 if op.inputs[0].endswith("*") else len(op.inputs)
    names = op.input_names(count)
    for numbers in ([0.7, 0.4, 0.9], [0.3, 0.5, 0.2]):
        inputs = [np.float64(number) for number in numbers[:count]]
        for i in range(count):
            if i in op.without_gradient:
                continue
            wanted = float(op.derivative(i, op.forward(*inputs), *inputs))
            for step in derivation(op, i):
                known = {**dict(zip(names, inputs, strict=True)), "out": float(op.forward(*inputs))}
                assert at(step.expression, known) == pytest.approx(wanted, rel=1e-9), step
                assert all(say(rule, language) for rule in step.rules for language in ("en", "zh"))


def test_the_derivation_of_the_sigmoid_names_its_rules() -> None:
    steps = derivation("sigmoid")
    rules = [say(rule, "en") for step in steps for rule in step.rules]
    assert rules[:2] == ["the formula", "power rule"]
    assert "an exponential is its own slope" in rules
    assert one_line(steps[-1].expression) == "out · (1 − out)"


def test_an_op_on_arrays_has_no_such_derivation() -> None:
    with pytest.raises(EngineError):
        derivation("matmul")


GRAPHS = [
    ({"a": "x + y", "b": "max(y, z)", "f": "a * b"}, {"x": 1.0, "y": 2.0, "z": 0.5}),
    (
        {"p": "σ(2 * x - y)", "q": "tanh(p) / (1 + p^2)", "f": "log(q + 3) * exp(-z) + abs(x)"},
        {"x": 0.3, "y": 1.1, "z": -0.4},
    ),
    (
        {"r": "relu(x) + leaky_relu(y, 0.2)", "f": "where(x > y, r^2, r) + clip(z, 0, 1) + sqrt(r + 2)"},
        {"x": 0.9, "y": -0.2, "z": 0.3},
    ),
    ({"f": "gelu(x) * softplus(y) + x^z"}, {"x": 0.9, "y": -0.2, "z": 1.3}),
]


@pytest.mark.parametrize(("lines", "numbers"), GRAPHS, ids=[str(k) for k in range(len(GRAPHS))])
def test_whole_expressions_have_the_engines_values_and_gradients(
    lines: dict[str, str], numbers: dict[str, float]
) -> None:
    graph = Graph.parse(lines)
    run = graph.run(numbers)
    assert at(graph_expression(graph), numbers) == pytest.approx(float(run.values["f"]), rel=1e-12)
    for name in numbers:
        assert at(gradient(graph, name), numbers) == pytest.approx(float(run.gradients[name]), rel=1e-9)


def test_arrays_and_several_outputs_are_refused() -> None:
    with pytest.raises(EngineError) as error:
        graph_expression(Graph.parse({"f": "softmax(x)"}))
    assert error.value.node == "f"
    with pytest.raises(EngineError):
        graph_expression(Graph.parse({"f": "2 * x", "g": "x"}))
    with pytest.raises(EngineError):
        gradient(Graph.parse({"f": "2 * x"}), "f")


LINES = {"z": "W @ x + b", "y": "x @ W.T", "t": "tanh(W) * c", "m": "mean(W * W)", "r": "sum(W, axis=1)", "s": "W.T"}
ENTRIES = [
    ("z[i]", "W[i, j]", "x[j]"),
    ("z[i]", "W[k, j]", "(i == k) * x[j]"),
    ("z[i]", "x[j]", "W[i, j]"),
    ("z[i]", "b[i]", "1"),
    ("y[i]", "W[i, j]", "x[j]"),
    ("t[i, j]", "W[i, j]", "(1 - tanh(W[i, j])^2) * c"),
    ("r[i]", "W[i, j]", "1"),
    ("s[j, i]", "W[i, j]", "1"),
    ("z[1]", "W[1, 0]", "x[0]"),
    ("z[1]", "W[0, 0]", "0"),
]


@pytest.mark.parametrize(("of", "wrt", "text"), ENTRIES)
def test_entries_of_matrix_ops(of: str, wrt: str, text: str) -> None:
    from tutor.expr import Scope, evaluate, parse

    numbers = {"W": np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.7]]), "x": [1.0, -2.0], "b": [0.0, 1.0, 2.0], "c": 3.0}
    run = Graph.parse(LINES, inputs=numbers).run(
        numbers,
        {
            name: np.ones(shape)
            for name, shape in [("z", 3), ("y", 3), ("t", (3, 2)), ("m", ()), ("r", 3), ("s", (2, 3))]
        },
    )
    expression = entry_derivative(run, of, wrt)
    table = function_table()
    scope = Scope(functions=frozenset(table))
    ours = parse(one_line(expression), scope)
    for i in range(3):
        for j in range(2):
            for k in range(3):
                names = {**run.values, "i": i, "j": j, "k": k}
                assert evaluate(ours, names, table) == pytest.approx(float(evaluate(parse(text, scope), names, table)))


def test_a_mean_shares_out_over_all_entries() -> None:
    run = Graph.parse({"m": "mean(W * W)"}).run({"W": np.ones((3, 2))})
    slope = entry_derivative(run, "m", "W[i, j]")
    (entry,) = (each for each in slope.free_symbols if str(each) == "W[i, j]")
    sizes = [each for each in slope.free_symbols if each.is_positive]
    assert len(sizes) == 2
    assert slope * sizes[0] * sizes[1] == 2 * entry


def test_entries_that_make_no_sense_are_refused() -> None:
    run = Graph.parse({"z": "W @ x", "f": "sum(z)"}).run({"W": np.ones((3, 2)), "x": [1.0, 2.0]})
    for of, wrt in [("z[i]", "W[i]"), ("z", "W[i, j]"), ("z[i] + 1", "W[i, j]"), ("q[i]", "W[i, j]")]:
        with pytest.raises(EngineError):
            entry_derivative(run, of, wrt)


def test_the_engine_imports_no_sympy() -> None:
    imported = "tutor.engine, tutor.engine.code, tutor.engine.numeric_gradient"
    program = f"import sys; import {imported}; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
