"""Names in answers: right only if they are right at other numbers too, and only names that mean something here."""

import re

import pytest

from tests.checking.lessons import NET, bundled, drill, judged, verdict
from tutor.drill.question import Drill
from tutor.text import say

CIRCUIT = "given: {x: 1, y: 2, z: 0}\ngraph: {a: x + y, b: 'max(y, z)', f: a * b}\n"
FIRST = bundled("circuits/first-circuit")
RIGHT, COINCIDENCE = ("right", None), ("right-but", "coincidence")


@pytest.mark.parametrize(
    ("id", "typed", "expected"),
    [
        ("local f a", "b", RIGHT),  # ∂f/∂a = b
        ("local f a", "y", COINCIDENCE),  # happens to be 2 as well
        ("local f a", "max(y, z)", RIGHT),
        ("local f a", "x + 1", COINCIDENCE),
        ("local f a", "2*x", COINCIDENCE),
        ("local f a", "y^2 / 2", COINCIDENCE),
        ("local f a", "2", RIGHT),
        ("local f a", "a - 1", COINCIDENCE),
        ("local f b", "a", RIGHT),
        ("local f b", "x + y", RIGHT),
        ("local f b", "3*x", RIGHT),  # a number of another kind: judged by its value
        ("downstream f b", "up*3", RIGHT),
        ("downstream f b", "up*a", RIGHT),
        ("local b y", "y > z", RIGHT),
        ("local b y", "x", COINCIDENCE),
        ("local b z", "z", COINCIDENCE),  # z is 0, and so is the slope
        ("local b z", "z > y", RIGHT),
        ("downstream b y", "a", RIGHT),
        ("total y", "b + a", RIGHT),
        ("total y", "2*b + x", RIGHT),  # y wins, so b = y, and a + b = x + 2y
        ("total y", "y^2 + x", COINCIDENCE),
    ],
)
def test_a_name_is_right_if_it_is_right_near_by(id: str, typed: str, expected: tuple[str, str | None]) -> None:
    assert judged(FIRST, id, typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("[2, w]", RIGHT),  # a number where a number belongs, beside a name
        ("[v, 3.5]", RIGHT),
        ("[v, w]", RIGHT),
        ("[v, w*1]", RIGHT),
        ("[w - 1.5, w]", RIGHT),  # numbers among the names: judged by its value
        ("[v, v + 1.5]", RIGHT),
        ("[2, w + v - 2]", COINCIDENCE),
        ("[v, 2*v - 1/2]", COINCIDENCE),
    ],
)
def test_in_a_list_each_entry_is_held_by_itself(typed: str, expected: tuple[str, str | None]) -> None:
    """f = v·x + w·y: its gradient with respect to (x, y) is (v, w) = (2, 3.5)."""
    two = drill("given: {v: 2, w: 3.5, x: 7.1, y: 9.3}\ngraph: {f: v * x + w * y}\nask: [total: {wrt: [x, y]}]")
    assert judged(two, "total x y", typed) == expected


@pytest.mark.parametrize("typed", ["-1/e", "-e^-1", "-exp(-1)", "-1/e * 1"])
def test_e_and_pi_are_numbers(typed: str) -> None:
    asked = drill("given: {x: 1}\ngraph: {f: exp(-x)}\nask: [total: x, tangent: {along: {x: 1}}]")
    assert judged(asked, "total x", typed) == RIGHT
    assert judged(asked, "tangent 1", typed) == RIGHT


def test_for_a_local_gradient_only_the_line_itself_is_held() -> None:
    """f = a·b with b = max(a, z): ∂f/∂a with b held is b, which is a as long as a wins, and z where it does not."""
    squared = drill("given: {a: 2, z: 0}\ngraph: {b: 'max(a, z)', f: a * b}\nask: [local: {of: f, wrt: a}, total: a]")
    assert judged(squared, "local f a", "b") == RIGHT
    assert judged(squared, "local f a", "a") == COINCIDENCE
    assert judged(squared, "total a", "2 * a") == RIGHT  # the max is on the way: at these numbers a wins


