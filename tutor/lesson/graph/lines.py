"""The lines of a part: names, formulas, cycles and shapes, with everything that is wrong noted at its place."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping

from tutor.engine.compile import callables
from tutor.engine.errors import EngineError
from tutor.engine.graph import Graph
from tutor.engine.ordering import CONSTANTS
from tutor.expr import ParseError, Scope, Span, Tree, names_in, parse, to_text, walk
from tutor.expr.tree import Name
from tutor.lesson.file.document import Document, Steps
from tutor.lesson.file.problem import nearest, shortened_list
from tutor.lesson.graph.named_sizes import shape_of
from tutor.lesson.model import Given
from tutor.text import Message, msg

MOST_LINES = 2_000
MOST_ELEMENTS = 1_000_000
_MOST_ROUNDS = 20  # lines with shapes that do not fit are found one by one
_ASCII_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = frozenset({"true", "false", "null"})


def check_names(
    document: Document, at: Steps, sizes: Iterable[str], given: Iterable[str], lines: Iterable[str]
) -> set[str]:
    """Notes every name that cannot be used, where it is introduced, and returns them."""
    refused: set[str] = set()
    sizes, given, lines = list(sizes), list(given), list(lines)
    everything = {*sizes, *given, *lines}
    for section, names in (("sizes", sizes), ("given", given), ("graph", lines)):
        for name in names:
            steps = (*at, section, name)
            message = name_refused(name, everything)
            if message is None and section != "sizes" and name in sizes:
                message = msg("lesson.name-is-size", name=name)
            if message is None and section == "graph" and name in given:
                message = msg("lesson.name-is-given", name=name)
            if message is not None:
                refused.add(name)
                document.report_key(steps, message)
    return refused


def parse_lines(
    document: Document, at: Steps, lines: Mapping[str, object], names: Iterable[str], sizes: Iterable[str]
) -> dict[str, Tree]:
    """The formulas that can be read; notes unreadable ones and every name that nobody introduces."""
    known = list(dict.fromkeys([*names, *lines, *sizes]))
    allowed = {*known, *CONSTANTS}
    scope = Scope(None, callables(known), frozenset())
    trees: dict[str, Tree] = {}
    if len(lines) > MOST_LINES:
        document.report_key((*at, "graph"), msg("lesson.too-many-lines", lines=len(lines), most=MOST_LINES))
        return trees
    for name in lines:
        steps = (*at, "graph", name)
        try:
            tree = parse(document.typed.get(steps, ""), scope)
        except ParseError as error:
            document.report(steps, error.message, code="unreadable", inside=error.span.start)
            continue
        trees[name] = tree
        for part in walk(tree):
            if isinstance(part, Name) and part.name not in allowed:
                message = _unknown_name(part.name, known)
                document.report(steps, message, code="unknown-name", inside=part.span.start)
    return trees


def build_graph(
    document: Document,
    at: Steps,
    trees: Mapping[str, Tree],
    given: Mapping[str, Given],
    sizes: Mapping[str, int],
    outputs: Iterable[str],
) -> Graph | None:
    """The graph of these lines, its shapes checked; None after noting all that is wrong with them."""
    labels = [name for name, each in given.items() if each.integer]
    outputs = [name for name in outputs if name in trees]
    try:
        graph = Graph.parse(trees, inputs=given, sizes=sizes, integer=labels, outputs=outputs)
        shapes = shapes_at(graph, given, sizes)
    except EngineError as error:
        _note(document, at, error, trees, given, sizes)
        if error.node is not None:
            check_usable_lines(document, at, {n: t for n, t in trees.items() if n != error.node}, given, sizes)
        return None
    large = [name for name in graph.index if math.prod(shapes[name]) > MOST_ELEMENTS]
    for name in large[:1]:
        steps = (*at, "graph", name.partition(".")[0])
        document.report(steps, msg("lesson.array-too-large", shape=shapes[name]))
    return None if large else graph


def check_usable_lines(
    document: Document, at: Steps, trees: Mapping[str, Tree], given: Mapping[str, Given], sizes: Mapping[str, int]
) -> None:
    """Notes what is wrong with the lines that use only inputs and lines at hand: all is to be told at once."""
    labels = [name for name, each in given.items() if each.integer]
    for _ in range(_MOST_ROUNDS):
        trees = _sound(trees, {*given, *sizes, *CONSTANTS})
        try:
            shapes_at(Graph.parse(trees, inputs=given, sizes=sizes, integer=labels), given, sizes)
        except EngineError as error:
            _note(document, at, error, trees, given, sizes)
            if error.node is None:
                return
            trees = {name: tree for name, tree in trees.items() if name != error.node}
        else:
            return


def _sound(trees: Mapping[str, Tree], known: set[str]) -> dict[str, Tree]:
    """The lines all of whose names are known, or are such lines."""
    sound = dict(trees)
    while True:
        lost = [name for name, tree in sound.items() if any(n not in known and n not in sound for n in names_in(tree))]
        if not lost:
            return sound
        for name in lost:
            del sound[name]


def _note(
    document: Document,
    at: Steps,
    error: EngineError,
    trees: Mapping[str, Tree],
    given: Mapping[str, Given],
    sizes: Mapping[str, int],
) -> None:
    steps = (*at, "graph") if error.node is None or error.node not in trees else (*at, "graph", error.node)
    span: Span | None = getattr(error, "span", None)
    code = "cycle" if error.message.id == "engine.cycle" else error.message.id.partition(".")[2]
    message = _of_a_product(error.message, str(error.node), trees, given, sizes)
    document.report(steps, message, code=code, inside=None if span is None else span.start)


def _of_a_product(
    message: Message, line: str, trees: Mapping[str, Tree], given: Mapping[str, Given], sizes: Mapping[str, int]
) -> Message:
    """A product that does not fit with its sizes by name; a transpose is proposed where the line then fits."""
    if message.id not in ("engine.matmul-turn", "engine.matmul-inner-sizes", "engine.matmul-inner-sizes-transpose"):
        return message
    named = {size: name for name, size in sizes.items() if list(sizes.values()).count(size) == 1}
    params = dict(message.params)
    for inner in ("inner_left", "inner_right"):
        size = params[inner]
        params[inner] = f"{named[size]} = {size}" if size in named else size
    id, factor = message.id, str(params.get("factor", ""))
    if id == "engine.matmul-turn" and not _fits_turned(line, factor, trees, given, sizes):
        id = "engine.matmul-inner-sizes"
    return msg(id, **params)


def _fits_turned(
    line: str, factor: str, trees: Mapping[str, Tree], given: Mapping[str, Given], sizes: Mapping[str, int]
) -> bool:
    """Whether a line takes its shapes with one of its names transposed."""
    text = re.sub(rf"\b{re.escape(factor)}\b", f"{factor}.T", to_text(trees[line]))
    labels = [name for name, each in given.items() if each.integer]
    try:
        turned = {**trees, line: parse(text, Scope(None, callables(trees), frozenset()))}
        shapes_at(Graph.parse(turned, inputs=given, sizes=sizes, integer=labels), given, sizes)
    except EngineError as error:
        return error.node is not None and error.node != line
    except ParseError:
        return False
    return True


def shapes_at(graph: Graph, given: Mapping[str, Given], sizes: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    """Shapes of all inputs, lines and inner ops at these sizes; raises ShapeError."""
    plan = graph.plan({graph.index[name]: shape_of(each, sizes) for name, each in given.items()})
    return {name: plan.shapes[node] for name, node in graph.index.items()}


def name_refused(name: str, everything: set[str]) -> Message | None:
    """Why a name cannot stand for anything, or None."""
    if name in _WORDS or not _is_name(name):
        shown = name if name.isprintable() else name.encode("unicode_escape").decode()  # what nobody can see
        return msg("lesson.not-a-name", name=shown)
    if name in callables({name}):
        return msg("lesson.name-is-function", name=name)
    if name == "up":
        return msg("lesson.name-is-up")
    if name.startswith("d") and name[1:] in everything:
        return msg("lesson.name-is-gradient", name=name, of=name[1:])
    return None


def _is_name(name: str) -> bool:
    if _ASCII_NAME.fullmatch(name):
        return True
    if unicodedata.normalize("NFC", name) != name:
        return False
    try:
        return parse(name, Scope(None, frozenset(), frozenset())) == Name(name)
    except ParseError:
        return False


def _unknown_name(name: str, known: list[str]) -> Message:
    near = nearest(name, known)
    if near is not None:
        return msg("lesson.unknown-name", name=name, near=near)
    return msg("lesson.unknown-name-known", name=name, known=shortened_list(known))
