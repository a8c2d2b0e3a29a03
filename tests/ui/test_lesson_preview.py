"""A lesson that is being written, on screen: every save shows, errors stand in its place, nothing is recorded."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.ui.conftest import Hand
from tutor.authoring import watch
from tutor.learner.settings import settings
from tutor.places import places
from tutor.ui.preview_app import PreviewApp
from tutor.ui.screens.drill import DrillScreen
from tutor.ui.screens.drill_plots import PlotsScreen
from tutor.ui.screens.lesson_preview import ReportScreen
from tutor.ui.screens.lesson_text import LessonTextScreen
from tutor.ui.screens.summary import SummaryScreen

LESSON = """\
title: {en: A product, zh: 一个积}
given: {x: 2, y: 3, z: 5}
graph:
  a: x * y
  f: a * z
"""
BROKEN = LESSON.replace("a * z", "a * q").replace("{x: 2", "{x: 2, x: 4")


class Desk(Hand):
    """An author with the preview and an editor."""

    def __init__(self, app: PreviewApp, pilot: Any, path: Path) -> None:
        super().__init__(app, pilot)
        self.preview, self.path = app, path

    async def save(self, text: str) -> None:
        """Save the file, and wait until that shows."""
        before = self.preview.versions
        self.path.write_text(text, "utf-8")
        await self.until(lambda: self.preview.versions > before)

    async def looked_at(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Wait until the file was looked at twice more."""
        looks = 0
        stamp = watch._stamp

        def look(path: Path) -> Any:
            nonlocal looks
            looks += 1
            return stamp(path)

        with monkeypatch.context() as patch:
            patch.setattr(watch, "_stamp", look)
            await self.until(lambda: looks > 2)


Previewed: TypeAlias = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def previewed(tmp_path: Path) -> Previewed:
    """The preview at work: `async with previewed(LESSON) as desk`; without a text there is no file yet."""

    @asynccontextmanager
    async def open_(
        text: str | None = LESSON, *, size: tuple[int, int] = (80, 24), **options: Any
    ) -> AsyncIterator[Desk]:
        path = tmp_path / "lesson.yaml"
        if text is not None:
            path.write_text(text, "utf-8")
        app = PreviewApp(path, **options)
        app.animation_level = "none"
        async with app.run_test(size=size, notifications=True) as pilot:
            desk = Desk(app, pilot, path)
            await desk.until(lambda: app.versions > 0)
            yield desk

    return open_


async def test_the_drill_is_as_learners_see_it_under_a_line_that_says_preview(previewed: Previewed) -> None:
    async with previewed() as desk:
        assert isinstance(desk.app.screen, DrillScreen)
        top = desk.lines()[0]
        assert "preview › A product" in top
        assert "read " in top
        assert "0/6" in top
        await desk.answer("5")
        assert "✓ ∂f/∂a = 5" in desk.text()
        await desk.answer("7")
        assert "✗" in desk.text()
        await desk.press("f2")
        assert "hint 1/5" in desk.text()


async def test_a_save_shows_and_keeps_the_question_and_what_was_typed(previewed: Previewed) -> None:
    async with previewed() as desk:
        await desk.answer("5")
        await desk.type("1 + 2")
        asked = desk.session.current
        await desk.save(LESSON.replace("A product", "Another product"))
        assert "Another product" in desk.lines()[0]
        assert "read again" in desk.lines()[0]
        assert asked is not None
        assert desk.session.current is not None
        assert desk.session.current.id == asked.id == "local f z"
        assert desk.box.value == "1 + 2"
        assert desk.session.states[0].state == "right"
        assert desk.app.focused is desk.box


async def test_an_answer_that_no_longer_holds_is_open_again(previewed: Previewed) -> None:
    async with previewed() as desk:
        await desk.answer("5")
        await desk.answer("6")
        await desk.save(LESSON.replace("z: 5", "z: 7"))
        states = {question.id: state.state for question, state in zip(*questions_and_states(desk), strict=True)}
        assert states["local f a"] == "open"
        assert states["local f z"] == "right"


def questions_and_states(desk: Desk) -> tuple[Any, Any]:
    return desk.session.drill.questions, desk.session.states


