"""A graph as columns of boxes and passing wires: what row placement and routing work on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from tutor.drawing.boxes_and_wires import Box, Wire
from tutor.drawing.ranking import Ranking, rank


@dataclass(frozen=True, slots=True)
class ColumnItem:
    """What takes rows in a column: a box, or the one row on which the wires of `source` pass."""

    column: int
    height: int
    source: str
    is_box: bool

    @property
    def ports(self) -> range:
        """The rows, counted from its first, on which wires may leave it."""
        return range(1, self.height - 1) if self.is_box else range(1)


@dataclass(frozen=True, slots=True)
class WireSpan:
    """The wires of one source between a column and the next: from one item to slots of boxes and to a passing row.

    An end is an item with the wire that arrives there; the wire is None where it only passes.
    """

    left: int
    ends: tuple[tuple[int, Wire | None], ...]


@dataclass(frozen=True, slots=True)
class Layers:
    """`columns[c]` lists item numbers from top to bottom; `gaps[c]` the spans between columns c and c + 1.

    Boxes without wires stand in no column's list but in `lone`: they go below the others.
    """

    items: tuple[ColumnItem, ...]
    columns: tuple[tuple[int, ...], ...]
    gaps: tuple[tuple[WireSpan, ...], ...]
    middles: tuple[float, ...]
    lone: tuple[int, ...]


def build_layers(boxes: Sequence[Box], wires: Sequence[Wire]) -> Layers:
    """Give every box a column and every long wire a passing row in the columns between; order the columns."""
    ranking = rank(boxes, ((wire.source, wire.target) for wire in wires))
    column_of = _with_lone_boxes(boxes, ranking)
    items = [ColumnItem(column_of[box.id], box.height, box.id, True) for box in boxes]
    middles = [ranking.middles.get(box.id, 0.0) for box in boxes]
    number = {box.id: index for index, box in enumerate(boxes)}

    wires_of: dict[str, list[Wire]] = defaultdict(list)
    for wire in wires:
        wires_of[wire.source].append(wire)
    gaps: list[list[WireSpan]] = [[] for _ in range(max(column_of.values(), default=0))]
    for source, own in wires_of.items():
        first, last = column_of[source], max(column_of[wire.target] for wire in own)
        left = number[source]
        for gap in range(first, last):
            ends: list[tuple[int, Wire | None]] = [
                (number[wire.target], wire) for wire in own if column_of[wire.target] == gap + 1
            ]
            rows = [
                ranking.passes[source, wire.target][gap - first] for wire in own if column_of[wire.target] > gap + 1
            ]
            if rows:
                ends.append((len(items), None))
                items.append(ColumnItem(gap + 1, 1, source, False))
                middles.append(sorted(rows)[len(rows) // 2])
            gaps[gap].append(WireSpan(left, tuple(ends)))
            left = len(items) - 1

    columns: list[list[int]] = [[] for _ in range(len(gaps) + 1)]
    lone = tuple(index for index, item in enumerate(items) if item.source not in ranking.columns)
    for index, item in enumerate(items):
        if index not in lone:
            columns[item.column].append(index)
    for column in columns:
        column.sort(key=lambda index: (middles[index], index))
    layers = Layers(tuple(items), tuple(map(tuple, columns)), tuple(map(tuple, gaps)), tuple(middles), lone)
    return _untangled(_right_way_up(layers))


def _with_lone_boxes(boxes: Sequence[Box], ranking: Ranking) -> dict[str, int]:
    """Columns of all boxes; one without wires goes where the column is shortest."""
    columns = dict(ranking.columns)
    heights = [0] * (max(columns.values(), default=0) + 1)
    for box in boxes:
        if box.id in columns:
            heights[columns[box.id]] += box.height + 1
    for box in boxes:
        if box.id not in columns:
            columns[box.id] = min(range(len(heights)), key=heights.__getitem__)
            heights[columns[box.id]] += box.height + 1
    return columns


def _right_way_up(layers: Layers) -> Layers:
    """The layers, upside down if that brings more boxes of a column into the order they came in."""
    falling = sum(
        1 if upper < lower else -1
        for column in layers.columns
        for upper, lower in combinations([index for index in column if layers.items[index].is_box], 2)
    )
    if falling >= 0:
        return layers
    return replace(
        layers,
        columns=tuple(column[::-1] for column in layers.columns),
        middles=tuple(-middle for middle in layers.middles),
    )


def _untangled(layers: Layers, rounds: int = 6) -> Layers:
    """Swap neighbours in a column where that saves crossings or, costing none, restores the order boxes came in."""
    before: list[list[int]] = [[] for _ in layers.items]
    after: list[list[int]] = [[] for _ in layers.items]
    for gap in layers.gaps:
        for span in gap:
            for end, _ in span.ends:
                after[span.left].append(end)
                before[end].append(span.left)
    columns = [list(column) for column in layers.columns]
    place = {index: position for column in columns for position, index in enumerate(column)}

    def crossings(upper: int, lower: int) -> int:
        return sum(place[a] > place[b] for near in (before, after) for a in near[upper] for b in near[lower])

    for _ in range(rounds):
        swapped = False
        for column in columns:
            for position in range(len(column) - 1):
                upper, lower = column[position : position + 2]
                gain = crossings(upper, lower) - crossings(lower, upper)
                both = layers.items[upper].is_box and layers.items[lower].is_box
                if gain > 0 or (gain == 0 and both and lower < upper):
                    column[position], column[position + 1] = lower, upper
                    place[upper], place[lower] = position + 1, position
                    swapped = True
        if not swapped:
            break

    # Items take over the rows of those they replace, so that rows stay in step with the order.
    middles = list(layers.middles)
    for column in columns:
        for index, middle in zip(column, sorted(layers.middles[index] for index in column), strict=True):
            middles[index] = middle
    return replace(layers, columns=tuple(map(tuple, columns)), middles=tuple(middles))
