"""Formulas that are written for the learner: they grade as right, and read as one would write them by hand."""

from tests.checking.lessons import drill, judged, verdict

RIGHT = ("right", None)

# w stands in two lines and in the output itself.
DECAY = """
given: {x: 3, w: 2, lam: 4}
graph:
  a: (w * x)^2
  c: lam * w
  loss: a + c * w
ask: [formula: w]
"""


def test_the_gradient_of_the_output_itself_is_left_out() -> None:
    decay = drill(DECAY)
    typed = decay.by_id["formula w"].typed
    assert typed is not None
    assert "dloss" not in typed
    assert judged(decay, "formula w", typed) == RIGHT


def test_the_gradient_of_the_output_is_refused_for_what_it_is() -> None:
    found = verdict(drill(DECAY), "formula w", "da * 2 * (w*x) * x + dc * lam + dloss * c")
    assert (found.kind, found.message.id) == ("unreadable", "checking.gradient-is-one")
    assert found.message.params == {"name": "dloss", "of": "loss"}


def test_an_output_that_is_given_a_gradient_keeps_its_name() -> None:
    scaled = drill(DECAY.replace("ask:", "upstream: {loss: 1}\nask:"))
    typed = scaled.by_id["formula w"].typed
    assert typed is not None
    assert "dloss * c" in typed
    assert judged(scaled, "formula w", typed) == RIGHT


def test_sizes_may_stand_in_using_and_are_always_allowed() -> None:
    text = """
sizes: {N: 4, d: 3}
given: {X: {shape: [N, d], normal: 1}, w: {shape: [d], normal: 1}, v: {shape: [N], normal: 1}}
graph: {z: X @ w, f: v @ z / N}
ask: [formula: {wrt: w, using: [X, v, N]}, formula: {wrt: w, using: [X, v]}]
"""
    for id in ("formula w", "formula w #2"):
        typed = drill(text).by_id[id].typed
        assert typed is not None
        assert judged(drill(text), id, typed) == RIGHT
        assert judged(drill(text), id, "X.T @ v / N") == RIGHT
