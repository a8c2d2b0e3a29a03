"""Typed decimals: right is what rounds right, to two digits at least; the tolerance forgives rounding, not mistakes."""

import json
from decimal import Decimal
from math import exp, log10

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.checking.lessons import drill, judged, verdict
from tutor.checking.reading.typed_entries import Judgement, judge, typed_answer
from tutor.drill.question import Drill
from tutor.expr import Scope, parse_answer

RIGHT, COARSE, WRONG = ("right", None), ("wrong", "coarse"), ("wrong", None)


def asking_for(exact: str, extra: str = "") -> Drill:
    """A drill whose `total x` is `exact`: f = w · x with w given. The other factor is like no answer typed here."""
    if exact.startswith("["):
        count = exact.count(",") + 1
        others = ", ".join(str(k) for k in [7319, 6173, 9431][:count])
        return drill(f"given: {{w: {exact}, x: [{others}]}}\ngraph: {{f: sum(w * x)}}\nask: [total: x]\n{extra}")
    return drill(f"given: {{w: {exact}, x: 7319}}\ngraph: {{f: w * x}}\nask: [total: x]\n{extra}")


@pytest.mark.parametrize(
    ("exact", "typed", "expected"),
    [
        # the published score gradient 0.1966 = sigmoid'(1): two digits do, one does not
        ("0.1966", "0.20", RIGHT),
        ("0.1966", "0.2", COARSE),
        ("0.1966", ".20", RIGHT),
        ("0.1966", "2.0e-1", RIGHT),
        ("0.1966", "0.197", RIGHT),
        ("0.1966", "0.1966", RIGHT),
        ("0.1966", "0.19660", RIGHT),
        ("0.1966", "0.1967", RIGHT),  # by the tolerance
        ("0.1966", "0.19", WRONG),
        # a number of a dozen digits is typed rounded, whole or not
        ("235385266837019968", "2.3539e17", RIGHT),
        ("235385266837019968", "2.39e17", WRONG),
        ("6000000000.25", "6.0e9", RIGHT),
        ("6000000000.25", "6.1e9", WRONG),
        ("123456", "123000", WRONG),
        ("123456789", "1.23457e8", RIGHT),  # its last digit stands for hundreds: a rounding
        ("485165195.4097903", "4.85165e+08", RIGHT),
        ("485165195.4097903", "485165195", RIGHT),
        ("485165195.4097903", "4.91e+08", WRONG),
        ("268337286.52", "2.7e8", RIGHT),
        ("0.1966", "0.21", WRONG),
        ("0.1966", "-0.20", ("wrong", "sign")),
        ("0.1966", "0", COARSE),
        ("0.1966", "1", ("wrong", "local-forgotten")),
        ("-0.1966", "-0.20", RIGHT),
        ("-0.1966", "−0.20", RIGHT),
        ("-0.1966", "-0.2", COARSE),
        # the unit may be at most a tenth of the largest entry: 9.6 is shown at unit 1, no better
        ("9.6", "10", COARSE),
        ("9.6", "9.6", RIGHT),
        ("0.99967", "1.0", RIGHT),  # as two digits of it are
        ("[0.99967, 0.0134]", "[1.0, 0.0]", COARSE),
        ("[0.99967, 0.0134]", "[1.0, 0.013]", RIGHT),
        ("9.96", "10", RIGHT),
        ("10.4", "10", RIGHT),
        ("-0.05", "-0.05", RIGHT),
        ("0.5", "0.5", RIGHT),  # exact, though its unit is a fifth of it
        # whole numbers are exact where the answer is whole ...
        ("100", "100", RIGHT),
        ("100", "102", WRONG),
        ("100", "99", WRONG),
        ("101", "100", WRONG),
        ("101", "1e2", COARSE),
        ("100", "1e2", RIGHT),
        ("100", "100.0", RIGHT),
        ("2", "2", RIGHT),
        ("2", "2.0", RIGHT),
        ("2", "4", WRONG),
        ("0", "0", RIGHT),
        ("0", "0.00", RIGHT),
        ("0", "0.001", WRONG),
        # ... and elsewhere decimals of unit 1
        ("99.7", "100", RIGHT),
        ("99.6", "99", RIGHT),  # by the tolerance
        ("99.6", "98", WRONG),
        ("123.4", "123", RIGHT),
        ("123.4", "122", WRONG),
        # arrays: each entry by itself, the unit against the largest
        ("[100, 0.5]", "[100, 0.5]", RIGHT),
        ("[100, 0.5]", "[100, -0.5]", WRONG),
        ("[100, 0.5]", "100, 0.5", RIGHT),
        ("[100, 0.0004]", "[100, 0.00]", RIGHT),
        ("[100, 0.0004]", "[100, 0]", RIGHT),
        ("[12.34, 0.0004]", "[12.3, 0.0]", RIGHT),
        ("[12.34, 0.0004]", "[12.3, 0.1]", WRONG),
        ("[0.1966, 0.004]", "[0.20, 0.00]", RIGHT),
        ("[0.1966, 0.004]", "[0.20, 0.0]", COARSE),
        ("[0.1966, 0.004]", "[0.197, 0.00]", RIGHT),
        ("[0.1966, 0.006]", "[0.20, 0.00]", WRONG),
        ("[0.1966, -0.006]", "[0.20, -0.01]", RIGHT),
        ("[0.1966, -0.006]", "[0.20, 0.01]", WRONG),
        ("[7, 0.25]", "[7, 0.3]", RIGHT),
        ("[7, 0.25]", "[8, 0.25]", WRONG),
        # expressions with a decimal in them are as rounded as that decimal
        ("0.1966", "0.3932 / 2", RIGHT),
        ("0.1966", "0.394 / 2", RIGHT),
        ("0.1966", "0.4 / 2", WRONG),
        ("0.1966", "983/5000", RIGHT),
        ("0.1966", "1966/10^4", RIGHT),
        ("0.1966", "59/300", WRONG),  # 0.19667: a fraction is exact
    ],
)
def test_a_decimal_is_judged_by_its_digits(exact: str, typed: str, expected: tuple[str, str | None]) -> None:
    assert judged(asking_for(exact), "total x", typed) == expected


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("1/3", "right"),
        ("2/6", "right"),
        ("3^-1", "right"),
        ("1/3 + 10^-10", "right"),
        ("1/3 + 10^-9", "wrong"),
        ("333333/1000000", "wrong"),
        ("0.333333", "right"),
        ("0.33", "right"),
        ("0.34", "wrong"),
        ("0.333 + 0", "right"),
    ],
)
def test_fractions_are_exact_to_nine_digits(typed: str, kind: str) -> None:
    third = drill("given: {x: 2}\ngraph: {f: x / 3}\nask: [total: x]")
    assert verdict(third, "total x", typed).kind == kind


