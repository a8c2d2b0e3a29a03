"""`all`, and what a part without questions asks: which questions of other kinds these stand for."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from tutor.engine import Graph, Line, Run
from tutor.kinds.downstream import DownstreamKind
from tutor.kinds.local import LocalKind
from tutor.kinds.order import backward_order
from tutor.kinds.total import Total, TotalKind
from tutor.lesson.ask_entries import KINDS, AskKind, Names, Notes, unknown
from tutor.lesson.file.ask_schema import Fields, OfWrt
from tutor.lesson.file.ask_schema import Names as NamesForm
from tutor.lesson.file.document import Steps
from tutor.lesson.model import Ask, Part
from tutor.lesson.question_load import QuestionLoad, Shapes, of_slots

MOST_ENTRIES = 6


class Lines(Fields):
    """The lines that are asked about; every line where there are none."""

    lines: list[str]


class AllKind(AskKind[Lines]):
    """Local, downstream and total gradients of lines."""

    name = "all"
    form = NamesForm
    fields = Lines
    describes = "Local, downstream and total gradients of these lines: `all: [f, a]`"
    expands = True

    def entries(self, where: Steps, body: str | list[str]) -> Iterator[tuple[Steps, Lines]]:
        """One for all lines together."""
        yield where, Lines(lines=[body] if isinstance(body, str) else body)

    def note_faults(self, notes: Notes, fields: Lines) -> None:
        """Lines that there are."""
        for k, line in enumerate(fields.lines):
            if line not in notes.graph.lines:
                notes.report(notes.at(k), unknown(line, notes.graph.lines), code="unknown-name")

    def note_unknown(self, names: Names, fields: Lines) -> None:
        """Lines that there are."""
        for k, line in enumerate(fields.lines):
            names.must_be(names.at(k), line, names.lines)

    def loads(self, part: Part, shapes: Shapes, fields: Lines, whole: int) -> Iterator[QuestionLoad]:
        """Those of every slot."""
        return of_slots(part, shapes, fields.lines or part.graph.lines, local=True)

    def expanded(self, graph: Graph, ask: Ask) -> Iterator[Ask]:
        """`local`, `downstream` and `total` at the lines, every line where none is named."""
        assert isinstance(ask.fields, Lines)
        wanted = ask.fields.lines or tuple(graph.lines)
        order = backward_order(graph)
        last = _last_users(order)
        for line in order:
            if line.name in wanted:
                for each in (*_each_slot(LocalKind, line), *_each_slot(DownstreamKind, line), *_totals(last, line)):
                    yield Ask(each.kind, each.fields, ask.convention, ask.position)


def asked(part: Part, run: Run) -> list[Ask]:
    """Every question in order, `all` and the default written out: they ask nothing about labels, indices, constants."""
    fixed = {name for name, given in part.given.items() if given.integer or given.constant}
    fixed |= {name for name, line in run.graph.lines.items() if not run.plan.tracked[line.root]}  # `i: 3 - 2` in `E[i]`

    def sensible(ask: Ask) -> bool:
        return not {name.partition("#")[0] for name in ask.fields.variables} & fixed and _is_defined(run, ask)

    if not part.ask:
        return [ask for ask in _default(run) if sensible(ask)]
    found: list[Ask] = []
    for ask in part.ask:
        kind = KINDS[ask.kind]
        found.extend(filter(sensible, kind.expanded(run.graph, ask)) if isinstance(kind, AllKind) else [ask])
    return found


def _is_defined(run: Run, ask: Ask) -> bool:
    """Whether a question has an answer: a branch that is not taken may have no local gradient."""
    if run.reachable is None or ask.kind != LocalKind.name:
        return True
    assert isinstance(ask.fields, OfWrt)
    return bool(np.all(np.isfinite(run.local[ask.fields.of, ask.fields.wrt])))


def _default(run: Run) -> Iterator[Ask]:
    """Line by line from the output: local gradients where an op comes first, downstream ones, totals at forks."""
    graph, seen = run.graph, set[str]()
    order = backward_order(graph)
    last = _last_users(order)
    for line in order:
        ops = _ops(graph, line)
        if ops - seen and _small(run, line):
            yield from _each_slot(LocalKind, line)
        seen |= ops
        yield from _each_slot(DownstreamKind, line)
        yield from _totals(last, line)


def _each_slot(kind: type[LocalKind | DownstreamKind], line: Line) -> Iterator[Ask]:
    return (Ask(kind.name, OfWrt(of=line.name, wrt=slot.label)) for slot in line.slots)


def _totals(last: Mapping[str, str], line: Line) -> Iterator[Ask]:
    """The total of each variable with several uses of which this line, in backward order, is the last to use it."""
    for source in dict.fromkeys(slot.source for slot in line.slots):
        if last.get(source) == line.name:
            yield Ask(TotalKind.name, Total(wrt=source))


def _last_users(order: Sequence[Line]) -> dict[str, str]:
    """For every variable with several uses the line that, of those in this order, uses it last."""
    uses = Counter(slot.source for line in order for slot in line.slots)
    return {slot.source: line.name for line in order for slot in line.slots if uses[slot.source] > 1}


def _small(run: Run, line: Line) -> bool:
    """Can the line's local gradients be given as numbers, or as a vector of at most six?"""
    shape = run.shapes[line.root]
    size = 1
    for length in shape:
        size *= length
    return size <= MOST_ENTRIES and all(shape == () or run.is_elementwise(slot.chain) for slot in line.slots)


def _ops(graph: Graph, line: Line) -> set[str]:
    """Names of the ops through which the line's slots go."""
    ops = (graph.ops[node] for slot in line.slots for node, _ in slot.chain)
    return {op.name for op in ops if op is not None}
