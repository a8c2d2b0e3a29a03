"""A graph too large to be drawn with wires is a list of its boxes, and that takes no more work than it has lines."""

import sys
from collections.abc import Callable
from itertools import pairwise
from types import FrameType

import pytest

from tests.drawing.graphs import random_graph
from tutor.drawing import Box, GraphView, Label, Reading, Wire, graph_view
from tutor.drawing.box_list import is_too_large
from tutor.engine import Graph

FANS: dict[str, Callable[[int], dict[str, str]]] = {
    "one input feeds all": lambda n: {f"a{k}": f"x + {k}" for k in range(n)},
    "a chain, each link fed": lambda n: {f"a{k}": f"a{k - 1} * x" if k else "2 * x" for k in range(n)},
    "some feed one sum": lambda n: {
        **{f"a{k}": f"x + {k}" for k in range(n)},
        "f": " + ".join(f"a{k}" for k in range(30)),
    },
}


def viewed(lines: dict[str, str]) -> GraphView:
    graph = Graph.parse(lines)
    return graph_view(graph, {name: Label(lines.get(name, ""), "1.5", "-2") for name in graph.index if "." not in name})


def calls(work: Callable[[], object]) -> int:
    """How many functions of ours are called on the way."""
    counted = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal counted
        counted += event == "call" and "tutor" in frame.f_code.co_filename

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("name", FANS)
def test_every_box_has_its_place_in_reading_order(name: str) -> None:
    view = viewed(FANS[name](1_500))
    regions = list(view.layout.regions.values())
    assert len(regions) == len(view.labels)
    assert all(upper.y + upper.height < lower.y for upper, lower in pairwise(regions))
    assert next(iter(view.layout.regions)) == "x"
    picture = view.paint({each: Reading("1.5") for each in view.labels}, focus="a1", lit=[Wire("x", "a1", 0)])
    assert picture.height == view.layout.height
    assert "┃ a1 = " in picture.text()


@pytest.mark.parametrize("name", FANS)
def test_twice_as_many_lines_are_twice_the_work(name: str) -> None:
    once, twice = (FANS[name](n) for n in (600, 1_200))
    graphs = [Graph.parse(lines) for lines in (once, twice)]
    labels = [{each: Label("", "1") for each in graph.index if "." not in each} for graph in graphs]
    first, second = (calls(lambda g=g, told=told: graph_view(g, told)) for g, told in zip(graphs, labels, strict=True))
    assert first > 600
    assert second < 2.2 * first


def test_graphs_of_lessons_keep_their_wires() -> None:
    assert not any(is_too_large(*random_graph(seed, 100)) for seed in range(20))
    fan = [f"a{k}" for k in range(40)]
    assert not is_too_large([Box(each, 8, 3) for each in ("x", *fan)], [Wire("x", each, 0) for each in fan])
    assert not is_too_large([], [])
