"""Formulas are really tried elsewhere: fresh runs are not the drill's own, constants move as the lesson says."""

import random
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tutor.drill.question import Drill
from tutor.drill.runs import Runs
from tutor.kinds import build, check, load_text
from tutor.lesson.model import Part
from tutor.lesson.numbers import fresh_draws as fresh
from tutor.lesson.numbers.draws import draw, draws, is_finite, run_of
from tutor.lesson.numbers.fresh_draws import fresh_draws
from tutor.text import say

# Lines with the numbers at which they are defined: `{}` is the input, and `c` a number not far from it.
DEFINED = (
    ("sqrt({x} - {c})", (10.5, 30.0)),
    ("log({x} - {c})", (-50.0, 50.0)),
    ("1 / ({x} - {c})", (-9.0, 9.0)),
    ("({c} - {x})^1.5", (-100.0, -2.0)),
    ("exp({x} - {c})", (700.0, 800.0)),
    ("log(1 - ({x} / {c})^2)", (3.0, 4.0)),
    ("sqrt({x}) * {c}", (0.5, 4.0)),
    ("tanh({x}) + {c}", (-2.0, 2.0)),
    ("max({x}, {c}) * {x}", (-3.0, 3.0)),
    ("{x} * {c}", (1e7, 1e8)),
    ("{x}^3 / {c}", (-4.0, 4.0)),
)
SHAPES = ("", "n", "n, m", "m, 1")


def part_of(text: str) -> Part:
    return load_text("title: T\n" + text, Path("/nowhere/lesson.yaml")).parts[0]


def drill_of(text: str, seed: int = 0) -> Drill:
    return build(load_text("title: T\n" + text, Path("/nowhere/lesson.yaml")), seed)


def judged(drill: Drill, typed: str) -> tuple[str, str]:
    verdict = check(drill, drill.questions[0], typed)
    return verdict.kind, say(verdict.message, "en")


