"""A lesson that asks more than gradients: worked through as a check, as a solution and as lines of text."""

import io
from pathlib import Path

import pytest

from tests.checking.lessons import drill, verdict
from tutor.cli.solve_command import solution
from tutor.drill.question import Drill
from tutor.kinds import build, hints, load_text, preview
from tutor.learner.drill_record import fingerprint
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.places import places
from tutor.plain import practise
from tutor.text import LANGUAGES, say

LESSON = """
parts:
  - given: {x: 1, y: 2, z: 0}
    graph: {a: x + y, b: "max(y, z)", f: a * b}
    ask:
      - predict: [{largest: [x, y, z]}, {zero: [x, y, z]}]
      - choose:
          question: {en: What does max do with a gradient?, zh: max 怎样处理梯度？}
          options: [{en: copies it, zh: 复制}, {en: routes it, zh: 选一路}, {en: halves it, zh: 平分}]
          right: 2
          why:
            - {en: A sum does that., zh: 加法才这样。}
            - {en: Only the larger input was heard., zh: 只有较大的输入起了作用。}
            - {en: Only where inputs are equal., zh: 只有输入相等时才这样。}
      - choose: {question: "Is f linear in y?", options: ["yes", "no"], right: 2}
      - count: [{operation: multiply, plan: shared}, {operation: add, plan: paths}, {operation: pass, plan: two-sided}]
      - count: [{operation: pass, plan: one-sided}, {operation: multiply, plan: tangents}]
      - count: [{operation: add, plan: forward}, {operation: pass, plan: separate}]
      - difference: {of: f, wrt: y, h: 0.1, sided: one}
      - saves: [{of: f, wrt: a}, {of: b, wrt: y}, {of: a, wrt: x}]
      - tangent: {along: {x: 1, y: 2}}
      - total: y
      - update: {of: y, rate: 0.5}
  - sizes: {n: 3, m: 2}
    given:
      x: {shape: [m, 1], uniform: [-1, 1], decimals: 1, nonzero: true, distinct: true}
      W: {shape: [n, m], integers: [-1, 1]}
      b: {shape: [n, 1], value: [[1], [0], [-1]]}
      u: {shape: [n, 1], integers: [-2, 2], nonzero: true}
    graph: {z: W @ x + b, h: tanh(z), s: u.T @ h}
    ask:
      - count: [{operation: multiply, plan: separate}, {operation: add, plan: shared}]
      - difference: {of: h, wrt: z, h: 0.5, sided: two}
      - saves: [{of: h, wrt: z}, {of: z, wrt: W}]
      - tangent: {along: {x: [[1], [-1]], u: [[1], [0], [2]]}}
      - update: {of: W, rate: 0.1}
      - predict: {largest: [W, b]}
"""
SEEDS = (0, 1, 7)


def asked(seed: int) -> Drill:
    return drill(LESSON, seed)


def test_ids_are_those_of_the_format() -> None:
    assert [question.id for question in asked(0).questions] == [
        "1/predict 1", "1/predict 2", "1/choose 1", "1/choose 2", "1/count multiply shared", "1/count add paths",
        "1/count pass two-sided", "1/count pass one-sided", "1/count multiply tangents", "1/count add forward",
        "1/count pass separate", "1/difference f y", "1/saves f a", "1/saves b y", "1/saves a x", "1/tangent 1",
        "1/total y", "1/update y", "2/count multiply separate", "2/count add shared", "2/difference h z",
        "2/saves h z", "2/saves z W", "2/tangent 1", "2/update W", "2/predict 1",
    ]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_typed_for_a_question_grades_as_right(seed: int) -> None:
    made = asked(seed)
    for question in made.questions:
        assert question.typed is not None
        assert verdict(made, question.id, question.typed).kind == "right", question.id
        seen = preview(made, question, question.typed)
        assert seen.text
        assert seen.message is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_ladder_has_five_rungs_and_ends_with_the_answer(seed: int, language: str) -> None:
    made = asked(seed)
    for question in made.questions:
        rungs = [say(rung, language) for rung in hints(made, question)]  # type: ignore[arg-type]
        assert len(rungs) == 5
        assert len(set(rungs)) == 5, question.id
        assert question.typed is not None
        assert question.typed in rungs[4]
        assert not any("{" + field in rung for rung in rungs for field in ("of", "wrt", "name", "value", "h}"))
        if len(question.typed) > 3 and question.kind not in (
            "predict",
            "saves",
        ):  # a digit or a name may stand there by chance
            assert not any(question.typed in rung for rung in rungs[:4]), question.id


