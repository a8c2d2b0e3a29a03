"""Why on demand: of a wrong answer what a nudge shows, of a known one three views that give no other away."""

from pathlib import Path

import pytest

from tests.ui.conftest import Hand, Opened
from tutor.ui.screens.overview import OverviewScreen
from tutor.ui.screens.why import WhyScreen

FIRST = "circuits/first-circuit"
KINDS = str(Path(__file__).parent / "all_kinds.yaml")
pytestmark = pytest.mark.usefixtures("experienced")


async def open_view(hand: Hand, key: str) -> str:
    await hand.press(key)
    await hand.until(lambda: "One moment" not in hand.text())
    return hand.text()


@pytest.mark.parametrize("key", ["f10", "ctrl+y"])
async def test_a_nudge_shows_on_request_that_an_answer_is_wrong(opened: Opened, key: str) -> None:
    async with opened(FIRST) as hand:
        assert "why" not in hand.lines()[-1]
        await hand.answer("7")
        assert "F10 why" in hand.lines()[-1]
        for _ in range(2):
            await hand.press(key)
            text = " ".join(hand.text().split())
            assert text.count("a + 0.001, and f shows a rise of 0.002; yours predicts a rise of 0.007.") == 1


async def test_what_a_nudge_shows_goes_with_the_next_answer(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.answer("7")
        await hand.press("f10")
        await hand.answer("2")
        assert "predicts" not in hand.text()


async def test_a_question_without_a_slope_says_that_a_nudge_shows_nothing(opened: Opened) -> None:
    async with opened(KINDS) as hand:
        await hand.answer("x")
        await hand.press("f10")
        assert "A nudge would show nothing here." in hand.text()


async def test_a_known_answer_has_three_views(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.answer("2")
        await hand.press("f10")
        assert isinstance(hand.app.screen, WhyScreen)
        text = await open_view(hand, "1")
        assert "∂f/∂a = d/da (a · b)   the formula" in text
        assert "= b   a constant factor stays" in text
        assert "× swaps: the local gradient is the other input." in await open_view(hand, "2")
        assert "(6.002 − 5.998) / 0.002 = 2   exact: 2" in await open_view(hand, "3")
        await hand.press("escape")
        assert hand.in_drill
        await hand.answer("3")
        assert hand.session.position == 2


async def test_where_nothing_is_derived_the_numbers_open(opened: Opened) -> None:
    async with opened("one-layer/score-gradient") as hand:
        while "shape of the gradient" not in hand.text():
            await hand.press("f6")
        await hand.answer("n, 1")
        await hand.press("f10")
        await hand.shows("has the shape of its variable")
        assert "nothing to derive" in await open_view(hand, "1")


async def test_the_views_turn_with_arrows_and_tabs_and_clicks(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.answer("2")
        await hand.press("f10")
        assert "× swaps" in await open_view(hand, "right")
        assert "exact: 2" in await open_view(hand, "tab")
        assert "a constant factor stays" in await open_view(hand, "tab")
        row = next(number for number, line in enumerate(hand.lines()) if "3 measured" in line)
        await hand.pilot.click(offset=(hand.lines()[row].index("measured"), row))
        await hand.settle()
        assert "exact: 2" in hand.text()


async def test_the_answer_that_was_told_can_be_asked_about(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.press(*["f2"] * 5)
        await hand.press("f10")
        assert isinstance(hand.app.screen, WhyScreen)


async def test_any_question_with_a_known_answer_opens_from_the_overview(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.answer("2")
        await hand.answer("3")
        await hand.press("f7", "home", "enter")
        assert isinstance(hand.app.screen, WhyScreen)
        assert "∂f/∂a = 2" in hand.text()
        await hand.press("escape")
        assert isinstance(hand.app.screen, OverviewScreen)


async def test_before_the_first_answer_there_is_nothing_to_explain(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.press("f10")
        assert "Answer a question first" in " ".join(hand.text().split())
        assert hand.in_drill


async def test_what_would_tell_the_answer_to_an_open_question_is_kept_back(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "later.yaml"
    path.write_text(
        "title: Later\ngiven: {x: 3, y: 2}\ngraph: {f: x * y}\nask:\n  - total: x\n  - formula: {wrt: x}\n", "utf-8"
    )
    async with opened(str(path)) as hand:
        await hand.answer("2")
        await hand.press("f10")
        assert "Not yet: this would give away the question ∂f/∂x, formula." in await open_view(hand, "1")
        assert "Not yet" in await open_view(hand, "2")
        assert "exact: 2" in await open_view(hand, "3")
        await hand.press("escape")
        await hand.answer("y")
        await hand.press("f7", "home", "enter")
        assert "d/dx (x · y)" in await open_view(hand, "1")


async def test_while_feedback_is_off_nothing_is_explained(opened: Opened) -> None:
    async with opened(FIRST, quiet_feedback=True) as hand:
        await hand.answer("7")
        assert "why" not in hand.lines()[-1]
        await hand.press("f10")
        assert hand.in_drill
        assert "predicts" not in hand.text()


async def test_chinese_has_the_same_views(opened: Opened) -> None:
    async with opened(FIRST, language="zh", size=(60, 20)) as hand:
        await hand.answer("2")
        await hand.press("f10")
        await hand.settle()
        assert "1 推导" in hand.text()
        assert "精确值：2" in await open_view(hand, "3")


async def test_a_long_derivation_scrolls_with_the_arrows(opened: Opened) -> None:
    async with opened(KINDS, size=(60, 20)) as hand:
        await hand.press("f7", *["down"] * 16, "enter")
        await hand.answer("[[0.30502, 0, 0], [0, 0.786448, 0], [0, 0, 0.216152]]")
        await hand.press("f10")
        assert "= 1 − h²" not in await open_view(hand, "1")
        await hand.press(*["down"] * 30)
        assert "= 1 − h²" in hand.text()
