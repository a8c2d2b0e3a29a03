"""Every kind of question can be answered on screen, at the smallest size and in Chinese too."""

from pathlib import Path

import pytest

from tests.ui.conftest import Opened
from tutor.text import Language
from tutor.ui.screens.derivations import DerivationsScreen
from tutor.ui.screens.summary import SummaryScreen

KINDS = str(Path(__file__).parent / "all_kinds.yaml")
pytestmark = pytest.mark.usefixtures("experienced")


@pytest.mark.parametrize(
    ("size", "language"), [pytest.param((80, 24), "en", marks=pytest.mark.thorough), ((60, 20), "zh")]
)
async def test_a_lesson_of_all_kinds_is_worked_through(
    opened: Opened, size: tuple[int, int], language: Language
) -> None:
    async with opened(KINDS, size=size, language=language) as hand:
        session = hand.session
        for question in session.drill.questions:
            assert session.current is question
            assert question.typed is not None
            # The place to type in is on screen, and leaves room to type.
            row = next(number for number, line in enumerate(hand.lines()) if hand.box.region.y == number)
            assert row < size[1] - 3
            assert hand.box.region.width > size[0] // 4
            for line in question.typed.split("; ") if question.kind == "derive" else [question.typed]:
                hand.box.fill(line)
                await hand.press("enter")
            if isinstance(hand.app.screen, DerivationsScreen):
                await hand.press("enter")
        assert all(state.state == "right" for state in session.states)
        await hand.settle()
        assert isinstance(hand.app.screen, SummaryScreen)
