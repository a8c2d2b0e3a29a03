"""Derivations line by line: what stands stays, the first line that departs is named, the end is recognised."""

import re

import pytest

from tests.checking.lessons import NET, drill, verdict
from tutor.kinds import hints, preview
from tutor.kinds.derivations import derivation_latex, derivation_text
from tutor.text import say

ASK = """
ask:
  - derive: {wrt: b, using: [u, h]}
  - derive: {wrt: b, using: [u, h]}
    convention: jacobian
  - derive: {wrt: W, using: [u, h, x]}
  - derive: {wrt: x, using: [dz, W], first: any}
"""
NETS = drill(NET + ASK)
SHAPED, ROW = "derive b", "derive b #2"
CHAIN = "ds/dh @ dh/dz @ dz/db"
STEP = "u.T @ diag(1 - h^2) @ dz/db"
MIDDLE = "u.T @ diag(1 - h^2) @ eye(n)"


def judged(id: str, *lines: str) -> tuple[str, str | None, int]:
    """Kind and mistake of the verdict, and how many lines stand."""
    found = verdict(NETS, id, "\n".join(lines))
    return found.kind, found.mistake, len(found.lines)


# The derivation of the seed notes: ds/db = ds/dh dh/dz dz/db = uᵀ diag(f'(z)) I.


def test_the_derivation_of_the_lecture_ends_in_its_third_line() -> None:
    assert judged(ROW, CHAIN) == ("right-but", "unfinished", 1)
    assert judged(ROW, CHAIN, "u.T @ diag(1 - h^2) @ dz/db") == ("right-but", "unfinished", 2)
    assert judged(ROW, CHAIN, "u.T @ diag(1 - h^2) @ dz/db", "(u * (1 - h^2)).T") == ("right", None, 3)


def test_an_identity_and_a_diagonal_are_always_allowed_at_the_end() -> None:
    assert judged(ROW, CHAIN, MIDDLE) == ("right", None, 2)


def test_in_a_shape_question_one_line_may_pass_over_to_the_shape() -> None:
    assert judged(SHAPED, CHAIN, STEP) == ("right-but", "unfinished", 2)
    last = verdict(NETS, SHAPED, f"{CHAIN}\n{STEP}\nu * (1 - h^2)")
    assert (last.kind, last.message.id) == ("right", "checking.two-sentences")
    assert "passes over to the shape of b, (3, 1)" in say(last.message, "en")


@pytest.mark.parametrize(
    ("lines", "turned"),
    [
        ([CHAIN, MIDDLE, "(u * (1 - h^2)).T"], "u · (1 − h²)"),
        ([CHAIN, STEP, "(u * (1 - h^2)).T"], "u · (1 − h²)"),
        ([CHAIN, MIDDLE], "(uᵀ @ diag(1 − h²) @ eye(n))ᵀ"),
    ],
)
def test_it_may_end_in_jacobian_form_too_and_is_told_what_the_shape_makes_of_it(lines: list[str], turned: str) -> None:
    last = verdict(NETS, SHAPED, "\n".join(lines))
    assert (last.kind, last.mistake, last.lines) == ("right", None, tuple(lines))
    assert f"the Jacobian form, (1, 3); in the shape of b, (3, 1), it reads {turned}." in say(last.message, "en")
    assert f"雅可比形式 (1, 3)；按 b 的形状 (3, 1)，应写成 {turned}。" in say(last.message, "zh")


def test_nothing_is_said_of_the_shape_where_the_row_is_asked_for() -> None:
    assert "shape" not in say(verdict(NETS, ROW, f"{CHAIN}; {MIDDLE}").message, "en")


def test_after_passing_over_the_row_does_not_come_back() -> None:
    over = "u * (1 - h^2) * (dz/db @ ones(b))"
    assert judged(SHAPED, CHAIN, over, MIDDLE) == ("right-but", "jacobian-form", 2)


def test_a_jacobian_question_does_not_pass_over() -> None:
    assert judged(ROW, CHAIN, "u * (1 - h^2)") == ("right-but", "shape-form", 1)


def test_a_matrix_is_derived_by_its_error_signal() -> None:
    assert judged("derive W", "ds/dh @ dh/dz @ dz/dW", "dz @ x.T", "(u * (1 - h^2)) @ x.T") == ("right", None, 3)
    rows = verdict(NETS, "derive W", "ds/dh @ dh/dz @ dz/dW; u.T @ diag(1 - h^2) @ kron(eye(n), x.T)")
    assert rows.kind == "right"
    assert "(1, 6); in the shape of W, (3, 2), it reads u · (1 − h²) @ xᵀ." in say(rows.message, "en")


def test_the_shape_convention_may_be_kept_throughout() -> None:
    assert judged("derive x", "W.T @ dz") == ("right", None, 1)


