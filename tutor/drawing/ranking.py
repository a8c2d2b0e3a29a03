"""Columns and vertical order of boxes, from graphlay."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.drawing.boxes_and_wires import Box
from tutor.drawing.graphlay_process import PLACER, NoPictureError

COLUMN, ROW = 8, 18  # graphlay's tuning constants are pixels: these make one lane a column and one port a row

_OPTIONS = {
    "spacing": {
        "layer_gap": 6 * COLUMN,
        "node_gap": ROW,
        "dummy_gap": ROW,
        "port_gap": ROW,
        "port_stroke_clear": ROW // 2,
        "stub": COLUMN,
        "isolated_gap": ROW,
    },
    "routing": {"port_sides": "facing_only", "lane_gap": COLUMN, "merge_edges": "forks"},
}


@dataclass(frozen=True, slots=True)
class Ranking:
    """`columns` by box id (a box without edges has none), `middles` in rows, and for each edge the rows at which it
    passes the columns between its ends."""

    columns: dict[str, int]
    middles: dict[str, float]
    passes: dict[tuple[str, str], tuple[float, ...]]


def rank(boxes: Sequence[Box], edges: Iterable[tuple[str, str]]) -> Ranking:
    """Ask graphlay for a layered placement, left to right; raises NoPictureError."""
    pairs = sorted(set(edges))
    nodes = [(box.id, box.width * COLUMN, box.height * ROW) for box in boxes]
    placed = PLACER.place({"nodes": nodes, "edges": pairs, "options": _OPTIONS})
    try:
        return _ranking(boxes, pairs, placed)
    except (LookupError, TypeError, ValueError) as error:  # of a graphlay that answers in another way than ours
        PLACER.give_up(type(error).__name__)
        raise NoPictureError(type(error).__name__) from error


def _ranking(boxes: Sequence[Box], pairs: Sequence[tuple[str, str]], placed: dict[str, Any]) -> Ranking:
    columns: dict[str, int] = {}
    middles: dict[str, float] = {}
    where: dict[int, float] = {}
    for box, node in zip(boxes, placed["nodes"], strict=True):
        if node["rank"] is not None:
            columns[box.id] = node["rank"]
            middles[box.id] = node["center"]["y"] / ROW
            where.setdefault(node["rank"], node["center"]["x"])
    passes = {
        (source, target): tuple(
            _height_at(where[column], edge["points"]) / ROW for column in range(columns[source] + 1, columns[target])
        )
        for (source, target), edge in zip(pairs, placed["edges"], strict=True)
    }
    return Ranking(columns, middles, passes)


def _height_at(x: float, points: Sequence[dict[str, float]]) -> float:
    """The y at which a polyline that runs left to right passes x."""
    after = bisect_left([point["x"] for point in points], x)
    return float(points[min(after, len(points) - 1)]["y"])
