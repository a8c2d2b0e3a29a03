"""Worked examples that others published: their values and gradients, to the digits they print."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tutor.engine import Graph
from tutor.engine.numeric_gradient import numeric_gradient

PROBLEMS = json.loads((Path(__file__).parent / "data/published.json").read_text("utf-8"))
EVERY = pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem["id"])


def run(problem: dict[str, Any]) -> Any:
    graph = Graph.parse(problem["graph"], inputs=problem["given"], integer=problem["integer"])
    return graph.run(problem["given"])


def decimals(numbers: Any) -> int:
    """The decimals that were printed, at most: 0.693 has three."""
    return max(len(repr(float(each)).rstrip("0").partition(".")[2]) for each in np.ravel(numbers))


def agrees_as_printed(ours: Any, printed: Any) -> bool:
    """Equal to the last printed decimal; the sources round up, round down and cut."""
    step = 10.0 ** -decimals(printed)
    return bool(np.all(np.abs(np.asarray(ours) - np.asarray(printed)) <= 1.01 * step))


@EVERY
def test_values_are_as_published(problem: dict[str, Any]) -> None:
    values = run(problem).values
    for name, printed in problem["values"].items():
        assert agrees_as_printed(values[name], printed), name


@EVERY
def test_gradients_are_as_published(problem: dict[str, Any]) -> None:
    gradients = run(problem).gradients
    for name, printed in problem["gradients"].items():
        assert np.shape(gradients[name]) == np.shape(printed)
        assert agrees_as_printed(gradients[name], printed), name


@EVERY
def test_gradients_are_exact_to_the_last_digit_of_a_double(problem: dict[str, Any]) -> None:
    gradients = run(problem).gradients
    for name, exact in problem["exact"].items():
        np.testing.assert_allclose(gradients[name], exact, rtol=1e-10, atol=1e-12, err_msg=name)


@EVERY
def test_gradients_of_inputs_are_what_nudges_measure(problem: dict[str, Any]) -> None:
    made = run(problem)
    for name in problem["given"]:
        if name not in problem["integer"]:
            nudged = numeric_gradient(made.graph, problem["given"], name, h=1e-5)
            np.testing.assert_allclose(made.gradients[name], nudged, rtol=1e-5, atol=1e-6, err_msg=name)