# Every lesson


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_the_fresh_runs_of_any_lesson_differ_from_the_drills_own(first: int) -> None:
    for seed in range(first, first + 50):
        assert_fresh_runs_differ(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("first", range(200, 3200, 500))
def test_the_fresh_runs_of_thousands_of_lessons_differ_from_the_drills_own(first: int) -> None:
    for seed in range(first, first + 500):
        assert_fresh_runs_differ(seed)


def assert_fresh_runs_differ(seed: int) -> None:
    text = made_up(random.Random(seed))
    part = part_of(text)
    if not is_finite(run_of(part, draw(part, seed)) or pytest.fail(text)):
        return  # `check` refuses it for that
    runs = Runs(part, draw(part, seed))
    assert len(runs.resampled) >= 3, text
    free = [name for name, given in part.given.items() if not given.constant and not given.integer]
    for drawn, run in zip(runs.fresh_draws, runs.resampled, strict=True):
        assert is_finite(run), text
        assert any(not np.array_equal(drawn.numbers[name], runs.drawn.numbers[name]) for name in free), text
        for name, given in part.given.items():
            if given.stays:
                assert np.array_equal(drawn.numbers[name], runs.drawn.numbers[name]), text
        assert all(np.isfinite(each).all() for each in drawn.numbers.values()), text


def made_up(dice: random.Random) -> str:
    """A lesson of one to three inputs, each in a line of its own that is defined near its numbers; constants too."""
    given, lines, terms = {}, {}, []
    for k in range(dice.randint(1, 3)):
        formula, (low, high) = dice.choice(DEFINED)
        x, shape = f"x{k}", dice.choice(SHAPES)
        number = round(dice.uniform(low, high), 2)
        # The other number lies where the line is defined, as an author's would.
        near = number - 1.3 if "- {c}" in formula else number + 1.3 if "{c} -" in formula else 2.5
        if "/ {c})^2" in formula:
            near = number * 1.2
        sizes = [{"n": 3, "m": 2}.get(each.strip(), 1) for each in shape.split(",")] if shape else []
        given[x] = _sampled(dice, number, shape, sizes)
        given[f"c{k}"] = f"{{value: {near:.3f}, constant: true}}" if dice.random() < 0.7 else f"{near:.3f}"
        lines[f"a{k}"] = formula.format(x=x, c=f"c{k}")
        terms.append(f"sum(a{k})" if shape else f"a{k}")
    lines["L"] = " + ".join(terms)
    written = "".join(f"  {name}: {each}\n" for name, each in given.items())
    graph = "".join(f'  {name}: "{each}"\n' for name, each in lines.items())
    return f"sizes: {{n: 3, m: 2}}\ngiven:\n{written}graph:\n{graph}ask: [{{formula: {{wrt: x0}}}}]\n"


def _sampled(dice: random.Random, number: float, shape: str, sizes: list[int]) -> str:
    """A fixed number, or one drawn from a narrow range around it."""
    if dice.random() < 0.5:
        where = f"shape: [{shape}], " if shape else ""
        return f"{{{where}uniform: [{number - 0.1:.2f}, {number + 0.1:.2f}], decimals: 2}}"
    value: Any = number
    for size in reversed(sizes):
        value = [value] * size
    return f"{{shape: [{shape}], value: {value}}}" if shape else str(number)


# Constants

LAYER = """
sizes: {n: 3, m: 2}
given:
  A: {shape: [n, m], integers: [-3, 3], nonzero: true}
  x: {shape: [m, 1], integers: [-3, 3], nonzero: true}
  t: {shape: [n, 1], uniform: [-1, 1], decimals: 1, constant: true}
graph: {z: A @ x - t, L: sum(z^2)}
ask: [{formula: {wrt: x, using: [A, z]}}]
"""
MEAN = """
sizes: {n: 3}
given:
  p: {shape: [n], uniform: [-3, 3], decimals: 1}
  t: {shape: [n], integers: [-3, 3], constant: true}
graph: {r: p - t, L: mean(r^2)}
ask: [{formula: {wrt: p, using: [p, t]}}]
"""
LOGISTIC = """
given: {p: {value: 0.3, domain: probability}, y: {choice: [0, 1], constant: true}}
graph: {L: -(y * log(p) + (1 - y) * log(1 - p))}
ask: [{formula: {wrt: p, using: [p, y]}}]
"""
LABELS = """
sizes: {N: 4, k: 3}
given:
  z: {shape: [N, k], integers: [-2, 2], distinct: false}
  i: {rows: N}
  y: {shape: [N], value: [0, 2, 1, 1], labels: k, constant: true}
graph: {p2: softmax(z), L: "-mean(log(p2[i, y]))"}
ask: [{formula: {wrt: z, using: [p2, y]}}]
"""
COLUMN = """
sizes: {k: 3}
given:
  z: {shape: [k, 1], integers: [-2, 2], distinct: true}
  t: {shape: [k, 1], value: [[0], [1], [0]], onehot: k, axis: 0, constant: true}
graph: {p: "softmax(z, axis=0)", L: "-sum(t * log(p))"}
ask: [{formula: {wrt: z, using: [z, p, t]}}]
"""
STAYING = COLUMN.replace(", onehot: k, axis: 0", "")


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        (LAYER, "2 * A.T @ z"),
        (MEAN, "2 * (p - t) / n"),
        (LOGISTIC, "(1 - y) / (1 - p) - y / p"),
        (LABELS, "(p2 - onehot(y, k)) / N"),
        (COLUMN, "softmax(z, axis=0) - t"),
        (STAYING, "softmax(z, axis=0) - t"),
    ],
)
def test_what_is_right_with_constants_is_right(text: str, typed: str) -> None:
    for seed in range(3):
        assert judged(drill_of(text, seed), typed)[0] == "right"


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        (LAYER, "(n - 1) * A.T @ z"),
        (MEAN, "2 * (p - t) / 3"),
        (LABELS, "(p2 - onehot(y, k)) / 4"),
        (LABELS, "(p2 - onehot([0, 2, 1, 1], k)) / N"),
        (COLUMN, "p - [[0], [1], [0]]"),
        (COLUMN, "p - t * (k - 2)"),
    ],
)
def test_what_is_right_at_these_sizes_or_constants_alone_is_not(text: str, typed: str) -> None:
    drill = drill_of(text)
    assert judged(drill, typed)[1].startswith("Right here only")


def test_a_target_that_drills_draw_is_drawn_again_so_that_half_a_loss_is_not_the_loss() -> None:
    for seed in range(8):
        drill = drill_of(LOGISTIC, seed)
        y = float(drill.parts[0].draw.numbers["y"])
        assert judged(drill, "-1 / p" if y else "1 / (1 - p)")[1].startswith("Right here only")


def test_rows_go_on_counting_and_a_column_stays_one_hot() -> None:
    for drawn in fresh_draws(part_of(LABELS)):
        assert drawn.numbers["i"].tolist() == list(range(drawn.sizes["N"]))
        assert drawn.numbers["y"].shape == (drawn.sizes["N"],)
        assert set(drawn.numbers["y"].tolist()) <= set(range(drawn.sizes["k"]))
    for drawn in fresh_draws(part_of(COLUMN)):
        assert drawn.numbers["t"].shape == (drawn.sizes["k"], 1)
        assert sorted(drawn.numbers["t"].ravel().tolist()) == [0.0] * (drawn.sizes["k"] - 1) + [1.0]


