"""Questions about shapes: every spelling is read, and what is right in the other convention is said to be so."""

from typing import Any

import numpy as np
import pytest

from tests.checking.lessons import NET, drill, judged, verdict
from tutor.text import LANGUAGES, say

SHAPE = drill(NET + "ask: [shape: [W, b]]")
JACOBIAN = drill(NET + "convention: jacobian\nask: [shape: [W, b]]")
SCALARS = drill("given: {x: 1.5, v: [1, 2, 3]}\ngraph: {f: x * sum(v)}\nask: [shape: [x, v]]")


@pytest.mark.parametrize(
    "typed",
    [
        "(3, 2)",
        "3x2",
        "3×2",
        "3, 2",
        "3 2",
        "(n, m)",
        "n, m",
        "n x m",
        "[3, 2]",
        " ( 3 ,2 ) ",
        "（3，2）",
        "3 X 2",
        "n*m/2, m",
    ],
)
def test_the_shape_of_a_matrix_in_every_spelling(typed: str) -> None:
    assert verdict(SHAPE, "shape W", typed).kind == "right"


@pytest.mark.parametrize("typed", ["()", "scalar"])
def test_the_shape_of_a_number(typed: str) -> None:
    assert verdict(SCALARS, "shape x", typed).kind == "right"
    assert verdict(SCALARS, "shape v", typed).kind == "wrong"


@pytest.mark.parametrize(("typed", "kind"), [("(3,)", "right"), ("3", "right"), ("(3, 1)", "wrong"), ("()", "wrong")])
def test_the_shape_of_a_vector(typed: str, kind: str) -> None:
    assert verdict(SCALARS, "shape v", typed).kind == kind


@pytest.mark.parametrize(
    ("typed", "kind", "mistake", "free"),
    [
        ("(2, 3)", "wrong", "shape:transposed", False),
        ("(1, 6)", "right-but", "shape:jacobian-form", True),
        ("(6,)", "wrong", None, False),
        ("(6, 1)", "wrong", None, False),
        ("(3, 3)", "wrong", None, False),
        ("(3, 2, 1)", "wrong", None, False),
        ("()", "wrong", None, False),
        ("(n, k)", "unreadable", None, True),
        ("three", "unreadable", None, True),
        ("(3, 2", "unreadable", None, True),
        ("", "unreadable", None, True),
    ],
)
def test_what_a_wrong_shape_of_a_matrix_gets(typed: str, kind: str, mistake: str | None, free: bool) -> None:
    found = verdict(SHAPE, "shape W", typed)
    assert (found.kind, found.mistake, found.free) == (kind, mistake, free)


def test_a_row_for_a_column() -> None:
    assert verdict(SHAPE, "shape b", "(3, 1)").kind == "right"
    found = verdict(SHAPE, "shape b", "(1, 3)")
    assert (found.kind, found.mistake) == ("right-but", "shape:jacobian-form")


@pytest.mark.parametrize(
    ("id", "typed", "mistake", "en", "zh"),
    [
        (
            "shape W",
            "(6, 1)",
            "shape:transposed",
            "Turned: in a Jacobian the outputs are the rows and the inputs the columns. "
            "Here one output stands against the 6 entries of W, (3, 2).",
            "转过来了：雅可比矩阵的行是输出，列是输入。这里是一个输出，对 W（形状 (3, 2)）的 6 个元素。",
        ),
        ("shape W", "(6,)", None, "W, (3, 2), has 6. But a Jacobian has two axes", "但雅可比矩阵有两个轴"),
        ("shape W", "(2, 3)", None, "here one output, and W is (3, 2).", "这里是一个输出，而 W 的形状是 (3, 2)。"),
        ("shape b", "(3, 3)", None, "here one output, and b is (3, 1).", "这里是一个输出，而 b 的形状是 (3, 1)。"),
        ("shape b", "()", None, "one column for every entry of the input", "每一列对应输入的一个元素"),
    ],
)
def test_in_jacobian_form_the_advice_is_about_outputs_and_inputs(
    id: str, typed: str, mistake: str | None, en: str, zh: str
) -> None:
    found = verdict(JACOBIAN, id, typed)
    assert (found.kind, found.mistake) == ("wrong", mistake)
    assert en in say(found.message, "en")
    assert zh in say(found.message, "zh")
    assert "arranged as" not in say(found.message, "en")


def test_in_jacobian_form_a_number_by_a_number_is_a_number() -> None:
    rows = drill("given: {x: 1.5, v: [1, 2, 3]}\ngraph: {f: x * sum(v)}\nconvention: jacobian\nask: [shape: [x, v]]")
    assert verdict(rows, "shape x", "()").kind == "right"
    found = verdict(rows, "shape x", "(1, 1)")
    assert found.kind == "wrong"
    assert "a single number, without axes" in say(found.message, "en")
    assert verdict(rows, "shape v", "(1, 3)").kind == "right"
    assert verdict(rows, "shape v", "(3,)").mistake == "shape-form"


