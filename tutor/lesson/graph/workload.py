"""How much work a part is, counted from shapes before anything is computed; what is too much is told at its place.

The unit is an entry made, some nanoseconds of work, as in the budget of answers (`expr.result_sizes`).
"""

from collections.abc import Iterator
from math import prod

from tutor.engine.graph import Graph
from tutor.expr.limits import MAX_NUMBERS
from tutor.lesson.ask_entries import KINDS
from tutor.lesson.file.document import Document, Steps
from tutor.lesson.graph.named_sizes import shape_of
from tutor.lesson.model import Ask, Part
from tutor.lesson.question_load import CALL, QuestionLoad, Shapes, of_slots
from tutor.text import Message, msg

MOST_AXES = 16
MOST_DRAWN = 120_000  # numbers that a drill starts from
MOST_KEPT = 1_000_000  # entries of all values of a graph together
MOST_WORK = 5_000_000  # of a pass forward and backward
MOST_MATRIX = 250_000  # entries of a Jacobian that is asked for
MOST_ASKED = 200_000_000  # for the questions of a part together


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


def is_workable(graph: Graph, shapes: Shapes) -> bool:
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


def _asked(part: Part, shapes: Shapes) -> Iterator[tuple[Ask | None, QuestionLoad]]:
    whole = pass_work(part.graph, shapes)
    if not part.ask:
        yield from ((None, load) for load in of_slots(part, shapes, part.graph.lines, local=False))
    for ask in part.ask:
        yield from ((ask, load) for load in KINDS[ask.kind].loads(part, shapes, ask.fields, whole))
