"""The printed NumPy function runs on its own and equals the engine."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tutor.engine import Graph
from tutor.engine.code import as_code

PROBLEMS = json.loads((Path(__file__).parent / "data/published.json").read_text("utf-8"))


def assert_code_computes(lines: dict[str, str], numbers: dict[str, Any], upstream: Any = None, **options: Any) -> str:
    graph = Graph.parse(lines, inputs=numbers, **options)
    run = graph.run(numbers, upstream)
    source = as_code(run)
    scope: dict[str, Any] = {}
    exec(source, scope)
    arrays = [np.asarray(value, dtype=float)[()] for value in numbers.values()]
    given = [np.asarray(value, dtype=float)[()] for value in (upstream or {}).values()]
    out, gradients = scope["forward_backward"](*arrays, *given)
    outputs = out if len(graph.outputs) > 1 else (out,)
    for name, value in zip(graph.outputs, outputs, strict=True):
        np.testing.assert_allclose(value, run.values[name], rtol=1e-12, err_msg=source)
    for name, value in gradients.items():
        np.testing.assert_allclose(value, run.gradients[name], rtol=1e-9, atol=1e-12, err_msg=source)
    assert set(gradients) == set(graph.inputs) - {graph.names[node] for node in graph.integer}
    return source


def test_the_first_circuit_reads_like_a_slide() -> None:
    source = assert_code_computes({"a": "x + y", "b": "max(y, z)", "f": "a * b"}, {"x": 1, "y": 2, "z": 0})
    assert source == (
        "import numpy as np\n\n\n"
        "def forward_backward(x, y, z):\n"
        "    # forward\n"
        "    a = x + y\n"
        "    b = np.maximum(y, z)\n"
        "    f = a * b\n"
        "    # backward\n"
        "    df = 1.0\n"
        "    db = df * a\n"
        "    da = df * b\n"
        "    dx = da\n"
        "    dy = da + db * (y > z)\n"
        "    dz = db * (z > y)\n"
        '    return f, {"x": dx, "y": dy, "z": dz}\n'
    )


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem["id"])
def test_published_problems_as_code(problem: dict[str, Any]) -> None:
    assert_code_computes(problem["graph"], problem["given"], integer=problem["integer"])


RNG = np.random.default_rng(11)
A, B, V, S = RNG.normal(size=(3, 4)), RNG.normal(size=(4, 2)), RNG.normal(size=4), RNG.normal(size=())
IMAGE, KERNEL = RNG.normal(size=(2, 2, 5, 4)), RNG.normal(size=(3, 2, 2, 2))
SIGNAL, FILTER = RNG.normal(size=(2, 2, 6)), RNG.normal(size=(3, 2, 3))
LABELS = [1, 0, 3]

GRAPHS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "activations": (
        {
            "a": "sum(relu(x) + leaky_relu(x, 0.1) + elu(x, alpha=2) + silu(x) * 2 + softplus(x))",
            "b": "sum(gelu(x) + gelu(x, 'tanh') + σ(x) - abs(x) + sinh(x) * cosh(x) + tan(x / 9) + log1p(x^2))",
            "f": "a * b",
        },
        {"x": A},
    ),
    "reductions": (
        {
            "a": "prod(x, axis=0) + amax(x, 0) + norm(x, axis=0) + logsumexp(x, axis=0)",
            "b": "var(x, axis=[1], unbiased=true) + std(x, axis=1) + amin(x, axis=1) + mean(x, axis=1)",
            "f": "sum(a) + sum(b^2) + var(x) * std(x)",
        },
        {"x": A},
    ),
    "gates": (
        {"m": "where(x > 0, x^2, -x) + clip(x, -1, 1) + max(x, 0.3, y) - min(x, y)", "f": "sum(m)"},
        {"x": A, "y": V},
    ),
    "shapes": (
        {
            "c": "concat(x, x.T @ x, axis=0)",
            "r": "reshape(c, [4, 7]) + pad(x, [[0, 1], [1, 2]])",
            "k": "stack(r[0], cumsum(r[:, 0:7:2], axis=1)[1, 0] * r[1], axis=1)",
            "f": "sum(k * transpose(k, axes=[0, 1])) + sum(x[[0, 2, 2], 1])"
            " + x[1, 2] * [x[0, 0], 2, 3] @ [1, 1, x[1, 1]]",
        },
        {"x": A},
    ),
    "softmaxes": ({"p": "softmax(x, axis=0) * log_softmax(x)", "f": "sum(p)"}, {"x": A}),
    "products": (
        {"k": "kron(x, y)", "e": 'einsum("ij,jk->ik", x, y)', "t": 'einsum("ii->", y.T @ y)', "o": "outer(v, y)"}
        | {"f": "sum(k^2) + sum(e * (x @ y)) + t + sum(sin(o)) + dot(v, v)", "g": "f + sum(stack(x, x) @ v)"},
        {"x": A, "y": B, "v": V},
    ),
    "norms": (
        {"l": "layer_norm(x, v, w)", "b": "batch_norm(l, v, w, eps=0.1)", "f": "sum(b^3 + dropout(x, l, 0.5))"},
        {"x": A, "v": V, "w": V + 1},
    ),
    "convolutions": (
        {"y": "conv2d(x, w, b, stride=[1, 2], padding=1)", "m": "max_pool(y, 2, stride=1, padding=1)"}
        | {"f": "sum(avg_pool(m, size=2)^2)"},
        {"x": IMAGE, "w": KERNEL, "b": RNG.normal(size=3)},
    ),
    "signals": (
        {"y": "conv1d(x, w, padding=1)", "f": "sum(max_pool(y, size=3, stride=2))"},
        {"x": SIGNAL, "w": FILTER},
    ),
    "estimators": ({"y": "straight_through(x > 0, tanh(x)) * stop_gradient(x)", "f": "sum(y)"}, {"x": A}),
    "soft targets": ({"f": "cross_entropy(x, t) + bce_with_logits(x, t, 'sum') + mse(x, t)"}, {"x": A, "t": np.abs(A)}),
    "awkward names": ({"lambda": "np * is", "f": "lambda + sigmoid(np)"}, {"np": 1.5, "is": -0.5}),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_every_op_as_code(name: str) -> None:
    assert_code_computes(*GRAPHS[name])


def test_labels_losses_and_sizes_as_code() -> None:
    lines = {
        "L": "cross_entropy(x, y) + hinge(x, y, margin=2)",
        "m": "sum(gather(x, r)^2) / n + L",
        "g": "m * sum(cross_entropy(x, y, 'none')^2)",
    }
    assert_code_computes(lines, {"x": A, "y": LABELS, "r": [0, 2, 2]}, integer=["y", "r"], sizes={"n": 3})


def test_outputs_with_gradients_of_their_own_become_arguments() -> None:
    source = assert_code_computes(
        {"c": "x * y", "h": "tanh(c)"}, {"x": V, "y": V + 1}, {"c": V, "h": 2 * V}, outputs=["c"]
    )
    assert "def forward_backward(x, y, dc, dh):" in source
    assert "return (c, h)," in source


def test_a_graph_built_by_hand_as_code() -> None:
    graph = Graph()
    x = graph.input("x")
    y = graph.apply("mul", graph.apply("tanh", x, name="t"), x, name="y")
    graph.apply("sum", y, name="s", axis=0)
    run = graph.run({"x": V})
    scope: dict[str, Any] = {}
    exec(as_code(run), scope)
    _, gradients = scope["forward_backward"](V)
    np.testing.assert_allclose(gradients["x"], run.gradients["x"])
