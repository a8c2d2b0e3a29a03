"""Graphs that are too large to be drawn with wires: their boxes stand one below the other, in reading order."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate

from tutor.drawing.boxes_and_wires import Box, Layout, Region, Wire

# Columns of a layered picture become slow to order with the boxes and passing wires in one of them, by its square and
# more: at these bounds it takes about a second.
WIDEST = 150
MOST_PAIRS = 400_000


def is_too_large(boxes: Sequence[Box], wires: Sequence[Wire]) -> bool:
    """Whether a layered picture would take too long. Boxes come in an order in which sources stand before targets."""
    sources: dict[str, list[str]] = defaultdict(list)
    for wire in wires:
        sources[wire.target].append(wire.source)
    column: dict[str, int] = {}
    for box in boxes:
        column[box.id] = max((column[source] + 1 for source in sources[box.id]), default=0)
    steps = [0] * (max(column.values(), default=0) + 2)  # by how much a column holds more than the one before it
    for at in column.values():
        steps[at] += 1
        steps[at + 1] -= 1
    for wire in wires:
        steps[column[wire.source] + 1] += 1
        steps[column[wire.target]] -= 1
    held = list(accumulate(steps))
    return max(held) > WIDEST or sum(count * count for count in held) > MOST_PAIRS


def list_boxes(boxes: Sequence[Box], apart: int = 1) -> Layout:
    """The boxes below each other, without wires."""
    regions: dict[str, Region] = {}
    top = 0
    for box in boxes:
        regions[box.id] = Region(0, top, box.width, box.height)
        top += box.height + apart
    return Layout(max((box.width for box in boxes), default=0), max(top - apart, 0), regions, {}, {}, frozenset())
