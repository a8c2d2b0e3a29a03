"""What rounding leaves of 0 is 0, in values, gradients and answers, and decides no tie; what is small stays."""

import pytest

from tests.checking.lessons import drill, judged
from tutor.drill.question import Drill

ZEROS = ("0", "0.0", "0.1+0.2-0.3", "0.1*3 - 0.3", "sin(pi)")
SMALL = ("1e-16", "exp(-40)", "1e-9", "0.001")

DUST = {
    "three branches": "given: {w: 3}\ngraph: {a: w * 0.1, b: w * 0.2, c: w * -0.3, f: a + b + c}\nask: [total: w]",
    "large branches": "given: {w: 3}\ngraph: {a: w * 100000.1, b: w * 200000.2, c: w * -300000.3, f: a + b + c}\n"
    "ask: [total: w]",
    "a value": "given: {a: 0.1, b: 0.2, c: 0.3, w: 2}\ngraph: {d: a + b - c, f: w * d}\n"
    "ask: [total: w, local: {of: f, wrt: w}, downstream: {of: f, wrt: w}, jacobian: {of: f, wrt: w}, "
    "path: {wrt: w, through: [f]}, tangent: {along: {w: 1}}]",
    "a sum": "given: {x: {shape: [3], value: [0.1, 0.2, -0.3]}, w: 2}\ngraph: {d: sum(x), f: w * d}\nask: [total: w]",
    "a product": "given: {x: {shape: [3], value: [0.1, 0.2, -0.3]}, w: 2}\n"
    "graph: {d: 'x @ [1, 1, 1]', f: w * d}\nask: [total: w]",
    "a period": "given: {t: 2, w: 3}\ngraph: {s: sin(pi * t), f: w * s}\nask: [total: w]",
    "a gate": "given: {a: 0.1, b: 0.2, z: 0.3}\ngraph: {s: a + b - z, f: relu(s)}\nask: [total: a]",
}


@pytest.mark.parametrize("name", DUST)
@pytest.mark.parametrize("typed", ZEROS)
def test_0_is_right_for_what_rounding_leaves_of_it(name: str, typed: str) -> None:
    made = drill(DUST[name])
    for question in made.questions:
        assert (question.answer, question.typed) in ((0.0, "0"), ([[0.0]], "[[0]]"))
        assert judged(made, question.id, typed) == ("right", None)


@pytest.mark.parametrize("name", DUST)
@pytest.mark.parametrize("typed", SMALL)
def test_no_number_is_0_just_because_it_is_small(name: str, typed: str) -> None:
    made = drill(DUST[name])
    for question in made.questions:
        assert judged(made, question.id, typed)[0] == "wrong"


def test_an_array_of_dust_is_zeros() -> None:
    """What is added to all entries before they are centred changes nothing: its gradient is 0 (batch norm's bias)."""
    made = drill(
        "given: {x: {shape: [3], value: [0.3, -1.1, 0.7]}, c: {shape: [3], value: [0.1, 0.2, 0.4]}}\n"
        "graph: {y: x - mean(x), a: y * 0.1, b: y * 0.2, d: y * -0.3, f: sum(c * (a + b + d))}\nask: [total: x]"
    )
    for typed in ("0, 0, 0", "[0.0, 0.0, 0.0]", "zeros(3)", "0 * x", "0.1*c + 0.2*c - 0.3*c", "zeros(x)"):
        assert judged(made, "total x", typed) == ("right", None), typed
    assert judged(made, "total x", "[0, 0, 0.01]")[0] == "wrong"


def test_the_dust_of_names_is_0_too() -> None:
    made = drill("given: {w: 3e8}\ngraph: {a: w * 0.1, b: w * 0.2, c: w * -0.3, f: a + b + c}\nask: [total: w]")
    assert judged(made, "total w", "(0.1*w + 0.2*w - 0.3*w) / w") == ("right", None)


def of_max(gate: str) -> Drill:
    return drill(f"given: {{a: 0.1, b: 0.2, z: 0.3}}\ngraph: {{s: a + b, f: '{gate}'}}\nask: [total: s, total: z]")


@pytest.mark.parametrize("gate", ["max(s, z)", "max(z, s)", "min(s, z)", "amax(stack(s, z))", "amin(stack(z, s))"])
def test_numbers_that_are_alike_but_for_rounding_share_the_gradient(gate: str) -> None:
    """As max(0.3, 0.3) does: half to each."""
    made = of_max(gate)
    for question in made.questions:
        assert question.answer == 0.5


@pytest.mark.parametrize(("gate", "right"), [("s * (s > 0.3)", 0), ("s * (s >= z)", 1), ("s * (s == z)", 1)])
def test_a_comparison_sees_equal_numbers_as_equal(gate: str, right: int) -> None:
    assert of_max(gate).by_id["total s"].answer == right


def test_the_end_of_a_clip_belongs_to_it() -> None:
    assert of_max("clip(s, 0, 0.3) * z").by_id["total s"].answer == 0.3


def test_numbers_that_differ_do_not_share() -> None:
    made = drill("given: {s: 0.3, z: 0.30000000001}\ngraph: {f: 'max(s, z)'}\nask: [total: s, total: z]")
    assert [each.answer for each in made.questions] == [0.0, 1.0]


def test_a_tie_of_gradients_may_be_answered_either_way() -> None:
    made = drill(
        "given: {a: 0.1, b: 0.2, z: 0.3}\ngraph: {s: a + b, f: 'max(s, z)'}\nask: [predict: {largest: [s, z]}]"
    )
    assert judged(made, "predict 1", "s") == judged(made, "predict 1", "z") == ("right", None)
