"""Routing between two columns: every wire gets a vertical track, so that none touch and few cross."""

from collections.abc import Sequence
from dataclasses import dataclass

NARROWEST = 3
"""Columns of a gap at least: even a straight wire is worth an arrow one can see."""


@dataclass(frozen=True, slots=True)
class Net:
    """Wires of one source in a gap: they come in on row `left` and go out on the rows `rights`."""

    source: str
    left: int
    rights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight piece of wire from (x0, y0) to (x1, y1), x0 <= x1 and y0 <= y1, in columns of the gap."""

    source: str
    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, slots=True)
class Channel:
    """The routed gap: its width and the pieces of wire in it."""

    width: int
    segments: tuple[Segment, ...]


@dataclass(slots=True, eq=False)
class _Trunk:
    """A vertical piece, fed on row `left` from the left and tapped on `rights` to the right."""

    source: str
    left: int
    rights: tuple[int, ...]
    fed_by: "_Trunk | None" = None
    column: int = 0

    @property
    def top(self) -> int:
        return min(self.left, *self.rights)

    @property
    def bottom(self) -> int:
        return max(self.left, *self.rights)


def route(nets: Sequence[Net]) -> Channel:
    """Route a gap. Nets must enter on distinct rows and leave on distinct rows.

    Rule: where A comes in on the row on which B goes out, A turns off before B turns in. A ring of such rules is
    broken by a dogleg: one net changes tracks on a row nobody uses.
    """
    straight = [net for net in nets if net.rights == (net.left,)]
    forked = [trunk for net in nets if net.rights != (net.left,) for trunk in _trunks(net)]
    trunks = _without_rings(forked, {net.left for net in straight})
    tracks = _assign_columns(trunks)
    width = max(NARROWEST, tracks + 2)
    segments = [Segment(net.source, 0, net.left, width - 1, net.left) for net in straight]
    for trunk in trunks:
        x = trunk.column
        segments.append(Segment(trunk.source, x, trunk.top, x, trunk.bottom))
        start = trunk.fed_by.column if trunk.fed_by else 0
        segments.append(Segment(trunk.source, start, trunk.left, x, trunk.left))
        inner = {other.left for other in trunks if other.fed_by is trunk}
        segments += [Segment(trunk.source, x, row, width - 1, row) for row in trunk.rights if row not in inner]
    return Channel(width, tuple(segments))


def _trunks(net: Net) -> list[_Trunk]:
    """One trunk; two where wire goes on straight, up and down, since a fork with four arms looks like a crossing."""
    up = tuple(row for row in net.rights if row <= net.left)
    down = tuple(row for row in net.rights if row >= net.left)
    if net.left not in net.rights or len(up) == 1 or len(down) == 1:
        return [_Trunk(net.source, net.left, net.rights)]
    return [_Trunk(net.source, net.left, up), _Trunk(net.source, net.left, down)]


def _before(first: _Trunk, second: _Trunk) -> bool:
    """Whether `first` must stand left of `second`."""
    return first.source != second.source and first.left in second.rights


def _without_rings(trunks: list[_Trunk], taken: set[int]) -> list[_Trunk]:
    """Split trunks until the rule "stands left of" has no ring.

    Neither half can be in a ring again, as nobody else uses the row they share; and what is left of the ring still
    leads from the first half to the second, so that they stand in this order.
    """
    used = taken | {row for trunk in trunks for row in (trunk.left, *trunk.rights)}
    while ring := _find_ring(trunks):
        trunk = min(ring, key=lambda one: (one.bottom - one.top, one.top))
        row = _spare_row(trunk, used)
        used.add(row)
        head = _Trunk(trunk.source, trunk.left, (row,))
        tail = _Trunk(trunk.source, row, trunk.rights, head)
        at = trunks.index(trunk)
        trunks[at : at + 1] = [head, tail]
    return trunks


def _find_ring(trunks: Sequence[_Trunk]) -> list[_Trunk]:
    """Trunks of which each must stand left of the next and the last left of the first; empty if there are none."""
    left = list(trunks)
    while True:
        kept = [one for one in left if any(_before(one, other) for other in left)]
        if len(kept) == len(left):
            break
        left = kept
    walk = left[:1]
    while walk:
        beyond = next(other for other in left if _before(walk[-1], other))
        if beyond in walk:
            return walk[walk.index(beyond) :]
        walk.append(beyond)
    return []


def _spare_row(trunk: _Trunk, used: set[int]) -> int:
    """The unused row nearest to a trunk's span, inside it if there is one."""
    inside = [row for row in range(trunk.top + 1, trunk.bottom) if row not in used]
    if inside:
        return min(inside, key=lambda row: abs(2 * row - trunk.top - trunk.bottom))
    step = 1
    while True:
        for row in (trunk.top - step, trunk.bottom + step):
            if row not in used:
                return row
        step += 1


def _crossings(first: _Trunk, second: _Trunk) -> int:
    """Crossings between two trunks if `first` stands left of `second`."""
    return sum(second.top < row < second.bottom for row in first.rights) + (first.top < second.left < first.bottom)


def _assign_columns(trunks: list[_Trunk]) -> int:
    """Set the columns of trunks, from 1; return how many there are."""
    order = _order(trunks)
    tracks = 0
    for position, trunk in enumerate(order):
        trunk.column = 1
        for other in order[:position]:
            meet = other.top <= trunk.bottom and trunk.top <= other.bottom
            if meet or _before(other, trunk):
                trunk.column = max(trunk.column, other.column + 1)
        tracks = max(tracks, trunk.column)
    return tracks


def _order(trunks: Sequence[_Trunk]) -> list[_Trunk]:
    """From left to right: of the trunks that may come next, the one that makes the fewest crossings."""
    count = len(trunks)
    gain = [[_crossings(a, b) - _crossings(b, a) if a is not b else 0 for b in trunks] for a in trunks]
    must = [[_before(a, b) for b in trunks] for a in trunks]
    left = list(range(count))
    order: list[int] = []
    while left:
        free = [i for i in left if not any(must[j][i] for j in left)]
        best = min(free, key=lambda i: (sum(gain[i][j] for j in left), i))
        left.remove(best)
        order.append(best)
    return [trunks[i] for i in order]
