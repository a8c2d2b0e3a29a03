"""An answer that was traced to another node lights that node, in the picture and in the table."""

from pathlib import Path

import pytest

from tests.ui.conftest import Opened
from tutor.ui.widgets.graph_pane import GraphPane

pytestmark = pytest.mark.usefixtures("experienced")

LAYER = """title: Only the end
given: {W: [[0.5, -0.2], [0.1, 0.3]], x: [[2], [-1]], b: [[0.4], [-0.7]], u: [[-1], [3]]}
graph: {z: W @ x + b, h: tanh(z), s: u.T @ h}
ask: [{total: W}, {total: b}]
"""
SQUARE_FORGOTTEN = "(u * (1 - h)) @ x.T"


@pytest.fixture
def layer(tmp_path: Path) -> str:
    path = tmp_path / "layer.yaml"
    path.write_text(LAYER, "utf-8")
    return str(path)


async def test_a_slip_far_from_the_line_asked_about_lights_the_node_where_it_was_made(
    opened: Opened, layer: str
) -> None:
    async with opened(layer) as hand:
        assert not any("✗" in line for line in hand.lines())
        await hand.answer(SQUARE_FORGOTTEN)
        assert hand.session.states[0].verdict == "wrong"
        row = next(number for number, line in enumerate(hand.lines()) if "h = tanh(z)" in line)
        at = hand.lines()[row].index("h = tanh(z)")
        assert hand.lines()[row - 1][at - 2] == "✗"
        assert hand.lines()[row][at - 2] == "┆"
        # The node that was asked about keeps its heavy frame.
        assert "┏" in hand.text()


async def test_in_the_table_too(opened: Opened, layer: str) -> None:
    async with opened(layer) as hand:
        await hand.press("f3")
        await hand.answer(SQUARE_FORGOTTEN)
        assert any(line.strip().startswith("✗ h ") for line in hand.lines())
        assert any(line.strip().startswith("▶ W ") for line in hand.lines())


async def test_the_light_goes_out_with_the_next_answer(opened: Opened, layer: str) -> None:
    async with opened(layer) as hand:
        await hand.answer(SQUARE_FORGOTTEN)
        hand.box.fill("(u * (1 - h^2)) @ x.T")
        await hand.press("enter")
        assert hand.session.position == 1
        assert "┆" not in hand.text()


async def test_in_a_graph_larger_than_its_pane_the_view_goes_there_and_comes_back_with_typing(
    opened: Opened, tmp_path: Path
) -> None:
    steps = "".join(f"  c{k}: c{k - 1} * 1\n" for k in range(1, 30))
    path = tmp_path / "deep.yaml"
    path.write_text(
        "title: Deep\ngiven: {w: [0.31, -0.72, 1.13]}\ngraph:\n  c0: w * 2\n"
        f"{steps}  t: tanh(c29)\n  s: sum(t)\nask: [{{total: w}}]\n",
        "utf-8",
    )
    async with opened(str(path)) as hand:
        await hand.until(lambda: hand.app.screen.query_one(GraphPane).picture)
        assert "tanh" not in hand.text()
        await hand.answer("2 * (1 - t)")
        assert hand.session.states[0].verdict == "wrong"
        assert "t = tanh(c29)" in hand.text()
        await hand.type("1")
        assert "t = tanh(c29)" not in hand.text()


async def test_while_feedback_is_off_nothing_is_lit(opened: Opened, layer: str) -> None:
    async with opened(layer, quiet_feedback=True) as hand:
        await hand.answer(SQUARE_FORGOTTEN)
        assert "┆" not in hand.text()
