"""Right answers written as formulas: `up @ x.T`, in Jacobian form `reshape(up.T @ x.T, [1, -1])`."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import numpy as np

from tutor.drill.named_lengths import NamedLengths
from tutor.engine import Run
from tutor.engine.function_table import function_table
from tutor.engine.gradient_formulas import downstream_formula, expanded, gradient_formula, replaced
from tutor.engine.ops.op import Shape
from tutor.engine.ordering import CONSTANTS
from tutor.engine.shortening import shortened
from tutor.engine.simplifying import ONE, simplified, transposed
from tutor.expr import EvaluationError, evaluate, names_in, to_text, walk
from tutor.expr.tree import ArrayLiteral, Binary, Call, Gradient, Name, Negation, Number, Transposed, Tree
from tutor.mistakes.target import Target, in_convention, right_answer

ALWAYS_ALLOWED = frozenset({"e", "pi", "π"})
_SAME = 1e-9
_TRIES = 2
_LONGEST = 300  # letters of a formula that is worth making shorter

_Allowed = Callable[[Name | Gradient], bool]


def right_formula(
    run: Run,
    target: Target,
    using: tuple[str, ...] | None,
    sizes: Mapping[str, int] | None = None,
    upstream: Collection[str] = (),
    lengths: NamedLengths | None = None,
) -> str | None:
    """A formula from the allowed names that is right at any numbers and sizes; None where no short one is known.

    `sizes` are the lesson's names of sizes, which may always be used; `upstream` the lines that are given a gradient;
    `lengths` knows what to write for numbers of entries.
    """
    graph = run.graph
    constants = {name for name in (*ALWAYS_ALLOWED, *(sizes or ())) if name not in graph.index}

    def allowed(part: Name | Gradient) -> bool:
        if isinstance(part, Gradient) and part.wrt in graph.outputs and part.wrt not in upstream:
            return False  # it is 1, and says nothing
        if using is None:
            return part.name != f"d{target.wrt[0]}" or isinstance(part, Name)
        return part.name in using or part.name in constants

    def no_gradients(part: Name | Gradient) -> bool:
        return allowed(part) and not _is_gradient(part)

    def tidied(tree: Tree) -> Tree:
        return tree if lengths is None else lengths.written(tree, lambda part: not all(map(allowed, _names(part))))

    if target.kind == "local":
        local = _local(run, target, allowed, tidied)
        return None if local is None or not _is_defined(run, target, local, sizes or {}) else to_text(local)
    tree = gradient_formula(run, target.wrt[0], allowed, tidied)
    tree = None if tree is None else _shorter(run, target.wrt[0], tree)
    if tree is not None and lengths is not None:
        tree = lengths.at_any_size(tree, target.wrt[0])
    if tree is not None and target.convention == "jacobian":
        tree = _in_rows(run, target, tree, sizes or {}, lengths)
        if tree is None:
            tree = gradient_formula(run, target.wrt[0], no_gradients, tidied)
        tree = None if tree is None else as_row(tree, run.shapes[graph.find(target.wrt[0])], run)
    # What arrives at an output has no formula: it may be left although it is not allowed.
    if tree is None or not all(map(allowed, _names(tree))) or not _is_defined(run, target, tree, sizes or {}):
        return None
    return to_text(tree)


def _is_defined(run: Run, target: Target, tree: Tree, sizes: Mapping[str, int]) -> bool:
    """Whether a formula has a value here: dr / (2 * r) has none where a gate keeps out a root of 0."""
    if run.reachable is None:
        return True
    names: dict[str, Any] = {**CONSTANTS, **sizes}
    for part in _names(tree):
        line = part.wrt if isinstance(part, Gradient) else part.name
        if part == Name("up"):
            line = run.graph.uses(target.wrt[0].partition("#")[0])[0][0]
        if line in run.graph.index:
            node = run.graph.find(line)
            value = (
                in_convention(run.total(node), target.convention)
                if _is_gradient(part)
                else run.without_unreachable(node)
            )
            names[part.name] = value
    try:
        evaluate(tree, names, function_table())
    except EvaluationError:
        return False
    return True


def _shorter(run: Run, wrt: str, tree: Tree) -> Tree:
    """A shorter formula where it has the same shape and value at random numbers too, otherwise the formula itself."""
    made = shortened(tree) if len(to_text(tree)) <= _LONGEST else tree
    if made == tree:
        return tree
    drawn = np.random.default_rng(len(to_text(tree)))
    names: dict[str, Any] = dict(run.graph.sizes)
    for part in _names(tree):
        line = part.wrt if isinstance(part, Gradient) else part.name
        if part == Name("up"):
            line = run.graph.uses(wrt)[0][0]
        if part.name not in names and line in run.graph.index:
            names[part.name] = drawn.uniform(0.3, 0.7, run.shapes[run.graph.find(line)])
    for _ in range(_TRIES):
        try:
            before, after = (np.asarray(evaluate(each, names, function_table())) for each in (tree, made))
        except EvaluationError:
            return tree
        if before.shape != after.shape or not np.allclose(before, after, rtol=_SAME, atol=_SAME):
            return tree
        names = {name: value * drawn.uniform(0.9, 1.1) if np.ndim(value) else value for name, value in names.items()}
    return made


def _names(tree: Tree) -> list[Name | Gradient]:
    return [part for part in walk(tree) if isinstance(part, Name | Gradient)]


def _is_gradient(part: Tree) -> bool:
    return isinstance(part, Gradient) or part == Name("up")


def _in_rows(
    run: Run, target: Target, tree: Tree, sizes: Mapping[str, int], lengths: NamedLengths | None
) -> Tree | None:
    """The formula with the rows that `up` and `dz` are in Jacobian form put into the shapes of their lines."""
    shapes = {}
    for part in walk(tree):
        if isinstance(part, Name | Gradient) and _is_gradient(part):
            uses = run.graph.uses(target.wrt[0])
            line = part.wrt if isinstance(part, Gradient) else uses[0][0]
            shape = run.shapes[run.graph.find(line)]
            named = _named(shape, sizes) if lengths is None else lengths.of(Name(line))
            shapes[part.name] = _from_row(part, shape, named)
    if None in shapes.values():
        return None
    return simplified(replaced(tree, lambda part: shapes.get(part.name) if isinstance(part, Name | Gradient) else None))


def _named(shape: Shape, sizes: Mapping[str, int]) -> tuple[Tree, ...] | None:
    """The lengths by the names of sizes that are so long here; None where it is not clear which."""
    lengths: list[Tree] = []
    for length in shape:
        names = [name for name, size in sizes.items() if size == length]
        if len(names) > 1:
            return None
        lengths.append(Name(names[0]) if names else Number(str(length), float(length)))
    return tuple(lengths)


def _from_row(row: Tree, shape: Shape, lengths: tuple[Tree, ...] | None) -> Tree | None:
    """A row (1, size) in another shape; None where it is not known which names its lengths have."""
    if shape in ((), (1, int(np.prod(shape)))):
        return row
    if len(shape) == 2 and shape[1] == 1:
        return Transposed(row)
    return None if lengths is None else Call("reshape", (row, ArrayLiteral(lengths)))


def as_row(tree: Tree, shape: Shape, run: Run) -> Tree:
    """The formula of an array of this shape as the row (1, size) of a Jacobian; a number stays one."""
    if shape in ((), (1, int(np.prod(shape)))):
        return tree
    if len(shape) == 2 and shape[1] == 1:
        return transposed(tree, lambda part: _is_gradient(part) or _axes(run, part) == 2)
    if isinstance(tree, Call) and tree.function == "reshape" and _is_gradient(tree.arguments[0]):
        return tree.arguments[0]
    return Call("reshape", (tree, ArrayLiteral((ONE, Negation(ONE)))))


def _axes(run: Run, part: Name | Gradient) -> int | None:
    """How many axes the value of a line or an input has; None for other names."""
    node = run.graph.index.get(part.name)
    return None if node is None else len(run.shapes[node])


def _local(run: Run, target: Target, allowed: _Allowed, tidied: Callable[[Tree], Tree]) -> Tree | None:
    """The formula of a local gradient: entry by entry, or as its Jacobian."""
    chain = target.chain(run.graph)
    if not run.is_elementwise(chain):
        return _jacobian(run, target, allowed, tidied)
    tree = downstream_formula(run, chain, ONE)
    shape = run.shapes[chain[0][0]]
    if tree is not None and shape != () and not names_in(tree):
        # A constant slope is one number an entry.
        tree = Call("ones", (Name(target.wrt[0].partition("#")[0]),)) if tree == ONE else None
    elif tree is not None and all(
        run.shapes[run.graph.find(name)] != shape for name in names_in(tree) if name in run.graph.index
    ):
        # What stands beside the input was stretched to its shape.
        tree = Binary("*", tree, Call("ones", (Name(target.wrt[0].partition("#")[0]),)))
    return None if tree is None else expanded(run.graph, simplified(tidied(tree)), allowed)


def _jacobian(run: Run, target: Target, allowed: _Allowed, tidied: Callable[[Tree], Tree]) -> Tree | None:
    """The Jacobian of a line: of a number its row, of a column what the backward rule makes of an identity matrix."""
    chain = target.chain(run.graph)
    above, below = run.shapes[chain[0][0]], run.shapes[run.graph.arguments[chain[-1][0]][chain[-1][1]]]
    right = np.asarray(right_answer(run, target))
    if np.prod(above) == 1:
        row = downstream_formula(run, chain, ONE)
        tried = iter([] if row is None else [as_row(row, below, run)])
    elif above[1:] in ((), (1,)) and below[1:] in ((), (1,)):
        tried = _of_identity(run, target)
    else:
        return None
    for tree in tried:
        tree = expanded(run.graph, simplified(tidied(tree)), allowed) or tree
        if all(allowed(part) for part in walk(tree) if isinstance(part, Name | Gradient)) and _gives(run, tree, right):
            return tree
    return None


def _of_identity(run: Run, target: Target) -> Iterator[Tree]:
    """Each column of the identity sent back is a row of the Jacobian."""
    identity = Call("diag", (Call("ones", (Name(target.of or ""),)),))
    sent = downstream_formula(run, target.chain(run.graph), identity)

    def without(part: Tree) -> Tree | None:
        if not isinstance(part, Binary) or identity not in (part.left, part.right):
            return None
        other = part.left if part.right == identity else part.right
        return {"@": other, "*": Call("diag", (other,))}.get(part.op)

    if sent is not None:
        yield Transposed(replaced(sent, without))
        yield Transposed(sent)


def _gives(run: Run, tree: Tree, right: Any) -> bool:
    values = {**run.graph.sizes, **{name: run.values[name] for name in names_in(tree) if name in run.values}}
    try:
        value = evaluate(tree, values, function_table())
    except EvaluationError:
        return False
    return value.shape == right.shape and bool(np.allclose(value, right, rtol=_SAME, atol=_SAME))
