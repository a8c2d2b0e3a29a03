"""Published gradients, typed as they were published, are right: textbooks' roundings and all."""

from typing import Any

import pytest

from tests.checking.lessons import drill, verdict

# Each: where it was published, the circuit, and what the source prints.
PROBLEMS: list[tuple[str, str, dict[str, str]]] = [
    (
        "CS224n 2021, lecture 4",
        "given: {x: 1, y: 2, z: 0}\ngraph: {a: x + y, b: 'max(y, z)', f: a * b}",
        {"x": "2", "y": "5", "z": "0", "a": "2", "b": "3"},
    ),
    (
        "CS231n notes, optimization 2: the sigmoid neuron, printed to two decimals",
        "given: {w0: 2, x0: -1, w1: -3, x1: -2, w2: -3}\n"
        "graph: {p: w0*x0 + w1*x1 + w2, n: -p, e1: exp(n), d: 1 + e1, f: 1 / d}",
        {
            "w0": "-0.20",
            "x0": "0.39",
            "w1": "-0.39",
            "x1": "-0.59",
            "w2": "0.20",
            "p": "0.20",
            "e1": "-0.53",
            "n": "-0.20",
        },
    ),
    (
        "karpathy/micrograd, test_sanity_check",
        "given: {x: -4}\ngraph: {z: 2 * x + 2 + x, q: relu(z) + z * x, h: relu(z * z), y: h + q + q * x}",
        {"x": "46"},
    ),
    (
        "karpathy/nn-zero-to-hero: f = (a b)(a + b)",
        "given: {a: -2, b: 3}\ngraph: {d: a * b, e: a + b, f: d * e}",
        {"a": "-3", "b": "-8", "d": "1", "e": "-6"},
    ),
    (
        "Saito, Deep Learning from Scratch, chapter 5",
        "given: {apple: 100, number: 2, orange: 150, others: 3, tax: 1.1}\n"
        "graph: {p: apple * number, q: orange * others, all: p + q, price: all * tax}",
        {"apple": "2.2", "number": "110", "orange": "3.3", "others": "165", "tax": "650"},
    ),
    (
        "Mazur, A step by step backpropagation example",
        "given: {i1: 0.05, i2: 0.1, w1: 0.15, w2: 0.2, w3: 0.25, w4: 0.3, w5: 0.4, w6: 0.45, w7: 0.5, w8: 0.55,"
        " b1: 0.35, b2: 0.6, t1: 0.01, t2: 0.99}\n"
        "graph: {h1: sigmoid(w1*i1 + w2*i2 + b1), h2: sigmoid(w3*i1 + w4*i2 + b1), o1: sigmoid(w5*h1 + w6*h2 + b2),"
        " o2: sigmoid(w7*h1 + w8*h2 + b2), E: (t1 - o1)^2 / 2 + (t2 - o2)^2 / 2}",
        {"w5": "0.082167041", "w1": "0.000438568", "o1": "0.74136507", "h1": "0.036350306"},
    ),
    (
        "hmkcode, Backpropagation step by step: three decimals of numbers with five",
        "given: {x: [[2, 3]], W: [[0.11, 0.12], [0.21, 0.08]], u: [[0.14], [0.15]], t: 1}\n"
        "graph: {h: x @ W, y: sum(h @ u), E: (y - t)^2 / 2, step: 0.05 * E}",
        {"W": "[[-0.011, -0.012], [-0.017, -0.018]]", "u": "[[-0.034], [-0.019]]"},
    ),
    (
        "tinygrad README",
        "given: {x: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], y: [[2.0, 0, -2.0]]}\ngraph: {z: sum(y @ x)}",
        {"x": "[[2, 2, 2], [0, 0, 0], [-2, -2, -2]]", "y": "[[1, 1, 1]]"},
    ),
    (
        "Dive into deep learning, 2.5: y = 2 x·x",
        "given: {x: [0, 1, 2, 3]}\ngraph: {y: '2 * dot(x, x)'}",
        {"x": "[0, 4, 8, 12]"},
    ),
]


@pytest.mark.parametrize(("source", "circuit", "published"), PROBLEMS, ids=[each[0][:24] for each in PROBLEMS])
def test_the_published_gradient_is_right(source: str, circuit: str, published: dict[str, Any]) -> None:
    asked = drill(f"{circuit}\nask: [{', '.join(f'total: {name}' for name in published)}]")
    for name, typed in published.items():
        found = verdict(asked, f"total {name}", typed)
        assert found.kind == "right", (source, name)
        if not set("123456789") & set(typed):
            continue
        turned = "-(" + typed + ")" if typed.startswith("[") else typed[1:] if typed[0] == "-" else f"-{typed}"
        assert verdict(asked, f"total {name}", turned).kind == "wrong", (source, name)
