"""A formula is right if it is right at any numbers and sizes, however it is written, and only then."""

import numpy as np
import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.checking.lessons import NET, drill, judged, verdict
from tutor.text import say

RIGHT, COINCIDENCE = ("right", None), ("wrong", "coincidence")
FORMULAS = drill(NET + "ask: [formula: {wrt: b}, formula: {wrt: W}, formula: {wrt: x}, formula: {of: h, wrt: z}]")


@pytest.mark.parametrize(
    ("id", "typed"),
    [
        ("formula b", "u * (1 - h^2)"),
        ("formula b", "u * (1 - tanh(z)**2)"),
        ("formula b", "u/cosh(z)^2"),
        ("formula b", "u ⊙ (1 − h²)"),
        ("formula b", "u - u*h*h"),
        ("formula b", "diag(1 - h^2) @ u"),
        ("formula b", "(u.T @ diag(1 - h^2)).T"),
        ("formula b", "u * (1 - tanh(W @ x + b)^2)"),
        ("formula b", "4*u / (exp(z) + exp(-z))^2"),
        ("formula W", "(u * (1 - h^2)) @ x.T"),
        ("formula W", "(x @ (u * (1 - h^2)).T).T"),
        ("formula W", "outer(u * (1 - h^2), x)"),
        ("formula x", "W.T @ (u * (1 - h^2))"),
        ("formula x", "Wᵀ @ δ"),
        ("formula h z", "1 - h^2"),
        ("formula h z", "diag(1 - h*h)"),
        ("formula h z", "1/cosh(z)^2"),
    ],
)
def test_every_way_to_write_it_is_right(id: str, typed: str) -> None:
    assert judged(FORMULAS, id, typed) == RIGHT


@pytest.mark.parametrize(
    ("id", "typed", "mistake"),
    [
        ("formula b", "u * (1 - h)", "tanh:square-forgotten"),
        ("formula b", "u * (1 - z^2)", "tanh:pre-activation"),
        ("formula b", "u * (1 - tanh(h)^2)", "tanh:activated-twice"),
        ("formula b", "u / cosh(z)", "tanh:sech-for-its-square"),
        ("formula b", "u * h", "tanh:value-as-slope"),
        ("formula b", "1 - h^2", "upstream-forgotten"),
        ("formula b", "u", "tanh:mask-forgotten | local-forgotten"),
        ("formula x", "W.T @ u", "local-forgotten"),
    ],
)
def test_a_slip_in_a_formula_is_named_wherever_it_was_made(id: str, typed: str, mistake: str) -> None:
    found = verdict(FORMULAS, id, typed)
    assert found.kind == "wrong"
    assert found.mistake in mistake.split(" | ")


def test_a_row_for_a_column_is_right_but_only_if_it_is_so_everywhere() -> None:
    assert judged(FORMULAS, "formula b", "(u * (1 - h^2)).T") == ("right-but", "jacobian-form")
    assert judged(FORMULAS, "formula W", "reshape((u * (1 - h^2)) @ x.T, [1, n*m])") == ("right-but", "jacobian-form")
    assert judged(FORMULAS, "formula W", "reshape((u * (1 - h^2)) @ x.T, [1, 6])")[0] != "right-but"


@pytest.mark.parametrize(
    ("W", "v", "id", "formula"),
    [
        ("[[1.5, 2.5], [2.5, 3.5]]", "[[2], [5]]", "v", "W @ up"),  # W is symmetric here
        ("[[1.5, 2.5], [4.5, 3.5]]", "[[1], [1]]", "W", "up @ ones(1, n)"),  # v is all ones here
        ("[[1.5, 2.5], [4.5, 3.5]]", "[[0], [0]]", "W", "up @ zeros(1, n)"),  # v is zero here
        ("[[1.5, 2.5], [4.5, 3.5]]", "[[2], [5]]", "W", "up @ v.T * n / 2"),  # n is 2 here
    ],
)
def test_what_is_right_at_these_numbers_only_is_a_coincidence(W: str, v: str, id: str, formula: str) -> None:
    given = f"{{W: {{shape: [n, n], value: {W}}}, v: {{shape: [n, 1], value: {v}}}}}"
    net = drill(f"sizes: {{n: 2}}\ngiven: {given}\ngraph: {{y: W @ v, f: sum(y * y)}}\nask: [formula: {{wrt: {id}}}]")
    assert judged(net, f"formula {id}", "W.T @ up" if id == "v" else "up @ v.T") == RIGHT
    assert judged(net, f"formula {id}", formula) == COINCIDENCE


def test_what_is_right_only_because_two_sizes_are_equal_is_a_coincidence() -> None:
    square = drill(
        "sizes: {n: 2, m: 2}\ngiven: {W: {shape: [n, m], normal: 1}, v: {shape: [m, 1], value: [[2], [5]]}}\n"
        "graph: {f: sum(W @ v)}\nask: [formula: {wrt: v}]"
    )
    assert judged(square, "formula v", "W.T @ ones(n, 1)") == RIGHT
    found = verdict(square, "formula v", "W.T @ ones(m, 1)")
    assert (found.kind, found.mistake) == COINCIDENCE
    assert found.message.id == "checking.formula-fails-at-sizes"


