"""A wrong answer is given the name of the mistake that makes it, if there is evidence for that one; or none.

First circuit: f = a·b with a = x + y, b = max(y, z) at x, y, z = 1, 2, 0; a = 3, b = 2, df/da = 2, df/db = 3.
"""

import numpy as np
import pytest

from tests.checking.lessons import NET, bundled, drill, judged, verdict
from tutor.text import say

FIRST = bundled("circuits/first-circuit")
# The same with numbers of three digits, so that slips far away can be told from chance.
FINE = drill(
    "given: {x: 1.37, y: 2.61, z: 0.58}\ngraph: {a: x + y, b: 'max(y, z)', f: a * b}\nupstream: {f: 1.73}\n"
    "ask: [all, upstream: a, path: {wrt: y, through: [a, f]}]"
)
X, Y, Z, G = 1.37, 2.61, 0.58, 1.73
A, B = X + Y, Y


GIVEN_SUMS = "given: {x: 1.37, y: 0.58, z: 0.41}\ngraph: {a: x + y, b: a + z, f: 1.73 * b}\n"


def number(value: float) -> str:
    return f"{value:.6g}"


@pytest.mark.parametrize(
    ("id", "typed", "mistake"),
    [
        ("local f a", number(A), "mul:own-input"),
        ("local f a", number(G * B), "upstream-included"),
        ("local b y", "0.5", "max:splits"),
        ("local b z", "1", "max:wrong-winner"),
        ("local a x", "0.5", "add:splits"),
        ("local a x", number(G * B), "upstream-included"),
        ("downstream f a", number(B), "upstream-forgotten"),
        ("downstream f a", number(G), "local-forgotten"),
        ("downstream f a", number(G + B), "added"),
        ("downstream f a", number(G * A), "mul:own-input"),
        ("downstream b y", number(G * A / 2), "max:splits"),
        ("downstream b y", "0", "max:wrong-winner"),
        ("downstream b y", "1", "upstream-forgotten"),
        ("downstream a x", number(G * B / 2), "add:splits"),
        ("total y", number(G * B), "one-branch"),
        ("total y", number(G * A), "one-branch"),
        ("total y", number(G * (2 * A + B)), "path-twice"),
        ("total y", number(G * A * G * B), "branches-multiplied"),
        ("total y", number(G * (A + B) / 2), "branches-averaged"),
        ("total y", number(-G * (A + B)), "sign"),
        ("path y a f", number(G * (A + B)), "all-paths"),
        # above the asked node, with evidence
        ("downstream b y", number(G * B), "mul:own-input"),
        ("downstream a x", number(G), "local-forgotten"),
        ("downstream a x", number(B), "upstream-forgotten"),
        ("downstream a x", number(G * A), "mul:own-input"),
        # no rule gives these
        ("downstream a x", "7.77", None),
        ("total y", "11.1", None),
        ("local f a", "2.77", None),
    ],
)
def test_the_mistake_that_makes_the_number_is_named(id: str, typed: str, mistake: str | None) -> None:
    kind, named = judged(FINE, id, typed)
    assert kind == "wrong"
    assert named is None if mistake is None else mistake in str(named).split(" | "), named


def test_of_a_short_number_only_the_asked_node_is_suspected_and_asked_about() -> None:
    found = verdict(FIRST, "local f a", "3")
    assert (found.mistake, found.node, found.message.id) == ("mul:own-input", "f", "checking.asked")
    assert "?" in say(found.message, "en")
    assert judged(FIRST, "downstream b y", "2")[1] is None  # own input at f, one node above
    assert judged(FIRST, "local f a", "6")[1] is None  # the value of f is no slip at the asked slot


def test_zeros_behind_a_whole_number_are_no_digits() -> None:
    chain = drill(
        "given: {x: 2.37}\ngraph: {a: 2 * x, b: 7 * a, c: 4 * b, f: 50 * c}\nask: [downstream: {of: a, wrt: x}]"
    )
    assert judged(chain, "downstream a x", "700") == ("wrong", None)  # 2 · 7 · 50: local forgotten at c, one digit
    assert judged(chain, "downstream a x", "700.0") == ("wrong", "local-forgotten")


