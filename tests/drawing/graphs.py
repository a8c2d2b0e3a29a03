"""Seeded random graphs for the drawing's tests."""

from random import Random

from tutor.drawing import Box, Wire


def random_graph(seed: int, nodes: int) -> tuple[list[Box], list[Wire]]:
    """Boxes and wires without cycles: lone boxes, long wires, forks and sources used twice all occur."""
    random = Random(seed)
    reach = random.choice((3, 6, nodes))
    boxes, wires = [], []
    for number in range(nodes):
        slots = random.choice((0, 1, 1, 2, 2, 2, 3)) if number else 0
        for port in range(slots):
            source = random.randrange(max(0, number - reach), number)
            wires.append(Wire(f"n{source}", f"n{number}", port))
        boxes.append(Box(f"n{number}", random.randrange(6, 20), max(3, slots + 2) + random.choice((0, 0, 1))))
    return boxes, wires