@pytest.mark.parametrize("typed", ["2", "1/2 * 4", "½ * 4", "2 + ½ - ½", "¼ * 8"])
def test_a_fraction_sign_is_no_rounded_decimal(typed: str) -> None:
    assert verdict(asking_for("2.012"), "total x", typed).kind == "wrong"
    assert verdict(asking_for("2.012"), "total x", "0.5 * 4").kind == "right"


@pytest.mark.parametrize(("typed", "kind"), [("0.20", "right"), ("0.1966", "right"), ("0.1967", "wrong")])
def test_a_lesson_without_tolerance_asks_for_correct_rounding(typed: str, kind: str) -> None:
    assert verdict(asking_for("0.1966", "tolerance: 0"), "total x", typed).kind == kind
    assert verdict(asking_for("0.1966", "tolerance: 0"), "total x", "0.394 / 2").kind == "wrong"


@pytest.mark.parametrize(
    ("exact", "typed", "expected"),
    [
        # a whole number is a decimal of unit 1: what rounds to it is coarse, however little that says
        ("0.9463", "1", COARSE),
        ("-0.9463", "-1", COARSE),
        ("-0.63", "-1", COARSE),
        ("0.9463", "-1", WRONG),
        ("0.9463", "0", WRONG),
        ("0.4", "1", WRONG),
        ("0.9463", "2", WRONG),
        ("0.6", "½", WRONG),
        ("[0.9701, 0.9702, 0.9703]", "1, 1, 1", COARSE),
        ("[0.9701, 0.9701, 0.9701]", "1, 1, 1", COARSE),
        ("[0.9701, 0.9702, 0.3]", "1, 1, 1", WRONG),
    ],
)
def test_a_whole_number_for_a_part_of_one_is_coarse(exact: str, typed: str, expected: tuple[str, str | None]) -> None:
    """With the upstream 10 at f no slip gives a whole number of this size."""
    tenth = str([each / 10 for each in json.loads(exact)]) if exact.startswith("[") else str(float(exact) / 10)
    assert judged(asking_for(tenth, "upstream: {f: 10}"), "total x", typed) == expected


def test_a_whole_number_that_a_slip_gives_is_no_rounding() -> None:
    """1 for 0.9463 rounds right; where the gradient 1 passed on as it is gives 1 too, it is asked about."""
    found = verdict(asking_for("0.9463"), "total x", "1")
    assert (found.mistake, found.message.id, found.free) == ("local-forgotten", "checking.asked", False)
    assert judged(asking_for("0.9463"), "total x", "0.9") == COARSE
    gate = drill(
        "given: {a: 2.3, b: 1.7, w: 0.31}\ngraph: {m: 'max(a, b)', f: w * m}\nask: [downstream: {of: m, wrt: a}]"
    )
    assert judged(gate, "downstream m a", "0") == ("wrong", "max:wrong-winner")
    assert judged(gate, "downstream m a", "0.3") == COARSE


