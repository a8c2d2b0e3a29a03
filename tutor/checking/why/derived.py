"""The derivation of a gradient: the chain rule along the uses, and each local gradient by SymPy or entry by entry."""

from collections.abc import Iterable, Iterator

import numpy as np

from tutor.checking.named_formulas import own_share, path_formula
from tutor.checking.why.entry_sums import share_by_entries, slope_by_entries
from tutor.checking.why.step import Step
from tutor.drill.notation import entry_symbol, output_name
from tutor.drill.question import DrillPart
from tutor.engine import Edge, EngineError, Slot
from tutor.engine.gradient_formulas import downstream_formula
from tutor.engine.simplifying import ONE, simplified
from tutor.expr import to_unicode
from tutor.expr.tree import Binary, Gradient, Name, Number, Tree
from tutor.text import Message, msg

WRITTEN_OUT = 40
"""Operations up to which a gradient written out in the inputs is still worth reading."""

_LETTERS = "ijklmnpqrst"


def cut_off(part: DrillPart, wrt: Iterable[str]) -> Iterator[Message]:
    """Where a framework would say otherwise: an entry at which a branch that is not taken has no slope."""
    run = part.run
    for name in wrt if run.reachable is not None else ():
        variable = name.partition("#")[0]
        plain = run.uncut[run.graph.find(variable)]
        for place in np.argwhere(~np.isfinite(0.0 if plain is None else plain))[:1]:
            yield msg("checking.why-cut-off", entry=entry_symbol(variable, place))


def of_total(part: DrillPart, name: str) -> Iterator[Step | Message]:
    """The chain rule over all uses of a name, the local gradient of each, the sum."""
    graph, run = part.graph, part.run
    uses = graph.uses(name)
    top = output_name(run)
    whole = f"∂{top}/∂{name}" if top else f"d{name}"
    if not uses:
        yield msg("checking.why-output", name=name)
        return
    if len(uses) > 1:
        yield msg("checking.why-adds-up", name=name, lines=list(dict.fromkeys(line for line, _ in uses)))
    factors = [f"d{line} · ∂{line}/∂{slot.label}" for line, slot in uses]
    own = own_share(part, name)
    if graph.find(name) in run.seeds:
        yield msg("checking.why-own-upstream", name=name)
        factors.insert(0, "…" if own is None else to_unicode(own))
    yield Step(f"{whole} = {' + '.join(factors)}", (msg("engine.by-chain"),))
    summed = False
    for line, slot in uses:
        shown = shared(part, line, slot.label, slot.chain, whole if len(factors) == 1 else "")
        summed = bool(shown)
        yield from shown or of_line(part, line, slot.label, slot.chain)
    total = _shares(part, uses)
    if graph.find(name) in run.seeds:
        total = None if total is None or own is None else Binary("+", own, total)
    if total is not None:
        yield msg("checking.why-all-entries") if summed and len(factors) == 1 else msg("checking.why-together")
        yield Step(f"{whole} = {to_unicode(simplified(total))}")
    yield from _written_out(part, name, whole)


def _shares(part: DrillPart, uses: list[tuple[str, Slot]]) -> Tree | None:
    """What comes back along all uses, in names."""
    total: Tree | None = None
    for line, slot in uses:
        share = downstream_formula(part.run, slot.chain, Gradient(None, line))
        if share is None:
            return None
        if _is_zero(share):
            continue
        total = share if total is None else Binary("+", total, share)
    return total if total is not None else Number("0", 0.0)


def _is_zero(tree: Tree) -> bool:
    """Is a share nothing, as that of a condition is?"""
    if isinstance(tree, Binary) and tree.op in "*@/":
        return _is_zero(tree.left) or (tree.op != "/" and _is_zero(tree.right))
    return isinstance(tree, Number) and tree.value == 0


def _written_out(part: DrillPart, name: str, whole: str) -> Iterator[Step | Message]:
    """Of a graph of scalars, the gradient as one expression of the inputs."""
    if any(part.run.shapes) or name not in part.graph.inputs or len(part.run.seeds) != 1 or len(part.graph.lines) < 2:
        return
    import sympy

    from tutor.engine.symbolic import gradient, one_line

    try:
        expression = gradient(part.graph, name)
    except EngineError:
        return
    if sympy.count_ops(expression) <= WRITTEN_OUT:
        yield msg("checking.why-written-out")
        yield Step(f"{whole} = {one_line(expression)}")


def of_way(part: DrillPart, names: tuple[str, ...], symbol: str) -> Iterator[Step | Message]:
    """The local gradients along one path, from its end to its start."""
    pairs = list(zip(reversed(names), reversed(names[:-1]), strict=False))
    factors = " · ".join(f"∂{of}/∂{wrt}" for of, wrt in pairs)
    yield Step(f"{symbol} = {factors}", (msg("engine.by-chain"),))
    for of, wrt in pairs:
        yield from of_line(part, of, wrt, part.graph.chain(of, wrt))
    whole = path_formula(part, names)
    if whole is not None and len(pairs) > 1:
        yield msg("checking.why-together")
        yield Step(f"{symbol} = {to_unicode(simplified(whole))}")


def between(part: DrillPart, of: str, wrt: str) -> Iterator[Step | Message]:
    """A Jacobian: of one line, or along the lines between."""
    graph = part.graph
    direct = [slot for line, slot in graph.uses(wrt.partition("#")[0]) if line == of]
    if direct:
        yield from of_line(part, of, wrt, graph.chain(of, wrt))
        return
    above = [(line, slot) for line, slot in graph.uses(wrt) if _reaches(part, line, of)]
    factors = [f"∂{of}/∂{line} @ ∂{line}/∂{slot.label}" for line, slot in above]
    yield Step(f"∂{of}/∂{wrt} = {' + '.join(factors)}", (msg("engine.by-chain"),))
    for line, slot in above:
        yield from of_line(part, line, slot.label, slot.chain)


