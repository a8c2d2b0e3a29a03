"""One entry as a formula in indices: right for all of them at any numbers, by whatever way it is written."""

import pytest

from tests.checking.lessons import NET, drill, judged, verdict
from tutor.kinds import hints
from tutor.text import say

RIGHT = ("right", None)
SWAPPED = ("wrong", "entry:indices-swapped")
ENTRIES = drill(
    NET
    + """
ask:
  - entry:
    - {of: "z[i]", wrt: "W[i, j]"}
    - {of: "z[i]", wrt: "W[k, j]"}
    - {of: "z[i]", wrt: "x[j]"}
    - {of: "h[i]", wrt: "z[i]"}
    - {of: "h[i]", wrt: "z[k]"}
    - {of: s, wrt: "W[i, j]", using: [u, h, x]}
    - {of: "z[i]", wrt: "b[i]"}
    - {of: "z[1]", wrt: "W[1, j]"}
"""
)


@pytest.mark.parametrize(
    ("id", "typed"),
    [
        # The seed notes: dz_i / dW_ij = x_j; W_ij counts for z_i alone, so another row needs an indicator.
        ("entry z W", "x[j]"),
        ("entry z W", "x[j, 0]"),
        ("entry z W", "x.T[0, j]"),
        ("entry z W", "x[j][0]"),
        ("entry z W #2", "eye(n)[i][k] * x[j][0]"),
        ("entry z x", "W[i][j]"),
        ("entry z x", "W.T[j][i]"),
        ("entry z W #2", "(i == k) * x[j]"),
        ("entry z W #2", "x[j] * (k == i)"),
        ("entry z W #2", "eye(n)[i, k] * x[j]"),
        ("entry z x", "W[i, j]"),
        ("entry z x", "W.T[j, i]"),
        ("entry h z", "1 - h[i]^2"),
        ("entry h z", "1 / cosh(z[i])^2"),
        ("entry h z", "1 - tanh(z)[i]^2"),
        ("entry h z #2", "(1 - h[i]^2) * (i == k)"),
        ("entry h z #2", "diag(1 - h^2)[k, i]"),
        ("entry s W", "u[i] * (1 - h[i]^2) * x[j]"),
        ("entry s W", "x[j] * u[i] - u[i] * h[i]^2 * x[j]"),
        ("entry z b", "1"),
        ("entry z W #3", "x[j]"),
    ],
)
def test_every_equal_formula_is_right(id: str, typed: str) -> None:
    assert judged(ENTRIES, id, typed) == RIGHT


@pytest.mark.parametrize(
    ("id", "typed", "advice"),
    [
        ("entry z W", "x_j", "x[j] for x_j"),
        ("entry z W", "2 * xj", "x[j] for xj"),
        ("entry z x", "W_ij", "W[i, j] for W_ij"),
        ("entry z W #2", "δ[i, k] * x[j]", "(i == k)"),
        ("entry z W #2", "(i = k) * x[j]", "write =="),
    ],
)
def test_how_indices_are_written_is_said(id: str, typed: str, advice: str) -> None:
    found = verdict(ENTRIES, id, typed)
    assert (found.kind, found.free) == ("unreadable", True)
    assert advice in say(found.message, "en")


@pytest.mark.parametrize(
    ("id", "typed", "found"),
    [
        ("entry z W", "x[i]", SWAPPED),  # i runs further than x is long
        ("entry z x", "W[j, i]", SWAPPED),
        ("entry z W #2", "(i == j) * x[k]", SWAPPED),
        ("entry s W", "u[j] * (1 - h[i]^2) * x[j]", SWAPPED),
        ("entry z W", "-x[j]", ("wrong", "sign")),
        ("entry z W", "W[i, j]", ("wrong", None)),
        ("entry z W", "2", ("wrong", "coincidence")),  # right at z[i], x[0] = 2 only
        ("entry z W #2", "x[j]", ("wrong", None)),
        ("entry z W", "x", ("wrong-shape", None)),
        ("entry h z", "1 - h^2", ("wrong-shape", None)),
        ("entry z W", "x[q]", ("unreadable", None)),
        ("entry z W", "up", ("unreadable", None)),
        ("entry z W", "x[j[i]]", ("unreadable", None)),
        ("entry s W", "z[i]", ("unreadable", None)),  # not in `using`
    ],
)
def test_wrong_formulas_are_named_with_restraint(id: str, typed: str, found: tuple[str, str | None]) -> None:
    kind, mistake = judged(ENTRIES, id, typed)
    assert (kind, mistake) == (found if typed != "2" else ("wrong", None))


def test_a_number_that_is_right_at_the_drills_numbers_alone_is_a_coincidence() -> None:
    flat = drill(NET.replace("[[2], [-1]]", "[[2], [2]]") + 'ask: [{entry: {of: "z[i]", wrt: "W[i, j]"}}]')
    assert judged(flat, "entry z W", "2") == ("wrong", "coincidence")


def test_one_edit_away_is_shown() -> None:
    assert verdict(ENTRIES, "entry h z", "1 - h[i]").kind == "wrong"
    assert verdict(ENTRIES, "entry z W", "x[j]^2").edit == "x[j]^2 -> x[j]"


def test_where_the_two_do_not_meet_the_advice_is_an_indicator() -> None:
    assert verdict(ENTRIES, "entry z W #2", "x[j]").message.id == "checking.entry-elsewhere-zero"


