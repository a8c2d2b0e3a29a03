"""The questions of a part: from what stands under `ask:` to `Ask`s whose names exist."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tutor.engine.errors import EngineError
from tutor.engine.graph import Graph
from tutor.lesson.asking_tasks import KINDS as TASKS
from tutor.lesson.asking_tasks import check_task
from tutor.lesson.document import Document, Steps
from tutor.lesson.model import Ask, Convention, Given
from tutor.lesson.problem import listed, nearest
from tutor.lesson.schema_ask import KINDS, AskItem, Question
from tutor.text import Message, msg

_NAMED = ("of", "wrt", "through", "using", "convention")
_OF_THEIR_OWN = frozenset({"order", "count", "choose", "predict", "tangent"})  # kinds without `of` and `wrt`
_OF_INPUTS = frozenset({"jacobian", "difference", "update"})  # kinds whose `of` may be an input
_ALWAYS_USABLE = frozenset({"up", "δ", "delta"})


def asks_of(
    document: Document, at: Steps, entries: object, graph: Graph | None, given: Mapping[str, Given]
) -> tuple[Ask, ...]:
    """The questions in order; notes those that cannot be asked."""
    if entries is None:
        return ()
    steps = (*at, "ask")
    asks = []
    for where, kind, body, convention in _bodies(steps, entries):
        ask = _ask(document, where, kind, body, convention)
        if graph is None or _checked(document, where, ask, graph, given):
            asks.append(ask)
    return tuple(asks)


def check_asked_names(
    document: Document, at: Steps, entries: object, given: list[str], lines: list[str], sizes: list[str]
) -> None:
    """Notes names in questions that nobody introduces, where there is no graph by which to judge more."""
    if entries is None or not lines:
        return
    known = [*given, *lines]
    for where, kind, body, convention in _bodies((*at, "ask"), entries):
        if kind in TASKS or kind in _OF_THEIR_OWN:
            continue
        ask = _ask(document, where, kind, body, convention)
        if ask.of is not None and ask.of.partition(".")[0] not in lines:
            _must_be(document, (*where, "of"), ask.of, known if kind in _OF_INPUTS else lines)
        for k, name in enumerate(ask.wrt):
            if name.partition("#")[0].partition(".")[0] not in known:
                _must_be(document, _part(document, (*where, "wrt"), k), name, known)
        for k, line in enumerate(ask.options.get("lines", ask.through)):
            _must_be(document, _part(document, (*where, "through") if ask.through else where, k), line, lines)
        _check_using(document, where, ask, known, sizes)


def _bodies(steps: Steps, entries: Any) -> Iterator[tuple[Steps, str, Any, Convention | None]]:
    """Every question: where it stands, its kind, what stands behind the kind, and the entry's convention."""
    if entries == "all":
        yield steps, "all", [], None
        return
    for k, entry in enumerate(entries):
        if entry == "all":
            yield (*steps, k), "all", [], None
            continue
        assert isinstance(entry, AskItem)
        kind = next(kind for kind in KINDS if getattr(entry, kind.replace("-", "_")) is not None)
        body = getattr(entry, kind.replace("-", "_"))
        where = (*steps, k, kind)
        if isinstance(body, list) and kind != "all":
            for position, item in enumerate(body):
                yield (*where, position), kind, item, entry.convention
        else:
            yield where, kind, body, entry.convention


def _ask(document: Document, where: Steps, kind: str, body: Any, convention: Convention | None) -> Ask:
    position = document.position(where)
    if kind == "all":
        lines = (body,) if isinstance(body, str) else tuple(body)
        return Ask("all", convention=convention, options={"lines": lines}, position=position)
    if isinstance(body, str):
        if kind == "upstream":
            return Ask(kind, of=body, convention=convention, position=position)
        if kind in ("shape", "total", "formula"):
            return Ask(kind, wrt=(body,), convention=convention, position=position)
        return Ask(kind, convention=convention, options={"text": body}, position=position)
    assert isinstance(body, Question)
    wrt = getattr(body, "wrt", None)
    using = getattr(body, "using", None)
    return Ask(
        kind,
        of=getattr(body, "of", None),
        wrt=() if wrt is None else (wrt,) if isinstance(wrt, str) else tuple(wrt),
        through=tuple(getattr(body, "through", ())),
        using=None if using is None else tuple(using),
        convention=body.convention or convention,
        options={name: value for name, value in body.model_dump().items() if name not in _NAMED},
        position=position,
    )


