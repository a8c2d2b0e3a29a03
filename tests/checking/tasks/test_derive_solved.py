"""The derivation that `solve` gives grades as right: across conventions, names allowed, upstreams and first lines."""

from itertools import product

import pytest

from tests.checking.lessons import NET, drill, verdict
from tutor.text import say

LAYER = NET.replace("  s: u.T @ h\n", "")
CIRCUIT = "given: {x: -2.5, y: 5.25, z: 3.5}\ngraph: {a: x + y, b: a * y, c: a + z, f: b * c}\n"
SCALED = (
    "sizes: {n: 3}\ngiven: {t: 1.3, v: {shape: [n, 1], value: [[1], [2], [-1]]}}\n"
    "graph: {z: t * v, h: tanh(z), s: sum(h * v)}\n"
)
BATCH = (
    "sizes: {N: 4, M: 3, K: 2}\n"
    "given: {X: {shape: [N, M], normal: 1}, W: {shape: [M, K], normal: 1}, b: {shape: [K], normal: 1}}\n"
    "graph: {Z: X @ W + b, H: tanh(Z), s: sum(H * H)}\n"
)
COLUMN, MATRIX = "h: [[1.5], [-0.5], [2]]", "H: {shape: [N, K], normal: 1}"

# A graph, its upstreams, and by variable the names that are enough.
ASKED = [
    (NET, ("", "s: 2.5"), {"b": "u h", "W": "u h x", "x": "u h W"}),
    (NET, ("", "s: 2.5"), {"b": "up", "W": "up x", "x": "dz W"}),
    (LAYER, (COLUMN,), {"b": "h", "W": "up x", "z": "up h"}),
    (CIRCUIT, ("", "f: 1.7"), {"x": "b c y", "y": "a b c y", "b": "up c"}),
    (CIRCUIT, ("", "f: 1.7"), {"x": "up", "z": "up", "a": "db dc y"}),
    (SCALED, ("", "s: 0.7"), {"t": "dz v", "v": "t h v"}),
    (BATCH, ("", "s: 2.5"), {"W": "up X", "b": "H", "X": "up W"}),
    (BATCH.replace(", s: sum(H * H)", ""), (MATRIX,), {"W": "up X", "b": "H", "Z": "H"}),
]
CASES = dict.fromkeys(
    (graph, upstream, wrt, using)
    for graph, upstreams, variables in ASKED
    for upstream, (wrt, names) in product(upstreams, variables.items())
    for using in ("", f", using: [{', '.join(names.split())}]")
)


@pytest.mark.parametrize("first", ["chain", "any"])
@pytest.mark.parametrize("convention", ["shape", "jacobian"])
@pytest.mark.parametrize(("graph", "upstream", "wrt", "using"), CASES)
def test_what_solve_gives_grades_as_right(
    graph: str, upstream: str, wrt: str, using: str, convention: str, first: str
) -> None:
    given = f"upstream: {{{upstream}}}\n" if upstream else ""
    made = drill(
        f"{graph}{given}ask:\n  - derive: {{wrt: {wrt}, first: {first}{using}}}\n    convention: {convention}\n"
    )
    typed = made.by_id[f"derive {wrt}"].typed
    assert typed is not None
    found = verdict(made, f"derive {wrt}", typed)
    assert (found.kind, found.mistake) == ("right", None), (typed, say(found.message, "en"))


FED = drill(NET + "upstream: {s: 2.5}\nask: [derive: {wrt: b, using: [u, h]}]")


def test_what_the_lesson_gives_the_output_leads_the_chain_and_may_stay() -> None:
    assert FED.by_id["derive b"].typed == (
        "ds @ ds/dh @ dh/dz @ dz/db; ds @ u.T @ diag(1 - h^2) @ eye(n); u @ ds * (1 - h^2)"
    )
    without = verdict(FED, "derive b", "ds/dh @ dh/dz @ dz/db")
    assert (without.kind, without.mistake) == ("wrong", "upstream-forgotten")
    assert verdict(FED, "derive b", "ds @ ds/dh @ dh/dz @ dz/db; dz").mistake == "unfinished"
    assert verdict(FED, "derive b", "dz @ dz/db").kind == "unreadable"  # dz is to be derived, not given


def test_up_stands_where_the_question_lists_it_and_one_line_uses_the_variable() -> None:
    listed = drill(NET + "ask: [derive: {wrt: W, using: [up, x], first: any}]")
    assert verdict(listed, "derive W", "up @ x.T").kind == "right"
    assert verdict(listed, "derive W", "δ @ x.T").kind == "right"
    other = drill(NET + "ask: [derive: {wrt: W, using: [dz, x], first: any}]")
    refused = verdict(other, "derive W", "up @ x.T")
    assert refused.kind == "unreadable"
    assert "dz" in say(refused.message, "en")
    forked = drill(CIRCUIT + "ask: [derive: {wrt: a, using: [up, b, c, y], first: any}]")
    assert verdict(forked, "derive a", "up * b").kind == "unreadable"


def test_dz_has_the_shape_of_its_line_in_a_shape_question_about_a_number() -> None:
    made = drill(SCALED + "ask: [derive: {wrt: t, using: [dz, v], first: any}]")
    assert verdict(made, "derive t", "sum(dz * v)").kind == "right"
    assert verdict(made, "derive t", "sum(dz.T * v)").kind == "wrong"


def test_a_formula_without_the_name_of_what_is_given_has_no_answer_in_names() -> None:
    made = drill(
        NET + "upstream: {s: 2.5}\nask: [formula: {wrt: b, using: [u, h]}, formula: {wrt: b, using: [u, h, ds]}]"
    )
    assert made.by_id["formula b"].typed is None
    assert made.by_id["formula b #2"].typed == "u @ ds * (1 - h^2)"