@pytest.mark.parametrize("x", [12, 17, 19, 20, 21, 25, 40, 100])
def test_what_an_exponential_gives_is_never_whole(x: int) -> None:
    made = drill(f"given: {{x: {x}}}\ngraph: {{f: exp(x)}}\nask: [total: x]")
    for digits in (2, 3, 6, 10):
        assert judged(made, "total x", f"{exp(x):.{digits - 1}e}") == RIGHT
    assert judged(made, "total x", f"{1.02 * exp(x):.3e}")[0] == "wrong"


def test_a_coarse_answer_costs_nothing_and_a_wrong_one_counts() -> None:
    assert verdict(asking_for("0.1966"), "total x", "0.2").free
    assert not verdict(asking_for("0.1966"), "total x", "0.3").free


def test_what_only_the_tolerance_accepts_is_shown_exactly() -> None:
    assert verdict(asking_for("0.1966"), "total x", "0.1967").exact == pytest.approx(0.1966)
    assert verdict(asking_for("0.1966"), "total x", "0.20").exact is None


def test_the_tolerance_yields_to_a_mistake_that_gives_these_very_digits() -> None:
    """∂(w x)/∂x = w = 0.1966; who gives the own input gives x = 0.198, 0.7 % off."""
    near = drill("given: {w: 0.1966, x: 0.198}\ngraph: {f: w * x}\nask: [total: x]")
    assert judged(near, "total x", "0.198") == ("wrong", "mul:own-input")
    assert judged(near, "total x", "0.1975") == RIGHT


def test_correct_rounding_wins_over_a_mistake_that_gives_the_same_digits() -> None:
    near = drill("given: {w: 0.1966, x: 0.2}\ngraph: {f: w * x}\nask: [total: x]")
    assert judged(near, "total x", "0.20") == RIGHT


@pytest.mark.parametrize(("first", "kind"), [("0.15", "right"), ("0.00", "wrong"), ("-0.01", "wrong")])
def test_the_tolerance_takes_neither_zero_nor_the_other_sign(first: str, kind: str) -> None:
    """With the largest tolerance there is everything of the right sign passes."""
    assert verdict(asking_for("[0.1966, 100]", "tolerance: 0.99"), "total x", f"[{first}, 100]").kind == kind


def test_no_tolerance_of_any_size_lets_zero_pass() -> None:
    tree = parse_answer("0.00", Scope(None, frozenset(), frozenset()))
    assert judge(typed_answer(tree, 0.0), 0.1966, 5.0) == [Judgement.WRONG]
    assert judge(typed_answer(tree, -0.0), -0.1966, 5.0) == [Judgement.WRONG]


def test_only_the_entries_that_are_off_are_marked() -> None:
    """Of (0.1966, 12.34, 5) the second was typed wrong; the first is within the tolerance."""
    found = verdict(asking_for("[0.1966, 12.34, 5]"), "total x", "[0.1967, 13.9, 5]")
    assert found.wrong_entries == ((1,),)


digits = st.integers(1, 6)
numbers = st.floats(0.001, 999.0).map(lambda x: round(x, 7))


@given(numbers, digits, st.booleans())
def test_any_number_rounded_to_two_digits_is_right_and_one_unit_off_is_wrong(x: float, n: int, minus: bool) -> None:
    """Oracle: Python's decimal numbers round `x` to `n` significant digits."""
    assume(abs(x - round(x)) > 1e-6)
    exact = -Decimal(repr(x)) if minus else Decimal(repr(x))
    unit = Decimal(1).scaleb(int(log10(x) // 1) - n + 1)
    assume(unit <= 1)
    rounded = exact.quantize(unit)
    asked = asking_for(repr(float(exact)), "tolerance: 0")
    nearly = unit <= abs(rounded) / 10 and abs(rounded - exact) <= unit / 20  # 1.0 says enough of 0.9996
    enough = rounded == exact or unit <= abs(exact) / 10 or nearly
    assert judged(asked, "total x", f"{rounded:f}") == (RIGHT if enough else COARSE)
    for other in (rounded + unit, rounded - unit):
        if abs(other - exact) > unit * Decimal("0.501"):
            assert verdict(asked, "total x", f"{other:f}").mistake != "coarse"
            assert verdict(asked, "total x", f"{other:f}").kind == "wrong"


def test_a_rounded_number_carried_along_is_no_constant_factor() -> None:
    """s = sum((w tanh(ab))²): who rounds tanh(0.793) to 0.66 is off by 0.03 % everywhere alike."""
    made = drill(
        "given: {w: {shape: [3], value: [1.25, -2.13, 0.77]}, a: 0.61, b: 1.3}\n"
        "graph: {p: a * b, q: tanh(p), v: w * q, s: sum(v^2)}\nask: [total: w]"
    )
    assert judged(made, "total w", "[1.0890, -1.8557, 0.6708]") == ("right", None)
    assert judged(made, "total w", "[2.1786, -3.7124, 1.3420]") == ("wrong", "scale")