@pytest.mark.parametrize(("typed", "said"), [("3.980", "checking.named"), ("3.98", "checking.asked")])
def test_of_one_number_a_slip_is_stated_with_four_digits_and_asked_about_with_three(typed: str, said: str) -> None:
    found = verdict(FINE, "local f a", typed)
    assert (found.mistake, found.message.id) == ("mul:own-input", said)


def test_two_explanations_that_give_the_same_digits_are_both_offered() -> None:
    two = drill("given: {x: 2, y: 4}\ngraph: {f: x * y}\nupstream: {f: 2}\nask: [downstream: {of: f, wrt: x}]")
    # own input: 2·2 = 4; upstream forgotten: y = 4
    found = verdict(two, "downstream f x", "4")
    assert found.mistake == "mul:own-input | upstream-forgotten"
    assert found.message.id == "checking.either"


def test_more_than_two_explanations_are_none() -> None:
    three = drill("given: {x: 2, y: 2}\ngraph: {f: x * y}\nupstream: {f: 2}\nask: [downstream: {of: f, wrt: x}]")
    assert judged(three, "downstream f x", "2") == ("wrong", "upstream-forgotten | local-forgotten")
    many = drill("given: {x: 1, y: 2}\ngraph: {f: x * y}\nupstream: {f: 2}\nask: [downstream: {of: f, wrt: x}]")
    # own input 2·1, upstream forgotten 2, local forgotten 2
    assert judged(many, "downstream f x", "2") == ("wrong", None)


def test_no_place_is_claimed_where_two_would_give_the_same() -> None:
    """Of three factors of 3.5 in a chain one is missing: which one, no number can tell."""
    chain = drill(
        "given: {x: 2.37}\ngraph: {a: x + 1.11, b: 3 * a, c: 5 * b, f: 7 * c}\nask: [downstream: {of: a, wrt: x}]"
    )
    one = verdict(chain, "downstream a x", "21.00")  # 3 · 7: local forgotten at c alone
    assert (one.mistake, one.node, one.message.id) == ("local-forgotten", "c", "checking.named")
    alike = drill(
        "given: {x: 2.37}\ngraph: {a: x + 1.11, b: 3.5 * a, c: 3.5 * b, f: 3.5 * c}\nask: [downstream: {of: a, wrt: x}]"
    )
    two = verdict(alike, "downstream a x", "12.25")  # local forgotten at any one of three
    assert (two.mistake, two.node, two.message.id) == ("local-forgotten", "a", "checking.asked")


# z = w·x + b = 2.7573, L = z²: ∂L/∂b = 2z. Half of it is the 2 forgotten above, or a split at the + below.
SQUARE = drill("given: {w: 1.37, x: 1.29, b: 0.99}\ngraph: {z: w * x + b, L: z^2}\nask: [all, total: b, formula: b]")
HALF = number(1.37 * 1.29 + 0.99)


@pytest.mark.parametrize(("id", "typed"), [("total b", HALF), ("downstream z b", HALF), ("formula b", "w*x + b")])
def test_slips_of_two_ops_at_two_lines_that_give_the_same_are_both_offered(id: str, typed: str) -> None:
    found = verdict(SQUARE, id, typed)
    assert found.mistake == "add:splits | pow:factor-forgotten"
    assert found.message.id in ("checking.either", "checking.edit-and-advice")
    assert found.node != "L"
    for language in ("en", "zh"):
        said = say(found.message, language)
        assert "z" in said
        assert "L" in said


def test_nobody_is_told_of_the_sum_who_may_have_lost_a_factor_above_or_below_it() -> None:
    """Of three that fit none is known: half at +, the 2 of 2·a, the 2 of the square."""
    three = drill("given: {x: 1.37, y: 0.583}\ngraph: {a: x + y, b: 2 * a, L: b^2}\nask: [total: x, total: a]")
    assert judged(three, "total x", number(4 * 1.953)) == ("wrong", None)
    two = verdict(three, "total a", number(4 * 1.953))
    assert (two.mistake, two.node) == ("local-forgotten | pow:factor-forgotten", "a")


