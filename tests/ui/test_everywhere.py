"""What holds on every screen: language, size, help, palette, --ascii, leaving."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from textual.command import CommandPalette

from tests.ui.conftest import Opened
from tutor.cli.options import language_asked
from tutor.learner.settings import remember
from tutor.text import LANGUAGES
from tutor.ui.app import TutorApp
from tutor.ui.screens.course import CourseScreen
from tutor.ui.themes import OURS

pytestmark = pytest.mark.usefixtures("experienced")
FIRST = "circuits/first-circuit"


async def test_the_language_changes_while_running(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.press("f2")
        await hand.type("3")
        await hand.press("f8")
        text = hand.text()
        assert "上游梯度" in text
        assert "提示 1/5" in text
        assert "理解为" in text
        assert "hint" not in text
        assert hand.box.value == "3"
        await hand.press("f8")
        assert "upstream" in hand.text()


async def test_the_course_changes_its_language_too(opened: Opened) -> None:
    async with opened() as hand:
        await hand.press("l")
        assert "课程" in hand.text()
        assert "第一个计算图" in hand.text()


@pytest.mark.parametrize("start", [None, FIRST, "one-layer/score-gradient"])
async def test_every_size_shows_the_question_and_the_keys(opened: Opened, start: str | None) -> None:
    async with opened(start, size=(60, 20)) as hand:
        for size in ((60, 20), (80, 24), (100, 30), (160, 50)):
            await hand.pilot.resize_terminal(*size)
            for _ in LANGUAGES:
                hand.app.change_language()
                await hand.settle()
                assert len(hand.lines()) == size[1]
                assert "⏎" in hand.lines()[-1]
                if start is not None:
                    assert any("∂" in line and "=" in line for line in hand.lines())


async def test_a_terminal_that_is_too_small_says_so_in_one_line_and_loses_nothing(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.type("1/3")
        await hand.pilot.resize_terminal(50, 15)
        await hand.settle()
        assert [line for line in hand.lines() if line] == [" tutor needs 60×20, not 50×15"]
        await hand.pilot.resize_terminal(80, 24)
        await hand.settle()
        assert hand.box.value == "1/3"
        await hand.type("0")
        assert hand.box.value == "1/30"


async def test_resizing_lays_the_graph_out_again(opened: Opened) -> None:
    async with opened("one-layer/score-gradient", size=(80, 24)) as hand:
        assert "z = W @ x + b" in hand.text()
        await hand.pilot.resize_terminal(160, 50)
        await hand.settle()
        assert "→ 2.7319   ← 1" in hand.text()


async def test_ascii_leaves_no_character_of_ambiguous_width(opened: Opened) -> None:
    from unicodedata import east_asian_width

    async with opened(FIRST, ascii=True) as hand:
        await hand.answer("7")
        await hand.press("f1")
        await hand.press("escape")
        assert {character for character in hand.text() if east_asian_width(character) == "A"} == set()
        assert "+-----------+" in hand.text()


@pytest.mark.usefixtures("experienced")
async def test_with_ascii_the_mark_of_what_is_open_is_no_product(opened: Opened) -> None:
    async with opened(ascii=True, size=(90, 30)) as hand:
        assert ". Branches add up" in hand.text()
        assert "Enter open" in hand.text()
    async with opened(FIRST, ascii=True, size=(90, 40)) as hand:
        await hand.press("f7")
        assert "  2 . local gradient" in hand.text()
        assert ". open  v right" in hand.text()
        assert "Enter go there" in hand.text()
        await hand.press("escape", "f1", "pagedown")
        assert "In the course: . new" in " ".join(hand.text().split())


async def test_the_palette_finds_lessons_themes_and_keys(opened: Opened) -> None:
    async with opened() as hand:
        await hand.press("f9")
        await hand.find("tutor-light")
        await hand.press("enter")
        assert hand.app.theme == "tutor-light"
        await hand.press("ctrl+p")
        assert isinstance(hand.app.screen, CommandPalette)
        await hand.find("A first circuit")
        await hand.press("enter")
        await hand.past_the_text()
        assert hand.in_drill


async def test_language_and_theme_are_there_again_at_the_next_start(opened: Opened) -> None:
    async with opened() as hand:
        assert (hand.app.language, hand.app.theme) == ("en", "tutor-dark")
        await hand.press("f9")
        await hand.find("tutor-light")
        await hand.press("enter", "f8")
        assert hand.app.language == "zh"
    assert language_asked([]) == "zh"
    async with opened() as hand:
        assert hand.app.theme == "tutor-light"


async def test_the_theme_of_the_environment_goes_before_the_one_chosen(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(theme="tutor-light")
    monkeypatch.setenv("TEXTUAL_THEME", "tutor-contrast")
    async with opened() as hand:
        assert hand.app.theme == "tutor-contrast"


@pytest.mark.parametrize("lesson", [None, FIRST])
async def test_control_c_ends_nothing_and_says_how_to_quit(opened: Opened, lesson: str | None) -> None:
    async with opened(lesson) as hand:
        await hand.press("ctrl+c")
        assert hand.app.is_running
        assert "ctrl+q quits" in hand.text()


async def test_control_c_says_how_to_quit_where_a_wrong_answer_is_selected(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.type("7")
        await hand.press("enter", "ctrl+c")
        assert "ctrl+q quits" in hand.text()
        assert hand.app.clipboard == "7"


async def test_control_q_ends_from_anywhere(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.type("2")
        await hand.press("f1")
        await hand.pilot.press("ctrl+q")
        async with asyncio.timeout(60):
            while hand.app.is_running:
                await asyncio.sleep(0.01)
        assert not hand.app.is_running


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
async def test_a_termination_signal_leaves_in_order(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(60):
            while hand.app.is_running:
                await asyncio.sleep(0.01)
        assert not hand.app.is_running
        assert hand.app.return_code == 128 + signal.SIGTERM


async def test_every_theme_draws_every_screen(opened: Opened) -> None:
    themes = [*(theme.name for theme in OURS), "textual-dark", "textual-light", "ansi-dark", "ansi-light"]
    async with opened(text=True) as hand:
        for keys in ((), ("enter",), ("enter",), ("f2", "left"), ("f3",), ("f7",), ("escape", "f1")):
            await hand.press(*keys)
            for theme in themes:
                hand.app.theme = theme
                await hand.pilot.pause()
                assert hand.text().strip()
        await hand.press("escape")
        assert hand.in_drill


async def test_an_error_of_ours_is_told_in_one_line_without_values(
    opened: Opened, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = TutorApp()
    secret = "what was typed"
    try:
        raise ValueError(secret)
    except ValueError as error:
        message = app.explain(error)
    assert message.params["error"] == "ValueError"
    assert secret not in str(message.params)
    assert "test_everywhere" in (home / "error.log").read_text("utf-8")


async def test_a_lesson_that_fails_does_not_end_the_course(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tutor.ui.screens.lesson_opening.open_session", fails)
    async with opened() as hand:
        await hand.press("enter")
        assert "ZeroDivisionError" in hand.text()
        await hand.press("escape")
        assert isinstance(hand.app.screen, CourseScreen)


async def test_the_key_bar_keeps_help_and_the_way_back_where_room_is_short(opened: Opened) -> None:
    async with opened(FIRST, size=(60, 20)) as hand:
        bar = hand.lines()[-1]
        assert "⏎ check" in bar
        assert "F1 help" in bar
        assert "esc back" in bar
        assert "F4" not in bar
