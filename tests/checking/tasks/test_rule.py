"""The backward of a gate, judged by nudges at many numbers, sizes and ranks."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from tests.checking.lessons import drill, judged, verdict
from tutor.drill.question import Drill
from tutor.engine import REGISTRY
from tutor.kinds import hints
from tutor.text import say

GRAPH = "sizes: {n: 3, m: 2}\ngiven: {x: 1}\ngraph: {f: 2 * x}\n"
RIGHT = ("right", None)


def gate(forward: str, wrt: str = "a", shapes: str = "") -> Drill:
    return drill(
        GRAPH + f'ask: [{{rule: {{forward: "{forward}", wrt: {wrt}{f", shapes: {shapes}" if shapes else ""}}}}}]'
    )


MATMUL = "{a: [n, m], b: [m, k]}"
STRETCHED = "{a: [n, m], b: [m]}"


@pytest.mark.parametrize(
    ("forward", "wrt", "shapes", "typed"),
    [
        ("a @ b", "a", MATMUL, "up @ b.T"),
        ("a @ b", "a", MATMUL, "(b @ up.T).T"),
        ("a @ b", "b", MATMUL, "a.T @ up"),
        ("a * b", "a", "", "up * b"),
        ("a * b", "a", "", "out / a * up"),
        ("a + b", "b", "", "up"),
        ("a - b", "b", "", "-up"),
        ("a / b", "b", "", "-up * out / b"),
        ("a * b", "b", STRETCHED, "sum(up * a, axis=0)"),
        ("a * b", "b", "{a: [n, m], b: [n, 1]}", "sum(up * a, axis=1, keepdims=true)"),
        ("a + b", "b", STRETCHED, "ones(n) @ up"),
        ("max(a, b)", "a", "", "up * (a > b)"),
        ("relu(a)", "a", "", "up * (out > 0)"),
        ("tanh(a)", "a", "", "up * (1 - out^2)"),
        ("tanh(a)", "a", "", "up / cosh(a)^2"),
        ("exp(a)", "a", "", "up * out"),
        ("log(a)", "a", "", "up / a"),
        ("sum(a)", "a", "", "up * ones(a)"),
        ("mean(a)", "a", "{a: [n, m]}", "up * ones(a) / (n * m)"),
        ("tanh(a @ b)", "a", MATMUL, "(up * (1 - out^2)) @ b.T"),
        ("softmax(a)", "a", "{a: [n]}", "out * (up - sum(up * out))"),
        ("a.T", "a", "{a: [n, m]}", "up.T"),
    ],
)
def test_right_rules_are_right_at_all_sizes(forward: str, wrt: str, shapes: str, typed: str) -> None:
    asked = gate(forward, wrt, shapes)
    assert judged(asked, "rule 1", typed) == RIGHT
    own = asked.questions[0].typed
    assert own is not None
    assert judged(asked, "rule 1", own) == RIGHT


@pytest.mark.parametrize(
    ("forward", "wrt", "shapes", "typed", "found"),
    [
        ("a * b", "a", "", "up * a", ("wrong", "mul:own-input")),
        ("a * b", "a", "", "b", ("wrong", "upstream-forgotten")),
        ("tanh(a)", "a", "", "up * (1 - out)", ("wrong", "tanh:square-forgotten")),
        ("max(a, b)", "a", "", "up * (b > a)", ("wrong", "max:wrong-winner")),
        ("a @ b", "a", MATMUL, "2 * up @ b.T", ("wrong", "scale")),
        ("a @ b", "a", MATMUL, "b @ up.T", ("wrong-shape", "transposed")),
        ("a @ b", "a", MATMUL, "up @ b", ("wrong-shape", None)),
        ("a * b", "b", STRETCHED, "up * a", ("wrong-shape", "broadcast:not-summed")),
        ("a * b", "a", "", "da", ("unreadable", None)),
        ("a * b", "a", "", "c", ("unreadable", None)),
    ],
)
def test_wrong_rules_are_named(forward: str, wrt: str, shapes: str, typed: str, found: tuple[str, str | None]) -> None:
    assert judged(gate(forward, wrt, shapes), "rule 1", typed) == found


def test_the_advice_for_a_stretched_input_is_to_add_its_uses() -> None:
    found = verdict(gate("a * b", "b", STRETCHED), "rule 1", "up * a")
    assert "shares" in say(found.message, "en")


def test_a_rule_for_numbers_alone_is_not_enough() -> None:
    """`dot` and `@` do for vectors what `*` does for numbers: each rank is tried."""
    assert judged(gate("a * b"), "rule 1", "up @ b.T")[0] == "wrong-shape"
    assert judged(gate("a * b"), "rule 1", "up * b.T")[0] != "right"


def test_it_is_the_gate_that_is_nudged_not_our_own_rule() -> None:
    """The trials of a gate agree with autograd."""
    task = gate("tanh(a @ b)", "a", MATMUL).questions[0]
    (only,) = task.gates
    sizes = set()
    for trial in only.trials:
        a, b = trial.run.values["a"], trial.run.values["b"]
        up = trial.run.gradients["out"]
        right = grad(lambda v, b=b, up=up: anp.sum(anp.tanh(v @ b) * up))(a)
        assert np.allclose(trial.right, right, rtol=1e-6, atol=1e-7)
        sizes.add(a.shape)
    assert len(only.trials) == 9
    assert len(sizes) > 3


def test_without_shapes_numbers_vectors_and_matrices_are_tried() -> None:
    task = gate("a * b").questions[0]
    assert [each.question.expected.ndim for each in task.gates] == [0, 1, 2]


def test_the_prompt_of_a_forward_does_not_tell_its_only_op() -> None:
    """Of several ops, which numbers alone do not tell, the names are said."""
    for forward, name in (("a * b", "mul"), ("max(a, b)", "max"), ("tanh(a)", "tanh")):
        (question,) = gate(forward, "forward").questions
        told = [say(each, language) for each in (question.prompt, *question.details) for language in ("en", "zh")]
        assert not any(name in each for each in told)
        assert REGISTRY[name].symbol in say(hints(gate(forward, "forward"), question)[1], "en")  # type: ignore[arg-type]
    (question,) = gate("tanh(a) * b", "forward").questions
    assert "tanh, mul" in say(question.prompt, "en")


def test_a_forward_is_found_from_its_examples() -> None:
    asked = gate("a * b", "forward")
    assert judged(asked, "rule 1", "b * a") == RIGHT
    assert judged(asked, "rule 1", "a + b")[0] == "wrong"
    assert judged(asked, "rule 1", "up * b")[0] == "unreadable"
    details = [say(each, "en") for each in asked.questions[0].details]
    assert len(details) == 2
    assert all("out = " in each for each in details)
    assert not any("*" in each or "·" in each for each in [*details, say(asked.questions[0].prompt, "en")])


def test_the_ladder_holds_the_rule_back() -> None:
    for asked in (
        gate("a @ b", "a", MATMUL),
        gate("a * b"),
        gate("tanh(a @ b)", "b", MATMUL),
        gate("a * b", "forward"),
    ):
        (question,) = asked.questions
        for language in ("en", "zh"):
            rungs = [say(each, language) for each in hints(asked, question)]  # type: ignore[arg-type]
            assert len(set(rungs)) == 5
            assert question.typed is not None
            assert question.typed in rungs[4]
            assert not any(question.typed in rung for rung in rungs[:4])
            assert any(letter.isdigit() for letter in rungs[3])