def test_a_path_left_out_and_a_gate_that_passes_nothing_to_it_are_both_offered() -> None:
    assert verdict(FINE, "total y", number(G * B)).mistake == "one-branch | max:wrong-winner"
    assert verdict(FINE, "total y", number(G * A)).mistake == "one-branch"  # through b alone: no gate does that


def test_a_missing_factor_is_named_at_the_asked_line_although_it_belongs_to_the_one_above() -> None:
    """What arrives at b is the slope of f alone: to forget the one is to pass over the other."""
    chain = drill("given: {x: 2.37}\ngraph: {a: 3.1 * x, f: 1.7 * a}\nask: [downstream: {of: a, wrt: x}]")
    found = verdict(chain, "downstream a x", "3.100")
    assert (found.mistake, found.node, found.message.id) == ("upstream-forgotten", "a", "checking.named")


def test_the_same_slip_at_two_lines_is_asked_about_at_the_nearest() -> None:
    sums = drill(GIVEN_SUMS + "ask: [downstream: {of: a, wrt: x}, downstream: {of: b, wrt: a}]")
    near = verdict(sums, "downstream a x", "0.865")
    assert (near.mistake, near.node, near.message.id) == ("add:splits", "a", "checking.asked")
    only = verdict(sums, "downstream b a", "0.8650")
    assert (only.mistake, only.node, only.message.id) == ("add:splits", "b", "checking.named")


def test_what_is_true_at_a_node_is_no_mistake_there() -> None:
    """At + the local gradient is 1: to pass the gradient on unchanged is right."""
    assert judged(FINE, "downstream a x", number(G * B)) == ("right", None)


def test_names_are_a_mistake_only_if_they_are_so_near_by() -> None:
    assert judged(FIRST, "local f a", "a") == ("wrong", "mul:own-input")
    assert judged(FIRST, "local f a", "x + 2") == ("wrong", None)  # 3 as well, but not the own input
    assert judged(FIRST, "downstream f a", "df * a") == ("wrong", "mul:own-input")


x = np.array([[2.0], [-1.0]])
W = np.array([[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]])
b = np.array([[0.1], [-0.3], [0.2]])
u = np.array([[2.0], [-3.0], [1.0]])
z = W @ x + b
h = np.tanh(z)
delta = u * (1 - h**2)
LAYER = drill(NET + "ask: [total: b, total: W, total: x, local: {of: h, wrt: z}, downstream: {of: h, wrt: z}]")


def rows(array: object) -> str:
    array = np.asarray(array)
    return "[" + ", ".join(rows(item) for item in array) + "]" if array.ndim else f"{float(array):.4f}"


@pytest.mark.parametrize(
    ("id", "wrong", "mistake", "node"),
    [
        ("downstream h z", u * (1 - h), "tanh:square-forgotten", "h"),
        ("downstream h z", u * (1 - z**2), "tanh:pre-activation", "h"),
        ("downstream h z", u * (1 - np.tanh(h) ** 2), "tanh:activated-twice", "h"),
        ("downstream h z", u * h, "tanh:value-as-slope", "h"),
        ("downstream h z", u / np.cosh(z), "tanh:sech-for-its-square", "h"),
        ("downstream h z", 1 - h**2, "upstream-forgotten", "h"),
        ("downstream h z", u, "local-forgotten", "h"),
        ("local h z", 1 - z**2, "tanh:pre-activation", "h"),
        ("local h z", delta, "upstream-included", "h"),
        # through the layer: the slip lies at h, the question is about W, b or x
        ("total b", u * (1 - h), "tanh:square-forgotten", "h"),
        ("total W", (u * (1 - z**2)) @ x.T, "tanh:pre-activation", "h"),
        ("total W", u @ x.T, "local-forgotten", "h"),
        ("total W", -delta @ x.T, "sign", "W"),
        ("total W", 3 * delta @ x.T, "scale", "W"),
    ],
)
def test_a_slip_anywhere_in_a_layer_is_found_from_rounded_arrays(
    id: str, wrong: object, mistake: str, node: str
) -> None:
    found = verdict(LAYER, id, rows(wrong))
    assert (found.kind, found.mistake, found.node) == ("wrong", mistake, node)


