"""Formulas made shorter have the same value at random numbers, and nothing is written longer than it was."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.engine.function_table import function_table
from tutor.engine.shortening import shortened
from tutor.expr import Scope, evaluate, parse, to_text
from tutor.expr.tree import Binary, Name, Negation, Number, Transposed, Tree

NAMES = ("p", "y", "N", "up", "W")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("(-(y / N / p) + (1 - y) / N / (1 - p)) * p * (1 - p)", "(p - y) / N"),
        ("W.T @ ((-(y / N / p) + (1 - y) / N / (1 - p)) * p * (1 - p))", "W.T @ ((p - y) / N)"),
        ("up * 2 * W * y * W", "2 * up * W^2 * y"),
        ("2 / 6 * W", "W / 3"),
        ("up * (1 - y^2)", "up * (1 - y^2)"),
        ("up * (1 - y^2) @ W.T", "up * (1 - y^2) @ W.T"),
        ("up * (p > y)", "up * (p > y)"),
        ("up * p * (1 - p)", "up * p * (1 - p)"),
        ("up * y / (N * 3)", "up * y / (N * 3)"),
        ("p / (p - p)", "p / (p - p)"),
        ("0.1 * p", "0.1 * p"),
        ("0.044715 * p * p * p", "0.044715 * p^3"),
        ("999999 * 999999 * p", "999999 * 999999 * p"),
        ("1e300 * 1e300 * p", "1e300^2 * p"),
    ],
)
def test_what_cancels_goes_and_the_rest_stays(text: str, wanted: str) -> None:
    tree = parse(text, Scope())
    assert to_text(shortened(tree)) == wanted


leaves = st.sampled_from([*map(Name, NAMES), Number("1", 1.0), Number("2", 2.0), Number("0.5", 0.5)])


def _grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    two = st.tuples(st.sampled_from("+-*/*/"), inner, inner).map(lambda each: Binary(*each))
    square = inner.map(lambda each: Binary("^", each, Number("2", 2.0)))
    return st.one_of(two, square, inner.map(Negation), inner.map(Transposed))


@settings(max_examples=300, deadline=None)
@given(st.recursive(leaves, _grown, max_leaves=10))
def test_the_value_stays(tree: Tree) -> None:
    made = shortened(tree)
    assert len(to_text(made)) <= len(to_text(tree))
    numbers = np.random.default_rng(11)
    names = {name: numbers.uniform(0.3, 0.9, (3, 3)) for name in NAMES}
    try:
        before = evaluate(tree, names, function_table())
    except ValueError:
        return  # a division by 0
    if np.max(np.abs(before)) > 1e6:
        return
    after = np.broadcast_to(evaluate(made, names, function_table()), np.shape(before))
    np.testing.assert_allclose(after, before, rtol=1e-6, atol=1e-6)
