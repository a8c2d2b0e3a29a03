"""Slips planted at every node are named as themselves, and answers that nobody thought about hardly ever get a name."""

import pytest

from tests.checking.graphs import published_drills, random_drills
from tests.checking.lessons import BUNDLED, bundled
from tests.checking.naming import TYPINGS, Tally, Typing, arbitrary, plant_all
from tutor.drill.question import Drill

NAMED = ("right", "one of two")


def assert_named(drills: list[Drill], typing: Typing = TYPINGS[0]) -> None:
    """The aims of the catalogue where the answer is evidence: no wrong name; nearly all slips by their own.

    A single number, which may be off by one rounding, may fit another mistake: of a thousand two at most.
    """
    found = plant_all(drills, typing)
    for place, least in (("asked", 0.97), ("above", 0.9)):
        for evidence in ("clear", "number"):
            tally = found.get(f"{place}, {evidence}", Tally())
            named_another = [each for each in tally.examples if not each.endswith("None")]
            assert len(named_another) <= (0.002 * tally.planted if evidence == "number" else 0), named_another
            assert tally.share(*NAMED) >= least, tally.examples
    # Of a short number what lies at the asked node is asked about, and rightly so.
    assert found.get("asked, short", Tally()).counts["other"] == 0


def assert_named_when_carried(drills: list[Drill]) -> None:
    """Of several numbers rounded at every step: no wrong name; nearly all slips by their own, or as one of two."""
    for typing in (each for each in TYPINGS if each.carried):
        found = plant_all(drills, typing)
        for place, least in (("asked", 0.95), ("above", 0.85)):
            tally = found.get(f"{place}, clear", Tally())
            assert tally.counts["other"] == 0, tally.examples
            assert tally.share(*NAMED) >= least, tally.examples


def assert_hardly_ever_named(drills: list[Drill], count: int) -> None:
    chance = arbitrary(drills, count)
    assert chance["wrong"] > 0.9 * count
    assert chance["named"] < 0.02 * chance["wrong"]
    assert chance["stated"] == 0


@pytest.mark.parametrize("id", BUNDLED)
def test_planted_slips_are_named_as_themselves(id: str) -> None:
    assert_named([bundled(id)])


def test_in_random_graphs_too() -> None:
    assert_named(random_drills(4))


def test_they_are_named_when_numbers_are_rounded_on_the_way() -> None:
    assert_named_when_carried([bundled("one-layer/score-gradient", seed) for seed in range(3)])
    assert_named_when_carried(random_drills(4)[1:2])


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
@pytest.mark.timeout(3600)
def test_carried_in_published_problems_and_in_fifty_random_graphs() -> None:
    for id in BUNDLED:
        assert_named_when_carried([bundled(id, seed) for seed in range(3)])
    assert_named_when_carried(published_drills())
    assert_named_when_carried(random_drills(50))


@pytest.mark.thorough
def test_a_thousand_arbitrary_answers_to_each() -> None:
    for id in BUNDLED:
        assert_hardly_ever_named([bundled(id, seed) for seed in range(3)], 1000)
    assert_hardly_ever_named(published_drills(), 1000)
    assert_hardly_ever_named(random_drills(50), 1000)
