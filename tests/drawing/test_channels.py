"""Routing in a gap: nets join their rows, and share no cell but where they cross."""

from collections import Counter, defaultdict
from random import Random

import pytest

from tutor.drawing.channels import Channel, Net, route

Cell = tuple[int, int]


def test_a_straight_net_needs_no_track() -> None:
    channel = route([Net("x", 1, (1,))])
    assert channel.width == 3
    assert cells(channel) == {"x": {(0, 1), (1, 1), (2, 1)}}


def test_nets_apart_share_a_track() -> None:
    assert route([Net("x", 1, (3,)), Net("y", 6, (9,))]).width == 3


def test_a_net_that_leaves_on_a_row_turns_off_before_one_arrives_there() -> None:
    channel = route([Net("y", 6, (2,)), Net("x", 2, (1,))])
    tracks = {piece.source: piece.x0 for piece in channel.segments if piece.y0 < piece.y1}
    assert tracks["x"] < tracks["y"]
    assert crossings(channel) == 0


def test_two_nets_that_exchange_rows_cross_once() -> None:
    channel = route([Net("x", 1, (5,)), Net("y", 5, (1,))])
    assert_sound(channel, [Net("x", 1, (5,)), Net("y", 5, (1,))])
    assert crossings(channel) == 1


def test_a_fork_straight_on_and_both_ways_has_two_tracks() -> None:
    net = Net("x", 4, (2, 4, 6))
    assert_sound(route([net]), [net])
    assert route([net]).width == 4


def test_the_two_tracks_of_a_fork_may_stand_either_way() -> None:
    # Crossings want w after the lower track of x, and z before its upper one.
    nets = [Net("x", 9, (4, 9, 14)), Net("w", 10, (12, 13)), Net("z", 7, (0,))]
    assert_sound(route(nets), nets)
    assert crossings(route(nets)) == 1


def test_of_two_orders_the_one_with_fewer_crossings_is_taken() -> None:
    nets = [Net("x", 1, (8,)), Net("y", 3, (9,))]
    assert crossings(route(nets)) == 0


@pytest.mark.parametrize("part", range(4))
def test_any_rows_can_be_joined(part: int) -> None:
    # Few rows, all in use on both sides: rings of rules are the rule here, and doglegs the way out.
    for seed in range(100 * part, 100 * part + 100):
        nets = crowded(Random(seed))
        assert_sound(route(nets), nets)


def crowded(random: Random) -> list[Net]:
    size = random.randrange(2, 10)
    lefts, rights = random.sample(range(size + 1), size), random.sample(range(size + 2), size + 2)
    nets = []
    for number, left in enumerate(lefts):
        count = 1 if number else 3
        nets.append(Net(f"n{number}", left, tuple(rights[:count])))
        rights = rights[count:] or [size + 2 + number]
    return nets


def cells(channel: Channel) -> dict[str, set[Cell]]:
    used: dict[str, set[Cell]] = defaultdict(set)
    for piece in channel.segments:
        used[piece.source] |= {(x, y) for x in range(piece.x0, piece.x1 + 1) for y in range(piece.y0, piece.y1 + 1)}
    return used


def crossings(channel: Channel) -> int:
    return sum(count > 1 for count in Counter(cell for own in cells(channel).values() for cell in own).values())


def ways(channel: Channel, source: str) -> dict[Cell, set[str]]:
    """The ways the wire of a source leaves each of its cells; at the sides of the gap it goes on."""
    out: dict[Cell, set[str]] = defaultdict(set)
    for piece in channel.segments:
        if piece.source == source:
            for x in range(piece.x0, piece.x1):
                out[x, piece.y0].add("right")
                out[x + 1, piece.y0].add("left")
            for y in range(piece.y0, piece.y1):
                out[piece.x0, y].add("down")
                out[piece.x0, y + 1].add("up")
    for x, y in list(out):
        if x == 0:
            out[x, y].add("left")
        if x == channel.width - 1:
            out[x, y].add("right")
    return out


def assert_sound(channel: Channel, nets: list[Net]) -> None:
    joined = {net.source: ways(channel, net.source) for net in nets}
    owners: dict[Cell, list[str]] = defaultdict(list)
    for net in nets:
        own = joined[net.source]
        assert {y for x, y in own if x == 0} == {net.left}, "enters on another row"
        assert {y for x, y in own if x == channel.width - 1} == set(net.rights), "leaves on other rows"
        assert all(len(way) in (2, 3) for way in own.values()), "a loose end, or a fork like a crossing"
        seen, todo = {(0, net.left)}, [(0, net.left)]
        for x, y in todo:
            for way, (dx, dy) in {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}.items():
                beyond = (x + dx, y + dy)
                if way in own[x, y] and beyond in own and beyond not in seen:
                    seen.add(beyond)
                    todo.append(beyond)
        assert seen == set(own), "in pieces"
        for cell in own:
            owners[cell].append(net.source)
    for cell, sources in owners.items():
        if len(sources) > 1:
            there = sorted(sorted(joined[source][cell]) for source in sources)
            assert there == [["down", "up"], ["left", "right"]], f"{sources} touch at {cell}"
