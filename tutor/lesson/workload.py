"""How much work a part is, counted from shapes before anything is computed; what is too much is told at its place.

The unit is an entry made, some nanoseconds of work, as in the budget of answers (`expr.sizes`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

from tutor.engine.graph import Graph
from tutor.engine.ops.base import Shape
from tutor.engine.plan import Edge
from tutor.expr.limits import MAX_NUMBERS
from tutor.expr.sizes import Plan
from tutor.lesson.document import Document, Steps
from tutor.lesson.model import Ask, Part
from tutor.lesson.sizes import shape_of
from tutor.text import Message, msg

Shapes: TypeAlias = Sequence[Shape]

MOST_AXES = 16
MOST_DRAWN = 120_000  # numbers that a drill starts from
MOST_KEPT = 1_000_000  # entries of all values of a graph together
MOST_WORK = 5_000_000  # of a pass forward and backward
MOST_MATRIX = 250_000  # entries of a Jacobian that is asked for
MOST_ASKED = 200_000_000  # for the questions of a part together
CALL = 500  # what it takes to call an op at all
_PASSES = 20  # that a question takes for which the graph is gone through again and again
_OF_TWO = frozenset({"jacobian", "difference", "entry"})
_OF_A_LINE = frozenset({"local", "saves"})
_OF_NUMBERS = frozenset({"total", "downstream", "upstream", "path", "update"})


@dataclass(frozen=True, slots=True)
class Load:
    """What a question takes: the numbers to be typed, the entries of the largest matrix behind it, and the work."""

    typed: int
    matrix: int
    work: int


def check_workload(document: Document, at: Steps, part: Part) -> bool:
    """Whether a part can be worked with; notes what is too large, at the input, the line or the question."""
    total = 0
    for section, entries in (("given", part.given), ("upstream", part.upstream)):
        for name, given in entries.items():
            shape = shape_of(given, part.sizes)
            total += prod(shape)
            if total > MOST_DRAWN:
                message = msg("lesson.too-many-numbers", shape=shape, most=MOST_DRAWN)
                document.report_key((*at, section, name), message)
                return False
    graph = part.graph
    shapes = graph.plan({graph.index[name]: shape_of(each, part.sizes) for name, each in part.given.items()}).shapes
    too_large = _too_large(graph, shapes)
    if too_large is not None:
        line, message = too_large
        document.report((*at, "graph", line), message)
        return False
    for ask, message in _too_much(part, shapes):
        if ask is None:
            document.report_key((*at, "graph"), message)
        else:
            document.report_position(ask.position, message)
        return False
    return True


def fits(graph: Graph, shapes: Shapes) -> bool:
    """Whether a graph can be worked with at these shapes."""
    return sum(prod(shapes[node]) for node in graph.given) <= MOST_DRAWN and _too_large(graph, shapes) is None


def pass_work(graph: Graph, shapes: Shapes) -> int:
    """What one pass forward and backward takes."""
    return sum(_work(graph, shapes, node) for node in range(len(graph.ops)))


def _too_large(graph: Graph, shapes: Shapes) -> tuple[str, Message] | None:
    """The line at which a pass becomes too much, and why."""
    kept = work = 0
    for node, op in enumerate(graph.ops):
        if op is None:
            continue
        kept += prod(shapes[node])
        work += _work(graph, shapes, node)
        if len(shapes[node]) > MOST_AXES:
            return graph.line_of(node), msg("lesson.too-many-axes", axes=len(shapes[node]), most=MOST_AXES)
        if kept > MOST_KEPT or work > MOST_WORK:
            return graph.line_of(node), msg("lesson.line-too-much-work")
    return None


def _work(graph: Graph, shapes: Shapes, node: int) -> int:
    """What one op takes forward, and back along each slot."""
    op, arguments = graph.ops[node], graph.arguments[node]
    if op is None:
        return 0
    return (1 + len(arguments)) * (CALL + op.cost(shapes[node], *(shapes[j] for j in arguments)).work)


def _too_much(part: Part, shapes: Shapes) -> Iterator[tuple[Ask | None, Message]]:
    """The first question that cannot be asked, and why; None stands for the questions that a part asks by itself."""
    spent = 0
    for ask, load in _asked(part, shapes):
        spent += load.work
        if load.matrix > MOST_MATRIX:
            yield ask, msg("lesson.jacobian-too-large", entries=load.matrix, most=MOST_MATRIX)
        elif load.typed > MAX_NUMBERS:
            yield ask, msg("lesson.answer-too-long", entries=load.typed, most=MAX_NUMBERS)
        elif spent > MOST_ASKED:
            yield ask, msg("lesson.questions-too-much-work")


def _asked(part: Part, shapes: Shapes) -> Iterator[tuple[Ask | None, Load]]:
    whole = pass_work(part.graph, shapes)
    if not part.ask:
        yield from ((None, load) for load in _of_slots(part, shapes, part.graph.lines, local=False))
    for ask in part.ask:
        if ask.kind == "all":
            lines = ask.options.get("lines") or part.graph.lines
            yield from ((ask, load) for load in _of_slots(part, shapes, lines, local=True))
        else:
            yield ask, _load(part.graph, shapes, ask, whole)


def _of_slots(part: Part, shapes: Shapes, lines: Iterable[str], *, local: bool) -> Iterator[Load]:
    """What every slot of some lines takes, its downstream and, where it is asked for, its local gradient."""
    for line in lines:
        for slot in part.graph.lines[line].slots:
            given = part.given.get(slot.source)
            if given is None or not (given.integer or given.constant):
                entries = prod(shapes[part.graph.index[slot.source]])
                yield Load(entries, 1, CALL + entries)
                if local:
                    yield _local(part.graph, shapes, slot.chain)


def _load(graph: Graph, shapes: Shapes, ask: Ask, whole: int) -> Load:
    names = (str(ask.of or "").partition("[")[0], *(name.partition("#")[0].partition("[")[0] for name in ask.wrt))
    sizes = [prod(shapes[graph.index[name]]) for name in names if name in graph.index]
    if ask.kind in _OF_TWO:
        matrix = prod(sizes)
        work = whole * (sizes[-1] if ask.kind == "difference" else sizes[0])
        return Load(matrix if ask.kind == "jacobian" else 1, matrix, work)
    if ask.kind in _OF_A_LINE or (ask.kind == "formula" and ask.of is not None):
        load = _local(graph, shapes, graph.chain(str(ask.of), ask.wrt[0]))
        return load if ask.kind == "local" else Load(1, load.matrix, load.work)
    if ask.kind in _OF_NUMBERS:
        typed = sizes[-1] if ask.kind == "downstream" else sum(sizes)
        return Load(typed, 1, CALL + typed)
    if ask.kind == "derive":
        return _derivation(graph, shapes, ask.wrt[0], whole)
    if ask.kind == "find-slip":  # every slip at every op is a pass of its own
        return Load(1, 1, whole * len(graph.ops))
    return Load(1, 1, CALL if ask.kind in ("shape", "choose", "order") else whole * _PASSES)


def _derivation(graph: Graph, shapes: Shapes, wrt: str, whole: int) -> Load:
    """The factors dA/dB of neighbouring lines above a variable, each a Jacobian: a pass for a row or a column."""
    above, matrix, passes = {wrt}, 1, _PASSES
    for line in graph.order:
        for source in {slot.source for slot in graph.lines[line].slots} & above:
            above.add(line)
            sizes = prod(shapes[graph.index[line]]), prod(shapes[graph.index[source]])
            matrix, passes = max(matrix, prod(sizes)), passes + min(sizes)
    return Load(1, matrix, whole * passes)


def _local(graph: Graph, shapes: Shapes, chain: Iterable[Edge]) -> Load:
    """The local Jacobians along a chain; what is one entry, or works entry by entry all the way, needs none."""
    edges = [(node, graph.arguments[node][k]) for node, k in chain]
    top, bottom = prod(shapes[edges[0][0]]), prod(shapes[edges[-1][1]])
    ops = (graph.ops[node] for node, _ in edges)
    if top == 1:
        return Load(bottom, 1, CALL * len(edges) + bottom)
    if shapes[edges[0][0]] == shapes[edges[-1][1]] and all(op is not None and op.elementwise for op in ops):
        return Load(top, 1, CALL + top)
    matrices = [prod(shapes[node]) * prod(shapes[j]) for node, j in edges]
    work = sum(each + Plan(0, top * each).work for each in matrices)
    return Load(top * bottom, max(*matrices, top * bottom), CALL + work)
