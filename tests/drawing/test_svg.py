"""SVG of a picture: well formed, complete, and safe with any text."""

from xml.etree import ElementTree

from tutor.drawing import Box, Wire, lay_out, paint, to_svg

SVG = "{http://www.w3.org/2000/svg}"
WIRES = [Wire("x", "y", 0), Wire("x", "z", 0)]
LAYOUT = lay_out([Box("x", 13, 3), Box("y", 13, 3), Box("z", 13, 3)], WIRES)


def test_texts_stand_in_the_document_once_each() -> None:
    contents = {"x": [[("a < b & c", "name")]], "y": [[("导数", "value")]]}
    texts = ElementTree.fromstring(to_svg(paint(LAYOUT, contents))).iter(SVG + "text")
    assert [text.text for text in texts] == ["a < b & c", "导数"]


def test_colours_come_from_the_caller() -> None:
    svg = to_svg(paint(LAYOUT, {}, focus="x", lit=WIRES[:1]), {"wire": "red", "wire-lit": "gold", "border": "navy"})
    strokes = {path.get("stroke") for path in ElementTree.fromstring(svg).iter(SVG + "path") if path.get("stroke")}
    assert strokes == {"red", "gold", "navy"}
    assert "<rect" not in svg


def test_a_fork_is_marked_with_a_dot_and_a_wire_with_an_arrowhead() -> None:
    solid = [
        path.get("d", "")
        for path in ElementTree.fromstring(to_svg(paint(LAYOUT, {}))).iter(SVG + "path")
        if path.get("fill") != "none"
    ]
    assert sum(d.count("Z") for d in solid) == 3
    assert sum(d.count("a2.5") for d in solid) == 2  # one circle of two arcs


def test_the_document_is_as_large_as_the_picture() -> None:
    root = ElementTree.fromstring(to_svg(paint(LAYOUT, {})))
    assert root.get("viewBox") == f"0 0 {LAYOUT.width * 9 + 20} {LAYOUT.height * 20 + 20}"
