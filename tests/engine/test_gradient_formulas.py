"""Gradients as formulas in the lesson's own language, right at the numbers of any run."""

from typing import Any

import numpy as np
import pytest

from tutor.engine import Graph
from tutor.engine.function_table import function_table
from tutor.engine.gradient_formulas import downstream_formula, gradient_formula
from tutor.engine.simplifying import simplified, transposed
from tutor.expr import Scope, evaluate, parse, to_text
from tutor.expr.tree import Gradient, Name

NET = {"z": "W @ x + b", "h": "tanh(z)", "s": "u.T @ h"}
SHAPES = {"W": (3, 2), "x": (2, 1), "b": (3, 1), "u": (3, 1)}


def run(lines: dict[str, str], shapes: dict[str, tuple[int, ...]], **options: Any) -> Any:
    numbers = np.random.default_rng(3)
    graph = Graph.parse(lines, inputs=shapes, **options)
    return graph.run({name: numbers.uniform(0.2, 1.5, shape) for name, shape in shapes.items()})


@pytest.mark.parametrize(
    ("wrt", "using", "text"),
    [
        ("W", ["up", "x"], "up @ x.T"),
        ("b", ["up"], "up"),
        ("W", ["dz", "x"], "dz @ x.T"),
        ("W", ["u", "h", "x"], "u * (1 - h^2) @ x.T"),
        ("b", ["u", "z"], "u * (1 - tanh(z)^2)"),
        ("u", ["h"], "h"),
        ("x", ["u", "W", "h"], "W.T @ (u * (1 - h^2))"),
    ],
)
def test_the_gradients_of_one_layer(wrt: str, using: list[str], text: str) -> None:
    tree = gradient_formula(run(NET, SHAPES), wrt, lambda part: part.name in using)
    assert tree is not None
    assert to_text(tree) == text


def test_no_formula_from_names_that_do_not_suffice() -> None:
    assert gradient_formula(run(NET, SHAPES), "W", lambda part: part.name in ("h", "x")) is None


CASES = {
    "broadcast bias": ({"z": "x + b", "f": "sum(z * z)"}, {"x": (3, 2), "b": (2,)}),
    "column bias": ({"z": "x * b", "f": "sum(exp(z))"}, {"x": (3, 2), "b": (3, 1)}),
    "scalar": ({"z": "x * c", "f": "mean(z)"}, {"x": (3, 2), "c": ()}),
    "mean squares": ({"y": "X @ w", "f": "mse(y, t)"}, {"X": (4, 2), "w": (2,), "t": (4,)}),
    "fork": ({"a": "x * y", "f": "a * x + sigmoid(a)"}, {"x": (), "y": ()}),
    "batch": ({"z": "A @ B", "f": "sum(z^2)"}, {"A": (2, 3, 2), "B": (2, 4)}),
    "norm": ({"z": "layer_norm(x, g, b)", "f": "sum(z^3)"}, {"x": (3, 4), "g": (4,), "b": (4,)}),
    "softmax": ({"p": "softmax(z)", "f": "sum(p * t)"}, {"z": (3, 4), "t": (3, 4)}),
    "rows": ({"m": "mean(x, axis=1)", "f": "m @ v"}, {"x": (3, 4), "v": (3,)}),
    "pick": ({"f": "x[1] * x[2]"}, {"x": (3,)}),
}


@pytest.mark.parametrize("case", CASES)
def test_every_formula_evaluates_to_the_gradient(case: str) -> None:
    lines, shapes = CASES[case]
    made = run(lines, shapes)
    names = {**made.values, "up": None}
    for wrt in shapes:
        for allowed in (lambda part: part.name != "up", lambda part: not isinstance(part, Gradient)):
            tree = gradient_formula(made, wrt, allowed)
            assert tree is not None, wrt
            gradients = {f"d{name}": value for name, value in made.gradients.items()}
            lines_of = {line for line, _ in made.graph.uses(wrt)}
            names["up"] = made.gradients[lines_of.pop()]
            value = evaluate(tree, {**names, **gradients}, function_table())
            np.testing.assert_allclose(value, made.gradients[wrt], rtol=1e-9, atol=1e-12, err_msg=to_text(tree))


def test_local_gradients_as_formulas() -> None:
    made = run(NET, SHAPES)
    tree = downstream_formula(made, made.graph.chain("h", "z"), Name("up"))
    assert tree is not None
    assert to_text(tree) == "up * (1 - h^2)"


