"""A derivation on screen: lines that stand move up, only the next is typed, and the whole is there to keep."""

from pathlib import Path

import pytest
from textual.events import Key

from tests.ui.conftest import Hand, Opened
from tutor.places import places
from tutor.ui.screens.derivations import DerivationsScreen
from tutor.ui.screens.summary import SummaryScreen

pytestmark = pytest.mark.usefixtures("experienced")

GIVEN = """title: The gradient of b
given: {W: [[0.5, -0.2], [0.1, 0.3]], x: [[2], [-1]], b: [[0.4], [-0.7]], u: [[-1], [3]]}
graph: {z: W @ x + b, h: tanh(z), s: u.T @ h}
ask:
  - derive: {wrt: b, using: [u, h]}
"""
CHAIN, MIDDLE, LAST = "ds/dh @ dh/dz @ dz/db", "u.T @ diag(1 - h^2)", "u * (1 - h^2)"
LATEX = "\\begin{aligned}\n\\frac{\\partial s}{\\partial b}"


@pytest.fixture
def lesson(tmp_path: Path) -> str:
    path = tmp_path / "derive.yaml"
    path.write_text(GIVEN.replace("given:", "sizes: {n: 2}\ngiven:") + "  - total: b\n", "utf-8")
    return str(path)


async def derive(hand: Hand) -> None:
    for line in (CHAIN, MIDDLE, LAST):
        await hand.answer(line)


async def test_a_line_that_stands_moves_up_and_leaves_the_box_empty(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "derive.yaml"
    path.write_text(GIVEN)
    async with opened(str(path)) as hand:
        await hand.answer(CHAIN)
        assert f"1. {CHAIN}" in hand.text()
        assert hand.box.value == ""
        await hand.answer("u.T @ diag(1 - h)")
        assert "2. u.T" not in hand.text()
        assert hand.box.value == "u.T @ diag(1 - h)"
        await hand.answer(MIDDLE)
        assert f"2. {MIDDLE}" in hand.text()
        await hand.answer(LAST)
        assert hand.session.finished


async def test_enter_on_the_empty_line_ends_what_could_go_on(opened: Opened, lesson: str) -> None:
    async with opened(lesson, language="zh") as hand:
        await hand.answer(CHAIN)
        await hand.press("enter")
        assert "1. " in hand.text()
        await hand.answer(MIDDLE)
        assert f"2. {MIDDLE}" in hand.text()
        assert "在空行上按回车" in hand.text()
        await hand.press("enter")
        assert isinstance(hand.app.screen, DerivationsScreen)
        assert hand.session.states[0].state == "right"


async def test_a_line_that_stands_is_not_called_free_or_wrong(opened: Opened, lesson: str) -> None:
    async with opened(lesson) as hand:
        await hand.answer(CHAIN)
        assert "✓ Line 1 stands." in hand.text()
        assert "does not count" not in hand.text()


async def test_the_whole_derivation_shows_at_its_end_and_enter_goes_on(opened: Opened, lesson: str) -> None:
    async with opened(lesson) as hand:
        await derive(hand)
        assert isinstance(hand.app.screen, DerivationsScreen)
        assert f"= {CHAIN}" in hand.text()
        assert f"= {MIDDLE}" in hand.text()
        assert f"→ {LAST}    (1, 2) → (2, 1)" in hand.text()
        await hand.press("enter")
        assert hand.in_drill
        assert "∂s/∂b =" in hand.text()
        assert hand.box.value == ""


@pytest.mark.parametrize("key", [Key("enter", "\r"), Key("escape", "\x1b")])
async def test_what_is_typed_right_behind_the_card_is_the_next_answer(key: Key, opened: Opened, lesson: str) -> None:
    async with opened(lesson) as hand:
        await derive(hand)
        assert isinstance(hand.app.screen, DerivationsScreen)
        hand.app.post_message(Key(key.key, key.character))
        await hand.type("[0.25, 1]")
        assert hand.in_drill
        assert "∂s/∂b =" in hand.text()
        assert hand.box.value == "[0.25, 1]"


async def test_the_last_question_of_a_drill_leads_on_to_its_end(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "derive.yaml"
    path.write_text(GIVEN.replace("given:", "sizes: {n: 2}\ngiven:"), "utf-8")
    async with opened(str(path)) as hand:
        await derive(hand)
        assert isinstance(hand.app.screen, DerivationsScreen)
        await hand.press("enter")
        assert isinstance(hand.app.screen, SummaryScreen)
        await hand.press("ctrl+l")
        assert isinstance(hand.app.screen, DerivationsScreen)


async def test_it_is_copied_as_text_and_as_latex(opened: Opened, lesson: str) -> None:
    async with opened(lesson) as hand:
        await derive(hand)
        await hand.press("t")
        assert hand.app.clipboard.startswith("∂s/∂b\n  = ds/dh @ dh/dz @ dz/db\n")
        assert "Copied as text." in hand.text()
        await hand.press("l")
        assert hand.app.clipboard.startswith(LATEX)
        assert "Copied as LaTeX." in hand.text()


async def test_it_is_saved_to_files_and_the_place_is_shown(opened: Opened, lesson: str) -> None:
    async with opened(lesson, size=(160, 50)) as hand:
        await derive(hand)
        await hand.press("s")
        text, tex = sorted(places().derivations.iterdir(), reverse=True)
        assert text.read_text("utf-8").startswith("∂s/∂b\n")
        assert tex.read_text("utf-8").startswith(LATEX)
        shown = "".join(line.strip(" │") for line in hand.lines())
        assert text.name in shown
        assert tex.name in shown


async def test_a_disk_that_cannot_be_written_to_is_said(opened: Opened, lesson: str) -> None:
    async with opened(lesson) as hand:
        await derive(hand)
        places().derivations.write_text("in the way", "utf-8")
        await hand.press("s")
        assert "This could not be saved" in hand.text()


async def test_the_key_opens_it_again_later_and_says_so_where_there_is_none(opened: Opened, lesson: str) -> None:
    async with opened(lesson) as hand:
        await hand.press("ctrl+l")
        assert "There is no derivation" in hand.text()
        await derive(hand)
        await hand.press("enter", "ctrl+l")
        assert isinstance(hand.app.screen, DerivationsScreen)
        await hand.press("escape")
        assert hand.in_drill


async def test_the_palette_copies_it_too(opened: Opened, lesson: str) -> None:
    async with opened(lesson) as hand:
        await derive(hand)
        await hand.press("enter")
        await hand.press("ctrl+p")
        await hand.find("as LaTeX")
        await hand.press("enter")
        await hand.settle()
        assert hand.app.clipboard.startswith(LATEX)


async def test_a_derivation_longer_than_the_card_scrolls(opened: Opened, lesson: str) -> None:
    async with opened(lesson, size=(60, 20)) as hand:
        for line in (CHAIN, *(MIDDLE + " * 1" * number for number in range(15))):
            hand.session.answer(line)
        await hand.answer(LAST)
        assert isinstance(hand.app.screen, DerivationsScreen)
        assert f"= {CHAIN}" not in hand.text()
        await hand.press(*["up"] * 20)
        assert f"= {CHAIN}" in hand.text()
