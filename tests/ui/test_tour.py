"""The tour before the first drill."""

import pytest

from tests.ui.conftest import Opened
from tutor.ui.screens.base import TutorModal
from tutor.ui.screens.tour import STOPS, TourScreen

FIRST = "circuits/first-circuit"


async def test_a_newcomer_gets_the_tour_and_then_the_drill(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        assert isinstance(hand.app.screen, TourScreen)
        assert "Every box is a node" in hand.text()
        for _ in STOPS:
            assert not hand.in_drill
            await hand.press("enter")
        assert hand.in_drill
        await hand.answer("2")
        assert hand.session.position == 1


async def test_escape_skips_the_tour(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.press("escape")
        assert hand.in_drill
        assert not hand.app.screen.query(".dimmed")


async def test_the_tour_fits_beside_what_it_explains(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        assert "┏━━━━━━━━━━━┓" in hand.text()
        await hand.press("enter")
        assert "┏━━━━━━━━━━━┓" in hand.text()  # it speaks of the heavy frame
        assert "f = a · b ∙ upstream ← 1" in hand.text()
        assert "esc skip the tour" in hand.text()
        await hand.press("enter")
        assert "local gradient   ∂f/∂a =" in hand.text()  # it speaks of what is typed there


async def test_who_has_practised_before_gets_no_tour(opened: Opened, experienced: None) -> None:
    async with opened(FIRST) as hand:
        assert hand.in_drill


@pytest.mark.parametrize("over", [(), ("escape", "f7")], ids=["tour", "overview"])
async def test_the_app_can_be_left_from_a_card(opened: Opened, over: tuple[str, ...]) -> None:
    async with opened(FIRST) as hand:
        for key in over:
            await hand.press(key)
        assert isinstance(hand.app.screen, TutorModal)
        await hand.pilot.press("ctrl+q")
        assert hand.app._exit