def test_numbers_alone_are_no_formula() -> None:
    gate = drill("given: {x: 1.5, y: 2.5}\ngraph: {f: x * y}\nask: [formula: {wrt: x}]")
    assert judged(gate, "formula x", "y") == RIGHT
    assert judged(gate, "formula x", "2.5") == COINCIDENCE
    assert judged(gate, "formula x", "x + 1") == COINCIDENCE
    assert judged(gate, "formula x", "2.6")[0] == "wrong"


def test_a_constant_gradient_is_a_formula_of_numbers() -> None:
    gate = drill("given: {x: 1.5, y: 2.5}\ngraph: {f: 3*x + y}\nask: [formula: {wrt: x}]")
    assert judged(gate, "formula x", "3") == RIGHT
    assert judged(gate, "formula x", "2*y - 2") == COINCIDENCE


def test_an_input_that_is_constant_keeps_its_number() -> None:
    """A target is a number of the problem: it may be typed as such, and its name may be used."""
    loss = drill("given: {y: 2.5, t: {value: 1, constant: true}}\ngraph: {L: (y - t)^2 / 2}\nask: [formula: {wrt: y}]")
    assert judged(loss, "formula y", "y - t") == RIGHT
    assert judged(loss, "formula y", "y - 1") == RIGHT


@pytest.mark.parametrize(
    ("id", "typed", "edit"),
    [
        ("formula W", "x @ (u * (1 - h^2)).T", "x @ (u * (1 - h^2)).T -> (x @ (u * (1 - h^2)).T).T"),
        ("formula b", "u * (1 - h)", "h -> h^2"),
        ("formula b", "u * (1 + h^2)", "1 + h^2 -> 1 - h^2"),
        ("formula b", "-u * (1 - h^2)", "-u -> u"),
        ("formula b", "(1 - h^2) * sum(u)", "sum(u) -> u"),
        ("formula b", "u * h", None),
    ],
)
def test_the_one_edit_that_makes_it_right_is_found(id: str, typed: str, edit: str | None) -> None:
    assert verdict(FORMULAS, id, typed).edit == edit


def test_the_edit_leads_the_message_and_the_mistake_follows() -> None:
    found = verdict(FORMULAS, "formula b", "u * (1 - h)")
    assert found.message.id == "checking.edit-and-advice"
    assert found.mistake == "tanh:square-forgotten"


@pytest.mark.parametrize(
    ("typed", "edit"), [("(u * (1 - h^2)) @ x", "x -> x.T"), ("u @ x.T @ W", None), ("W * x.T @ u", None)]
)
def test_parts_that_do_not_fit_are_asked_about_before_anything_is_told(typed: str, edit: str | None) -> None:
    found = verdict(FORMULAS, "formula W", typed)
    assert (found.kind, found.edit, found.free) == ("wrong-shape", edit, True)
    assert found.message.id == "checking.misfit"


x, y, z = sympy.symbols("x y z", positive=True)
leaf = st.sampled_from([x, y, z, sympy.Integer(2), sympy.Rational(1, 2)])
formulas = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] / (1 + pair[1])),
        inner.map(sympy.tanh),
        inner.map(lambda a: sympy.log(1 + a)),
        inner.map(lambda a: sympy.exp(-a)),
    ),
    max_leaves=5,
)


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=25)
@given(formulas)
def test_what_sympy_derives_is_right_in_every_form_it_writes(f: sympy.Expr) -> None:
    if not f.has(x):
        return
    asked = drill(
        "given: {x: {shape: [], value: 1.3, domain: positive}, y: {shape: [], value: 0.7, domain: positive},"
        f" z: {{shape: [], value: 2.1, domain: positive}}}}\ngraph: {{f: 0*y + 0*z + {sympy.sstr(f)}}}\n"
        "ask: [formula: {wrt: x}]"
    )
    derived = sympy.diff(f, x)
    for form in (derived, sympy.expand(derived), sympy.together(derived)):
        if len(sympy.sstr(form)) <= 400:  # what is longer may take more work than an answer is given
            assert judged(asked, "formula x", sympy.sstr(form)) == RIGHT, form
    assert verdict(asked, "formula x", f"1.001 * ({sympy.sstr(derived)})").kind == (
        "wrong" if derived != 0 else "right"
    )


def test_the_numbers_themselves_are_no_formula_for_them() -> None:
    part = FORMULAS.parts[0]
    gradient = part.draw.numbers["u"] * (1 - np.tanh(part.run.values["z"]) ** 2)
    rounded = "[" + ", ".join(f"{entry:.3f}" for entry in gradient.ravel()) + "]"
    found = verdict(FORMULAS, "formula b", rounded)
    assert (found.kind, found.mistake) == COINCIDENCE
    assert "formula" in say(found.message, "en")
    assert verdict(FORMULAS, "formula b", "[9.123, 9.123, 9.123]").mistake != "coincidence"
