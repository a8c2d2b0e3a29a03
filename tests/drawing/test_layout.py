"""A layout is sound: boxes apart, wires joined up, and nothing shared but crossings."""

import subprocess
import sys
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from tests.drawing.graphs import random_graph
from tutor.drawing import Box, Layout, Picture, Wire, lay_out, paint

# What each glyph joins: up, down, left, right. Written out here, independent of the code's own table.
JOINS = {
    "│": "ud", "─": "lr", "╭": "dr", "╮": "dl", "╰": "ur", "╯": "ul",
    "├": "udr", "┤": "udl", "┬": "dlr", "┴": "ulr", "┼": "udlr",
}  # fmt: skip
WAYS = {"u": (0, -1), "d": (0, 1), "l": (-1, 0), "r": (1, 0)}
BACK = {"u": "d", "d": "u", "l": "r", "r": "l"}
GRAPHS = [(seed, 3 + seed % 23) for seed in range(320)]


@pytest.mark.parametrize("part", range(8))
def test_random_graphs_are_sound(part: int) -> None:
    for seed, nodes in GRAPHS[part::8]:
        check_graph(seed, nodes)


@pytest.mark.thorough
@pytest.mark.parametrize("part", range(40))
def test_many_random_graphs_are_sound(part: int) -> None:
    for seed in range(1000 + 100 * part, 1100 + 100 * part):
        check_graph(seed, 2 + seed % 45)


@pytest.mark.parametrize("nodes", [60, 120])
def test_large_graphs_are_sound(nodes: int) -> None:
    check_graph(7, nodes)


@pytest.mark.thorough
def test_five_hundred_nodes_are_sound() -> None:
    check_graph(11, 500)


def test_the_same_graph_gives_the_same_layout() -> None:
    assert all(lay_out(*random_graph(seed, 20)) == lay_out(*random_graph(seed, 20)) for seed in range(20))


def test_one_box_is_its_own_picture() -> None:
    assert paint(lay_out([Box("x", 7, 3)], []), {"x": [[("x", "name")]]}).text() == "╭─────╮\n│ x   │\n╰─────╯"


def test_no_boxes_make_an_empty_picture() -> None:
    assert paint(lay_out([], []), {}).text() == ""


def test_lone_boxes_are_placed_beside_the_others() -> None:
    boxes = [Box(name, 5, 3) for name in "abcdef"]
    assert_sound(lay_out(boxes, [Wire("a", "b", 0)]), boxes, [Wire("a", "b", 0)])


def test_a_source_used_twice_has_two_wires() -> None:
    boxes, wires = [Box("x", 5, 3), Box("q", 9, 4)], [Wire("x", "q", 0), Wire("x", "q", 1)]
    layout = lay_out(boxes, wires)
    assert_sound(layout, boxes, wires)
    assert layout.paths[wires[0]][0][1] + 1 == layout.paths[wires[1]][0][1]


def test_wires_that_exchange_rows_do_not_touch() -> None:
    # Every source feeds every target: all rows are used on both sides, so that only doglegs get through.
    sources, targets = [f"s{k}" for k in range(4)], [f"t{k}" for k in range(4)]
    boxes = [Box(name, 6, 3) for name in sources] + [Box(name, 6, 6) for name in targets]
    wires = [Wire(source, target, port) for target in targets for port, source in enumerate(sources)]
    assert_sound(lay_out(boxes, wires), boxes, wires)


def test_a_box_too_low_for_its_wires_is_refused() -> None:
    with pytest.raises(ValueError, match="no room for 2 wires"):
        lay_out([Box("x", 5, 3), Box("q", 9, 3)], [Wire("x", "q", 0), Wire("x", "q", 1)])


def test_wires_arrive_from_top_to_bottom_as_their_sources_stand() -> None:
    boxes = [Box("x", 5, 3), Box("y", 5, 3), Box("q", 9, 4)]
    wires = [Wire("x", "q", 0), Wire("y", "q", 1)]
    layout = lay_out(boxes, wires)
    assert layout.regions["x"].y < layout.regions["y"].y
    assert layout.paths[wires[0]][0][1] < layout.paths[wires[1]][0][1]


