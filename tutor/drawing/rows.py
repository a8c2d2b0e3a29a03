"""Whole rows for boxes, passing wires and their ports, so that as many wires as can be run straight."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tutor.drawing.layers import Item, Layers
from tutor.drawing.model import Wire

_BEND = 3  # a bend costs as much as three rows of vertical wire
_TALLER = 4  # a row added to the picture costs as much as four
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Rows:
    """The first row of each item, the row where the wires of an item leave, and where each wire arrives."""

    tops: tuple[int, ...]
    leaving: tuple[int, ...]
    arriving: dict[Wire, int]


def assign_rows(layers: Layers) -> Rows:
    """Place items near the rows graphlay gave them, then pull single wires straight."""
    return _Placement(layers).straightened()


def isotonic(wanted: Sequence[float]) -> list[float]:
    """The non-decreasing numbers nearest to `wanted` in least squares, by pooling adjacent violators."""
    pools: list[tuple[float, int]] = []  # sum and count
    for number in wanted:
        total, count = number, 1
        while pools and pools[-1][0] * count > total * pools[-1][1]:
            total, count = total + pools[-1][0], count + pools[-1][1]
            pools.pop()
        pools.append((total, count))
    return [total / count for total, count in pools for _ in range(count)]


def free_rows(upper: Item, lower: Item) -> int:
    """Rows left empty between two neighbours of a column: none between two passing wires."""
    return 1 if upper.is_box or lower.is_box else 0


class _Placement:
    """Rows in the making."""

    def __init__(self, layers: Layers) -> None:
        self.layers = layers
        self.items = layers.items
        self.tops = [0] * len(self.items)
        self.out = [0] * len(self.items)  # port rows, counted from the item's top
        self.into: dict[Wire, int] = {}
        self.spans = [span for gap in layers.gaps for span in gap]
        self.touching: list[list[int]] = [[] for _ in self.items]
        self.ends_at: list[list[tuple[int, Wire]]] = [[] for _ in self.items]
        for number, span in enumerate(self.spans):
            self.touching[span.left].append(number)
            for end, wire in span.ends:
                self.touching[end].append(number)
                if wire is not None:
                    self.ends_at[end].append((span.left, wire))
        self.above: list[int | None] = [None] * len(self.items)
        self.below: list[int | None] = [None] * len(self.items)
        for column in layers.columns:
            for upper, lower in pairwise(column):
                self.below[upper], self.above[lower] = lower, upper
            self._start(column)

    def straightened(self) -> Rows:
        rounds = _ROUNDS if len(self.items) < 200 else 2
        for _ in range(rounds):
            self._choose_ports()
            if not self._pull_straight():
                break
        self._choose_ports()
        leaving = tuple(top + out for top, out in zip(self.tops, self.out, strict=True))
        arriving = {
            wire: self.tops[index] + self.into[wire] for index, ends in enumerate(self.ends_at) for _, wire in ends
        }
        return Rows(tuple(self.tops), leaving, arriving)

    def _start(self, column: Sequence[int]) -> None:
        """Rows near graphlay's; what graphlay left unplaced goes below its neighbour."""
        offset = 0
        wanted: list[float] = []
        offsets: list[int] = []
        for position, index in enumerate(column):
            item = self.items[index]
            if position:
                offset += free_rows(self.items[column[position - 1]], item)
            middle = self.layers.middles[index]
            lone = middle == float("inf")
            wanted.append((wanted[-1] if wanted else 0.0) if lone else middle - item.height / 2 - offset)
            offsets.append(offset)
            offset += item.height
        for index, top, start in zip(column, isotonic(wanted), offsets, strict=True):
            self.tops[index] = round(top + 1e-9) + start

    # Ports

    def _choose_ports(self) -> None:
        """Give each wire an inner row of its box: in the order of the rows it comes from, straight where it can."""
        for index, ends in enumerate(self.ends_at):
            if ends:
                came = sorted(
                    ((self.tops[left] + self.out[left] - self.tops[index], wire) for left, wire in ends),
                    key=lambda pair: (pair[0], pair[1].port),
                )
                rows = fitting_ports([row for row, _ in came], self.items[index].height - 2)
                self.into.update({wire: row for (_, wire), row in zip(came, rows, strict=True)})
        for number in range(len(self.spans)):
            self._leave(number)

    def _leave(self, number: int) -> None:
        """Let the wires of a span leave their item on its cheapest row."""
        _, self.out[self.spans[number].left] = self._cheapest(number)

    def _arrival(self, end: int, wire: Wire | None) -> int:
        return self.tops[end] + (self.into[wire] if wire is not None else 0)

    # Moving items

    def _pull_straight(self) -> bool:
        moved = False
        for indices in (range(len(self.items)), range(len(self.items) - 1, -1, -1)):
            for index in indices:
                for shift in self._helpful_shifts(index):
                    group = self._straight_with(index)
                    if self._try(index, shift, {index}) or (len(group) > 1 and self._try(index, shift, group)):
                        moved = True
                        break
        return moved

    def _helpful_shifts(self, index: int) -> list[int]:
        """The moves that would straighten one wire of an item, smallest first."""
        shifts = set()
        for number in self.touching[index]:
            span = self.spans[number]
            for out in self.items[span.left].ports:
                left = self.tops[span.left] + out
                for end, wire in span.ends:
                    if index in (span.left, end):
                        step = self._arrival(end, wire) - left
                        shifts.add(step if index == span.left else -step)
        shifts -= {0}
        return sorted(shifts, key=lambda shift: (abs(shift), shift))

    def _straight_with(self, index: int) -> set[int]:
        """All items joined to this one by straight wires."""
        group, todo = {index}, [index]
        while todo and len(group) < 40:
            at = todo.pop()
            for number in self.touching[at]:
                span = self.spans[number]
                left = self.tops[span.left] + self.out[span.left]
                for end, wire in span.ends:
                    if at in (span.left, end) and self._arrival(end, wire) == left:
                        new = {span.left, end} - group
                        group |= new
                        todo += sorted(new)
        return group

    def _try(self, index: int, shift: int, group: set[int]) -> bool:
        """Shift a group of items, pushing neighbours out of the way, and keep that if it is cheaper."""
        moves = dict.fromkeys(group, shift)
        for member in sorted(group):
            at: int | None = member
            while at is not None:
                beyond = self.below[at] if shift > 0 else self.above[at]
                if beyond is None:
                    break
                upper, lower = (at, beyond) if shift > 0 else (beyond, at)
                ends = self.tops[upper] + moves.get(upper, 0) + self.items[upper].height
                room = self.tops[lower] + moves.get(lower, 0) - ends - free_rows(self.items[upper], self.items[lower])
                if room >= 0:
                    break
                moves[beyond] = moves.get(beyond, 0) + (-room if shift > 0 else room)
                at = beyond
        numbers = sorted({number for item in moves for number in self.touching[item]})
        before = sum(self._cheapest(number)[0] for number in numbers)
        height = self._height()
        for item, step in moves.items():
            self.tops[item] += step
        after = sum(self._cheapest(number)[0] for number in numbers)
        if after + _TALLER * (self._height() - height) < before:
            for number in numbers:
                self._leave(number)
            return True
        for item, step in moves.items():
            self.tops[item] -= step
        return False

    def _cheapest(self, number: int) -> tuple[int, int]:
        """The least a span can cost, and the row of its item on which its wires leave for that."""
        span = self.spans[number]
        top = self.tops[span.left]
        ends = [self._arrival(end, wire) - top for end, wire in span.ends]
        return min((_price(row, ends), row) for row in self.items[span.left].ports)

    def _height(self) -> int:
        """Rows of the picture as far as boxes and passing wires go."""
        last = max(self.tops[column[-1]] + self.items[column[-1]].height for column in self.layers.columns)
        return last - min(self.tops[column[0]] for column in self.layers.columns)


def _price(row: int, ends: Sequence[int]) -> int:
    """What the wires of one span cost: their vertical extent and their bends."""
    return max(row, *ends) - min(row, *ends) + _BEND * sum(end != row for end in ends)


def fitting_ports(came: Sequence[int], inner: int) -> list[int]:
    """Distinct inner rows 1 to `inner` for wires from rows `came` (in order), with the least vertical wire."""
    table: list[list[tuple[int, tuple[int, ...]] | None]] = [[(0, ())] * (inner + 1)]
    for count, row_from in enumerate(came, start=1):
        line: list[tuple[int, tuple[int, ...]] | None] = [None]
        for row in range(1, inner + 1):
            without, with_less = line[-1], table[count - 1][row - 1]
            here = None
            if with_less is not None:
                cost = abs(row - row_from) + (_BEND if row != row_from else 0)
                here = (with_less[0] + cost, (*with_less[1], row))
            options = [option for option in (without, here) if option is not None]
            line.append(min(options) if options else None)
        table.append(line)
    chosen = table[-1][-1]
    if chosen is None:
        raise ValueError(f"{len(came)} wires do not fit into {inner} inner rows")
    return list(chosen[1])