def test_a_coincidence_is_free_and_shows_where_it_fails() -> None:
    found = verdict(FIRST, "local f a", "2*x")
    assert found.free
    assert found.message.id == "checking.coincidence-differs-at"
    at = dict(str(each).split(" = ") for each in found.message.params["at"])  # type: ignore[attr-defined]
    assert list(at) == ["x", "b"]  # what was typed, and what is right
    moved = float(at["x"])
    assert moved != 1
    assert found.message.params["right"] == at["b"]
    assert float(str(found.message.params["yours"])) == pytest.approx(2 * moved, abs=2e-4)


LAYER = drill(
    NET + "ask: [total: W, total: b, formula: W, formula: b, {formula: {of: h, wrt: z}}, derive: {wrt: b, first: any}]"
)
SLOPE = "u*(1-h^2)"


@pytest.mark.parametrize(
    ("made", "id", "typed", "names"),
    [
        (FIRST, "local f a", "up*2", ["up", "b"]),
        (FIRST, "local f a", "z + 2", ["z", "b"]),
        (FIRST, "downstream f a", "df*2", ["df", "up", "b"]),
        (LAYER, "total b", f"{SLOPE} * (x[0] - 1)", ["u", "h", "x"]),
        (LAYER, "formula b", f"{SLOPE} * (n - 2)", ["n", "m", "u", "h"]),
        (LAYER, "formula W", f"({SLOPE}) @ x.T * (n - m)", ["n", "m", "u", "h", "x"]),
        (LAYER, "formula b", "u*(1-h^2) + 0*z*(n-3) + (n-3)", ["n", "m", "u", "h", "z"]),
        (LAYER, "derive b", f"{SLOPE} * (n - 2)", ["n", "m", "u", "h"]),
    ],
)
def test_a_counterexample_shows_every_name_of_the_answer_and_of_the_truth(
    made: Drill, id: str, typed: str, names: list[str]
) -> None:
    found = verdict(made, id, typed)
    assert found.mistake == "coincidence"
    assert [str(each).partition(" = ")[0] for each in found.message.params["at"]] == names  # type: ignore[attr-defined]
    assert {"yours", "right", "symbol"} <= set(found.message.params)
    for said in (say(found.message, "en"), say(found.message, "zh")):
        assert all(f"{name} = " in said for name in names)


@pytest.mark.parametrize(("id", "typed"), [("total W", "x[0] - 1"), ("formula W", "n - m")])
def test_of_a_matrix_the_entry_that_is_off_most_is_shown(id: str, typed: str) -> None:
    found = verdict(LAYER, id, f"({SLOPE}) @ x.T * ({typed})")
    assert found.mistake == "coincidence"
    assert re.fullmatch(r"∂s/∂W\[\d, \d\]", str(found.message.params["symbol"]))
    assert float(str(found.message.params["yours"])) != float(str(found.message.params["right"]))


@pytest.mark.parametrize("name", ["up", "δ", "delta"])
def test_up_is_what_arrives_at_the_line(name: str) -> None:
    assert judged(FIRST, "downstream b y", f"{name} * (y > z)") == RIGHT
    assert judged(FIRST, "downstream f a", f"{name} * b") == RIGHT
    assert judged(FIRST, "downstream a x", name) == RIGHT


def test_up_in_a_total_is_the_gradient_at_the_one_line_that_uses_the_variable() -> None:
    one = drill(CIRCUIT + "ask: [total: x, total: [z], total: y]")
    assert verdict(one, "total x", "up").message.id == "checking.gradient-unknown-yet"
    assert judged(one, "total x", "up * 1") == RIGHT
    assert judged(one, "total z", "up * (z > y)") == RIGHT
    found = verdict(one, "total y", "up")
    assert (found.kind, found.message.id) == ("unreadable", "checking.up-is-ambiguous")
    assert found.message.params["names"] == ["da", "db"]
    assert found.free
    assert found.span == (0, 2)


