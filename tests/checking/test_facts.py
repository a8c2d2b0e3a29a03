"""No wrong answer gets a bare "Not yet": what is said is about it, and true, recomputed here from the numbers alone."""

import re
from collections import Counter
from typing import Any

import numpy as np
import pytest

from tests.checking.lessons import BUNDLED, bundled, drill, verdict
from tests.checking.wrong_answers import FORMULAS, NUMBERS, wrong_answers
from tutor.checking import Verdict
from tutor.drill.question import Drill, Question
from tutor.kinds import check
from tutor.text import LANGUAGES, Message, say

BARE = ("Not yet.", "Not yet: at this drill's numbers it gives something else.")


def fact_of(found: Verdict) -> Message | None:
    fact = found.message.params.get("fact")
    return fact if isinstance(fact, Message) else None


def numbers_in(text: str) -> Any:
    return np.array(eval(text.replace("^", "**"), {}, {}), dtype=float)  # a list of numbers as the table makes it


def slack_of(text: str) -> float:
    """Half a unit of the last decimal."""
    decimals = [len(part) for part in re.findall(r"\.(\d+)", text)]
    return 0.5001 * 10.0 ** -min(decimals) if decimals else 1e-9


def same(typed: Any, other: Any, slack: float) -> bool:
    return np.size(typed) == np.size(other) and bool(np.all(np.abs(np.ravel(typed) - np.ravel(other)) <= slack))


def named_in(fact: Message) -> list[str]:
    names = fact.params["names"]
    return [str(each) for each in names.params.values()] if isinstance(names, Message) else [str(names)]


MADE = {
    "checking.fact-value": lambda value: value,
    "checking.fact-value-turned": lambda value: -value,
    "checking.fact-value-twice": lambda value: 2 * value,
    "checking.fact-value-squared": lambda value: value**2,
    "checking.fact-value-squared-turned": lambda value: -(value**2),
}


def sensitivity(drill: Drill, question: Question, name: str) -> Any:
    """How the output moves with a node, by nudging every entry of it."""
    run = drill.part_of(question).run
    graph = run.graph
    from tutor.engine.numeric_gradient import values_with

    node = graph.find(name)
    base = np.array(run.values[name], dtype=float)
    found = np.zeros(base.shape)
    for place in np.ndindex(base.shape):
        ends = []
        for step in (1e-6, -1e-6):
            moved = base.copy()
            moved[place] += step
            values = values_with(run, {node: moved})
            ends.append(sum(float(np.sum(values[k] * seed)) for k, seed in run.seeds.items()))
        found[place] = (ends[0] - ends[1]) / 2e-6
    return found


