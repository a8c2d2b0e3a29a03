"""The chain rule as it is written out: one factor a step, sums where paths part, and always equal to the gradient."""

import numpy as np
import pytest

from tutor.drill.chain_rule import chain_rule, gates_between
from tutor.engine import Graph
from tutor.engine.function_table import function_table
from tutor.expr import evaluate, to_text
from tutor.expr.tree import Gradient, Tree, walk


def chained(lines: dict[str, str], wrt: str, **numbers: float) -> str | None:
    run = Graph.parse(lines).run(numbers)
    tree = chain_rule(run, wrt)
    if tree is None:
        return None
    values = {
        part.name: number(run.jacobian(str(part.of), part.wrt)) for part in walk(tree) if isinstance(part, Gradient)
    }
    whole = number(run.jacobian(run.graph.outputs[0], wrt))
    assert np.allclose(evaluate(tree, values, function_table()), whole)
    return text(tree)


def number(matrix: np.ndarray) -> float:
    return float(matrix[0, 0])


def text(tree: Tree) -> str:
    return to_text(tree)


@pytest.mark.parametrize(
    ("lines", "chain"),
    [
        ({"a": "x + 1", "b": "a^2", "f": "3 * b"}, "df/db * db/da * da/dx"),
        ({"a": "x + 1", "b": "a^2", "c": "sin(a)", "f": "b * c"}, "(df/db * db/da + df/dc * dc/da) * da/dx"),
        ({"b": "x^2", "c": "sin(x)", "f": "b * c"}, "df/db * db/dx + df/dc * dc/dx"),
        # x is used above its user too: no sum of total Jacobians is right, so that step stays whole.
        ({"a": "x^2", "b": "a * x", "f": "sin(b)"}, "df/db * db/dx"),
        ({"a": "x^2", "f": "a * x"}, None),  # the one factor would be what is asked
        ({"f": "x * x"}, None),
        ({"a": "x^2", "b": "a + x", "c": "x * b", "g": "c * a", "f": "exp(g)"}, "df/dg * dg/dx"),
    ],
)
def test_the_chain_has_a_factor_a_step(lines: dict[str, str], chain: str | None) -> None:
    assert chained(lines, "x", x=0.7) == chain


def test_every_path_passes_the_gates_between() -> None:
    graph = Graph.parse({"a": "x * y", "b": "a + x", "c": "a * y", "d": "b * c", "f": "exp(d)"})
    assert gates_between(graph, "f", "x") == ["f", "d", "x"]
    assert gates_between(graph, "f", "a") == ["f", "d", "a"]
    assert gates_between(graph, "c", "x") == ["c", "a", "x"]
