"""Gradients written in the lesson's own language: `up @ x.T`, `u * (1 - h^2)`."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import cache, partial
from operator import is_
from typing import Any, TypeGuard

from tutor.engine.function_table import answer_functions
from tutor.engine.graph import Graph
from tutor.engine.ops import REGISTRY
from tutor.engine.ops.op import Shape
from tutor.engine.plan import Edge
from tutor.engine.run import Run
from tutor.engine.simplifying import ONE, simplified, unspread
from tutor.expr import Scope, parse, walk
from tutor.expr.limits import is_typable
from tutor.expr.tree import Binary, Boolean, Call, Gradient, Keyword, Name, Node, Number, Tree


def downstream_formula(
    run: Run, chain: tuple[Edge, ...], up: Tree, otherwise: Callable[[Edge, Tree], Tree | None] | None = None
) -> Tree | None:
    """The downstream gradient through the ops of a chain, from `up`; None where an op has no short formula.

    `otherwise` may give one, from the edge and what arrives there.
    """
    graph = run.graph
    gates = _gates(run, chain)
    kept: Tree | None = None  # the condition that goes around all that follows a gate
    for node, k in chain:
        op = graph.ops[node]
        assert op is not None
        arguments = graph.arguments[node]
        shapes = [run.shapes[j] for j in arguments]
        text = op.backward_text(k, shapes)
        if kept is not None and not (op.elementwise and run.shapes[node] == shapes[k]):
            up, kept = passed(kept, up), None
        if not is_typable(up):
            return None
        if text:
            names = dict(zip(op.input_names(len(arguments)), (graph.tree_of(j) for j in arguments), strict=False))
            rule = parsed_rule(text)
            if node in gates and is_condition(rule) and kept is None:
                kept = substitute(rule.right, names)
                continue
            if _fills(rule, dict(zip(names, shapes, strict=False)), run.shapes[node]):
                up = unspread(up)
            rule = substitute(rule, {**names, "up": up, "out": graph.tree_of(node)})
            up = simplified(_summed(rule, op.vjp_shape(k, run.shapes[node], shapes), shapes[k]))
            continue
        other = None if otherwise is None else otherwise((node, k), up)
        if other is None:
            return None
        up = other
    return up if kept is None else passed(kept, up)


def _gates(run: Run, chain: tuple[Edge, ...]) -> set[int]:
    """The gates of a chain below which a local gradient may be no number: 0 times it would be none either."""
    ops = [run.graph.ops[node] for node, _ in chain] if run.plan.cuts else []
    last = max((place for place, op in enumerate(ops) if op is not None and op.singular), default=0)
    inputs = [run.graph.arguments[node][k] for node, k in chain]
    return {
        node
        for (node, _), op, j in zip(chain[:last], ops, inputs, strict=False)
        if op is not None and op.cuts and op.elementwise and run.shapes[node] == run.shapes[j]
    }


def is_condition(rule: Tree) -> TypeGuard[Binary]:
    """Whether a gate's rule is `up` times a condition."""
    return isinstance(rule, Binary) and rule.left == Name("up")


def passed(condition: Tree, up: Tree) -> Tree:
    """What passes a gate where its condition holds."""
    zero = Number("0", 0.0)
    if isinstance(condition, Binary) and condition.op in ("!=", "==") and condition.right == zero:
        branches = (up, zero) if condition.op == "!=" else (zero, up)
        return Call("where", (condition.left, *branches))
    return Call("where", (condition, up, zero))


def _fills(rule: Tree, shapes: Mapping[str, Shape], shape: Shape) -> bool:
    """Whether a rule multiplies what arrives by something that has the op's own shape, as `up * cos(x)` does."""
    others: list[Tree] = []
    while isinstance(rule, Binary) and rule.op in "*/":
        others.append(rule.right)
        rule = rule.left
    if rule != Name("up"):
        return False
    return any(
        part.name == "out" or shapes.get(part.name) == shape for each in others for part in _names(each)
    ) and not any(
        isinstance(part, Call) and not _is_elementwise(part.function) for each in others for part in walk(each)
    )


def _is_elementwise(function: str) -> bool:
    return function in REGISTRY and REGISTRY[function].elementwise


def gradient_formula(
    run: Run,
    name: str,
    allowed: Callable[[Name | Gradient], bool],
    tidied: Callable[[Tree], Tree] = lambda tree: tree,
) -> Tree | None:
    """The gradient of the output with respect to `name`, from allowed names only; None where there is no short one.

    `allowed` is asked about `Name`s and about `Gradient`s of lines (`dz`); `tidied` may put other parts into the
    formula before lines that are not allowed are written out. Short is what could be typed: see `is_typable`.
    """
    graph = run.graph
    arriving: dict[str, Tree | None] = {}
    # `up` is what arrives at the line of the asked name, and no other.
    elsewhere = partial(_but_up, allowed)
    for line in reversed(_lines_to_write_out(graph, name, allowed)):
        arriving[line] = _gradient_formula(run, line, elsewhere, tidied, arriving)
        if arriving[line] is None:
            return None
    return _gradient_formula(run, name, allowed, tidied, arriving)


