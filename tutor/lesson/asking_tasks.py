"""What the kinds that ask for more than a gradient must name: entries, formulas, gates and slips that exist."""

from collections.abc import Iterable

from tutor.engine.compile import callables
from tutor.engine.errors import EngineError
from tutor.engine.graph import Graph
from tutor.engine.ops import REGISTRY, Op
from tutor.engine.ordering import CONSTANTS
from tutor.engine.replay import AtOp, replay
from tutor.expr import ParseError, Scope, Tree, names_in, parse, walk
from tutor.expr.tree import Binary, Call, Index, Negate
from tutor.lesson.document import Document, Steps
from tutor.lesson.draws import draw, run_of
from tutor.lesson.entries import Place, letter_sizes, place_of
from tutor.lesson.gates import OUT, gates, inputs_of
from tutor.lesson.giving import label_names
from tutor.lesson.lines import shapes_at
from tutor.lesson.model import Ask, Part
from tutor.lesson.problem import listed, nearest
from tutor.lesson.sizes import SizeError
from tutor.text import Message, msg

KINDS = frozenset({"entry", "decompose", "rule", "find-slip"})


def check_task(document: Document, where: Steps, ask: Ask, graph: Graph) -> None:
    """Notes what a question of one of `KINDS` names that is not there."""
    if ask.kind == "entry":
        _check_place(document, (*where, "of"), str(ask.of), graph)
        _check_place(document, (*where, "wrt"), ask.wrt[0], graph)
    elif ask.kind == "decompose":
        tree = _read(document, where, str(ask.options["text"]))
        if tree is not None and not any(isinstance(part, Binary | Call | Negate | Index) for part in walk(tree)):
            document.report(where, msg("lesson.nothing-to-decompose"))
    elif ask.kind == "rule":
        _check_gate(document, where, ask)
    else:
        _check_slip(document, where, ask, graph)


def entry_problem(part: Part, ask: Ask) -> Message | None:
    """Why an entry does not fit the shapes of a part, if it does not."""
    try:
        places = tuple((place, _shape(part, place)) for place in (place_of(str(ask.of)), place_of(ask.wrt[0])))
    except (ParseError, KeyError):
        return None  # noted where names are checked
    for place, shape in places:
        if place.axes(shape) is None:
            letters = iter("ijkl")
            axes = [next(letters, "m") for size in shape if size > 1]
            form = f'"{place.name}[{", ".join(axes)}]"' if axes else place.name
            return msg("lesson.entry-axes", name=place.name, shape=shape, form=form)
    if letter_sizes(places) is None:
        return msg("lesson.entry-two-sizes", of=str(ask.of), wrt=ask.wrt[0])
    return None


def decompose_problem(part: Part, ask: Ask) -> Message | None:
    """Which name of a formula to take apart is unknown, if one is; or that it only computes with numbers."""
    known = [*part.graph.inputs, *part.graph.lines, *part.sizes]
    try:
        names = names_in(parse(str(ask.options["text"]), _lenient()))
    except ParseError:
        return None  # noted where texts are read
    unknown = next((name for name in names if name not in {*known, *CONSTANTS}), None)
    if unknown is not None:
        return _unknown(unknown, known)
    return None if any(name in part.graph.index for name in names) else msg("lesson.nothing-to-decompose")


def gate_problem(part: Part, ask: Ask) -> Message | None:
    """Why a gate cannot be run at its shapes, if it cannot."""
    shapes = ask.options["shapes"]
    try:
        forward = parse(str(ask.options["forward"]), _lenient())
        missing = [] if shapes is None else [n for n in inputs_of(forward, part.sizes) if n not in shapes]
        if missing:
            return msg("lesson.gate-shape-missing", names=missing)
        for gate in gates(forward, shapes, part.sizes):
            gate.graph.run(draw(gate, 0).numbers, draw(gate, 0).upstream)
    except EngineError as error:
        labels = [name for name in dict.fromkeys(label_names([forward])) if name not in part.sizes]
        return msg("lesson.gate-labels", names=labels) if labels else error.message
    except (ParseError, KeyError, SizeError, ZeroDivisionError):
        return msg("lesson.gate-shapes")
    return None