def _checked(document: Document, where: Steps, ask: Ask, graph: Graph, given: Mapping[str, Given]) -> bool:
    """Whether everything that a question names is there; notes what is not."""
    before = len(document.errors)
    nodes = [*graph.inputs, *graph.index]
    if ask.kind == "all":
        for k, line in enumerate(ask.options["lines"]):
            if line not in graph.lines:
                document.report(_part(document, where, k), _unknown(line, graph.lines), code="unknown-name")
    elif ask.kind == "upstream":
        _must_be(document, where, ask.of, [name for name in graph.index if name not in graph.inputs])
    elif ask.kind in ("local", "downstream", "saves") or (ask.kind == "formula" and ask.of is not None):
        if _must_be(document, (*where, "of"), ask.of, [name for name in graph.index if name not in graph.inputs]):
            _must_be_slot(document, (*where, "wrt"), graph, str(ask.of), ask.wrt[0])
    elif ask.kind in ("jacobian", "difference"):
        of_is_there = _must_be(document, (*where, "of"), ask.of, nodes)
        if _must_be(document, (*where, "wrt"), ask.wrt[0], nodes) and of_is_there:
            _must_reach(document, (*where, "wrt"), graph, str(ask.of), ask.wrt[0])
    elif ask.kind == "path":
        _must_be_path(document, where, graph, ask)
    elif ask.kind == "predict":
        choices = [name for name in nodes if name not in given or not given[name].integer]
        _must_be_choices(document, where, ask, choices, [name for name in given if given[name].constant])
    elif ask.kind == "tangent":
        for name in ask.options["along"]:
            _must_move(document, (*where, "along", name), name, graph, given)
    elif ask.kind == "update":
        _must_move(document, (*where, "of"), str(ask.of), graph, given)
    elif ask.kind in TASKS:
        check_task(document, where, ask, graph)
    elif ask.kind == "choose":
        _must_fit_options(document, where, ask)
    else:
        for k, name in enumerate(ask.wrt):
            _must_be(document, _part(document, (*where, "wrt"), k), name, nodes)
    for name in ask.wrt if ask.kind != "rule" else ():
        source = name.partition("#")[0].partition("[")[0]
        steps = (*where, "wrt") if (*where, "wrt") in document.spans else where
        if source in given and given[source].integer:
            document.report(steps, msg("lesson.labels-have-no-gradient", name=source))
        elif source in given and given[source].constant:
            document.report(steps, msg("lesson.constant-asked", name=source), severity="warning")
    _check_using(document, where, ask, nodes, graph.sizes)
    return len(document.errors) == before


def _must_move(document: Document, steps: Steps, name: str, graph: Graph, given: Mapping[str, Given]) -> None:
    """Notes a name that is no input, or one that cannot be nudged or updated: labels, and constants of the problem."""
    movable = [each for each in graph.inputs if not given[each].integer and not given[each].constant]
    if name not in given:
        _must_be(document, steps, name, movable)
    elif given[name].integer:
        document.report(steps, msg("lesson.labels-have-no-gradient", name=name))
    elif given[name].constant:
        document.report(steps, msg("lesson.constant-moved", name=name))


def _must_be_choices(document: Document, where: Steps, ask: Ask, known: list[str], constants: list[str]) -> None:
    """Notes names that are no nodes or stand twice, and a choice among fewer than two."""
    what = next(what for what in ("largest", "zero") if ask.options[what] is not None)
    names, steps = ask.options[what], (*where, what)
    for k, name in enumerate(names):
        if _must_be(document, (*steps, k), name, known) and name in names[:k]:
            document.report((*steps, k), msg("lesson.listed-twice", name=name))
        if name in constants:
            document.report((*steps, k), msg("lesson.constant-asked", name=name), severity="warning")
    if len(names) < 2 and what == "largest":
        document.report(steps, msg("lesson.too-few", least=2, given=len(names)))


