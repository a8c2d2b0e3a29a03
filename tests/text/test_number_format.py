"""Numbers are shown as people read them, and read back as what they were."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.text.number_format import format_block, format_value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2, "2"),
        (2.0, "2"),
        (0.5, "0.5"),
        (-2.25, "-2.25"),
        (0.41997434, "0.4200"),
        (0.00043857, "0.0004386"),
        (123.456789, "123.4568"),
        (1 / 3, "0.3333"),
        (0.1 + 0.2, "0.3"),
        (0.9999, "0.9999"),
        (0.999999, "1.0000"),
        (-0.0, "0"),
        (1e-10, "1e-10"),
        (4.38123e-10, "4.381e-10"),
        (1e20, "1e+20"),
        (123456789, "123456789"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (True, "1"),
        (np.float64(3), "3"),
        (np.array(0.25), "0.25"),
        ([], "[]"),
        ([[1, 2], [3, 4]], "[[1, 2], [3, 4]]"),
        (np.array([[0.5], [-1]]), "[[0.5], [-1]]"),
    ],
)
def test_numbers_have_the_digits_a_learner_needs(value: object, text: str) -> None:
    assert format_value(value) == text


def test_rounding_noise_beside_large_entries_is_nothing() -> None:
    assert format_value([1.0, 5e-17]) == "[1, 0]"


@given(st.floats(min_value=-1e300, max_value=1e300))
def test_what_is_shown_is_the_number_to_four_digits(number: float) -> None:
    assert float(format_value(number)) == pytest.approx(number, rel=0.0005, abs=0)


@given(st.integers())
def test_whole_numbers_are_shown_whole(number: int) -> None:
    assert int(format_value(number)) == number


def test_a_matrix_stands_in_columns() -> None:
    assert format_block([[1, -2], [0.5, 30]]) == ["[[  1, -2],", " [0.5, 30]]"]


def test_a_vector_and_a_number_are_one_line() -> None:
    assert format_block([1, 2]) == ["[1, 2]"]
    assert format_block(0.25) == ["0.25"]


def test_matrices_of_a_batch_stand_below_each_other() -> None:
    assert format_block([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]) == ["[[[1, 2],", "  [3, 4]],", " [[5, 6],", "  [7, 8]]]"]


def test_a_large_matrix_is_cut_in_the_middle() -> None:
    lines = format_block(np.arange(400).reshape(20, 20), rows=5, columns=5)
    assert lines == [
        "[[  0,   1, …,  18,  19],",
        " [ 20,  21, …,  38,  39],",
        " [  …,   …, …,   …,   …],",
        " [360, 361, …, 378, 379],",
        " [380, 381, …, 398, 399]]",
    ]


def test_block_of_a_short_array_reads_as_the_array() -> None:
    array = [[1, 20, 3], [4, 5, 60]]
    assert "".join(format_block(array)).replace(" ", "") == format_value(array).replace(" ", "")