def off_diagonal(part: DrillPart, of: str, wrt: str) -> Iterator[Message]:
    """Why the Jacobian of an elementwise line has zeros beside its diagonal."""
    graph, run = part.graph, part.run
    slot = next((each for line, each in graph.uses(wrt.partition("#")[0]) if (line, each.label) == (of, wrt)), None)
    shapes = {run.shapes[graph.find(each)] for each in (of, wrt.partition("#")[0])}
    if slot is not None and len(shapes) == 1 and shapes != {()} and run.is_elementwise(slot.chain):
        yield msg("checking.why-diagonal", of=of, wrt=wrt)


def _reaches(part: DrillPart, line: str, of: str) -> bool:
    return line == of or any(_reaches(part, user, of) for user, _ in part.graph.uses(line))


# One line


def of_line(part: DrillPart, of: str, wrt: str, chain: tuple[Edge, ...]) -> Iterator[Step | Message]:
    """The local gradient along a chain of ops: each derived by SymPy, or the line entry by entry."""
    if _is_elementwise(part, chain):
        yield from _of_ops(part, of, wrt, chain)
    else:
        yield from tuple(slope_by_entries(part, of, wrt, chain)) or _by_entries(part, of, wrt)


def shared(part: DrillPart, of: str, wrt: str, chain: tuple[Edge, ...], lead: str) -> tuple[Step | Message, ...]:
    """What a line sends back as a sum over its entries; () of an elementwise line, where there is nothing to add up."""
    return () if _is_elementwise(part, chain) else tuple(share_by_entries(part, of, wrt, chain, lead))


def _is_elementwise(part: DrillPart, chain: tuple[Edge, ...]) -> bool:
    run = part.run
    scalar = all(run.shapes[node] == () == run.shapes[part.graph.arguments[node][k]] for node, k in chain)
    return scalar or run.is_elementwise(chain)


def _of_ops(part: DrillPart, of: str, wrt: str, chain: tuple[Edge, ...]) -> Iterator[Step | Message]:
    from tutor.engine.symbolic import derivation, one_line, renamed

    graph = part.graph
    labels = _labels(part, of)
    for node, k in chain:
        op, arguments = graph.ops[node], graph.arguments[node]
        assert op is not None
        inputs = [_input(labels.get((node, j)), graph.tree_of(each)) for j, each in enumerate(arguments)]
        names = dict(zip(op.input_names(len(arguments)), inputs, strict=False))
        try:
            steps = derivation(op, k, len(arguments))
        except EngineError:
            yield Message(op.rule)
            continue
        above = to_unicode(graph.tree_of(node))
        below = labels.get((node, k)) or to_unicode(graph.tree_of(arguments[k]))
        shown = [renamed(step.expression, {**names, "out": graph.tree_of(node)}) for step in steps]
        lead = f"∂{_bracketed(above)}/∂{_bracketed(below)}"
        texts = [one_line(expression).replace(_SLOT, "#") for expression in shown]
        if any("Piecewise" in text for text in texts):  # our language has no words for it
            yield Message(op.rule)
            continue
        before = ""
        for step, text in zip(steps, texts, strict=True):
            if text != before:
                yield Step(f"{lead} = {text}" if not before else f"= {text}", step.rules)
            before = text
    if len(chain) > 1:
        tree = downstream_formula(part.run, chain, ONE)
        if tree is not None:
            yield msg("checking.why-together")
            shown_as = "0" if _is_zero(tree) else to_unicode(simplified(tree))
            yield Step(f"∂{of}/∂{wrt} = {shown_as}", (msg("engine.by-chain"),))


_SLOT = "_slot_"
"""Stands for the `#` of a slot inside a formula, where `#` is no letter."""


def _labels(part: DrillPart, of: str) -> dict[Edge, str]:
    """The labels of a line's slots by the edge that they end at: `x#0` tells one use of a name from another."""
    line = part.graph.lines.get(of.partition(".")[0])
    return {slot.edge: slot.label for slot in line.slots} if line is not None else {}


def _input(label: str | None, tree: Tree) -> Tree:
    return Name(label.replace("#", _SLOT)) if label is not None and "#" in label else tree


def _bracketed(text: str) -> str:
    return text if text.replace("#", "").isidentifier() else f"({text})"


def _by_entries(part: DrillPart, of: str, wrt: str) -> Iterator[Step | Message]:
    """One entry by one entry, as the sums say; of a name that the line uses twice, the rules of the ops alone."""
    from tutor.engine.symbolic import entry_derivative, one_line

    graph, run = part.graph, part.run
    name = wrt.partition("#")[0]
    rows, columns = run.shapes[graph.find(of)], run.shapes[graph.find(name)]
    if "#" in wrt:
        yield from _rules(part, of, wrt)
        return
    letters = iter(_LETTERS)
    top = entry_symbol(of, [next(letters) for _ in rows])
    bottom = entry_symbol(name, [next(letters) for _ in columns])
    try:
        slope = entry_derivative(run, top, bottom)
    except (EngineError, StopIteration):
        yield from _rules(part, of, wrt)
        return
    text = one_line(slope)
    yield msg("checking.why-entries", of=of, wrt=name)
    yield Step(f"∂{top}/∂{bottom} = {text}")
    if "n0" in text:
        yield msg("checking.why-size", size="n0")


def _rules(part: DrillPart, of: str, wrt: str) -> Iterator[Message]:
    """What a teacher would say of each op on the way."""
    graph = part.graph
    ops = (graph.ops[node] for node, _ in graph.chain(of, wrt))
    yield from (Message(rule) for rule in dict.fromkeys(op.rule for op in ops if op is not None))