def is_true(drill: Drill, question: Question, text: str, fact: Message) -> bool | None:
    """Is a fact true of what was typed? None where it needs no numbers or is a nudge (tested by itself)."""
    run = drill.part_of(question).run
    typed, slack = numbers_in(text), slack_of(text)
    right = np.asarray(getattr(question, "expected", getattr(question, "number", np.nan)))
    near = 1e-5 + slack
    match fact.id:
        case id if id in MADE:
            return all(same(typed, MADE[id](np.asarray(run.values[name])), near) for name in named_in(fact))
        case "checking.fact-is-value":
            return same(typed, np.asarray(run.values[str(fact.params["name"])]), near)
        case "checking.fact-gradient" | "checking.fact-gradient-next" | "checking.fact-arrives":
            return same(typed, sensitivity(drill, question, str(fact.params["name"])), near)
        case "checking.fact-gradient-times":
            factor = float(str(fact.params["factor"]))
            return same(typed, factor * sensitivity(drill, question, str(fact.params["name"])), near)
        case "checking.fact-order":
            return same(np.sort(typed, axis=None), np.sort(right, axis=None), slack)
        case "checking.fact-signs" | "checking.fact-signs-many":
            return same(np.abs(typed), np.abs(right), slack) and bool(np.any(typed * right < 0))
        case "checking.fact-sum":
            return abs(float(np.sum(typed) - np.sum(right))) <= slack * typed.size + 1e-9
        case "checking.fact-off-diagonal":
            off = ~np.eye(len(right), dtype=bool)
            return not np.any(right[off]) and bool(np.any(typed[off]))
        case "checking.fact-columns" | "checking.fact-rows" | "checking.fact-zero-sum":
            axis = {"checking.fact-columns": 0, "checking.fact-rows": 1}.get(fact.id)
            sums = np.atleast_1d(np.sum(typed, axis=axis))
            told = sums[0 if axis is None else int(str(fact.params["number"])) - 1]
            return abs(float(str(fact.params["sum"])) - told) < 1e-3 and bool(
                np.all(np.abs(np.sum(right, axis=axis)) < 1e-9)
            )
        case "checking.fact-constant-kept":
            by = np.abs(typed - right)  # the constant by what arrives, the same for every entry of a local gradient
            constant = float(str(fact.params["constant"]))
            local = question.target.kind == "local"  # type: ignore[attr-defined]
            return bool(np.all(np.abs(by - constant) <= near)) if local else None
        case "checking.fact-count-off-by-one":
            return abs(float(typed) - float(right)) == 1
        case "checking.fact-near":
            by = int(str(fact.params["percent"])) / 100
            return bool(np.all(np.abs(typed - right) <= by * np.abs(right) + 1e-12))
        case "checking.fact-rows-right" | "checking.fact-columns-right":
            lines, wanted = (typed, right) if "rows" in fact.id else (typed.T, right.T)
            numbers = [int(each) - 1 for each in fact.params["numbers"]]  # type: ignore[attr-defined]
            return all(same(lines[k], wanted[k], slack) for k in numbers)
        case "checking.fact-identity":
            return np.array_equal(typed, np.eye(len(typed)))
        case "checking.fact-diagonal":
            return same(typed, np.diag(np.ravel(run.values[str(fact.params["name"])])), slack)
        case "checking.fact-outer":
            left, other = (np.ravel(run.values[str(fact.params[side])]) for side in ("left", "right"))
            return same(typed, np.outer(left, other), slack)
        case "checking.fact-too-large" | "checking.fact-too-small":
            return bool((typed > right) == (fact.id == "checking.fact-too-large"))
        case _:
            return None


def test_there_are_forty_kinds_of_wrong_answers() -> None:
    assert len(NUMBERS) >= 40
    assert len(FORMULAS) >= 10


@pytest.mark.parametrize("lesson", BUNDLED)
def test_every_wrong_answer_gets_a_sentence_of_its_own_and_a_true_one(lesson: str) -> None:
    asked = bundled(lesson)
    told: Counter[str] = Counter()
    for question in asked.all_questions:
        for kind, text in wrong_answers(asked, question):
            found = check(asked, question, text)
            if found.kind != "wrong" or found.mistake == "coarse":
                continue
            for language in LANGUAGES:
                assert say(found.message, language) not in BARE, (question.id, kind, text)
            fact = fact_of(found)
            if fact is not None:
                assert is_true(asked, question, text, fact) in (True, None), (question.id, kind, text, fact)
                told[fact.id] += 1
    assert told, "nothing was wrong"


CASES = """
parts:
  - given: {x: 3, b: 5, y: -4}
    graph: {c: "10 - b", a: x + b, m: "max(a, y)", f: c * m}
    ask:
      - local: [{of: c, wrt: b}, {of: a, wrt: x}, {of: m, wrt: y}]
      - downstream: [{of: a, wrt: x}, {of: m, wrt: y}]
      - total: b
      - path: {wrt: b, through: [a, m, f]}
  - given: {z: [0.5, -1.2, 0.8]}
    graph: {p: softmax(z), h: sin(z), s: sum(p) + sum(h)}
    ask:
      - jacobian: [{of: p, wrt: z}, {of: h, wrt: z}]
"""


