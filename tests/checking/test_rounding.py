"""Where digits are lost, a formula is right as far as they go, and nothing wrong passes for right."""

import pytest

from tests.checking.lessons import drill, judged
from tutor.drill.question import Drill

RIGHT = ("right", None)
TANH = ("{x: 12}", "{f: tanh(x)}")
FLAT = ("{x: 21}", "{f: tanh(x)}")  # tanh(21) is 1 in floats
SIGMOID = ("{x: 30}", "{f: sigmoid(x)}")
STEEP = ("{x: 1.3, z: 2.1}", "{f: tanh(2*x*z^2)}")
SQUARES = ("{x: 1000000, y: 999999.5}", "{f: (x^2 - y^2)^2}")


def asked(lesson: tuple[str, str], ask: str = "formula: {wrt: x}") -> tuple[Drill, str]:
    given, graph = lesson
    made = drill(f"given: {given}\ngraph: {graph}\nask: [{ask}]")
    return made, made.questions[0].id


@pytest.mark.parametrize(
    ("lesson", "typed"),
    [
        (STEEP, "-2*z^2*tanh(2*x*z^2)^2 + 2*z^2"),
        (STEEP, "2*z^2 / cosh(2*x*z^2)^2"),
        (TANH, "1 - tanh(x)^2"),
        (TANH, "1 / cosh(x)^2"),
        (TANH, "(1 - f) * (1 + f)"),
        (FLAT, "4*exp(-2*x) / (1 + exp(-2*x))^2"),
        (SIGMOID, "sigmoid(x) * sigmoid(-x)"),
        (SIGMOID, "exp(-x) / (1 + exp(-x))^2"),
        (SQUARES, "4*x^3 - 4*x*y^2"),
    ],
)
def test_digits_that_cancel_make_no_right_formula_wrong(lesson: tuple[str, str], typed: str) -> None:
    made, id = asked(lesson)
    assert judged(made, id, typed) == RIGHT


@pytest.mark.parametrize(
    ("lesson", "typed"),
    [
        (STEEP, "2*z^2 / cosh(2*x*z^2)"),
        (STEEP, "2.002*z^2 / cosh(2*x*z^2)^2"),
        (TANH, "4*exp(-2*x)"),
        (TANH, "2 * (1 - tanh(x)^2)"),
        (FLAT, "0"),
        (FLAT, "1 - tanh(x)"),
        (FLAT, "4*exp(-2*x)"),
        (FLAT, "10^16*x - (10^16*x - 2)"),  # nothing but rounding, at whatever x
        (SIGMOID, "exp(-x)"),
        (SIGMOID, "f"),
        (SQUARES, "4*x*(x^2 - y^2) + 1"),
        (SQUARES, "4.00001*x^3 - 4.00001*x*y^2"),
    ],
)
def test_what_only_looks_right_where_digits_are_lost_is_wrong(lesson: tuple[str, str], typed: str) -> None:
    made, id = asked(lesson)
    assert judged(made, id, typed)[0] == "wrong"


def test_a_derivation_ends_in_the_form_that_keeps_its_digits() -> None:
    made, id = asked(("{x: 12}", "{h: tanh(x), f: 3 * h}"), "derive: {wrt: x}")
    assert judged(made, id, "df/dh * dh/dx\n3 * (1 - h^2)") == RIGHT
    assert judged(made, id, "df/dh * dh/dx\n3 / cosh(x)^2") == RIGHT
    assert judged(made, id, "df/dh * dh/dx\n12 * exp(-2*x)")[0] == "wrong"


def test_an_entry_of_a_saturated_vector() -> None:
    made, id = asked(
        ("{x: {shape: [n], value: [12, 13, -12]}}\nsizes: {n: 3}", "{h: tanh(x), f: sum(h)}"),
        "entry: {of: 'h[i]', wrt: 'x[j]'}",
    )
    assert judged(made, id, "(1 - h[i]^2) * (i == j)") == RIGHT
    assert judged(made, id, "(i == j) / cosh(x[i])^2") == RIGHT
    assert judged(made, id, "4 * (i == j) * exp(-2 * abs(x[i]))")[0] == "wrong"


SHIFTS = {
    "a softmax": ("{x: {shape: [n], uniform: [-1, 1], decimals: 1}, c: {uniform: [-2, 2], decimals: 1}}",
                  "{p: softmax(x + c), f: '-log(p[0])'}"),
    "a batch norm": ("{x: {shape: [n], uniform: [-1, 1], distinct: true}, c: {uniform: [-2, 2], decimals: 1}}",
                     "{h: x + c, v: var(h) + 0.01, y: (h - mean(h)) / sqrt(v), f: sum(y * x)}"),
    "a log of a sum of exponentials": ("{x: {shape: [n], uniform: [-1, 1], decimals: 1, distinct: true}}",
                                       "{c: amax(x), f: c + log(sum(exp(x - c)))}"),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", SHIFTS)
def test_the_gradient_of_a_shift_that_changes_nothing_is_0(name: str, seed: int) -> None:
    given, graph = SHIFTS[name]
    made = drill(f"sizes: {{n: 4}}\ngiven: {given}\ngraph: {graph}\nask: [total: c, formula: c]", seed)
    assert made.parts[0].run.gradients["c"] == 0
    assert judged(made, "total c", "0") == RIGHT
    assert judged(made, "formula c", "0") == RIGHT
    assert judged(made, "formula c", "sum(exp(x)/sum(exp(x))) - 1") == RIGHT
    assert judged(made, "formula c", "1e-12 * sum(x)")[0] == "wrong"


def test_a_gradient_that_is_small_but_no_rounding_stays() -> None:
    made = drill("given: {x: -40, y: 3}\ngraph: {f: sigmoid(x) + y}\nask: [total: x]")
    assert judged(made, "total x", "4.248e-18") == RIGHT
    assert judged(made, "total x", "0")[0] == "wrong"
