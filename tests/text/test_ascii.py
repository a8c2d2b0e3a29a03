"""`--ascii` leaves no character that some terminals draw two cells wide, and moves nothing."""

from unicodedata import east_asian_width

from hypothesis import given
from hypothesis import strategies as st

from tutor.text.ascii import spelled_out, to_ascii


def test_boxes_and_arrows_become_plain_characters() -> None:
    assert to_ascii("╭─▶│ ∂f/∂a ←→ δ … ✓") == "+->| df/da <> d . v"


def test_chinese_keeps_its_place() -> None:
    assert to_ascii("局部梯度 →“3”") == '局部梯度 >"3"'


def test_a_sign_that_sets_apart_is_told_from_one_that_multiplies() -> None:
    assert to_ascii("f = a · b ∙ a number") == "f = a * b | a number"


def test_where_there_is_room_the_enter_key_is_written_out() -> None:
    assert spelled_out("⏎ check … ← 3") == "Enter check ... < 3"


def test_powers_and_transposes_are_written_as_they_are_typed() -> None:
    assert spelled_out("δ @ xᵀ · (1 − h²)") == "delta @ x.T * (1 - h^2)"
    assert spelled_out("2 · z¹² ≤ ½ z⁻¹") == "2 * z^12 <= 1/2 z^-1"


def test_a_dot_before_a_word_is_a_mark_and_between_two_a_product() -> None:
    assert spelled_out("·") == "."
    assert spelled_out("· open   ✓ right") == ". open   v right"
    assert spelled_out("In the course: · new   • in progress") == "In the course: . new   + in progress"
    assert spelled_out("课程里：· 新") == "课程里：. 新"
    assert spelled_out("f = a · b, n·m") == "f = a * b, n*m"


@given(st.text())
def test_nothing_ambiguous_is_left_and_every_place_is_kept(text: str) -> None:
    plain = to_ascii(text)
    assert len(plain) == len(text)
    assert not any(east_asian_width(character) == "A" for character in plain)
