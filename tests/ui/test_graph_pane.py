"""A graph that is larger than its pane: it follows the question, and can be moved."""

from pathlib import Path

import pytest

from tests.ui.conftest import Opened
from tutor.ui.widgets.graph_pane import GraphPane
from tutor.ui.widgets.graph_panel import GraphPanel

pytestmark = pytest.mark.usefixtures("experienced")


@pytest.fixture
def deep(tmp_path: Path) -> str:
    """A lesson whose graph is a chain of 60 nodes."""
    lines = "".join(f"  a{k}: a{k - 1} + 1\n" for k in range(1, 61))
    path = tmp_path / "deep.yaml"
    asks = "ask:\n  - downstream: {of: a60, wrt: a59}\n  - downstream: {of: a1, wrt: a0}\n"
    path.write_text(f"title: Deep\ngiven: {{a0: 1}}\ngraph:\n{lines}{asks}", "utf-8")
    return str(path)


async def test_the_asked_node_is_in_view(opened: Opened, deep: str) -> None:
    async with opened(deep) as hand:
        await hand.until(lambda: hand.app.screen.query_one(GraphPane).picture)
        assert "┃ a60 = a59 + 1 ┃" in hand.text()
        await hand.press("f6")
        assert "┃ a1 = a0 + 1 ┃" in hand.text()
        assert "a60 = " not in hand.text()


async def test_page_keys_move_the_view_by_a_screenful(opened: Opened, tmp_path: Path) -> None:
    lines = "".join(f"  a{k}: x * {k}\n" for k in range(1, 30))
    total = " + ".join(f"a{k}" for k in range(1, 30))
    path = tmp_path / "high.yaml"
    path.write_text(f"title: High\ngiven: {{x: 1}}\ngraph:\n{lines}  f: {total}\nask: [{{total: x}}]\n", "utf-8")
    async with opened(str(path)) as hand:
        await hand.until(lambda: hand.app.screen.query_one(GraphPane).picture)
        pane = hand.app.screen.query_one(GraphPane)
        before = pane.scroll_y
        await hand.press("pageup")
        assert pane.scroll_y < before
        await hand.press("pagedown")
        assert pane.scroll_y == before


@pytest.mark.parametrize("keys", [("alt+left",) * 3, ("shift+left",) * 3])
async def test_keys_move_the_view(opened: Opened, deep: str, keys: tuple[str, ...]) -> None:
    async with opened(deep) as hand:
        await hand.until(lambda: hand.app.screen.query_one(GraphPane).picture)
        pane = hand.app.screen.query_one(GraphPane)
        before = pane.scroll_x
        await hand.press(*keys)
        assert pane.scroll_x == before - 24


async def test_the_mouse_drags_the_view_without_looking_at_a_node(opened: Opened, deep: str) -> None:
    async with opened(deep) as hand:
        await hand.until(lambda: hand.app.screen.query_one(GraphPane).picture)
        pane = hand.app.screen.query_one(GraphPane)
        before = pane.scroll_x
        row = next(number for number, line in enumerate(hand.lines()) if "a60 = " in line)
        await hand.pilot.mouse_down(offset=(40, row))
        await hand.pilot.hover(offset=(60, row))
        await hand.pilot.mouse_up(offset=(60, row))
        await hand.settle()
        assert pane.scroll_x == before - 20
        assert "◇" not in hand.text()
        await hand.type("1")
        assert hand.box.value == "1"


async def test_looking_brings_a_node_into_view(opened: Opened, deep: str) -> None:
    async with opened(deep) as hand:
        await hand.until(lambda: hand.app.screen.query_one(GraphPane).picture)
        await hand.press(*["left"] * 8)
        assert "║ a52 = a51 + 1 ║" in hand.text()


async def test_a_graph_too_large_for_wires_is_a_list_that_follows_the_question(opened: Opened, tmp_path: Path) -> None:
    lines = "".join(f"  a{k}: x + {k}\n" for k in range(300))
    total = " + ".join(f"a{k}" for k in range(30))
    outputs = ", ".join(["b: 1", *(f"a{k}: 1" for k in range(30, 300))])
    path = tmp_path / "fan.yaml"
    path.write_text(
        f"title: Fan\ngiven: {{x: 1}}\nupstream: {{{outputs}}}\nask: [total: a5]\ngraph:\n{lines}  b: {total}\n",
        "utf-8",
    )
    async with opened(str(path)) as hand:
        assert "┃ a5 = x + 5 ┃" in hand.text()
        await hand.press("down")
        assert "║ a6 = x + 6 ║" in hand.text()
        await hand.answer("1")
        assert hand.session.finished


async def test_every_arrow_of_an_empty_box_looks_at_a_node(opened: Opened) -> None:
    async with opened("circuits/first-circuit") as hand:
        panel = hand.app.screen.query_one(GraphPanel)
        seen = []
        for key in ("left", "down", "up", "right"):
            await hand.press(key)
            seen.append(panel.looked)
        assert seen == ["a", "b", "a", "f"]