@pytest.mark.parametrize(
    ("id", "typed", "words"),
    [
        ("upstream z", "up", ["“up” at z is what this question asks for", "start from df, dh."]),
        ("upstream z", "2 * δ", ["“δ” at z is what this question asks for"]),
        ("upstream f", "up", ["Nothing uses f"]),
        ("jacobian h z", "up", ["plays no part here"]),
        ("path z h f", "up", ["holds every path together"]),
        ("total x y", "delta", ["“delta” is not clear here", "dz."]),
    ],
)
def test_where_up_is_no_name_the_tutor_says_what_there_is_instead(id: str, typed: str, words: list[str]) -> None:
    circuit = "given: {x: 2, y: 3, w: 1}\ngraph: {z: x * y, h: z + w, f: h * z}\n"
    path, jacobian = "path: {wrt: z, through: [h, f]}", "jacobian: {of: h, wrt: z}"
    asked = f"ask: [{{upstream: [z, f]}}, {{{path}}}, {{total: {{wrt: [x, y]}}}}, {{{jacobian}}}]"
    found = verdict(drill(circuit + asked), id, typed)
    assert found.kind == "unreadable"
    for each in words:
        assert each in say(found.message, "en")


def test_up_is_no_name_for_the_gradient_that_is_asked() -> None:
    gate = drill(
        "given: {x: 1.5, y: 2.5}\ngraph: {f: x * y}\nupstream: {f: 3}\nask: [upstream: f, jacobian: {of: f, wrt: x}]"
    )
    assert verdict(gate, "upstream f", "up").kind == "unreadable"
    assert verdict(gate, "jacobian f x", "up").kind == "unreadable"


def test_a_node_called_delta_keeps_its_name() -> None:
    """f = 3·delta with delta = x²: what arrives at delta is 3, its value 6.25."""
    own = drill("given: {x: 2.5}\ngraph: {delta: x^2, f: 3 * delta}\nask: [downstream: {of: delta, wrt: x}]")
    assert judged(own, "downstream delta x", "up * 2 * x") == RIGHT
    assert judged(own, "downstream delta x", "δ * 2 * x") == RIGHT
    assert verdict(own, "downstream delta x", "delta * 2 * x").kind == "wrong"
    forked = drill("given: {x: 2.5}\ngraph: {delta: x^2, f: x * delta}\nask: [total: x]")
    assert judged(forked, "total x", "3 * delta") == RIGHT  # although `up` is not clear here
    assert verdict(forked, "total x", "3 * δ").kind == "unreadable"


@pytest.mark.parametrize(
    ("id", "typed", "expected"),
    [
        ("downstream b y", "db * (y > z)", RIGHT),  # downstream f b has asked for db
        ("downstream a x", "da", RIGHT),
        ("total y", "da + db", RIGHT),
        ("total y", "da + db * (y > z)", RIGHT),
        ("downstream f a", "df * b", RIGHT),  # that of the output is 1
        ("local f a", "da", ("unreadable", None)),  # not yet known
        ("downstream f a", "da", ("unreadable", None)),  # the question itself
        ("downstream f a", "db", ("unreadable", None)),
        ("total y", "dy", ("unreadable", None)),
        ("total y", "df/da + db", RIGHT),  # f is the output
        ("total y", "da/dx", ("unreadable", None)),  # Leibniz is for formulas
    ],
)
def test_a_gradient_may_be_named_once_it_is_known(id: str, typed: str, expected: tuple[str, str | None]) -> None:
    assert judged(FIRST, id, typed) == expected
    assert verdict(FIRST, id, typed).free or expected == RIGHT


def test_a_gradient_below_the_asked_one_is_refused_although_it_is_known() -> None:
    below = drill(CIRCUIT + "ask: [total: [x], total: [a], local: {of: f, wrt: a}]")
    assert verdict(below, "total a", "dx").message.id == "checking.gradient-below"
    assert verdict(below, "local f a", "da").message.id == "checking.gradient-below"
    beside = drill(CIRCUIT + "ask: [total: [b], total: [a]]")
    assert judged(beside, "total a", "db * b / a") == RIGHT  # db = a, and da = b


