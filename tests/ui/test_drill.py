"""The drill on screen: typed keys in, verdicts and a growing picture out."""

from pathlib import Path

import pytest
from textual.events import Paste

from tests.ui.conftest import Opened
from tutor.ui.screens.course import CourseScreen

FIRST = "circuits/first-circuit"
pytestmark = pytest.mark.usefixtures("experienced")


async def test_a_right_answer_moves_on(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        assert "∂f/∂a =" in hand.text()
        await hand.answer("2")
        assert hand.session.position == 1
        assert "∂f/∂b =" in hand.text()
        assert "✓ ∂f/∂a = 2" in hand.text()
        assert hand.box.value == ""


async def test_a_right_answer_writes_itself_into_the_graph(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        for answer in ("2", "3"):
            await hand.answer(answer)
        assert "→ 2   ← ?" in hand.text()
        await hand.answer("2")
        await hand.answer("3")
        assert "→ 2   ← 3" in hand.text()


async def test_what_was_understood_shows_while_typing(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.type("1/4")
        assert "understood: 1 / 4 ∙ a number ∙ = 0.25" in hand.text()


@pytest.mark.parametrize(
    ("pasted", "box"),
    [
        ("1 * 2 +\n  0", "1 * 2 + 0"),
        ("[[-4. 6. ]\n [ 1. -1.5]]\n", "[[-4. 6. ] [ 1. -1.5]]"),
        ("1 2\n3 4", "1 2; 3 4"),
    ],
)
async def test_pasted_lines_are_rows_unless_a_formula_or_a_matrix_goes_on(
    opened: Opened, pasted: str, box: str
) -> None:
    async with opened(FIRST) as hand:
        hand.box.post_message(Paste(pasted))
        await hand.pilot.pause()
        assert hand.box.value == box


async def test_a_caret_stands_under_what_cannot_be_read(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.type("2 *")
        lines = hand.lines()
        row = next(number for number, line in enumerate(lines) if "∂f/∂a = 2 *" in line)
        assert lines[row + 1].index("▲") == lines[row].index("2 *") + len("2 *")


async def test_a_message_at_a_caret_far_to_the_right_is_said_to_its_end(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        typed = "a * b + " * 5 + "b I"
        await hand.type(typed)
        lines = hand.lines()
        row = next(number for number, line in enumerate(lines) if "b I" in line)
        assert lines[row + 1].rstrip().index("▲") == lines[row].index("b I") + len("b ")
        said = " ".join(f"{lines[row + 1]} {lines[row + 2]}".replace("▲", "").split())
        assert said.startswith("Something is missing between b and I: ")
        assert said.endswith("b @ I is the matrix product.")


async def test_a_wrong_answer_stays_to_be_mended_and_typing_replaces_it(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.answer("7")
        assert "✗" in hand.text()
        assert hand.box.value == "7"
        await hand.answer("2")
        assert hand.session.position == 1


async def test_the_same_wrong_answer_keeps_its_explanation_on_the_screen(opened: Opened, tmp_path: Path) -> None:
    lesson = tmp_path / "sum.yaml"
    lesson.write_text(
        "title: S\ngiven: {x: 3, b: 5}\ngraph: {a: x + b, f: a * b}\nask: [{downstream: {of: a, wrt: x}}]"
    )
    async with opened(str(lesson)) as hand:
        for _ in range(3):
            await hand.answer("8")
            assert "8 is the value of a" in hand.text()
        assert "if you are stuck.)" in hand.text()
        assert hand.session.states[0].attempts == 1


async def test_an_unreadable_answer_costs_nothing(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.answer("__import__")
        assert "↺" in hand.text()
        assert hand.session.states[0].attempts == 0


async def test_only_what_could_not_be_parsed_is_said_to_be_unreadable(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.answer("2 *")
        assert "could not be read" in hand.text()
        await hand.answer("da")  # read well, and refused: its gradient is not known yet
        assert "could not be read" not in hand.text()
        assert "This does not count." in hand.text()
        assert hand.session.states[0].attempts == 0


async def test_a_negative_number_is_not_said_twice(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.type("-2")
        assert "understood: −2 ∙ a number" in hand.text()
        assert "a number ∙ =" not in hand.text()


async def test_an_empty_answer_asks_again(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.press("enter")
        assert "Type your answer" in hand.text()
        assert hand.session.position == 0


@pytest.mark.parametrize("key", ["f2", "ctrl+t"])
async def test_hints_come_one_by_one(opened: Opened, key: str) -> None:
    async with opened(FIRST) as hand:
        await hand.press(key)
        assert "hint 1/5" in hand.text()
        assert "F2 hint 2/5" in hand.text()
        await hand.press(key)
        assert "hint 1/5" in hand.text()
        assert "hint 2/5" in hand.text()


async def test_the_last_hint_is_the_answer_and_the_next_question_is_asked(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.press(*["f2"] * 5)
        assert hand.session.states[0].state == "shown"
        assert "∂f/∂b =" in hand.text()
        assert "hint 5/5" in hand.text()


@pytest.mark.parametrize("key", ["f6", "ctrl+n"])
async def test_a_skipped_question_waits_in_the_overview(opened: Opened, key: str) -> None:
    async with opened(FIRST) as hand:
        await hand.press(key)
        assert hand.session.states[0].state == "skipped"
        await hand.press("f7")
        assert "∂f/∂a" in hand.text()
        assert "· open  ✓ right  i answer shown  – skipped" in hand.text()
        await hand.press("home", "enter")
        assert hand.in_drill
        assert hand.session.position == 0
        await hand.answer("2")
        assert hand.session.states[0].state == "right"


@pytest.mark.parametrize("key", ["f3", "ctrl+g"])
async def test_the_table_shows_the_same_graph(opened: Opened, key: str) -> None:
    async with opened(FIRST) as hand:
        await hand.press(key)
        text = hand.text()
        assert "expression" in text
        assert "▶ f     a · b" in text
        assert "╭" not in text
        assert "F3 graph" in text
        await hand.press(key)
        assert "╭" in hand.text()


@pytest.mark.parametrize("key", ["f4", "ctrl+o"])
async def test_the_lessons_text_opens_and_closes(opened: Opened, key: str) -> None:
    async with opened(FIRST) as hand:
        await hand.type("2")
        await hand.press(key)
        assert "y feeds two nodes" in hand.text()
        await hand.press("escape")
        assert hand.in_drill
        assert hand.box.value == "2"


async def test_help_opens_from_an_empty_box_and_a_question_mark_is_text_otherwise(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.type("?")
        assert "In a drill" in hand.text()
        await hand.press("escape")
        await hand.type("1?")
        assert hand.box.value == "1?"
        await hand.press("f1")
        assert "In a drill" in hand.text()


async def test_the_arrows_look_at_nodes_from_an_empty_box(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.press("left")
        assert "◇ a = x + y ∙ node ∙ a number" in hand.text()
        assert "╔═══" in hand.text()
        await hand.press("escape")
        assert "◇" not in hand.text()
        await hand.type("12")
        await hand.press("left")
        assert hand.box.cursor_position == 1
        assert "◇" not in hand.text()


async def test_looking_does_not_give_a_gradient_away(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.press("left")
        assert "gradient ←" not in hand.text()
        await hand.answer("2")
        for answer in ("3", "2"):
            await hand.answer(answer)
        await hand.press("left")
        assert "gradient ← 2" in hand.text()


async def test_a_click_looks_at_a_node_and_the_box_keeps_the_focus(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        lines = hand.lines()
        row = next(number for number, line in enumerate(lines) if "max(y, z)" in line)
        await hand.pilot.click(offset=(lines[row].index("max"), row))
        await hand.settle()
        assert "◇ b = max(y, z)" in hand.text()
        await hand.type("2")
        assert hand.box.value == "2"


async def test_the_key_bar_can_be_clicked(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        bar = hand.lines()[-1]
        await hand.pilot.click(offset=(bar.index("hint"), 23))
        await hand.settle()
        assert "hint 1/5" in hand.text()


async def test_leaving_and_coming_back_keeps_the_place_and_what_was_typed(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.answer("2")
        await hand.type("3.")
        await hand.press("escape")
        assert not hand.in_drill
        await hand.press("enter")
        assert hand.in_drill
        assert hand.session.position == 1
        assert hand.box.value == "3."


async def test_the_next_start_is_at_the_same_question_with_the_same_numbers(opened: Opened) -> None:
    lesson = "one-layer/score-gradient"
    async with opened(lesson, seed=3) as hand:
        await hand.answer("(3, 1)")
        before = hand.session.drill.parts[0].draw.numbers
        asked = hand.session.current
    async with opened(lesson) as hand:
        again = hand.session.drill.parts[0].draw.numbers
        assert {name: value.tolist() for name, value in before.items()} == {
            name: value.tolist() for name, value in again.items()
        }
        assert asked is not None
        assert hand.session.current is not None
        assert hand.session.current.id == asked.id


async def test_hints_that_were_seen_are_there_after_a_new_start(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.press("f2")
    async with opened(FIRST) as hand:
        assert "hint 1/5" in hand.text()
        assert "F2 hint 2/5" in hand.text()


async def test_typed_markup_is_text(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        await hand.answer("[bold]2[/bold]")
        assert "[bold]2[/bold]" in hand.text()


async def test_a_line_of_ten_thousand_characters_is_survived(opened: Opened) -> None:
    async with opened(FIRST) as hand:
        hand.box.fill("(" * 10_000)
        await hand.press("enter")
        assert "↺" in hand.text()
        assert hand.session.position == 0


async def test_a_new_drill_begins_with_the_lessons_text(opened: Opened) -> None:
    async with opened(FIRST, text=True) as hand:
        assert "y feeds two nodes" in hand.text()
        assert "⏎ begin" in hand.text()
        await hand.press("enter")
        assert hand.in_drill
        await hand.answer("2")
    async with opened(FIRST, text=True) as hand:
        assert hand.in_drill


async def test_escape_from_the_text_before_a_drill_leads_back_to_the_course(opened: Opened) -> None:
    async with opened(FIRST, text=True) as hand:
        await hand.press("escape")
        assert isinstance(hand.app.screen, CourseScreen)


async def test_in_a_column_typed_as_a_row_each_wrong_entry_is_marked(opened: Opened) -> None:
    async with opened("one-layer/score-gradient") as hand:
        for right in ("(3, 1)", "1 - h^2", "diag(1 - h^2)"):
            await hand.answer(right)
        u = [float(each) for each in hand.session.drill.parts[0].run.values["u"].ravel()]
        await hand.answer(f"[{u[0] + 4:g}, {u[1]:g}, {u[2] + 4:g}]")
        marked = [line for line in hand.lines() if "✗" in line][-1]
        assert [each.endswith("✗") for each in marked.split()] == [True, False, True]
