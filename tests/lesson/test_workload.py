"""Work is counted before it is done: by hand, at each op, and never path by path."""

from pathlib import Path

import numpy as np
import pytest

from tests.fuzz.hostile import array, chain, diamonds, lesson
from tutor.drill.question import Drill
from tutor.engine import Graph
from tutor.engine.function_table import function_table
from tutor.engine.gradient_formulas import gradient_formula
from tutor.engine.ops.op import operation
from tutor.expr import evaluate
from tutor.expr.limits import MAX_LENGTH
from tutor.kinds import build, load_text
from tutor.lesson.file.problem import LessonError
from tutor.lesson.graph.workload import pass_work
from tutor.lesson.model import Lesson
from tutor.lesson.question_load import CALL


def loaded(text: str) -> Lesson:
    return load_text(text, Path("lesson.yaml"))


def drill(text: str) -> Drill:
    return build(loaded(text), 0)


@pytest.mark.parametrize(
    ("op", "options", "shapes", "work"),
    [
        ("matmul", {}, [(30, 40), (40, 50)], 30 * 50 * 40 // 50 + 40 * 50),
        ("dot", {}, [(100,), (100,)], 100),
        ("outer", {}, [(30,), (40,)], 1200),
        ("kron", {}, [(30, 40), (5, 6)], 150 * 240),
        ("einsum", {"subscripts": "i,j,k->"}, [(100,)] * 3, 100 + 100**3),
        ("conv2d", {}, [(1, 2, 10, 10), (4, 2, 3, 3)], 4 * 8 * 8 + 4 * 8 * 8 * (2 * 3 * 3) // 4),
        ("max_pool", {"size": 3}, [(9, 9)], 81 + 81),
        ("sum", {}, [(7, 8)], 56),
    ],
)
def test_an_op_says_what_it_costs(
    op: str, options: dict[str, object], shapes: list[tuple[int, ...]], work: int
) -> None:
    made = operation(op, **options)
    assert made.cost(made.shape(*shapes), *shapes).work == work


def test_a_pass_costs_a_call_and_the_entries_forward_and_once_a_slot() -> None:
    graph = Graph.parse({"a": "x * y", "f": "sum(a)"}, inputs=["x", "y"])
    shapes = graph.plan({0: (10,), 1: (10,)}).shapes
    assert pass_work(graph, shapes) == 3 * (CALL + 10) + 2 * (CALL + 10)


def test_the_formula_through_a_few_forks_is_the_gradient() -> None:
    graph = Graph.parse({"a": "x * 2", "b": "x * x", "c": "a * b", "d": "c * 3", "e": "c * c", "f": "d + e"})
    run = graph.run({"x": 1.5})
    tree = gradient_formula(run, "x", lambda part: part.name == "x")
    assert tree is not None
    # f = 6 x^3 + 4 x^6
    assert np.isclose(evaluate(tree, {"x": 1.5}, function_table()), 18 * 1.5**2 + 24 * 1.5**5)


LARGE = pytest.mark.parametrize(
    "text", [diamonds(60), chain(60, "tanh(@ * @)"), chain(1_000, "tanh(@)")], ids=["forks", "twice a line", "long"]
)


@LARGE
def test_a_formula_that_nobody_could_type_is_none(text: str) -> None:
    (question,) = drill(f"{text}ask:\n  - formula: {{wrt: x, using: [x]}}\n").questions
    assert question.typed is None


@LARGE
def test_a_derivation_is_one_that_somebody_could_type_or_none(text: str) -> None:
    (question,) = drill(f"{text}ask:\n  - derive: {{wrt: x}}\n").questions
    assert question.typed is None or len(question.typed) < 3 * MAX_LENGTH


def test_a_slip_to_find_in_a_thousand_lines_is_too_much_work() -> None:
    with pytest.raises(LessonError) as caught:
        loaded(chain(1_000, "tanh(@)", ["find-slip: {slip: any}"]))
    assert [(each.code, each.line) for each in caught.value.problems] == [("questions-too-much-work", 1006)]


def test_an_entry_of_a_vector_is_not_picked_from_the_gradient_of_its_sum() -> None:
    rest = "upstream: {c: [1, 1]}\n"
    text = lesson({"x": array(2)}, {"a": "x + x", "b": "a + a", "d": "b + b", "c": "d + d"})
    (question,) = drill(f'{text}{rest}ask:\n  - entry: {{of: "c[i]", wrt: "x[j]"}}\n').questions
    assert question.typed is None


def test_a_thousand_lines_and_a_wide_net_are_accepted() -> None:
    assert loaded(chain(1_000, "@ * 0.99")).parts
    given = {"x": array(784, 1), "W": array(128, 784), "u": array(10, 128)}
    graph = {"h": "relu(W @ x)", "z": "u @ h", "L": "sum(z * z)"}
    assert loaded(lesson(given, graph, ["formula: {wrt: W, using: [dh, x]}", "shape: u"])).parts
