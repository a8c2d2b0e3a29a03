"""Which names of a graph must be arrays or labels, so that an author who gave them no shape has to be asked."""

from collections.abc import Iterable, Iterator, Mapping

from tutor.authoring.declarations import Declared
from tutor.engine import EngineError, Graph
from tutor.engine.compile import called, scope_of
from tutor.expr import Scope, Tree, names_in, parse, walk
from tutor.expr.tree import Call, Name, Subscript
from tutor.lesson.graph.named_sizes import SizeError, size_of
from tutor.lesson.inputs import label_names
from tutor.text import msg


def shapes_wanted(
    lines: Mapping[str, str], inputs: Mapping[str, Declared], declared: frozenset[str], sizes: Mapping[str, int]
) -> tuple[list[str], list[str], EngineError | None]:
    """Names without a shape that cannot be numbers, those of them that are labels, and what else does not fit."""
    trees = {name: parse(text, scope_of(lines, inputs, sizes)) for name, text in lines.items()}
    # What stands before labels counts the rows: that is known as soon as the labels have a shape.
    rows = {one for one, other in _before_labels(trees.values()) if not {one, other} & declared}
    open_ = [name for name in inputs if name not in declared and name not in rows]
    labels = [name for name in dict.fromkeys(label_names(trees.values())) if name in open_]
    try:
        graph = Graph.parse(
            trees,
            inputs=inputs,
            sizes=sizes,
            integer=[n for n, each in inputs.items() if each.role in ("labels", "rows")],
        )
        shapes = {graph.index[name]: shape_at(each, sizes) for name, each in inputs.items()}
        graph.plan(shapes)
    except EngineError as error:
        below = _below(trees, error.node.partition(".")[0] if error.node else "")
        at_fault = [name for name in open_ if name in below] or labels
        return (at_fault, labels, None) if at_fault else ([], [], error)
    return labels, labels, None


def counted_rows(trees: Iterable[Tree], inputs: Mapping[str, Declared]) -> dict[str, Declared]:
    """Names without a shape that stand before labels, as `rows` in `p[rows, y]`: they count 0, 1, 2, ..."""
    return {
        rows: Declared(rows, inputs[labels].dims, "rows")
        for rows, labels in _before_labels(trees)
        if inputs.get(rows) == Declared(rows) and labels in inputs
        if inputs[labels].role == "labels" and len(inputs[labels].dims) == 1
    }


def names_of_labels(trees: Iterable[Tree]) -> list[str]:
    """Names that must be labels; the targets of a cross-entropy may be probabilities too."""
    trees = list(trees)
    targets = {
        part.arguments[1]
        for tree in trees
        for part in walk(tree)
        if isinstance(part, Call) and called(part).soft_labels and len(part.arguments) > 1
    }
    return [name for name in dict.fromkeys(label_names(trees)) if Name(name) not in targets]


def _before_labels(trees: Iterable[Tree]) -> Iterator[tuple[str, str]]:
    for part in (each for tree in trees for each in walk(tree)):
        match part:
            case Subscript(items=(Name(name=rows), Name(name=labels))):
                yield rows, labels


def shape_at(each: Declared, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """The shape of an input at these sizes; raises EngineError for one that is no shape."""
    try:
        return tuple(size_of(parse(dim, Scope(None, frozenset(), frozenset())), sizes) for dim in each.dims)
    except (SizeError, KeyError):
        raise EngineError(msg("authoring.not-a-shape", name=each.name, shape=", ".join(each.dims))) from None


def _below(trees: Mapping[str, Tree], line: str) -> set[str]:
    """All names that a line depends on."""
    found: set[str] = set()
    queue = [line]
    while queue:
        name = queue.pop()
        for each in names_in(trees[name]) if name in trees else ():
            if each not in found:
                found.add(each)
                queue.append(each)
    return found
