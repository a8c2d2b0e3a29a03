"""Which questions a part asks: those of its lesson, or the default ones, from the output backward."""

from collections.abc import Iterator

from tutor.engine import Graph, Line, Run
from tutor.lesson.model import Ask, Part
from tutor.mistakes.target import Target

MOST_ENTRIES = 6


def asked(part: Part, run: Run) -> list[Ask]:
    """Every question of a part in order, `all` and the default written out."""
    if not part.ask:
        return list(default(run))
    found: list[Ask] = []
    for ask in part.ask:
        if ask.kind == "all":
            found.extend(everything(run.graph, ask))
        else:
            found.append(ask)
    return found


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
    for line in backward_order(graph):
        ops = _ops(graph, line)
        if ops - seen and _small(run, line):
            yield from _each_slot("local", line)
        seen |= ops
        yield from _each_slot("downstream", line)
        yield from _totals_after(graph, line)


def everything(graph: Graph, ask: Ask) -> Iterator[Ask]:
    """`local`, `downstream` and `total` at the lines of an `all` question, every line where it names none."""
    wanted = ask.options.get("lines") or tuple(graph.lines)
    for line in backward_order(graph):
        if line.name in wanted:
            for kind in ("local", "downstream"):
                for each in _each_slot(kind, line):
                    yield Ask(each.kind, each.of, each.wrt, convention=ask.convention, position=ask.position)
            for each in _totals_after(graph, line):
                yield Ask(each.kind, wrt=each.wrt, convention=ask.convention, position=ask.position)


def backward_order(graph: Graph) -> list[Line]:
    """Lines from the output backward; of those whose users have all gone, the later in the file first."""
    place = {name: k for k, name in enumerate(graph.lines)}
    waiting = {name: len({line for line, _ in graph.uses(name)}) for name in graph.lines}
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


def _each_slot(kind: str, line: Line) -> Iterator[Ask]:
    for slot in line.slots:
        yield Ask(kind, of=line.name, wrt=(slot.label,))


def _totals_after(graph: Graph, line: Line) -> Iterator[Ask]:
    """The total of each variable with several uses of which this line, in backward order, is the last to use it."""
    place = {each.name: k for k, each in enumerate(backward_order(graph))}
    for source in dict.fromkeys(slot.source for slot in line.slots):
        users = [name for name, _ in graph.uses(source)]
        if len(users) > 1 and max(users, key=place.__getitem__) == line.name:
            yield Ask("total", wrt=(source,))


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
