"""A derivation on screen: lines that stand move up, and only the next is typed."""

from pathlib import Path

import pytest

from tests.ui.conftest import Opened

pytestmark = pytest.mark.usefixtures("experienced")

LESSON = """title: The gradient of b
given: {W: [[0.5, -0.2], [0.1, 0.3]], x: [[2], [-1]], b: [[0.4], [-0.7]], u: [[-1], [3]]}
graph: {z: W @ x + b, h: tanh(z), s: u.T @ h}
ask:
  - derive: {wrt: b, using: [u, h]}
"""


async def test_a_line_that_stands_moves_up_and_leaves_the_box_empty(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "derive.yaml"
    path.write_text(LESSON)
    async with opened(str(path)) as hand:
        await hand.past_the_text()
        await hand.answer("ds/dh @ dh/dz @ dz/db")
        assert "1. ds/dh @ dh/dz @ dz/db" in hand.text()
        assert hand.box.value == ""
        await hand.answer("u.T @ diag(1 - h)")
        assert "2. u.T" not in hand.text()
        assert hand.box.value == "u.T @ diag(1 - h)"
        await hand.answer("u.T @ diag(1 - h^2)")
        assert "2. u.T @ diag(1 - h^2)" in hand.text()
        await hand.answer("u * (1 - h^2)")
        assert hand.session.finished
