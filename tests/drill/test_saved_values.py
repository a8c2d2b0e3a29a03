"""What must be saved for backward: against a search for two inputs that look alike and have different slopes."""

import math
from collections.abc import Callable
from itertools import combinations, product
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad

from tutor.drill.saved_values import SavedValues
from tutor.engine import Graph

# Off 0, where kinks are; π − x for sines, which look alike there.
LINE = [k / 2 + 0.25 for k in range(-6, 6)]
GRID = [*LINE, *(math.pi - x for x in LINE)]

UNARY: dict[str, Callable[[Any], Any]] = {
    "tanh(x)": anp.tanh,
    "sigmoid(x)": lambda x: 1 / (1 + anp.exp(-x)),
    "relu(x)": lambda x: anp.maximum(x, 0.0),
    "exp(x)": anp.exp,
    "log(x)": anp.log,
    "sqrt(x)": anp.sqrt,
    "abs(x)": anp.abs,
    "square(x)": lambda x: x * x,
    "x^3": lambda x: x**3,
    "sin(x)": anp.sin,
    "cos(x)": anp.cos,
    "cosh(x)": anp.cosh,
    "1 / x": lambda x: 1 / x,
    "2 * x": lambda x: 2.0 * x,
    "-x": lambda x: -x,
    "exp(tanh(x))": lambda x: anp.exp(anp.tanh(x)),
}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / y,
    "max(x, y)": anp.maximum,
    "min(x, y)": anp.minimum,
}


def collide(values: dict[str, Any], slope: Any, kept: tuple[str, ...]) -> bool:
    """Are there two inputs that agree in all kept values and differ in slope?"""
    seen: dict[tuple[float, ...], float] = {}
    for place, found in enumerate(slope):
        key = tuple(round(float(values[name][place]), 9) + 0.0 for name in kept)
        if abs(seen.setdefault(key, found) - found) > 1e-6:
            return True
    return False


@pytest.mark.parametrize("formula", UNARY)
def test_a_set_is_enough_for_a_function_if_nothing_collides(formula: str) -> None:
    points = np.array([x for x in GRID if x > 0 or formula not in ("log(x)", "sqrt(x)")])
    values = {"x": points, "f": UNARY[formula](points)}
    slope = elementwise_grad(UNARY[formula])(points)
    saving = SavedValues(Graph.parse({"f": formula}).run({"x": 0.7}), "f", "x")
    for size in range(3):
        for kept in combinations(("x", "f"), size):
            assert saving.suffices(kept) is not collide(values, slope, kept), kept


@pytest.mark.parametrize("formula", BINARY)
@pytest.mark.parametrize("wrt", ["x", "y"])
def test_a_set_is_enough_for_a_gate_if_nothing_collides(formula: str, wrt: str) -> None:
    pairs = np.array([(x, y) for x, y in product(LINE, LINE) if x != y])  # ties are kinks
    x, y = pairs[:, 0], pairs[:, 1]
    values = {"x": x, "y": y, "f": BINARY[formula](x, y)}
    slope = elementwise_grad(BINARY[formula], argnum="xy".index(wrt))(x, y)
    saving = SavedValues(Graph.parse({"f": formula}).run({"x": 0.7, "y": -0.4}), "f", wrt)
    for size in range(4):
        for kept in combinations(("x", "y", "f"), size):
            assert saving.suffices(kept) is not collide(values, slope, kept), kept


NUMBERS = {
    "u": np.ones((3, 1)), "W": np.arange(6.0).reshape(3, 2), "x": np.ones((2, 1)), "b": np.ones((3, 1)),
    "v": np.arange(4.0), "k": 2,
}  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "wrt", "smallest"),
    [
        ("W @ x", "W", {("x",)}),
        ("W @ x", "x", {("W",)}),
        ("W @ x + b", "b", {()}),
        ("tanh(W @ x + b)", "W", {("x", "f.2"), ("x", "f")}),  # 1 − f², or of the pre-activation f.2
        ("tanh(W @ x + b)", "b", {("f.2",), ("f",)}),
        ("u.T @ tanh(W @ x + b)", "u", {("f.2",), ("f.3",)}),
        ("sum(v)", "v", {()}),
        ("mean(v)", "v", {()}),
        ("v * v", "v#0", {("v",)}),
        ("softmax(v)", "v", {("v",), ("f",)}),
        ("logsumexp(v)", "v", {("v",)}),
        ("v[k]", "v", {("k",)}),
        ("v * (v > 0)", "v#0", {("v",), ("f.1",)}),
        ("max(v, x, W)", "v", {("v", "f")}),  # the winner is who equals the output
    ],
)
def test_a_line_needs_what_its_rules_read(formula: str, wrt: str, smallest: set[tuple[str, ...]]) -> None:
    numbers = dict(NUMBERS) if not formula.startswith("max") else {"v": 0.3, "x": -1.0, "W": 2.0}
    graph = Graph.parse({"f": formula}, integer=["k"] if "k" in formula else ())
    given = {name: numbers[name] for name in graph.inputs}
    shape = graph.plan({graph.index[name]: np.shape(value) for name, value in given.items()}).shapes[graph.index["f"]]
    run = graph.run(given, {"f": np.ones(shape)})
    assert set(SavedValues(run, "f", wrt).smallest) == smallest


def test_only_values_of_the_line_may_be_saved() -> None:
    graph = Graph.parse({"z": "W @ x", "h": "tanh(z)", "s": "sum(h)"})
    saving = SavedValues(graph.run({"W": NUMBERS["W"], "x": NUMBERS["x"]}), "h", "z")
    assert saving.names == ("z", "h")
