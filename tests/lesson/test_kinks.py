"""The distance of a run to the kinks of its ops, worked out by hand."""

import numpy as np
import pytest

from tutor.engine import Graph
from tutor.lesson.numbers.kinks import kink_distance, kinks, same_sides

X = np.array([[0.7, -1.2, 2.5], [0.4, 0.9, -0.3]])
IMAGE = np.array([[3.0, 1.0, 0.2, 0.5], [2.2, 0.1, 0.9, 0.4]])


@pytest.mark.parametrize(
    ("line", "nearest"),
    [
        ("sum(relu(X))", 0.3),
        ("sum(abs(X))", 0.3),
        ("sum(max(X, 0.5))", 0.1),
        ("sum(min(X, 0.5))", 0.1),
        ("sum(clip(X, -1, 1))", 0.1),
        ("sum(where(X > 0.8, X, 2 * X))", 0.1),
        ("sum(amax(X, axis=1))", 0.5),  # 0.9 against 0.4
        ("sum(amin(X, axis=0))", 0.3),  # 0.7 against 0.4 in the first column
        ("norm(X)", np.sqrt(0.49 + 1.44 + 6.25 + 0.16 + 0.81 + 0.09)),
        # first row, right class 2: 0.7 - 2.5 + 1 = -0.8 and -2.7; second row, right class 1: 0.5 and -0.2
        ("hinge(X, k)", 0.2),
        ("sum(tanh(X))", np.inf),
    ],
)
def test_the_distance_to_the_nearest_kink(line: str, nearest: float) -> None:
    integer = ["k"] if "k" in line else []
    numbers = {"X": X} | ({"k": np.array([2.0, 1.0])} if integer else {})
    run = Graph.parse({"f": line}, inputs=list(numbers), integer=integer).run(numbers)
    assert kink_distance(run) == pytest.approx(nearest)


def test_two_equal_entries_of_a_window_are_a_tie() -> None:
    graph = Graph.parse({"f": "sum(max_pool(X, 2))"}, inputs=["X"])
    assert kink_distance(graph.run({"X": IMAGE})) == pytest.approx(0.4)  # 0.9 against 0.5
    tied = IMAGE.copy()
    tied[1, 0] = 3.0
    assert kink_distance(graph.run({"X": tied})) == 0.0


def test_another_winner_in_a_window_is_another_side() -> None:
    graph = Graph.parse({"f": "sum(max_pool(X, 2))"}, inputs=["X"])
    moved = IMAGE.copy()
    moved[1, 0] = 3.5
    here = kinks(graph.run({"X": IMAGE}))
    assert same_sides(here, kinks(graph.run({"X": IMAGE + 0.05})))
    assert not same_sides(here, kinks(graph.run({"X": moved})))