def test_at_the_lessons_own_sizes_fixed_labels_are_the_lessons_own() -> None:
    own = [each for each in fresh_draws(part_of(COLUMN), 40) if each.sizes["k"] == 3]
    assert own
    assert all(each.numbers["t"].tolist() == [[0.0], [1.0], [0.0]] for each in own)


def test_shape_and_value_may_be_said_once() -> None:
    part = part_of(LABELS.replace("i: {rows: N}", "i: {value: [0, 1, 2, 3], rows: N}"))
    assert {each.numbers["i"].size for each in fresh_draws(part)} == {each.sizes["N"] for each in fresh_draws(part)}


# What the verdict says


@pytest.mark.parametrize(
    ("text", "typed", "said"),
    [
        (LAYER, "2 * A.T @ z", "Right, at these numbers and at 8 fresh ones of other sizes."),
        (LOGISTIC, "(1 - y) / (1 - p) - y / p", "Right, at these numbers and at 8 fresh ones."),
        (
            STAYING,
            "p - t",
            "Right, at these numbers and at 8 fresh ones of the same sizes, with the same t.",
        ),
        (
            "given: {x: {value: 3, constant: true}}\ngraph: {a: x + 1, f: a^2}\nask: [{formula: {wrt: a}}]\n",
            "2 * a",
            "Right, at these numbers, the only ones at which it could be tried.",
        ),
        (
            "given: {x: [1, 2]}\ngraph: {L: sum(x^2)}\nask: [{formula: {wrt: x}}]\n",
            "2 * x",
            "Right, at these numbers and at 8 fresh ones of the same sizes.",
        ),
    ],
)
def test_the_verdict_says_no_more_than_was_tried(text: str, typed: str, said: str) -> None:
    assert judged(drill_of(text), typed) == ("right", said)


def test_of_a_single_size_the_verdict_counts_the_draws_at_another() -> None:
    drill = drill_of(MEAN)
    others = sum(each.sizes["n"] != 3 for each in drill.parts[0].runs.fresh_draws)
    assert 0 < others < 8
    assert f"8 fresh ones, {others} of them of other sizes" in judged(drill, "2 * (p - t) / n")[1]


# The work is counted

HARD = {
    "distinct numbers that run out": """
sizes: {N: 4, d: 3, k: 2}
given:
  X: {shape: [N, d], integers: [-2, 2]}
  W: {shape: [d, k], integers: [-3, 3], distinct: true}
  t: {shape: [N, k], integers: [-3, 3], distinct: false, constant: true}
graph: {Z: X @ W, L: sum((Z - t)^2)}
ask: [{formula: {wrt: W, using: [X, Z, t]}}]
""",
    "a tie in every draw": "given: {x: 2, y: 3}\ngraph: {a: 'max(x * y, y * x)', f: a^2}\nask: [{formula: {wrt: x}}]\n",
    "a domain of one number": "given: {x: 1}\ngraph: {f: 'sqrt(x - 1) * sqrt(1 - x)'}\nask: [{formula: {wrt: x}}]\n",
    "sizes that nothing fits": """
sizes: {n: 3, m: 2}
given: {x: {shape: [n], integers: [1, 9]}, W: [[1, 2, 3], [4, 5, 6]]}
graph: {z: W @ x, f: sum(z^2)}
ask: [{formula: {wrt: x}}]
""",
    "a chain of ties": "given: {x: 2}\ngraph:\n  a0: x\n"
    + "".join(f"  a{k + 1}: max(a{k}, a{k}) * 0.9\n" for k in range(200))
    + "ask: [{formula: {wrt: a199}}]\n",
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_the_search_for_fresh_numbers_is_bounded(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In ops run, whatever the lesson: half a second's work at most."""
    part, ops = part_of(text), []

    def counted(part: Part, drawn: Any) -> Any:
        ops.append(len(part.graph.ops))
        return run_of(part, drawn)

    monkeypatch.setattr(fresh, "run_of", counted)
    fresh_draws.__wrapped__(part)
    assert sum(ops) <= 40_000


def test_the_search_for_a_drills_own_numbers_is_bounded_in_large_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a graph whose numbers are never fit; in small ones 500 tries are little."""
    lines = "".join(f"  a{k + 1}: max(a{k}, a{k}) * 0.9\n" for k in range(200))
    part, ops = part_of(f"given: {{x: {{integers: [1, 9]}}}}\ngraph:\n  a0: x\n{lines}"), []

    def counted(part: Part, drawn: Any) -> Any:
        ops.append(len(part.graph.ops))
        return run_of(part, drawn)

    monkeypatch.setattr("tutor.lesson.numbers.draws.run_of", counted)
    assert len(list(islice(draws(part, 0), 50))) == 50
    assert sum(ops) <= 160_000
