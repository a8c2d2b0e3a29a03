"""The chain rule written out: `ds/dh @ dh/dz @ dz/db`, and the same with its Jacobians in names."""

from collections.abc import Mapping
from itertools import pairwise

from tutor.engine import Edge, Graph, Run
from tutor.engine.gradient_formulas import downstream_formula
from tutor.engine.ops import rearranging
from tutor.engine.ops.products import MatMul
from tutor.engine.simplifying import ONE
from tutor.expr import names_in
from tutor.expr.limits import MAX_DEPTH
from tutor.expr.tree import Binary, Call, Gradient, Name, Number, Transposed, Tree


def chain_rule(run: Run, wrt: str, arriving: Tree | None = None) -> Tree | None:
    """The output's Jacobian with respect to a variable as a product of factors; None where there is one, or too many.

    Between lines that every path passes stands one factor; where paths part there, the sum over the lines that use
    the lower one. `arriving`, a row, is the gradient that the lesson gives the output: it leads the product.
    """
    graph = run.graph
    if len(graph.outputs) != 1:
        return None
    stops = gates_between(graph, graph.outputs[0], wrt)
    if len(stops) > MAX_DEPTH:
        return None  # nobody could type a product of so many factors
    product = arriving
    for of, below in pairwise(stops):
        factor = _between(run, of, below, asked=arriving is None and len(stops) == 2)
        if factor is None:
            return None
        product = factor if product is None else times(run, product, factor, below=of)
    return product if product is not None and not isinstance(product, Gradient) else None


def worked_out(run: Run, wrt: str, sizes: Mapping[str, str], arriving: Tree | None = None) -> Tree | None:
    """The chain with every Jacobian in names, `u.T @ diag(1 - h^2) @ eye(n)`; None where one has no short form.

    `sizes` names the length of inputs that are columns, for identities; `arriving` is as in `chain_rule`.
    """
    graph = run.graph
    stops = gates_between(graph, graph.outputs[0], wrt)
    if len(stops) > MAX_DEPTH:
        return None
    product = arriving
    for of, below in pairwise(stops):
        if len(_users_on_the_way(graph, of, below)) != 1 or of not in graph.lines:
            return None
        slots = [slot for slot in graph.lines[of].slots if slot.source == below]
        factor = _jacobian(run, slots[0].chain, sizes) if len(slots) == 1 else None
        if factor is None:
            return None
        product = factor if product is None else Binary("@", product, factor)
    return product


def gates_between(graph: Graph, top: str, bottom: str) -> list[str]:
    """The lines that every path from `bottom` to `top` passes, from the top, both ends included."""
    way = _on_the_way(graph, top, bottom)
    # Count paths both ways: all of them pass where the two counts multiply to the whole.
    up = {bottom: 1}
    for name in graph.order:
        if name in way and name != bottom:
            up[name] = sum(up.get(source, 0) for source in _sources(graph, name))
    down = {top: 1}
    for name in reversed([bottom, *(line for line in graph.order if line != bottom)]):
        if name in way and name != top:
            down[name] = sum(down.get(line, 0) for line in _users(graph, name))
    whole = up.get(top, 0)
    passed = [name for name in [*graph.order] if name in way and up[name] * down[name] == whole and name != bottom]
    return [*reversed(passed), bottom] if whole else [top, bottom]


def times(run: Run, left: Tree, right: Tree, below: str) -> Tree:
    """Two factors of a chain that meet at `below`: numbers where that is a number and a neighbour is one, else `@`."""
    op = "*" if _is_number(run, left) or _is_number(run, right) else "@"
    return Binary(op, left, right)


def _between(run: Run, of: str, below: str, *, asked: bool) -> Tree | None:
    graph = run.graph
    users = _users_on_the_way(graph, of, below)
    if users == {of}:
        return None if asked else Gradient(of, below)
    apart = of not in users and not any(_reaches(graph, one, other) for one in users for other in users if one != other)
    if not apart:
        return None if asked else Gradient(of, below)
    total: Tree | None = None
    for line in graph.order:
        if line in users:
            share = times(run, Gradient(of, line), Gradient(line, below), below=line)
            total = share if total is None else Binary("+", total, share)
    return total


def _jacobian(run: Run, chain: tuple[Edge, ...], sizes: Mapping[str, str]) -> Tree | None:
    """The local Jacobian of columns along the ops of one line: a factor, `diag(f')`, or the identity."""
    product: Tree | None = None
    for node, k in chain:
        op, arguments = run.graph.ops[node], run.graph.arguments[node]
        out, shape = run.shapes[node], run.shapes[arguments[k]]
        if op is None or len(out) != 2 or out[1] != 1 or len(shape) != 2 or 1 not in shape:
            return None
        other = run.graph.tree_of(arguments[1 - k]) if len(arguments) == 2 else None
        if isinstance(op, MatMul) and k == 1 and other is not None:
            factor: Tree | None = other
        elif isinstance(op, MatMul) and k == 0 and out == (1, 1) and other is not None:
            factor = Transposed(other)
        elif isinstance(op, rearranging.Transpose):
            continue
        elif op.elementwise and shape == out:
            slope = downstream_formula(run, ((node, k),), ONE)
            if slope is None:
                return None
            if slope == ONE:
                continue
            if not names_in(slope):
                return None
            factor = Call("diag", (slope,)) if out != (1, 1) else slope
        else:
            return None
        assert factor is not None
        product = factor if product is None else Binary("@", product, factor)
    if product is not None:
        return product
    bottom = run.graph.names[run.graph.arguments[chain[-1][0]][chain[-1][1]]]
    if bottom in sizes:
        return Call("eye", (Name(sizes[bottom]),))
    return Call("diag", (Call("ones", (Name(bottom),)),))


def _is_number(run: Run, factor: Tree) -> bool:
    """Is the factor a number by itself, not a matrix?"""
    if isinstance(factor, Number):
        return True
    if isinstance(factor, Gradient):
        of = () if factor.of is None else run.shapes[run.graph.find(factor.of)]
        return of == () == run.shapes[run.graph.find(factor.wrt)]
    if isinstance(factor, Binary) and factor.op in "+*":
        return _is_number(run, factor.left) and _is_number(run, factor.right)
    return False


def _users_on_the_way(graph: Graph, of: str, below: str) -> set[str]:
    way = _on_the_way(graph, of, below)
    return {line for line in _users(graph, below) if line in way}


def _on_the_way(graph: Graph, top: str, bottom: str) -> set[str]:
    """Names through which `top` depends on `bottom`, both included."""
    reach = {bottom}
    for name in graph.order:
        if any(source in reach for source in _sources(graph, name)):
            reach.add(name)
    needed, queue = {top}, [top]
    while queue:
        name = queue.pop()
        for source in _sources(graph, name) if name != bottom else ():
            if source not in needed:
                needed.add(source)
                queue.append(source)
    return reach & needed


def _reaches(graph: Graph, top: str, bottom: str) -> bool:
    return len(_on_the_way(graph, top, bottom)) > 1


def _users(graph: Graph, name: str) -> list[str]:
    return list(dict.fromkeys(line for line, _ in graph.uses(name)))


def _sources(graph: Graph, name: str) -> list[str]:
    line = graph.lines.get(name)
    return [] if line is None else list(dict.fromkeys(slot.source for slot in line.slots))
