"""Rows: nearest non-decreasing numbers, and ports that keep their order."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.drawing import Box, Wire, lay_out
from tutor.drawing.row_placement import fitting_ports, isotonic

numbers = st.lists(st.integers(-50, 50), min_size=1, max_size=8)


@given(numbers)
def test_rows_never_overtake_each_other(wanted: list[int]) -> None:
    assert all(upper <= lower + 1e-9 for upper, lower in pairwise(isotonic(wanted)))


@given(numbers)
def test_each_pool_of_rows_lies_at_its_mean(wanted: list[int]) -> None:
    got = isotonic(wanted)
    for level in set(got):
        pool = [number for number, row in zip(wanted, got, strict=True) if row == level]
        assert sum(pool) / len(pool) == pytest.approx(level)


def test_rows_in_order_stay_where_they_are() -> None:
    assert isotonic([1, 4, 4, 9]) == [1, 4, 4, 9]


def cost(came: list[int], rows: tuple[int, ...] | list[int]) -> int:
    return sum(abs(a - b) + 3 * (a != b) for a, b in zip(came, rows, strict=True))


@given(st.lists(st.integers(-4, 9), min_size=1, max_size=4).map(sorted), st.integers(0, 3))
def test_ports_are_the_cheapest_in_order(came: list[int], spare: int) -> None:
    inner = len(came) + spare
    got = fitting_ports(came, inner)
    assert cost(came, got) == min(cost(came, rows) for rows in combinations(range(1, inner + 1), len(came)))
    assert all(upper < lower for upper, lower in pairwise(got))


def test_more_wires_than_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="3 wires do not fit into 2"):
        fitting_ports([1, 2, 3], 2)


def test_a_chain_runs_straight() -> None:
    boxes = [Box(f"n{k}", 8, 3 + k % 3) for k in range(12)]
    wires = [Wire(f"n{k}", f"n{k + 1}", 0) for k in range(11)]
    layout = lay_out(boxes, wires)
    assert len({y for path in layout.paths.values() for _, y in path}) == 1
    assert layout.height == 5
