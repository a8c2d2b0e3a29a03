"""The plots at the end of a drill: computed off the screen's thread, scrolled through, as pictures or as tables."""

import re
from pathlib import Path

import pytest

from tests.ui.conftest import Hand, Opened
from tutor.text.columns import display_width
from tutor.ui.screens.drill_plots import PlotsScreen
from tutor.ui.screens.summary import SummaryScreen

DEEP = """\
title: {en: Deep, zh: 深}
plots: [gradient-check, gradient-norms, counts, timing]
given: {x: 1, w: 2}
graph:
  h1: sigmoid(w * x)
  h2: sigmoid(w * h1)
  h3: sigmoid(w * h2)
ask:
  - local: {of: h3, wrt: h2}
"""
pytestmark = pytest.mark.usefixtures("experienced")


@pytest.fixture
def deep(tmp_path: Path) -> str:
    path = tmp_path / "deep.yaml"
    path.write_text(DEEP, "utf-8")
    return str(path)


async def to_the_plots(hand: Hand) -> None:
    await hand.press(*["f2"] * 5)
    await hand.settle()
    assert isinstance(hand.app.screen, SummaryScreen)
    await hand.press("p")
    assert isinstance(hand.app.screen, PlotsScreen)


async def test_the_summary_offers_the_plots_and_gets_back(opened: Opened, deep: str) -> None:
    async with opened(deep) as hand:
        await hand.press(*["f2"] * 5)
        await hand.settle()
        assert "see the plots of this lesson" in hand.text()
        assert "p plots" in hand.lines()[-1]
        await hand.press("p")
        assert "Deep › plots" in hand.lines()[0]
        await hand.press("escape")
        assert isinstance(hand.app.screen, SummaryScreen)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 50)])
async def test_everything_can_be_scrolled_to(size: tuple[int, int], opened: Opened, deep: str) -> None:
    async with opened(deep, size=size) as hand:
        await to_the_plots(hand)
        seen = hand.text()
        assert "Gradient check: the error against h" in seen
        for _ in range(12):
            await hand.press("pagedown")
            seen += hand.text()
        assert "How large the gradient is on its way back" in seen
        assert "How many operations it takes" in seen
        assert "backward, path by path" in seen
        assert "How long it takes" in seen
        assert "┤" in seen
        assert "━" in seen


async def test_the_numbers_show_in_place_of_the_pictures(opened: Opened, deep: str) -> None:
    async with opened(deep, size=(90, 60)) as hand:
        await to_the_plots(hand)
        assert "┤" in hand.text()
        assert "F3 table" in hand.lines()[-1]
        await hand.press("f3")
        text = hand.text()
        assert "┤" not in text
        assert "one-sided  two-sided" in text
        assert "multiplications  additions" in text
        assert "F3 pictures" in hand.lines()[-1]
        await hand.press("f3")
        assert "┤" in hand.text()


async def test_the_plots_speak_the_language_on_screen(opened: Opened, deep: str) -> None:
    async with opened(deep, size=(90, 60)) as hand:
        await to_the_plots(hand)
        await hand.press("f8")
        text = hand.text()
        assert "深 › 图表" in text
        assert "梯度检验" in text
        assert "反向，逐条路径" in text
        signs = [display_width(line.partition("×")[0]) for line in hand.lines() if "×" in line]
        assert len(signs) == 4
        assert len(set(signs)) == 1


@pytest.mark.parametrize("ascii", [True, False])
async def test_without_wide_signs_curves_are_drawn_with_full_stops(ascii: bool, opened: Opened, deep: str) -> None:
    async with opened(deep, size=(90, 60), ascii=ascii) as hand:
        await to_the_plots(hand)
        drawn = hand.app.export_screenshot()
        assert bool(re.search("[\u2801-\u28ff]", drawn)) is not ascii
        assert ("...." in drawn) is ascii


async def test_a_lesson_without_plots_says_so_only_when_asked(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    path.write_text(DEEP.replace("plots: [gradient-check, gradient-norms, counts, timing]\n", ""), "utf-8")
    async with opened(str(path)) as hand:
        await hand.press(*["f2"] * 5)
        await hand.settle()
        assert "plots" not in hand.text()
        await hand.press("p")
        assert isinstance(hand.app.screen, SummaryScreen)
        assert "This lesson has no plots." in hand.text()


async def test_every_graph_of_several_is_named(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "parts.yaml"
    path.write_text(
        "title: T\nplots: [counts]\nparts:\n"
        "  - {name: First, given: {x: 2}, graph: {f: x^2}}\n"
        "  - {given: {y: 3}, graph: {g: y^3}}\n",
        "utf-8",
    )
    async with opened(str(path), size=(90, 50)) as hand:
        while hand.in_drill and hand.session.current is not None:
            await hand.answer(hand.session.current.typed or "")
        await hand.settle()
        await hand.press("p")
        assert "How many operations it takes ∙ First" in hand.text()
        assert "How many operations it takes ∙ 2" in hand.text()