@pytest.mark.parametrize("text", [f"{CHAIN}; {MIDDLE}; u*(1-h^2)", f"∂s/∂b = {CHAIN}\n= {MIDDLE}\n  = u*(1-h^2)\n"])
def test_lines_are_set_apart_by_ends_or_semicolons_and_may_begin_with_an_equals_sign(text: str) -> None:
    assert verdict(NETS, SHAPED, text).kind == "right"


# An output that comes with a gradient of its own: it stands in front of the chain.


@pytest.mark.parametrize("convention", ["shape", "jacobian"])
@pytest.mark.parametrize(
    ("columns", "upstream"),
    [("1", "[[1], [2], [-1]]"), ("", "[1, 2, -1]"), ("2", "[[1, 3], [2, 1], [-1, 4]]")],
)
def test_what_arrives_at_the_output_begins_the_chain(columns: str, upstream: str, convention: str) -> None:
    tail = f", {columns}" if columns else ""
    made = drill(f"""
sizes: {{n: 3, m: 2}}
given:
  x: {{shape: [m{tail}], integers: [1, 3]}}
  W: {{shape: [n, m], integers: [-1, 2]}}
  b: {{shape: [n{tail}], integers: [1, 2]}}
graph: {{z: W @ x + b, h: z^2}}
upstream: {{h: {upstream}}}
convention: {convention}
ask: [derive: {{wrt: b, using: [dh, z]}}, derive: {{wrt: x, using: [dh, z, W]}}]
""")
    for question in made.questions:
        assert question.typed is not None
        assert verdict(made, question.id, question.typed).kind == "right", question.typed


def test_what_arrives_leads_the_chain_and_may_stay_since_it_has_no_other_name() -> None:
    made = drill(NET + "upstream: {s: 2}" + ASK.replace("[u, h]", "[ds, u, h]", 1))
    for id in (SHAPED, ROW):
        assert made.by_id[id].typed.startswith("ds @ ds/dh @ dh/dz @ dz/db; ")
        assert verdict(made, id, made.by_id[id].typed).kind == "right"
    assert verdict(made, SHAPED, "ds @ ds/dh @ dh/dz @ dz/db; u @ ds * (1 - h^2)").kind == "right"
    assert verdict(made, SHAPED, "ds/dh @ dh/dz @ dz/db").kind == "wrong"


# What departs


def test_the_first_line_that_departs_is_named_and_those_before_it_stay() -> None:
    found = verdict(NETS, SHAPED, f"{CHAIN}; u.T @ diag(1 - h) @ eye(n); u * (1 - h^2)")
    assert (found.kind, found.mistake, found.node) == ("wrong", "tanh:square-forgotten", "h")
    assert found.lines == (CHAIN,)
    assert found.edit == "h -> h^2"
    said = say(found.message, "en")
    assert said.startswith("Line 2: ")
    assert "∂h/∂z has become diag(1 − h)" in said


@pytest.mark.parametrize(
    ("lines", "kind", "mistake"),
    [
        ([CHAIN, "-u * (1 - h^2)"], "wrong", "sign"),
        ([CHAIN, "u"], "wrong", "local-forgotten"),
        ([CHAIN, "u * (1 - z^2)"], "wrong", "tanh:pre-activation"),
        ([CHAIN, "u @ diag(1 - h^2)"], "wrong-shape", None),
        ([CHAIN, "2"], "wrong-shape", None),
        (["dh/dz @ ds/dh @ dz/db"], "wrong-shape", None),
        (["ds/dh @ dh/dz"], "right-but", "unfinished"),  # dz/db is the identity: equal, and all factors
        (["ds/db"], "unreadable", None),
        (["u.T @ diag(1 - h^2)"], "unreadable", None),  # the first line is the chain rule
        (["ds/dh @ dh/dz @ dz/dW"], "unreadable", None),  # off the way to b
        ([CHAIN, "up"], "unreadable", None),
        ([CHAIN, "db"], "unreadable", None),
        ([CHAIN, "dW"], "unreadable", None),
        ([CHAIN, "u *"], "unreadable", None),
    ],
)
def test_wrong_lines_are_explained_and_unreadable_ones_free(lines: list[str], kind: str, mistake: str | None) -> None:
    assert judged(SHAPED, *lines) == (kind, mistake, len(lines) - (kind != "right-but"))


def test_a_line_that_is_right_at_these_sizes_alone_is_a_coincidence() -> None:
    square = NET.replace("{n: 3, m: 2}", "{n: 2, m: 3}").replace("[[2], [-1]]", "[[2], [-1], [1]]")
    square = re.sub(r"W: .*", "W: {shape: [n, m], value: [[0.3, -0.2, 0.1], [0.5, 0.4, 0.2]]}", square)
    square = re.sub(r"b: .*", "b: {shape: [n, 1], value: [[0.1], [-0.3]]}", square)
    square = re.sub(r"u: .*", "u: {shape: [n, 1], value: [[2], [-3]]}", square)
    net = drill(square + "ask: [{derive: {wrt: b, using: [u, h], first: any}}]")
    assert verdict(net, "derive b", "u * (1 - h^2)").kind == "right"
    assert verdict(net, "derive b", "u.T @ diag(1 - h^2) @ eye(2)").mistake == "coincidence"


