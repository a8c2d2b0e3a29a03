"""Whole rows for boxes, passing wires and their ports, so that as many wires as can be run straight."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tutor.drawing.boxes_and_wires import Wire
from tutor.drawing.layers import ColumnItem, Layers

_BEND = 3  # a bend costs as much as three rows of vertical wire
_ASKEW = 2  # and boxes of one height, joined by a straight wire, that do not stand side by side, as much as two
_TALLER = 4  # a row added to the picture costs as much as four
_ROUNDS = 4
_TRIED = 6  # moves tried for an item at a time
_MANY = 400  # items from which one round must do


@dataclass(frozen=True, slots=True)
class Rows:
    """The first row of each item, the row where the wires of an item leave, and where each wire arrives."""

    tops: tuple[int, ...]
    leaving: tuple[int, ...]
    arriving: dict[Wire, int]


def assign_rows(layers: Layers, apart: int = 1) -> Rows:
    """Place items near the rows graphlay gave them, then pull wires straight; `apart` rows stay between boxes."""
    return _Placement(layers, apart).straightened()


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


class _Placement:
    """Rows in the making: `tops` of items, `out` and `into` the ports, counted from the tops of their items."""

    def __init__(self, layers: Layers, apart: int) -> None:
        self.layers = layers
        self.apart = apart
        self.edges = [(column[0], column[-1]) for column in layers.columns if column]
        self.height = 0
        self.items = layers.items
        self.tops = [0] * len(self.items)
        self.ports = [item.ports for item in self.items]
        self.spans = [span for gap in layers.gaps for span in gap]
        self.wires = [wire for span in self.spans for _, wire in span.ends if wire is not None]
        self.out = [0] * len(self.items)
        self.into = [0] * (len(self.wires) + 1)  # the last one, -1, is that of all wires that only pass
        number = {wire: at for at, wire in enumerate(self.wires)}
        self.ends = [tuple((end, number[wire] if wire else -1) for end, wire in span.ends) for span in self.spans]
        self.prices = [0] * len(self.spans)

        self.touching: list[list[int]] = [[] for _ in self.items]
        self.arriving: list[list[tuple[int, int]]] = [[] for _ in self.items]  # of an item: from where, which wire
        for at, span in enumerate(self.spans):
            self.touching[span.left].append(at)
            for end, wire in self.ends[at]:
                if at not in self.touching[end]:
                    self.touching[end].append(at)
                if wire >= 0:
                    self.arriving[end].append((span.left, wire))
        self.above: list[int | None] = [None] * len(self.items)
        self.below: list[int | None] = [None] * len(self.items)
        for column in layers.columns:
            for upper, lower in pairwise(column):
                self.below[upper], self.above[lower] = lower, upper
            self._start(column)

    def straightened(self) -> Rows:
        for _ in range(_ROUNDS if len(self.items) < _MANY else 1):
            self._choose_ports()
            if not self._pull_straight():
                break
        self._choose_ports()
        self._place_lone_boxes()
        leaving = tuple(top + out for top, out in zip(self.tops, self.out, strict=True))
        arriving = {
            self.wires[wire]: self.tops[index] + self.into[wire]
            for index, ends in enumerate(self.arriving)
            for _, wire in ends
        }
        return Rows(tuple(self.tops), leaving, arriving)

    def _start(self, column: Sequence[int]) -> None:
        """Whole rows near graphlay's."""
        offsets = [0]
        for upper, lower in pairwise(self.items[index] for index in column):
            offsets.append(offsets[-1] + upper.height + self._free_rows(upper, lower))
        wanted = [
            self.layers.middles[index] - self.items[index].height / 2 - offset
            for index, offset in zip(column, offsets, strict=False)
        ]
        for index, top, offset in zip(column, isotonic(wanted), offsets, strict=False):
            self.tops[index] = round(top + 1e-9) + offset

    def _free_rows(self, upper: ColumnItem, lower: ColumnItem) -> int:
        """Rows left empty between two neighbours of a column: none between two passing wires."""
        return self.apart if upper.is_box and lower.is_box else 1 if upper.is_box or lower.is_box else 0

    def _place_lone_boxes(self) -> None:
        """Put boxes without wires below the others of their column."""
        highest = min((self.tops[column[0]] for column in self.layers.columns if column), default=0)
        ends = [
            self.tops[column[-1]] + self.items[column[-1]].height + self.apart if column else highest
            for column in self.layers.columns
        ]
        for index in self.layers.lone:
            column = self.items[index].column
            self.tops[index] = ends[column]
            ends[column] += self.items[index].height + self.apart

    # Ports

    def _choose_ports(self) -> None:
        """Give each wire an inner row of its box: in the order of the rows it comes from, straight where it can."""
        for index, ends in enumerate(self.arriving):
            if ends:
                came = sorted(
                    (self.tops[left] + self.out[left] - self.tops[index], self.wires[wire].port, wire)
                    for left, wire in ends
                )
                rows = fitting_ports([row for row, _, _ in came], self.items[index].height - 2)
                for (_, _, wire), row in zip(came, rows, strict=True):
                    self.into[wire] = row
        for number in range(len(self.spans)):
            self._leave(number)

    def _leave(self, number: int) -> None:
        """Let the wires of a span leave their item on its cheapest row."""
        self.prices[number], self.out[self.spans[number].left] = self._cheapest(number)

    def _cheapest(self, number: int) -> tuple[int, int]:
        """The least a span can cost (vertical extent and bends), and the row of its item it leaves on for that."""
        left, ends = self.spans[number].left, self.ends[number]
        top, ports = self.tops[left], self.ports[left]
        if len(ends) == 1:
            end, wire = ends[0]
            goal = self.tops[end] + self.into[wire] - top
            row = min(max(goal, ports[0]), ports[-1])
            if goal != row:
                return abs(goal - row) + _BEND, row
            twins = wire >= 0 and self.items[left].is_box and self.items[left].height == self.items[end].height
            return (_ASKEW if twins and self.tops[end] != top else 0), row
        goals = [self.tops[end] + self.into[wire] - top for end, wire in ends]
        highest, lowest = min(goals), max(goals)
        best, best_row = -1, 0
        for row in ports:
            price = max(lowest, row) - min(highest, row) + _BEND * (len(goals) - goals.count(row))
            if best < 0 or price < best:
                best, best_row = price, row
        return best, best_row

    # Moving items

    def _pull_straight(self) -> bool:
        moved = False
        self.height = self._height()
        busy = [index for index in range(len(self.items)) if self.touching[index]]
        for indices in (busy, reversed(busy)):
            for index in indices:
                shifts = self._helpful_shifts(index)
                group = self._straight_with(index) if shifts else {index}
                for shift in shifts:
                    if self._try(shift, {index}) or (len(group) > 1 and self._try(shift, group)):
                        moved = True
                        break
        return moved

    def _helpful_shifts(self, index: int) -> list[int]:
        """The smallest moves that would straighten a wire of an item."""
        shifts = set()
        for number in self.touching[index]:
            if self.prices[number]:
                left = self.spans[number].left
                for end, wire in self.ends[number]:
                    if index in (left, end):
                        step = self.tops[end] + self.into[wire] - self.tops[left]
                        shifts |= {step - out if index == left else out - step for out in self.ports[left]}
        shifts -= {0}
        return sorted(shifts, key=lambda shift: (abs(shift), shift))[:_TRIED]

    def _straight_with(self, index: int) -> set[int]:
        """All items joined to this one by straight wires."""
        group, todo = {index}, [index]
        while todo and len(group) < 40:
            at = todo.pop()
            for number in self.touching[at]:
                left = self.spans[number].left
                row = self.tops[left] + self.out[left]
                for end, wire in self.ends[number]:
                    if at in (left, end) and self.tops[end] + self.into[wire] == row:
                        new = {left, end} - group
                        group |= new
                        todo += sorted(new)
        return group

    def _try(self, shift: int, group: set[int]) -> bool:
        """Shift a group of items, pushing neighbours out of the way, and keep that if it is cheaper."""
        moves = self._with_pushed(shift, group)
        numbers = {number for item in moves for number in self.touching[item]}
        before = sum([self.prices[number] for number in numbers])
        for item, step in moves.items():
            self.tops[item] += step
        after = sum([self._cheapest(number)[0] for number in numbers])
        height = self._height()
        gain = before - after - _TALLER * (height - self.height)
        if gain > 0 or (gain == 0 and shift < 0):  # moving up for nothing opens ways to better places
            self.height = height
            for number in numbers:
                self._leave(number)
            return True
        for item, step in moves.items():
            self.tops[item] -= step
        return False

    def _with_pushed(self, shift: int, group: set[int]) -> dict[int, int]:
        """How far each item moves if a group does: neighbours in the way are pushed on."""
        moves = dict.fromkeys(group, shift)
        for member in group:
            at = member
            while (beyond := self.below[at] if shift > 0 else self.above[at]) is not None:
                upper, lower = (at, beyond) if shift > 0 else (beyond, at)
                end = self.tops[upper] + moves.get(upper, 0) + self.items[upper].height
                room = (
                    self.tops[lower] + moves.get(lower, 0) - end - self._free_rows(self.items[upper], self.items[lower])
                )
                if room >= 0:
                    break
                moves[beyond] = moves.get(beyond, 0) + (-room if shift > 0 else room)
                at = beyond
        return moves

    def _height(self) -> int:
        """Rows of the picture as far as boxes and passing wires go."""
        return max([self.tops[last] + self.items[last].height for _, last in self.edges]) - min(
            [self.tops[first] for first, _ in self.edges]
        )


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
