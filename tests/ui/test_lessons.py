"""Both lessons from the first question to the last, by typed keys, with wrong answers whose mistakes are named."""

import pytest

from tests.ui.conftest import Hand, Opened
from tutor.ui.screens.summary import SummaryScreen

pytestmark = pytest.mark.usefixtures("experienced")


async def wrong_then_right(hand: Hand, wrong: dict[str, tuple[str, str, str]]) -> None:
    """Answer every question; where `wrong` has it, first wrongly, with the mistake to name and the words to say."""
    while hand.in_drill and (question := hand.session.current) is not None:
        if question.id in wrong:
            answer, mistake, said = wrong[question.id]
            await hand.answer(answer)
            assert hand.session.current is question
            assert hand.session.store.events(hand.session.record.id)[-1].mistake == mistake
            assert said in " ".join(hand.text().split())
        assert question.typed is not None
        await hand.answer(question.typed)
        assert hand.session.current is not question


async def to_the_summary(hand: Hand) -> None:
    await hand.settle()
    assert isinstance(hand.app.screen, SummaryScreen)


async def test_the_first_circuit_from_first_to_last(opened: Opened) -> None:
    async with opened("circuits/first-circuit") as hand:
        wrong = {
            "local f a": ("3", "mul:own-input", "Let only a move in f = a · b"),
            "downstream b z": ("3", "max:wrong-winner", "max let the larger of z and y through"),
            "total y": ("2", "one-branch | max:wrong-winner", "y is used in a, b; add what comes back from every use"),
        }
        await wrong_then_right(hand, wrong)
        await to_the_summary(hand)
        assert "All 13 right" in hand.text()
        assert "What went wrong on the way" in hand.text()


async def test_the_last_answer_plays_the_backward_pass_until_a_key_is_pressed(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.ui.widgets.graph_pane._WAVE_TICKS", 10_000)
    async with opened("circuits/first-circuit") as hand:
        for answer in ("2", "3", "2", "3", "1", "0", "3", "0", "1", "1", "2", "2"):
            await hand.answer(answer)
        hand.app.animation_level = "full"
        await hand.answer("5")
        assert "the backward pass" in hand.text()
        for gradient in ("x  → 1   ← 2", "y  → 2   ← 5", "z  → 0   ← 0"):
            assert gradient in hand.text()
        assert hand.in_drill
        await hand.press("enter")
        await to_the_summary(hand)


async def test_an_enter_for_the_screen_before_does_not_leave_the_summary(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened("circuits/one-gate") as hand:
        while hand.in_drill and (question := hand.session.current) is not None:
            await hand.answer(question.typed or "")
        await to_the_summary(hand)
        summary = hand.app.screen
        hand.app.switch_screen(SummaryScreen(hand.session, hand.app.next_after("circuits/one-gate"), by_itself=True))
        await hand.settle()
        await hand.press("enter")
        await to_the_summary(hand)
        assert hand.app.screen is not summary
        monkeypatch.setattr(hand.app.screen, "_ready", 0.0)
        await hand.press("enter")
        assert not isinstance(hand.app.screen, SummaryScreen)


async def test_a_finished_lesson_opens_at_its_summary_and_n_begins_anew(opened: Opened) -> None:
    for seed in (None, 4):
        async with opened("circuits/one-gate", seed=seed) as hand:
            while hand.in_drill and (question := hand.session.current) is not None:
                await hand.answer(question.typed or "")
            await to_the_summary(hand)
        async with opened("circuits/one-gate", seed=seed) as hand:
            await to_the_summary(hand)
            assert "right." in hand.text()
            await hand.press("n")
            await hand.past_the_text()
            assert hand.in_drill
            assert hand.session.position == 0
            await hand.answer(hand.session.current.typed or "" if hand.session.current is not None else "")
            while hand.in_drill and (question := hand.session.current) is not None:
                await hand.answer(question.typed or "")


async def test_the_gradient_of_a_score_from_first_to_last(opened: Opened) -> None:
    async with opened("one-layer/score-gradient", seed=0) as hand:
        numbers = hand.session.drill.parts[0].run
        transposed = "[" + ", ".join(str([round(float(v), 4) for v in row]) for row in numbers.gradients["W"].T) + "]"
        wrong = {
            "total b": ("dh", "local-forgotten", "multiply by its local gradient"),
            "total W": (transposed, "transposed", "and yours is (2, 3)"),
            "formula W": ("x @ up.T", "transposed", "(2, 3)"),
        }
        await wrong_then_right(hand, wrong)
        await to_the_summary(hand)
        assert "All 10 right" in hand.text()


async def test_the_summary_leads_to_the_next_lesson_and_to_new_numbers(opened: Opened) -> None:
    async with opened("circuits/first-circuit") as hand:
        await wrong_then_right(hand, {})
        await to_the_summary(hand)
        await hand.press("n")
        await hand.past_the_text()
        assert hand.in_drill
        assert hand.session.drill.lesson.id == "circuits/first-circuit"
        assert hand.session.position == 0


async def test_skipped_questions_can_be_answered_from_the_summary(opened: Opened) -> None:
    async with opened("circuits/first-circuit") as hand:
        await hand.press("f6")
        await wrong_then_right(hand, {})
        await to_the_summary(hand)
        assert "12 of 13 right" in hand.text()
        await hand.press("s")
        assert hand.in_drill
        assert hand.session.position == 0
        await hand.answer("2")
        await to_the_summary(hand)
        assert "All 13 right" in hand.text()


async def test_a_new_seed_says_that_another_drill_waits(opened: Opened) -> None:
    lesson = "one-layer/score-gradient"
    async with opened(lesson, seed=3) as hand:
        await hand.answer("(3, 1)")
    async with opened(lesson, seed=5) as hand:
        assert "--seed 3 goes on with it" in " ".join(hand.text().split())


async def test_quiet_feedback_says_nothing_before_the_summary(opened: Opened) -> None:
    async with opened("circuits/first-circuit", quiet_feedback=True) as hand:
        await hand.answer("77")
        assert hand.session.position == 1
        await hand.answer("3")
        assert hand.session.position == 2
        assert "✓" not in hand.text()
        assert "✗" not in hand.text()
        await hand.press("f2")
        assert "hint 1/" not in hand.text()
        await hand.answer("2")
        assert "→ 3   ← 2" in hand.text()  # what was answered, right or wrong
        while hand.in_drill and hand.session.current is not None:
            await hand.answer("0")
        await hand.settle()
        assert isinstance(hand.app.screen, SummaryScreen)
        assert "✗ local gradient   ∂f/∂a = 77   right: 2" in hand.text()
        assert "✓ local gradient   ∂f/∂b = 3" in hand.text()
    async with opened("circuits/first-circuit") as hand:
        assert isinstance(hand.app.screen, SummaryScreen)
        await hand.press("n")
        await hand.past_the_text()
        assert hand.session.position == 0  # a new drill: what was answered in the exam is not asked again
