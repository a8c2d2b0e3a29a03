"""The search for one edit: it finds what is one edit away, and what it tries is bounded however long the formula is."""

from typing import Any

import numpy as np
import pytest

from tutor.checking.explaining.edit_search import MOST_COINCIDENCES, MOST_WORK, find_edit
from tutor.checking.explaining.single_edits import SingleEdit
from tutor.engine.function_table import function_table
from tutor.expr import EvaluationError, PartValues, Scope, Tree, parse_answer
from tutor.expr.evaluation import WORK_OF_CALL

NAMES = {"a": np.array([[1.0, 2.0], [3.0, -4.0]]), "b": np.array([[0.5, -1.0], [2.0, 0.25]]), "s": np.float64(3.0)}


def tree_of(text: str) -> Tree:
    return parse_answer(text, Scope(frozenset(NAMES), frozenset({"sum", "tanh"}), frozenset()))


def parts_of(tree: Tree) -> PartValues:
    parts = PartValues(NAMES, function_table())
    parts.remember_rest(tree)
    return parts


def found(text: str, right: Any, holds: bool = True) -> SingleEdit | None:
    tree = tree_of(text)
    return find_edit(tree, parts_of(tree), lambda value: np.array_equal(value, right), lambda _: holds)


@pytest.mark.parametrize(
    ("text", "right", "shown"),
    [
        ("a.T @ b", NAMES["a"] @ NAMES["b"], "a.T -> a"),
        ("b @ a", NAMES["a"] @ NAMES["b"], "b @ a -> a @ b"),
        ("a * b", NAMES["a"] @ NAMES["b"], "a * b -> a @ b"),
        ("a - b * s", NAMES["a"] + NAMES["b"] * 3, "a - b * s -> a + b * s"),
        ("sum(a, axis=1) @ b", NAMES["a"] @ NAMES["b"], "sum(a, axis=1) -> a"),
        ("a * tanh(b)", NAMES["a"].sum(axis=0) * np.tanh(NAMES["b"]), "a -> sum(a, axis=0)"),
    ],
)
def test_one_edit_away(text: str, right: Any, shown: str) -> None:
    edit = found(text, right)
    assert edit is not None
    assert edit.shown == shown


def test_of_a_formula_without_a_value_the_parts_that_have_one_are_known() -> None:
    tree = tree_of("a @ sum(b, axis=0, keepdims=true) + tanh(tanh(a))")
    with pytest.raises(EvaluationError):
        parts_of(tree).value(tree)
    right = NAMES["a"] @ NAMES["b"] + np.tanh(np.tanh(NAMES["a"]))
    edit = find_edit(tree, parts_of(tree), lambda value: np.array_equal(value, right), lambda _: True)
    assert edit is not None
    assert edit.shown == "sum(b, axis=0, keepdims=true) -> b"


def test_the_work_is_bounded() -> None:
    tree = tree_of("tanh(" * 15 + "a * b - tanh(b - a) * s" + ")" * 15)
    parts = parts_of(tree)
    before = parts.work
    assert find_edit(tree, parts, lambda _: False, lambda _: False) is None
    assert MOST_WORK / 2 < parts.work - before < MOST_WORK + 40 * (WORK_OF_CALL + 100)


def test_an_edit_that_changes_no_value_takes_one_call() -> None:
    tree = tree_of("tanh(tanh(tanh(s)))")
    parts = parts_of(tree)
    values: list[Any] = []
    find_edit(tree, parts, lambda value: bool(values.append(value)), lambda _: False)  # type: ignore[func-returns-value]
    assert all(value != np.tanh(np.tanh(np.tanh(3.0))) for value in values)


def test_a_few_coincidences_are_enough() -> None:
    tried: list[Tree] = []

    def holds(tree: Tree) -> bool:
        tried.append(tree)
        return False

    tree = tree_of("a * b - a * b * s")
    assert find_edit(tree, parts_of(tree), lambda _: True, holds) is None
    assert len(tried) == MOST_COINCIDENCES + 1


def test_kinds_that_are_left_out() -> None:
    tree = tree_of("a @ b")
    right = NAMES["a"].sum(axis=0) @ NAMES["b"]
    same = lambda value: np.array_equal(value, right)  # noqa: E731
    assert find_edit(tree, parts_of(tree), same, lambda _: True, without=("checking.edit-sum",)) is None
