"""The layout of a computation graph on character cells: sources left, output right."""

from collections import defaultdict
from collections.abc import Sequence

from tutor.drawing.boxes_and_wires import DOWN, LEFT, RIGHT, UP, Box, Cell, Layout, Region, Wire
from tutor.drawing.channels import Net, route
from tutor.drawing.layers import Layers, build_layers
from tutor.drawing.row_placement import Rows, assign_rows

_STEPS = {UP: (0, -1), DOWN: (0, 1), LEFT: (-1, 0), RIGHT: (1, 0)}
_NO_WIRES = 2  # columns between boxes that nothing connects


def lay_out(boxes: Sequence[Box], wires: Sequence[Wire], apart: int = 1) -> Layout:
    """Place boxes, `apart` rows between them, and route wires; the same input gives the same layout.

    Wires must form no cycle, and a box needs a row inside for each wire that arrives: height >= wires + 2.
    """
    if not boxes:
        return Layout(0, 0, {}, {}, {}, frozenset())
    _check(boxes, wires)
    layers = build_layers(boxes, wires)
    rows = assign_rows(layers, apart)

    channels = [
        route(
            [
                Net(
                    layers.items[span.left].source,
                    rows.leaving[span.left],
                    tuple(rows.arriving[wire] if wire else rows.leaving[end] for end, wire in span.ends),
                )
                for span in gap
            ]
        )
        if gap
        else None
        for gap in layers.gaps
    ]
    widths = [1] * len(layers.columns)
    for box, item in zip(boxes, layers.items, strict=False):
        widths[item.column] = max(widths[item.column], box.width)
    starts = [0]
    for width, channel in zip(widths, channels, strict=False):
        starts.append(starts[-1] + width + (channel.width if channel else _NO_WIRES))

    drawn = _Wiring()
    regions = {}
    for index, item in enumerate(layers.items):
        x, y = starts[item.column], rows.tops[index]
        if item.is_box:
            width = boxes[index].width
            regions[item.source] = Region(x + (widths[item.column] - width) // 2, y, width, item.height)
        else:
            drawn.line(item.source, x - 1, y, x + widths[item.column], y)
    for gap in layers.gaps:
        for span in gap:
            left = layers.items[span.left]
            if left.is_box:
                region, row = regions[left.source], rows.leaving[span.left]
                drawn.line(left.source, region.x + region.width, row, starts[left.column] + widths[left.column], row)
            for end, wire in span.ends:
                if wire is not None:
                    row = rows.arriving[wire]
                    drawn.line(wire.source, starts[layers.items[end].column] - 1, row, regions[wire.target].x - 1, row)
    for column, channel in enumerate(channels):
        x = starts[column] + widths[column]
        for piece in channel.segments if channel else ():
            drawn.line(piece.source, x + piece.x0, piece.y0, x + piece.x1, piece.y1)
    return _finished(drawn, regions, wires, rows, layers)


def _check(boxes: Sequence[Box], wires: Sequence[Wire]) -> None:
    arriving: dict[str, int] = defaultdict(int)
    for wire in wires:
        arriving[wire.target] += 1
    for box in boxes:
        if box.height < max(3, arriving[box.id] + 2):
            raise ValueError(f"box {box.id!r} of height {box.height} has no room for {arriving[box.id]} wires")


class _Wiring:
    """Wires in the making: for each source the cells they use, with the ways they leave them."""

    def __init__(self) -> None:
        self.masks: dict[str, dict[Cell, int]] = defaultdict(lambda: defaultdict(int))

    def line(self, source: str, x0: int, y0: int, x1: int, y1: int) -> None:
        """Draw from the middle of one cell to the middle of another, right or down."""
        masks = self.masks[source]
        for x in range(x0, x1):
            masks[x, y0] |= RIGHT
            masks[x + 1, y0] |= LEFT
        for y in range(y0, y1):
            masks[x0, y] |= DOWN
            masks[x0, y + 1] |= UP


def _finished(drawn: _Wiring, regions: dict[str, Region], wires: Sequence[Wire], rows: Rows, layers: Layers) -> Layout:
    """Trace every wire through the cells of its source, and move all so that the top row is row 0."""
    paths: dict[Wire, tuple[Cell, ...]] = {}
    starts = {}
    for span in (span for gap in layers.gaps for span in gap):
        item = layers.items[span.left]
        if item.is_box:
            region = regions[item.source]
            starts[item.source] = (region.x + region.width, rows.leaving[span.left])
            drawn.masks[item.source][starts[item.source]] |= LEFT
    for wire in wires:
        drawn.masks[wire.source][regions[wire.target].x - 1, rows.arriving[wire]] |= RIGHT
    towards = {source: _ways_back(drawn.masks[source], start) for source, start in starts.items()}
    for wire in wires:
        cell = (regions[wire.target].x - 1, rows.arriving[wire])
        path = [cell]
        while cell != starts[wire.source]:
            cell = towards[wire.source][cell]
            path.append(cell)
        paths[wire] = tuple(path)

    wiring: dict[Cell, int] = defaultdict(int)
    for masks in drawn.masks.values():
        for cell, mask in masks.items():
            wiring[cell] |= mask
    top = min([region.y for region in regions.values()] + [y for _, y in wiring])
    bottom = max([region.y + region.height for region in regions.values()] + [y + 1 for _, y in wiring])
    return Layout(
        max(region.x + region.width for region in regions.values()),
        bottom - top,
        {name: region._replace(y=region.y - top) for name, region in regions.items()},
        {wire: tuple((x, y - top) for x, y in path) for wire, path in paths.items()},
        {(x, y - top): mask for (x, y), mask in wiring.items()},
        frozenset((path[0][0], path[0][1] - top) for path in paths.values()),
    )


def _ways_back(masks: dict[Cell, int], start: Cell) -> dict[Cell, Cell]:
    """For each cell of a net the next one on the way to where it leaves its source."""
    back: dict[Cell, Cell] = {start: start}
    todo = [start]
    for cell in todo:
        for way, (dx, dy) in _STEPS.items():
            beyond = (cell[0] + dx, cell[1] + dy)
            if masks[cell] & way and beyond in masks and beyond not in back:
                back[beyond] = cell
                todo.append(beyond)
    return back