def test_a_slip_without_evidence_far_away_is_not_named_although_it_fits() -> None:
    """Of dx, two entries: too few to tell a slip at h from chance."""
    assert judged(LAYER, "total x", rows(W.T @ (u * (1 - h))))[1] is None


def test_a_factor_that_many_mistakes_leave_behind_is_said_without_a_name() -> None:
    """A ½: one of the two uses of e forgotten, the sum taken for a mean, the gradient split at a `+`."""
    made = drill(
        "given:\n  x: {shape: [3, 1], value: [[0.7], [-1.2], [0.5]]}\n"
        "  W: {shape: [2, 3], value: [[0.3, -0.2, 0.8], [0.5, 0.4, -0.6]]}\n"
        "  b: {shape: [2, 1], value: [[0.2], [-0.1]]}\n"
        "graph: {z: W @ x + b, e: tanh(z), L: sum(e*e)}\nask: [total: W, formula: {wrt: W}]"
    )
    x = np.array([[0.7], [-1.2], [0.5]])
    e = np.tanh(np.array([[0.3, -0.2, 0.8], [0.5, 0.4, -0.6]]) @ x + np.array([[0.2], [-0.1]]))
    half = (e * (1 - e**2)) @ x.T
    assert judged(made, "total W", str(np.round(2 * half, 5).tolist())) == ("right", None)
    for id, typed in (("total W", str(np.round(half, 5).tolist())), ("formula W", "(e*(1 - e^2)) @ x.T")):
        found = verdict(made, id, typed)
        assert (found.kind, found.mistake, found.node) == ("wrong", None, None)
        assert "constant factor, 0.5" in say(found.message, "en")
        assert "0.5" in say(found.message, "zh")


@pytest.mark.parametrize(("typed", "mistake"), [("1 - 0.623", "tanh:square-forgotten"), ("1 - 0.62", None)])
def test_a_computation_with_a_decimal_is_a_mistake_within_a_thousandth(typed: str, mistake: str | None) -> None:
    """1 - tanh(0.73) is 0.37693: 0.377 may be it, 0.38 may be anything."""
    made = drill("given: {z: 0.73}\ngraph: {h: tanh(z), f: 1.7 * h}\nask: [local: {of: h, wrt: z}]")
    assert judged(made, "local h z", typed) == ("wrong", mistake)


def test_a_list_of_a_name_and_numbers_is_one_of_numbers() -> None:
    """What is typed as a number does not move with the names, so the mistake is looked for at these numbers."""
    net = drill(NET + "ask: [downstream: {of: h, wrt: z}]")
    z = np.array([[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]]) @ [[2], [-1]] + [[0.1], [-0.3], [0.2]]
    slipped = (np.array([[2], [-3], [1]]) * (1 - np.tanh(z))).ravel()
    typed = f"[u[0, 0] * (1 - h[0, 0]), {number(slipped[1])}, {number(slipped[2])}]"
    assert judged(net, "downstream h z", typed) == ("wrong", "tanh:square-forgotten")


def test_a_wrong_diagonal_of_two_entries_is_marked_on_the_diagonal() -> None:
    made = drill(
        "given: {z: {shape: [2], value: [0.73, -0.41]}}\ngraph: {h: tanh(z), f: sum(h)}\nask: [local: {of: h, wrt: z}]"
    )
    right = 1 - np.tanh([0.73, -0.41]) ** 2
    assert judged(made, "local h z", f"[[{number(right[0])}, 0], [0, {number(right[1])}]]") == ("right", None)
    found = verdict(made, "local h z", f"[[{number(right[0])}, 0], [0, 0.123]]")
    assert (found.kind, found.wrong_entries) == ("wrong", ((1, 1),))