async def test_all_errors_stand_in_place_of_the_lesson_until_they_are_mended(previewed: Previewed) -> None:
    async with previewed(size=(100, 40)) as desk:
        await desk.answer("5")
        await desk.save(BROKEN)
        assert isinstance(desk.app.screen, ReportScreen)
        lines = desk.lines()
        said = " ".join(desk.text().split())
        assert "2 to mend" in said
        assert "q is not known here. Known are x, y, z, a, f." in said
        assert "lesson.yaml:2:" in said
        assert "lesson.yaml:5:10" in said
        row = next(k for k, line in enumerate(lines) if "f: a * q" in line)
        assert lines[row + 1].index("▲") == lines[row].index("q")
        await desk.press("f1")
        await desk.save(LESSON)
        assert isinstance(desk.app.screen, DrillScreen)
        assert desk.session.position == 1
        assert len(desk.app.screen_stack) == 2


async def test_a_draft_survives_an_error(previewed: Previewed) -> None:
    async with previewed() as desk:
        await desk.type("4 - ")
        await desk.save(BROKEN)
        await desk.save(LESSON)
        assert desk.box.value == "4 - "


@pytest.mark.parametrize("start", [None, "", BROKEN, LESSON[:40], "\t"])
async def test_a_file_that_is_not_there_or_broken_at_the_start_is_waited_for(
    start: str | None, previewed: Previewed
) -> None:
    async with previewed(start) as desk:
        assert isinstance(desk.app.screen, ReportScreen)
        assert "✗" in desk.text()
        await desk.press("enter", "f12")
        assert isinstance(desk.app.screen, ReportScreen)
        await desk.save(LESSON)
        assert "∂f/∂a =" in desk.text()


async def test_editors_that_put_a_new_file_in_place_are_followed(previewed: Previewed, tmp_path: Path) -> None:
    async with previewed() as desk:
        for number in (4, 6):
            fresh = tmp_path / "fresh"
            fresh.write_text(LESSON.replace("z: 5", f"z: {number}"), "utf-8")
            before = desk.preview.versions
            os.replace(fresh, desk.path)
            await desk.until(lambda before=before: desk.preview.versions > before)  # type: ignore[misc]
            assert f"→ {number}" in desk.text()


