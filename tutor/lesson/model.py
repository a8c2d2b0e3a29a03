"""A lesson as the other rooms see it: checked, named and ready for numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from numpy.typing import NDArray

from tutor.engine.graph import Graph
from tutor.expr import names_in
from tutor.expr.tree import Tree
from tutor.lesson.file.ask_schema import Fields
from tutor.lesson.file.problem import Problem
from tutor.text import Localised

Convention: TypeAlias = Literal["shape", "jacobian"]
Domain: TypeAlias = Literal["real", "positive", "probability", "mask", "labels", "onehot", "shares"]
Kind: TypeAlias = Literal["fixed", "integers", "uniform", "normal", "choice", "labels", "onehot", "rows", "mask"]


@dataclass(frozen=True, slots=True)
class Given:
    """An input, or the gradient that arrives at an output: its shape, and where its numbers come from.

    `dims` are numbers or formulas of sizes. `value` are the numbers of kind `fixed`, nested lists; `low` and `high`
    bound integers and uniform; `scale` is the deviation of normal or the keep rate of mask; `classes` is the k of
    labels and onehot, and how far rows count; `axis` is where the 1 of onehot stands. `follows` says what fixed numbers
    are, so that there are such numbers at other sizes too: labels, onehot or rows.
    """

    name: str
    dims: "tuple[int | Tree, ...]"
    kind: Kind
    value: Any = None
    low: float = 0.0
    high: float = 0.0
    scale: float = 1.0
    choices: tuple[float, ...] = ()
    classes: "int | Tree | None" = None
    axis: int = -1
    follows: Kind | None = None
    decimals: int | None = None
    distinct: bool = False
    nonzero: bool = False
    away: float = 0.0
    constant: bool = False
    domain: Domain = "real"

    @property
    def integer(self) -> bool:
        """Labels: whole numbers that carry no gradient."""
        return self.domain == "labels"

    @property
    def drawn(self) -> bool:
        """Whether every drill has numbers of its own."""
        return self.kind not in ("fixed", "rows")

    @property
    def stays(self) -> bool:
        """Whether it is the same numbers whatever is drawn: its sizes cannot change then."""
        return self.constant and self.kind == "fixed" and self.follows is None


@dataclass(frozen=True, slots=True)
class Ask:
    """One question as the lesson asks it: a kind, its fields, and the line and column in the file."""

    kind: str
    fields: Fields
    convention: Convention | None = None
    position: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A graph with its inputs and questions; without questions (`ask` empty) the drill asks its default ones."""

    name: Localised | None
    sizes: Mapping[str, int]
    given: Mapping[str, Given]
    trees: Mapping[str, Tree]
    graph: Graph
    upstream: Mapping[str, Given]
    convention: Convention
    ask: tuple[Ask, ...]
    worked: int
    saturated: bool
    number: int = 0  # its place in the lesson, so that parts of one drill draw different numbers

    def graph_for(self, sizes: Mapping[str, int]) -> Graph:
        """The same lines at other sizes; the very same graph where no line speaks of a size."""
        return self.graph if sizes == self.sizes else _graph_for(self, tuple(sizes.items()))


@lru_cache(maxsize=32)  # formulas are tried at the same few sizes again and again
def _graph_for(part: Part, of: tuple[tuple[str, int], ...]) -> Graph:
    sizes = dict(of)
    if not any(name in sizes for tree in part.trees.values() for name in names_in(tree)):
        return part.graph
    return Graph.parse(
        part.trees,
        inputs=part.graph.inputs,
        sizes=sizes,
        integer=[name for name, given in part.given.items() if given.integer],
        outputs=tuple(part.upstream),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A lesson that has been read and checked; `warnings` are what an author should look at."""

    id: str
    path: Path
    title: Localised
    about: Localised | None
    covers: tuple[str, ...]
    source: str | None
    requires: tuple[str, ...]
    parts: tuple[Part, ...]
    has_parts: bool
    hints: Mapping[str, tuple[Localised, ...]]
    worked: int
    tolerance: float
    strict: bool
    saturated: bool
    plots: tuple[str, ...]
    borrows: tuple[str, ...] = ()  # lessons whose graphs its parts use
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """Numbers for a part: `numbers` for its inputs, `upstream` for its outputs, float64 arrays (labels int64)."""

    sizes: Mapping[str, int]
    numbers: Mapping[str, NDArray[Any]]
    upstream: Mapping[str, NDArray[Any]]
