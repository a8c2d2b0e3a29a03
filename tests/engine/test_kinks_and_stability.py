"""At kinks and ties the derivative is the one the lessons state; far out, values and gradients stay finite."""

from typing import Any

import numpy as np
import pytest

from tutor.engine import Graph


def gradient(formula: str, x: Any, **options: Any) -> Any:
    graph = Graph.parse({"y": formula, "f": "sum(y)"}, inputs=["x"], **options)
    return graph.run({"x": x}).gradients["x"].tolist()


KINKS = [
    ("relu(x)", 0.0, 0.0),
    ("leaky_relu(x)", 0.0, 0.01),
    ("leaky_relu(x, 0.3)", 0.0, 0.3),
    ("elu(x, alpha=0.5)", 0.0, 0.5),
    ("abs(x)", 0.0, 0.0),
    ("max(x, 2)", 2.0, 0.5),
    ("max(x, 2, 2 * x - 2)", 2.0, 1 / 3 + 2 / 3),
    ("max(x, x, x)", 1.0, 1.0),
    ("min(x, 2)", 2.0, 0.5),
    ("amax(x)", [1.0, 3.0, 3.0], [0, 0.5, 0.5]),
    ("amin(x)", [1.0, 1.0, 1.0, 1.0], [0.25] * 4),
    ("norm(x)", [0.0, 0.0], [0, 0]),
    ("std(x)", [2.0, 2.0], [0, 0]),
    ("clip(x, -1, 1)", [-1.0, 1.0, 1.5, -1.5], [1, 1, 0, 0]),
    ("hinge(x, 0)", [1.0, 0.0], [0, 0]),
    ("max_pool(x)", [3.0, 3.0, 1.0, 1.0], [1, 0, 1, 0]),
    ("x > 0", [0.5, -0.5], [0, 0]),
    ("x^2", 0.0, 0.0),
    ("x^1", 0.0, 1.0),
    ("x^0", 0.0, 0.0),
    ("prod(x)", [0.0, 3.0, 4.0], [12, 0, 0]),
    ("prod(x)", [0.0, 0.0, 4.0], [0, 0, 0]),
    ("stop_gradient(x) * x", 3.0, 3.0),
    ("straight_through(x > 0, 2 * x)", [1.0, -1.0], [2, 2]),
    ("where(x > 0, x^2, 3 * x)", [2.0, -1.0], [4, 3]),
]


@pytest.mark.parametrize(("formula", "x", "wanted"), KINKS, ids=[f"{formula} at {x}" for formula, x, _ in KINKS])
def test_at_a_kink(formula: str, x: Any, wanted: Any) -> None:
    assert gradient(formula, x) == pytest.approx(wanted)


def test_the_straight_through_value_is_that_of_x() -> None:
    run = Graph.parse({"y": "straight_through(x > 0, tanh(x))", "f": "sum(y)"}).run({"x": [0.5, -0.5]})
    assert run.values["y"].tolist() == [1, 0]
    assert run.tangents({"x": [1.0, 1.0]})["f"] == pytest.approx(run.gradients["x"].sum())


def test_roots_and_logarithms_at_zero_are_not_finite() -> None:
    for formula in ("sqrt(x)", "log(x)"):
        assert not np.isfinite(gradient(formula, 0.0))


