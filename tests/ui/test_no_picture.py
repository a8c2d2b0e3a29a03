"""graphlay missing, failing, crashing or hanging: the table stands in for the picture, and the drill goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.conftest import Opened
from tutor.drawing import NoPictureError, graphlay_process, ranking
from tutor.drawing.boxes_and_wires import Box
from tutor.drawing.graphlay_process import Placer

pytestmark = pytest.mark.usefixtures("experienced")

ANSWERS = "{}\nclass Graph:\n    def node(self, *_, **__): pass\n    edge = node\ndef layout(*_, **__): return R\n"
# In place of the installed package; `sum` of a long range holds the interpreter as native code does.
BROKEN = {
    "ModuleNotFoundError": "raise ModuleNotFoundError('graphlay')",
    "ValueError": "class Graph:\n    def node(self, *_, **__): raise ValueError('no')",
    "BaseException": "class Graph:\n    def node(self, *_, **__): raise BaseException('a panic')",
    "TimeoutError": "import os\nclass Graph:\n    def node(self, *_, **__): os.abort()",
    "KeyError": ANSWERS.format("class R: nodes, edges = [{}], []"),
    "TypeError": ANSWERS.format("class R: nodes, edges = None, []"),
    "JSONDecodeError": ANSWERS.format("print('hello')"),
    "hangs at its import": "import time\ntime.sleep(1000)",
    "hangs": "class Graph:\n    def node(self, *_, **__): sum(range(10**15))",
}


@pytest.fixture(params=BROKEN)
def reason(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What is wrong with graphlay, as it is told."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "graphlay.py").write_text(BROKEN[request.param], "utf-8")
    monkeypatch.syspath_prepend(tmp_path / "modules")
    hangs = request.param.startswith("hangs")
    placer = Placer(deadline=0.5 if hangs else 60)
    monkeypatch.setattr(ranking, "PLACER", placer)
    yield "TimeoutError" if hangs else request.param
    placer.stop()


async def test_the_table_stands_in_for_the_picture_and_answers_are_checked(opened: Opened, reason: str) -> None:
    async with opened("circuits/first-circuit") as hand:
        assert f"(graphlay: {reason})" in " ".join(hand.text().split())
        assert "expression" in hand.text()
        await hand.press("f3")
        assert "expression" in hand.text()
        await hand.press("down", "escape")
        await hand.answer("1")
        assert "Not yet." in hand.text()


def test_what_has_failed_once_is_not_asked_again(reason: str) -> None:
    for _ in range(2):
        with pytest.raises(NoPictureError) as caught:
            ranking.rank([Box("x", 5, 3)], [])
        assert caught.value.reason == reason
    assert ranking.PLACER._process is None


def test_graphlay_that_works_places_boxes_again_and_again() -> None:
    placer = graphlay_process.Placer()
    graph = {"nodes": [("x", 40, 54), ("f", 40, 54)], "edges": [("x", "f")], "options": {}}
    assert placer.place(graph) == placer.place(graph)
    placer.stop()
