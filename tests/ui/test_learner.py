"""What a newcomer stumbles over: stale words, keys pressed once too often, hints that scroll away."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checking.lessons import NET
from tests.ui.conftest import Opened
from tutor.ui.progress_view import lesson_after
from tutor.ui.screens import drill
from tutor.ui.screens.lesson_opening import OpeningScreen
from tutor.ui.screens.summary import SummaryScreen

pytestmark = pytest.mark.usefixtures("experienced")

FIRST = "circuits/first-circuit"


@pytest.fixture
def lesson(tmp_path: Path) -> Callable[[str], str]:
    def write(ask: str) -> str:
        path = tmp_path / "lesson.yaml"
        path.write_text(f"title: T\n{NET}ask: {ask}\n", "utf-8")
        return str(path)

    return write


async def test_that_a_text_could_not_be_read_is_forgotten_at_the_first_edit(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.answer("x y")
        assert "could not be read" in hand.text()
        await hand.type("2")
        assert "could not be read" not in hand.text()
        assert hand.box.value == "2"


async def test_a_long_answer_loses_only_the_word_that_cannot_be_read(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.answer("1 + 2 + 3 + 4 * nonsense + 5")
        await hand.type("7")
        assert hand.box.value == "1 + 2 + 3 + 4 * 7 + 5"


async def test_ctrl_u_empties_the_box(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.type("1 + 2")
        await hand.press("left", "left", "ctrl+u")
        assert hand.box.value == ""


async def test_an_empty_enter_does_not_take_the_example_away(opened: Opened) -> None:
    async with opened("circuits/one-gate", size=(80, 40)) as hand:
        await hand.press("f7", "home", "enter")
        assert "Nothing lies above f" in hand.text()
        await hand.press("enter")
        assert "Type your answer" in hand.text()
        assert "Nothing lies above f" in hand.text()


async def test_a_long_example_is_read_from_its_beginning_and_the_key_to_read_on_is_named(opened: Opened) -> None:
    async with opened("circuits/one-gate") as hand:
        await hand.press("f7", "home", "enter")
        assert "example upstream gradient at f" in hand.text()
        assert "PgDn more" in hand.lines()[-1]
        await hand.press("pagedown")
        assert "example upstream gradient at f" not in hand.text()
        assert "PgUp more" in hand.lines()[-1]


async def test_a_hint_takes_the_old_verdict_away_and_shows_whole(opened: Opened) -> None:
    async with opened("one-layer/score-gradient") as hand:
        await hand.press(*["f6"] * 7)
        await hand.answer("up @ x")
        await hand.press("f2", "f2", "f2", "f2")
        said = hand.lines()[hand.lines().index(next(row for row in hand.lines() if "formula, from" in row)) + 3 :]
        assert not any(sign in row for row in said for sign in "✗↺")
        assert any(row.startswith(" hint 4/6") for row in said)
        first = next(row for row in said if row.strip())
        assert first.startswith(" hint")  # no fragment on top
        assert "PgUp more" in hand.lines()[-1]


async def test_one_press_too_many_does_not_spend_the_next_hint(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drill, "CALM", 600)
    async with opened(FIRST) as hand:
        await hand.press(*["f2"] * 6)
        assert hand.session.position == 1
        assert hand.session.states[1].hints == 0
        assert "hint 5/5" in hand.text()
        hand.app.screen._calm_until -= 600
        await hand.press("f2")
        assert hand.session.states[1].hints == 1


async def test_a_formula_is_taken_apart_line_by_line(opened: Opened, lesson: Callable[[str], str]) -> None:
    async with opened(lesson('[decompose: "tanh(W @ x + b)", total: b]')) as hand:
        await hand.answer("q = W @ x")
        assert "✓ Line 1 stands" in hand.text()
        assert "1. q = W @ x" in hand.text()
        assert hand.box.value == ""
        await hand.answer("p = q + b; r = exp(p)")
        assert "2. p = q + b" in hand.text()
        assert hand.box.value == "r = exp(p)"
        await hand.answer("r = tanh(p)")
        assert hand.session.position == 1


async def test_the_card_of_a_derivation_has_no_stale_verdict_under_it(
    opened: Opened, lesson: Callable[[str], str]
) -> None:
    async with opened(lesson("[derive: {wrt: b, using: [u, h]}, total: b]")) as hand:
        await hand.answer("ds/dh @ dh/dz @ dz/db")
        await hand.answer("u * (1 - h)")
        assert "✗" in hand.text()
        await hand.answer("u * (1 - h^2)")
        assert "Derived" in hand.text()
        assert "✗" not in hand.text()


async def test_the_numbers_that_the_question_needs_come_first(opened: Opened, lesson: Callable[[str], str]) -> None:
    async with opened(lesson("[total: W, total: b, total: x]")) as hand:
        for question in hand.session.drill.questions[:2]:
            await hand.answer(question.typed or "")
        assert "W = [[" in hand.text()
        assert "dW = [[" not in hand.text()


async def test_a_gates_rule_is_asked_without_the_lessons_graph(opened: Opened, lesson: Callable[[str], str]) -> None:
    rule = '[total: b, rule: {forward: "a @ c", wrt: a, shapes: {a: [n, m], c: [m, 4]}}]'
    async with opened(lesson(rule)) as hand:
        assert "╭" in hand.text()
        await hand.press("f6")
        assert "╭" not in hand.text()
        assert "For example n = " in hand.text()


async def test_what_is_typed_while_a_lesson_opens_is_in_the_box(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(FIRST) as hand:
        await hand.answer("2")
    from tutor.ui.screens import lesson_opening

    gate = asyncio.Event()
    loop = asyncio.get_running_loop()
    open_session = lesson_opening.open_session

    def slowly(*arguments: object, **options: object) -> object:
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()
        return open_session(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("tutor.ui.screens.lesson_opening.open_session", slowly)
    async with opened() as hand:
        hand.app.open_lesson(FIRST)
        while not isinstance(hand.app.screen, OpeningScreen):
            await hand.pilot.pause(0.01)
        await hand.pilot.press("4", "2")
        gate.set()
        await hand.settle()
        assert hand.in_drill
        assert hand.box.value == "42"


async def test_after_the_first_circuit_the_unit_is_begun_from_its_start(opened: Opened) -> None:
    async with opened() as hand:
        course = hand.app.course
        assert course is not None
        after = lesson_after(course, FIRST, {})
        assert after is not None
        assert after.id == "circuits/one-gate"


async def test_a_skipped_question_is_not_counted_as_done(opened: Opened) -> None:
    async with opened("circuits/one-gate") as hand:
        await hand.press("f6")
        assert "0/" in hand.lines()[0]
        assert not isinstance(hand.app.screen, SummaryScreen)