def check_graph(seed: int, nodes: int) -> None:
    boxes, wires = random_graph(seed, nodes)
    try:
        assert_sound(lay_out(boxes, wires, apart=0 if seed % 4 == 3 else 1), boxes, wires)
    except AssertionError as error:
        raise AssertionError(f"graph {seed} of {nodes} nodes: {error}") from error


def assert_sound(layout: Layout, boxes: list[Box], wires: list[Wire]) -> None:
    """Every claim about a layout, checked on the painted glyphs."""
    picture = paint(layout, {})
    inside = Counter(
        (x, y)
        for region in layout.regions.values()
        for x in range(region.x, region.x + region.width)
        for y in range(region.y, region.y + region.height)
    )
    assert {(box.id, box.width, box.height) for box in boxes} == {
        (name, region.width, region.height) for name, region in layout.regions.items()
    }
    assert not inside or max(inside.values()) == 1, "boxes overlap"
    assert all(0 <= x < layout.width and 0 <= y < layout.height for x, y in [*inside, *layout.wiring])
    assert not set(layout.wiring) & set(inside), "a wire runs through a box"

    users: dict[tuple[int, int], set[str]] = defaultdict(set)
    ways: dict[tuple[str, tuple[int, int]], set[str]] = defaultdict(set)
    for wire in wires:
        cells = layout.paths[wire]
        check_path(picture, wire, cells)
        for before, cell in pairwise(cells):
            step = next(way for way, (dx, dy) in WAYS.items() if (before[0] + dx, before[1] + dy) == cell)
            ways[wire.source, before].add(step)
            ways[wire.source, cell].add(BACK[step])
        for cell in cells:
            users[cell].add(wire.source)
        ways[wire.source, cells[0]].add("r")
        ways[wire.source, cells[-1]].add("l")

    assert set(users) == set(layout.wiring), "wire that leads nowhere"
    for cell, sources in users.items():
        glyph = picture.cells[cell[1]][cell[0]]
        if len(sources) > 1:
            assert sorted("".join(sorted(ways[source, cell])) for source in sources) == ["du", "lr"], "not a crossing"
            assert glyph == "┼"
        elif glyph != "▶":
            assert ways[next(iter(sources)), cell] == set(JOINS[glyph]), f"{glyph} at {cell} joins too much"
            assert glyph != "┼", "a fork that looks like a crossing"
    arrows = Counter(layout.paths[wire][0] for wire in wires)
    assert not arrows or max(arrows.values()) == 1, "two wires in one slot"


def check_path(picture: Picture, wire: Wire, cells: tuple[tuple[int, int], ...]) -> None:
    """A wire leads from its arrowhead at the target's border, glyph by glyph, to the right border of its source."""
    source, target = picture.regions[wire.source], picture.regions[wire.target]
    (x, y), (end_x, end_y) = cells[0], cells[-1]
    assert picture.cells[y][x] == "▶"
    assert (x + 1, y) in {(target.x, row) for row in range(target.y + 1, target.y + target.height - 1)}, "arrow astray"
    leaving = {(source.x + source.width, row) for row in range(source.y + 1, source.y + source.height - 1)}
    assert (end_x, end_y) in leaving, "wire off its source"
    for before, cell in pairwise(cells):
        way = next(way for way, (dx, dy) in WAYS.items() if (before[0] + dx, before[1] + dy) == cell)
        for at, needed in ((before, way), (cell, BACK[way])):
            glyph = picture.cells[at[1]][at[0]]
            assert needed in (JOINS[glyph] if glyph != "▶" else "l"), f"{glyph} at {at} does not join"


def test_graphlay_waits_until_a_graph_is_laid_out() -> None:
    code = "import sys, tutor.drawing; print(*(m for m in ('graphlay', 'numpy', 'sympy', 'lark') if m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"
