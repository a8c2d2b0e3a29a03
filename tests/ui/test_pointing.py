"""Questions that are answered by pointing at nodes: keys, mouse and plain typing lead to the same answer."""

from pathlib import Path

import pytest

from tests.ui.conftest import Hand, Opened

pytestmark = pytest.mark.usefixtures("experienced")

KINDS = str(Path(__file__).parent / "all_kinds.yaml")
GIVEN = """title: Where did it go wrong?
given: {x: 2, y: -3, z: 4}
graph: {a: x + y, b: "max(y, z)", f: a * b}
ask:
"""


@pytest.fixture
def slip(tmp_path: Path) -> str:
    """A pass in which da is wrong: its own value in place of b's, with `find-slip` the only question."""
    path = tmp_path / "slip.yaml"
    path.write_text(GIVEN + '  - find-slip: {of: f, wrt: a, slip: "mul:own-input"}\n', "utf-8")
    return str(path)


@pytest.fixture
def order(tmp_path: Path) -> str:
    """The order of the backward pass, then what is largest."""
    path = tmp_path / "order.yaml"
    path.write_text(GIVEN + "  - order: backward\n  - predict: {zero: [x, y]}\n", "utf-8")
    return str(path)


async def click(hand: Hand, box: str) -> None:
    """Click a node by what stands in its box."""
    lines = hand.lines()
    row = next(number for number, line in enumerate(lines) if box in line)
    await hand.pilot.click(offset=(lines[row].index(box), row))
    await hand.settle()


async def test_the_gradients_of_the_given_pass_stand_in_the_graph(opened: Opened, slip: str) -> None:
    async with opened(slip) as hand:
        assert "→ -1   ← -1" in hand.text()  # da as it is shown, which is wrong: 4
        assert "← ?" not in hand.text()
        await hand.press("f3")
        assert "x + y" in hand.text()
        assert "← -1" in hand.text()


async def test_what_to_press_is_said_before_anything_is_pressed(opened: Opened, slip: str) -> None:
    async with opened(slip) as hand:
        assert "Which gradient went wrong first? Point at its node (arrows, then ⏎" in " ".join(hand.text().split())
        await hand.press("left")
        assert "⏎ pick this node" in hand.lines()[-1]


async def test_arrows_and_enter_point_at_a_node_and_only_the_gradient_is_typed(opened: Opened, slip: str) -> None:
    async with opened(slip) as hand:
        await hand.press("left")  # to the output
        await hand.press("left")
        assert "◇ a = x + y" in hand.text()
        await hand.press("enter")
        assert hand.box.value == "a = "
        assert hand.session.states[0].attempts == 0
        assert "┏━" in hand.text()
        await hand.answer("4")
        assert hand.session.states[0].state == "right"


async def test_a_click_points_too(opened: Opened, slip: str) -> None:
    async with opened(slip) as hand:
        await click(hand, "max(y, z)")
        assert hand.box.value == "b = "
        await click(hand, "a = x + y")
        assert hand.box.value == "a = "
        await hand.answer("4")
        assert hand.session.states[0].state == "right"


async def test_another_node_keeps_what_was_typed_behind_the_first(opened: Opened, slip: str) -> None:
    async with opened(slip) as hand:
        await hand.type("b = 2*2")
        await click(hand, "a = x + y")
        assert hand.box.value == "a = 2*2"


async def test_a_click_in_the_table_points_too(opened: Opened, slip: str) -> None:
    async with opened(slip) as hand:
        await hand.press("f3")
        await click(hand, "x + y")
        assert hand.box.value == "a = "


async def test_typing_all_of_it_frames_the_node_that_is_named(opened: Opened, slip: str) -> None:
    async with opened(slip) as hand:
        assert "┏" not in hand.text()
        await hand.type("a = ")
        assert "┃ a = x + y" in hand.text()
        assert "the right gradient of a" in hand.text()
        await hand.answer("4")
        assert hand.session.states[0].state == "right"


async def test_a_gradient_that_is_known_does_not_show_beside_the_given_ones(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "known.yaml"
    path.write_text(GIVEN + '  - total: a\n  - find-slip: {of: f, wrt: a, slip: "mul:own-input"}\n', "utf-8")
    async with opened(str(path)) as hand:
        await hand.answer("4")
        assert "→ -1   ← -1" in hand.text()
        await hand.press("left", "left")
        assert "shown gradient ← -1" in hand.text()
        assert "← 4" not in hand.text()


async def test_names_are_put_in_and_taken_out_by_pointing(opened: Opened, order: str) -> None:
    async with opened(order) as hand:
        await click(hand, "f = a · b")
        await click(hand, "a = x + y")
        assert hand.box.value == "f, a"
        await click(hand, "a = x + y")
        await click(hand, "max(y, z)")
        await click(hand, "a = x + y")
        assert hand.box.value == "f, b, a"
        await hand.press("enter")
        assert hand.session.states[0].state == "right"


async def test_other_questions_are_not_answered_by_pointing(opened: Opened) -> None:
    async with opened("circuits/first-circuit") as hand:
        await hand.press("left", "enter")
        assert hand.box.value == ""
        assert "Type your answer" in hand.text()


async def test_options_that_do_not_fit_say_how_to_see_the_others(opened: Opened) -> None:
    async with opened(KINDS, size=(60, 20)) as hand:
        await hand.press("f7", *["down"] * 14, "enter")
        assert "4. The batch is too large." not in hand.text()
        assert "PgDn more" in hand.lines()[-1]
        await hand.press("pagedown")
        assert "4. The batch is too large." in hand.text()
        await hand.answer("1")
        assert hand.session.states[14].state == "right"
        assert "PgDn" not in hand.lines()[-1]


async def test_where_the_kind_has_no_room_before_the_symbol_it_stands_above(opened: Opened) -> None:
    async with opened(KINDS, size=(60, 20)) as hand:
        await hand.press("f7", *["down"] * 20, "enter")
        assert "derivation, line by line, down to u, h" in hand.text()
        assert any(line.startswith(" ∂s/∂b =") for line in hand.lines())