def test_in_jacobian_form_a_gradient_is_one_row() -> None:
    assert verdict(JACOBIAN, "shape W", "(1, 6)").kind == "right"
    assert verdict(JACOBIAN, "shape W", "(1, n*m)").kind == "right"
    found = verdict(JACOBIAN, "shape W", "(3, 2)")
    assert (found.kind, found.mistake, found.free) == ("right-but", "shape-form", True)
    assert verdict(JACOBIAN, "shape W", "(6, 1)").mistake == "shape:transposed"


@pytest.mark.parametrize("typed", ["3*2", "n*m", "3·2", "n * 2"])
def test_a_product_for_two_axes_is_asked_about_and_costs_nothing(typed: str) -> None:
    found = verdict(SHAPE, "shape W", typed)
    assert (found.kind, found.message.id, found.free) == ("unreadable", "checking.shape-one-size", True)
    assert "6" in say(found.message, "en")


def test_a_product_is_one_axis_where_that_is_right() -> None:
    flat = drill("sizes: {n: 3, m: 2}\ngiven: {v: {shape: [n*m], normal: 1}}\ngraph: {f: sum(v)}\nask: [shape: v]")
    for typed in ("6", "n*m", "(n*m,)", "nm", "3*2"):
        assert verdict(flat, "shape v", typed).kind == "right", typed
    assert verdict(flat, "shape v", "(3, 2)").kind == "wrong"


def test_sizes_run_together_only_where_they_can_be_told_apart() -> None:
    """With sizes a, b and ab, `ab` is the size of that name; `aab` could be two products and is none."""
    sizes = "sizes: {a: 2, b: 3, ab: 5}\ngiven: {v: {shape: [%s], normal: 1}}\ngraph: {f: sum(v)}\nask: [shape: v]"
    assert verdict(drill(sizes % "ab"), "shape v", "ab").kind == "right"
    assert verdict(drill(sizes % "a*b"), "shape v", "ab").kind == "wrong"
    assert verdict(drill(sizes % "a*b"), "shape v", "ba").kind == "right"
    assert verdict(drill(sizes % "a*a*b"), "shape v", "aab").kind == "unreadable"


ROWS = drill(
    "sizes: {N: 3, d: 2}\n"
    "given:\n  X: {shape: [N, d], value: [[0.5, -1], [1.5, 0.4], [-0.7, 2]]}\n  b: {shape: [d], value: [0.3, -0.6]}\n"
    "  T: {shape: [N, d], value: [[1, -2], [0.5, 3], [2, -1]]}\n"
    "graph: {Z: X + b, L: sum(Z*Z*T)}\nask: [total: b, formula: {wrt: b}]"
)
ARRIVES = 2 * np.array([[0.8, -1.6], [1.8, -0.2], [-0.4, 1.4]]) * np.array([[1, -2], [0.5, 3], [2, -1]])


@pytest.mark.parametrize(
    ("wrong", "id"),
    [
        (ARRIVES, "broadcast:not-summed"),
        (ARRIVES.sum(1), "broadcast:wrong-axis"),
        (ARRIVES.sum(1, keepdims=True), "broadcast:wrong-axis"),
        (ARRIVES.sum(), "broadcast:over-summed"),
    ],
)
def test_what_was_summed_wrongly_is_named_though_its_shape_does_not_fit(wrong: Any, id: str) -> None:
    typed = str(np.round(wrong, 4).tolist())
    assert verdict(ROWS, "total b", str(ARRIVES.sum(0).round(4).tolist())).kind == "right"
    assert judged(ROWS, "total b", typed) == ("wrong-shape", id)
    assert judged(ROWS, "total b", str((np.round(wrong, 4) + 0.3).tolist())) == ("wrong-shape", None)


@pytest.mark.parametrize("typed", ["sum(dZ, axis=1)", "sum(dZ, 1)"])
def test_the_axis_to_sum_is_the_edit(typed: str) -> None:
    found = verdict(ROWS, "formula b", typed)
    assert (found.kind, found.mistake) == ("wrong-shape", "broadcast:wrong-axis")
    assert found.edit == f"{typed} -> {typed.replace('1', '0')}"
    assert "(3, 2)" in say(found.message, "en")
    assert "axis=0" not in say(found.message, "en")
    assert found.told is not None
    for language in LANGUAGES:
        assert "axis=0" in say(found.told, language)