def test_an_op_without_a_short_rule_gives_no_formula() -> None:
    made = run({"y": "conv1d(x, w)", "f": "sum(y)"}, {"x": (1, 1, 4), "w": (1, 1, 2)})
    assert gradient_formula(made, "w", lambda part: True) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("1 * x", "x"), ("x @ 1", "x"), ("-(-x)", "x"), ("x.T.T", "x"), ("-x * y", "-(x * y)"), ("x / 1", "x")],
)
def test_ones_and_double_signs_go(text: str, wanted: str) -> None:
    assert to_text(simplified(parse(text, Scope()))) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"), [("x + sum(0) - 0", "x"), ("sum(0) + x", "x"), ("sum(0)", "0"), ("x * 0", "x * 0")]
)
def test_sums_of_nothing_go(text: str, wanted: str) -> None:
    assert to_text(simplified(parse(text, Scope(functions=frozenset({"sum"}))))) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("up * 2 * x^(2 - 1)", "up * 2 * x"),
        ("up * 3 * x^(3 - 1)", "up * 3 * x^2"),
        ("dk * W + dk * W", "2 * dk * W"),
        ("dk * W + b + dk * W + dk * W", "3 * dk * W + b"),
        ("A @ x + A @ x", "2 * A @ x"),
        ("-a + -a", "-(2 * a)"),
        ("a + -b", "a - b"),
        ("1 / n * a", "a / n"),
        ("a * (1 / n)", "a / n"),
        ("a * (b * c)", "a * b * c"),
        ("a * (b / c)", "a * b / c"),
        ("0.5 * 2 * a", "a"),
        ("0.1 * 3 * a", "0.3 * a"),
        ("(1 - 3) * a", "-(2 * a)"),
        ("a / 3 + a / 3", "2 * a / 3"),
        ("2 / n + 2 / n", "2 * 2 / n"),
        ("a @ (b * c)", "a @ (b * c)"),
        ("2 ^ 3 * a", "2^3 * a"),
    ],
)
def test_what_can_be_worked_out_is_and_keeps_its_value(text: str, wanted: str) -> None:
    """Every rewrite is tried at random numbers, arrays that are stretched to each other among them."""
    tree = parse(text, Scope())
    made = simplified(tree)
    assert to_text(made) == wanted
    numbers = np.random.default_rng(7)
    for shapes in ({}, {"a": (3, 2)}, {"b": (3, 2), "c": (2,)}, {"a": (2,), "c": (3, 1)}):
        if "@" in text and "b * c" in text:
            shapes = {"a": (2, 3), "b": (3, 2), "c": (2,)}
        names = {
            name: numbers.uniform(0.2, 2.0, shapes.get(name, ())) for name in ("a", "b", "c", "n", "up", "dk", "W")
        }
        names |= {"A": numbers.uniform(0.2, 2.0, (3, 2)), "x": numbers.uniform(0.2, 2.0, (2,))}
        before, after = (evaluate(each, names, function_table()) for each in (tree, made))
        assert np.shape(before) == np.shape(after)
        np.testing.assert_allclose(after, before, rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A.T @ B.T", "B @ A"),
        ("A.T @ B.T @ C.T", "C @ B @ A"),
        ("A.T @ (B.T @ C.T)", "C @ B @ A"),
        ("A.T @ (2 * B + B^2).T", "(2 * B + B^2) @ A"),
        ("A.T @ (B.T @ D).T", "B.T @ D @ A"),
        ("A.T", "A"),
        ("A.T @ D", "(A.T @ D).T"),
    ],
)
def test_a_product_of_transposed_matrices_is_turned_around(text: str, wanted: str) -> None:
    tree = parse(text, Scope())
    made = transposed(tree, lambda part: True)
    assert to_text(made) == wanted
    numbers = np.random.default_rng(11)
    for _ in range(5):
        k, m, n, o = numbers.integers(1, 5, 4)
        shapes = {"A": (m, k), "B": (n, m), "C": (o, n), "D": (m, n)}
        if "B.T @ D" in text:
            shapes |= {"B": (o, n), "D": (o, m)}
        names = {name: numbers.normal(size=shape) for name, shape in shapes.items()}
        before, after = np.transpose(evaluate(tree, names, function_table())), evaluate(made, names, function_table())
        assert np.shape(before) == np.shape(after)
        np.testing.assert_allclose(after, before, rtol=1e-9)


@pytest.mark.parametrize("text", ["a.T @ B.T", "S.T @ B.T", "A.T @ sum(B).T", "A.T @ (B * a).T"])
def test_a_product_of_what_may_be_no_matrix_stays_transposed(text: str) -> None:
    tree = parse(text, Scope(functions=frozenset({"sum"})))
    assert to_text(transposed(tree, lambda part: part.name in "AB")) == f"({text}).T"
