"""A lesson becomes questions: which, in which order, under which names, and with which right answers."""

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from tests.checking.lessons import BUNDLED, NET, bundled, drill
from tutor.drill.question import Drill, GradientQuestion
from tutor.kinds import check

CIRCUIT = "given: {x: 1, y: 2, z: 0}\ngraph: {a: x + y, b: 'max(y, z)', f: a * b}\n"


def ids(made: Drill) -> list[str]:
    return [question.id for question in made.all_questions]


def expected(made: Drill) -> dict[str, Any]:
    return {q.id: np.asarray(q.expected) for q in made.all_questions if isinstance(q, GradientQuestion)}


def test_the_first_circuit_asks_thirteen_questions_from_the_output_backward() -> None:
    """Local gradients at the first line of each op, then what flows along every slot; y's sum when both have come."""
    assert ids(bundled("circuits/first-circuit")) == [
        "local f a",
        "local f b",
        "downstream f a",
        "downstream f b",
        "local b y",
        "local b z",
        "downstream b y",
        "downstream b z",
        "local a x",
        "local a y",
        "downstream a x",
        "downstream a y",
        "total y",
    ]


def test_labels_and_numbers_of_the_problem_are_not_asked_about() -> None:
    given = "given: {p: [1, 2], k: {labels: 2}, t: {value: 3, constant: true}}"
    for ask in ("", "ask: all", "ask: [all: [f, g]]"):
        asked = ids(drill(f"{given}\ngraph: {{f: 't * p[k]', g: f^2 + f * t}}\n{ask}"))
        assert [id for id in asked if id.split()[-1] in ("k", "t")] == []
        assert {"local f p", "downstream g f#1", "total f"} <= {*asked}


def test_an_index_worked_out_in_a_line_is_not_asked_about() -> None:
    """It only chooses; a number that is a factor has a gradient like any other."""
    text = "given: {E: {shape: [3, 2], integers: [2, 5]}}\n"
    text += "graph: {i: 3 - 2, c: 4 / 2, r: 'E[i]', f: c * sum(r)}\nask: [all: [r, f]]"
    asked = {each.id for each in drill(text).questions}
    assert {"local f c", "local r E"} <= asked
    assert not {each for each in asked if each.split()[-1] == "i"}


def test_its_answers_are_those_of_the_seed_notes() -> None:
    """By hand: f = (x + y)·max(y, z) at 1, 2, 0: a = 3, b = 2, f = 6; in the end 2, 5, 0."""
    by_hand = {
        **{"local f a": 2, "local f b": 3, "downstream f a": 2, "downstream f b": 3},
        **{"local b y": 1, "local b z": 0, "downstream b y": 3, "downstream b z": 0},
        **{"local a x": 1, "local a y": 1, "downstream a x": 2, "downstream a y": 2, "total y": 5},
    }
    assert {id: float(value) for id, value in expected(bundled("circuits/first-circuit")).items()} == by_hand


def test_an_op_that_came_before_has_its_local_gradients_asked_no_more() -> None:
    twice = drill("given: {x: 1.5, y: 2.5}\ngraph: {a: x * y, b: a * y, f: a + b}")
    assert [id for id in ids(twice) if id.startswith("local")] == ["local f a", "local f b", "local b a", "local b y"]


def test_of_lines_that_are_ready_the_later_in_the_file_comes_first() -> None:
    one = drill("given: {x: 1.5}\ngraph: {p: 2 * x, q: 3 * x, f: p + q}")
    other = drill("given: {x: 1.5}\ngraph: {q: 3 * x, p: 2 * x, f: p + q}")
    lines = lambda made: list(dict.fromkeys(id.split()[1] for id in ids(made) if id.startswith("down")))  # noqa: E731
    assert lines(one) == ["f", "q", "p"]
    assert lines(other) == ["f", "p", "q"]
    assert ids(one)[-1] == ids(other)[-1] == "total x"


def test_a_name_used_twice_in_a_line_has_two_slots_and_a_total() -> None:
    twice = drill("given: {x: 1.5}\ngraph: {f: x * x}")
    assert ids(twice) == ["local f x#0", "local f x#1", "downstream f x#0", "downstream f x#1", "total x"]
    assert float(expected(twice)["total x"]) == 3.0


