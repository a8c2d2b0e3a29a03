"""The gradient that arrives at outputs of several entries: their shapes in the words of the inputs' sizes."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from tutor.authoring.declarations import Declared
from tutor.authoring.unknown_shapes import shape_at
from tutor.engine import EngineError, Graph
from tutor.expr import Scope, Tree, parse
from tutor.lesson.graph.named_sizes import SizeError, size_of


def upstreams(
    lines: Mapping[str, str], inputs: Mapping[str, Declared], sizes: Mapping[str, int], outputs: Iterable[str] = ()
) -> dict[str, tuple[str, ...]]:
    """The shape of the gradient for every output that must be told it; empty for one output of one entry.

    `outputs` are lines that are outputs although others use them.
    """
    here = _shapes(lines, inputs, sizes, outputs)
    assert here is not None
    if len(here) == 1 and all(size == 1 for shape in here.values() for size in shape):
        return {}
    return {name: dims_of(name, lines, inputs, sizes) or () for name in lines if name in here}


def dims_of(
    name: str, lines: Mapping[str, str | Tree], inputs: Mapping[str, Declared], sizes: Mapping[str, int]
) -> tuple[str, ...] | None:
    """The shape of an output in the words of the sizes; None where the graph does not take these shapes."""
    here = _shapes(lines, inputs, sizes, [name])
    if here is None:
        return None
    # The same graph at other sizes tells n from m + 1 where both happen to be 3.
    others = []
    for step in (1, 2):
        moved = {each: size + step * (k + 1) for k, (each, size) in enumerate(sizes.items())}
        shapes = _shapes(lines, inputs, moved, [name])
        if shapes is not None:
            others.append((moved, shapes))
    return tuple(
        axis_in_sizes(size, sizes, [(moved, shapes[name][axis]) for moved, shapes in others])
        for axis, size in enumerate(here[name])
    )


def _shapes(
    lines: Mapping[str, str | Tree], inputs: Mapping[str, Declared], sizes: Mapping[str, int], outputs: Iterable[str]
) -> dict[str, tuple[int, ...]] | None:
    """Shapes of the outputs at these sizes; None where the graph does not take them."""
    try:
        labels = [name for name, each in inputs.items() if each.role == "labels"]
        graph = Graph.parse(lines, inputs=inputs, sizes=sizes, integer=labels, outputs=outputs)
        plan = graph.plan({graph.index[name]: shape_at(each, sizes) for name, each in inputs.items()})
    except EngineError:
        return None
    return {name: plan.shapes[graph.index[name]] for name in graph.outputs}


def axis_in_sizes(size: int, sizes: Mapping[str, int], others: list[tuple[Mapping[str, int], int]]) -> str:
    """A formula of the sizes that gives the axis here and elsewhere; the number where none is found."""
    for words in _candidates(size, sizes):
        try:
            tree = parse(words, Scope(None, frozenset(), frozenset()))
            if size_of(tree, sizes) == size and all(size_of(tree, moved) == there for moved, there in others):
                return words
        except SizeError:
            continue
    return str(size)


def _candidates(size: int, sizes: Mapping[str, int]) -> Iterator[str]:
    yield str(size)
    yield from sizes
    for name in sizes:
        for k in (1, 2):
            yield from (f"{name} - {k}", f"{name} + {k}", f"{k + 1}*{name}")
    for one, other in product(sizes, sizes):
        yield from (f"{one}*{other}", f"{one} + {other}", f"{one} - {other} + 1")