@pytest.mark.parametrize("goes", [Path.unlink, lambda path: path.write_text("")])
async def test_a_file_that_is_gone_or_empty_for_a_moment_keeps_the_lesson(
    goes: Callable[[Path], object], previewed: Previewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(watch.Watched.__init__.__kwdefaults__, "patience", 600)  # on a busy machine a moment is long
    async with previewed() as desk:
        goes(desk.path)
        await desk.looked_at(monkeypatch)
        assert isinstance(desk.app.screen, DrillScreen)
        assert desk.preview.versions == 1
        await desk.save(LESSON.replace("z: 5", "z: 8"))
        assert "→ 8" in desk.text()


async def test_ten_saves_in_a_burst_end_with_the_last(previewed: Previewed) -> None:
    async with previewed() as desk:
        for number in range(11, 21):
            desk.path.write_text(LESSON.replace("z: 5", f"z: {number}"), "utf-8")
            await desk.pilot.pause(0.01)
        await desk.shows("→ 20")
        assert "→ 20" in desk.text()


async def test_a_file_that_is_written_in_pieces_is_read_when_it_is_whole(previewed: Previewed) -> None:
    async with previewed() as desk:
        with desk.path.open("w", encoding="utf-8") as file:
            for start in range(0, len(LESSON), 20):
                file.write(LESSON.replace("z: 5", "z: 9")[start : start + 20])
                file.flush()
                await desk.pilot.pause(0.03)
        await desk.shows("→ 9")
        assert "→ 9" in desk.text()


PARTS = """\
title: {en: Two graphs, zh: 两个图}
parts:
  - name: {en: The first, zh: 第一个}
    given: {x: 2, y: 3}
    graph: {f: x * y}
"""
SECOND = """\
  - name: {en: The second, zh: 第二个}
    given: {u: 4, v: 6}
    graph: {g: u * v}
"""


async def test_a_lesson_may_gain_and_lose_parts(previewed: Previewed) -> None:
    async with previewed(PARTS + SECOND) as desk:
        for answer in ("3", "2"):
            await desk.answer(answer)
        await desk.press("f7", "end", "enter")
        assert desk.session.current is not None
        assert desk.session.current.part == 1
        assert "The second" in desk.text()
        await desk.save(PARTS)
        assert len(desk.session.drill.parts) == 1
        assert "The first" in desk.text()
        await desk.save(PARTS + SECOND)
        assert len(desk.session.drill.parts) == 2
        await desk.save(LESSON)
        assert "A product" in desk.text()


async def test_any_question_can_be_asked_again(previewed: Previewed) -> None:
    async with previewed() as desk:
        for answer in ("5", "6"):
            await desk.answer(answer)
        await desk.press("f7", "home", "enter")
        assert desk.session.position == 0
        assert "∂f/∂a =" in desk.text()
        assert desk.session.states[0].state == "open"
        await desk.answer("5")
        assert desk.session.position == 2


@pytest.mark.parametrize("key", ["f12", "ctrl+s"])
async def test_a_key_takes_the_next_numbers_at_the_same_question(key: str, previewed: Previewed) -> None:
    drawn = LESSON.replace("x: 2", "x: {shape: [], integers: [10, 99]}")
    async with previewed(drawn) as desk:
        await desk.press("f6", "f6")
        asked, numbers = desk.session.current, desk.session.drill.parts[0].draw.numbers
        await desk.press(key)
        await desk.until(lambda: desk.preview.versions == 2)
        assert desk.session.drill.seed == 1
        assert desk.session.drill.parts[0].draw.numbers != numbers
        assert asked is not None
        assert desk.session.current is not None
        assert desk.session.current.id == asked.id
        await desk.save(drawn.replace("A product", "Other"))
        assert desk.session.drill.seed == 1


async def test_the_language_changes_and_stays(previewed: Previewed) -> None:
    async with previewed() as desk:
        await desk.press("f8")
        assert "预览 › 一个积" in desk.lines()[0]
        await desk.save(LESSON.replace("一个积", "两个积"))
        assert "预览 › 两个积" in desk.lines()[0]
    assert settings().language is None  # `tutor check` speaks to the author as before


async def test_the_lessons_text_comes_first_and_follows_the_file(previewed: Previewed) -> None:
    told = LESSON + "about: {en: The idea is old., zh: 旧想法。}\n"
    async with previewed(told) as desk:
        assert isinstance(desk.app.screen, LessonTextScreen)
        assert "The idea is old." in desk.text()
        await desk.save(told.replace("old", "new").replace("A product", "Products"))
        assert isinstance(desk.app.screen, LessonTextScreen)
        assert "The idea is new." in desk.text()
        assert "Products" in desk.lines()[0]
        await desk.press("enter")
        assert isinstance(desk.app.screen, DrillScreen)
        assert "∂f/∂a =" in desk.text()
        await desk.press("f4")
        assert "The idea is new." in desk.text()
        await desk.press("escape")
        assert isinstance(desk.app.screen, DrillScreen)


async def test_hints_that_are_being_written_change_on_screen(previewed: Previewed) -> None:
    hinted = LESSON + "hints:\n  local f a:\n    - {en: Think of two., zh: 想想二。}\n"
    async with previewed(hinted) as desk:
        await desk.press("f2")
        assert "Think of two." in desk.text()
        await desk.save(hinted.replace("two", "three"))
        assert "Think of three." in desk.text()


async def test_the_table_and_help_stay_open(previewed: Previewed) -> None:
    async with previewed() as desk:
        await desk.press("f3")
        assert "expression" in desk.text()
        await desk.save(LESSON.replace("z: 5", "z: 6"))
        assert "expression" in desk.text()
        await desk.press("f1")
        assert "In a preview" in desk.text()
        await desk.save(LESSON)
        assert "In a preview" in desk.text()
        await desk.press("escape")
        assert isinstance(desk.app.screen, DrillScreen)


async def test_the_overview_gives_way_to_the_new_version(previewed: Previewed) -> None:
    async with previewed() as desk:
        await desk.press("f7")
        await desk.save(LESSON.replace("z: 5", "z: 6"))
        assert isinstance(desk.app.screen, DrillScreen)
        assert "→ 6" in desk.text()


async def test_warnings_are_counted_in_the_bar_and_told_in_the_report(previewed: Previewed) -> None:
    warned = LESSON.replace("given: {x: 2, y: 3, z: 5}", "sizes: {n: 2, m: 2}\ngiven: {x: 2, y: 3, z: 5}")
    async with previewed(warned) as desk:
        assert desk.preview.file.version is not None
        count = len(desk.preview.file.version.warnings)
        assert count
        assert f"! {count}" in desk.lines()[0]
        await desk.press("escape")
        text = " ".join(desk.text().split())
        assert f"Warnings: {count}" in text
        assert "lesson.yaml:2:" in text
        assert "not recorded" in text
        await desk.press("enter")
        assert isinstance(desk.app.screen, DrillScreen)


async def test_at_the_end_the_summary_follows_the_file_too(previewed: Previewed) -> None:
    async with previewed() as desk:
        while desk.in_drill and (question := desk.session.current) is not None:
            assert question.typed is not None
            await desk.answer(question.typed)
        await desk.until(lambda: isinstance(desk.app.screen, SummaryScreen))
        await desk.save(LESSON.replace("A product", "The product"))
        assert isinstance(desk.app.screen, SummaryScreen)
        assert "The product" in desk.lines()[0]
        await desk.press("f7")
        await desk.save(LESSON)
        assert isinstance(desk.app.screen, SummaryScreen)
        assert "A product" in desk.lines()[0]
        await desk.press("f7", "home", "enter")
        assert isinstance(desk.app.screen, DrillScreen)
        assert desk.session.position == 0
        await desk.press(*["escape"])
        assert isinstance(desk.app.screen, ReportScreen)


async def test_plots_are_one_key_from_the_report_and_follow_the_file(previewed: Previewed) -> None:
    async with previewed(LESSON + "plots: [counts]\n", size=(90, 40)) as desk:
        await desk.press("escape")
        assert "p plots" in desk.lines()[-1]
        await desk.press("p")
        assert "How many operations it takes" in desk.text()
        await desk.save(LESSON + "plots: [gradient-norms]\n")
        assert isinstance(desk.app.screen, PlotsScreen)
        assert "How large the gradient is" in desk.text()
        await desk.press("escape")
        assert isinstance(desk.app.screen, ReportScreen)
        await desk.save(LESSON)
        assert "plots" not in desk.lines()[-1]
        await desk.press("p")
        assert isinstance(desk.app.screen, ReportScreen)


async def test_nothing_is_recorded(previewed: Previewed, home: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    async with previewed() as desk:
        await desk.answer("5")
        await desk.answer("7")
        await desk.save(BROKEN)
        await desk.save(LESSON)
    assert not places().progress.exists()
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


async def test_whatever_is_written_by_way_of_the_app_stays_in_memory(previewed: Previewed) -> None:
    async with previewed() as desk:
        desk.app.store.open_drill("a", "f", 0, "[]", 1)
        assert desk.app.store.drills("a") == 1
        assert not places().progress.exists()


async def test_a_lesson_without_questions_is_no_trouble(previewed: Previewed) -> None:
    async with previewed() as desk:
        await desk.save(LESSON + "worked: 6\n")
        await desk.settle()
        assert isinstance(desk.app.screen, SummaryScreen | ReportScreen | DrillScreen)
        await desk.save(LESSON)
        assert "∂f/∂a =" in desk.text()


async def test_a_fault_of_ours_stands_in_place_of_the_lesson_too(
    previewed: Previewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(*_: object) -> None:
        raise RecursionError

    async with previewed() as desk:
        with monkeypatch.context() as patch:
            patch.setattr(watch, "build", build)
            await desk.save(LESSON.replace("z: 5", "z: 6"))
            assert "RecursionError" in desk.text()
        await desk.save(LESSON)
        assert isinstance(desk.app.screen, DrillScreen)


async def test_q_leaves_the_report(previewed: Previewed) -> None:
    async with previewed() as desk:
        await desk.press("escape")
        await desk.pilot.press("q")
        assert desk.app.return_code == 0
