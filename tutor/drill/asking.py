"""Which questions a part asks: those of its lesson, or the default ones, from the output backward."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from tutor.engine import Graph, Line, Run
from tutor.lesson.model import Ask, Part
from tutor.mistakes.target import Target

MOST_ENTRIES = 6


def asked(part: Part, run: Run) -> list[Ask]:
    """Every question in order, `all` and the default written out: they ask nothing about labels, indices, constants."""
    fixed = {name for name, given in part.given.items() if given.integer or given.constant}
    fixed |= {name for name, line in run.graph.lines.items() if not run.plan.tracked[line.root]}  # `i: 3 - 2` in `E[i]`
    if not part.ask:
        return [ask for ask in default(run) if not _names(ask) & fixed and _is_defined(run, ask)]
    found: list[Ask] = []
    for ask in part.ask:
        if ask.kind == "all":
            every = everything(run.graph, ask)
            found.extend(each for each in every if not _names(each) & fixed and _is_defined(run, each))
        else:
            found.append(ask)
    return found


def _is_defined(run: Run, ask: Ask) -> bool:
    """Whether a question has an answer: a branch that is not taken may have no local gradient."""
    if run.cut is None or ask.kind != "local" or ask.of is None:
        return True
    return bool(np.all(np.isfinite(run.local[ask.of, ask.wrt[0]])))


def target_of(ask: Ask, part: Part) -> Target:
    """The gradient that a question is about."""
    convention = ask.convention or part.convention
    if ask.kind == "local" or (ask.kind == "formula" and ask.of is not None):
        return Target("local", ask.of, ask.wrt, convention=convention)
    if ask.kind == "downstream":
        return Target("downstream", ask.of, ask.wrt, convention=convention)
    if ask.kind == "upstream":
        return Target("upstream", ask.of, (ask.of or "",), convention=convention)
    if ask.kind == "jacobian":
        return Target("jacobian", ask.of, ask.wrt, convention=convention)
    if ask.kind == "path":
        return Target("path", None, ask.wrt, path=ask.through, convention=convention)
    return Target("total", None, ask.wrt, convention=convention)


def default(run: Run) -> Iterator[Ask]:
    """Line by line from the output: local gradients where an op comes first, downstream ones, totals at forks."""
    graph, seen = run.graph, set[str]()
    order = backward_order(graph)
    last = _last_users(order)
    for line in order:
        ops = _ops(graph, line)
        if ops - seen and _small(run, line):
            yield from _each_slot("local", line)
        seen |= ops
        yield from _each_slot("downstream", line)
        yield from _totals_after(last, line)


def everything(graph: Graph, ask: Ask) -> Iterator[Ask]:
    """`local`, `downstream` and `total` at the lines of an `all` question, every line where it names none."""
    wanted = ask.options.get("lines") or tuple(graph.lines)
    order = backward_order(graph)
    last = _last_users(order)
    for line in order:
        if line.name in wanted:
            for kind in ("local", "downstream"):
                for each in _each_slot(kind, line):
                    yield Ask(each.kind, each.of, each.wrt, convention=ask.convention, position=ask.position)
            for each in _totals_after(last, line):
                yield Ask(each.kind, wrt=each.wrt, convention=ask.convention, position=ask.position)


def backward_order(graph: Graph) -> list[Line]:
    """Lines from the output backward; of those whose users have all gone, the later in the file first."""
    place = {name: k for k, name in enumerate(graph.lines)}
    users: dict[str, set[str]] = {name: set() for name in graph.lines}
    for line in graph.lines.values():
        for slot in line.slots:
            if slot.source in users:
                users[slot.source].add(line.name)
    waiting = {name: len(found) for name, found in users.items()}
    ready = [name for name, count in waiting.items() if count == 0]
    order = []
    while ready:
        name = max(ready, key=place.__getitem__)
        ready.remove(name)
        order.append(graph.lines[name])
        for source in dict.fromkeys(slot.source for slot in graph.lines[name].slots):
            if source in waiting:
                waiting[source] -= 1
                if waiting[source] == 0:
                    ready.append(source)
    return order


def _names(ask: Ask) -> set[str]:
    """The variables that a question is about, without the number of their use."""
    return {name.partition("#")[0] for name in ask.wrt}


def _each_slot(kind: str, line: Line) -> Iterator[Ask]:
    for slot in line.slots:
        yield Ask(kind, of=line.name, wrt=(slot.label,))


def _totals_after(last: Mapping[str, str], line: Line) -> Iterator[Ask]:
    """The total of each variable with several uses of which this line, in backward order, is the last to use it."""
    for source in dict.fromkeys(slot.source for slot in line.slots):
        if last.get(source) == line.name:
            yield Ask("total", wrt=(source,))


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