def test_local_gradients_of_large_or_mixing_lines_are_not_asked_by_default() -> None:
    """W @ x mixes its entries; tanh of seven entries is long; of six it is not."""
    seven = drill("given: {x: {shape: [7], normal: 1}}\ngraph: {h: tanh(x), f: sum(h)}")
    assert "local h x" not in ids(seven)
    six = drill("given: {x: {shape: [6], normal: 1}}\ngraph: {h: tanh(x), f: sum(h)}")
    assert "local h x" in ids(six)
    net = drill(NET.replace("s: u.T @ h", "s: sum(h)"))
    assert "local z W" not in ids(net)


def test_all_asks_everything_everywhere() -> None:
    """Unlike by default, local gradients at every line; `total` still only where a variable is used twice."""
    every = drill("given: {x: 1.5, y: 2.5}\ngraph: {a: x * y, b: a * y, f: a + b}\nask: [all]")
    assert ids(every) == [
        *["local f a", "local f b", "downstream f a", "downstream f b"],
        *["local b a", "local b y", "downstream b a", "downstream b y", "total a"],
        *["local a x", "local a y", "downstream a x", "downstream a y", "total y"],
    ]
    some = drill("given: {x: 1.5, y: 2.5}\ngraph: {a: x * y, b: a * y, f: a + b}\nask: [all: [b]]")
    assert ids(some) == ["local b a", "local b y", "downstream b a", "downstream b y", "total a"]


def test_the_questions_of_parts_are_numbered_and_a_second_time_is_marked() -> None:
    parts = drill(
        "parts:\n  - {given: {x: 1.5}, graph: {f: 2 * x}, ask: [total: x, total: x, local: {of: f, wrt: x}]}\n"
        "  - {given: {x: 1.5}, graph: {f: 3 * x}, ask: [total: x, total: x]}"
    )
    assert ids(parts) == ["1/total x", "1/total x #2", "1/local f x", "2/total x", "2/total x #2"]
    assert {id: float(value) for id, value in expected(parts).items()}["2/total x #2"] == 3.0


def test_worked_questions_are_shown_and_not_asked() -> None:
    shown = drill(CIRCUIT + "worked: 2\nask: [local: {of: f, wrt: a}, local: {of: f, wrt: b}, total: y]")
    assert [question.id for question in shown.questions] == ["total y"]
    assert [question.id for question in shown.worked] == ["local f a", "local f b"]


@pytest.mark.parametrize("id", BUNDLED)
@pytest.mark.parametrize("seed", range(5))
def test_what_a_question_says_grades_as_right_does(id: str, seed: int) -> None:
    made = bundled(id, seed)
    for question in made.all_questions:
        if question.typed is not None:
            found = check(made, question, question.typed)
            assert (found.kind, found.mistake, found.exact) == ("right", None, None), question.id


def net(W: Any, b: Any, u: Any, x: Any) -> Any:
    return anp.sum(anp.dot(u.T, anp.tanh(anp.dot(W, x) + b)))


@pytest.mark.parametrize("seed", range(5))
def test_the_gradients_of_the_score_are_autograds(seed: int) -> None:
    made = bundled("one-layer/score-gradient", seed)
    numbers = made.parts[0].draw.numbers
    arguments = [np.asarray(numbers[name]) for name in ("W", "b", "u", "x")]
    for place, name in ((0, "W"), (1, "b"), (3, "x")):
        derivative: Callable[..., Any] = grad(net, place)
        np.testing.assert_allclose(expected(made)[f"total {name}"], derivative(*arguments), rtol=1e-12)


def test_several_variables_are_one_vector_in_the_order_asked() -> None:
    several = drill(CIRCUIT + "ask: [total: {wrt: [y, x, z]}]")
    assert expected(several)["total y x z"].tolist() == [5, 2, 0]


def test_a_path_is_the_product_of_its_slopes_and_the_paths_add_up_to_the_total() -> None:
    circuit = drill(CIRCUIT + "ask: [path: {wrt: y, through: [a, f]}, path: {wrt: y, through: [b, f]}, total: y]")
    assert {id: float(value) for id, value in expected(circuit).items()} == {
        "path y a f": 2,
        "path y b f": 3,
        "total y": 5,
    }
