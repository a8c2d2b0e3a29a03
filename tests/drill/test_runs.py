"""The numbers of a drill follow from the seed, and they tell a slip from the truth."""

from collections.abc import Sequence

import numpy as np
import pytest

from tests.checking.lessons import BUNDLED, bundled, drill, lesson
from tutor.drill.question import GradientQuestion
from tutor.drill.runs import Runs, asked_classes, collisions, run_at
from tutor.kinds import build, load
from tutor.kinds.all import asked
from tutor.kinds.kind import telling_targets
from tutor.lesson.model import Draw, Part
from tutor.lesson.numbers.draws import draw, draws
from tutor.mistakes.target import Target
from tutor.places import bundled_lessons


def hidden(part: Part, drawn: Draw, targets: Sequence[Target]) -> int:
    """How many slips at the asked places look right at a draw, to two digits."""
    run = run_at(part, drawn)
    return collisions(run, targets, asked_classes(run, Runs(part, drawn), targets))[0]


@pytest.mark.parametrize("id", BUNDLED)
def test_the_same_seed_gives_the_same_drill(id: str) -> None:
    one, other = (build(load(bundled_lessons() / f"{id}.yaml"), 7) for _ in range(2))
    assert [question.id for question in one.all_questions] == [question.id for question in other.all_questions]
    for left, right in zip(one.all_questions, other.all_questions, strict=True):
        assert left.typed == right.typed
    for part, again in zip(one.parts, other.parts, strict=True):
        for name, value in part.draw.numbers.items():
            assert np.array_equal(value, again.draw.numbers[name])


@pytest.mark.parametrize("id", BUNDLED)
def test_another_seed_gives_other_numbers_where_any_are_drawn(id: str) -> None:
    made = [bundled(id, seed) for seed in range(4)]
    for k, part in enumerate(made[0].parts):
        if any(given.drawn for given in (*part.part.given.values(), *part.part.upstream.values())):
            drawn = {str({**each.parts[k].draw.numbers, **each.parts[k].draw.upstream}) for each in made}
            assert len(drawn) > 1


def test_numbers_kept_from_before_are_used_as_they_are() -> None:
    circuit = lesson("given: {x: {integers: [-5, 5]}, y: {integers: [-5, 5]}}\ngraph: {f: x * y}")
    kept = Draw({}, {"x": np.float64(4), "y": np.float64(-3)}, {})  # type: ignore[dict-item]
    made = build(circuit, 0, (kept,))
    assert [float(q.expected) for q in made.questions if isinstance(q, GradientQuestion)] == [-3, 4, -3, 4]


def test_a_draw_at_which_a_slip_looks_right_is_refused() -> None:
    """At x = y the own input is as good as the other one, and at x·y with |x| = |y| = 1 all is the same."""
    circuit = lesson("given: {x: {choice: [2, 3]}, y: {choice: [2, 3]}}\ngraph: {f: x * y}")
    part = circuit.parts[0]
    asks = asked(part, run_at(part, draw(part, 0)))
    targets = [target for _, target in telling_targets(part, asks)]
    equal = Draw({}, {"x": np.float64(2), "y": np.float64(2)}, {})  # type: ignore[dict-item]
    apart = Draw({}, {"x": np.float64(2), "y": np.float64(3)}, {})  # type: ignore[dict-item]
    assert hidden(part, equal, targets) > 0
    assert hidden(part, apart, targets) == 0
    for seed in range(40):
        numbers = build(circuit, seed).parts[0].draw.numbers
        assert numbers["x"] != numbers["y"]


def test_a_draw_at_which_a_slip_rounds_to_the_same_two_digits_is_refused() -> None:
    """∂(x·y)/∂x = y = 0.2 and the own input x = 0.198 would both be typed 0.20."""
    circuit = lesson("given: {x: {choice: [0.198, 0.7]}, y: {choice: [0.2, 0.9]}}\ngraph: {f: x * y}")
    assert any(
        (next(draws(circuit.parts[0], seed)).numbers["x"], next(draws(circuit.parts[0], seed)).numbers["y"])
        == (0.198, 0.2)
        for seed in range(40)
    )
    for seed in range(40):
        numbers = build(circuit, seed).parts[0].draw.numbers
        assert (numbers["x"], numbers["y"]) != (0.198, 0.2)


def test_the_wrong_winner_shows_where_a_maximum_is_asked() -> None:
    """The gradient that a max sends must not be 0, or the loser would get the same."""
    circuit = (
        "given: {x: {integers: [-2, 2]}, y: {integers: [-2, 2]}, c: {integers: [0, 1]}}\n"
        "graph: {m: 'max(x, y)', f: m * c}"
    )
    for seed in range(20):
        assert float(drill(circuit, seed).parts[0].draw.numbers["c"]) == 1


@pytest.mark.parametrize("id", BUNDLED)
def test_bundled_drills_hide_no_slip_at_an_asked_place(id: str) -> None:
    untold = {}
    for seed in range(12):
        made = bundled(id, seed)
        for number, part in enumerate(made.parts):
            if any(given.drawn for given in (*part.part.given.values(), *part.part.upstream.values())):
                asked_here = [q for q in made.all_questions if isinstance(q, GradientQuestion) and q.part == number]
                targets = [q.target for q in asked_here if q.kind not in ("shape", "formula", "jacobian")]
                if count := hidden(part.part, part.draw, targets):
                    untold[seed, number] = count
    assert untold == {}