def test_the_place_of_an_error_is_its_place_in_the_whole_text() -> None:
    text = f"{CHAIN}\n= u * ?"
    found = verdict(NETS, SHAPED, text)
    assert found.span is not None
    assert text[found.span.start] == "?"


# Scalars and branches


CIRCUIT = """
given: {x: -2, y: 5, z: 3}
graph:
  a: x + y
  b: a * y
  c: a + z
  f: b * c
ask:
  - derive: {wrt: x, using: [y, z, b, c]}
"""


def test_numbers_multiply_and_branches_add() -> None:
    circuit = drill(CIRCUIT)
    chain = "(df/db * db/da + df/dc * dc/da) * da/dx"
    assert circuit.questions[0].typed is not None
    assert circuit.questions[0].typed.startswith(chain)
    assert verdict(circuit, "derive x", chain).mistake == "unfinished"
    assert verdict(circuit, "derive x", f"{chain}; (c*y + b) * da/dx; c*y + b").kind == "right"
    assert verdict(circuit, "derive x", f"{chain}; c*y").mistake == "one-branch"
    assert verdict(circuit, "derive x", "df/da * da/dx; c*y + b").kind == "right"


def test_vectors_are_rows_on_the_way_and_vectors_at_the_end() -> None:
    flat = drill(
        """
sizes: {n: 3, m: 2}
given: {w: {shape: [n], integers: [-3, 3]}, M: {shape: [n, m], integers: [-3, 3]}, v: {shape: [m], integers: [-3, 3]}}
graph: {p: M @ v, g: "dot(w, p)", l: g * g}
ask: [{derive: {wrt: v, using: [g, w, M]}}]
"""
    )
    # By hand: dl/dv = 2g Mᵀw.
    assert verdict(flat, "derive v", "dl/dg * dg/dp @ dp/dv; 2*g * M.T @ w").kind == "right"
    assert flat.questions[0].typed is not None
    assert verdict(flat, "derive v", flat.questions[0].typed).kind == "right"


# What is shown and kept


def test_the_preview_shows_the_last_line() -> None:
    found = preview(NETS, NETS.by_id[SHAPED], f"{CHAIN}\nu.T @ diag(1 - h^2)")
    assert (found.text, found.shape) == ("uᵀ @ diag(1 − h²)", (1, 3))


def test_a_derivation_can_be_kept_as_text_and_as_latex() -> None:
    lines = [CHAIN, "= " + MIDDLE, "u*(1-h^2)"]
    assert derivation_text(NETS, NETS.by_id[SHAPED], lines).splitlines() == [  # type: ignore[arg-type]
        "∂s/∂b",
        "  = ds/dh @ dh/dz @ dz/db",
        "  = u.T @ diag(1 - h^2) @ eye(n)",
        "  → u * (1 - h^2)    (1, 3) → (3, 1)",
    ]
    once = derivation_text(NETS, NETS.by_id[SHAPED], [CHAIN, "u * (1 - h^2)", "u - u * h^2"])
    assert once.count("→") == 2  # one sign and one note: what stays in the shape passes over no more
    latex = derivation_latex(NETS, NETS.by_id[SHAPED], lines)  # type: ignore[arg-type]
    assert latex.startswith("\\begin{aligned}\n\\frac{\\partial s}{\\partial b} &= \\frac{\\partial s}{\\partial h}")
    assert latex.count("&=") == 2
    assert latex.count("&\\longrightarrow") == 1
    assert latex.count("{") == latex.count("}")


def test_the_ladder_holds_the_derivation_back() -> None:
    for question in NETS.questions:
        for language in ("en", "zh"):
            rungs = [say(each, language) for each in hints(NETS, question)]  # type: ignore[arg-type]
            assert len(set(rungs)) == 5
            assert question.typed is not None
            assert question.typed in rungs[4]
            assert "(3, 1)" in rungs[3]
            assert not any("@" in rung for rung in rungs[:4])


@pytest.mark.parametrize("typed", ["ds/dh * dh/dz * dz/db", "∂s/∂h · ∂h/∂z · ∂z/∂b", "ds/dh @ dh/dz * dz/db"])
def test_a_chain_rule_multiplied_by_hand_is_asked_for_matrix_products(typed: str) -> None:
    found = verdict(NETS, SHAPED, typed)
    assert (found.kind, found.free, found.message.id) == ("wrong-shape", True, "checking.derive-matrices")


def test_matrix_products_are_not_asked_for_where_they_would_not_help() -> None:
    assert verdict(NETS, SHAPED, "dh/dz * ds/dh * dz/db").message.id != "checking.derive-matrices"


def test_a_misfit_without_factors_is_held_against_the_shape_of_the_variable() -> None:
    made = drill(NET + "ask: [derive: {wrt: W, using: [x, dz], first: any}]")
    assert "∂s/∂W must be (3, 2)" in say(verdict(made, "derive W", "dz @ x").message, "en")
