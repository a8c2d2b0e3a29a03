"""The ladder of hints leads to the answer rung by rung, in both languages, and gives it away on the last only."""

import re

import numpy as np
import pytest

from tests.checking.lessons import BUNDLED, NET, bundled, drill
from tutor.drill.question import Drill, DrillPart, GradientQuestion, Question
from tutor.engine import Graph
from tutor.kinds import check, hints
from tutor.text import LANGUAGES, say
from tutor.text.number_format import format_value

OTHERS = {
    "net": drill(
        NET + "convention: jacobian\n"
        "ask: [shape: [W, b], total: W, total: {wrt: [b, u]}, formula: {wrt: W}, jacobian: {of: z, wrt: W},"
        " upstream: h]"
    ),
    "reuse": drill("given: {x: 1.5, y: 2.5}\ngraph: {a: x * x, b: 'min(a, y)', f: relu(b) / x - a + (y + y)}"),
    "gates": drill(
        "given: {x: 1.5, y: 2.5}\ngraph: {a: exp(x) + log(y), b: x / y, c: x^2, f: a * b - c}\nask: [all: [f, a, b, c]]"
    ),
    "used output": drill(
        "given: {c: [0.7, -0.3], o: [0.5, 0.1]}\ngraph: {g: tanh(c), h: o * g}\n"
        "upstream: {h: [0.4, -1.1], g: [0.8, 0.1]}\nask: [upstream: g, total: [c, o, g], formula: {wrt: c}]"
    ),
    "constants": drill(
        "given: {x: 1.5, y: 2.5}\ngraph: {a: 3 * x, b: a + y, c: 10 - b, f: 2 * c}\n"
        "ask: [path: {wrt: x, through: [a, b, c, f]}, all: [f, c, b, a], total: y]"
    ),
}


def drills() -> list[tuple[str, Drill]]:
    return [*((id, bundled(id)) for id in BUNDLED), *OTHERS.items()]


def ladders() -> list[tuple[Drill, Question]]:
    return [(made, question) for _, made in drills() for question in made.all_questions]


IDS = [f"{name} {question.id}" for name, made in drills() for question in made.all_questions]


@pytest.fixture(params=ladders(), ids=IDS)
def ladder(request: pytest.FixtureRequest) -> tuple[Drill, Question]:
    return request.param  # type: ignore[no-any-return]