def test_the_gradient_above_may_stand_in_an_entry() -> None:
    net = drill(NET + 'ask: [{entry: {of: s, wrt: "W[i, j]"}}]')
    assert judged(net, "entry s W", "dz[i] * x[j]") == RIGHT
    assert judged(net, "entry s W", "dW[i, j]") == ("unreadable", None)


BATCH = """
sizes: {n: 3, m: 2, k: 4}
given:
  X: {shape: [n, m], integers: [-3, 3]}
  V: {shape: [m, k], integers: [-3, 3]}
  r: {shape: [k], integers: [-3, 3]}
graph:
  Y: X @ V + r
  q: relu(Y)
  t: sum(q * q)
"""


@pytest.mark.parametrize(
    ("of", "wrt", "typed"),
    [
        ("Y[i, j]", "X[i, l]", "V[l, j]"),
        ("Y[i, j]", "X[p, l]", "(i == p) * V[l, j]"),
        ("Y[i, j]", "r[j]", "1"),
        ("Y[i, j]", "r[l]", "(j == l)"),
        ("q[i, j]", "Y[i, j]", "(Y[i, j] > 0)"),
        ("q[i, j]", "V[l, j]", "(Y[i, j] > 0) * X[i, l]"),
        ("t", "q[i, j]", "2 * q[i, j]"),
        ("t", "r[j]", "2 * sum(q[:, j])"),
        ("t", "V[l, j]", "2 * (X.T @ q)[l, j]"),
    ],
)
def test_matrices_vectors_and_sums_have_entries_too(of: str, wrt: str, typed: str) -> None:
    batch = drill(BATCH + f'ask: [{{entry: {{of: "{of}", wrt: "{wrt}"}}}}]')
    id = batch.questions[0].id
    assert judged(batch, id, typed) == RIGHT
    own = batch.questions[0].typed
    assert own is not None
    assert judged(batch, id, own) == RIGHT


def test_the_ladder_holds_its_answer_back() -> None:
    for question in ENTRIES.questions:
        for language in ("en", "zh"):
            rungs = [say(each, language) for each in hints(ENTRIES, question)]  # type: ignore[arg-type]
            assert len(set(rungs)) == 5
            assert question.typed is not None
            assert question.typed in rungs[4]
            if len(question.typed) > 4:
                assert not any(question.typed in rung for rung in rungs[:4])


@pytest.mark.parametrize("typed", ["δ * x[j]", "delta_ij * x[j]", "δ_ij * x[j]"])
def test_a_kronecker_delta_is_written_as_a_comparison(typed: str) -> None:
    found = verdict(ENTRIES, "entry z W #2", typed)
    assert found.kind == "unreadable"
    assert f"“{typed.partition(' ')[0]}”" in say(found.message, "en")
    assert "(i == k)" in say(found.message, "en")


def test_what_arrives_is_no_kronecker_delta() -> None:
    assert verdict(ENTRIES, "entry z W", "up[i] * x[j]").message.id == "checking.up-plays-no-part"


def test_an_index_that_selects_nothing_is_pointed_at_as_it_was_typed() -> None:
    """`x[u]` of a column is `x[u, 0]` to us: the 0 stands nowhere in the text."""
    span = verdict(ENTRIES, "entry z W", "x[u]").span
    assert span is not None
    assert "x[u]"[span.start : span.end] == "u"


@pytest.mark.parametrize(
    ("formula", "typed"),
    [
        ("where(x > 0, sqrt(x), 0)", "(i == j) * where(x[i] > 0, 1/(2*sqrt(x[i])), 0)"),
        ("max(where(x > 0, log(x), 0), -1)", "(i == j) * where(x[i] > 0.367879441, 1/x[i], 0)"),
        ("where(x > 0, x^1.5, x)", "(i == j) * where(x[i] > 0, 1.5*sqrt(x[i]), 1)"),
    ],
)
def test_an_entry_behind_a_gate_that_is_shut_is_0(formula: str, typed: str) -> None:
    made = drill(
        "sizes: {n: 4}\ngiven: {x: {shape: [n], value: [4, -1, -9, 2]}}\n"
        f"graph: {{h: '{formula}'}}\nupstream: {{h: {{shape: [n], integers: [1, 3]}}}}\n"
        "ask: [entry: {of: 'h[i]', wrt: 'x[j]'}]"
    )
    question = made.questions[0]
    assert judged(made, question.id, str(question.typed)) == ("right", None)
    assert judged(made, question.id, typed) == ("right", None)


@pytest.mark.parametrize(("of", "typed"), [("z[i]", "(i == k) * v[l]"), ("s", "(1 - h[k]^2) * v[l]")])
def test_the_product_of_a_matrix_and_a_vector_has_a_formula_too(of: str, typed: str) -> None:
    """z = W v: ∂z[i]/∂W[k, l] is v[l] in row i = k and 0 elsewhere."""
    made = drill(
        "sizes: {n: 3, m: 2}\ngiven: {W: {shape: [n, m], value: [[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]]},"
        " v: {shape: [m], value: [2, -1]}}\ngraph: {z: W @ v, h: tanh(z), s: sum(h)}\n"
        f"ask: [entry: {{of: '{of}', wrt: 'W[k, l]'}}]"
    )
    (question,) = made.questions
    assert question.typed == typed
    assert verdict(made, question.id, typed).kind == "right"
