"""The gate of a `rule` question as a part of its own: one line `out`, with whatever gradient arrives there."""

from collections.abc import Iterator, Mapping, Sequence

from tutor.engine.errors import EngineError
from tutor.engine.graph import Graph
from tutor.engine.ordering import CONSTANTS
from tutor.expr import Scope, Tree, names_in, parse
from tutor.expr.tree import Name
from tutor.lesson.graph.named_sizes import shape_of, size_of
from tutor.lesson.graph.workload import is_workable
from tutor.lesson.inputs import positive_names
from tutor.lesson.model import Domain, Given, Part
from tutor.text import msg

OUT = "out"
# Without `shapes` a gate must do for numbers, vectors and matrices alike, as far as its ops take them.
_ANY_SHAPE: tuple[tuple[str, ...], ...] = ((), ("n",), ("n", "m"))
_LARGEST = 2.0


def inputs_of(forward: Tree, sizes: Mapping[str, int]) -> tuple[str, ...]:
    """The names that a gate computes from, in reading order."""
    return tuple(dict.fromkeys(name for name in names_in(forward) if name not in {*sizes, *CONSTANTS}))


def gates(
    forward: Tree, shapes: Mapping[str, Sequence[int | str]] | None, sizes: Mapping[str, int], number: int = 0
) -> list[Part]:
    """The gate at the shapes declared, or at every rank it takes; raises EngineError where it takes none.

    Raises KeyError, SizeError and ParseError for shapes that are no sizes.
    """
    names = inputs_of(forward, sizes)
    if shapes is not None:
        return [_gate(forward, {name: [_dim(each) for each in shapes[name]] for name in names}, sizes, number)]
    found: list[Part] = []
    refused: EngineError | None = None
    for shape in _ANY_SHAPE:
        try:
            gate = _gate(forward, {name: [_dim(each) for each in shape] for name in names}, sizes, number)
            if shape or all(op is None or op.elementwise for op in gate.graph.ops):  # a sum of one number is no sum
                found.append(gate)
        except EngineError as error:
            refused = error
    if not found:
        assert refused is not None
        raise refused
    # A product of vectors is another rule than one of matrices: no formula does for both.
    return found[-1:] if any(op is not None and op.by_rank for op in found[-1].graph.ops) else found


def _dim(size: int | str) -> int | Tree:
    return size if isinstance(size, int) else parse(size, Scope(None, frozenset(), frozenset()))


def _gate(forward: Tree, dims: Mapping[str, list[int | Tree]], sizes: Mapping[str, int], number: int) -> Part:
    here = _with_own(sizes, dims) | {name: sizes[name] for name in names_in(forward) if name in sizes}
    positive = positive_names([forward])
    given = {name: _given(name, each, "positive" if name in positive else "real") for name, each in dims.items()}
    graph = Graph.parse({OUT: forward}, inputs=given, sizes=here, outputs=(OUT,))
    shapes = graph.plan({graph.index[name]: shape_of(each, here) for name, each in given.items()}).shapes
    if not is_workable(graph, shapes):
        raise EngineError(msg("lesson.gate-too-large"))
    shape = shapes[graph.index[OUT]]
    known = [dim for each in dims.values() for dim in each]
    return Part(
        name=None,
        sizes=here,
        given=given,
        trees={OUT: forward},
        graph=graph,
        upstream={OUT: _given(OUT, [_named(size, known, here) for size in shape], "real")},
        convention="shape",
        ask=(),
        worked=0,
        saturated=True,
        number=number,
    )


def _with_own(sizes: Mapping[str, int], dims: Mapping[str, list[int | Tree]]) -> dict[str, int]:
    """The lesson's sizes that the gate's shapes speak of, and numbers of their own for other names."""
    names = dict.fromkeys(
        name for each in dims.values() for dim in each if not isinstance(dim, int) for name in names_in(dim)
    )
    here = {name: sizes[name] for name in names if name in sizes}
    free = (size for size in range(2, 100) if size not in here.values())
    return here | {name: next(free) for name in names if name not in here}


def _given(name: str, dims: Sequence[int | Tree], domain: Domain) -> Given:
    low = 0.5 if domain == "positive" else -_LARGEST
    return Given(name, tuple(dims), "uniform", low=low, high=_LARGEST, decimals=1, nonzero=True, domain=domain)


def _named(size: int, known: Sequence[int | Tree], sizes: Mapping[str, int]) -> int | Tree:
    """The size of an output's axis in the words of the inputs' shapes, so that it follows other sizes."""
    words: Iterator[int | Tree] = (dim for dim in known if not isinstance(dim, int) and size_of(dim, sizes) == size)
    return next(words, next((Name(name) for name, each in sizes.items() if each == size), size))