def test_five_rungs_besides_the_lessons_own(ladder: tuple[Drill, Question]) -> None:
    made, question = ladder
    assert len(hints(made, question)) == 5 + len(made.lesson.hints.get(question.id, ()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_rung_repeats_another_and_none_has_a_gap(ladder: tuple[Drill, Question], language: str) -> None:
    said = [say(hint, language) for hint in hints(*ladder)]  # type: ignore[arg-type]
    assert len(set(said)) == len(said), said
    for text in said:
        assert not re.search(r"[{}]|  |\b(checking|engine|mistakes|drill)\.[a-z]", text), text
        assert text == text.strip() != ""


def test_only_the_last_rung_holds_the_answer(ladder: tuple[Drill, Question]) -> None:
    """Nothing said before may grade as right: neither the text behind `=` or `:` nor any array or number in it."""
    made, question = ladder
    if not isinstance(question, GradientQuestion):
        return
    *before, last = [say(hint, "en") for hint in hints(made, question)]
    for text in before:
        for piece in re.split(r"[:=,] | with | and ", text):
            told = piece.strip().rstrip(".").replace("·", "*").replace("−", "-").replace("ᵀ", ".T")
            if question.kind == "formula" or not re.search("[a-zA-Z]", told):
                assert check(made, question, told).kind != "right" or is_factor(question, told), (text, piece)
    if question.kind == "formula":
        assert question.typed is not None
        assert question.typed in last
    else:
        shown = question.typed if question.kind == "shape" else format_value(question.expected)
        assert str(shown) in last


def is_factor(question: GradientQuestion, told: str) -> bool:
    """A computation left to do is no answer: `3 * (2 > 0)`; nor is a factor that happens to equal the product."""
    return bool(re.search(r"[*/^+<>@]|\d -|\[\[", told))


def test_the_fourth_rung_holds_this_drills_numbers(ladder: tuple[Drill, Question]) -> None:
    """Two seeds, two fourth rungs, wherever the numbers of the answer differ."""
    made, question = ladder
    if not isinstance(question, GradientQuestion) or question.kind == "shape":
        return
    assert re.search(r"\d", say(hints(made, question)[-2], "en"))


def test_what_a_nudge_is_said_to_do_is_what_it_does() -> None:
    """Oracle: the graph run again, with one input or line moved by a little."""
    seen = 0
    for name, made in drills():
        for question in made.all_questions:
            for hint in hints(made, question):
                if hint.id != "checking.hint-nudge":
                    continue
                part = made.part_of(question)
                of, wrt = str(hint.params["of"]), str(hint.params["name"])
                told = float(str(hint.params["move"])) / 0.1
                only = question.of if question.kind == "local" else None
                assert told == pytest.approx(slope(part, of, wrt, only), abs=2e-3), (name, question.id)
                seen += 1
    assert seen > 20


def place(entry: str) -> tuple[int, ...]:
    """The indices that `W[1, 0]` names."""
    return tuple(map(int, re.findall(r"(?<=[\[ ])\d+(?=[,\]])", entry)))


def slope(part: DrillPart, of: str, wrt: str, only: str | None) -> float:
    """Central difference of (an entry of) `of` by (an entry of) `wrt`, which becomes an input.

    All other lines follow, but for a local gradient, where everything else is held.
    """
    names, places = ({each: each.partition("[")[0] for each in (of, wrt)}, {each: place(each) for each in (of, wrt)})
    trees = {
        line: tree for line, tree in part.part.trees.items() if (line != names[wrt] if only is None else line == only)
    }
    graph = Graph.parse(trees, sizes=part.draw.sizes)

    def at(step: float) -> float:
        numbers = {each: np.array(part.run.values[each], dtype=float) for each in graph.inputs}
        numbers[names[wrt]][places[wrt]] += step
        upstream = {line: np.ones(np.shape(part.run.values[line])) for line in graph.outputs}
        return float(graph.run(numbers, upstream).values[names[of]][places[of]])

    return (at(1e-5) - at(-1e-5)) / 2e-5


def test_an_output_that_is_used_too_starts_with_its_own_upstream_in_numbers() -> None:
    """By name it would be the gradient that is asked for: `dg = dg + dh · o`, with the answer as its value."""
    made = OTHERS["used output"]
    third, fourth = (say(hint, "en") for hint in hints(made, made.by_id["upstream g"])[2:4])
    assert third == "dg = [0.8, 0.1] + dh · o"
    assert fourth == "[0.8, 0.1] + dh · o with dh = [0.4, -1.1]; o = [0.5, 0.1]"


def test_the_fourth_rung_differs_where_the_numbers_do() -> None:
    for id in BUNDLED:
        one, other = bundled(id, 1), bundled(id, 2)
        for left, right in zip(one.all_questions, other.all_questions, strict=True):
            if not isinstance(left, GradientQuestion) or left.kind == "shape":
                continue
            assert isinstance(right, GradientQuestion)
            if not np.allclose(left.expected, right.expected):
                assert say(hints(one, left)[-2], "en") != say(hints(other, right)[-2], "en"), left.id


def test_the_ladder_of_the_published_example() -> None:
    """For b = max(y, z) at 2 and 0 with 3 arriving: what is asked, the rule, in names, with numbers, the answer."""
    circuit = bundled("circuits/first-circuit")
    asked, rule, names, numbers, answer = (say(hint, "en") for hint in hints(circuit, circuit.by_id["downstream b y"]))
    assert asked == "What flows from b back to y? A number."
    assert "larger input" in rule
    assert "db · (y > z)" in names
    assert "3 · (2 > 0)" in numbers
    assert answer.endswith("3")


def test_a_lessons_own_hints_come_first() -> None:
    net = bundled("one-layer/score-gradient")
    first = say(hints(net, net.by_id["formula W"])[0], "en")
    assert first.startswith("dW has the shape of W")


@pytest.mark.parametrize(("id", "rule"), [("downstream f a", "∂f/∂a = b"), ("downstream f b", "∂f/∂b = a")])
def test_the_gradient_of_the_output_which_is_1_is_no_factor_of_a_rule(id: str, rule: str) -> None:
    first = bundled("circuits/first-circuit")
    rungs = [say(rung, "en") for rung in hints(first, first.by_id[id])]
    assert any(rule in rung for rung in rungs), rungs
    assert not any("df" in rung for rung in rungs), rungs
