"""What a run knows, by the names that people use: of lines, inner ops and inputs, and of slots."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from tutor.engine.ops.op import Array
from tutor.engine.plan import Edge

if TYPE_CHECKING:
    from tutor.engine.graph import Graph


class ByName(Mapping[str, Array]):
    """Arrays by the name of a line, an inner op or an input."""

    def __init__(self, graph: "Graph", get: Callable[[int], Array], skip: set[int] | None = None) -> None:
        self._graph, self._get, self._skip = graph, get, skip or set()

    def __getitem__(self, name: str) -> Array:
        node = self._graph.index.get(name)
        if node is None or node in self._skip:
            raise KeyError(name)
        return self._get(node)

    def __iter__(self) -> Iterator[str]:
        return (name for name, node in self._graph.index.items() if node not in self._skip)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class BySlot(Mapping[tuple[str, str], Array]):
    """Arrays by (line or inner op, slot)."""

    def __init__(self, graph: "Graph", get: Callable[[tuple[Edge, ...]], Array]) -> None:
        self._graph, self._get = graph, get

    def __getitem__(self, key: tuple[str, str]) -> Array:
        return self._get(self._graph.chain(*key))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((name, slot.label) for name, line in self._graph.lines.items() for slot in line.slots)

    def __len__(self) -> int:
        return sum(1 for _ in self)
