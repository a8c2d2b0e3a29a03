"""Closed terminals and kills: no tutor stays behind, and no answer is lost that was noted."""

from pathlib import Path

import pytest

pytest.importorskip("pty", reason="needs pseudo-terminals")

from tests.fuzz.kills import run


def test_a_tutor_ends_with_its_terminal_and_keeps_what_was_noted(tmp_path: Path) -> None:
    counts = run(4, tmp_path, seed=1)
    print(counts)
    assert counts.failures == []


@pytest.mark.thorough
def test_no_tutor_outlives_its_terminal_and_no_answer_is_lost(tmp_path: Path) -> None:
    counts = run(100, tmp_path, seed=2)
    print(counts)
    assert counts.failures == []
    assert len(counts.late) <= 2, counts.late  # a busy machine may stop any process for a while
