"""Slips planted at every node are named as themselves, and answers that nobody thought about hardly ever get a name."""

import pytest

from tests.checking.graphs import published_drills, random_drills
from tests.checking.lessons import BUNDLED, bundled
from tests.checking.naming import TYPINGS, Tally, Typing, arbitrary, plant_all
from tutor.drill.question import Drill

NAMED = ("right", "one of two")


def assert_named(drills: list[Drill], typing: Typing = TYPINGS[0]) -> None:
    """The aims of the catalogue where the answer is evidence: no wrong name; nearly all slips by their own."""
    found = plant_all(drills, typing)
    for place, least in (("asked", 0.97), ("above", 0.9)):
        for evidence in ("clear", "number"):
            tally = found.get(f"{place}, {evidence}", Tally())
            assert tally.counts["other"] == 0, tally.examples
            assert tally.share(*NAMED) >= least, tally.examples
    # Of a short number what lies at the asked node is asked about, and rightly so.
    assert found.get("asked, short", Tally()).counts["other"] == 0


def assert_hardly_ever_named(drills: list[Drill], count: int) -> None:
    chance = arbitrary(drills, count)
    assert chance["wrong"] > 0.9 * count
    assert chance["named"] < 0.02 * chance["wrong"]


@pytest.mark.parametrize("id", BUNDLED)
def test_planted_slips_are_named_as_themselves(id: str) -> None:
    assert_named([bundled(id)])


def test_in_random_graphs_too() -> None:
    assert_named(random_drills(4))


@pytest.mark.parametrize("id", BUNDLED)
def test_arbitrary_answers_are_hardly_ever_named(id: str) -> None:
    assert_hardly_ever_named([bundled(id)], 300)


@pytest.mark.thorough
@pytest.mark.parametrize("digits", [3, 4])
def test_at_other_numbers_in_published_problems_and_in_fifty_random_graphs(digits: int) -> None:
    for id in BUNDLED:
        assert_named([bundled(id, seed) for seed in range(1, 4)], Typing(digits))
    assert_named(published_drills(), Typing(digits))
    assert_named(random_drills(50), Typing(digits))


@pytest.mark.thorough
def test_a_thousand_arbitrary_answers_to_each() -> None:
    for id in BUNDLED:
        assert_hardly_ever_named([bundled(id, seed) for seed in range(3)], 1000)
    assert_hardly_ever_named(published_drills(), 1000)
    assert_hardly_ever_named(random_drills(50), 1000)