def test_the_fourth_rung_holds_numbers_of_this_drill() -> None:
    fourth = {
        question.id: say(hints(asked(0), question)[3], "en")
        for question in asked(0).questions
        if question.id.startswith("1/")
    }
    assert "At y = 2.1: f = 6.51. At y = 2: f = 6." in fourth["1/difference f y"]
    assert "y = 2 and dy = 5" in fourth["1/update y"]
    assert "da/dt = 3, db/dt = 2, ∂f/∂a = 2, ∂f/∂b = 3" in fourth["1/tangent 1"]
    assert "x: 1, y: 2, z: 1" in fourth["1/count multiply shared"]
    assert "a = 3, b = 2, f = 6" in fourth["1/saves f a"]


def rung(text: str, number: int) -> str:
    made = drill(text)
    return say(hints(made, made.questions[0])[number - 1], "en")


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        # the only piece is the answer: show what it follows from
        ("given: {x: 1}\ngraph: {a: x^2, f: tanh(a)}\nask: [{count: {operation: multiply, plan: shared}}]", "x ()"),
        # what arrives at the last line is the answer: show what a step does
        ("given: {x: 3}\ngraph: {a: x^2, f: a + 1}\nask: [{tangent: {along: {x: 1}}}]", "moves by about 0.6"),
    ],
)
def test_the_fourth_rung_leaves_something_to_do(text: str, instead: str) -> None:
    assert instead in rung(text, 4)


def test_the_size_of_a_set_is_told_where_it_tells_no_more() -> None:
    gate = "given: {x: 1, y: 2}\ngraph: {f: x %s y}\nask: [{saves: {of: f, wrt: x}}]"
    assert "Values in the smallest set: 1." in rung(gate % "*", 4)
    assert "smallest set" not in rung(gate % "+", 4)  # none is the answer


def test_letters_of_our_own_keep_out_of_the_way_of_nodes() -> None:
    measured = "given: {x: 2}\ngraph: {%s: x^3}\nask: [{difference: {of: %s, wrt: x, h: 0.1}}]"
    assert "(f(x + h) − f(x − h)) / (2h)" in rung(measured % ("f", "f"), 3)
    assert "(h(x + ε) − h(x − ε)) / (2ε)" in rung(measured % ("h", "h"), 3)
    made = drill("given: {t: 2}\ngraph: {f: t^2}\nask: [{tangent: {along: {t: 1}}}]")
    assert made.questions[0].symbol == "df/dτ"


def test_a_lessons_own_hints_may_name_these_questions() -> None:
    text = (
        "title: T\ngiven: {x: 1, y: 2}\ngraph: {f: x * y}\n"
        "ask: [{count: {operation: multiply, plan: shared}}, {choose: {question: Q, options: [a, b], right: 1}}]\n"
        "hints: {count multiply shared: [Slots.], choose 1: [Look.], count: [So.], update z: [So.]}\n"
    )
    made = load_text(text, Path("/nowhere/test.yaml"))
    assert [problem.quoted[problem.column - 1 :][:8] for problem in made.warnings] == ["update z"]
    first = build(made, 0).questions[0]
    assert say(hints(build(made, 0), first)[0], "en") == "Slots."


def test_a_solution_prints_every_answer_as_data() -> None:
    parts = solution(asked(0))["parts"]
    answers = {question["id"]: question for part in parts for question in part["questions"]}
    assert answers["1/difference f y"]["answer"] == pytest.approx(5.1)
    assert answers["1/update y"] == {
        "id": "1/update y", "kind": "update", "shape": [], "answer": -0.5, "typed": "-0.5",
    }  # fmt: skip
    assert answers["1/saves a x"]["typed"] == "none"
    assert answers["2/update W"]["shape"] == [3, 2]
    assert len(answers["2/tangent 1"]["answer"]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drill_can_be_done_as_lines_of_text(language: str) -> None:
    lesson = asked(0).lesson
    session = Session.open(Store(places().progress), lesson, seed=0)
    typed = "".join(f"{question.typed}\n" for question in session.drill.questions)
    output = io.StringIO()
    status = practise(session, language=language, answers=io.StringIO(typed), output=output)  # type: ignore[arg-type]
    session.store.close()
    assert status == 0
    assert session.summary().alone == len(session.drill.questions)
    printed = output.getvalue()
    assert ("2. routes it" if language == "en" else "2. 选一路") in printed  # options are read aloud
    assert ("Only the larger input was heard." if language == "en" else "只有较大的输入起了作用。") in printed


def test_a_drill_in_progress_notices_what_changes_an_answer() -> None:
    def kept(text: str) -> str:
        return fingerprint(build(load_text("title: T\n" + text, Path("/nowhere/test.yaml")), 0))

    for old, new in [
        ("h: 0.1", "h: 0.2"),
        ("rate: 0.5", "rate: 0.25"),
        ("right: 2\n", "right: 1\n"),
        ("along: {x: 1, y: 2}", "along: {x: 1, y: 3}"),
        ("zero: [x, y, z]", "zero: [y, z]"),
    ]:
        assert kept(LESSON) != kept(LESSON.replace(old, new)), new
    assert kept(LESSON) == kept(LESSON.replace("A sum does that.", "A plus does that."))
