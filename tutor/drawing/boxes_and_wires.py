"""The words of the drawing: boxes and wires go in, a layout of places and routes comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

Cell = tuple[int, int]
"""Column and row of one character cell; (0, 0) is the top left one."""

UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8
"""The four ways out of a cell, as bits of a mask."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node to draw: its outer size in cells, border included."""

    id: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Wire:
    """A value going from one box into slot `port` (reading order, from 0) of another."""

    source: str
    target: str
    port: int


class Region(NamedTuple):
    """Where a box stands, border included."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A finished drawing without its texts.

    `paths` leads from the arrowhead at a wire's target back to the border of its source, as gradients flow;
    `wiring` gives each cell that wires use the mask of the ways they leave it; `arrows` are the cells of arrowheads.
    """

    width: int
    height: int
    regions: Mapping[str, Region]
    paths: Mapping[Wire, tuple[Cell, ...]]
    wiring: Mapping[Cell, int]
    arrows: frozenset[Cell]
