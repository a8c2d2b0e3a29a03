"""Lines break as in print, in our own paragraphs and in a lesson's Markdown."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.ui.conftest import Opened
from tutor.ui.wrapping import rows, wrap

SENTENCE = "梯度从哪里来？答案是：从输出那一端传回来，经过每一个运算！（乘以它的局部梯度），这就是反向传播。"
NEVER_FIRST = set("，。？！：；、）")
TEXTS = (SENTENCE, "The gradient, 即梯度，comes back (回传)。", "", "  two  words ", "x" * 30)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("width", [1, 2, 7, 10, 11, 200])
def test_lines_lose_nothing_but_blanks_where_they_break(text: str, width: int) -> None:
    found = rows(text, width)
    assert "".join(text[start:end] for start, end in found).replace(" ", "") == text.replace(" ", "")
    assert wrap(text, width) == [text[start:end].rstrip() for start, end in found]
    assert all(before[1] <= after[0] for before, after in pairwise(found))


@pytest.mark.parametrize("width", range(40, 48))
async def test_no_line_of_a_lessons_text_begins_with_a_mark(width: int, opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "lesson.yaml"
    about = f"{SENTENCE * 4}\n\n    - {SENTENCE * 3}\n"
    path.write_text(
        f"title: T\ngiven: {{x: 1}}\ngraph: {{f: 2 * x}}\nabout:\n  en: English\n  zh: |\n    {about}", "utf-8"
    )
    async with opened(str(path), size=(width + 20, 40), text=True, language="zh") as hand:
        lines = [line.strip(" •●▪⭑") for line in hand.lines()[1:-1]]
        drawn = [line for line in lines if line]
        assert len(drawn) > 8
        assert [line for line in drawn if line[0] in NEVER_FIRST] == []
        assert "".join(drawn).count(SENTENCE) == 7