def _but_up(allowed: Callable[[Name | Gradient], bool], part: Name | Gradient) -> bool:
    return part != Name("up") and allowed(part)


def _lines_to_write_out(graph: Graph, name: str, allowed: Callable[[Name | Gradient], bool]) -> list[str]:
    """The lines above a name whose gradients have no name of their own, in topological order."""
    uses: dict[str, dict[str, None]] = {}
    for line in graph.order:
        for slot in graph.lines[line].slots:
            uses.setdefault(slot.source, {})[line] = None
    found: set[str] = set()
    waiting = [] if len(uses.get(name, ())) == 1 and allowed(Name("up")) else [*uses.get(name, ())]
    while waiting:
        line = waiting.pop()
        if line not in found and not allowed(Gradient(None, line)):
            found.add(line)
            waiting += uses.get(line, ())
    return [line for line in graph.order if line in found]


def _gradient_formula(
    run: Run,
    name: str,
    allowed: Callable[[Name | Gradient], bool],
    tidied: Callable[[Tree], Tree],
    arriving: Mapping[str, Tree | None],
) -> Tree | None:
    """`gradient_formula` of one name, where those of the lines above it are known."""
    graph = run.graph
    uses = graph.uses(name)
    same_line = len({line for line, _ in uses}) == 1
    total: Tree | None = ONE if graph.index[name] in run.seeds else None
    if total is not None and not _is_one(run, name):
        total = Gradient(None, name)
    for line, slot in uses:
        if same_line and allowed(Name("up")):
            up: Tree | None = Name("up")
        elif allowed(Gradient(None, line)):
            up = Gradient(None, line)
        else:
            up = arriving[line]
        share = None if up is None else downstream_formula(run, slot.chain, up)
        if share is None:
            return None
        total = share if total is None else Binary("+", total, share)
        if not is_typable(total):
            return None
    if total is None:
        return Number("0", 0.0)
    return expanded(graph, simplified(tidied(total)), allowed)


def expanded(graph: Graph, tree: Tree, allowed: Callable[[Name | Gradient], bool]) -> Tree | None:
    """The tree with every line that is not allowed replaced by its formula; None if an input is not allowed.

    None too where that would be longer than anybody could type.
    """
    for _ in range(len(graph.lines) + 1):
        if not is_typable(tree):
            return None
        banned = [part for part in _names(tree) if not allowed(part)]
        if not banned:
            return tree
        known = {part.name: graph.lines[part.name].tree for part in banned if part.name in graph.lines}
        if len(known) < len({part.name for part in banned}):
            return None
        tree = substitute(tree, {name: inner for name, inner in known.items() if inner is not None})
    return None


def substitute(tree: Tree, names: Mapping[str, Tree]) -> Tree:
    """The tree with names replaced by trees."""
    return replaced(tree, lambda part: names.get(part.name) if isinstance(part, Name) else None)


def replaced(tree: Tree, change: Callable[[Tree], Tree | None]) -> Tree:
    """The tree with every part that `change` gives something for replaced by it, from the top."""
    new = change(tree)
    if new is not None:
        return new
    changes: dict[str, Any] = {}
    for each in fields(tree):
        value = getattr(tree, each.name)
        made = value
        if isinstance(value, tuple) and each.name != "span":
            items = tuple(_inside(item, change) for item in value)
            made = value if all(map(is_, items, value)) else items
        elif isinstance(value, Node):
            made = _inside(value, change)
        if made is not value:
            changes[each.name] = made
    return replace(tree, **changes) if changes else tree


def _inside(value: Any, change: Callable[[Tree], Tree | None]) -> Any:
    return value if isinstance(value, Keyword) else replaced(value, change)


def _names(tree: Tree) -> list[Name]:
    return [part for part in walk(tree) if isinstance(part, Name)]


def _is_one(run: Run, name: str) -> bool:
    seed = run.seeds[run.graph.index[name]]
    return bool(seed.size == 1 and seed.ravel()[0] == 1.0 and len(run.seeds) == 1)


def _summed(tree: Tree, have: Shape, want: Shape) -> Tree:
    """The sums that bring a gradient in the broadcast shape back to the shape of the input."""
    if have == want:
        return tree
    if not want:
        return Call("sum", (tree,))
    for _ in range(len(have) - len(want)):
        tree = Call("sum", (tree,), (Keyword("axis", Number("0", 0.0)),))
    short = have[len(have) - len(want) :]
    for axis, (big, small) in enumerate(zip(short, want, strict=True)):
        if small == 1 and big != 1:
            keywords = (Keyword("axis", Number(str(axis), float(axis))), Keyword("keepdims", Boolean(True)))
            tree = Call("sum", (tree,), keywords)
    return tree


@cache
def parsed_rule(text: str) -> Tree:
    """The tree of a `backward_text`."""
    return parse(text, Scope(names=None, functions=answer_functions(), gradients=frozenset()))
