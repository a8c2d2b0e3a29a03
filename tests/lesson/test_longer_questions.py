"""What a lesson asks of entries, gates and slips is checked when it is read, at its place."""

from pathlib import Path

import pytest

from tutor.expr import Scope, parse
from tutor.kinds import load_text
from tutor.lesson.file.problem import LessonError
from tutor.lesson.rule_gates import gates, inputs_of

NET = """title: T
sizes: {n: 3, m: 2}
given:
  x: {shape: [m, 1], value: [[2], [-1]]}
  W: {shape: [n, m], value: [[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]]}
  u: {shape: [n, 1], value: [[2], [-3], [1]]}
graph:
  h: tanh(W @ x)
  s: u.T @ h
ask:
  - """


def problems(ask: str) -> list[tuple[int, int, str]]:
    with pytest.raises(LessonError) as refused:
        load_text(NET + ask + "\n", Path("/nowhere/test.yaml"))
    return [(each.line, each.column, each.code) for each in refused.value.problems]


@pytest.mark.parametrize(
    ("ask", "found"),
    [
        ('entry: {of: "h(i)", wrt: "W[i, j]"}', (11, 18, "not-an-entry")),
        ('entry: {of: "q[i]", wrt: "W[i, j]"}', (11, 17, "unknown-name")),
        ('entry: {of: "h[i]", wrt: "W[i + 1, j]"}', (11, 33, "not-an-entry")),
        ('entry: {of: "h[u]", wrt: "W[u, j]"}', (11, 17, "letter-taken")),
        ('entry: {of: "h[i]", wrt: "W[i]"}', (11, 12, "entry-axes")),
        ('entry: {of: "h[i]", wrt: "W[j, i]"}', (11, 12, "entry-two-sizes")),
        ('entry: {of: "h[7]", wrt: "W[7, j]"}', (11, 12, "entry-axes")),
        ("decompose: 'u.T @'", (11, 22, "unreadable")),
        ("decompose: 'u.T @ q'", (11, 16, "unknown-name-known")),
        ("derive: {wrt: q}", (11, 19, "unknown-name")),
        ("derive: {wrt: W, using: [u, q]}", (11, 33, "unknown-name")),
        ("rule: {forward: 'a @ b', wrt: c}", (11, 35, "unknown-name")),
        ("rule: {forward: 'a @', wrt: a}", (11, 25, "unreadable")),
        ("rule: {forward: 'a * up', wrt: a}", (11, 21, "gate-name-taken")),
        ("rule: {forward: 'a @ b', wrt: a, shapes: {a: [n, m]}}", (11, 11, "gate-shape-missing")),
        ("rule: {forward: 'a @ b', wrt: a, shapes: {a: [n, m], b: [n, m]}}", (11, 11, "matmul-turn")),
        ("rule: {forward: 'a * b', wrt: a, shapes: {a: [n, m], b: [m], c: [n]}}", (11, 66, "unknown-name")),
        ("find-slip: {of: q, slip: any}", (11, 21, "unknown-name")),
        ("find-slip: {slip: 'tanh:nonsense'}", (11, 23, "unknown-slip")),
        ("find-slip: {slip: nonsense}", (11, 23, "unknown-slip")),
        ("find-slip: {slip: 'relu:mask-forgotten'}", (11, 23, "slip-without-op")),
        ("find-slip: {of: s, wrt: u, slip: 'tanh:square-forgotten'}", (11, 38, "slip-without-op")),
        ("find-slip: {of: h, wrt: W, slip: 'matmul:inverse'}", (11, 16, "slip-does-not-fit")),
    ],
)
def test_what_cannot_be_asked_is_told_at_its_place(ask: str, found: tuple[int, int, str]) -> None:
    assert found in problems(ask)


def test_a_slip_of_an_op_is_sought_among_its_own() -> None:
    ask = NET + "find-slip: {slip: 'tanh:slope-lost'}\n"  # spelt as one of elu's
    with pytest.raises(LessonError) as refused:
        load_text(ask, Path("/nowhere/test.yaml"))
    (problem,) = refused.value.problems
    assert problem.message.params["op"] == "tanh"


@pytest.mark.parametrize(
    "ask",
    [
        'entry: {of: "h[i]", wrt: "W[k, j]"}',
        'entry: {of: "h[i, 0]", wrt: "x[j]"}',
        'entry: {of: s, wrt: "u[0]"}',
        "decompose: ['u.T @ h / n', 'tanh(W @ x)']",
        "derive: {wrt: W}",
        "derive: {wrt: W, first: any}",
        "rule: {forward: 'a * b', wrt: forward}",
        "rule: {forward: 'sum(a) / n', wrt: a, shapes: {a: [n]}}",
        "rule: {forward: 'a * b', wrt: b, shapes: {a: [n, 2*k], b: [1, 2*k]}}",
        "find-slip: {slip: any}",
    ],
)
def test_what_can_be_asked_is(ask: str) -> None:
    (part,) = load_text(NET + ask + "\n", Path("/nowhere/test.yaml")).parts
    assert part.ask


def test_a_gates_output_follows_the_sizes_of_its_inputs() -> None:
    forward = parse("a @ b", Scope(None, frozenset(), frozenset()))
    (part,) = gates(forward, {"a": ["n", "m"], "b": ["m", "k"]}, {"n": 3, "m": 2})
    assert inputs_of(forward, {}) == ("a", "b")
    assert part.sizes == {"n": 3, "m": 2, "k": 4}
    from tutor.lesson.numbers.fresh_draws import fresh_draws

    shapes = [(drawn.numbers["a"].shape, drawn.upstream["out"].shape) for drawn in fresh_draws(part)]
    assert all(a[0] == out[0] for a, out in shapes)
    assert len({out for _, out in shapes}) > 3
