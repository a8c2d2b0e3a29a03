"""Formulas that are written for the learner: they grade as right, and read as one would write them by hand."""

import pytest

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


LOGISTIC = """
sizes: {N: 4, d: 3}
given:
  X: {shape: [N, d], integers: [-2, 2], nonzero: true}
  w: {shape: [d], uniform: [-1, 1], decimals: 1}
  b: {shape: [], uniform: [-1, 1], decimals: 1}
  y: {shape: [N], labels: 2}
graph:
  z: X @ w + b
  p: sigmoid(z)
  L: -mean(y * log(p) + (1 - y) * log(1 - p))
ask:
  - formula: {wrt: z, using: [p, y]}
  - formula: {wrt: w, using: [X, p, y, N]}
  - formula: {wrt: p}
"""


def test_a_mean_is_divided_by_the_name_of_its_size() -> None:
    logistic = drill(LOGISTIC)
    for id in ("formula z", "formula w", "formula p"):
        typed = logistic.by_id[id].typed
        assert typed is not None
        assert "ones" not in typed
        assert "/ N" in typed or "/ (N * p)" in typed
        assert judged(logistic, id, typed) == RIGHT
    assert logistic.by_id["formula z"].typed == "(p - y) / N"
    assert logistic.by_id["formula w"].typed == "X.T @ ((p - y) / N)"


def test_a_mean_over_lengths_without_a_name_is_divided_by_their_number() -> None:
    text = "given: {A: {shape: [2, 3], normal: 1}}\ngraph: {f: mean(A^2)}\nask: [formula: {wrt: A, using: [A]}]"
    typed = drill(text).by_id["formula A"].typed
    assert typed == "A / 3"
    assert judged(drill(text), "formula A", typed) == RIGHT


def test_a_length_that_no_name_has_is_counted_by_its_array() -> None:
    text = (
        "sizes: {n: 2}\ngiven: {A: {shape: [3*n + 1], normal: 1}, B: {shape: [n, 3], normal: 1}}\n"
        "graph: {f: mean(A^2) + mean(B)}\nask: [formula: A, formula: B]"
    )
    made = drill(text)
    assert "sum(ones(A^2))" in str(made.by_id["formula A"].typed)
    assert made.by_id["formula B"].typed == "up * ones(B) / (n * 3)"
    for id in ("formula A", "formula B"):
        assert judged(made, id, str(made.by_id[id].typed)) == RIGHT


def test_ones_of_a_line_that_may_not_be_named_get_its_sizes() -> None:
    text = """
sizes: {N: 4, d: 3}
given: {X: {shape: [N, d], normal: 1}, w: {shape: [d], normal: 1}}
graph: {z: X @ w, f: sum(z)}
ask: [formula: {wrt: w, using: [X]}]
"""
    assert drill(text).by_id["formula w"].typed == "X.T @ ones(N)"
    assert judged(drill(text), "formula w", "X.T @ ones(N)") == RIGHT


def test_nothing_is_cancelled_that_gives_the_formula_its_shape() -> None:
    """f = sum(c * x / x) is sum(c) in value: the gradient of the number c counts the entries."""
    made = drill(
        "given: {c: 2, x: {shape: [3], uniform: [1, 2], decimals: 1}}\n"
        "graph: {y: c * x / x, f: sum(y)}\nask: [formula: {wrt: c, using: [up, x]}, formula: {wrt: c, using: [x]}]"
    )
    for id in ("formula c", "formula c #2"):
        assert judged(made, id, str(made.by_id[id].typed)) == RIGHT


def test_a_length_is_named_by_what_it_is_at_other_sizes_too() -> None:
    """b has two columns at any sizes, although m is 2 here."""
    made = drill("""
sizes: {n: 3, m: 2}
given:
  W: {shape: [n, m], integers: [-1, 2]}
  x: {shape: [m, 2], integers: [1, 3]}
  b: {shape: [n, 2], integers: [1, 2]}
graph: {z: W @ x + b, h: z^2}
upstream: {h: [[1, 3], [2, 1], [-1, 4]]}
convention: jacobian
ask: [formula: {wrt: b, using: [dh, z]}]
""")
    typed = made.by_id["formula b"].typed
    assert typed is not None
    assert "[n, 2]" in typed
    assert judged(made, "formula b", typed) == RIGHT


