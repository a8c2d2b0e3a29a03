"""Texts of lessons and learners on every screen: nothing of them is obeyed by the terminal, or read as markup."""

import os
import re
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.events import Paste
from textual.widgets import Markdown, OptionList

from tests.fuzz.hostile_texts import BRACKETS, HOSTILE, course, lesson, obeyed
from tests.ui.conftest import Hand, Opened
from tests.ui.test_lesson_preview import Previewed, previewed
from tutor.ui.app import TutorApp

__all__ = ["previewed"]
pytestmark = pytest.mark.usefixtures("experienced")
WIDE = (150, 50)
RIGHT = ["2", "a, b, f", "y", "b", "2", "5"]
SEEN = {HOSTILE: "a␛[2Jb␛]0;owned␇", BRACKETS: "Shapes [n=3, m=2] x[i]"}


@pytest.fixture(params=[HOSTILE, BRACKETS], ids=["escapes", "brackets"])
def text(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A text that stands wherever a text can stand, in a course beside ours."""
    monkeypatch.setenv("TUTOR_LESSONS", str(course(tmp_path / "lessons", request.param)))
    return str(request.param)


def assert_looks_harmless(hand: Hand, text: str, *, seen: bool = True) -> None:
    """The app lives, nothing on screen is obeyed, no action came from a text, and the text is seen as it is."""
    assert hand.app.is_running
    assert hand.app._exception is None
    shown = hand.text()
    assert obeyed(shown) == set()
    strips = hand.app.screen._compositor.render_strips(hand.app.size)
    clicks = {segment.style.meta.get("@click") for strip in strips for segment in strip if segment.style}
    assert not [click for click in clicks if click and not str(click).startswith("link(")]
    assert not seen or SEEN[text] in shown


async def test_the_course_and_its_preview(opened: Opened, text: str) -> None:
    async with opened(size=WIDE) as hand:
        await hand.press("home")
        for key in ("right", "down", "down", "down", "down"):
            await hand.press(key)
            assert_looks_harmless(hand, text)
        await hand.press("ctrl+p")
        assert isinstance(hand.app.screen, CommandPalette)
        assert_looks_harmless(hand, text, seen=False)
        for letters in ("Open", " a␛" if text == HOSTILE else " Shapes ["):
            await hand.type(letters)
            await hand.until(lambda: hand.app.screen.query_one(OptionList).option_count)
            assert_looks_harmless(hand, text, seen=False)
        await hand.shows(SEEN[text])
        assert_looks_harmless(hand, text)


async def test_a_lesson_from_its_text_to_its_summary(opened: Opened, text: str) -> None:
    async with opened("unit/right", size=WIDE, text=True) as hand:
        assert_looks_harmless(hand, text)
        links = hand.app.screen.query_one(Markdown)
        links.post_message(Markdown.LinkClicked(links, "file:///etc/passwd"))
        await hand.press("f8")
        assert_looks_harmless(hand, text)
        await hand.press("enter")
        assert_looks_harmless(hand, text)
        for _ in range(2):
            await hand.press("f2")
            assert_looks_harmless(hand, text)
        drill = hand.app.screen
        for key in ("f1", "f4", "f5", "f7", "f9"):
            await hand.press(key)
            assert_looks_harmless(hand, text, seen=False)
            if hand.app.screen is not drill:
                await hand.press("escape")
        for right in RIGHT:
            hand.box.post_message(Paste(text))
            await hand.press("enter")
            assert_looks_harmless(hand, text, seen=False)
            await hand.press("ctrl+u")
            await hand.answer(right)
            assert_looks_harmless(hand, text, seen=False)
        assert hand.session.current is None


async def test_a_lesson_that_is_broken_and_one_that_is_nowhere(opened: Opened, text: str) -> None:
    for name in ("unit/broken", re.sub("[\0/]", "", text)):
        async with opened(name, size=WIDE) as hand:
            assert_looks_harmless(hand, text, seen=False)


async def test_the_preview_of_a_lesson_that_is_being_written(previewed: Previewed, text: str) -> None:
    async with previewed(lesson(text), size=WIDE) as desk:
        await desk.until(lambda: desk.preview.file.version is not None)
        assert_looks_harmless(desk, text)
        await desk.save(lesson(text).replace("x + y", "x + q").replace('"x": 1', '"x": "y\\u001b[2J"'))
        assert_looks_harmless(desk, text, seen=False)


@pytest.mark.skipif(os.name == "nt", reason="such names are Unix's")
async def test_a_folder_with_such_a_name(opened: Opened, tmp_path: Path, text: str) -> None:
    folder = course(tmp_path / re.sub("[\0/]", "", text)[:60], text)
    async with opened(folder=folder, size=WIDE) as hand:
        assert_looks_harmless(hand, text)


async def test_an_error_is_told_as_it_is_named(text: str, capsys: pytest.CaptureFixture[str], home: Path) -> None:
    app = TutorApp()
    async with app.run_test():
        app._exception = type(re.sub("\0", "", text), (ValueError,), {})(text)
        app._fatal_error()
        app._exception = None
    app._print_error_renderables()
    printed = capsys.readouterr().err
    assert obeyed(printed) <= {"\x1b"}  # Rich's own, for colours
    assert SEEN[text][:9] in printed.replace("\n", "")
    assert obeyed((home / "error.log").read_text("utf-8")) == set()