def test_formulas_may_name_gradients_between_the_asked_one_and_the_output() -> None:
    net = drill(NET + "ask: [formula: {wrt: W}, formula: {wrt: b}, formula: {of: h, wrt: z}]")
    for right in (
        "dz @ x.T",
        "up @ x.T",
        "δ @ xᵀ",
        "(dh ⊙ (1 - h^2)) @ x^T",
        "(ds/dh @ dh/dz).T @ x.T",
        "(∂s/∂z)ᵀ @ xᵀ",
    ):
        assert judged(net, "formula W", right) == RIGHT, right
    for refused in ("dW", "ds/dW", "dz/dW", "ds * dz @ x.T", "db @ x.T", "dx @ x.T", "dW/dz"):
        assert verdict(net, "formula W", refused).kind == "unreadable", refused
    assert verdict(net, "formula h z", "dh/dz").kind == "unreadable"


def test_the_gradient_of_an_output_may_be_named_where_it_is_given() -> None:
    layer = drill(
        "sizes: {n: 3, m: 2}\ngiven: {x: {shape: [m, 1], normal: 1}, W: {shape: [n, m], normal: 1}}\n"
        "graph: {h: W @ x}\nupstream: {h: {shape: [n, 1], normal: 1}}\nask: [formula: {wrt: W}]"
    )
    assert judged(layer, "formula W", "dh @ x.T") == RIGHT


def test_dh_over_dz_is_a_jacobian_only_without_spaces_and_only_if_both_are_nodes() -> None:
    """With an input `dist`, `a/dist` is a division."""
    near = drill(
        "given: {a: 3.5, dist: 2.5}\ngraph: {v: a / dist, f: v^2}\nask: [formula: {wrt: a}, formula: {wrt: dist}]"
    )
    assert judged(near, "formula a", "2*v/dist") == RIGHT
    assert judged(near, "formula dist", "-2*v*a/dist/dist") == RIGHT
    assert judged(near, "formula a", "df/dv / dist") == RIGHT


def test_using_limits_the_names_and_says_so() -> None:
    net = drill(NET + "ask: [formula: {wrt: W, using: [up, x]}, formula: {wrt: b, using: [u, h]}]")
    assert judged(net, "formula W", "up @ x.T") == RIGHT
    assert judged(net, "formula W", "δ @ x.T") == RIGHT
    assert judged(net, "formula W", "dz @ x.T") == RIGHT  # the same gradient by its node
    assert judged(net, "formula W", "eye(n) @ up @ x.T @ diag(ones(m, 1))") == RIGHT
    assert judged(net, "formula b", "u * (1 - h^2)") == RIGHT
    for id, typed, name in (
        ("formula W", "(u * (1 - h^2)) @ x.T", "u"),
        ("formula b", "up", "up"),
        ("formula b", "u * (1 - tanh(z)^2)", "z"),
        ("formula b", "dh * (1 - h^2)", "dh"),
    ):
        found = verdict(net, id, typed)
        assert (found.kind, found.message.id, found.free) == ("unreadable", "checking.not-in-using", True), typed
        assert found.message.params["name"] == name
        assert found.span is not None
        assert typed[found.span.start : found.span.end] == name


def test_sizes_are_names_too() -> None:
    average = drill(
        "sizes: {n: 4}\ngiven: {x: {shape: [n], normal: 1}}\ngraph: {f: mean(x)}\nask: [formula: {wrt: x}, total: x]"
    )
    assert judged(average, "formula x", "ones(n) / n") == RIGHT
    assert judged(average, "total x", "ones(n) / n") == RIGHT
    assert judged(average, "total x", "[1/n, 1/n, 1/n, 1/n]") == RIGHT
    assert judged(average, "formula x", "ones(4) / 4") == ("wrong", "coincidence")


def test_an_unknown_name_is_told_the_nearest() -> None:
    found = verdict(bundled("one-layer/score-gradient"), "formula W", "dleta @ x.T")
    assert (found.kind, found.message.params["near"]) == ("unreadable", "delta")