def _must_fit_options(document: Document, where: Steps, ask: Ask) -> None:
    options, right, why = (ask.options[name] for name in ("options", "right", "why"))
    if right > len(options):
        document.report((*where, "right"), msg("lesson.right-not-an-option", right=right, count=len(options)))
    if why is not None and len(why) != len(options):
        document.report((*where, "why"), msg("lesson.why-for-each", count=len(options), given=len(why)))
    for k, option in enumerate(options):
        if option in options[:k]:
            document.report((*where, "options", k), msg("lesson.option-twice"))


def _part(document: Document, where: Steps, k: int) -> Steps:
    return (*where, k) if (*where, k) in document.spans else where


def _check_using(document: Document, where: Steps, ask: Ask, nodes: list[str], sizes: Iterable[str]) -> None:
    for k, name in enumerate(ask.using or ()):
        if not _usable(name, {*nodes}, {*sizes}):
            near = nearest(name, [*nodes, "up"])
            message = _unknown(name, nodes) if near is None else msg("lesson.unknown-name", name=name, near=near)
            document.report((*where, "using", k), message, code="unknown-name")


def _usable(name: str, nodes: set[str], sizes: set[str]) -> bool:
    if name in nodes or name in sizes or name in _ALWAYS_USABLE:
        return True
    of, _, wrt = name.replace("∂", "d").partition("/")
    parts = [of, wrt] if wrt else [of]
    return all(part.startswith("d") and part[1:] in nodes for part in parts)


def _must_be(document: Document, steps: Steps, name: str | None, known: Any) -> bool:
    if name in known:
        return True
    # A list of names has a place for each; a question written short has only one.
    pieces = [piece.strip() for piece in str(name).split(",")]
    entry, bracket, _ = str(name).partition("[")
    if len(pieces) > 1 and all(piece in known for piece in pieces):
        message = msg("lesson.names-in-brackets", names=f"[{', '.join(pieces)}]")
    elif bracket and entry in known:
        message = msg("lesson.entry-not-here", name=entry, entry=str(name))
    else:
        message = _unknown(str(name), known)
    document.report(steps, message, code="unknown-name")
    return False


def _unknown(name: str, known: Any) -> Message:
    names = list(dict.fromkeys(known))
    near = nearest(name, names)
    if near is not None:
        return msg("lesson.unknown-name", name=name, near=near)
    return msg("lesson.unknown-name-known", name=name, known=listed([each for each in names if "." not in each]))


def _must_be_slot(document: Document, steps: Steps, graph: Graph, of: str, wrt: str) -> bool:
    try:
        graph.chain(of, wrt)
    except EngineError:
        line = graph.lines[of if of in graph.lines else of.partition(".")[0]]
        labels = [slot.label for slot in line.slots]
        several = [slot.label for slot in line.slots if slot.source == wrt]
        if len(several) > 1:
            document.report(steps, msg("lesson.several-slots", name=wrt, line=of, slots=several))
        else:
            near = nearest(wrt, labels)
            if near is not None:
                message = msg("lesson.no-such-slot-near", name=wrt, line=of, near=near)
            else:
                message = msg("lesson.no-such-slot", name=wrt, line=of, slots=listed(labels))
            document.report(steps, message, code="no-such-slot")
        return False
    return True


def _must_be_path(document: Document, where: Steps, graph: Graph, ask: Ask) -> None:
    below, at = ask.wrt[0], (*where, "wrt")
    if not _must_be(document, at, below.partition("#")[0], [*graph.inputs, *graph.lines]):
        return
    for k, line in enumerate(ask.through):
        steps = (*where, "through", k)
        if not _must_be(document, steps, line, list(graph.lines)):
            return
        source = below.partition("#")[0]
        if source not in [slot.source for slot in graph.lines[line].slots]:
            document.report(steps, msg("lesson.path-broken", line=line, name=source))
            return
        if not _must_be_slot(document, at, graph, line, below):
            return
        below, at = line, steps


def _must_reach(document: Document, steps: Steps, graph: Graph, of: str, wrt: str) -> None:
    """Notes that `of` does not depend on `wrt`."""
    reached, left = set(), [graph.find(of)]
    while left:
        node = left.pop()
        if node not in reached:
            reached.add(node)
            left.extend(graph.arguments[node])
    if graph.find(wrt) not in reached:
        document.report(steps, msg("lesson.does-not-depend", of=of, wrt=wrt))
