"""Every op agrees with itself, with differences, with its own texts, and no slip is secretly right."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.cases import CASES, GENERIC, NAMES, PAIRS, Case, number
from tutor.engine import REGISTRY, NotComputableError, ShapeError
from tutor.engine.function_table import answer_functions, backward, function_table
from tutor.engine.gradient_formulas import parsed_rule
from tutor.engine.ops.op import operation
from tutor.engine.replay import unbroadcast_slip
from tutor.engine.unbroadcast import unbroadcast
from tutor.expr import Scope, evaluate, parse_answer

EVERY = pytest.mark.parametrize("cases", [case for _, case in PAIRS], ids=NAMES)
SOME = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
BY_DESIGN = {"stop_gradient", "straight_through"}  # contradict differences


def upstream(case: Case) -> Any:
    return number(case.rng.normal(size=np.shape(case.out)))


def sent(case: Case, i: int, up: Any) -> Any:
    return unbroadcast(case.op.vjp(i, up, case.out, *case.inputs), np.shape(case.inputs[i]))


def close(a: Any, b: Any, tolerance: float = 1e-9) -> bool:
    a, b = np.asarray(a), np.asarray(b)
    scale = max(1.0, float(np.max(np.abs(a), initial=0.0)))
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= tolerance * scale))


def test_every_op_has_cases() -> None:
    assert CASES.keys() == REGISTRY.keys()


@EVERY
@SOME
@given(data=st.data())
def test_the_shape_rule_foretells_the_shape(cases: Any, data: Any) -> None:
    case = data.draw(cases)
    assert case.op.shape(*(np.shape(x) for x in case.inputs)) == np.shape(case.out)


@EVERY
@SOME
@given(data=st.data())
def test_what_is_sent_back_has_the_shape_foretold(cases: Any, data: Any) -> None:
    case = data.draw(cases)
    up = upstream(case)
    for i in case.differentiable():
        foretold = case.op.vjp_shape(i, np.shape(case.out), [np.shape(x) for x in case.inputs])
        # A rule may answer with one number for many entries, but with no axis that is not foretold.
        assert np.shape(np.broadcast_to(case.op.vjp(i, up, case.out, *case.inputs), foretold)) == foretold


@pytest.mark.parametrize(("a", "b"), [((1, 1, 2), (2,)), ((3, 1, 2), (2,)), ((2,), (1, 2, 1)), ((2,), (3, 2, 1))])
def test_the_jacobian_of_a_batch_times_a_vector(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    left, right = np.arange(1.0, np.prod(a) + 1).reshape(a), np.arange(1.0, np.prod(b) + 1).reshape(b)
    op = operation("matmul")
    out = left @ right
    for i, x in enumerate((left, right)):
        moved = [np.ravel(unit @ right if i == 0 else left @ unit) for unit in np.eye(x.size).reshape(-1, *x.shape)]
        np.testing.assert_allclose(op.jacobian(i, out, left, right), np.transpose(moved))
        assert np.shape(op.vjp(i, out, out, left, right)) == op.vjp_shape(i, np.shape(out), [a, b])


@EVERY
@SOME
@given(data=st.data())
def test_vjp_jacobian_and_jvp_agree(cases: Any, data: Any) -> None:
    case = data.draw(cases)
    up = upstream(case)
    for i in case.differentiable():
        x = case.inputs[i]
        tangent = number(case.rng.normal(size=np.shape(x)))
        jacobian = case.op.jacobian(i, case.out, *case.inputs)
        moved = case.op.jvp(i, tangent, case.out, *case.inputs)
        assert jacobian.shape == (np.size(case.out), np.size(x))
        assert np.shape(moved) == np.shape(case.out)
        down = case.op.vjp(i, up, case.out, *case.inputs)
        assert np.shape(down) == case.op.vjp_shape(i, np.shape(up), [np.shape(each) for each in case.inputs])
        assert close(np.ravel(sent(case, i, up)), np.ravel(up) @ jacobian)
        assert close(np.ravel(moved), jacobian @ np.ravel(tangent))


@EVERY
@SOME
@given(data=st.data())
def test_vjp_is_what_a_nudge_measures(cases: Any, data: Any) -> None:
    case = data.draw(cases)
    if case.op.name in BY_DESIGN:
        return
    up, h = upstream(case), 1e-5
    for i in case.differentiable():
        slopes = np.zeros(np.shape(case.inputs[i]))
        for place in np.ndindex(*slopes.shape):
            values = []
            for step in (h, -h):
                moved = [np.array(x) for x in case.inputs]
                moved[i][place] += step
                values.append(np.sum(up * case.op.forward(*map(number, moved))))
            slopes[place] = (values[0] - values[1]) / (2 * h)
        assert close(sent(case, i, up), slopes, 1e-5)


@EVERY
@SOME
@given(data=st.data())
def test_the_rule_as_text_is_the_vjp(cases: Any, data: Any) -> None:
    case = data.draw(cases)
    up, out = upstream(case), case.out
    shapes = [np.shape(x) for x in case.inputs]
    for i in case.differentiable():
        text = case.op.backward_text(i, shapes)
        if not text:
            continue
        names = dict(zip(case.op.input_names(len(shapes)), case.inputs, strict=True))
        value = evaluate(parsed_rule(text), {**names, "up": up, "out": out}, function_table())
        assert value.shape == case.op.vjp_shape(i, np.shape(out), shapes), text
        assert close(unbroadcast(value, shapes[i]), sent(case, i, up)), text


@pytest.mark.parametrize("name", sorted(name for name, op in REGISTRY.items() if op.slips))
def test_no_slip_is_secretly_right(name: str) -> None:
    """On generic numbers a slip differs at some input, wherever it can be computed; and somewhere it can be."""
    computed = set()
    for shape in GENERIC[name]:

        @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=shape)
        def differs(case: Case) -> None:
            up = upstream(case)
            for slip in case.op.slips:
                wrong = [not close(made, sent(case, i, up), 1e-6) for i, made in slipped(case, slip, up)]
                assert not wrong or any(wrong), slip
                computed.update({slip} if wrong else ())

        differs()
    assert computed == set(REGISTRY[name].slips)


def slipped(case: Case, slip: str, up: Any) -> Iterator[tuple[int, Any]]:
    for i in case.differentiable():
        try:
            with np.errstate(all="ignore"):
                made = case.op.slips[slip](case.op, i, up, case.out, *case.inputs)
            yield i, unbroadcast_slip(made, np.shape(case.inputs[i]))
        except NotComputableError:
            continue


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_op_says_what_it_does(name: str) -> None:
    op = REGISTRY[name]
    assert op.rule.startswith("engine.rule-")
    assert op.formula
    assert op.symbol
    assert re.search(r"\) -> \(", op.__doc__ or ""), "no shapes"


def test_a_convolution_refuses_a_bias_that_is_not_one_number_a_channel() -> None:
    one = operation("conv1d")
    assert one.shape((1, 2, 5), (3, 2, 2), (3,)) == (1, 3, 4)
    with pytest.raises(ShapeError):
        one.shape((1, 2, 5), (3, 2, 2), (2,))


def test_kron_of_arrays_with_different_numbers_of_axes_sends_each_its_gradient() -> None:
    kron, a, b = operation("kron"), np.array([1.0, 2.0]), np.array([[3.0, 4.0], [5.0, 6.0]])
    out, up = kron.forward(a, b), np.arange(8.0).reshape(2, 4)
    assert np.array_equal(out, np.kron(a, b))
    by_hand = [np.sum(up[:, :2] * b), np.sum(up[:, 2:] * b)]
    assert np.array_equal(kron.vjp(0, up, out, a, b), by_hand)
    assert np.array_equal(kron.vjp(1, up, out, a, b), up[:, :2] + 2 * up[:, 2:])


def test_an_answer_may_name_a_part_of_an_array() -> None:
    tree = parse_answer("x[0:2] * 2", Scope(frozenset({"x"}), answer_functions(), frozenset()))
    assert np.array_equal(evaluate(tree, {"x": np.array([1.0, 2.0, 3.0])}, function_table()), [2.0, 4.0])


def test_what_an_op_sends_to_an_input_that_was_stretched_has_its_shape() -> None:
    up, row, matrix = np.arange(6.0).reshape(2, 3), np.array([1.0, 2.0, 3.0]), np.full((2, 3), 2.0)
    assert backward("mul", 0, up, row, matrix).tolist() == [6.0, 10.0, 14.0]  # twice the columns' sums
    assert backward("mul", 1, up, row, matrix).tolist() == [[0.0, 2.0, 6.0], [3.0, 8.0, 15.0]]
