"""The three views of an answer: what they end in is the answer, by other means than those that made them."""

from pathlib import Path

import numpy as np
import pytest

from tests.checking.lessons import drill
from tutor.drill.question import Drill, GradientQuestion, Question
from tutor.engine import Graph
from tutor.kinds import build, load, load_text
from tutor.kinds.why_views import VIEWS, Step, gives_away, why
from tutor.places import bundled_lessons
from tutor.text import LANGUAGES, say

KINDS = build(load(Path(__file__).parents[1] / "ui" / "all_kinds.yaml"), 0)
CIRCUIT = build(load(bundled_lessons() / "circuits" / "first-circuit.yaml"), 0)
SCALARS = build(
    load_text(
        "title: T\ngiven: {x: 0.4, y: -1.2, z: 2}\n"
        "graph: {p: x * y + z^2, q: sigmoid(p), r: tanh(x) / (1 + q), f: log(r^2 + 3) - q * z}\n"
        "ask: [{total: x}, {total: y}, {total: z}, {local: {of: r, wrt: q}}, {downstream: {of: f, wrt: r}}, "
        "{upstream: p}, {downstream: {of: r, wrt: q}}]",
        Path("/nowhere/scalars.yaml"),
    ),
    0,
)
QUESTIONS = [(drill, question) for drill in (KINDS, CIRCUIT, SCALARS) for question in drill.questions]
IDS = [f"{drill.lesson.id.rpartition('/')[2]} {question.id}" for drill, question in QUESTIONS]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("drill", "question"), QUESTIONS, ids=IDS)
def test_every_question_has_something_to_say_in_every_view(drill: Drill, question: Question, view: str) -> None:
    shown = why(drill, question, view)  # type: ignore[arg-type]
    assert shown
    for each in shown:
        for language in LANGUAGES:
            text = each.text if isinstance(each, Step) else say(each, language)
            assert text
            assert "{" not in text.replace("{v", "")
            assert not text.startswith("checking.")


@pytest.mark.parametrize("question", SCALARS.questions, ids=lambda question: question.id)
def test_a_derivation_ends_in_the_answer_at_this_drills_numbers(question: Question) -> None:
    steps = [each.text for each in why(SCALARS, question, "derivation") if isinstance(each, Step)]
    run = SCALARS.parts[0].run
    names = dict(run.values) | {f"d{name}": run.gradients[name] for name in ("p", "q", "r", "f")}
    written = Graph.parse({"answer": steps[-1].partition("= ")[2].replace("²", "^2").replace("³", "^3")})
    value = written.run({name: names[name] for name in written.inputs}).values["answer"]
    assert isinstance(question, GradientQuestion)
    assert float(value) == pytest.approx(float(question.expected), rel=1e-9)


@pytest.mark.parametrize(("drill", "question"), QUESTIONS, ids=IDS)
def test_what_is_measured_is_the_answer(drill: Drill, question: Question) -> None:
    rows = [each.text for each in why(drill, question, "check") if isinstance(each, Step)]
    if not rows or not isinstance(question, GradientQuestion) or question.kind == "shape":
        return
    measured = [float(row.rpartition("= ")[2]) for row in rows]
    entries = np.ravel(question.expected)
    entries = entries[entries != 0] if question.kind == "jacobian" else entries
    assert measured == pytest.approx(list(entries[: len(measured)]), rel=1e-4, abs=1e-9)


def test_a_direction_is_measured_as_a_whole() -> None:
    rows = [each.text for each in why(KINDS, KINDS.by_id["1/tangent 1"], "check") if isinstance(each, Step)]
    assert [row.rpartition("= ")[2] for row in rows] == ["-3"]
    assert rows[0].startswith("Δf/Δt = ")


def test_a_path_is_measured_alone() -> None:
    rows = [each.text for each in why(KINDS, KINDS.by_id["1/path y a f"], "check") if isinstance(each, Step)]
    assert [row.rpartition("= ")[2] for row in rows] == ["2"]


def derived(graph: str, ask: str) -> list[str]:
    given = "title: T\ngiven: {W: [[0.5, -0.2], [0.1, 0.3]], v: [1, 2], x: 0.7, y: 1.2}\n"
    drill = build(load_text(f"{given}graph: {{f: '{graph}'}}\nask: [{{{ask}}}]", Path("/nowhere/derived.yaml")), 0)
    return [each.text for each in why(drill, drill.questions[0], "derivation") if isinstance(each, Step)]


@pytest.mark.parametrize(
    ("graph", "ask", "step"),
    [
        ("x * x", "local: {of: f, wrt: 'x#1'}", "= x#0"),
        ("x * x", "total: x", "∂f/∂x#0 = d/dx#0 (x#0 · x#1)"),
        ("x / y", "local: {of: f, wrt: y}", "= −x / y²"),
        ("max(x, y)", "local: {of: f, wrt: y}", "= where(x > y, 0, 1)"),
        ("x^3", "total: x", "= 3 · x²"),
        ("sum(W @ v)", "total: v", "∂f/∂v[i] = Σⱼ W[j, i]"),
        ("sum(W @ v)", "total: W", "∂f/∂W[i, j] = v[j]"),
    ],
)
def test_a_derivation_goes_through(graph: str, ask: str, step: str) -> None:
    assert step in derived(graph, ask)


@pytest.mark.parametrize("graph", ["mean(v * v)", "sum(tanh(v) * v)"])
def test_entries_are_not_derived_for_one_of_two_uses_as_if_it_were_both(graph: str) -> None:
    assert not any("v[i] =" in step for step in derived(graph, "total: v"))


@pytest.mark.parametrize("graph", ["where(x > y, x, y)", "gelu(x)", "silu(x)", "elu(x)", "x^y", "clip(x, 0, 1)"])
def test_no_step_is_written_in_words_that_are_not_ours(graph: str) -> None:
    assert not any("Piecewise" in step or "Derivative" in step for step in derived(graph, "total: x"))


def test_a_kink_within_reach_is_said() -> None:
    text = "title: K\ngiven: {x: 1, y: 1.0004}\ngraph: {f: 'max(x, y)'}\nask: [{total: x}]"
    drill = build(load_text(text, Path("/nowhere/kink.yaml")), 0)
    said = [say(each, "en") for each in why(drill, drill.questions[0], "check") if not isinstance(each, Step)]
    assert any("a kink lies within reach" in text for text in said)


def test_a_derivation_gives_an_open_formula_away_and_the_numeric_check_does_not() -> None:
    total, formula = KINDS.by_id["2/total W"], KINDS.by_id["2/formula W"]
    assert gives_away(total, [formula], "derivation") is formula
    assert gives_away(total, [formula], "numbers") is formula
    assert gives_away(total, [formula], "check") is None
    assert gives_away(total, [KINDS.by_id["2/derive b"]], "derivation") is None
    assert gives_away(KINDS.by_id["1/total y"], [formula], "derivation") is None


def test_a_used_output_starts_with_its_own_upstream() -> None:
    made = drill(
        "given: {c: [0.7, -0.3], o: [0.5, 0.1]}\ngraph: {g: tanh(c), h: o * g}\n"
        "upstream: {h: [0.4, -1.1], g: [0.8, 0.1]}\nask: [upstream: g, total: g]"
    )
    for question in made.questions:
        steps = [each.text for each in why(made, question, "derivation") if isinstance(each, Step)]
        assert steps[0] == "dg = [0.8, 0.1] + dh · ∂h/∂g"
        assert steps[-1] == "dg = [0.8, 0.1] + dh · o"