@pytest.mark.parametrize(
    ("id", "typed", "said"),
    [
        ("1/local c b", "-5", "the value of b with its sign turned"),
        ("1/local m y", "-4", "-4 is the value of y"),
        ("1/downstream m y", "10", "10 is 2 times the gradient at m"),
        (
            "2/jacobian p z",
            "[[1, 0, 0], [0, 1, 0], [0, 0, 1]]",
            "Each column adds up to 0; column 1 of yours adds up to 1",
        ),
        ("2/jacobian h z", "[[1, 0, 0], [0, 1, 0], [0, 0, 1]]", "the identity"),
        ("2/jacobian h z", "[[0.5, 0, 0], [0, -1.2, 0], [0, 0, 0.8]]", "On the diagonal stands the value of z"),
        ("2/jacobian h z", "[[9, 8, 7], [6, 5, 4], [3, 2, 1]]", "The entries off the diagonal are 0"),
    ],
)
def test_what_is_known_of_the_numbers_is_said(id: str, typed: str, said: str) -> None:
    assert said in say(verdict(drill(CASES), id, typed).message, "en")


def test_a_zero_typed_for_a_small_slope_is_not_called_right() -> None:
    told = say(verdict(drill(CASES), "2/jacobian h z", "[[0, 0, 0], [0, 0, 0], [0, 0, 0]]").message, "en")
    assert "Rows that are right" not in told


def test_a_formula_that_fails_is_shown_at_fresh_numbers() -> None:
    asked = drill("given: {x: {integers: [2, 9]}}\ngraph: {f: x^2}\nask: [{formula: {of: f, wrt: x}}]")
    told = say(verdict(asked, asked.all_questions[0].id, "7*x").message, "en")
    shown = re.search(r"at x = (\S+) it gives (\S+), and ∂f/∂x is (\S+)\.$", told)
    assert shown is not None
    x, yours, right = map(float, shown.groups())
    assert yours == pytest.approx(7 * x, abs=1e-3)
    assert right == pytest.approx(2 * x, abs=1e-3)


def test_a_number_that_is_the_own_input_too_is_not_just_a_sign_turned() -> None:
    asked = drill("given: {x: -1, y: 4}\ngraph: {f: x + y}\nask: [{local: {of: f, wrt: x}}]")
    told = say(verdict(asked, "local f x", "-1").message, "en")
    assert told.startswith("One of two: ")
    assert "-1 is the value of x" in told


LINES = """
given: {x: 3, w: [0.5, -2], k: 8}
graph: {a: "2*x + 11", b: "10 - 3*x", q: "w^2 - 6", f: "k * a * b + sum(q)"}
ask:
  - local: [{of: a, wrt: x}, {of: b, wrt: x}, {of: q, wrt: w}]
  - downstream: {of: a, wrt: x}
  - total: w
"""


@pytest.mark.parametrize(
    ("id", "typed", "constant"),
    [
        ("local a x", "13", "11"),
        ("local b x", "7", "10"),
        ("local q w", "[-5, -10]", "6"),
        ("downstream a x", "104", "11"),  # what arrives at a is 8 * (10 - 9)
        ("total w", "[-5, -10]", "6"),
    ],
)
def test_a_constant_left_standing_beside_the_slope_is_told(id: str, typed: str, constant: str) -> None:
    asked = drill(LINES)
    assert f"if the {constant} in" in say(verdict(asked, id, typed).message, "en")


def test_of_a_new_value_that_is_the_old_one_or_another_node_that_is_told() -> None:
    asked = drill("given: {w: 2.5, x: 3}\ngraph: {y: w * x, f: y + w}\nask: [{update: {of: w, rate: 0.1}}]")
    for typed, name in (("7.5", "y"), ("10", "f")):
        told = say(verdict(asked, asked.all_questions[0].id, typed).message, "en")
        assert told.startswith(f"Not yet. {typed} is the value of {name};")
