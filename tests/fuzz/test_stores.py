"""Damaged stores are opened and used: no traceback, and nothing lost that plain sqlite3 can still read."""

from pathlib import Path

import pytest

from tests.fuzz.stores import run


def test_what_is_readable_in_a_damaged_store_is_carried_over(tmp_path: Path) -> None:
    counts = run(40, tmp_path)
    print(counts)
    assert counts.failures == []
    assert counts.set_aside > 10


@pytest.mark.thorough
def test_what_is_readable_in_500_damaged_stores_is_carried_over(tmp_path: Path) -> None:
    counts = run(500, tmp_path, seed=1)
    print(counts)
    assert counts.failures == []