MOVED = """
sizes: {n: 2, m: 3}
given:
  h: {shape: [n], integers: [-3, 3]}
  x: {shape: [m], integers: [-3, 3]}
  W: {shape: [4, n+m], integers: [-1, 1]}
  M: {shape: [n, m], integers: [-3, 3]}
graph:
  c: concat(h, x)
  z: W @ c
  p: pad(h, 1)
  q: reshape(M, [m, n])
  r: reshape(M, [-1])
  s: sum(z) + sum(p^2) + sum((q @ h)^2) + sum(r^3)
convention: shape
ask:
  - formula: h
  - formula: {wrt: x, using: [dc]}
  - formula: {wrt: M, using: [dq, dr]}
"""


@pytest.mark.parametrize(
    ("id", "written"),
    [
        ("formula h", "dc[0:n] + dp[1:n + 1] + q.T @ (2 * (q @ h))"),
        ("formula x", "dc[n:n + m]"),
        ("formula M", "reshape(dq, [n, m]) + reshape(dr, [n, m])"),
    ],
)
@pytest.mark.parametrize("convention", ["shape", "jacobian"])
def test_sizes_in_a_formula_stand_by_their_names(id: str, written: str, convention: str) -> None:
    made = drill(MOVED.replace("convention: shape", f"convention: {convention}"))
    typed = made.by_id[id].typed
    assert typed is not None
    assert judged(made, id, typed) == RIGHT
    if convention == "shape":
        assert typed == written


def test_a_formula_that_is_right_at_these_sizes_alone_is_none() -> None:
    text = """
sizes: {n: 2}
given: {x: {shape: [3*n*n], integers: [-3, 3]}}
graph: {q: "reshape(x, [n, 3*n])", f: sum(q^2)}
ask: [formula: {wrt: x, using: [dq]}]
"""
    typed = drill(text).by_id["formula x"].typed
    assert typed is None or judged(drill(text), "formula x", typed) == RIGHT


@pytest.mark.parametrize(("using", "written"), [("[up, W]", "up @ W"), ("[dh, V, W]", "dh @ V @ W")])
def test_a_row_of_a_product_is_written_without_transposes(using: str, written: str) -> None:
    made = drill(f"""
sizes: {{n: 3, m: 4, k: 2}}
given:
  x: {{shape: [n, 1], normal: 1}}
  W: {{shape: [m, n], normal: 1}}
  V: {{shape: [k, m], normal: 1}}
graph: {{z: W @ x, h: V @ z, s: sum(h^2)}}
convention: jacobian
ask:
  - formula: {{wrt: x, using: {using}}}
""")
    assert made.by_id["formula x"].typed == written
    assert judged(made, "formula x", written) == RIGHT


@pytest.mark.parametrize(
    ("given", "graph"),
    [
        ("x: [4, -1, 0]", "r: sqrt(x), y: 'where(x > 0, r, -x)', f: sum(y * y)"),
        ("x: [4, 0, 2]", "y: 'clip(1 / x, 0, 1)', f: sum(y)"),
        ("x: [0, 1, 4]", "r: sqrt(x), y: 'r[1:]', f: sum(y^3)"),
        ("x: [4, -1, 2]", "y: 'where(x > 0, log(x), 0)', f: sum(y * y)"),
    ],
)
def test_no_formula_is_given_that_has_no_value_where_a_gate_looks_away(given: str, graph: str) -> None:
    asked = drill(f"given: {{{given}}}\ngraph: {{{graph}}}\nask: [formula: {{wrt: x}}, derive: {{wrt: x}}]")
    for question in asked.questions:
        assert question.typed is None or judged(asked, question.id, question.typed) == ("right", None)
