"""The graph on the screen shows a gradient that was answered, and one that it is equal to by a single use."""

import re
from pathlib import Path

import pytest

from tests.ui.conftest import Hand, Opened
from tutor.ui.widgets.graph_pane import GraphPane

pytestmark = pytest.mark.usefixtures("experienced")

GRAPH = """title: T
given: {W: [[2, 1], [1, 3]], x: [0.1, 0.2], b: [0.3, -0.1], u: [3, 5]}
graph: {z: W @ x + b, h: 0.5 * z, s: "dot(u, h)"}
"""


def lesson(folder: Path, asks: str) -> str:
    path = folder / "mine.yaml"
    path.write_text(GRAPH + f"ask: [{asks}]\n", "utf-8")
    return str(path)


def gradient_below(hand: Hand, node: str) -> str:
    """What stands in the box of a node: its gradient is the last line of it."""
    lines = hand.text().splitlines()
    row = next(k for k, line in enumerate(lines) if f" {node} = " in line and ("│ " in line or "┃ " in line))
    column = lines[row].index(f" {node} = ")
    return " ".join(re.split("[│┃]", line[column:])[0] for line in lines[row : row + 3])


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_line_shows_what_was_answered_for_what_is_added(
    opened: Opened, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with opened(lesson(tmp_path, "{total: b}, {total: W}"), size=size) as hand:
        await hand.until(lambda: hand.app.screen.query_one(GraphPane).picture)
        assert "← ?" in gradient_below(hand, "z")
        await hand.answer("[1.5, 2.5]")
        assert hand.session.known.gradients == {"s", "b", "z"}
        shown = gradient_below(hand, "z")
        assert "← ?" not in shown
        assert "← [1.5, 2.5]" in shown or "← (2,)" in shown  # a narrow box names the shape


async def test_a_line_that_an_open_question_asks_for_stays_unknown(opened: Opened, tmp_path: Path) -> None:
    async with opened(lesson(tmp_path, "{total: b}, {upstream: z}"), size=(120, 40)) as hand:
        await hand.until(lambda: hand.app.screen.query_one(GraphPane).picture)
        await hand.answer("[1.5, 2.5]")
        assert "← ?" in gradient_below(hand, "z")
