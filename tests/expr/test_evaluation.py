"""Values: against Python's own reading of the same text, and what has no value says why."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tutor.expr import EvaluationError, ParseError, Scope, evaluate, parse, parse_answer
from tutor.expr.evaluation import literal_value
from tutor.expr.result_sizes import MAX_ELEMENTS
from tutor.expr.tree import Call, Gradient, Name
from tutor.text import LANGUAGES, Message, msg, say


class RefusalError(ValueError):
    def __init__(self, message: Message) -> None:
        self.message = message


def refuse(*_: Any) -> Any:
    raise RefusalError(msg("expr.empty"))


def sizes(*given: Any) -> list[int]:
    return [int(size) for size in given]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "pow": np.power, "neg": np.negative},
    **{"matmul": np.matmul, "transpose": np.transpose, "less": np.less, "less_equal": np.less_equal},
    **{"greater": np.greater, "greater_equal": np.greater_equal, "equal": np.equal, "not_equal": np.not_equal},
    **{"exp": np.exp, "log": np.log, "max": np.maximum, "sum": np.sum, "outer": np.outer, "einsum": np.einsum},
    "ones": lambda *given: np.ones(sizes(*given)),
    "eye": lambda n: np.eye(int(n)),
    "refuse": refuse,
}
GENERATOR = np.random.default_rng(0)
VALUES: dict[str, Any] = {
    "A": GENERATOR.normal(size=(2, 2)),
    "B": GENERATOR.normal(size=(2, 2)),
    "v": GENERATOR.normal(size=2),
    "W": np.arange(6.0).reshape(3, 2),
    "rows": np.array([2, 0]),
    "s": 3,
    "big": np.ones(1_000_000),
}
SCOPE = Scope(frozenset(VALUES), frozenset(FUNCTIONS))


def value(text: str, names: dict[str, Any] = VALUES) -> Any:
    return evaluate(parse_answer(text, SCOPE), names, FUNCTIONS)


# Arithmetic, with Python as the oracle: its grammar binds as ours does.

digits = st.sampled_from(["0.0", "1.0", "2.0", "0.5", "3.0", "7.25", "1e-3"])


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**", " - ", " / "]), inner).map("".join),
        inner.map("-{}".format),
        inner.map("({})".format),
    )


@given(st.recursive(digits, combined, max_leaves=10))
@settings(max_examples=500, deadline=None)
def test_arithmetic_is_what_python_makes_of_it(text: str) -> None:
    expected, found = by_python(text), outcome(text)
    assume(found != "expr.exponent-too-large")
    assert found == ("expr.not-finite" if expected is None else pytest.approx(expected, rel=1e-12, abs=1e-300))


def by_python(text: str) -> float | None:
    try:
        expected = eval(text)
    except ArithmeticError:
        return None
    return None if isinstance(expected, complex) or not math.isfinite(expected) else expected


def outcome(text: str) -> float | str:
    """The value, or the id of the message that refuses it."""
    try:
        return float(value(text))
    except (ParseError, EvaluationError) as error:
        return error.message.id


def of_matrices(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from([" + ", " - ", " * ", " @ ", "@", "/"]), inner).map("".join),
        st.tuples(inner, st.sampled_from(["<", ">=", "!="]), inner).map(lambda three: f"({''.join(three)})*1.0"),
        inner.map("-{}".format),
        inner.map("({}).T".format),
        inner.map("({})[::-1]".format),
        inner.map("({})[:, 1:]".format).filter(lambda text: len(text) < 20),
    )


@given(st.recursive(st.sampled_from(["A", "B", "A.T", "v", "2.0", "A[0]"]), of_matrices, max_leaves=8))
@settings(max_examples=500, deadline=None)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_matrices_are_what_numpy_makes_of_them(text: str) -> None:
    try:
        with np.errstate(all="ignore"):
            expected = eval(text, {}, {name: np.asarray(given) for name, given in VALUES.items()})
    except (ValueError, IndexError, AttributeError, TypeError):
        assume(False)
    assume(np.all(np.isfinite(expected)))
    try:
        found = value(text)
    except EvaluationError as error:
        assume(error.message.id != "expr.index-picks-nothing")  # NumPy goes on with nothing, we do not
        raise
    assert found.shape == np.shape(expected)
    assert np.allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/3", 1 / 3),
        ("½ + ¼", 0.75),
        ("9**-1", 1 / 9),
        ("[1, 2]", [1, 2]),
        ("1 -2; 3 4", [[1, -2], [3, 4]]),
        ("[s, 2*s]", [3, 6]),
        ("[v, v]", [VALUES["v"], VALUES["v"]]),
        ("W[0]", [0, 1]),
        ("W[-1, 1]", 5),
        ("W[:, 1:2]", [[1], [3], [5]]),
        ("W[..., 0]", [0, 2, 4]),
        ("W[rows]", [[4, 5], [0, 1]]),
        ("W[rows, 0]", [4, 0]),
        ("W[s - 1, :]", [4, 5]),
        ("sum(W, axis=0)", [6, 9]),
        ("s > 2", 1),
        ("max(s, 4) * (s == 3)", 4),
        ('einsum("ij->ji", W)', VALUES["W"].T),
    ],
)
def test_values(text: str, expected: Any) -> None:
    found = value(text)
    assert found.dtype == np.float64
    assert np.array_equal(found, np.asarray(expected))


def test_gradients_are_values_by_name() -> None:
    tree = parse("dh/dz * dz", Scope(gradients=frozenset({"h", "z"})))
    assert evaluate(tree, {"dh/dz": 3.0, "dz": 2.0}, FUNCTIONS) == 6
    assert Gradient("h", "z").name == "dh/dz"


def test_options_reach_a_function_as_plain_values() -> None:
    received: dict[str, Any] = {}
    text = 'f(x, axis=-1, slope=0.5, eps=1e-5, keep=true, kind="mean", over=[0, -2])'
    tree = parse(text, Scope(functions=frozenset({"f"})))
    evaluate(tree, {"x": 1.0}, {"f": lambda x, **options: received.update(options) or x})
    assert received == {"axis": -1, "slope": 0.5, "eps": 1e-5, "keep": True, "kind": "mean", "over": (0, -2)}
    assert type(received["axis"]) is int
    assert isinstance(tree, Call)
    assert literal_value(tree.keywords[0].value) == -1


@pytest.mark.parametrize(
    ("text", "id", "under"),
    [
        ("1 + 1/0", "expr.not-finite", "1/0"),
        ("exp(1000) - exp(1000)", "expr.not-finite", "exp(1000)"),
        ("2 * log(0)", "expr.not-finite", "log(0)"),
        ("(-1)^0.5", "expr.not-finite", "(-1)^0.5"),
        ("9^999 * 9", "expr.not-finite", "9^999"),
        ("A @ W", "expr.does-not-fit", "A @ W"),
        ("1 + refuse(v)", "expr.empty", "refuse(v)"),
        ("exp()", "expr.wrong-arguments", "exp()"),
        ("exp(1, axis=0)", "expr.wrong-arguments", "exp(1, axis=0)"),
        ("v[2]", "expr.index-outside", "2"),
        ("v[0, 0]", "expr.index-outside", "0, 0"),
        ("v[::0]", "expr.index-outside", "::0"),
        ("sum(v[2:])", "expr.index-picks-nothing", "2:"),
        ("exp(v[1:1])", "expr.index-picks-nothing", "1:1"),
        ("W[:, -9:-5] + 1", "expr.index-picks-nothing", ":, -9:-5"),
        ("v[0::-1][1:]", "expr.index-picks-nothing", "1:"),
        ("v[0.5]", "expr.index-not-whole", "0.5"),
        ("v[:0.5]", "expr.index-not-whole", "0.5"),
        ("v[[0, 1]:2]", "expr.index-not-whole", "[0, 1]"),
        ("[v, W]", "expr.items-differ", "[v, W]"),
        ("ones(1000, 1001)", "expr.too-many-entries", "ones(1000, 1001)"),
        ("ones(10^9, 10^9)", "expr.too-many-entries", "ones(10^9, 10^9)"),
        ("eye(10^6)", "expr.too-many-entries", "eye(10^6)"),
        ("outer(big, big)", "expr.too-many-entries", "outer(big, big)"),
        ("ones(10^6, 1) + big", "expr.too-many-entries", "ones(10^6, 1) + big"),
        ("ones(10^6, 1) @ ones(1, 10^6)", "expr.too-many-entries", "ones(10^6, 1) @ ones(1, 10^6)"),
        ('einsum("i,j->ij", big, big)', "expr.too-many-entries", 'einsum("i,j->ij", big, big)'),
        ("W[ones(1000, 1000), :]", "expr.too-many-entries", "W[ones(1000, 1000), :]"),
        ("[big, big]", "expr.too-many-entries", "[big, big]"),
    ],
)
def test_what_has_no_value_says_why_and_where(text: str, id: str, under: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        value(text)
    assert (caught.value.message.id, text[slice(*caught.value.span)]) == (id, under)
    assert all("{" not in say(caught.value.message, language) for language in LANGUAGES)


SMALL = {name: given for name, given in VALUES.items() if name != "big"}


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["ones(1000, 1000)"] * 6),
        "ones(999, 999) @ ones(999, 999)",
        'einsum("ij,jk->", ones(999, 999), ones(999, 999))',
    ],
)
def test_too_much_work_is_refused_before_it_is_done(text: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        value(text, SMALL)
    assert caught.value.message.id == "expr.too-much-work"


def test_large_arrays_of_the_lesson_may_be_worked_with() -> None:
    assert value("+".join(["big"] * 20)).size == MAX_ELEMENTS


def test_picking_counts_the_axes_that_stay() -> None:
    assert value("W.T[..., ones(1000, 400)]").size == 800_000
    assert value("W[ones(1000, 400), :]").size == 800_000


def test_a_name_without_a_value_is_refused() -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate(Name("wW"), {"W": 1.0}, FUNCTIONS)
    assert caught.value.message == msg("expr.unknown-name-near", name="wW", near="W")


def test_a_value_that_is_not_finite_is_refused() -> None:
    with pytest.raises(EvaluationError):
        evaluate(Name("x"), {"x": math.nan}, FUNCTIONS)


def test_the_deepest_tree_has_a_value() -> None:
    assert value("+".join(["s"] * 200)) == 600
    assert value("-" * 199 + "s") == -3
