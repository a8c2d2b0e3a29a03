"""How questions and right answers are written: `∂b/∂z`, `[[1, 2]]`, `up @ x.T`."""

from typing import Any

import numpy as np

from tutor.engine import Run
from tutor.engine.formulas import ONE, along, expanded, gradient, replaced, simplified
from tutor.expr import names_in, to_text, walk
from tutor.expr.tree import Array, Binary, Call, Gradient, Index, Name, Negate, Number, Transpose, Tree
from tutor.mistakes.target import Target
from tutor.text.numbers import show

ALWAYS_ALLOWED = frozenset({"e", "pi", "π"})


def symbol(run: Run, target: Target) -> str:
    """The gradient in question as mathematics writes it; `dx` where what arrives at the output is not 1."""
    graph, top = run.graph, output_name(run)
    if target.kind in ("local", "jacobian"):
        return f"∂{target.of}/∂{target.wrt[0]}"
    variables = [name.partition("#")[0] for name in target.wrt]
    plain = [f"∂{top}/∂{name}" if top else f"d{name}" for name in variables]
    if target.kind == "downstream":
        source, _, use = target.wrt[0].partition("#")
        several = len(graph.uses(source)) > 1
        way = f" ({target.of}{f' #{use}' if use else ''})" if several else ""
        return plain[0] + way
    if target.kind == "path":
        return f"{plain[0]} ({' → '.join((variables[0], *target.path))})"
    return plain[0] if len(plain) == 1 else f"({', '.join(plain)})"


def output_name(run: Run) -> str | None:
    """The scalar that all gradients are gradients of; None where outputs come with gradients of their own."""
    seeds = list(run.seeds.values())
    plain = len(seeds) == 1 and np.size(seeds[0]) == 1 and float(np.ravel(seeds[0])[0]) == 1.0
    return run.graph.outputs[0] if plain else None


def typed_numbers(value: Any) -> str:
    """An array as text that is right by the rounding rule: exact where that is short, otherwise six digits."""
    array = np.asarray(value)
    if array.ndim:
        return "[" + ", ".join(typed_numbers(item) for item in array) + "]"
    number = float(array)
    exact = show(number)
    return exact if float(exact) == number else f"{number:.6g}"


def typed_formula(run: Run, target: Target, using: tuple[str, ...] | None) -> str | None:
    """A formula from the allowed names that is right at any numbers and sizes; None where no short one is known."""
    graph = run.graph
    sizes_and_constants = {name for name in ALWAYS_ALLOWED if name not in graph.index}

    def allowed(part: Any) -> bool:
        if using is None:
            return part.name != f"d{target.wrt[0]}" or isinstance(part, Name)
        return part.name in using or part.name in sizes_and_constants

    tree = _local_formula(run, target, allowed) if target.kind == "local" else gradient(run, target.wrt[0], allowed)
    if tree is None:
        return None
    if target.kind != "local" and target.convention == "jacobian":
        tree = _from_rows(run, target, tree)
        tree = None if tree is None else _as_row(tree, run.shapes[graph.find(target.wrt[0])])
    return None if tree is None else to_text(tree)


def _local_formula(run: Run, target: Target, allowed: Any) -> Tree | None:
    chain = target.chain(run.graph)
    if not run.is_elementwise(chain):
        return None
    tree = along(run, chain, ONE)
    shape = run.shapes[chain[0][0]]
    if tree is not None and shape != () and not _has_name(tree):
        # A constant slope is one number an entry.
        tree = Call("ones", (Name(target.wrt[0].partition("#")[0]),)) if tree == ONE else None
    elif tree is not None and all(run.shapes[run.graph.find(name)] != shape for name in _nodes(run, tree)):
        # What stands beside the input was stretched to its shape.
        tree = Binary("*", tree, Call("ones", (Name(target.wrt[0].partition("#")[0]),)))
    return None if tree is None else expanded(run.graph, tree, allowed)


def _from_rows(run: Run, target: Target, tree: Tree) -> Tree | None:
    """The tree with every gradient, which is a row in Jacobian form, turned into the shape of its variable.

    None where one would need its sizes written out.
    """
    graph = run.graph
    lines = [line for line, _ in graph.uses(target.wrt[0])]
    turned: dict[Tree, Tree | None] = {}
    for leaf in (part for part in walk(tree) if isinstance(part, Gradient) or part == Name("up")):
        of = leaf.wrt if isinstance(leaf, Gradient) else lines[0] if lines else target.wrt[0]
        shape = run.shapes[graph.find(of)]
        if len(shape) < 2:
            turned[leaf] = Index(leaf, (Number("0", 0.0),)) if shape else leaf
        else:
            is_column, is_row = shape[1:] == (1,), shape[:-1] == (1,)
            turned[leaf] = leaf if is_row else Transpose(leaf) if is_column else None
    if None in turned.values():
        return None
    return simplified(replaced(tree, lambda part: turned.get(part) if isinstance(part, Gradient | Name) else None))


def _as_row(tree: Tree, shape: tuple[int, ...]) -> Tree:
    if not shape:
        return tree
    if len(shape) == 2 and shape[1] == 1:
        return simplified(Transpose(tree))
    return Call("reshape", (tree, Array((ONE, Negate(ONE)))))


def _nodes(run: Run, tree: Tree) -> list[str]:
    return [name for name in names_in(tree) if name in run.graph.index]


def _has_name(tree: Tree) -> bool:
    return bool(names_in(tree))