FAR = [
    ("sigmoid(x)", 1000.0, 1.0, 0.0),
    ("sigmoid(x)", -1000.0, 0.0, 0.0),
    ("sigmoid(x)", -40.0, np.exp(-40.0), np.exp(-40.0)),
    ("softplus(x)", 1000.0, 1000.0, 1.0),
    ("softplus(x)", -1000.0, 0.0, 0.0),
    ("silu(x)", -1000.0, 0.0, 0.0),
    ("elu(x)", 1000.0, 1000.0, 1.0),
    ("elu(x)", -1000.0, -1.0, 0.0),
    ("gelu(x)", 1000.0, 1000.0, 1.0),
    ("gelu(x, approximate='tanh')", -1000.0, 0.0, 0.0),
    ("tanh(x)", 1000.0, 1.0, 0.0),
    ("logsumexp(x)", [1000.0, 0.0], 1000.0, [1.0, 0.0]),
    ("logsumexp(x)", [-1000.0, -1000.0], -1000.0 + np.log(2), [0.5, 0.5]),
    ("log_softmax(x)[0]", [1000.0, -1000.0], 0.0, [0.0, 0.0]),
    ("log_softmax(x)[1]", [1000.0, -1000.0], -2000.0, [-1.0, 1.0]),
    ("softmax(x)[0]", [1000.0, 1000.0], 0.5, [0.25, -0.25]),
    ("cross_entropy(x, 1)", [1000.0, -1000.0], 2000.0, [1.0, -1.0]),
    ("cross_entropy(x, 0)", [1000.0, -1000.0], 0.0, [0.0, 0.0]),
    ("bce_with_logits(x, 1)", -1000.0, 1000.0, -1.0),
    ("bce_with_logits(x, 0)", 1000.0, 1000.0, 1.0),
    ("norm(x)", [3e200, 4e200], 5e200, [0.6, 0.8]),
    ("norm(x)", [3e-200, 4e-200], 5e-200, [0.6, 0.8]),
]


@pytest.mark.parametrize(("formula", "x", "value", "slope"), FAR, ids=[f"{formula} at {x}" for formula, x, _, _ in FAR])
def test_far_out(formula: str, x: Any, value: float, slope: Any) -> None:
    run = Graph.parse({"f": formula}, inputs=["x"]).run({"x": x})
    assert float(run.values["f"]) == pytest.approx(value, rel=1e-12, abs=1e-300)
    assert run.gradients["x"].tolist() == pytest.approx(slope, rel=1e-12, abs=1e-300)


def test_cells_written_from_pieces_agree_with_differences() -> None:
    from tutor.engine.numeric_gradient import numeric_gradient

    rng = np.random.default_rng(5)
    lstm = {
        "z": "concat(x, h0)",
        "i": "σ(Wi @ z + bi)",
        "o": "σ(Wo @ z + bi)",
        "g": "tanh(Wg @ z)",
        "c": "(1 - i) * c0 + i * g",
        "h": "o * tanh(c)",
        "L": "sum(h^2) + sum(c)",
    }
    attention = {"S": "Q @ K.T / sqrt(2)", "P": "softmax(S)", "O": "P @ V", "L": "sum(O^3)"}
    gru = {"r": "σ(Wr @ x + Ur @ h0)", "n": "tanh(Wr @ x + r * (Ur @ h0))", "h": "(1 - r) * n + r * h0", "L": "h @ h"}
    for lines, shapes in (
        (lstm, {"x": (2,), "h0": (3,), "c0": (3,), "Wi": (3, 5), "Wo": (3, 5), "Wg": (3, 5), "bi": (3,)}),
        (attention, {"Q": (3, 2), "K": (4, 2), "V": (4, 2)}),
        (gru, {"x": (2,), "h0": (3,), "Wr": (3, 2), "Ur": (3, 3)}),
    ):
        graph = Graph.parse(lines, inputs=shapes)
        numbers = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        run = graph.run(numbers)
        for name in shapes:
            np.testing.assert_allclose(
                run.gradients[name], numeric_gradient(graph, numbers, name), rtol=1e-5, atol=1e-7
            )


def test_a_cross_entropy_changed_in_place_or_run_in_between_sends_back_what_belongs_to_its_own_pass() -> None:
    graph = Graph.parse({"L": "cross_entropy(o, y)"}, integer=["y"])
    scores, labels = np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]]), np.array([1.0, 0.0])

    def slope(of: np.ndarray, right: np.ndarray) -> np.ndarray:
        powers = np.exp(of)
        return (powers / powers.sum(axis=1, keepdims=True) - np.eye(3)[right.astype(int)]) / 2

    first = graph.run({"o": scores, "y": labels})
    other = graph.run({"o": scores[::-1] * 2, "y": labels})
    np.testing.assert_allclose(first.gradients["o"], slope(scores, labels))
    np.testing.assert_allclose(other.gradients["o"], slope(scores[::-1] * 2, labels))
    scores *= 3.0
    labels[:] = 2.0
    np.testing.assert_allclose(graph.run({"o": scores, "y": labels}).gradients["o"], slope(scores, labels))