def slip_problem(part: Part, ask: Ask) -> Message | None:
    """Why a named slip cannot be planted, if it cannot: no such slot, or it makes no sense at these shapes."""
    slip, run = str(ask.options["slip"]), run_of(part, draw(part, 0))
    if ":" not in slip or run is None:
        return None
    fitting = 0
    for line in part.graph.order:
        for slot in part.graph.lines[line].slots:
            if ask.of in (None, line) and (not ask.wrt or ask.wrt[0] in (slot.label, slot.source)):
                for node, k in slot.chain:
                    op = part.graph.ops[node]
                    if op is not None and slip in {f"{op.name}:{each}" for each in op.slips}:
                        fitting += 1
                        plant = AtOp(node, op.slips[slip.partition(":")[2]], k)
                        try:
                            replay(run, [plant], part.graph.find(slot.source))
                        except (EngineError, ValueError):
                            fitting -= 1
    return None if fitting else msg("lesson.slip-does-not-fit", name=slip)


def _shape(part: Part, place: Place) -> tuple[int, ...]:
    return shapes_at(part.graph, part.given, part.sizes)[place.name]


def _check_place(document: Document, steps: Steps, text: str, graph: Graph) -> None:
    try:
        place = place_of(text)
    except ParseError as error:
        document.report(steps, error.message, code="not-an-entry", inside=error.span.start)
        return
    if place.name not in graph.index:
        document.report(steps, _unknown(place.name, [*graph.inputs, *graph.lines]), code="unknown-name")
    for letter in place.letters:
        if letter in graph.index:
            document.report(steps, msg("lesson.letter-taken", name=letter))


def _check_gate(document: Document, where: Steps, ask: Ask) -> None:
    tree = _read(document, (*where, "forward"), str(ask.options["forward"]))
    if tree is None:
        return
    names, shapes = inputs_of(tree, {}), ask.options["shapes"]
    taken = next((name for name in names if name in (OUT, "up")), None)
    if taken is not None:
        document.report((*where, "forward"), msg("lesson.gate-name-taken", name=taken))
    if ask.wrt[0] not in (*names, "forward"):
        document.report((*where, "wrt"), _unknown(ask.wrt[0], [*names, "forward"]), code="unknown-name")
    if shapes is not None:
        for name in shapes:
            if name not in names:
                document.report_key((*where, "shapes", name), _unknown(name, names), code="unknown-name")


def _check_slip(document: Document, where: Steps, ask: Ask, graph: Graph) -> None:
    if ask.of is not None and ask.of not in graph.lines:
        document.report((*where, "of"), _unknown(ask.of, list(graph.lines)), code="unknown-name")
        return
    if ask.wrt and ask.wrt[0].partition("#")[0] not in graph.index:
        document.report((*where, "wrt"), _unknown(ask.wrt[0], [*graph.inputs, *graph.lines]), code="unknown-name")
        return
    op, _, slip = str(ask.options["slip"]).partition(":")
    if not slip:
        if op != "any":
            document.report((*where, "slip"), msg("lesson.unknown-slip", name=op))
    elif op not in REGISTRY or slip not in REGISTRY[op].slips:
        document.report((*where, "slip"), _unknown_slip(op, slip), code="unknown-slip")
    elif not any(each is not None and each.name == op for each in _ops(graph, ask.of)):
        document.report((*where, "slip"), msg("lesson.slip-without-op", op=REGISTRY[op].symbol))


def _unknown_slip(op: str, slip: str) -> Message:
    """What was meant: a slip that begins so, one of the op's slips, or one that is spelt much the same."""
    typed = f"{op}:{slip}"
    every = [f"{name}:{each}" for name, kind in REGISTRY.items() for each in kind.slips]
    own = [each for each in every if each.startswith(f"{op}:")]
    near = next((each for each in own if each.startswith(typed)), None) or nearest(typed, own or every)
    if near is None and own:
        near = own[0]
    if near is None:
        return msg("lesson.unknown-slip", name=typed)
    return msg("lesson.unknown-slip-near", name=typed, near=near, op=near.partition(":")[0])


def _ops(graph: Graph, line: str | None) -> Iterable[Op | None]:
    return (op for node, op in enumerate(graph.ops) if line is None or graph.line_of(node) == line)


def _read(document: Document, steps: Steps, text: str) -> Tree | None:
    try:
        return parse(text, _lenient())
    except ParseError as error:
        document.report(steps, error.message, code="unreadable", inside=error.span.start)
        return None


def _lenient() -> Scope:
    return Scope(None, callables(), frozenset())


def _unknown(name: str, known: Iterable[str]) -> Message:
    names = list(dict.fromkeys(known))
    near = nearest(name, names)
    if near is not None:
        return msg("lesson.unknown-name", name=name, near=near)
    return msg("lesson.unknown-name-known", name=name, known=listed(names))
