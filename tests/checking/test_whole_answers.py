"""Mistakes of the whole answer are found in rounded numbers too, and for formulas at every draw."""

import pytest

from tests.checking.lessons import NET, drill, judged, verdict

# ∂f/∂x of f = sum(w * x) is w: six entries of no pattern
SIX = "[1.37, -2.61, 0.58, 3.44, -1.92, 2.15]"
ASKING = drill(
    f"given: {{w: {SIX}, x: [71.3, 61.7, 94.3, 83.1, 57.9, 67.7]}}\ngraph: {{f: sum(w * x)}}\nask: [total: x]"
)


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ("[-1.37, 2.61, -0.58, -3.44, 1.92, -2.15]", "sign"),
        ("[-1.4, 2.6, -0.6, -3.4, 1.9, -2.2]", "sign"),
        ("[2.74, -5.22, 1.16, 6.88, -3.84, 4.30]", "scale"),
        ("[2.7, -5.2, 1.2, 6.9, -3.8, 4.3]", "scale"),
        ("[0.457, -0.870, 0.193, 1.147, -0.640, 0.717]", "scale"),
        ("[2.06, -3.92, 0.87, 5.16, -2.88, 3.22]", "scale"),  # by 1.5, which is no likely factor
        ("[1.37, -2.61, 0.58, 3.44, 1.92, 2.15]", "one-entry"),
        ("[1.4, -2.6, 0.6, 3.4, 0, 2.2]", "one-entry"),
        ("[1.37, -2.61, 0.58, -3.44, 1.92, 2.15]", None),
        ("[2.7, -5.2, 1.2, 6.9, -3.8, 4.1]", None),
    ],
)
def test_the_whole_answer_is_recognised(typed: str, mistake: str | None) -> None:
    assert judged(ASKING, "total x", typed) == ("wrong", mistake)


def test_a_factor_needs_three_entries_and_one_entry_four() -> None:
    two = drill("given: {w: [1.37, -2.61], x: [71.3, 61.7]}\ngraph: {f: sum(w * x)}\nask: [total: x]")
    assert judged(two, "total x", "[2.74, -5.22]") == ("wrong", None)
    three = drill("given: {w: [1.37, -2.61, 0.58], x: [71.3, 61.7, 94.3]}\ngraph: {f: sum(w * x)}\nask: [total: x]")
    assert judged(three, "total x", "[2.74, -5.22, 1.16]") == ("wrong", "scale")
    assert judged(three, "total x", "[1.37, -2.61, 0.85]") == ("wrong", None)


def test_the_factor_is_said_as_people_think_of_it() -> None:
    message = verdict(ASKING, "total x", "[2.7, -5.2, 1.2, 6.9, -3.8, 4.3]").message
    assert message.params["name"].params["factor"] == 2  # type: ignore[union-attr]


def test_a_square_matrix_turned_is_named_from_rounded_numbers() -> None:
    """s = sum(G * X) has ∂s/∂X = G."""
    square = drill(
        "given: {G: [[1.37, -2.61], [0.58, 3.44]], X: [[71.3, 61.7], [94.3, 83.1]]}\n"
        "graph: {s: sum(G * X)}\nask: [total: X]"
    )
    assert judged(square, "total X", "[[1.4, 0.6], [-2.6, 3.4]]") == ("wrong", "transposed")


def test_a_name_must_hold_at_other_numbers_too() -> None:
    """-y is minus the answer b = max(y, z) as long as y wins; -x - 1 only because x is 1."""
    circuit = drill("given: {x: 1, y: 2, z: 0}\ngraph: {a: x + y, b: 'max(y, z)', f: a * b}")
    assert judged(circuit, "local f a", "-b") == ("wrong", "sign")
    assert judged(circuit, "local f a", "-x - 1") == ("wrong", None)


def test_a_formula_is_off_by_a_sign_only_if_it_is_so_at_fresh_numbers() -> None:
    """ds/db = u ∘ (1 - h²); here W happens to be such that the first is its negative at these numbers alone."""
    net = drill(NET + "ask: [formula: {wrt: b}, formula: {wrt: u}]")
    assert verdict(net, "formula b", "u * (h^2 - 1)").mistake == "sign"
    assert verdict(net, "formula u", "3 * h").mistake == "scale"
    ones = drill("given: {x: [1.5, -2.5, 3.5], w: [1, 1, 1]}\ngraph: {f: sum(w * x)}\nask: [formula: {wrt: x}]")
    assert verdict(ones, "formula x", "-w").mistake == "sign"
    assert verdict(ones, "formula x", "-w * w").mistake != "sign"


def test_a_formula_need_not_have_a_value_at_fresh_numbers() -> None:
    """y^y has none for a negative y that is no whole number: the answer is wrong, and nothing breaks."""
    circuit = drill("given: {x: 1, y: 6, z: 0}\ngraph: {a: x + y, b: 'max(y, z)', f: a * b}\nask: [formula: {wrt: x}]")
    for typed in ("y^y", "y ^ δ ⊙ δ", "log(y)", "sqrt(y - 1)"):
        assert verdict(circuit, "formula x", typed).kind == "wrong", typed


def test_a_diagonal_matrix_rounded_on_the_way_is_not_called_turned() -> None:
    """It is its own transpose: what is right within the lesson's tolerance stays right."""
    net = drill(NET + "ask: [{jacobian: {of: h, wrt: z}}]")
    exact = net.by_id["jacobian h z"].expected  # type: ignore[union-attr]
    slopes = [round(float(exact[k][k]), 3) for k in range(3)]
    assert judged(net, "jacobian h z", f"diag({slopes})") == ("right", None)
