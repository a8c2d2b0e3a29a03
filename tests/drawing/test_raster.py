"""Cells and roles of a painted picture."""

from tutor.drawing import Box, Layout, Wire, lay_out, paint
from tutor.drawing.raster import cell_width
from tutor.text.ascii import to_ascii

WIRE = Wire("x", "y", 0)


def pair(width: int = 8) -> Layout:
    return lay_out([Box("x", width, 3), Box("y", width, 3)], [WIRE])


def test_the_focused_box_is_framed_heavy() -> None:
    picture = paint(pair(), {}, focus="y")
    assert picture.text() == "╭──────╮   ┏━━━━━━┓\n│      │──▶┃      ┃\n╰──────╯   ┗━━━━━━┛"
    assert {picture.roles[0][11], picture.roles[1][18], picture.roles[2][14]} == {"border-focus"}
    assert picture.roles[0][0] == "border"


def test_a_lit_wire_has_roles_of_its_own() -> None:
    dark, lit = paint(pair(), {}), paint(pair(), {}, lit=[WIRE])
    assert dark.roles[1][8:11] == ("wire", "wire", "arrow")
    assert lit.roles[1][8:11] == ("wire-lit", "wire-lit", "arrow-lit")
    assert lit.cells == dark.cells


def test_paths_lead_from_the_target_back_to_the_source() -> None:
    assert paint(pair(), {}).paths[WIRE] == ((10, 1), (9, 1), (8, 1))


def test_texts_keep_their_roles_and_blanks_have_none() -> None:
    picture = paint(pair(12), {"x": [[("x", "name"), ("  ", ""), ("→ 1", "value")]]})
    assert picture.runs(1, 0, 12) == [
        ("│", "border"), (" ", ""), ("x", "name"), ("  ", ""), ("→ 1", "value"), ("   ", ""), ("│", "border"),
    ]  # fmt: skip


def test_a_text_too_long_for_its_box_is_cut_with_an_ellipsis() -> None:
    assert "│ 1234… │" not in paint(pair(9), {"x": [[("12345", "value")]]}).text()
    assert "│ 1234… │" in paint(pair(9), {"x": [[("123456", "value")]]}).text()


def test_wide_characters_take_two_cells() -> None:
    picture = paint(pair(), {"x": [[("导数", "name")]]})
    assert picture.cells[1][2:6] == ("导", "", "数", "")
    assert [cell_width(line) for line in picture.text().splitlines()] == [19, 19, 19]


def test_half_a_wide_character_is_a_blank() -> None:
    picture = paint(pair(), {"x": [[("导数", "name")]]})
    assert picture.runs(1, 3, 5) == [("  ", "name")]


def test_a_combining_mark_stays_with_its_letter() -> None:
    picture = paint(pair(), {"x": [[("x\u0302", "name"), ("y", "name")]]})
    assert picture.cells[1][2:4] == ("x\u0302", "y")


def test_every_glyph_has_a_plain_replacement_of_one_cell() -> None:
    for glyph in "╭─╮│╰╯├┤┬┴┼▶┏━┓┃┗┛→←…":
        assert cell_width(glyph) == 1
        assert to_ascii(glyph).isascii()
        assert to_ascii(glyph) != "?"
